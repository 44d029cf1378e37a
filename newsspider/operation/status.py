"""How a site does: a verdict from its last run report, that catches what breaks in silence.

A run that fetches every page and finds nothing in them looks well to whoever counts requests. So a run is held
against the site's own past: whether listings still list, whether what they name is still an article, what share of
articles had a title, a date, a source.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from newsspider.operation.terms import term_days
from newsspider.printing import counted

Report = dict[str, Any]

RANKS = ("broken", "degraded", "quiet", "healthy", "new")
"""Verdicts, the worst first. ``new``: no run has reported yet."""

WALLS = frozenset(
    ("challenge", "login_required", "campus_only", "blocked", "robots_denied", "needs_javascript", "maintenance")
)
"""Outcomes that stand between the crawl and the pages."""

SILENT = frozenset(
    ("timeout", "dns_error", "connection_error", "tls_error", "robots_unreachable", "server_error", "truncated")
)
"""Outcomes of a site that is down."""

MOVED = frozenset(("redirected", "redirected_home", "out_of_scope"))

FEW = 5
"""Pages below which a share says nothing."""

MANY = 20
"""Articles below which nothing is known of what is usual."""

DROP = 0.2
"""How much seldomer a field may be found than usual. A title, date or body by ``BREAK``: a new design."""

BREAK = 0.5

SIGMAS = 2.5
"""A drop that chance explains is none: standard deviations of a share of so many articles."""

QUIET_DAYS = 60
"""Days of term without a new article after which a site is called quiet, if it was not quiet that long before."""

STALE = timedelta(days=3)
"""Time without a run after which somebody should look at cron, unless the runs were always that far apart."""

Trouble = tuple[str, str]
"""Verdict, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How a site does, why, and since when."""

    verdict: str
    why: str
    since: str | None = None
    """Start of the first run in a row that says so, ISO 8601."""


def judge(last: Report | None, now: datetime) -> Verdict:
    """Return the verdict on a site from its last report; None where no run has reported yet."""
    if last is None:
        return Verdict(verdict="new", why="not crawled yet")
    found = Verdict(**last["verdict"])
    if found.verdict == "healthy":
        return _find_stale(last, now) or _find_quiet(last, now) or found
    return found


def judge_run(report: Report, before: Report | None) -> Verdict:
    """Return the verdict on a site right after a run; ``before`` is the report of the run before it."""
    verdict, why = next(filter(None, (check(report) for check in CHECKS)), ("healthy", _good(report)))
    goes_on = before is not None and before["verdict"]["verdict"] == verdict
    return Verdict(
        verdict=verdict, why=why, since=before["verdict"]["since"] if before and goes_on else report["started_at"]
    )


# ── what may be wrong ──


def _unopened(report: Report) -> Trouble | None:
    return ("broken", report["error"]) if report["error"] and not report["outcomes"] else None


def _silent(report: Report) -> Trouble | None:
    outcomes = report["outcomes"]
    if outcomes and outcomes.keys() <= SILENT:
        kinds = ", ".join(sorted({*outcomes, *(SILENT & report["robots"].keys())}))
        return "broken", f"no page answered ({kinds}); see whether the site has moved, and correct its seeds"
    return None


def _walled(report: Report) -> Trouble | None:
    outcomes = report["outcomes"]
    walls = {name: count for name, count in outcomes.items() if name in WALLS}
    count, total = sum(walls.values()), sum(outcomes.values())
    if walls and (2 * count > total or _all_seeds(report, WALLS)):
        worst = max(walls, key=walls.__getitem__)
        if worst == "needs_javascript":
            return "broken", f"{count} of {total} pages are empty without JavaScript; the design may have changed"
        return "broken", f"{count} of {total} pages are behind a wall ({worst}); ask the webmaster"
    return None


def _moved(report: Report) -> Trouble | None:
    moved = sum(report["outcomes"].get(name, 0) for name in MOVED)
    total = sum(report["outcomes"].values())
    if _all_seeds(report, MOVED) and 2 * moved > total and not any(report["rows"].values()):
        return "broken", f"{moved} of {total} pages lead elsewhere; the site seems to have moved: correct its seeds"
    return None


def _lost_seeds(report: Report) -> Trouble | None:
    gone = [uri for uri, outcome in report["seeds"].items() if outcome in ("gone", "soft_404")]
    if not gone:
        return None
    verdict = "broken" if len(gone) == len(report["seeds"]) else "degraded"
    return verdict, f"{_name(gone)}: not there any more; correct the seeds of the site"


def _dead_listings(report: Report) -> Trouble | None:
    listed = {uri: now for uri, (now, most) in report["memory"]["rows"].items() if most}
    dead = [uri for uri, now in listed.items() if now == 0]
    if not dead:
        return None
    verdict = "broken" if 2 * len(dead) > len(listed) else "degraded"
    words = f"{len(dead)} of {len(listed)} listings list nothing any more ({_name(dead)})"
    return verdict, f"{words}; the design may have changed"


def _dead_pages(report: Report) -> Trouble | None:
    pages = report["memory"]["paging"]
    if len(pages) >= FEW and 2 * sum(pages) < len(pages):
        dead = len(pages) - sum(pages)
        return "degraded", f"of the last {len(pages)} further pages of listings {dead} list nothing any more"
    return None


def _lost_articles(report: Report) -> Trouble | None:
    pages = report["memory"]["named"]
    if len(pages) >= FEW and 2 * sum(pages) < len(pages) and report["memory"]["usual"]["articles"] >= MANY:
        return "broken", f"of the last {len(pages)} pages that listings name only {sum(pages)} are articles"
    return None


def _lost_fields(report: Report) -> Trouble | None:
    drops = {
        name: drop for name, (now, usual) in field_shares(report).items() if (drop := _drop(now, usual, report))
    }
    worst = max(drops, key=drops.__getitem__, default=None)
    if worst is None:
        return None
    verdict = "broken" if drops[worst] >= BREAK and worst in ("title", "published", "body") else "degraded"
    return verdict, f"{worst} is found {drops[worst]:.0%} less often than before; the design may have changed"


def _drop(now: float | None, usual: float | None, report: Report) -> float:
    """Return by how much a share has dropped, 0 where that is little or may be chance."""
    if now is None or usual is None:
        return 0.0
    sigma: float = (usual * (1 - usual) / len(report["memory"]["articles"])) ** 0.5
    drop = round(usual - now, 6)
    return drop if drop >= max(DROP, SIGMAS * sigma) else 0.0


def _failed(report: Report) -> Trouble | None:
    if report["reason"] == "failure":
        return "degraded", report["error"] or "the last run could not go on to its end; run it again"
    if report["failed"] and report["failed"] * 20 > sum(report["outcomes"].values()):
        return "degraded", f"{report['failed']} pages could not be fetched; the next run asks again"
    return None


CHECKS: tuple[Callable[[Report], Trouble | None], ...] = (
    _unopened,
    _silent,
    _walled,
    _moved,
    _lost_seeds,
    _dead_listings,
    _lost_articles,
    _lost_fields,
    _dead_pages,
    _failed,
)
"""What may be wrong, the worst first."""


def field_shares(report: Report) -> dict[str, tuple[float | None, float | None]]:
    """Return for each field the share of the last articles that have it, and the usual one; None for too few."""
    lately, usual = report["memory"]["articles"], report["memory"]["usual"]
    return {
        name: (
            sum(name in filled for filled in lately) / len(lately) if len(lately) >= FEW else None,
            usual["filled"].get(name, 0) / usual["articles"] if usual["articles"] >= MANY else None,
        )
        for name in report["filled"]
    }


def _all_seeds(report: Report, outcomes: Collection[str]) -> bool:
    return bool(report["seeds"]) and all(outcome in outcomes for outcome in report["seeds"].values())


def _name(uris: Sequence[str]) -> str:
    return uris[0] if len(uris) == 1 else f"{uris[0]} and {len(uris) - 1} more"


# ── what time tells ──


def _find_stale(last: Report, now: datetime) -> Verdict | None:
    """Tell whether the runs have stopped coming."""
    silence = now - datetime.fromisoformat(last["ended_at"])
    if silence > max(STALE, timedelta(seconds=3 * (last["memory"]["every"] or 0))):
        why = f"no run has reported for {silence.days} days; see whether cron still starts them"
        return Verdict(verdict="degraded", why=why, since=last["ended_at"])
    return None


def _find_quiet(last: Report, now: datetime) -> Verdict | None:
    """Tell whether nothing new has come for longer than it ever took before."""
    news = last["memory"]["news"]
    if news["last"] is None:
        return None
    silence = term_days(date.fromisoformat(news["last"]), now.astimezone(UTC).date())
    if silence > max(QUIET_DAYS, 2 * news["longest_gap"]):
        return Verdict(verdict="quiet", why=f"nothing new in {silence} days of term", since=news["last"])
    return None


def _good(last: Report) -> str:
    changed = ", ".join(f"{count} {kind}" for kind, count in sorted(last["changed"].items()))
    return f"last run: {counted(last['requests'], 'request')}, {changed or 'nothing changed'}"
