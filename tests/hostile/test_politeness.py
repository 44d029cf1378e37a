"""The budget over sites, runs and processes, as the logs of the servers show it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from newsspider.clock import Clock
from tests.hostile.crawling import START, Crawled, PatientClock, crawl, make_site, site_of
from tests.hostile.processes import crawl_in_processes
from tests.hostile.resolver import resolving
from tests.hostile.web import (
    Host,
    Page,
    article,
    article_html,
    html,
    in_turn,
    listing,
    most_in_window,
    plain,
    running,
)

PATHS = [f"/{day}.htm" for day in range(1, 7)]
ARTICLES: dict[str, Page] = {path: article(day) for day, path in enumerate(PATHS, 1)}
BUSY = html("<html>busy", status=503)

Run = Callable[..., Crawled]


@pytest.fixture
def clock() -> PatientClock:
    return PatientClock(START)


@pytest.fixture
def run(tmp_path: Path, clock: PatientClock, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that crawls hosts, each as a site of its own; a second call is a second run."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def run(*hosts: Host, site: str = "", **options: Any) -> Crawled:
        sites = [site_of(host, f"site-{number}", site) for number, host in enumerate(hosts)]
        return crawl(tmp_path, sites, clock, **options)

    return run


@pytest.fixture
def host(clock: PatientClock) -> Iterator[Host]:
    """A host that behaves, to be spoilt by the test."""
    host = Host({"/": listing(*PATHS), **ARTICLES}, clock)
    with running([host]):
        yield host


def spoil(host: Host, **pages: Page) -> None:
    """Give a host other pages: by the name of the page, ``robots`` for robots.txt."""
    names = {"robots": "/robots.txt", "start": "/", **{f"page{n}": f"/{n}.htm" for n in range(1, 7)}}
    host.pages = {**host.pages, **{names[name]: page for name, page in pages.items()}}


def moments(host: Host, path: str) -> list[datetime]:
    return [asked.at for asked in host.log if asked.path == path]


# ── one run ──


def test_a_retry_after_is_waited_out_by_all_requests_to_the_host(host: Host, run: Run) -> None:
    spoil(host, page2=in_turn(html("<html>", "Retry-After: 90", status=429), article(2)))
    crawled = run(host)
    assert host.gaps() == [1, 1, 1, 90, 1, 1, 1, 1]
    assert len(crawled.records("site-0")) == 6


def test_a_retry_after_beyond_the_patience_of_a_run_is_left_to_the_next(
    host: Host, run: Run, clock: PatientClock
) -> None:
    spoil(host, page2=in_turn(html("<html>", "Retry-After: 3600", status=503), article(2)))
    run(host)
    assert host.paths() == ["/", "/1.htm", "/2.htm"]
    refused = clock.now()
    run(host)
    assert len(host.log) == 4, "nothing may be asked for an hour, by no run"
    clock.move_to(refused + timedelta(hours=2))
    crawled = run(host)
    assert len(crawled.records("site-0")) == 6


def test_a_host_that_refuses_is_asked_ever_more_seldom(host: Host, run: Run, clock: PatientClock) -> None:
    spoil(host, **{f"page{number}": BUSY for number in range(1, 7)})
    run(host)
    assert host.gaps() == [1, 1, 10, 20, 40, 80], "then 160 seconds, which no run waits"
    clock.move_to(clock.now() + timedelta(seconds=170))
    spoil(host, start=BUSY)
    run(host)
    assert len(host.log) == 8, "one request tells that it still refuses: the circuit stays open"
    clock.move_to(clock.now() + timedelta(seconds=330))
    spoil(host, start=listing(*PATHS), **{f"page{number}": article(number) for number in range(1, 7)})
    before = len(host.log)
    run(host)
    assert max(host.gaps()[before:]) <= 1, "one answer closes it"


def test_a_dead_host_does_not_slow_its_living_neighbour_of_the_same_domain(
    run: Run, clock: PatientClock, tmp_path: Path
) -> None:
    dead = Host({"/": BUSY, "/robots.txt": BUSY}, clock)
    living = Host({"/": listing(*PATHS), **ARTICLES}, clock)
    sites = [
        make_site("dead", f'seeds = ["{dead.uri(name="dead.hill.example")}"]'),
        make_site("living", f'seeds = ["{living.uri(name="news.hill.example")}"]'),
    ]
    with running([dead, living]), resolving({"dead.hill.example": "127.0.0.1", "news.hill.example": "127.0.0.1"}):
        crawled = crawl(tmp_path, sites, clock)
    assert len(crawled.records("living")) == 6
    assert max(living.gaps()) <= 2


def test_sites_of_one_registrable_domain_share_one_budget(clock: PatientClock, run: Run, tmp_path: Path) -> None:
    hosts = {
        f"{name}.hill.edu.cn": Host({"/": listing(*PATHS), **ARTICLES}, clock) for name in ("news", "cs", "law")
    }
    sites = [
        make_site(name.partition(".")[0], f'seeds = ["{host.uri(name=name)}"]') for name, host in hosts.items()
    ]
    with running(list(hosts.values())), resolving(dict.fromkeys(hosts, "127.0.0.1")):
        crawled = crawl(tmp_path, sites, clock)
    assert [len(crawled.records(site.id)) for site in sites] == [6, 6, 6]
    asked = sorted(asked.at for host in hosts.values() for asked in host.log)
    assert len(asked) == 3 * 8
    assert min(later - earlier for earlier, later in pairwise(asked)) >= timedelta(seconds=1)


def test_nothing_is_asked_in_quiet_hours(host: Host, run: Run, clock: PatientClock) -> None:
    site = '[politeness]\nquiet_hours = ["09:00-17:00"]\ndelay = 20\n'  # of Shanghai: 01:00-09:00 UTC
    clock.move_to(START.replace(day=3, hour=0, minute=59, second=10))
    run(host, site=site)
    assert host.paths() == ["/", "/1.htm"]
    run(host, site=site)
    assert len(host.log) == 3
    clock.move_to(START.replace(day=3, hour=9))
    crawled = run(host, site=site)
    assert len(crawled.records("site-0")) == 6
    assert not any(1 <= asked.at.hour < 9 for asked in host.log)


def test_a_run_that_has_no_time_left_asks_nothing_more(host: Host, run: Run) -> None:
    spoil(host, robots=plain("User-agent: *\nCrawl-delay: 30\n"))
    run(host, duration=timedelta(seconds=70))
    assert host.gaps() == [30, 30]


# ── one run after the other ──


def test_robots_txt_is_known_for_a_day(host: Host, run: Run, clock: PatientClock) -> None:
    spoil(host, robots=plain("User-agent: *\nDisallow: /2.htm\nCrawl-delay: 5\n"))
    run(host)
    clock.move_to(clock.now() + timedelta(hours=20))
    run(host)
    assert len(moments(host, "/robots.txt")) == 1
    assert min(host.gaps()) == 5
    spoil(host, robots=plain("User-agent: *\nDisallow: /\n"))
    clock.move_to(START + timedelta(hours=25))
    before = len(host.log)
    crawled = run(host)
    assert [asked.path for asked in host.log[before:]] == ["/robots.txt"]
    assert moments(host, "/2.htm") == []
    assert crawled.faults("site-0") == []


def test_a_robots_txt_that_could_not_be_had_costs_a_site_nothing_but_time(
    host: Host, run: Run, clock: PatientClock
) -> None:
    spoil(host, robots=in_turn(BUSY, plain("")))
    run(host)
    assert host.paths() == []
    clock.move_to(clock.now() + timedelta(minutes=20))
    assert len(run(host).records("site-0")) == 6


def test_the_delay_holds_between_runs(host: Host, run: Run) -> None:
    run(host, limit=3)
    run(host)
    assert min(host.gaps()) == 1


# ── several processes ──


def test_two_processes_keep_to_one_budget(tmp_path: Path) -> None:
    hosts = {
        name: Host({"/": listing(*PATHS), **ARTICLES}, Clock()) for name in ("news.hill.edu.cn", "cs.hill.edu.cn")
    }
    with running(list(hosts.values())):
        assert crawl_in_processes(tmp_path, hosts, delay=0.4) == [0, 0]
    for host in hosts.values():
        assert sorted(asked.path for asked in host.log) == sorted(["/robots.txt", "/", *PATHS])
    log = [asked for host in hosts.values() for asked in host.log]
    for requests in (1, 2, 4, 8):
        assert most_in_window(log, 0.4 * requests) <= requests


# ── what publishers reserve ──


@pytest.mark.parametrize(("policy", "kept"), [("record", 6), ("respect", 4)])
def test_reservations_are_recorded_and_respected_where_the_site_file_says_so(
    host: Host, run: Run, policy: str, kept: int
) -> None:
    head = '<meta name="tdm-reservation" content="1"></head>'
    spoil(
        host,
        page1=article(1, "X-Robots-Tag: noarchive"),
        page2=html(article_html(2).replace("</head>", head)),
        page3=article(3, "X-Robots-Tag: googlebot: noarchive"),
    )
    crawled = run(host, site=f'reservations = "{policy}"\n')
    assert len(crawled.records("site-0")) == kept
    told = {capture.target_uri.rpartition("/")[2]: reading for capture, reading in crawled.captures("site-0")}
    assert told["1.htm"].reservations == ("X-Robots-Tag: noarchive",)
    assert told["2.htm"].reservations == ("meta tdm-reservation: 1",)
    assert told["3.htm"].reservations == ()
    assert len(host.log) == 8, "asked for once, and kept as WARC, under either policy"
    assert crawled.faults("site-0") == []
