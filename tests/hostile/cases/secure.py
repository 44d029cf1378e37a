"""TLS that fails, and certificates that nobody should trust."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING

from pipelines.model import Outcome
from tests.certificates import Authority, legacy
from tests.hostile.cases.case import Case
from tests.hostile.web import Greeting, Page, article, listing, message
from tests.rawserver import Connection

if TYPE_CHECKING:
    from collections.abc import Callable

PAGES: dict[str, Page] = {"/": listing("/good.htm"), "/good.htm": article(7)}


def refused(name: str, tls: Callable[[Authority], ssl.SSLContext], said: str) -> Case:
    """Return the case of a host that cannot be trusted: its robots.txt cannot be reached, nothing else is asked."""
    return Case(
        name=name,
        pages=PAGES,
        tls=tls,
        outcomes={"/": Outcome.ROBOTS_UNREACHABLE},
        robots=Outcome.TLS_ERROR,
        said=said,
        most=0,
        records=0,
    )


def excepted(name: str, tls: Callable[[Authority], ssl.SSLContext], site: str) -> Case:
    return Case(
        name=name,
        pages=PAGES,
        tls=tls,
        outcomes={"/": Outcome.OK, "/good.htm": Outcome.OK},
        site=f"[access]\n{site}\n",
    )


def expired(authority: Authority) -> ssl.SSLContext:
    return authority.server("127.0.0.1", days=-1)[0]


def wrong_name(authority: Authority) -> ssl.SSLContext:
    return authority.server("news.other.example")[0]


def self_signed(authority: Authority) -> ssl.SSLContext:
    return authority.self_signed("127.0.0.1")


def incomplete_chain(authority: Authority) -> ssl.SSLContext:
    """A certificate of an intermediate authority, which the server should send along and does not."""
    return authority.intermediate("Intermediate").server("127.0.0.1")[0]


def whole_chain(authority: Authority) -> ssl.SSLContext:
    return authority.intermediate("Intermediate whole").server("127.0.0.1", with_chain=True)[0]


def old(authority: Authority) -> ssl.SSLContext:
    return legacy(authority.server("127.0.0.1")[0])


# ── half a handshake ──


def half_handshake(connection: Connection, context: ssl.SSLContext) -> None:
    """Answer to ClientHello with the first half of what a server says (RFC 8446 §2)."""
    received, said = ssl.MemoryBIO(), ssl.MemoryBIO()
    received.write(connection.socket.recv(65536))
    try:
        context.wrap_bio(received, said, server_side=True).do_handshake()
    except ssl.SSLWantReadError:
        flight = said.read()
        connection.send(flight[: len(flight) // 2])


def broken(name: str, greeting: Greeting, said: str, outcome: Outcome = Outcome.TLS_ERROR) -> Case:
    """Return the case of a host with whom no TLS connection comes about."""
    return Case(
        name=name,
        pages=PAGES,
        tls=self_signed,
        greeting=greeting,
        outcomes={"/": Outcome.ROBOTS_UNREACHABLE},
        robots=outcome,
        said=said,
        most=0,
        records=0,
    )


def closes(connection: Connection, _: ssl.SSLContext) -> bool:
    return False


def closes_in_the_middle(connection: Connection, context: ssl.SSLContext) -> bool:
    half_handshake(connection, context)
    return False


def resets_in_the_middle(connection: Connection, context: ssl.SSLContext) -> bool:
    half_handshake(connection, context)
    connection.drain()
    connection.reset()
    return False


def stops_in_the_middle(connection: Connection, context: ssl.SSLContext) -> bool:
    half_handshake(connection, context)
    connection.wait_for_the_end()
    return False


def drips(connection: Connection, _: ssl.SSLContext) -> bool:
    """Announce a long handshake message and send it byte by byte."""
    connection.drip(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc", b"\x00")
    return False


def speaks_plain_http(connection: Connection, _: ssl.SSLContext) -> bool:
    connection.socket.recv(65536)
    connection.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    return False


# ── from one scheme to the other ──


def speaks_both(connection: Connection, context: ssl.SSLContext) -> bool:
    """Speak TLS with those who begin it (RFC 8446 §5.1: a handshake record begins with 22), plain HTTP with others."""
    if connection.socket.recv(1, socket.MSG_PEEK) == b"\x16":
        connection.socket = context.wrap_socket(connection.socket, server_side=True)
    return True


def on_tls(page: Page) -> Page:
    """Return the page that stands under https, and under http redirects there."""
    return _in_scheme(page, secure=True)


def on_plain(page: Page) -> Page:
    """Return the page that stands under http, and under https redirects there."""
    return _in_scheme(page, secure=False)


def _in_scheme(page: Page, *, secure: bool) -> Page:
    def answer(connection: Connection, path: str) -> bool | None:
        if isinstance(connection.socket, ssl.SSLSocket) is secure:
            return page(connection, path)
        return to_other_scheme(connection, path)

    return answer


def to_other_scheme(connection: Connection, path: str) -> bool:
    host = next(line for line in connection.requests[-1].split(b"\r\n") if line.startswith(b"Host: "))[6:]
    scheme = "http" if isinstance(connection.socket, ssl.SSLSocket) else "https"
    connection.send(message(b"", f"Location: {scheme}://{host.decode()}{path}", status=302))
    return True


def crossing(name: str, pages: dict[str, Page], outcome: Outcome, asked: int) -> Case:
    return Case(
        name=name,
        pages=pages,
        tls=whole_chain,
        greeting=speaks_both,
        is_begun_plain=True,
        outcomes={"/case.htm": outcome, "/good.htm": Outcome.OK},
        asked={"/case.htm": asked},
        records=1 + (outcome is Outcome.OK),
    )


LISTING = listing("/case.htm", "/good.htm")

FAILED = "certificate verify failed"

CASES = (
    refused("expired certificate", expired, FAILED),
    refused("self-signed certificate", self_signed, FAILED),
    refused("incomplete chain", incomplete_chain, FAILED),
    refused("certificate of another host", wrong_name, "not for this host name"),
    excepted("whole chain", whole_chain, ""),
    excepted("expired, by exception", expired, "verify = false"),
    excepted("self-signed, by exception", self_signed, "verify = false"),
    excepted("certificate of another host, by exception", wrong_name, "verify = false"),
    refused("TLS 1.0", old, "the TLS handshake failed"),
    excepted("TLS 1.0, by exception", old, "legacy_tls = true"),
    broken("closes before the TLS handshake", closes, "closed during the TLS handshake"),
    broken("closes in the TLS handshake", closes_in_the_middle, "closed during the TLS handshake"),
    broken("resets in the TLS handshake", resets_in_the_middle, "closed during the TLS handshake"),
    broken("stops in the TLS handshake", stops_in_the_middle, "handshake was not finished", Outcome.TIMEOUT),
    broken("slow drip in the TLS handshake", drips, "handshake was not finished", Outcome.TIMEOUT),
    broken("plain HTTP where TLS is spoken", speaks_plain_http, "the TLS handshake failed"),
    crossing(
        "everything redirects to https",
        {
            path: on_tls(page)
            for path, page in {"/": LISTING, "/case.htm": article(3), "/good.htm": article(7)}.items()
        },
        Outcome.OK,
        1,
    ),
    crossing(
        "https redirects to http",
        {"/": on_tls(LISTING), "/case.htm": on_plain(article(3)), "/good.htm": article(7)},
        Outcome.OK,
        2,
    ),
    crossing(
        "http and https redirect to each other",
        {"/": LISTING, "/case.htm": to_other_scheme, "/good.htm": article(7)},
        Outcome.REDIRECTED,
        11,
    ),
)
