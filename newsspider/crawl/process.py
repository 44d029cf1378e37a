"""Crawls many sites in one process, each at its own pace."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pipelines.errors import NewsspiderError

if TYPE_CHECKING:
    from scrapy.crawler import AsyncCrawlerRunner

    from newsspider.crawl.run import Run
    from newsspider.operation.report import Tally
    from pipelines.model import Site

T = TypeVar("T")

AT_ONCE = 100
"""Sites open at the same time: each holds six files and a share of the memory; the others wait their turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a run did at one site."""

    site: Site
    tally: Tally
    report: dict[str, Any]
    """The run's report (see ``newsspider.operation.report``); only the site's id where it could not be opened."""
    error: BaseException | None = None
    """Why the site could not be crawled, or not to its end."""


Watch = Callable[[dict[str, "Tally"]], None]
"""Called a few times a second with the tallies of the sites being crawled."""


def crawl_sites(run: Run, sites: Sequence[Site], *, settings: dict[str, object], watch: Watch) -> list[Result]:
    """Crawl sites and return what was done at each, in their order.

    SIGINT and SIGTERM end the crawl cleanly: requests under way are finished, what is left is due next time.
    May be called once in a process, because Twisted's reactor can be.
    """
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

    reactor.callWhenRunning(begin)
    reactor.run(installSignalHandlers=False)
    return tasks[0].result()


async def crawl_all(run: Run, sites: Sequence[Site], settings: dict[str, object], watch: Watch) -> list[Result]:
    """Crawl sites in a reactor that runs already: :func:`crawl_sites` for whoever has several runs to do."""
    from scrapy.crawler import AsyncCrawlerRunner
    from scrapy.utils.project import get_project_settings

    project = get_project_settings()
    project.setmodule("newsspider.settings", priority="project")
    project.setdict(settings, priority="cmdline")
    runner = AsyncCrawlerRunner(project)
    places = asyncio.Semaphore(AT_ONCE)
    tallies: dict[str, Tally] = {}
    stopping = asyncio.Event()
    stops: list[asyncio.Future[None]] = []

    def stop() -> None:
        stopping.set()
        stops.append(asyncio.ensure_future(runner.stop()))

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    watcher = asyncio.ensure_future(_watch(tallies, watch))
    try:
        return await asyncio.gather(*(_crawl_site(runner, run, site, tallies, places, stopping) for site in sites))
    finally:
        watcher.cancel()
        with suppress(asyncio.CancelledError):
            await watcher
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


async def _watch(tallies: dict[str, Tally], watch: Watch) -> None:
    while True:
        watch(tallies)
        await asyncio.sleep(0.25)


async def _crawl_site(
    runner: AsyncCrawlerRunner,
    run: Run,
    site: Site,
    tallies: dict[str, Tally],
    places: asyncio.Semaphore,
    stopping: asyncio.Event,
) -> Result:
    from newsspider.operation.report import Tally
    from newsspider.spiders.news import NewsSpider

    async with places:
        if stopping.is_set():
            return Result(site=site, tally=Tally(), report={"site": site.id})
        crawler = runner.create_crawler(NewsSpider)
        try:
            session = run.open(site)
        except NewsspiderError as problem:
            return Result(site=site, tally=Tally(), report={"site": site.id}, error=problem)
        tallies[site.id] = session.tally
        error: BaseException | None = None
        try:
            await runner.crawl(crawler, session=session)
            session.close()
        except NewsspiderError as problem:
            error = problem
        error = session.failure or error
        reason = "failure" if error else "finished"
        return Result(site=site, tally=session.tally, report=session.report(reason), error=error)
