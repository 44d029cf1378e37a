"""No request reaches what is not on the public Internet, whatever pages and name servers say.

Loopback is all there is in a test, so here ``127.1.*`` stands for the public Internet, and the rest of loopback for
the machines behind it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsspider.capture import guard, handler
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

    refuse_address = guard.refuse_address
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
