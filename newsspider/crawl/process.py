"""Crawls many sites in one process, each at its own pace."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from newsspider.crawl.session import Session
from pipelines.errors import ArchiveError, LockedError, NewsspiderError

if TYPE_CHECKING:
    from newsspider.crawl.run import Run
    from newsspider.operation.tally import Tally
    from pipelines.model import Site

T = TypeVar("T")

log = logging.getLogger(__name__)

AT_ONCE = 100
"""Sites open at the same time: each holds six files and a share of the memory; the others wait their turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a run did at one site."""

    site: Site
    tally: Tally
    error: BaseException | None = None
    """Why the site could not be crawled, or not to its end."""


Watch = Callable[[dict[str, "Tally"]], None]
"""Called a few times a second with the tallies of the sites being crawled."""


def crawl_sites(run: Run, sites: Sequence[Site], *, settings: dict[str, object], watch: Watch) -> list[Result]:
    """Crawl sites and return what was done at each, in their order.

    SIGINT and SIGTERM end the crawl cleanly within seconds: what is left is due next time.
    May be called once in a process, because Twisted's reactor can be, and ends the run: its budget is closed.
    """
    with closing(run.budget):
        return run_reactor(lambda: crawl_all(run, sites, settings, watch))


def run_reactor(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run Twisted's reactor, on asyncio, until a coroutine is done; return its result. Once in a process."""
    from scrapy.utils.reactor import install_reactor

    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet import reactor as installed

    reactor: Any = installed  # typed as its interfaces, whose methods lack what they take
    tasks: list[asyncio.Future[T]] = []

    def begin() -> None:
        task = asyncio.ensure_future(main())
        task.add_done_callback(lambda _: reactor.callLater(0, reactor.stop))
        tasks.append(task)

    # Names are resolved in threads: hosts whose name servers are dead must not keep the others waiting.
    reactor.suggestThreadPoolSize(AT_ONCE)
    reactor.callWhenRunning(begin)
    reactor.run(installSignalHandlers=False)
    return tasks[0].result()


async def crawl_all(run: Run, sites: Sequence[Site], settings: dict[str, object], watch: Watch) -> list[Result]:
    """Crawl sites in a reactor that runs already: :func:`crawl_sites` for whoever has several runs to do."""
    crawl = Crawl(run, settings)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, crawl.stop)
    try:
        return await crawl.run_sites(sites, watch)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


class Crawl:
    """Many sites being crawled, within the event loop."""

    def __init__(self, run: Run, settings: dict[str, object]) -> None:
        from scrapy.crawler import AsyncCrawlerRunner
        from scrapy.utils.project import get_project_settings

        project = get_project_settings()
        project.setmodule("newsspider.settings", priority="project")
        project.setdict(settings, priority="cmdline")
        self._run = run
        self._runner = AsyncCrawlerRunner(project)
        self._places = asyncio.Semaphore(AT_ONCE)
        self._sessions: dict[str, Session] = {}
        """Sites that are open now."""
        self._tallies: dict[str, Tally] = {}
        self._stopping = False
        self._stops: list[asyncio.Future[None]] = []

    async def run_sites(self, sites: Sequence[Site], watch: Watch) -> list[Result]:
        """Crawl sites and return what was done at each; what goes wrong at one is no matter of the others."""
        watcher = asyncio.ensure_future(self._tell(watch))
        try:
            done = await asyncio.gather(*map(self._crawl_site, sites), return_exceptions=True)
        finally:
            watcher.cancel()
            with suppress(asyncio.CancelledError):
                await watcher
        return [
            self._failed(site, result) if isinstance(result, BaseException) else result
            for site, result in zip(sites, done, strict=True)
        ]

    def stop(self) -> None:
        """End the crawl cleanly; a second call ends it without delay."""
        self._stopping = True
        for session in self._sessions.values():
            session.stop.ask()
        for crawler in self._runner.crawlers:
            # One that is still being opened ends by its session's word alone: after Scrapy's it would never end.
            if crawler.crawling and crawler.engine.running:
                self._stops.append(asyncio.ensure_future(crawler.stop_async()))

    async def _tell(self, watch: Watch) -> None:
        while True:
            watch(self._tallies)
            await asyncio.sleep(0.25)

    async def _crawl_site(self, site: Site) -> Result:
        from newsspider.spiders.news import NewsSpider

        async with self._places:
            if self._stopping:
                return self._failed(site, None)
            crawler = self._runner.create_crawler(NewsSpider)
            session = self._sessions[site.id] = Session(self._run, site)
            self._tallies[site.id] = session.tally
            try:
                await self._runner.crawl(crawler, session=session)
            finally:
                session.close("failure")  # unless the spider has closed it
                del self._sessions[site.id]
            return Result(site=site, tally=session.tally, error=session.failure)

    def _failed(self, site: Site, error: BaseException | None) -> Result:
        """Return the result of a site that could not be opened, and leave a report that says why."""
        from newsspider.operation.report import make_report, read_last_report, write_report
        from newsspider.operation.tally import Tally

        if error is not None and not isinstance(error, NewsspiderError):
            log.error("%s: a mistake of newsspider's own, please report it", site.id, exc_info=error)
        tally = Tally()
        folder, now = self._run.archive.site_folder(site.id), self._run.clock.now()
        if error is not None and not isinstance(error, LockedError) and folder.is_dir():
            report = make_report(
                tally, site=site.id, run=self._run.id, started_at=now, ended_at=now, reason="failure", error=error,
                before=read_last_report(folder),
            )  # fmt: skip
            # What keeps a site from being opened may keep its report from being written.
            with suppress(ArchiveError):
                write_report(folder, report)
        return Result(site=site, tally=tally, error=error)
