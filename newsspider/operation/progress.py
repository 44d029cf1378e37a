"""What a person sees while a crawl runs: a live table on a terminal, a plain line now and then in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from newsspider.printing import counted, err, make_table

if TYPE_CHECKING:
    from rich.table import Table

    from newsspider.crawl.process import Watch
    from newsspider.operation.tally import Tally

MOST_ROWS = 20
"""Sites shown at once; the busiest first."""

LINE_EVERY = 30.0
"""Seconds between two lines in a log."""


@contextmanager
def show_progress() -> Iterator[Watch]:
    """Show the progress of a crawl on stderr; yields what the crawl is to call with its tallies."""
    if not err.is_terminal:
        yield _log_lines()
        return
    from rich.live import Live

    with Live(console=err, refresh_per_second=4, transient=True) as live:
        yield lambda tallies: live.update(_table(tallies))


def _table(tallies: dict[str, Tally]) -> Table:
    busiest = sorted(tallies.items(), key=lambda item: -item[1].requests)[:MOST_ROWS]
    rows = [
        (site, f"{tally.requests:,}", f"{tally.articles:,}", f"{tally.bytes // 1024:,}", tally.last_uri)
        for site, tally in sorted(busiest)
    ]
    total = sum(tally.requests for tally in tallies.values())
    heads = ("site", "requests", "articles", "KiB", "last")
    return make_table(
        heads, rows, width=err.width, title=f"{counted(len(tallies), 'site')}, {counted(total, 'request')}"
    )


def _log_lines() -> Watch:
    begun = last = time.monotonic()

    def watch(tallies: dict[str, Tally]) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= LINE_EVERY:
            last = now
            requests = sum(tally.requests for tally in tallies.values())
            articles = sum(tally.articles for tally in tallies.values())
            done = ", ".join(
                (counted(len(tallies), "site"), counted(requests, "request"), counted(articles, "article"))
            )
            print(f"{now - begun:.0f} s: {done}", file=sys.stderr, flush=True)

    return watch
