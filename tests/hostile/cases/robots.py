"""What stands in robots.txt, and what it means when it cannot be had (RFC 9309)."""

import codecs
import gzip

from pipelines.model import Outcome
from tests.hostile.cases.case import Case
from tests.hostile.cases.transport import drips, says, says_and_holds, says_and_resets, says_for_ever
from tests.hostile.web import Page, article, html, listing, message, not_found, plain, redirect, reply
from tests.rawserver import Connection

DENY = "User-agent: *\nDisallow: /case.htm\n"
FILLER = "# 本文件由网站管理员维护\n" * 300_000
"""Ten megabytes."""

CHINESE = "User-agent: *\nDisallow: /新闻/\n"
ESCAPED = "/%E6%96%B0%E9%97%BB/1.htm", "/%D0%C2%CE%C5/1.htm"
"""``/新闻/1.htm`` in UTF-8 and in GBK."""


def pages(robots: Page) -> dict[str, Page]:
    return {
        "/robots.txt": robots,
        "/": listing("/case.htm", "/good.htm"),
        "/case.htm": article(3),
        "/good.htm": article(7),
    }


def unreachable(name: str, robots: Page, outcome: Outcome) -> Case:
    """Return the case of a robots.txt that cannot be had: nothing else is asked of the host."""
    return Case(
        name=f"robots.txt: {name}",
        pages=pages(robots),
        outcomes={"/": Outcome.ROBOTS_UNREACHABLE},
        asked={"/robots.txt": 1, "/": 0},
        most=1,
        records=0,
        robots=outcome,
    )


def obeyed(name: str, robots: Page, *, delay: float = 1.0, denied: bool = True) -> Case:
    """Return the case of a robots.txt that forbids ``/case.htm``, or nothing."""
    return Case(
        name=f"robots.txt: {name}",
        pages=pages(robots),
        outcomes={
            "/": Outcome.OK,
            "/case.htm": Outcome.ROBOTS_DENIED if denied else Outcome.OK,
            "/good.htm": Outcome.OK,
        },
        asked={"/case.htm": 0 if denied else 1, "/good.htm": 1},
        records=1 if denied else 2,
        delay=delay,
    )


def chinese(name: str, body: bytes) -> Case:
    return Case(
        name=f"robots.txt: {name}",
        pages={
            "/robots.txt": plain(body),
            "/": listing(*ESCAPED, "/good.htm"),
            "/good.htm": article(7),
            **dict.fromkeys(ESCAPED, article(3)),
        },
        outcomes={"/good.htm": Outcome.OK, ESCAPED[0]: Outcome.ROBOTS_DENIED},
        asked={ESCAPED[0]: 0, "/good.htm": 1},
        records=2 if name == "in UTF-8" else 1,
    )


def ten_megabytes(connection: Connection, _: str) -> None:
    """Answer with the rules first and ten megabytes behind them, without a length."""
    connection.send(message(DENY.encode(), "Content-Type: text/plain", length=False))
    connection.socket.sendall(FILLER.encode())


MANY = "".join(f"User-agent: bot{number}\n" for number in range(10_000))
MANY += "".join(f"Disallow: /{number}\n" for number in range(10_000))

