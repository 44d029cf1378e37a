"""The verdict on a site that only time can tell: silence, holidays, runs that do not come."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from newsspider.operation.report import make_report
from newsspider.operation.status import Verdict, judge
from newsspider.operation.tally import Tally
from newsspider.operation.terms import term_days
from pipelines.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

MARCH = datetime(2026, 3, 1, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)


def run(at: datetime, before: dict[str, Any] | None = None, *, new: bool = False, **seen: Any) -> dict[str, Any]:
    """Return the report of a run that read one page, and found something new or not."""
    tally = Tally(requests=1, answers=1, **seen)
    tally.outcomes[Outcome.OK] += 1
    if new:
        tally.changed["new"] += 1
    return make_report(
        tally, site="hill", run="r", started_at=at, ended_at=at + HOUR, reason="finished", before=before
    )


def runs(moments: Iterable[datetime], *, news: Iterable[date]) -> dict[str, Any] | None:
    """Return the last report of many runs, some of which found something new."""
    last, days = None, set(news)
    for moment in moments:
        last = run(moment, last, new=moment.date() in days)
    return last


def daily(start: datetime, days: int) -> list[datetime]:
    return [start + timedelta(days=number) for number in range(days)]


def test_without_reports_a_site_is_new() -> None:
    assert judge(None, MARCH) == Verdict(verdict="new", why="not crawled yet")


def test_silence_longer_than_ever_is_quiet() -> None:
    moments = daily(MARCH, 75)
    last = runs(moments, news=[date(2026, 3, 1), date(2026, 3, 8)])
    assert judge(last, moments[67]).verdict == "healthy"
    found = judge(last, moments[-1] + HOUR)
    assert (found.verdict, found.why, found.since) == ("quiet", "nothing new in 67 days of term", "2026-03-08")


def test_a_section_silent_in_august_is_no_alarm() -> None:
    moments = daily(datetime(2026, 5, 1, tzinfo=UTC), 155)
    last = runs(moments, news=[moment.date() for moment in moments[:60]])
    assert judge(last, datetime(2026, 9, 10, tzinfo=UTC)).verdict != "quiet"
    assert judge(runs(moments, news=[date(2026, 5, 1)]), moments[-1]).verdict == "quiet"


def test_a_site_that_is_seldom_new_is_not_called_quiet_at_once() -> None:
    moments = daily(MARCH, 125)
    last = runs(moments, news=[date(2026, 3, 1), date(2026, 4, 20)])  # 50 days between two
    assert judge(last, moments[-1]).verdict == "healthy"  # 73 days after


def test_a_site_without_any_news_is_healthy() -> None:
    moments = daily(MARCH, 100)
    assert judge(runs(moments, news=[]), moments[-1]).verdict == "healthy"


@pytest.mark.parametrize(
    ("every", "silence", "verdict"), [(1, 4, "degraded"), (7, 8, "healthy"), (7, 30, "degraded")]
)
def test_runs_that_do_not_come_are_missed_by_what_is_usual(every: int, silence: int, verdict: str) -> None:
    moments = [MARCH + timedelta(days=every * number) for number in range(5)]
    found = judge(runs(moments, news=[]), moments[-1] + timedelta(days=silence))
    assert found.verdict == verdict


def test_a_few_failures_are_no_alarm_and_many_are() -> None:
    one = run(MARCH, failing={"http://hill.example/1": (None, "timeout")})
    assert one["verdict"]["verdict"] == "degraded"
    assert one["verdict"]["why"] == "1 pages could not be fetched; the next run asks again"
    tally = Tally(requests=40, answers=40, failing={"http://hill.example/1": (None, "timeout")})
    tally.outcomes.update({Outcome.OK: 39, Outcome.TIMEOUT: 1})
    report = make_report(tally, site="hill", run="r", started_at=MARCH, ended_at=MARCH, reason="finished")
    assert report["verdict"]["verdict"] == "healthy"


def test_a_run_that_failed_says_why() -> None:
    error = ValueError("the disk is full")
    report = make_report(
        Tally(), site="hill", run="r", started_at=MARCH, ended_at=MARCH, reason="failure", error=error
    )
    assert (report["verdict"]["verdict"], report["verdict"]["why"]) == ("broken", "the disk is full")


def test_term_days_of_nothing() -> None:
    assert term_days(date(2026, 5, 1), date(2026, 5, 1)) == 0
