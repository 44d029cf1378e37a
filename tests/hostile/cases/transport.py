"""Answers that break off, never end, or are no HTTP."""

import itertools

from pipelines.model import Outcome
from tests.hostile.cases.case import Case, faulty
from tests.hostile.web import Page, article, article_html, html, listing, message
from tests.rawserver import Connection

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
BODY = article_html(3).encode()
COUNTED = message(BODY, "Content-Type: text/html; charset=utf-8")
MEBIBYTE = b"x" * (1 << 20)


def says(*pieces: bytes) -> Page:
    """Send these pieces and close."""

    def page(connection: Connection, _: str) -> None:
        connection.send(*pieces)

    return page


def says_and_resets(*pieces: bytes) -> Page:
    """Send these pieces; reset the connection when the client has them."""

    def page(connection: Connection, _: str) -> None:
        connection.send(*pieces)
        connection.drain()
        connection.reset()

    return page


def says_and_holds(*pieces: bytes) -> Page:
    """Send these pieces, and nothing more."""

    def page(connection: Connection, _: str) -> None:
        connection.send(*pieces)
        connection.wait_for_the_end()

    return page


def says_for_ever(beginning: bytes, piece: bytes) -> Page:
    """Send a beginning, and then the same piece again and again."""

    def page(connection: Connection, _: str) -> None:
        connection.send(beginning)
        while not connection.released.is_set():
            connection.socket.sendall(piece)

    return page


def drips(beginning: bytes, drop: bytes) -> Page:
    """Send a beginning, and then a drop now and then: often enough for any time-out between two bytes."""

    def page(connection: Connection, _: str) -> None:
        connection.drip(beginning, drop)

    return page


def keeps_alive(data: bytes) -> Page:
    """Send something and wait for the next request, as if it had been in order."""

    def page(connection: Connection, _: str) -> bool:
        connection.send(data)
        return True

    return page


def counts_interim_responses(connection: Connection, _: str) -> None:
    """Send interim responses for ever (RFC 9110 §15.2), each another one."""
    for number in itertools.count():
        if connection.released.is_set():
            return
        connection.socket.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: </%d.css>\r\n\r\n" % number * 100)


HALF = len(COUNTED) // 2

