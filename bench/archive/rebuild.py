"""``make bench-archive``: is an archive made anew from its WARC the same, and how fast is that?

Usage: ``python -m bench.archive.rebuild [--articles N] [--rounds N] [--all] [--keep DIR]``. The archive is filled
through the door that a crawl uses, without a network: a simulated site is asked for whatever is due, on three days of
a simulated calendar, so that there are responses, both kinds of revisit, new and edited articles. Times are those
of the processor.
"""

import argparse
import hashlib
import os
import resource
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time
from typing import TypeVar

from bench.crawl.simulation import SITE, SimulatedSite, make_articles
from newsspider.archive.dataset import Dataset
from newsspider.archive.folder import Archive, find_capture
from newsspider.archive.listings import Listings
from newsspider.archive.rebuild import MAKING, compare, make_views, take_views
from newsspider.archive.recovery import open_views
from newsspider.archive.verify import verify_site
from newsspider.clock import SimulatedClock
from newsspider.crawl.run import begin_run
from newsspider.crawl.session import Session
from newsspider.frontier.agenda import Due
from newsspider.frontier.database import remove_database
from newsspider.frontier.ledger import Ledger
from newsspider.sites import parse_site
from pipelines.model import Exchange, Site
from pipelines.normalise.record import Models
from pipelines.uri import host_of

T = TypeVar("T")

START = datetime(2026, 3, 1, 3, tzinfo=UTC)
DAYS = 6
REVISIT = "[revisit]\nlisting_days = 1\ndeep_days = 1\narticle_days = 1\narticle_max_days = 1\n"
"""Everything is due again on the next day."""

ORIGIN = "http://news.hill.example"
FURNITURE = "".join(
    f'<li class="item-{number}"><a href="/channel/{number}.htm" target="_blank" title="栏目{number}">栏目{number}</a></li>\n'
    for number in range(80)
)
"""What surrounds the article of a real page: about 8 kB."""


def main() -> None:
    """Fill an archive, make its views anew, and print the figures. The exit code is 1 where anything differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3, help="runs, two days apart")
    parser.add_argument("--keep", type=Path, help="folder for the archive; without it, it is removed at the end")
    parser.add_argument("--all", action="store_true", help="--diff, recovery and verify too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        os.environ["XDG_STATE_HOME"] = name
        sys.exit(
            measure(
                options.keep or Path(name) / "archive", options.articles, options.rounds, everything=options.all
            )
        )


def measure(home: Path, articles: int, rounds: int, *, everything: bool) -> int:
    """Print the figures; return the exit code."""
    site = parse_site(SITE.format(origin=ORIGIN) + REVISIT, name="hill.toml")
    seconds, kept = timed(lambda: fill(Archive(home), site, articles, rounds))
    folder = Archive(home).site_folder(site.id)
    before = lines(folder), dump(folder, site)
    captures, megabytes = sum(kept.values()), sum(path.stat().st_size for path in folder.glob("warc/*.gz")) / 1e6
    print(
        f"{captures:,} captures, {megabytes:.0f} MB of WARC: "
        + ", ".join(f"{n:,} {kind}" for kind, n in kept.items())
    )
    count = sum(len(data.splitlines()) for data in before[0].values())
    print(f"{count:,} lines of records in {len(before[0])} files")
    same = []

    def report(what: str, work: Callable[[], object]) -> None:
        took, _ = timed(work)
        same.append((lines(folder), dump(folder, site)) == before)
        verdict = "the same, byte for byte" if same[-1] else "DIFFERENT"
        print(f"{what:45}{took:7.1f} s {captures / took:9,.0f} captures/s   {verdict}")

    print(f"{'the crawl itself: WARC, ledger, records':45}{seconds:7.1f} s {captures / seconds:9,.0f} captures/s")
    report("rebuild: ledger and records", lambda: rebuild(folder, site, records=True))
    report("rebuild --ledger", lambda: rebuild(folder, site, records=False))
    if everything:
        report("rebuild --diff", lambda: show_difference(folder, site))
        report("recovery without a ledger", lambda: recover_without_ledger(folder, site))
        report("verify --full", lambda: verify(folder, site))
    took, _ = timed(
        lambda: [find_capture(Archive(home), f"{ORIGIN}/info/1001/{number}.htm") for number in range(1000, 1200)]
    )
    print(f"{'the newest capture of an address':45}{took / 200 * 1000:7.2f} ms")
    print(f"memory at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return 0 if all(same) else 1


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Return the processor's seconds, and the result."""
    start = process_time()
    result = work()
    return process_time() - start, result


