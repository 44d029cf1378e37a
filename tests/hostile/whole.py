"""One crawl of many hostile hosts, in one process, with good neighbours among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.certificates import Authority
from tests.hostile.cases import CASES
from tests.hostile.crawling import START, Crawled, PatientClock, crawl, site_of
from tests.hostile.web import Host, article, listing, running

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsspider.clock import SimulatedClock
    from tests.hostile.cases.case import Case

NEIGHBOURS = 3
ARTICLES = 8
"""Of each neighbour."""


@dataclass(frozen=True)
class Web:
    """The web and what the crawl of it brought."""

    hosts: dict[str, Host]
    crawled: Crawled


def site_id(case: Case) -> str:
    """Return the id of a case's site."""
    return f"case-{CASES.index(case)}"


def crawl_cases(folder: Path, chosen: Sequence[Case]) -> Web:
    """Crawl cases and neighbours, all at once."""
    authority = Authority(folder)
    clock = PatientClock(START)
    cases = {site_id(case): case for case in chosen}
    hosts = {
        id: Host(case.pages, clock, tls=case.tls(authority) if case.tls else None, greeting=case.greeting)
        for id, case in cases.items()
    }
    neighbours = {f"neighbour-{number}": make_neighbour(clock) for number in range(NEIGHBOURS)}
    with pytest.MonkeyPatch.context() as patch, running([*hosts.values(), *neighbours.values()]):
        patch.setenv("SSL_CERT_FILE", str(authority.path))
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        sites = [site_of(host, id, cases[id].site, plain=cases[id].is_begun_plain) for id, host in hosts.items()]
        sites += [site_of(host, id) for id, host in neighbours.items()]
        crawled = crawl(folder, sites, clock, hosts=list(hosts.values()))
    return Web({**hosts, **neighbours}, crawled)


def make_neighbour(clock: SimulatedClock) -> Host:
    """Return a host that does nothing wrong."""
    paths = [f"/{day}.htm" for day in range(1, ARTICLES + 1)]
    pages = {path: article(day) for day, path in enumerate(paths, 1)}
    return Host({"/": listing(*paths), **pages}, clock)
