"""Through an HTTP proxy: absolute form, tunnels, names left to the proxy, credentials left out of the archive."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from newsspider.capture.route import to_proxy
from pipelines.model import Outcome
from tests.certificates import Authority
from tests.newsspider.capture.conftest import Client
from tests.rawserver import Connection, RawServer, Script, answer, answers

PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab"
OTHER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\ncd"
AUTH = b"Proxy-Authorization: Basic bWU6cGFzc3dvcnQ=\r\n"


def tunnel(target: RawServer, reply: bytes = b"HTTP/1.1 200 Connection established\r\n\r\n") -> Script:
    """Return the script of a proxy that leads every CONNECT to ``target``, whatever name it asks for."""

    def script(connection: Connection) -> None:
        if not connection.read_request().startswith(b"CONNECT "):
            return
        with socket.create_connection(("127.0.0.1", target.port)) as upstream:
            connection.send(reply)
            while connection.pump(upstream):
                pass

    return script


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def client(authority: Authority, make_client: Callable[..., Client], monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    return make_client(CAPTURE_ALLOW_PRIVATE=False)


def test_a_plain_request_goes_out_in_absolute_form(client: Client) -> None:
    with RawServer(answers(PAGE, OTHER)) as proxy:
        first = client.exchange("http://news.example/a?b=1", proxy=proxy.uri())
        second = client.exchange("http://other.example/", proxy=proxy.uri())
        assert len(proxy.connections) == 1
        assert [first.request, second.request] == proxy.requests
    assert first.request.startswith(b"GET http://news.example/a?b=1 HTTP/1.1\r\n")
    assert b"Host: news.example\r\n" in first.request
    assert (first.response, second.response) == (PAGE, OTHER)
    assert (first.proxied, first.ip, first.redacted) == (True, None, False)


def test_credentials_reach_the_proxy_and_not_the_archive(client: Client) -> None:
    with RawServer(answer(PAGE)) as proxy:
        exchange = client.exchange(
            "http://news.example/", proxy=proxy.uri(), headers={"Proxy-Authorization": "Basic bWU6cGFzc3dvcnQ="}
        )
        assert AUTH in proxy.requests[0]
        assert exchange.request == proxy.requests[0].replace(AUTH, b"")
    assert exchange.redacted


def test_tls_runs_through_a_tunnel(client: Client, authority: Authority) -> None:
    context, _ = authority.server("news.example")
    with RawServer(answers(PAGE, OTHER), tls=context) as server, RawServer(tunnel(server)) as proxy:
        uri, headers = "https://news.example/a?b=1", {"Proxy-Authorization": "Basic bWU6cGFzc3dvcnQ="}
        first, second = (client.exchange(uri, proxy=proxy.uri(), headers=headers) for _ in range(2))
        assert [first.request, second.request] == server.requests
        assert proxy.requests[0] == (
            b"CONNECT news.example:443 HTTP/1.1\r\nHost: news.example:443\r\n" + AUTH + b"\r\n"
        )
    assert first.request.startswith(b"GET /a?b=1 HTTP/1.1\r\n")
    assert (first.response, second.response) == (PAGE, OTHER)
    assert first.tls is not None
    assert (first.tls.verified, first.proxied, first.ip, first.redacted) == (True, True, None, False)


def test_the_server_behind_a_tunnel_is_verified(client: Client, authority: Authority) -> None:
    context, _ = authority.server("other.example")
    with RawServer(answer(PAGE), tls=context) as server, RawServer(tunnel(server)) as proxy:
        exchange = client.exchange("https://news.example/", proxy=proxy.uri())
        assert server.requests == []
    assert (exchange.outcome, exchange.error) == (Outcome.TLS_ERROR, "the certificate is not for this host name")


def test_a_tunnel_is_not_lent_to_another_server_or_proxy(client: Client, authority: Authority) -> None:
    context, _ = authority.server("news.example")
    with (
        RawServer(answers(PAGE, PAGE), tls=context) as server,
        RawServer(tunnel(server)) as one,
        RawServer(tunnel(server)) as two,
    ):
        for proxy in (one, two, one):
            assert client.exchange("https://news.example/", proxy=proxy.uri()).outcome == Outcome.OK
        assert client.exchange("https://news.example:8443/", proxy=one.uri()).outcome == Outcome.OK
        assert [len(one.requests), len(two.requests), len(server.connections)] == [2, 1, 3]


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (
            b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n",
            "it wants a user name and password",
        ),
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", "403 Forbidden: it does not let us through"),
        (b"HTTP/1.0 502 Bad Gateway\r\n\r\nsorry", "502 Bad Gateway: it could not reach the server"),
        (b"HTTP/1.1 599 \r\n\r\n", "599 : no reason given"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "the answer is not HTTP"),
        (b"", "closed the connection"),
        (b"HTTP/1.1 200 OK\r\nX", "closed the connection"),
    ],
)
def test_a_tunnel_that_does_not_open(client: Client, reply: bytes, error: str) -> None:
    with RawServer(answer(reply)) as proxy:
        exchange = client.exchange("https://news.example/", proxy=proxy.uri())
    assert exchange.outcome == Outcome.CONNECTION_ERROR
    assert (exchange.error or "").startswith(f"the proxy 127.0.0.1:{proxy.port} ")
    assert error in (exchange.error or "")
    assert (exchange.request, exchange.response) == (b"", b"")


def test_a_proxy_that_never_answers(client: Client) -> None:
    def script(connection: Connection) -> None:
        connection.read_request()
        connection.read_request()

    with RawServer(script) as proxy:
        exchange = client.exchange("https://news.example/", proxy=proxy.uri(), download_timeout=0.5)
        assert (exchange.outcome, exchange.error) == (Outcome.TIMEOUT, "no connection was made after 0.5 seconds")
        assert proxy.all_closed()  # nothing is left hanging at the proxy


def test_a_proxy_that_is_not_there(client: Client) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    for scheme in ("http", "https"):
        exchange = client.exchange(f"{scheme}://news.example/", proxy=f"http://127.0.0.1:{port}")
        assert exchange.outcome == Outcome.CONNECTION_ERROR


def test_a_proxy_reached_over_tls(client: Client, authority: Authority) -> None:
    at_proxy, _ = authority.server("127.0.0.1")
    with RawServer(answer(PAGE), tls=at_proxy) as proxy:
        exchange = client.exchange("http://news.example/", proxy=proxy.uri())
        assert [exchange.request] == proxy.requests
    assert (exchange.outcome, exchange.tls) == (Outcome.OK, None)  # the facts of TLS are those of the server
    at_server, _ = authority.server("news.example")
    with RawServer(answers(PAGE), tls=at_server) as server, RawServer(tunnel(server), tls=at_proxy) as proxy:
        exchange = client.exchange("https://news.example/", proxy=proxy.uri())
    assert (exchange.outcome, exchange.response) == (Outcome.OK, PAGE)


@pytest.mark.parametrize(
    "uri", ["http://10.0.0.1/", "https://localhost/", "http://0x7f000001/", "https://[::1]/", "http://nas.local/"]
)
def test_what_a_proxy_would_reach_inside_is_refused_without_asking(client: Client, uri: str) -> None:
    with RawServer(answer(PAGE)) as proxy:
        exchange = client.exchange(uri, proxy=proxy.uri())
        assert proxy.connections == []
    assert exchange.outcome == Outcome.OUT_OF_SCOPE
    assert (exchange.error or "").endswith("which only --allow-private lets the crawl reach")


@pytest.mark.parametrize(
    ("address", "host", "port", "secure", "credentials"),
    [
        ("http://proxy.example:3128", "proxy.example", 3128, False, None),
        ("proxy.example:3128", "proxy.example", 3128, False, None),
        ("http://proxy.example", "proxy.example", 80, False, None),
        ("https://proxy.example", "proxy.example", 443, True, None),
        ("http://me:p%40ss@[::1]:8080", "::1", 8080, False, b"Basic bWU6cEBzcw=="),
    ],
)
def test_addresses_of_proxies(
    address: str, host: str, port: int, *, secure: bool, credentials: bytes | None
) -> None:
    proxy = to_proxy(address)
    assert (proxy.host, proxy.port, proxy.secure, proxy.credentials) == (host, port, secure, credentials)
