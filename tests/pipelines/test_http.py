"""Where a response begins and ends, whatever pieces it comes in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.http import MAX_HEAD, Framing, cut_field, parse_head, read_response, request_method
from tests.timing import processor_limit

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@dataclass(frozen=True)
class Case:
    name: str
    wire: bytes
    payload: bytes = b""
    surplus: int = 0
    interim: int = 0
    fault: str | None = None
    method: str = "GET"
    reusable: bool = True


COMPLETE = [
    Case("content length", OK + b"Content-Length: 5\r\n\r\nhello", b"hello"),
    Case("empty body", OK + b"Content-Length: 0\r\n\r\n"),
    Case("chunked", CHUNKED + b"5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", b"hello!"),
    Case("chunk extensions", CHUNKED + b"5;a=b;c=\"d;e\"\r\nhello\r\n0;x\r\n\r\n", b"hello"),
    Case("trailers", CHUNKED + b"5\r\nhello\r\n0\r\nDigest: x\r\nA: b\r\n\r\n", b"hello"),
    Case("padded chunk size", CHUNKED + b"5   \r\nhello\r\n0 \r\n\r\n", b"hello"),
    Case("chunk size in capitals",
         OK + b"Transfer-Encoding: Chunked\r\n\r\nA\r\n0123456789\r\n0\r\n\r\n", b"0123456789"),
    Case("bare line feeds", b"HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nhello\n0\n\n", b"hello"),
    Case("chunked wins over length",
         OK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", b"ab"),
    Case("a gzip coding under the chunks stays",
         OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", b"ab"),
    Case("identity is no coding", OK + b"Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\nab", b"ab"),
    Case("repeated equal lengths", OK + b"Content-Length: 2\r\nContent-Length: 2, 02\r\n\r\nab", b"ab"),
    Case("no reason phrase", b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nab", b"ab"),
    Case("a line without a colon", OK + b"garbage\r\nContent-Length: 2\r\n\r\nab", b"ab"),
    Case("folded field", OK + b"X: a\r\n b\r\nContent-Length: 2\r\n\r\nab", b"ab"),
    Case("not modified", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n"),
    Case("no content", b"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n"),
    Case("head", OK + b"Content-Length: 99\r\n\r\n", method="HEAD"),
    Case("interim", b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + OK
         + b"Content-Length: 2\r\n\r\nab", b"ab", interim=62),
    Case("surplus", OK + b"Content-Length: 2\r\n\r\nabcdef", b"ab", surplus=4, reusable=False),
    Case("surplus after chunks", CHUNKED + b"0\r\n\r\nHTTP/1.1 200", surplus=12, reusable=False),
    Case("connection close", OK + b"Connection: Close\r\nContent-Length: 2\r\n\r\nab", b"ab", reusable=False),
    Case("version 1.0", b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nab", b"ab", reusable=False),
    Case("version 1.0, kept alive",
         b"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nab", b"ab"),
]  # fmt: skip
UNTIL_CLOSE = [
    Case("no length", OK + b"\r\nhello", b"hello"),
    Case("version 1.0", b"HTTP/1.0 200 OK\r\nServer: x\r\n\r\nhello", b"hello"),
    Case("a length without end", OK + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\nhello", b"hello"),
    Case("a length that is no number", OK + b"Content-Length: \r\n\r\nhello", b"hello"),
    Case(
        "a final coding that is not chunked",
        OK + b"Transfer-Encoding: gzip\r\nContent-Length: 2\r\n\r\nhello",
        b"hello",
    ),
    Case("empty", OK + b"\r\n"),
]
CUT_SHORT = [
    Case("nothing", b"", fault="within the header"),
    Case("within the status line", b"HTTP/1.1 2", fault="within the header"),
    Case("within the header", OK + b"Server", fault="within the header"),
    Case("after an interim response", b"HTTP/1.1 100 Continue\r\n\r\n", fault="within the header", interim=25),
    Case("within a counted body", OK + b"Content-Length: 9\r\n\r\nhello", b"hello", fault="5 of 9 bytes"),
    Case(
        "within a chunk",
        CHUNKED + b"9\r\nhello",
        b"hello",
        fault="before the last chunk",
    ),
    Case(
        "within a chunk size",
        CHUNKED + b"5\r\nhello\r\n1",
        b"hello",
        fault="before the last chunk",
    ),
    Case(
        "before the trailers end",
        CHUNKED + b"0\r\nX: y\r\n",
        fault="before the last chunk",
    ),
    Case("not HTTP", b"SSH-2.0-OpenSSH_9.2\r\n", fault="not HTTP"),
]
MALFORMED = [
    Case(
        "chunk size is no number",
        CHUNKED + b"5\r\nhello\r\nzz\r\nmore",
        b"hello",
        fault="malformed chunk size b'zz",
    ),
    Case(
        "chunk longer than its size",
        CHUNKED + b"5\r\nhello!\r\n",
        b"hello",
        fault="longer than its size",
    ),
    Case(
        "contradictory lengths",
        OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        fault="contradictory Content-Length fields: 5, 6",
    ),
    Case("no status line", b"<html>\r\n\r\n", fault="not begin with a status line"),
]


def whole(wire: bytes) -> Iterable[bytes]:
    return [wire]


def bytewise(wire: bytes) -> Iterable[bytes]:
    return (wire[at : at + 1] for at in range(len(wire)))


def frame(case: Case, split: Callable[[bytes], Iterable[bytes]], *, close: bool) -> tuple[Framing, bytes]:
    payload = bytearray()
    framing = Framing(method=case.method, sink=payload.extend)
    for piece in split(case.wire):
        framing.feed(piece)
    if close:
        framing.close()
    return framing, bytes(payload)


each_way = pytest.mark.parametrize("split", [whole, bytewise])


@each_way
@pytest.mark.parametrize("case", COMPLETE, ids=lambda case: case.name)
def test_a_complete_response_ends_where_it_ends(case: Case, split: Callable[[bytes], Iterable[bytes]]) -> None:
    framing, payload = frame(case, split, close=False)
    assert framing.done
    assert framing.fault is None
    assert payload == case.payload
    assert framing.payload_length == len(case.payload)
    assert framing.end == len(case.wire) - case.surplus
    assert (framing.surplus, framing.interim_end, framing.is_reusable) == (
        case.surplus,
        case.interim,
        case.reusable,
    )


@each_way
@pytest.mark.parametrize("case", UNTIL_CLOSE, ids=lambda case: case.name)
def test_a_response_without_length_ends_with_the_connection(
    case: Case, split: Callable[[bytes], Iterable[bytes]]
) -> None:
    framing, payload = frame(case, split, close=False)
    assert not framing.done
    framing.close()
    assert (framing.done, framing.fault, payload, framing.is_reusable) == (True, None, case.payload, False)


@each_way
@pytest.mark.parametrize("case", CUT_SHORT, ids=lambda case: case.name)
def test_a_response_cut_short_says_so(case: Case, split: Callable[[bytes], Iterable[bytes]]) -> None:
    framing, payload = frame(case, split, close=True)
    assert case.fault is not None
    assert case.fault in (framing.fault or "")
    assert payload == case.payload
    assert framing.interim_end == case.interim


@each_way
@pytest.mark.parametrize("case", MALFORMED, ids=lambda case: case.name)
def test_a_malformed_response_is_given_up_at_once(case: Case, split: Callable[[bytes], Iterable[bytes]]) -> None:
    framing, payload = frame(case, split, close=False)
    assert framing.done
    assert case.fault is not None
    assert case.fault in (framing.fault or "")
    assert payload == case.payload


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=8), st.data())
def test_any_chunks_in_any_pieces_give_the_payload(chunks: list[bytes], data: st.DataObject) -> None:
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
    wire = CHUNKED + body
    cuts = sorted(data.draw(st.lists(st.integers(0, len(wire)), max_size=6)))
    pieces = [wire[a:b] for a, b in zip([0, *cuts], [*cuts, len(wire)], strict=True)]
    framing, payload = frame(Case("", wire), lambda _: pieces, close=False)
    assert (framing.done, framing.fault, payload) == (True, None, b"".join(chunks))


def test_header_fields_keep_order_case_and_repetition() -> None:
    head = parse_head(OK + b"SET-cookie: a=1\r\nServer:x \r\nSet-Cookie: b=\xe4\r\n\r\n")
    assert head is not None
    assert head.headers == (("SET-cookie", "a=1"), ("Server", "x"), ("Set-Cookie", "b=ä"))
    assert (head.version, head.status, head.reason) == ("1.1", 200, "OK")
    assert head.values("set-cookie") == ["a=1", "b=ä"]


@pytest.mark.parametrize(
    "wire", [OK + b"X: y\r\n" * MAX_HEAD, b"a" * (MAX_HEAD + 2), b"HTTP/1.1 102 P\r\n\r\n" * MAX_HEAD]
)
def test_a_header_without_end_is_refused(wire: bytes) -> None:
    framing = Framing()
    framing.feed(wire)
    assert framing.fault == f"the header section is longer than {MAX_HEAD} bytes"


@pytest.mark.parametrize(
    "tail", [b"5" * 20_000, b"5;" + b"x" * 20_000, b"0\r\n" + b"x" * 20_000, b"0\r\n" + b"x: y\r\n" * 20_000]
)
def test_chunk_lines_and_trailers_without_end_are_refused(tail: bytes) -> None:
    framing = Framing()
    framing.feed(CHUNKED + tail)
    assert framing.done
    assert framing.fault


def test_a_body_whose_chunks_were_removed_is_the_payload() -> None:
    payload = bytearray()
    framing = read_response(CHUNKED + b"<html>\n</html>", payload.extend)
    assert (bytes(payload), framing.unchunked) == (b"<html>\n</html>", True)


def test_a_chunked_body_cut_within_its_first_size_has_no_payload() -> None:
    payload = bytearray()
    read_response(CHUNKED + b"1f", payload.extend)
    assert bytes(payload) == b""


@pytest.mark.parametrize("hostile", [b"1\r\na\r\n", b"1;" + b";" * 50 + b"\r\na\r\n", b"0" * 8 + b"1 \ta\n"])
def test_time_grows_with_length_only(hostile: bytes) -> None:
    read: list[bytes] = []
    with processor_limit():
        read_response(CHUNKED + hostile * 100_000, read.append)


def test_request_parts() -> None:
    assert request_method(b"POST /x HTTP/1.1\r\n") == "POST"
    assert request_method(b"") == "GET"
    assert cut_field(b"GET / HTTP/1.1\r\nHost: a\r\n\r\nHost: body", "host") == (
        b"GET / HTTP/1.1\r\n\r\nHost: body",
        True,
    )
    assert cut_field(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "cookie") == (
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        False,
    )
