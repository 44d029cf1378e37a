"""How a site does: a verdict from its run reports, that catches what breaks in silence.

A run that fetches every page and finds nothing in them looks well to whoever counts requests. So a run is held
against the site's own past: what share of articles had a title, a date, a source; whether listings still list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

Report = dict[str, Any]

RANKS = ("broken", "degraded", "quiet", "healthy", "new")
"""Verdicts, the worst first. ``new``: no run has reported yet."""

WALLS = ("challenge", "login_required", "campus_only", "blocked", "robots_denied", "robots_unreachable")
"""Outcomes that stand between the crawl and the pages."""

ENOUGH = 5
"""Pages below which a share says nothing."""

BASELINE = 10
"""Runs before the one at hand that tell what is usual."""

QUIET_DAYS = 60
"""Days of term without a new article after which a site is called quiet, if it was not quiet that long before."""

HOLIDAYS = (((7, 10), (8, 31)), ((1, 15), (2, 25)))
"""Summer and winter holidays of Chinese universities: a section silent then is no alarm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How a site does, why, and since when."""

    verdict: str
    why: str
    since: str | None = None
    """Start of the first run in a row that says so, ISO 8601."""


def judge(reports: Sequence[Report], now: datetime) -> Verdict:
    """Return the verdict on a site from its reports, the newest first."""
    if not reports:
        return Verdict(verdict="new", why="not crawled yet")
    why = _trouble(reports)
    if why is None:
        return _quiet(reports, now) or Verdict(
            verdict="healthy", why=_good(reports[0]), since=reports[0]["started_at"]
        )
    verdict, words = why
    since = reports[0]
    for place in range(1, len(reports)):
        if (before := _trouble(reports[place:])) is None or before[0] != verdict:
            break
        since = reports[place]
    return Verdict(verdict=verdict, why=words, since=since["started_at"])


def _trouble(reports: Sequence[Report]) -> tuple[str, str] | None:
    last, past = reports[0], reports[1 : BASELINE + 1]
    for check in CHECKS:
        if (found := check(last, past)) is not None:
            return found
    return None


def _unreachable(last: Report, _: Sequence[Report]) -> tuple[str, str] | None:
    if last["outcomes"] and last["answers"] == 0:
        kinds = ", ".join(sorted(last["outcomes"]))
        return "broken", f"no page answered ({kinds}); see whether the site has moved, and correct its seeds"
    return None


def _wall(last: Report, _: Sequence[Report]) -> tuple[str, str] | None:
    walls = {name: last["outcomes"].get(name, 0) for name in WALLS}
    total = sum(last["outcomes"].values())
    if total and 2 * sum(walls.values()) > total:
        worst = max(walls, key=walls.__getitem__)
        return "broken", f"{sum(walls.values())} of {total} pages are behind a wall ({worst}); ask the webmaster"
    return None


def _moved(last: Report, past: Sequence[Report]) -> tuple[str, str] | None:
    moved = sum(last["outcomes"].get(name, 0) for name in ("redirected", "redirected_home", "out_of_scope"))
    total = sum(last["outcomes"].values())
    if total >= ENOUGH and 2 * moved > total and not any(_share(one, "redirected") > 0.5 for one in past):
        return "broken", f"{moved} of {total} pages lead elsewhere; the site seems to have moved: correct its seeds"
    return None


def _listings(last: Report, past: Sequence[Report]) -> tuple[str, str] | None:
    usual = [one["listings"] for one in past if one["requests"]]
    unchanged = last["outcomes"].get("not_modified", 0)
    if usual and median(usual) >= 1 and last["listings"] == 0 and unchanged == 0 and last["answers"]:
        return (
            "broken",
            f"no listing lists anything, where {median(usual):g} did before; the design may have changed",
        )
    return None


def _fields(last: Report, past: Sequence[Report]) -> tuple[str, str] | None:
    known = [one for one in past if one["articles"] >= ENOUGH]
    if last["articles"] < ENOUGH or not known:
        return None
    drops = {}
    for name in last["filled"]:
        usual = median(one["filled"].get(name, 0) / one["articles"] for one in known)
        drops[name] = usual - last["filled"][name] / last["articles"]
    worst = max(drops, key=drops.__getitem__)
    if drops[worst] >= 0.2:
        verdict = "broken" if drops[worst] >= 0.5 and worst in ("title", "published", "body") else "degraded"
        return verdict, f"{worst} is found {drops[worst]:.0%} less often than before; the design may have changed"
    return None


def _failures(last: Report, _: Sequence[Report]) -> tuple[str, str] | None:
    total = sum(last["outcomes"].values())
    if last["reason"] == "failure":
        return "degraded", "the last run could not go on to its end; run it again and read what it says"
    if last["failed"] and last["failed"] * 20 > total:
        return "degraded", f"{last['failed']} pages could not be fetched; the next run asks again"
    return None


CHECKS: tuple[Callable[[Report, Sequence[Report]], tuple[str, str] | None], ...] = (
    _unreachable,
    _wall,
    _moved,
    _listings,
    _fields,
    _failures,
)
"""What may be wrong, the worst first."""


def _share(report: Report, outcome: str) -> float:
    total = sum(report["outcomes"].values())
    return report["outcomes"].get(outcome, 0) / total if total else 0.0


def _quiet(reports: Sequence[Report], now: datetime) -> Verdict | None:
    """Tell whether nothing new has come for longer than it ever took before."""
    news = [_day(one) for one in reports if one["changed"].get("new")]
    if not news:
        return None
    gaps = [term_days(earlier, later) for later, earlier in pairwise(news)]
    silence = term_days(news[0], now.astimezone(UTC).date())
    if silence > max(QUIET_DAYS, 2 * max(gaps, default=0)):
        why = f"nothing new in {silence} days of term"
        return Verdict(verdict="quiet", why=why, since=news[0].isoformat())
    return None


def term_days(start: date, end: date) -> int:
    """Return the number of days after ``start`` up to ``end`` that are not in the holidays.

    >>> term_days(date(2026, 7, 1), date(2026, 9, 5)), term_days(date(2026, 3, 1), date(2026, 3, 31))
    (14, 30)
    """
    days = Counter(
        any(first <= (day.month, day.day) <= last for first, last in HOLIDAYS)
        for day in (start + timedelta(days=number + 1) for number in range((end - start).days))
    )
    return days[False]


def _day(report: Report) -> date:
    return datetime.fromisoformat(report["started_at"]).date()


def _good(last: Report) -> str:
    changed = ", ".join(f"{count} {kind}" for kind, count in sorted(last["changed"].items()))
    return f"last run: {last['requests']} requests, {changed or 'nothing changed'}"
