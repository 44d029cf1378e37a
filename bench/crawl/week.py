"""``make bench-week``: a week of cron, four runs a day, most of them killed; the mirror must be that of unbroken runs.

Each run is a process of its own, with the real spider on a simulated clock. The site counts the requests and has
the process killed (SIGKILL) when the number drawn for it comes in. Articles come, change and go at night; the last
run of a day is let live. Some runs a year later see what was revisited late, so that in the end both mirrors have
seen everything.
"""

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.crawl.simulation import SITE, Article, SimulatedSite, make_articles
from newsspider.archive.folder import Archive, open_archive
from newsspider.clock import SimulatedClock
from newsspider.crawl.process import crawl_sites
from newsspider.crawl.run import begin_run
from newsspider.sites import parse_site
from pipelines.store.records import to_dict

PROJECT = Path(__file__).parents[2]

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
HOURS = (6, 12, 18, 23)
"""When cron starts a run; the last of a day is not killed."""

CLOSING = tuple(MONDAY + timedelta(days=400 + number) for number in range(8))
"""Runs a year later."""

Moment = tuple[datetime, int | None]
"""A run, and the request at which it is killed; None: it is let live."""


class KillingSite(SimulatedSite):
    """Calls ``at_zero`` when so many requests have come in."""

    def __init__(self, articles: Sequence[Article], clock: SimulatedClock) -> None:
        super().__init__(articles, clock)
        self.left: int | None = None
        self.at_zero: Callable[[], None] = lambda: None

    def answer(self, path: str, known: str | None) -> bytes:
        if self.left is not None:
            self.left -= 1
            if self.left == 0:
                self.at_zero()
        return super().answer(path, known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What came of a week."""

    records: Counter[str]
    """Lines of the dataset without times and places, and how often each is there."""
    runs: int
    killed: int
    requests: int


def changes_at_night(articles: Sequence[Article]) -> list[Article]:
    """Return articles that come, change and go at midnight, so that every run of a day sees the same site."""

    def midnight(moment: datetime) -> datetime:
        return moment.replace(hour=0, minute=0, second=0, microsecond=0)

    return [
        Article(
            number=one.number,
            created=midnight(one.created),
            edited=sorted({midnight(edit) + timedelta(days=1) for edit in one.edited}),
            removed=midnight(one.removed) if one.removed else None,
        )
        for one in articles
    ]


def plan(seed: int, days: int, *, kill: bool) -> list[Moment]:
    """Return the runs of the week and the closing ones."""
    rng = random.Random(seed)
    runs: list[Moment] = []
    for day in range(days):
        for hour in HOURS:
            at = rng.randint(1, 60 if day == 0 else 12) if kill and hour != HOURS[-1] else None
            runs.append((MONDAY + timedelta(days=day, hours=hour), at))
    return [*runs, *((moment, None) for moment in CLOSING)]


async def keep(site: KillingSite, home: Path, moments: Sequence[Moment], port: int) -> Kept:
    """Have every run made by a process of its own, kill those that are to be killed, and look at what is there."""
    killed = 0
    async with site.serve(port) as origin:
        for moment, at in moments:
            site.clock.move_to(moment)
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bench.crawl.week", "--run", moment.isoformat(), origin, str(home),
                env={**os.environ, "XDG_STATE_HOME": str(home)}, cwd=PROJECT,
            )  # fmt: skip
            site.left, site.at_zero = at, process.kill
            code = await process.wait()
            site.left = None
            if code not in (0, -9):
                raise SystemExit(f"the run of {moment} ended with {code}")
            killed += code == -9
    records = Counter(map(_canonical, open_archive(home / "archive").records()))
    return Kept(records=records, runs=len(moments), killed=killed, requests=len(site.log))


def _canonical(record: object) -> str:
    """Return what a record says, without when and where."""
    told = to_dict(record)
    told["captures"] = [(ref["uri_m"].partition("/")[2], ref["payload_digest"]) for ref in told["captures"]]
    return json.dumps(told, ensure_ascii=False)


def run_once(moment: datetime, origin: str, home: Path) -> int:
    """Make one run, in this process."""
    entry = parse_site(SITE.format(origin=origin), name="week", allow_private=True)
    run = begin_run(Archive(home / "archive"), clock=SimulatedClock(moment), allow_private=True)
    (result,) = crawl_sites(run, [entry], settings={"LOG_LEVEL": "ERROR"}, watch=lambda _: None)
    if result.error is not None:
        print(f"{moment}: {result.error}", file=sys.stderr)
    return int(result.error is not None)


def week(seed: int, days: int, moments: Sequence[Moment], port: int) -> Kept:
    """Keep a mirror of a site that lives for some days, and return what came of it."""
    articles = changes_at_night(make_articles(seed, old=60, start=MONDAY, days=days, new_per_day=6))
    site = KillingSite(articles, SimulatedClock(MONDAY))
    with tempfile.TemporaryDirectory() as home:
        return asyncio.run(keep(site, Path(home), moments, port))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--port", type=int, default=8932, help="of the site: addresses stand in the records")
    parser.add_argument("--run", nargs=3, metavar=("MOMENT", "ORIGIN", "HOME"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        moment, origin, home = options.run
        raise SystemExit(run_once(datetime.fromisoformat(moment), origin, Path(home)))
    seed, days, port = options.seed, options.days, options.port
    unbroken = week(seed, days, plan(seed, days, kill=False), port)
    broken = week(seed, days, plan(seed, days, kill=True), port)
    print(f"unbroken: {unbroken.runs} runs, {unbroken.requests} requests, {unbroken.records.total()} records")
    print(
        f"killed:   {broken.runs} runs, {broken.killed} of them killed, {broken.requests} requests,"
        f" {broken.records.total()} records"
    )
    lost, more = unbroken.records - broken.records, broken.records - unbroken.records
    print(f"lost: {lost.total()}, too many: {more.total()}")
    for record in (*lost, *more):
        print(f"  {record[:200]}")
    raise SystemExit(bool(lost or more))


if __name__ == "__main__":
    main()
