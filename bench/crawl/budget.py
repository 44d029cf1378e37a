"""``make bench-budget``: the budget of a registrable domain over several processes, as the servers' logs show it.

Starts as many ``newsspider crawl`` processes at once, each with a site of its own on a host of its own, all of them of
one registrable domain, and looks at every span of time in the joined logs of the servers.
"""

from __future__ import annotations

import argparse
import tempfile
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from newsspider.clock import Clock
from tests.hostile.processes import crawl_in_processes
from tests.hostile.web import Host, article, listing, most_in_window, running

WINDOWS = (1, 2, 5, 10, 30, 60)
"""Delays in a span of time."""


def main() -> None:
    """Crawl, and print the most requests of any span."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--articles", type=int, default=60, help="of each site")
    parser.add_argument("--delay", type=float, default=1.0)
    options = parser.parse_args()
    paths = [f"/{number}.htm" for number in range(1, options.articles + 1)]
    pages = {path: article(number % 28 + 1) for number, path in enumerate(paths)}
    hosts = {
        f"faculty{number}.hill.edu.cn": Host({"/": listing(*paths), **pages}, Clock())
        for number in range(1, options.processes + 1)
    }
    with tempfile.TemporaryDirectory() as folder, running(list(hosts.values())):
        codes = crawl_in_processes(Path(folder), hosts, delay=options.delay)
    log = sorted((asked for host in hosts.values() for asked in host.log), key=lambda asked: asked.at)
    gaps = [(later.at - earlier.at) / timedelta(seconds=1) for earlier, later in pairwise(log)]
    turns = sum(earlier.field("Host") != later.field("Host") for earlier, later in pairwise(log))
    print(
        f"{options.processes} processes (exit codes {codes}), one registrable domain, delay {options.delay:g} s:"
        f" {len(log)} requests, {turns} times another host than before; shortest gap {min(gaps):.3f} s.\n"
    )
    print("| span | requests allowed | most in any such span |\n|---|---|---|")
    for window in WINDOWS:
        span = window * options.delay
        print(f"| {span:g} s | {window} | {most_in_window(log, span)} |")


if __name__ == "__main__":
    main()
