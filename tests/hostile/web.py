"""The hostile test web: many hosts on loopback, each with a log of its own.

A host is a table of pages. A *page* is a function that is called with the connection and the path asked for, and
puts what it likes on the socket; it returns True where the connection stays open for the next request.
The log is the judge of the crawl: what is in it was asked, and when, by the clock that the crawl runs on.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from newsspider.clock import Clock
from tests.rawserver import Connection, RawServer

Page = Callable[[Connection, str], bool | None]

Greeting = Callable[[Connection, ssl.SSLContext], bool]
"""What a host does as somebody connects, in place of a TLS handshake; True where it then listens to requests."""

REASONS = {200: "OK", 301: "Moved Permanently", 302: "Found", 304: "Not Modified", 404: "Not Found"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One line of a log: a request as it came in."""

    at: datetime
    path: str
    head: bytes

    def field(self, name: str) -> str | None:
        """Return the value of a header field, or None."""
        for line in self.head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.strip().lower() == name.lower().encode():
                return value.strip().decode("latin-1")
        return None


@dataclass
class Host:
    """One host of the web."""

    pages: Mapping[str, Page]
    clock: Clock
    tls: ssl.SSLContext | None = None
    greeting: Greeting | None = None
    log: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server = RawServer(self._greet, tls=self.tls if self.greeting is None else None)

    @property
    def name(self) -> str:
        """Address and port."""
        return f"127.0.0.1:{self.server.port}"

    def uri(self, path: str = "/", *, name: str = "127.0.0.1") -> str:
        return f"{'https' if self.tls else 'http'}://{name}:{self.server.port}{path}"

    @property
    def is_stuck(self) -> bool:
        """Whether somebody waits for an answer that will not come."""
        return any(connection.is_stuck for connection in self.server.connections)

    def paths(self) -> list[str]:
        """Return what was asked for, in order, without robots.txt."""
        return [asked.path for asked in self.log if asked.path != "/robots.txt"]

    def gaps(self) -> list[float]:
        """Return the seconds between each request and the next."""
        return [(b.at - a.at) / timedelta(seconds=1) for a, b in pairwise(self.log)]

    def _greet(self, connection: Connection) -> None:
        if self.greeting is None or self.tls is None or self.greeting(connection, self.tls):
            self._converse(connection)

    def _converse(self, connection: Connection) -> None:
        while head := connection.read_request():
            path = head.split(b" ")[1].decode("latin-1")
            self.log.append(Asked(at=self.clock.now(), path=path, head=head))
            bare = re.split("[?;]", path)[0]
            page = self.pages.get(path) or self.pages.get(bare) or self.pages.get("*", not_found)
            if not page(connection, path):
                return


@contextmanager
def running(hosts: list[Host]) -> Iterator[None]:
    """Serve hosts while the block runs."""
    started: list[Host] = []
    try:
        for host in hosts:
            host.server.__enter__()
            started.append(host)
        yield
    finally:
        for host in started:
            host.server.release()
        for host in started:
            host.server.__exit__(None, None, None)


def most_in_window(log: Iterable[Asked], seconds: float) -> int:
    """Return the most requests that a log has within any span of so many seconds, its end not included."""
    moments = [asked.at for asked in log]
    span = timedelta(seconds=seconds)
    return max((sum(start <= at < start + span for at in moments) for start in moments), default=0)


# ── pages that behave ──────────────────────────────────────────────────────────────────────────────────────


def message(body: bytes, *fields: str, status: int = 200, length: bool = True) -> bytes:
    """Return the bytes of a response."""
    lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'Odd')}", *fields]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def reply(body: bytes, *fields: str, status: int = 200) -> Page:
    """Return the page that answers with these bytes, whole and in good order."""
    data = message(body, *fields, status=status)

    def page(connection: Connection, _: str) -> bool:
        connection.send(data)
        return True

    return page


def html(text: str, *fields: str, status: int = 200, charset: str = "utf-8") -> Page:
    return reply(text.encode(charset), f"Content-Type: text/html; charset={charset}", *fields, status=status)


def plain(text: str | bytes, *fields: str) -> Page:
    body = text if isinstance(text, bytes) else text.encode()
    return reply(body, "Content-Type: text/plain", *fields)


def redirect(location: str, *fields: str, status: int = 301) -> Page:
    return reply(b"", f"Location: {location}", *fields, status=status)


def in_turn(*pages: Page) -> Page:
    """Return the page that behaves like each of these in turn, and then like the last."""
    left = list(pages)

    def page(connection: Connection, path: str) -> bool | None:
        return (left.pop(0) if len(left) > 1 else left[0])(connection, path)

    return page


not_found = html("<html><head><title>404 Not Found</title></head><body><h1>404</h1></body></html>", status=404)

HEAD = '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}-青山大学新闻网</title></head><body>'
TEXT = (
    "3月{day}日上午，学校在行政楼会议室召开第{day}次工作会议，研究部署本学期重点工作。会议由校长主持，各学院负责同志参加了会议，"
    "并就有关问题进行了讨论。会议要求各单位认真落实会议精神。"
)


def article_html(day: int) -> str:
    """Return an article as the university prints it; ``day`` tells it from the others."""
    title = f"学校召开第{day}次工作会议"
    text = f"<p>{TEXT.format(day=day)}</p>" * 2
    return (
        f'{HEAD.format(title=title)}<div class="nav"><a href="/">新闻</a></div><h1>{title}</h1>'
        f'<p>发布时间：2026-02-{day:02} 来源：宣传部</p><div class="content">{text}</div></body></html>'
    )


def article(day: int, *fields: str) -> Page:
    return html(article_html(day), *fields)


def listing_html(*paths: str, more: str = "") -> str:
    """Return a listing of these addresses; ``more`` stands below the rows."""
    rows = "".join(
        f'<li><span>2026-02-{number % 28 + 1:02}</span><a href="{path}">学校召开第{number}次工作会议</a></li>'
        for number, path in enumerate(paths, 1)
    )
    return f'{HEAD.format(title="新闻")}<ul class="list">{rows}</ul>{more}</body></html>'


def listing(*paths: str, more: str = "") -> Page:
    return html(listing_html(*paths, more=more))
