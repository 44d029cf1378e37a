"""Every hostile host comes to a typed outcome, within its budget, and harms nobody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from pipelines.model import FoundBy
from tests.hostile.cases import CASES, traps
from tests.hostile.cases.case import Case
from tests.hostile.web import most_in_window
from tests.hostile.whole import ARTICLES, NEIGHBOURS, site_id

if TYPE_CHECKING:
    from tests.hostile.whole import Web

pytestmark = pytest.mark.xdist_group("hostile")  # one crawl, for all these tests

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@every_case
def test_every_address_comes_to_a_typed_outcome(web: Web, case: Case) -> None:
    result = web.crawled.results[site_id(case)]
    assert result.error is None
    outcomes = web.crawled.outcomes(site_id(case))
    assert {path: outcomes.get(path) for path in case.outcomes} == dict(case.outcomes)
    if case.robots is not None:
        captures = web.crawled.captures(site_id(case))
        robots = [reading.outcome for capture, reading in captures if capture.hints.found_by is FoundBy.ROBOTS]
        assert robots[-1] is case.robots
    said = web.crawled.errors_of(site_id(case))
    assert case.said in said.get("/robots.txt" if case.robots else "/case.htm", "")


@every_case
def test_only_whole_articles_become_records(web: Web, case: Case) -> None:
    records = web.crawled.records(site_id(case))
    assert len(records) == case.records
    for record in records:
        assert re.fullmatch("学校召开第[0-9]{1,2}次工作会议", record.title or "")
        assert "会议要求各单位认真落实会议精神。" in (record.body or "")


@every_case
def test_the_host_sees_no_more_than_its_budget(web: Web, case: Case) -> None:
    host = web.hosts[site_id(case)]
    assert len(host.log) <= case.most, host.paths()
    asked = [re.split("[?;]", one.path)[0] for one in host.log]
    assert {path: asked.count(path) for path in case.asked} == dict(case.asked)
    assert most_in_window(host.log, case.delay) <= 1
    assert most_in_window(host.log, 10 * case.delay) <= 10
    assert not any(one.field("Cookie") for one in host.log)


@pytest.mark.parametrize("case", traps.CASES, ids=lambda case: case.name)
def test_traps_are_reported(web: Web, case: Case) -> None:
    assert web.crawled.traps(site_id(case)) == [f"{web.hosts[site_id(case)].name}{case.trap}"] * bool(case.trap)


@every_case
def test_the_archive_is_valid(web: Web, case: Case) -> None:
    assert web.crawled.faults(site_id(case)) == []


def test_the_neighbours_are_unharmed(web: Web) -> None:
    for number in range(NEIGHBOURS):
        id = f"neighbour-{number}"
        assert web.crawled.results[id].error is None
        assert len(web.crawled.records(id)) == ARTICLES
        assert sorted(web.hosts[id].paths()) == sorted(["/", *(f"/{day}.htm" for day in range(1, ARTICLES + 1))])
        assert web.hosts[id].gaps() == [1.0] * (ARTICLES + 1)
        assert web.crawled.faults(id) == []


def test_nothing_reaches_the_log(web: Web) -> None:
    assert web.crawled.errors == []


def test_memory_is_bounded(web: Web) -> None:
    assert web.crawled.grown < 256 << 20


def test_the_event_loop_never_stands_still_for_long(web: Web) -> None:
    assert web.crawled.stall < 4  # seconds: reading the heaviest page that is read takes one or two
