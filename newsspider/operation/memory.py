"""What a report remembers of the runs before it, so that one report is enough to judge a site.

Each run takes over what the last report remembers and adds what it saw itself: how the last articles were filled
and how articles usually are, which listings list, when something new came. A site with one article a week is
judged like one with a hundred a day, and nobody reads a thousand reports.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from newsspider.operation.tally import LATELY
from newsspider.operation.terms import term_days

if TYPE_CHECKING:
    from newsspider.operation.tally import Tally

USUALLY = 200
"""Articles before them that stand for how it usually is: what is longer ago fades."""

LISTINGS = 200
"""Listings that are remembered."""

Memory = dict[str, Any]

NOTHING: Memory = {
    "articles": [],  # the fields found in each of the last articles
    "usual": {"articles": 0, "filled": {}},  # of how many articles before them so many had a field
    "named": [],  # whether each of the last pages that listings name is an article
    "paging": [],  # whether each of the last further pages of listings lists anything
    "rows": {},  # for each listing its rows when it was last read, and the most that it ever had
    "news": {"last": None, "longest_gap": 0},  # day of the last new article; most days of term between two
    "every": None,  # seconds from one run to the next, as it is usual
}


def remember(before: Memory, tally: Tally, *, started_at: datetime, last_started_at: datetime | None) -> Memory:
    """Return what the report of a run remembers: what the report before it did, and what the run saw."""
    articles = [*before["articles"], *map(list, tally.last_articles)]
    return {
        "articles": articles[-LATELY:],
        "usual": _fade(before, tally, articles[-LATELY:]),
        "named": [*before["named"], *tally.named][-LATELY:],
        "paging": [*before["paging"], *tally.paging][-LATELY:],
        "rows": _rows(before["rows"], tally.rows),
        "news": _news(before["news"], started_at.date()) if tally.changed["new"] else before["news"],
        "every": _every(before["every"], started_at, last_started_at),
    }


def _fade(before: Memory, tally: Tally, lately: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Return how articles usually are, with those that do not count as the last any more."""
    usual = before["usual"]
    filled = Counter(usual["filled"]) + _count(before["articles"]) + tally.filled
    filled.subtract(_count(lately))
    articles = usual["articles"] + len(before["articles"]) + tally.articles - len(lately)
    scale = min(1.0, USUALLY / articles) if articles else 1.0
    shares = {name: round(count * scale, 2) for name, count in sorted(filled.items())}
    return {"articles": round(articles * scale, 2), "filled": shares}


def _count(articles: Iterable[Iterable[str]]) -> Counter[str]:
    return Counter(name for filled in articles for name in filled)


def _rows(before: Mapping[str, Sequence[int]], now: Mapping[str, int | None]) -> dict[str, list[int]]:
    rows = {uri: list(counts) for uri, counts in before.items() if now.get(uri, 0) is not None}
    for uri, count in now.items():
        if count is not None:
            rows[uri] = [count, max(count, rows.get(uri, [0, 0])[1])]
    return dict(sorted(rows.items())[:LISTINGS])


def _news(before: Mapping[str, Any], today: date) -> dict[str, Any]:
    gap = term_days(date.fromisoformat(before["last"]), today) if before["last"] else 0
    return {"last": today.isoformat(), "longest_gap": max(gap, before["longest_gap"])}


def _every(before: float | None, started_at: datetime, last_started_at: datetime | None) -> float | None:
    if last_started_at is None:
        return before
    seconds = (started_at - last_started_at).total_seconds()
    return round(seconds if before is None else 0.7 * before + 0.3 * seconds)
