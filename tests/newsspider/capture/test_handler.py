"""The exchange holds the bytes that were on the socket, whatever happens to it."""

import asyncio
import gzip
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import brotli
import pytest
from scrapy import Request
from scrapy.http import HtmlResponse

from newsspider.capture import recording, wire
from newsspider.capture.handler import BODY, NoResponse, default_keep
from pipelines.errors import ArchiveError, DiskFullError
from pipelines.model import Capture, Exchange, FoundBy, Hints, Outcome
from pipelines.store.exchange import to_capture
from pipelines.store.members import zstd
from tests import reactor
from tests.newsspider.capture.conftest import Client
from tests.rawserver import Connection, RawServer, Script, answer, answers

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
PAGE = "<html><title>学校要闻</title></html>".encode()


def with_length(body: bytes, *fields: bytes) -> bytes:
    return OK + b"".join(field + b"\r\n" for field in fields) + b"Content-Length: %d\r\n\r\n" % len(body) + body


WHOLE = {
    "content length": (with_length(PAGE), PAGE),
    "odd header": (with_length(b"x", b"SET-cookie:a", b"X-a:  b  ", b"Set-Cookie: c", b"no colon"), b"x"),
    "no reason": (b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nab", b"ab"),
    "bare line feeds": (b"HTTP/1.1 200 Fine\nContent-Length: 2\n\nab", b"ab"),
    "chunked": (CHUNKED + b"5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", b"hello!"),
    "chunk extensions and trailers": (CHUNKED + b"5;a=\"b\"\r\nhello\r\n0;z\r\nX-Sum: 1\r\n\r\n", b"hello"),
    "padded chunk sizes": (CHUNKED + b"00005  \r\nhello\r\n0  \r\n\r\n", b"hello"),
    "gzip": (with_length(gzip.compress(PAGE), b"Content-Encoding: gzip"), gzip.compress(PAGE)),
    "brotli": (with_length(brotli.compress(PAGE), b"Content-Encoding: br"), brotli.compress(PAGE)),
    "zstd": (with_length(zstd.compress(PAGE), b"Content-Encoding: zstd"), zstd.compress(PAGE)),
    "until close": (OK + b"\r\n" + PAGE, PAGE),
    "version 1.0": (b"HTTP/1.0 200 OK\r\nServer: old\r\n\r\n" + PAGE, PAGE),
    "empty": (with_length(b""), b""),
    "redirect": (b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 2\r\n\r\nab", b"ab"),
    "not modified": (b"HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n", b""),
    "server error": (b"HTTP/1.1 503 Busy\r\nRetry-After: 9\r\nContent-Length: 2\r\n\r\nab", b"ab"),
    "unknown status": (b"HTTP/1.1 999 Odd\r\nContent-Length: 2\r\n\r\nab", b"ab"),
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("split", [False, True], ids=["one packet", "byte by byte"])
def test_the_block_is_what_the_server_put_on_the_socket(client: Client, name: str, *, split: bool) -> None:
    data, payload = WHOLE[name]
    pieces = [data[at : at + 1] for at in range(len(data))] if split else [data]
    with RawServer(answer(*pieces)) as server:
        exchange = client.exchange(server.uri("/info/1.htm?b=2&a=1&utm_source=x"))
        assert exchange.response == server.sent == data
        assert [exchange.request] == server.requests
    assert exchange.request.startswith(b"GET /info/1.htm?b=2&a=1&utm_source=x HTTP/1.1\r\n")
    assert (exchange.outcome, exchange.error, exchange.truncated) == (Outcome.OK, None, None)
    assert (exchange.ip, exchange.proxied, exchange.tls) == ("127.0.0.1", False, None)
    assert to_capture(exchange).payload == payload


@pytest.mark.parametrize("path", ["/x?", "/x;p?a=1&&b", "/a//b/../c", "/%e4?q=%7E", "?q", "/?"])
def test_the_target_is_asked_for_to_the_letter(client: Client, path: str) -> None:
    with RawServer(answer(with_length(b"ab"))) as server:
        exchange = client.exchange(server.uri(path), verbatim_url=True)
        assert server.requests[0].split(b" ")[1].decode() == (path if path.startswith("/") else f"/{path}")
        assert exchange.target_uri == server.uri(path)


def test_interim_responses_are_kept_apart(client: Client) -> None:
    interim = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
    for pieces in ([interim + WHOLE["gzip"][0]], [interim[:70], interim[70:] + OK, WHOLE["gzip"][0][len(OK) :]]):
        with RawServer(answer(*pieces)) as server:
            exchange = client.exchange(server.uri())
        assert exchange.interim == interim
        assert exchange.response == WHOLE["gzip"][0]


def test_connections_are_kept_alive_and_each_exchange_is_its_own(client: Client) -> None:
    responses = [WHOLE[name][0] for name in ("chunked", "empty", "gzip", "not modified", "content length")]
    with RawServer(answers(*responses)) as server:
        exchanges = [client.exchange(server.uri(f"/{at}")) for at in range(len(responses))]
        assert len(server.connections) == 1
        assert [exchange.response for exchange in exchanges] == responses
        assert [exchange.request for exchange in exchanges] == server.requests


@pytest.mark.parametrize("name", ["until close", "version 1.0"])
def test_a_connection_that_ends_with_the_response_is_not_used_again(client: Client, name: str) -> None:
    with RawServer(answer(WHOLE[name][0])) as server:
        assert client.exchange(server.uri()).outcome == Outcome.OK
        assert client.exchange(server.uri()).outcome == Outcome.OK
        assert len(server.connections) == 2


def test_a_server_that_says_close_is_believed(client: Client) -> None:
    def script(connection: Connection) -> None:
        connection.read_request()
        connection.send(with_length(b"ab", b"Connection: Close"))
        connection.hold()

    with RawServer(script) as server:
        assert client.exchange(server.uri()).outcome == Outcome.OK
        assert client.exchange(server.uri()).outcome == Outcome.OK
        assert len(server.connections) == 2


def test_surplus_bytes_are_left_out_and_never_taken_for_the_next_answer(client: Client) -> None:
    def script(connection: Connection) -> None:
        connection.read_request()
        connection.send(with_length(b"ab") + with_length(b"poison"))
        connection.hold()

    with RawServer(script) as server:
        first, second = client.exchange(server.uri("/1")), client.exchange(server.uri("/2"))
        assert len(server.connections) == 2
    assert first.response == second.response == with_length(b"ab")
    assert first.outcome == Outcome.OK
    assert (
        first.error == f"{len(with_length(b'poison'))} bytes came after the end of the response and were left out"
    )


def test_bytes_that_come_unasked_close_the_connection(client: Client) -> None:
    first_seen, closed = threading.Event(), threading.Event()

    def script(connection: Connection) -> None:
        connection.read_request()
        connection.send(with_length(b"ab"))
        if len(server.connections) == 1:
            first_seen.wait()
            connection.send(with_length(b"poison"))
        assert connection.read_request() == b""
        closed.set()

    with RawServer(script) as server:
        first = client.exchange(server.uri("/1"))
        first_seen.set()
        assert closed.wait(20)
        second = client.exchange(server.uri("/2"))
    assert first.response == second.response == with_length(b"ab")


def test_a_request_is_never_sent_twice(client: Client) -> None:
    def script(connection: Connection) -> None:
        connection.read_request()
        connection.send(with_length(b"ab"))
        connection.read_request()
        connection.reset()

    with RawServer(script) as server:
        assert client.exchange(server.uri("/1")).outcome == Outcome.OK
        failed = client.exchange(server.uri("/2"))
        assert server.requests == [client.kept[0].request, failed.request]
    assert (failed.outcome, failed.response) == (Outcome.CONNECTION_ERROR, b"")
    assert failed.error == "the connection was reset before the server answered"


def test_a_body_is_sent_and_recorded(client: Client) -> None:
    def script(connection: Connection) -> None:
        connection.read_request()
        connection.requests[-1] += connection.read(4)
        connection.send(with_length(b"ok"))

    with RawServer(script) as server:
        exchange = client.exchange(server.uri(), method="POST", body=b"a=%E6")
        exchange = client.kept[-1]
        assert exchange.request.endswith(b"\r\n\r\na=%E6")
        assert b"Content-Length: 5\r\n" in exchange.request
        assert exchange.request.startswith(server.requests[0])


def test_head_has_no_body(client: Client) -> None:
    with RawServer(answers(OK + b"Content-Length: 99\r\n\r\n", with_length(b"ab"))) as server:
        assert client.exchange(server.uri(), method="HEAD").response == OK + b"Content-Length: 99\r\n\r\n"
        assert client.exchange(server.uri()).response == with_length(b"ab")
        assert len(server.connections) == 1


# ── failures ───────────────────────────────────────────────────────────────────────────────────────────────


def closing(*pieces: bytes) -> Script:
    return answer(*pieces)


def resetting(*pieces: bytes) -> Script:
    """Answer with these pieces; reset the connection when the client has read them."""

    def script(connection: Connection) -> None:
        connection.read_request()
        connection.send(*pieces)
        connection.drain()
        connection.reset()

    return script


def holding(*pieces: bytes) -> Script:
    """Answer with these pieces, and then say nothing more."""

    def script(connection: Connection) -> None:
        connection.read_request()
        connection.send(*pieces)
        connection.hold()

    return script


HEAD = OK + b"Content-Length: 50\r\n\r\n"


@dataclass(frozen=True)
class Failure:
    script: Script
    outcome: Outcome
    error: str
    truncated: str | None = None
    response: bytes = b""


FAILURES = {
    "closed at once": Failure(
        closing(), Outcome.CONNECTION_ERROR, "the connection was closed before the server answered"
    ),
    "closed in status line": Failure(
        closing(b"HTTP/1.1 2"), Outcome.CONNECTION_ERROR, "closed within the header section", None, b"HTTP/1.1 2"
    ),
    "closed in header": Failure(
        closing(OK + b"Serv"), Outcome.CONNECTION_ERROR, "closed within the header section", None, OK + b"Serv"
    ),
    "closed before body": Failure(
        closing(HEAD), Outcome.TRUNCATED, "closed after 0 of 50 bytes of the body", "disconnect", HEAD
    ),
    "closed in body": Failure(
        closing(HEAD + b"abc"),
        Outcome.TRUNCATED,
        "closed after 3 of 50 bytes of the body",
        "disconnect",
        HEAD + b"abc",
    ),
    "closed in chunk": Failure(
        closing(CHUNKED + b"9\r\nabc"),
        Outcome.TRUNCATED,
        "closed before the last chunk",
        "disconnect",
        CHUNKED + b"9\r\nabc",
    ),
    "closed before last chunk": Failure(
        closing(CHUNKED + b"3\r\nabc\r\n"),
        Outcome.TRUNCATED,
        "closed before the last chunk",
        "disconnect",
        CHUNKED + b"3\r\nabc\r\n",
    ),
    "closed after interim": Failure(
        closing(b"HTTP/1.1 100 Continue\r\n\r\n"), Outcome.CONNECTION_ERROR, "before the server answered"
    ),
    "reset at once": Failure(
        resetting(), Outcome.CONNECTION_ERROR, "the connection was reset before the server answered"
    ),
    "reset in header": Failure(
        resetting(OK + b"Serv"), Outcome.CONNECTION_ERROR, "closed within the header section", None, OK + b"Serv"
    ),
    "reset in body": Failure(
        resetting(HEAD + b"abc"), Outcome.TRUNCATED, "closed after 3 of 50 bytes", "disconnect", HEAD + b"abc"
    ),
    "reset in body without length": Failure(
        resetting(OK + b"\r\nabc"),
        Outcome.TRUNCATED,
        "reset before the end of the body",
        "disconnect",
        OK + b"\r\nabc",
    ),
    "bad chunk size": Failure(
        holding(CHUNKED + b"3\r\nabc\r\nxyz\r\n"),
        Outcome.TRUNCATED,
        "malformed chunk size b'xyz",
        "unspecified",
        CHUNKED + b"3\r\nabc\r\nxyz\r\n",
    ),
    "contradictory lengths": Failure(
        holding(OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n"),
        Outcome.TRUNCATED,
        "contradictory Content-Length fields: 1, 2",
        "unspecified",
        OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
    ),
    "not HTTP": Failure(
        closing(b"SSH-2.0-OpenSSH\r\n"),
        Outcome.CONNECTION_ERROR,
        "the answer is not HTTP",
        None,
        b"SSH-2.0-OpenSSH\r\n",
    ),
    "header without end": Failure(
        holding(OK + b"X: y\r\n" * 50_000),
        Outcome.TOO_LARGE,
        "header section is longer than 262144 bytes",
        None,
        (OK + b"X: y\r\n" * 50_000)[:262_145],
    ),
}
TIME_OUTS = {
    "before the answer": Failure(holding(), Outcome.TIMEOUT, "the server had not answered after 0.5 seconds"),
    "in the header": Failure(
        holding(OK + b"Serv"), Outcome.TIMEOUT, "the header section was not complete after", None, OK + b"Serv"
    ),
    "in the body": Failure(
        holding(HEAD + b"abc"), Outcome.TIMEOUT, "the body was not complete (3 bytes) after", "time", HEAD + b"abc"
    ),
}


def check_failure(exchange: Exchange, failure: Failure) -> None:
    assert exchange.outcome == failure.outcome
    assert failure.error in (exchange.error or "")
    assert exchange.truncated == failure.truncated
    assert exchange.response == failure.response
    assert exchange.request.startswith(b"GET / HTTP/1.1\r\n")


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_delivers_the_exchange_as_far_as_it_went(client: Client, name: str) -> None:
    failure = FAILURES[name]
    with RawServer(failure.script) as server:
        check_failure(client.exchange(server.uri()), failure)


@pytest.mark.parametrize("name", TIME_OUTS)
def test_a_time_out_delivers_the_exchange_as_far_as_it_went(client: Client, name: str) -> None:
    failure = TIME_OUTS[name]
    with RawServer(failure.script) as server:
        check_failure(client.exchange(server.uri(), download_timeout=0.5), failure)


def test_dripping_bytes_do_not_stretch_the_time_allowed(client: Client) -> None:
    def script(connection: Connection) -> None:
        connection.read_request()
        connection.send(HEAD)
        while not connection.released.wait(0.02):
            connection.send(b"a")

    with RawServer(script) as server:
        exchange = client.exchange(server.uri(), download_timeout=0.3)
    assert (exchange.outcome, exchange.truncated) == (Outcome.TIMEOUT, "time")
    assert exchange.response[: len(HEAD) + 1] == HEAD + b"a"


def test_a_refused_connection(client: Client) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    exchange = client.exchange(f"http://127.0.0.1:{port}/")
    assert (exchange.outcome, exchange.error) == (Outcome.CONNECTION_ERROR, "the server refused the connection")
    assert (exchange.request, exchange.response, exchange.ip) == (b"", b"", None)


@pytest.mark.parametrize(
    ("uri", "error"),
    [
        ("http://nothing.invalid/", "the host name does not resolve"),
        ("http:///x", "'' is not a valid host name"),
        ("http://a..b/", "'a..b' is not a valid host name"),
        (f"http://{'a' * 64}.example/", f"'{'a' * 64}.example' is not a valid host name"),
    ],
    ids=["unknown", "none", "empty label", "long label"],
)
def test_names_that_lead_nowhere(client: Client, monkeypatch: pytest.MonkeyPatch, uri: str, error: str) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr("twisted.internet._resolver.getaddrinfo", fail)
    exchange = client.exchange(uri)
    assert (exchange.outcome, exchange.error, exchange.request) == (Outcome.DNS_ERROR, error, b"")


@pytest.mark.parametrize(
    ("response", "kept"),
    [
        (with_length(b"a" * 2000), len(with_length(b"a" * 2000))),
        (OK + b"\r\n" + b"a" * 2000, None),
        (CHUNKED + b"7d0\r\n" + b"a" * 2000 + b"\r\n0\r\n\r\n", None),
    ],
    ids=["announced", "until close", "chunked"],
)
def test_a_body_that_is_too_large_is_cut(client: Client, response: bytes, kept: int | None) -> None:
    with RawServer(holding(response)) as server:
        exchange = client.exchange(server.uri(), download_maxsize=1000)
        assert exchange.response == response[: len(exchange.response)]
    assert (exchange.outcome, exchange.truncated) == (Outcome.TOO_LARGE, "length")
    assert exchange.error == "the body is larger than 1000 bytes"
    assert to_capture(exchange).status == 200


def test_a_body_of_the_largest_size_is_whole(client: Client) -> None:
    with RawServer(answer(with_length(b"a" * 1000))) as server:
        assert client.exchange(server.uri(), download_maxsize=1000).outcome == Outcome.OK


# ── what Scrapy sees ───────────────────────────────────────────────────────────────────────────────────────


def test_the_response_is_what_scrapy_expects(client: Client) -> None:
    with RawServer(
        answer(with_length(PAGE, b"Content-Type: text/html; charset=utf-8", b"X: 1", b"X: 2"))
    ) as server:
        request = Request(server.uri("/a#part"))
        response = reactor.run(client.handler.download_request, request)
    assert isinstance(response, HtmlResponse)
    assert response.css("title::text").get() == "学校要闻"
    assert response.url == server.uri("/a")
    assert response.headers.getlist("X") == [b"1", b"2"]
    assert str(response.ip_address) == "127.0.0.1"
    assert request.meta["capture"] == to_capture(client.kept[0])
    assert request.meta["download_latency"] > 0
    assert client.kept[0].target_uri == server.uri("/a")  # RFC 9110 §7.1: without the fragment


def test_a_truncated_response_is_flagged(client: Client) -> None:
    with RawServer(answer(HEAD + b"abc")) as server:
        response = client.response(server.uri())
    assert (response.body, response.flags) == (b"abc", ["truncated"])


def test_no_response_is_an_ignored_request(client: Client) -> None:
    with (
        RawServer(answer()) as server,
        pytest.raises(NoResponse, match="closed before the server answered") as caught,
    ):
        client.response(server.uri())
    assert caught.value.capture.outcome == Outcome.CONNECTION_ERROR


def test_hints_go_into_the_exchange(client: Client) -> None:
    hints = Hints(found_by=FoundBy.LISTING, found_on="http://a/", text="标题", date="2024-01-01", section="要闻")
    with RawServer(answers(*[with_length(b"ab")] * 3)) as server:
        assert client.exchange(server.uri(), hints=hints).hints == hints
        assert client.exchange(server.uri("/robots.txt")).hints == Hints(found_by=FoundBy.ROBOTS)
        assert client.exchange(server.uri()).hints == Hints(found_by=FoundBy.SEED)


def test_times_are_those_of_the_clock(client: Client) -> None:
    client.handler._clock = lambda: datetime(2024, 3, 5, 1, 2, 3, 456789, UTC)
    with RawServer(answer(with_length(b"ab"))) as server:
        exchange = client.exchange(server.uri())
    assert exchange.started_at == datetime(2024, 3, 5, 1, 2, 3, 456000, UTC)
    assert 0 <= exchange.seconds < 30


def test_what_cannot_be_kept_is_not_used(client: Client) -> None:
    def full(exchange: Exchange, request: Request) -> Capture:
        raise DiskFullError("a.warc.gz: there is no room")

    client.handler._keep = full
    with RawServer(answer(with_length(b"ab"))) as server, pytest.raises(DiskFullError):
        client.response(server.uri())


def test_a_spider_without_keep_gets_its_response(client: Client) -> None:
    client.handler._keep = default_keep
    with RawServer(answer(with_length(b"ab"))) as server:
        assert client.response(server.uri()).body == b"ab"
    assert client.kept == []


# ── much at once ───────────────────────────────────────────────────────────────────────────────────────────


def test_many_requests_at_once_make_one_exchange_each(client: Client) -> None:
    sent = [data for data, _ in WHOLE.values()] + [
        HEAD + b"abc",
        CHUNKED + b"9\r\nabc",
        OK + b"Serv",
        b"SSH-2.0\r\n",
    ]
    open_ended = {WHOLE["until close"][0], WHOLE["version 1.0"][0], *sent[len(WHOLE) :]}

    def script(connection: Connection) -> None:
        while request := connection.read_request():
            number = int(request.split(b" ")[1].removeprefix(b"/"))
            data = sent[number % len(sent)]
            connection.send(*(data[at : at + 7] for at in range(0, len(data), 7)))
            if data in open_ended or number % 3 == 0:
                return

    async def fetch_all(server: RawServer) -> None:
        async def fetch(number: int) -> None:
            async with at_once:
                with suppress(NoResponse):
                    await client.handler.download_request(Request(server.uri(f"/{number}")))

        at_once = asyncio.Semaphore(16)
        await asyncio.gather(*map(fetch, range(200)))

    with RawServer(script) as server:
        reactor.run(fetch_all, server)
    responses = {int(exchange.target_uri.rpartition("/")[2]): exchange for exchange in client.kept}
    assert len(responses) == len(client.kept) == 200
    for number, exchange in responses.items():
        if exchange.response or exchange.outcome != Outcome.CONNECTION_ERROR:
            assert exchange.response == sent[number % len(sent)]
        else:  # a kept connection was closed under way: nothing is sent twice, and nothing mixed up
            assert "before the server answered" in (exchange.error or "")


def test_a_large_body_goes_through_a_temporary_file(client: Client) -> None:
    body = b"0123456789abcdef" * 300_000
    with RawServer(answer(with_length(body, b"Content-Encoding: gzip"))) as server:
        response = client.response(server.uri())
    assert not isinstance(client.kept[0].response, bytes)
    assert client.kept[0].response == with_length(body, b"Content-Encoding: gzip")
    assert to_capture(client.kept[0]).payload == body
    assert len(body) > BODY
    assert (response.body, response.flags) == (b"", ["body only in capture"])
    assert "Content-Encoding" not in response.headers


def test_idle_connections_are_capped(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MAX_IDLE", 1)
    script = answers(*[with_length(b"ab")] * 2)
    with RawServer(script) as one, RawServer(script) as two:
        for server in (one, two, one, two):
            assert client.exchange(server.uri()).outcome == Outcome.OK
        assert (len(one.connections), len(two.connections)) == (1, 2)
        assert len(wire.WireProtocol.idle) == 1


def test_idle_connections_are_closed_in_good_order(make_client: Callable[..., Client]) -> None:
    client, ends = make_client(), []

    def script(connection: Connection) -> None:
        connection.read_request()
        connection.send(with_length(b"ab"))
        ends.append(connection.socket.recv(1))  # a reset would raise

    with RawServer(script) as server:
        client.exchange(server.uri())
        reactor.run(client.handler.close)
        assert server.all_closed()
    assert ends == [b""]


def test_bytes_in_flight_are_capped(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "IN_FLIGHT", 1000)
    with RawServer(answers(with_length(b"a" * 800), with_length(b"b" * 1200))) as server:
        small, large = client.exchange(server.uri()), client.exchange(server.uri())
    assert isinstance(small.response, bytes)
    assert not isinstance(large.response, bytes)
    assert large.response == with_length(b"b" * 1200)


def test_a_temporary_file_that_cannot_be_written_is_an_error(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "IN_FLIGHT", 10)
    monkeypatch.setattr("tempfile.tempdir", "/nowhere")
    with RawServer(answer(with_length(b"a" * 100))) as server, pytest.raises(ArchiveError, match="/nowhere"):
        client.response(server.uri())
