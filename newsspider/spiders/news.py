"""The one spider: what to fetch next is in the ledger, what a page says is in its reading."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider

from newsspider.archive import Archive, find_archive
from newsspider.run import Run, begin_run
from newsspider.sites import find_catalogue, load_site
from pipelines.errors import ArchiveError
from pipelines.model import FoundBy, Site

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

    from newsspider.frontier.ledger import Due
    from newsspider.session import Session
    from pipelines.model import Record

MOST_PAGE_BYTES = 16_000_000
"""A page longer than this is cut off: no article needs it, and a trap may never end."""


class NewsSpider(Spider):
    """Crawls one site of the catalogue: ``scrapy crawl news -a site=ID``."""

    name = "news"
    session: Session | None = None
    """The site, open for writing; None where there is none (``scrapy shell``, ``scrapy check``)."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the spider for ``site``: an id of the catalogue, or a loaded site with the run it belongs to."""
        site = kwargs.pop("site", None)
        run = kwargs.pop("run", None)
        spider = super().from_crawler(crawler, *args, **kwargs)
        if site is not None:
            run = run or _begin_run(crawler.settings)
            if not isinstance(site, Site):
                site = load_site(site, _catalogue(crawler.settings), allow_private=run.allow_private)
            crawler.settings.set("CONCURRENT_REQUESTS", site.politeness.concurrency + 1, priority="spider")
            spider.session = run.open(site)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Yield nothing: the seeds stand in the ledger."""
        for nothing in ():
            yield nothing

    def request(self, due: Due) -> Request:
        """Return the request for what is due: conditional where the page is held (RFC 9110 §13.1)."""
        assert self.session is not None
        site = self.session.site
        is_file = due.hints.found_by in (FoundBy.ATTACHMENT, FoundBy.IMAGE)
        headers = {"If-None-Match": due.etag, "If-Modified-Since": due.last_modified}
        return Request(
            due.uri,
            headers={name: value for name, value in headers.items() if value},
            meta={
                "hints": due.hints,
                "download_timeout": site.politeness.timeout,
                "download_maxsize": int(site.files.max_mb * 1_000_000) if is_file else MOST_PAGE_BYTES,
            },
            callback=self.parse,
            errback=self.missed,
            dont_filter=True,
        )

    def parse(self, response: Response) -> Iterator[Record]:
        """Yield the record that the response holds, for item pipelines and feeds; the archive has it already."""
        reading = response.meta["reading"]
        if reading.record is not None:
            yield reading.record

    async def missed(self, failure: Failure) -> None:
        """End the crawl of the site where its archive cannot be written; other failures are in the archive."""
        if failure.check(ArchiveError):
            assert self.session is not None
            self.session.failure = failure.value
            await self.crawler.engine.close_spider_async(reason="archive")

    def closed(self, reason: str) -> None:
        """Close the archive of the site."""
        if self.session is not None:
            self.session.close(reason)


def _begin_run(settings: BaseSettings) -> Run:
    archive = settings.get("NEWSSPIDER_ARCHIVE")
    return begin_run(
        Archive(find_archive(Path(archive) if archive else None)),
        allow_private=settings.getbool("NEWSSPIDER_ALLOW_PRIVATE"),
        limit=settings.getint("NEWSSPIDER_LIMIT"),
    )


def _catalogue(settings: BaseSettings) -> Path:
    choice = settings.get("NEWSSPIDER_SITES")
    return find_catalogue(Path(choice) if choice else None)
