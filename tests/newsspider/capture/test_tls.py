"""TLS: certificates are verified, and the facts of the connection are recorded."""

import hashlib
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.model import Outcome, Tls
from tests.certificates import Authority, legacy
from tests.newsspider.capture.conftest import Client
from tests.rawserver import Connection, RawServer, answer, answers

PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab"
UNTIL_CLOSE = b"HTTP/1.1 200 OK\r\n\r\nab"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def client(authority: Authority, make_client: Callable[..., Client], monkeypatch: pytest.MonkeyPatch) -> Client:
    """Return a client whose system trusts the authority."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    return make_client()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_the_facts_of_the_connection_are_recorded(
    client: Client, authority: Authority, version: ssl.TLSVersion
) -> None:
    context, certificate = authority.server("127.0.0.1")
    context.minimum_version = context.maximum_version = version
    with RawServer(answers(PAGE, PAGE), tls=context) as server:
        first, second = client.exchange(server.uri("/1")), client.exchange(server.uri("/2"))
        assert len(server.connections) == 1
        cipher = server.connections[0].socket.cipher()[0]  # type: ignore[attr-defined]
        assert [first.request, second.request] == server.requests
    assert first.response == second.response == PAGE
    assert first.tls == Tls(
        protocol="TLSv1.2" if version == ssl.TLSVersion.TLSv1_2 else "TLSv1.3",
        cipher=cipher,
        certificate_sha256=hashlib.sha256(certificate).hexdigest(),
        verified=True,
    )
    assert second.tls == first.tls
    assert first.outcome == Outcome.OK


def test_a_name_is_verified(client: Client, authority: Authority) -> None:
    context, _ = authority.server("localhost")
    with RawServer(answers(PAGE), tls=context) as server:
        assert client.exchange(server.uri(host="localhost")).outcome == Outcome.OK
        refused = client.exchange(server.uri())
        assert len(server.requests) == 1
    assert (refused.outcome, refused.error) == (Outcome.TLS_ERROR, "the certificate is not for this host name")
    assert (refused.request, refused.response, refused.tls) == (b"", b"", None)


@pytest.mark.parametrize("fault", ["unknown authority", "expired"])
def test_a_bad_certificate_is_refused_unless_the_site_file_makes_an_exception(
    client: Client, authority: Authority, tmp_path: Path, fault: str
) -> None:
    (tmp_path / "other").mkdir()
    signer = Authority(tmp_path / "other") if fault == "unknown authority" else authority
    context, certificate = signer.server("127.0.0.1", days=-1 if fault == "expired" else 2)
    with RawServer(answers(PAGE, PAGE), tls=context) as server:
        refused = client.exchange(server.uri())
        assert server.requests == []
        taken = client.exchange(server.uri(), verify=False)
        again = client.exchange(server.uri())  # the excepted connection is not lent to a request without exception
    for each in (refused, again):
        assert each.outcome == Outcome.TLS_ERROR
        assert each.error == "the TLS handshake failed: certificate verify failed"
        assert (each.request, each.response, each.ip) == (b"", b"", "127.0.0.1")
    assert (taken.outcome, taken.response) == (Outcome.OK, PAGE)
    assert taken.tls is not None
    assert taken.tls.verified is False
    assert taken.tls.certificate_sha256 == hashlib.sha256(certificate).hexdigest()


def test_legacy_tls_is_spoken_only_where_the_site_file_allows_it(client: Client, authority: Authority) -> None:
    context, _ = authority.server("127.0.0.1")
    other, _ = authority.server("localhost")
    with RawServer(answers(PAGE, PAGE), tls=legacy(context)) as server:
        refused = client.exchange(server.uri())
        assert server.requests == []
        taken = client.exchange(server.uri(), legacy_tls=True)
        again = client.exchange(server.uri())  # the connection is not lent to a request without the exception
    for each in (refused, again):
        assert each.outcome == Outcome.TLS_ERROR
        assert (each.error or "").startswith("the TLS handshake failed: ")
    assert taken.outcome == Outcome.OK
    assert taken.tls is not None
    assert (taken.tls.protocol, taken.tls.verified) == ("TLSv1", True)
    with RawServer(answers(PAGE), tls=legacy(other)) as server:
        wrong = client.exchange(server.uri(), legacy_tls=True)
        assert (wrong.outcome, server.requests) == (Outcome.TLS_ERROR, [])
        assert client.exchange(server.uri(), legacy_tls=True, verify=False).outcome == Outcome.OK


def test_nothing_is_logged_of_a_certificate_that_is_taken_unverified(
    client: Client, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    context, _ = authority.server("localhost")
    with RawServer(answers(PAGE), tls=context) as server:
        assert client.exchange(server.uri(), verify=False).outcome == Outcome.OK
    assert caplog.records == []


def test_a_server_that_does_not_speak_tls(client: Client) -> None:
    with RawServer(lambda connection: connection.send(PAGE)) as server:
        exchange = client.exchange(server.uri().replace("http:", "https:"))
    assert exchange.outcome == Outcome.TLS_ERROR
    assert (exchange.error or "").startswith("the TLS handshake failed: ")
    assert (exchange.request, exchange.response) == (b"", b"")


def test_a_server_that_closes_during_the_handshake(client: Client) -> None:
    with RawServer(lambda connection: None) as server:
        exchange = client.exchange(server.uri().replace("http:", "https:"))
    assert (exchange.outcome, exchange.request) == (Outcome.TLS_ERROR, b"")
    assert exchange.error == "the connection was closed during the TLS handshake"


def test_a_server_that_never_shakes_hands(client: Client) -> None:
    with RawServer(lambda connection: connection.hold()) as server:
        exchange = client.exchange(server.uri().replace("http:", "https:"), download_timeout=0.5)
    assert (exchange.outcome, exchange.request) == (Outcome.TIMEOUT, b"")
    assert exchange.error == "the TLS handshake was not finished after 0.5 seconds"


def test_a_body_until_close_ends_in_good_order_or_is_noted(client: Client, authority: Authority) -> None:
    context, _ = authority.server("127.0.0.1")

    def orderly(connection: Connection) -> None:
        answer(UNTIL_CLOSE)(connection)
        connection.socket.unwrap()  # type: ignore[attr-defined]

    with RawServer(orderly, tls=context) as server:
        exchange = client.exchange(server.uri())
    assert (exchange.outcome, exchange.error, exchange.response) == (Outcome.OK, None, UNTIL_CLOSE)
    with RawServer(answer(UNTIL_CLOSE), tls=context) as server:
        exchange = client.exchange(server.uri())
    assert (exchange.outcome, exchange.response) == (Outcome.OK, UNTIL_CLOSE)
    assert exchange.error == "the server closed the connection without a TLS close_notify"


def test_a_counted_body_cut_short_is_truncated(client: Client, authority: Authority) -> None:
    context, _ = authority.server("127.0.0.1")
    with RawServer(answer(PAGE[:-1]), tls=context) as server:
        exchange = client.exchange(server.uri())
    assert (exchange.outcome, exchange.truncated) == (Outcome.TRUNCATED, "disconnect")


def test_trusted_certificates_are_loaded_once(client: Client, make_client: Callable[..., Client]) -> None:
    creators = [
        each.handler._policy.creatorForNetloc(b"a.example", 443) for each in (client, client, make_client())
    ]
    contexts = {id(creator._createConnection.__self__.getContext()) for creator in creators}
    assert len(contexts) == 1
