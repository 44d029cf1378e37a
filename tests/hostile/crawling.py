"""Crawls the hostile web in this process with the real spider, on a clock that waits for nobody, and judges it."""

from __future__ import annotations

import asyncio
import heapq
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twisted.python import log as twisted_log

from newsspider.archive.folder import Archive
from newsspider.archive.verify import verify_site
from newsspider.clock import SimulatedClock
from newsspider.crawl.process import Crawl, Result
from newsspider.crawl.run import begin_run
from newsspider.frontier.budget import Budget
from newsspider.operation.report import read_last_report
from newsspider.sites import parse_site
from pipelines.model import Capture, FoundBy, Outcome, Reading, Record, Site
from pipelines.normalise.record import Models
from pipelines.read import read
from pipelines.store.record import decode_fields, read_records
from tests import reactor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.hostile.web import Host

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""A Monday morning in Shanghai."""

DEADLINE = 600.0
"""Seconds after which a crawl hangs."""

SETTLED = 50
"""Turns of the event loop without a request under way after which everybody who does not sleep has had his turn."""


class PatientClock(SimulatedClock):
    """Moves on to the next sleeper's hour when no request is under way, so that no request takes any time, but those
    that wait for what will not come: they are cut when their time is over.

    What the log of a server says of a moment is thus what the crawl's own clock said when it asked.
    """

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self.is_busy: Callable[[], bool] = lambda: False
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._numbers = count()
        self._moving: asyncio.Future[None] | None = None

    async def sleep(self, seconds: float) -> None:
        await self._at(seconds)

    def call_later(self, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
        woken = self._at(seconds)
        woken.add_done_callback(lambda _: None if woken.cancelled() else call())
        return woken.cancel

    def _at(self, seconds: float) -> asyncio.Future[None]:
        woken = asyncio.get_running_loop().create_future()
        moment = self.now() + timedelta(seconds=max(seconds, 0))
        heapq.heappush(self._sleepers, (moment, next(self._numbers), woken))
        if self._moving is None:
            self._moving = asyncio.ensure_future(self._move())
        return woken

    async def _move(self) -> None:
        quiet = 0
        while self._sleepers:
            moment, _, woken = self._sleepers[0]
            if woken.done():  # its sleeper was called away
                heapq.heappop(self._sleepers)
                continue
            quiet = 0 if self.is_busy() else quiet + 1
            if quiet <= SETTLED:
                await asyncio.sleep(0 if quiet else 0.001)
                continue
            heapq.heappop(self._sleepers)
            self.move_to(moment)
            woken.set_result(None)
            quiet = 0
        self._moving = None


def make_site(id: str, text: str) -> Site:
    """Return the site of a site file without id and name."""
    return parse_site(f'id = "{id}"\nname = "{id}"\n{text}', name=id, allow_private=True)


def site_of(host: Host, id: str, more: str = "", *, plain: bool = False) -> Site:
    """Return the site file of a host, at its defaults but for ``more``; begun without TLS where ``plain``."""
    seed = host.uri().replace("https:", "http:") if plain else host.uri()
    return make_site(id, f'seeds = ["{seed}"]\n{more}')


@dataclass
class Crawled:
    """What a crawl did, as archive and logs tell it."""

    archive: Archive
    sites: dict[str, Site]
    results: dict[str, Result] = field(default_factory=dict)
    stall: float = 0.0
    """Longest time for which the event loop was at one thing, in seconds of its processor time."""
    grown: int = 0
    """Bytes by which the resident memory grew at its peak."""
    errors: list[str] = field(default_factory=list)
    """What reached the log at level WARNING or above."""

    def captures(self, site: str) -> list[tuple[Capture, Reading]]:
        """Return the captures of a site in their order, each as it is read."""
        return [(capture, read(capture, self.sites[site], Models())) for capture in self.archive.captures(site)]

    def outcomes(self, site: str) -> dict[str, Outcome]:
        """Return what the last fetch of each path came to, without robots.txt."""
        return {
            "/" + capture.target_uri.split("/", 3)[3]: reading.outcome
            for capture, reading in self.captures(site)
            if capture.hints.found_by is not FoundBy.ROBOTS
        }

    def errors_of(self, site: str) -> dict[str, str]:
        """Return the sentence that is archived with the last exchange of each path, where there is one."""
        found = {}
        for path in self.archive.warc_files(site):
            with path.open("rb") as file:
                for record in read_records(file, path.name):
                    if record.kind == "metadata":
                        told = dict(decode_fields(bytes(record.block)))
                        found["/" + (record.field("WARC-Target-URI") or "").split("/", 3)[3]] = told.get(
                            "error", ""
                        )
        return found

    def traps(self, site: str) -> list[str]:
        """Return what the report of the run names as traps."""
        report = read_last_report(self.archive.site_folder(site))
        assert report is not None
        return list(report["traps"])

    def records(self, site: str) -> list[Record]:
        return list(self.archive.records(site))

    def faults(self, site: str) -> list[str]:
        """Return what is wrong with the archive of a site: WARC by the standard, index, records, ledger."""
        folder = self.archive.site_folder(site)
        verified = verify_site(folder, self.sites[site], Models(), now=START, full=True)
        return [f"{fault.where}: {fault.what}" for fault in verified.faults]


def crawl(
    folder: Path,
    sites: Sequence[Site],
    clock: SimulatedClock,
    *,
    allow_private: bool = True,
    hosts: Sequence[Host] = (),
    **options: Any,
) -> Crawled:
    """Crawl sites in one process. Of ``hosts`` the clock knows which let a request wait for ever."""
    crawled = Crawled(Archive(folder / "archive"), {site.id: site for site in sites})
    run = begin_run(crawled.archive, clock=clock, allow_private=allow_private, **options)
    if isinstance(clock, PatientClock):
        clock.is_busy = lambda: _is_busy(run.budget, hosts)

    async def main() -> list[Result]:
        watching = asyncio.ensure_future(_watch_loop(crawled))
        made = Crawl(run, {"LOG_LEVEL": "WARNING"})
        running = asyncio.ensure_future(made.run_sites(sites, lambda _: None))
        await asyncio.wait({running}, timeout=DEADLINE)
        watching.cancel()
        hanging = {id: session.pace.in_flight for id, session in made._sessions.items() if session._is_open}
        assert running.done(), f"after {DEADLINE:g} seconds, at {clock.now()}, these were not done: {hanging}"
        return running.result()

    with _listening(crawled.errors), _weighing(crawled):
        results = reactor.run(main)
    run.budget.close()
    crawled.results = {result.site.id: result for result in results}
    return crawled


def _is_busy(budget: Budget, hosts: Sequence[Host]) -> bool:
    """Tell whether something may come of a request that is under way."""
    asked = {name for name, own in budget._domains.items() if own.out}
    return bool(asked) and bool(asked - {host.name for host in hosts if host.is_stuck})


async def _watch_loop(crawled: Crawled) -> None:
    while True:
        before = time.thread_time()  # not by the clock on the wall: other programs are at work too
        await asyncio.sleep(0.01)
        crawled.stall = max(crawled.stall, time.thread_time() - before)


@contextmanager
def _listening(errors: list[str]) -> Iterator[None]:
    """Note what is logged, by Scrapy and by Twisted."""

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            errors.append(self.format(record))

    def observe(event: dict[str, Any]) -> None:
        if event.get("isError"):
            errors.append(twisted_log.textFromEventDict(event) or "")  # type: ignore[no-untyped-call]

    listener = Listener(logging.WARNING)
    logging.getLogger().addHandler(listener)
    twisted_log.addObserver(observe)
    try:
        yield
    finally:
        twisted_log.removeObserver(observe)
        logging.getLogger().removeHandler(listener)


@contextmanager
def _weighing(crawled: Crawled) -> Iterator[None]:
    """Measure the peak of the resident memory (Linux; elsewhere nothing is measured)."""
    status = Path("/proc/self/status")
    if not status.exists():
        yield
        return
    Path("/proc/self/clear_refs").write_text("5")  # proc(5): resets the peak
    before = _kilobytes(status, "VmRSS")
    yield
    crawled.grown = (_kilobytes(status, "VmHWM") - before) * 1024


def _kilobytes(status: Path, name: str) -> int:
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith(f"{name}:"))