# ── filling ────────────────────────────────────────────────────────────────────────────────────────────────


def fill(archive: Archive, site: Site, articles: int, rounds: int) -> Counter[str]:
    """Keep what is due, run after run; return how many captures of each kind there are."""
    clock = SimulatedClock(START)
    lives = make_articles(1, old=articles, start=START, days=DAYS, new_per_day=articles / 2000)
    simulated = SimulatedSite(lives, clock)
    kept: Counter[str] = Counter()
    for number in range(rounds):
        clock.move_to(START + timedelta(days=2 * number))
        run = begin_run(archive, clock=clock)
        session = Session(run, site)
        while batch := session.pace.due(200):
            for due in batch:
                clock.move_to(clock.now() + timedelta(milliseconds=50))
                capture, _ = session.keep(ask(simulated, due, clock.now()))
                kept[(capture.profile or f"status {capture.status}").rpartition("/")[2]] += 1
        session.close()
        run.budget.close()
        if session.failure is not None:
            raise session.failure
    return kept


def ask(simulated: SimulatedSite, due: Due, now: datetime) -> Exchange:
    """Return an exchange with the site. It honours the ETags of every second page."""
    path = due.uri.removeprefix(ORIGIN)
    knows_tags = int(hashlib.sha256(path.encode()).hexdigest(), 16) % 2
    response = simulated.answer(path, due.etag if knows_tags else None)
    return Exchange(
        target_uri=due.uri,
        started_at=now,
        request=f"GET {path} HTTP/1.1\r\nHost: {host_of(due.uri)}\r\n\r\n".encode(),
        response=furnish(response),
        ip="192.0.2.1",
        hints=due.hints,
    )


def furnish(response: bytes) -> bytes:
    """Return a response whose page has the furniture of a real one."""
    head, _, body = response.partition(b"\r\n\r\n")
    if b"<h1>" not in body:
        return response
    body = body.replace(b"</body>", f'<ul class="menu">{FURNITURE}</ul></body>'.encode())
    length = b"Content-Length: %d" % len(body)
    return b"\r\n".join(length if line.startswith(b"Content-Length:") else line for line in head.split(b"\r\n")) + (
        b"\r\n\r\n" + body
    )


# ── making anew ────────────────────────────────────────────────────────────────────────────────────────────


def rebuild(folder: Path, site: Site, *, records: bool) -> None:
    """Make the views anew, and take them."""
    make_views(folder, site, Models(), records=records)
    take_views(folder)


def show_difference(folder: Path, site: Site) -> None:
    """Compare the records with what they would be."""
    make_views(folder, site, Models(), records=True)
    found = compare(folder / "records", folder / MAKING / "records")
    if found.changed or found.only_old or found.only_new:
        print(f"{found.changed} changed, {found.only_old} only old, {found.only_new} only new: {found.fields}")


def recover_without_ledger(folder: Path, site: Site) -> None:
    """Remove the ledger, and open the site as the next run does."""
    remove_database(folder / "ledger.sqlite")
    views, _ = open_views(folder, site, Models())
    views.close()


def verify(folder: Path, site: Site) -> None:
    """Verify everything."""
    for fault in verify_site(folder, site, Models(), now=datetime.now(UTC), full=True).faults:
        print(fault)


def lines(folder: Path) -> dict[str, bytes]:
    """Return the files of the dataset."""
    return {path.name: path.read_bytes() for path in sorted((folder / "records").glob("*"))}


def dump(folder: Path, site: Site) -> str:
    """Return the digest of the ledger's canonical dump, and of the views beside it."""
    digest = hashlib.sha256()
    ledger = Ledger(folder / "ledger.sqlite", site)
    for view in (ledger, Listings(site, ledger), Dataset(folder / "records", site, ledger.connection)):
        for row in view.dump():
            digest.update(repr(row).encode("utf-8", "surrogatepass"))
    ledger.close()
    return digest.hexdigest()


if __name__ == "__main__":
    main()
