"""``make bench-year``: a mirror of 100,000 articles kept for a year, one run a day, on a simulated clock.

Prints what the site's own log says: requests of each run, new articles held after the next run, delays of edits.
"""

import argparse
import os
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.simulation import SimulatedSite, judge, keep, make_articles
from newsspider.clock import SimulatedClock
from newsspider.crawl.process import run_reactor

START = datetime(2026, 1, 1, 3, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000, help="articles of the years before")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--new", type=float, default=3.0, help="new articles a day")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    articles = make_articles(
        options.seed, old=options.articles, start=START, days=options.days, new_per_day=options.new
    )
    clock = SimulatedClock(START)
    site = SimulatedSite(articles, clock)
    # The first run takes its own time: a day and more at one request a second.
    first = START
    began = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = folder
        moments = [first, *(first + timedelta(days=3 + day) for day in range(options.days - 3))]
        run_reactor(lambda: keep(site, Path(folder) / "archive", moments))
    found = judge(site, moments)
    later = sorted(found.requests[1:])
    unchanged = options.articles * 0.001
    print(f"{found.runs} runs over {options.articles:,} articles and {options.new:g} new ones a day")
    print(f"first run: {found.requests[0]:,} requests")
    print(f"a refresh: median {statistics.median(later):g}, most {later[-1]}; 0.1 % of the articles: {unchanged:g}")
    print(f"new articles held after the next run: {found.new_held} of {found.new}")
    delays = found.edit_delays
    if delays:
        print(f"edits found: {len(delays)} of {found.edits}, delay median {statistics.median(delays):.1f} days")
    print(f"removed articles found: {found.removed_found} of {found.removed}")
    print(f"CPU: {time.process_time() - began:.0f} s, server included")


if __name__ == "__main__":
    main()