CASES = (
    # ── slow ──
    faulty("slow drip in the body", drips(OK + b"\r\n<html>", b"<p>"), Outcome.TIMEOUT, "not complete"),
    faulty("slow drip in the header", drips(OK, b"X-A: b\r\n"), Outcome.TIMEOUT, "header section"),
    faulty("silent server", says_and_holds(), Outcome.TIMEOUT, "had not answered"),
    faulty("stops in the middle", says_and_holds(COUNTED[:HALF]), Outcome.TIMEOUT, "not complete"),
    # ── without end ──
    faulty("endless body", says_for_ever(OK + b"\r\n<html>", MEBIBYTE), Outcome.TOO_LARGE, "larger than"),
    faulty(
        "endless chunks", says_for_ever(CHUNKED, b"100000\r\n" + MEBIBYTE + b"\r\n"), Outcome.TOO_LARGE, "larger than"
    ),
    faulty(
        "endless chunk extensions",
        says_for_ever(CHUNKED, b"1;" + b"e" * 16_000 + b"\r\nx\r\n"),
        Outcome.TOO_LARGE,
        "the chunks of the body",
    ),
    faulty(
        "ten terabytes announced",
        says_for_ever(OK + b"Content-Length: 10000000000000\r\n\r\n", MEBIBYTE),
        Outcome.TOO_LARGE,
        "larger than",
    ),
    faulty("endless header fields", says_for_ever(OK, b"X-A: b\r\n"), Outcome.TOO_LARGE, "header section is longer"),
    faulty("endless header field", says_for_ever(OK + b"X-A: ", b"b"), Outcome.TOO_LARGE, "header section is longer"),
    faulty(
        "endless trailers",
        says_for_ever(CHUNKED + b"5\r\n<html\r\n0\r\n", b"X-A: b\r\n"),
        Outcome.TRUNCATED,
        "trailer section is too long",
    ),
    faulty("flood of interim responses", counts_interim_responses, Outcome.TOO_LARGE, "header section is longer"),
    # ── reset, at each stage ──
    faulty("reset before the answer", says_and_resets(), Outcome.CONNECTION_ERROR, "reset before the server answered"),
    faulty("reset in the status line", says_and_resets(b"HTTP/1.1 2"), Outcome.CONNECTION_ERROR, "header section"),
    faulty("reset in the header", says_and_resets(OK), Outcome.CONNECTION_ERROR, "header section"),
    faulty("reset in the body", says_and_resets(COUNTED[:HALF]), Outcome.TRUNCATED, "of the body"),
    faulty("reset in a chunk", says_and_resets(CHUNKED + b"ff\r\n<html>"), Outcome.TRUNCATED, "last chunk"),
    faulty("reset in a body until close", says_and_resets(OK + b"\r\n<html>"), Outcome.TRUNCATED, "reset before the end"),
    # ── wrong lengths ──
    faulty("Content-Length too large", says(COUNTED[:-9]), Outcome.TRUNCATED, "of the body"),
    faulty("Content-Length too small", keeps_alive(COUNTED + b"<html>poison"), Outcome.OK, "left out"),
    faulty(
        "contradictory Content-Length",
        says(OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n<html>"),
        Outcome.TRUNCATED,
        "contradictory",
    ),
    faulty("Content-Length no number", says(OK + b"Content-Length: -5\r\n\r\n" + BODY), Outcome.OK),
    faulty(
        "Content-Length of 5,000 digits", says(OK + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n" + BODY), Outcome.OK
    ),
    # ── broken chunks ──
    faulty("chunk size no number", says(CHUNKED + b"5\r\n<html\r\nxyz\r\n"), Outcome.TRUNCATED, "malformed chunk size"),
    faulty("chunk longer than it says", says(CHUNKED + b"2\r\n<html\r\n"), Outcome.TRUNCATED, "longer than its size"),
    faulty("no last chunk", says(CHUNKED + b"5\r\n<html\r\n"), Outcome.TRUNCATED, "last chunk"),
    # ── no HTTP, or hardly ──
    faulty("HTTP/0.9", says(BODY), Outcome.CONNECTION_ERROR, "not HTTP"),
    faulty("SSH", says(b"SSH-2.0-OpenSSH_9.2\r\n"), Outcome.CONNECTION_ERROR, "not HTTP"),
    faulty("HTTP/1.0 until close", says(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + BODY), Outcome.OK),
    faulty("bare line feeds", says(b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n" + BODY), Outcome.OK),
    faulty("status 999", html("<html>Denied", status=999), Outcome.SERVER_ERROR),
    faulty("status 000", says(b"HTTP/1.1 000 Nothing\r\nContent-Length: 0\r\n\r\n"), Outcome.SERVER_ERROR),
    faulty("switches protocols unasked", says(b"HTTP/1.1 101 Switching Protocols\r\n\r\n"), Outcome.SERVER_ERROR),
    faulty("304 unasked", says(b"HTTP/1.1 304 Not Modified\r\n\r\n"), Outcome.NOT_MODIFIED),
    # ── header fields ──
    faulty("60,000 header fields", says(OK + b"a:\r\n" * 60_000 + b"Connection: close\r\n\r\n" + BODY), Outcome.OK),
    faulty(
        "gigantic Set-Cookie", html(article_html(3), "Set-Cookie: id=" + "x" * 200_000, "Set-Cookie: a=b"), Outcome.OK
    ),
    faulty(
        "control characters in a header",
        says(OK + b"X-A: \x00\x01\x0b\x7f\xff\rX: y\r\n\r\n" + BODY),
        Outcome.OK,
    ),
    # ── files ──
    Case(
        name="attachment that never ends",
        pages={
            "/": listing("/case.htm"),
            "/case.htm": html(article_html(3).replace("</div></body>", '<p><a href="/a.pdf">附件：通知</a></p></div></body>')),
            "/a.pdf": says_for_ever(b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4\n", MEBIBYTE),
        },
        outcomes={"/case.htm": Outcome.OK, "/a.pdf": Outcome.TOO_LARGE},
        asked={"/a.pdf": 1},
        site="[files]\nmax_mb = 2\n",
    ),
    Case(
        name="every page cut, every time",
        pages={"/": says(COUNTED[:-9]), "*": article(1)},
        outcomes={"/": Outcome.TRUNCATED},
        asked={"/": 3},
        records=0,
    ),
)  # fmt: skip
