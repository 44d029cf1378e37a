"""Cron comes again after a kill: the first morning of the week that ``make bench-week`` lives through."""

from datetime import timedelta

from bench.crawl.week import MONDAY, week
from tests.ports import find_ports


def test_a_morning_of_runs_that_are_killed_leaves_the_records_of_one_that_is_not() -> None:
    (port,) = find_ports(1)
    moments = [MONDAY + timedelta(hours=hour) for hour in (6, 7, 8)]
    unbroken = week(1, 1, [(moment, None) for moment in moments], port)
    broken = week(1, 1, list(zip(moments, (9, 30, None), strict=True)), port)
    assert (unbroken.killed, broken.killed) == (0, 2)
    assert unbroken.records.total() >= 60
    assert broken.records == unbroken.records
