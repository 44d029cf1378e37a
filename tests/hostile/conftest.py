"""One crawl of all hostile hosts that the chosen tests ask about, in one process, with good neighbours among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.certificates import Authority
from tests.hostile.cases import CASES
from tests.hostile.crawling import START, Crawled, PatientClock, crawl, site_of
from tests.hostile.web import Host, article, listing, running

if TYPE_CHECKING:
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


def chosen(session: pytest.Session) -> list[Case]:
    """Return the cases that the tests of this session ask about; all where one asks about the whole."""
    functions = [item for item in session.items if isinstance(item, pytest.Function) and hasattr(item, "callspec")]
    asked = {id(item.callspec.params.get("case")) for item in functions}
    return [case for case in CASES if id(case) in asked]


@pytest.fixture(scope="session")
def web(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Web:
    """Crawl the chosen cases and the neighbours, all at once."""
    folder = tmp_path_factory.mktemp("hostile")
    authority = Authority(folder)
    clock = PatientClock(START)
    cases = {site_id(case): case for case in chosen(request.session)}
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
        crawled = crawl(folder, sites, clock)
    return Web({**hosts, **neighbours}, crawled)


def make_neighbour(clock: SimulatedClock) -> Host:
    """Return a host that does nothing wrong."""
    paths = [f"/{day}.htm" for day in range(1, ARTICLES + 1)]
    pages = {path: article(day) for day, path in enumerate(paths, 1)}
    return Host({"/": listing(*paths), **pages}, clock)