CASES = (
    # ── cannot be had: nothing may be fetched ──
    unreachable("500", html("<html>error", status=500), Outcome.SERVER_ERROR),
    unreachable("503 with Retry-After", html("<html>", "Retry-After: 5", status=503), Outcome.SERVER_ERROR),
    unreachable("429", html("<html>", status=429), Outcome.BLOCKED),
    unreachable("time-out", says_and_holds(), Outcome.TIMEOUT),
    unreachable("slow drip", drips(message(b"", length=False), b"# x\n"), Outcome.TIMEOUT),
    unreachable("reset", says_and_resets(), Outcome.CONNECTION_ERROR),
    unreachable("closed at once", says(), Outcome.CONNECTION_ERROR),
    unreachable("cut in the middle", says(message(DENY.encode())[:-4]), Outcome.TRUNCATED),
    unreachable(
        "broken chunks",
        says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nUser-\r\nzz\r\n"),
        Outcome.TRUNCATED,
    ),
    unreachable("no HTTP", says(DENY.encode()), Outcome.CONNECTION_ERROR),
    unreachable(
        "gzip bomb", reply(gzip.compress(bytes(80_000_000)), "Content-Encoding: gzip"), Outcome.TOO_LARGE
    ),
    unreachable("gzip cut off", reply(gzip.compress(DENY.encode() * 50)[:-20], "Content-Encoding: gzip"),
                Outcome.TRUNCATED),
    unreachable("redirected to a dead host", redirect("http://127.0.0.1:1/robots.txt"), Outcome.CONNECTION_ERROR),
    # ── says what may be fetched ──
    obeyed("in good order", plain(DENY)),
    obeyed("with a byte order mark", plain(codecs.BOM_UTF8 + DENY.encode())),
    obeyed("in UTF-16", plain(codecs.BOM_UTF16_LE + DENY.encode("utf-16-le"))),
    obeyed("bare carriage returns", plain(DENY.replace("\n", "\r"))),
    obeyed("gzip", reply(gzip.compress(DENY.encode()), "Content-Encoding: gzip")),
    obeyed("ten megabytes", ten_megabytes),
    obeyed("ten megabytes announced", plain(DENY + FILLER)),
    obeyed("endless", says_for_ever(message(DENY.encode(), length=False), b"# for ever and ever\n" * 4000)),
    Case(
        name="robots.txt: redirected",
        pages={**pages(redirect("/r/robots.txt")), "/r/robots.txt": plain(DENY)},
        outcomes={"/case.htm": Outcome.ROBOTS_DENIED, "/good.htm": Outcome.OK},
        asked={"/case.htm": 0, "/robots.txt": 1, "/r/robots.txt": 1},
    ),
    obeyed("for our name", plain("User-agent: newsspider\nDisallow: /case.htm\n\nUser-agent: *\nDisallow: /\n")),
    obeyed("for the name of a host in our User-Agent", plain("User-agent: github\nDisallow: /\n"), denied=False),
    obeyed("ten thousand products", plain(MANY + DENY)),
    chinese("in UTF-8", CHINESE.encode()),
    chinese("in GBK", CHINESE.encode("gbk")),
    # ── says that there are no rules ──
    obeyed("404", not_found, denied=False),
    obeyed("403", html("<html>no", status=403), denied=False),
    obeyed("401", html("<html>no", status=401), denied=False),
    obeyed("410", html("<html>gone", status=410), denied=False),
    obeyed("204", says(b"HTTP/1.1 204 No Content\r\n\r\n"), denied=False),
    obeyed("empty", plain(""), denied=False),
    obeyed("a page", html("<!DOCTYPE html><html><head><title>首页</title></head><body>欢迎</body></html>"), denied=False),
    obeyed("random bytes", plain(bytes(range(256)) * 40), denied=False),
    obeyed("redirect loop", redirect("/robots.txt"), denied=False),
    obeyed("redirected to a file", redirect("file:///etc/passwd"), denied=False),
    # ── says how fast ──
    obeyed("Crawl-delay", plain(f"{DENY}Crawl-delay: 7\n"), delay=7),
    obeyed("Crawl-delay of a day", plain(f"{DENY}Crawl-delay: 86400\n"), delay=300),
    obeyed("Crawl-delay no number", plain(f"{DENY}Crawl-delay: nan\nCrawl-delay: -5\nCrawl-delay: soon\n")),
    obeyed("Request-rate", plain(f"{DENY}Request-rate: 1/20\n"), delay=20),
    obeyed("Request-rate by minutes", plain(f"{DENY}Request-rate: 3/1m\n"), delay=20),
    obeyed("Request-rate of none", plain(f"{DENY}Request-rate: 0/5\nRequest-rate: 1/0\n")),
)  # fmt: skip
