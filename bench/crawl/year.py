"""``make bench-year``: a mirror of 100,000 articles kept for a year, on a simulated clock.

Prints what the site's own log says: requests of each run, new articles held after the next run, delays of edits.
With ``--archive`` the first crawl is kept, and later calls begin with the first refresh.
"""

import argparse
import os
import resource
import shutil
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.crawl.simulation import Found, SimulatedSite, judge, keep, make_articles
from newsspider.clock import SimulatedClock
from newsspider.crawl.process import run_reactor

START = datetime(2026, 1, 1, 3, tzinfo=UTC)

FIRST_CRAWL = timedelta(days=3)
"""Simulated time that the first crawl takes, and more."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000, help="articles of the years before")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--every", type=float, default=1.0, help="days between two runs")
    parser.add_argument("--new", type=float, default=3.0, help="new articles a day; 0: nothing ever changes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--archive", type=Path, help="where the first crawl is kept for later calls")
    parser.add_argument("--only", type=int, help="keep so many of the articles of the years before, the newest")
    parser.add_argument("--port", type=int, default=8931)
    options = parser.parse_args()
    articles = make_articles(
        options.seed, old=options.articles, start=START, days=options.days, new_per_day=options.new
    )
    # The newest come first: an archive whose first crawl was stopped is a whole mirror of a site with only those.
    articles = articles[max(0, options.articles - options.only) :] if options.only else articles
    site = SimulatedSite(articles, SimulatedClock(START))
    runs = int((options.days - FIRST_CRAWL.days) / options.every)
    moments = [START, *(START + FIRST_CRAWL + timedelta(days=options.every * number) for number in range(runs))]
    began = time.process_time()
    with tempfile.TemporaryDirectory() as name:
        os.environ["XDG_STATE_HOME"] = name
        archive = Path(name) / "archive"
        if options.archive is not None and options.archive.exists():
            shutil.copytree(options.archive, archive)
            moments = moments[1:]
        elif options.archive is not None:
            archive, moments = options.archive, moments[:1]
        run_reactor(lambda: keep(site, archive, moments, port=options.port))
    found = judge(site, moments)
    old = options.only or options.articles
    print(f"{found.runs} runs over {old:,} articles and {options.new:g} new ones a day")
    print(f"first run: {found.requests[0]:,} requests")
    if found.runs > 1:
        beyond = sorted(count - first for count, first in zip(found.requests, found.first_pages, strict=True))[:-1]
        print(
            f"a refresh beyond first pages: median {statistics.median(beyond):g}, most {beyond[-1]};"
            f" 0.1 % of the articles: {old * 0.001:g}"
        )
        print(f"new articles held after the next run: {found.new_held} of {found.new}")
        _print_found("edits", found.edits)
        _print_found("removals", found.removals)
    print(f"CPU: {time.process_time() - began:.0f} s, server included")
    print(f"resident: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB at most")


def _print_found(what: str, found: Found) -> None:
    print(
        f"{what}: {found.happened}, {found.due} of them due by the last run; seen in time: {found.in_time},"
        f" at all: {len(found.delays)}"
    )
    if found.delays:
        delays = sorted(found.delays)
        at = {share: delays[int(share * (len(delays) - 1))] for share in (0.5, 0.9, 1)}
        print("  seen " + ", ".join(f"{share:.0%} within {days:.1f} days" for share, days in at.items()))


if __name__ == "__main__":
    main()
