"""A whole crawl with Scrapy's own engine: every answer is in the archive before a callback sees it."""

import gzip
import logging
import socket
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from newsspider.capture.handler import NoResponse
from newsspider.capture.warcfile import WarcWriter, warc_files
from pipelines.errors import DiskFullError
from pipelines.model import Capture, Exchange, FoundBy, Hints, Outcome
from pipelines.store.clauses import SHALL
from pipelines.store.conformance import check_warc
from pipelines.store.warc import read_captures
from tests import reactor
from tests.rawserver import Connection, RawServer

PAGE = "<html><title>学校要闻</title><a href=/old>x</a></html>".encode("gb18030")
ANSWERS = {
    b"/robots.txt": b"HTTP/1.1 200 OK\r\nContent-Length: 37\r\n\r\nUser-agent: *\r\nDisallow: /private\r\n\r\n",
    b"/": b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=gbk\r\nContent-Encoding: gzip\r\n"
    b"Content-Length: %d\r\n\r\n" % len(gzip.compress(PAGE, mtime=0)) + gzip.compress(PAGE, mtime=0),
    b"/old": b"HTTP/1.1 301 Moved\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
    b"/gone": b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone",
    b"/cut": b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut",
}  # fmt: skip


def site(connection: Connection) -> None:
    """Answer by path, one request after the other; ``/dead`` closes the connection, as a page cut short does."""
    while request := connection.read_request():
        path = request.split(b" ")[1]
        if path == b"/dead":
            return
        connection.send(ANSWERS[path])
        if path == b"/cut":
            return


class Visitor(Spider):
    """Visits a fixed list of addresses."""

    name = "visitor"
    seen: list[tuple[str, Any]]

    def __init__(self, uris: list[str], writer: WarcWriter, fail_at: str = "") -> None:
        super().__init__()
        self.uris, self.writer, self.fail_at = uris, writer, fail_at
        self.seen = []

    def keep(self, exchange: Exchange, request: Request) -> Capture:
        if self.fail_at and exchange.target_uri.endswith(self.fail_at):
            raise DiskFullError("there is no room")
        return self.writer.append(exchange)

    async def start(self) -> AsyncIterator[Request]:
        for uri in self.uris:
            hints = Hints(found_by=FoundBy.LINK)
            yield Request(uri, callback=self.parse, errback=self.failed, meta={"hints": hints}, dont_filter=True)

    def parse(self, response: Response) -> None:
        text = response.css("title::text").get() if isinstance(response, TextResponse) else None
        self.seen.append((response.url, (response.status, text, response.meta["capture"])))

    def failed(self, failure: Failure) -> None:
        self.seen.append((failure.request.url, failure.value))  # type: ignore[attr-defined]


Crawl = Callable[..., Visitor]


@pytest.fixture
def crawl(tmp_path: Path) -> Crawl:
    def crawl(uris: list[str], *, fail_at: str = "", robots: bool = False) -> Visitor:
        visitors: list[Visitor] = []
        writer = WarcWriter(tmp_path, "test", run="run-1", about={}, clock=lambda: datetime.now(UTC))

        class Remembered(Visitor):
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **kwargs)
                visitors.append(self)

        async def run() -> None:
            handler = "newsspider.capture.handler.WireDownloadHandler"
            settings = {
                "DOWNLOAD_HANDLERS": {"http": handler, "https": handler},
                "CAPTURE_ALLOW_PRIVATE": True,
                "ROBOTSTXT_OBEY": robots,
                "RETRY_ENABLED": False,
                "REDIRECT_ENABLED": False,
                "HTTPERROR_ALLOW_ALL": True,
                "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
                "TELNETCONSOLE_ENABLED": False,
            }
            await AsyncCrawlerRunner(settings).crawl(Remembered, uris, writer, fail_at)

        reactor.run(run)
        writer.close()
        return visitors[0]

    return crawl


def test_every_answer_is_archived_before_it_is_seen(
    crawl: Crawl, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        nobody = f"http://127.0.0.1:{unused.getsockname()[1]}/"
    with RawServer(site) as server:
        paths = ["/robots.txt", "/", "/old", "/gone", "/cut", "/dead"]
        with caplog.at_level(logging.WARNING):
            visitor = crawl([*(server.uri(path) for path in paths), nobody])
        asked = [request.split(b" ")[1].decode() for request in server.requests]
    captures = [capture for path in warc_files(tmp_path) for capture in read_captures(path)]
    assert sorted(asked) == sorted(paths)
    told = {capture.target_uri.removeprefix(server.uri("")): capture for capture in captures}
    assert {path: (capture.status, capture.outcome) for path, capture in told.items()} == {
        "/robots.txt": (200, Outcome.OK),
        "/": (200, Outcome.OK),
        "/old": (301, Outcome.OK),
        "/gone": (404, Outcome.OK),
        "/cut": (200, Outcome.TRUNCATED),
        "/dead": (None, Outcome.CONNECTION_ERROR),
        nobody: (None, Outcome.CONNECTION_ERROR),
    }
    assert told["/"].payload == gzip.compress(PAGE, mtime=0)

    seen = dict(visitor.seen)
    assert seen[server.uri("/")] == (200, "学校要闻", told["/"])
    assert [seen[server.uri(path)][0] for path in ("/old", "/gone", "/cut")] == [301, 404, 200]
    for uri in (server.uri("/dead"), nobody):
        assert isinstance(seen[uri], NoResponse)
        assert seen[uri].capture in captures
    assert caplog.records == []
    for path in warc_files(tmp_path):
        assert [problem for problem in check_warc(path) if problem.level == SHALL] == []


def test_what_cannot_be_archived_reaches_no_callback(crawl: Crawl) -> None:
    with RawServer(site) as server:
        visitor = crawl([server.uri("/gone"), server.uri("/")], fail_at="/gone")
    seen = dict(visitor.seen)
    assert isinstance(seen[server.uri("/gone")], DiskFullError)
    assert seen[server.uri("/")][0] == 200


def test_robots_txt_is_archived_whoever_asks_for_it(crawl: Crawl, tmp_path: Path) -> None:
    with RawServer(site) as server:
        visitor = crawl([server.uri("/private/x")], robots=True)
        assert [request.split(b" ")[1] for request in server.requests] == [b"/robots.txt"]
    (capture,) = (capture for path in warc_files(tmp_path) for capture in read_captures(path))
    assert (capture.status, capture.hints) == (200, Hints(found_by=FoundBy.ROBOTS))
    assert isinstance(visitor.seen[0][1], IgnoreRequest)
