"""The one spider: what to fetch next is in the ledger, what a page says is in its reading."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider
from scrapy.exceptions import CloseSpider, IgnoreRequest

from newsspider.archive.folder import Archive, find_archive
from newsspider.crawl.access import connection_meta
from newsspider.crawl.run import begin_run
from newsspider.crawl.session import Session
from newsspider.sites import find_catalogue, load_site
from pipelines.model import FoundBy
from pipelines.store.exchange import to_capture

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

    from newsspider.frontier.agenda import Due
    from pipelines.model import Capture, Exchange, Record

MOST_PAGE_BYTES = 16_000_000
"""A page longer than this is cut off: no article needs it, and a trap may never end."""


class NewsSpider(Spider):
    """Crawls one site of the catalogue: ``scrapy crawl news -a site=ID``."""

    name = "news"
    session: Session | None = None
    """The site, open for writing; None where there is none (``scrapy shell``, ``scrapy check``)."""
    _is_alone: bool = False
    """Whether nobody else looks at the session: ``scrapy crawl``."""
    _closing: asyncio.Future[None] | None = None
    """The end of the crawl, where a failure has called for it."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the spider for ``site``, an id of the catalogue, or for a ``session`` that is open already."""
        site, session = kwargs.pop("site", None), kwargs.pop("session", None)
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.session = session or (open_session(site, crawler.settings) if site else None)
        spider._is_alone = session is None
        if spider.session is not None:
            at_once = spider.session.site.politeness.concurrency + 1  # and one for robots.txt
            crawler.settings.set("CONCURRENT_REQUESTS", at_once, priority="spider")
            crawler.settings.set("COMPRESSION_ENABLED", False, priority="spider")  # the reading decodes
            crawler.settings.set("CAPTURE_ALLOW_PRIVATE", spider.session.run.allow_private, priority="spider")
            if contact := spider.session.run.settings.contact:
                _introduce(crawler.settings, contact)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Yield nothing: what to fetch stands in the ledger."""
        if self.session is None:
            raise CloseSpider("no site is named: scrapy crawl news -a site=ID")
        nothing: tuple[Any, ...] = ()
        for request in nothing:
            yield request

    def request(self, due: Due) -> Request:
        """Return the request for what is due: conditional where the page is held (RFC 9110 §13.1)."""
        assert self.session is not None
        site = self.session.site
        is_file = due.hints.found_by in (FoundBy.ATTACHMENT, FoundBy.IMAGE)
        headers = {"If-None-Match": due.etag, "If-Modified-Since": due.last_modified}
        return Request(
            due.uri,
            headers={name: value.encode("latin-1") for name, value in headers.items() if value},
            meta={
                **connection_meta(due.uri, site),
                "hints": due.hints,
                "download_maxsize": int(site.files.max_mb * 1_000_000) if is_file else MOST_PAGE_BYTES,
            },
            callback=self.parse,
            errback=self.missed,
            dont_filter=True,
        )

    def keep(self, exchange: Exchange, request: Request) -> Capture:
        """Archive an exchange: the download handler calls this before anybody sees the response."""
        if self.session is None:
            return to_capture(exchange)
        capture, request.meta["reading"] = self.session.keep(exchange)
        return capture

    def parse(self, response: Response) -> Iterator[Record]:
        """Yield the record that the response holds, for item pipelines and feeds; the archive has it already."""
        reading = response.meta["reading"]
        if reading.record is not None:
            yield reading.record

    def missed(self, failure: Failure) -> None:
        """Go on where no response came: the archive says why. End the crawl of the site on anything else."""
        assert self.session is not None
        request: Request = failure.request  # type: ignore[attr-defined]
        if "capture" not in request.meta:  # else it may be under way again already, in another form
            self.session.pace.give_up(request.url)
        if isinstance(failure.value, IgnoreRequest):
            return
        if self._closing is None:
            self.session.failure = self.session.failure or failure.value
            self.session.stop.ask()
            # Not awaited: the engine waits for its requests before it closes, and this one ends with this method.
            self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="failure"))

    def closed(self, reason: str) -> None:
        """Close the archive of the site."""
        if self.session is None:
            return
        is_cut_short = reason == "finished" and self.session.stop.is_asked
        self.session.close("shutdown" if is_cut_short else reason)
        if self._is_alone:
            self.session.run.budget.close()
        if self._is_alone and self.session.failure is not None:
            self.logger.error("%s", self.session.failure)


def _introduce(settings: BaseSettings, contact: str) -> None:
    """Say who asks, in User-Agent and, if it is an e-mail address, in From (RFC 9110 §10.1.2)."""
    name = settings["USER_AGENT"].partition(" ")[0]
    settings.set("USER_AGENT", f"{name} (+{contact})", priority="spider")
    if "@" in contact and "/" not in contact:
        headers = {**settings.getdict("DEFAULT_REQUEST_HEADERS"), "From": contact}
        settings.set("DEFAULT_REQUEST_HEADERS", headers, priority="spider")


def open_session(site_id: str, settings: BaseSettings) -> Session:
    """Open a site of the catalogue for a crawl that Scrapy's settings describe. Raises what :class:`Session` raises."""
    archive, sites = settings.get("NEWSSPIDER_ARCHIVE"), settings.get("NEWSSPIDER_SITES")
    allow_private = settings.getbool("NEWSSPIDER_ALLOW_PRIVATE")
    catalogue = find_catalogue(Path(sites) if sites else None)
    site = load_site(site_id, catalogue, allow_private=allow_private)
    run = begin_run(
        Archive(find_archive(Path(archive) if archive else None)),
        allow_private=allow_private,
        limit=settings.getint("NEWSSPIDER_LIMIT"),
    )
    return Session(run, site)
