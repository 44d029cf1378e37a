"""No request reaches what is not on the public Internet, whatever pages and name servers say.

Loopback is all there is in a test, so here ``127.1.*`` stands for the public Internet, and the rest of loopback for
the machines behind it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsspider.capture import guard, handler
from newsspider.capture.addresses import refuse_address
from pipelines.model import Outcome, Site
from tests.hostile.crawling import START, Crawled, PatientClock, crawl, make_site
from tests.hostile.resolver import resolving
from tests.hostile.web import Host, Page, article, article_html, html, listing, not_found, redirect, running
from tests.rawserver import Connection, RawServer

PUBLIC, PRIVATE = "127.1.0.1", "127.0.0.1"
NAME = "news.hill.example"


@pytest.fixture(autouse=True)
def _public_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(address: str) -> str | None:
        return None if address.startswith("127.1.") else refuse_address(address)

    monkeypatch.setattr(guard, "refuse_address", refuse)
    monkeypatch.setattr(handler, "refuse_address", refuse)


@pytest.fixture
def secret() -> Iterator[RawServer]:
    """A server of the inner network."""
    with RawServer(lambda connection: connection.send(b"HTTP/1.1 200 OK\r\n\r\nsecret")) as server:
        yield server


def closing(page: Page) -> Page:
    """Return a page after which the connection is closed, so that the name is resolved anew."""

    def closed(connection: Connection, path: str) -> None:
        page(connection, path)

    return closed


def publish(host: Host, secret: RawServer) -> None:
    """Let a host listen where the public Internet is, on the port of the secret."""
    host.server.close()
    host.server = RawServer(host._converse, address=PUBLIC, port=secret.port)


def go(tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch, clock: PatientClock) -> Crawled:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return crawl(tmp_path, [site], clock, allow_private=False)


def make_host(secret: RawServer, clock: PatientClock, **pages: str) -> Host:
    start = listing(*(f"/{name}" for name in pages), "/good.htm")
    moved = {f"/{name}": redirect(target, "Connection: close") for name, target in pages.items()}
    host = Host({"/": start, "/good.htm": article(7), **moved}, clock)
    publish(host, secret)
    return host


def site_at(port: int, *, domains: str = "") -> Site:
    return make_site("hill", f'seeds = ["http://{NAME}:{port}/"]\n{domains}')


def test_a_name_that_changes_to_a_private_address_is_not_followed(
    tmp_path: Path, secret: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = PatientClock(START)
    pages = {"/robots.txt": not_found, "/": listing("/1.htm", "/2.htm"), "/1.htm": article(1), "/2.htm": article(2)}
    host = Host({path: closing(page) for path, page in pages.items()}, clock)
    publish(host, secret)
    answers = [PUBLIC] * 3 + [PRIVATE]  # robots.txt, the listing, the first article; then it rebinds
    with running([host]), resolving({NAME: answers}) as resolver:
        crawled = go(tmp_path, site_at(secret.port), monkeypatch, clock)
    assert secret.connections == []
    assert len(resolver.asked) == 4
    assert crawled.outcomes("hill") == {"/": Outcome.OK, "/1.htm": Outcome.OK, "/2.htm": Outcome.OUT_OF_SCOPE}
    assert len(crawled.records("hill")) == 1
    assert crawled.faults("hill") == []
    assert crawled.errors == []


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.1:{port}/x.htm", "http://inner.hill.example:{port}/x.htm", "http://2130706433:{port}/x.htm",
     "http://[::ffff:127.0.0.1]:{port}/x.htm", "http://0x7f.1:{port}/x.htm"],
)  # fmt: skip
def test_no_redirect_leads_behind_the_public_internet(
    tmp_path: Path, secret: RawServer, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    clock = PatientClock(START)
    where = target.format(port=secret.port)
    host = make_host(secret, clock, case=where)
    domains = f'domains = ["{NAME}:{secret.port}", "{where.split("/")[2]}"]'
    with running([host]), resolving({NAME: PUBLIC, "inner.hill.example": PRIVATE, "2130706433": PRIVATE,
                                     "0x7f.1": PRIVATE}):  # fmt: skip
        crawled = go(tmp_path, site_at(secret.port, domains=domains), monkeypatch, clock)
    assert secret.connections == []
    outcomes = crawled.outcomes("hill")
    assert outcomes.pop("/good.htm") is Outcome.OK
    assert outcomes["/case"] is Outcome.REDIRECTED
    assert len(crawled.records("hill")) == 1
    assert crawled.faults("hill") == []
    assert crawled.errors == []


def test_a_robots_txt_that_leads_inside_closes_the_host(
    tmp_path: Path, secret: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = PatientClock(START)
    host = Host({"/robots.txt": redirect(f"http://{PRIVATE}:{secret.port}/robots.txt"), "/": listing()}, clock)
    publish(host, secret)
    with running([host]), resolving({NAME: PUBLIC}):
        crawled = go(tmp_path, site_at(secret.port), monkeypatch, clock)
    assert secret.connections == []
    assert crawled.outcomes("hill")["/"] is Outcome.ROBOTS_UNREACHABLE
    assert host.paths() == []


def test_a_file_of_the_inner_network_is_not_fetched(
    tmp_path: Path, secret: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = PatientClock(START)
    inner = f"http://inner.hill.example:{secret.port}"
    body = f'<p><a href="{inner}/a.pdf">附件：通知</a></p>'
    host = Host(
        {"/": listing("/1.htm"), "/1.htm": html(article_html(1).replace("</div></body>", f"{body}</div></body>"))},
        clock,
    )
    publish(host, secret)
    with running([host]), resolving({NAME: PUBLIC, "inner.hill.example": PRIVATE}):
        crawled = go(tmp_path, site_at(secret.port), monkeypatch, clock)
    assert secret.connections == []
    outcomes = crawled.outcomes("hill")
    assert outcomes["/a.pdf"] is Outcome.OUT_OF_SCOPE
    assert len(crawled.records("hill")) == 1


INSIDE = (
    "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "168.63.129.16", "169.254.169.254", "172.31.255.255",
    "192.168.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1", "2002:7f00:1::", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1",
)  # fmt: skip
"""Loopback, private, link-local, shared and metadata addresses, and forms of IPv6 that hide one."""


def test_no_name_leads_inside(tmp_path: Path, secret: RawServer, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {f"n{number}.hill{number}.example": address for number, address in enumerate(INSIDE)}
    sites = [
        make_site(f"site-{number}", f'seeds = ["http://{name}:{secret.port}/"]')
        for number, name in enumerate(names)
    ]
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with resolving(names):
        crawled = crawl(tmp_path, sites, PatientClock(START), allow_private=False)
    assert secret.connections == []
    assert {site.id: crawled.outcomes(site.id) for site in sites} == {
        site.id: {"/": Outcome.OUT_OF_SCOPE} for site in sites
    }
    for site in sites:
        assert crawled.faults(site.id) == []
    assert crawled.errors == []


@pytest.mark.parametrize("host", [NAME, "[::1]"])
def test_a_host_that_has_only_an_ipv6_address_is_crawled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    clock = PatientClock(START)
    served = Host({"/": listing("/7.htm"), "/7.htm": article(7)}, clock)
    served.server.close()
    served.server = RawServer(served._converse, address="::1")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with running([served]), resolving({NAME: "::1", "::1": "::1"}):
        crawled = crawl(tmp_path, [make_site("hill", f'seeds = ["{served.uri(name=host)}"]')], clock)
    assert len(crawled.records("hill")) == 1
    assert served.gaps() == [1.0, 1.0]
    assert crawled.faults("hill") == []
