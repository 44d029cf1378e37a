"""The verdict on a site, from run reports as runs write them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from newsspider.operation.status import judge, term_days

NOW = datetime(2026, 5, 20, tzinfo=UTC)


def report(days_ago: int, **other: Any) -> dict[str, Any]:
    """A good run: 20 requests, 3 listings, 10 articles with every field."""
    good = {
        "started_at": (NOW - timedelta(days=days_ago)).isoformat(timespec="seconds"),
        "reason": "finished",
        "requests": 20,
        "answers": 20,
        "outcomes": {"ok": 20},
        "listings": 3,
        "articles": 10,
        "filled": {"title": 10, "published": 10, "source": 8, "body": 10},
        "changed": {"new": 1},
        "failed": 0,
    }
    return {**good, **other}


PAST = [report(days) for days in range(2, 12)]


def test_without_reports_a_site_is_new() -> None:
    assert judge([], NOW).verdict == "new"


def test_a_good_run_is_healthy() -> None:
    assert judge([report(1), *PAST], NOW).verdict == "healthy"


@pytest.mark.parametrize(
    ("wrong", "verdict", "said"),
    [
        ({"answers": 0, "outcomes": {"timeout": 9}}, "broken", "no page answered (timeout)"),
        ({"outcomes": {"ok": 4, "challenge": 16}}, "broken", "challenge"),
        ({"outcomes": {"ok": 4, "redirected_home": 16}}, "broken", "moved"),
        ({"listings": 0}, "broken", "no listing lists anything, where 3 did"),
        (
            {"filled": {"title": 10, "published": 1, "source": 8, "body": 10}},
            "broken",
            "published is found 90% less",
        ),
        (
            {"filled": {"title": 10, "published": 10, "source": 0, "body": 10}},
            "degraded",
            "source is found 80% less",
        ),
        ({"failed": 2, "outcomes": {"ok": 18, "server_error": 2}}, "degraded", "2 pages could not be fetched"),
        ({"reason": "failure"}, "degraded", "could not go on"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_breaks_in_silence_is_caught(wrong: dict[str, Any], verdict: str, said: str) -> None:
    found = judge([report(0, **wrong), report(1, **wrong), *PAST], NOW)
    assert (found.verdict, found.since) == (verdict, report(1)["started_at"])
    assert said in found.why


def test_an_unchanged_site_lists_nothing_and_is_healthy() -> None:
    quiet = report(0, listings=0, articles=0, outcomes={"not_modified": 20}, changed={})
    assert judge([quiet, *PAST], NOW).verdict == "healthy"


def test_silence_longer_than_ever_is_quiet_and_holidays_are_not_silence() -> None:
    silent = [report(days, changed={}) for days in range(0, 70, 7)]
    found = judge([*silent, report(70), report(77)], NOW)
    assert (found.verdict, found.why) == ("quiet", "nothing new in 70 days of term")
    september = datetime(2026, 9, 5, tzinfo=UTC)
    july = {"started_at": "2026-07-05T00:00:00+00:00"}
    august = {"started_at": "2026-09-04T00:00:00+00:00", "changed": {}}
    assert judge([report(0, **august), report(0, **july)], september).verdict == "healthy"


def test_a_site_that_is_seldom_new_is_not_called_quiet_at_once() -> None:
    rare = [report(80), report(200)]
    assert judge([report(0, changed={}), *rare], NOW).verdict == "healthy"


def test_term_days_of_nothing() -> None:
    assert term_days(date(2026, 5, 1), date(2026, 5, 1)) == 0
