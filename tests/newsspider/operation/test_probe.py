"""The first contact with a site: from its address alone to a site file that crawls it."""

from __future__ import annotations

import asyncio
import tarfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from newsspider.archive.folder import Archive
from newsspider.clock import SimulatedClock
from newsspider.crawl.process import Crawl, Result
from newsspider.crawl.run import begin_run, load_models
from newsspider.demo import DemoWeb
from newsspider.demo.web import expected
from newsspider.operation.probe import Contact, look_at, plan, write_toml
from newsspider.sites import parse_site
from pipelines.model import Site
from tests import reactor
from tests.commandline import newsspider
from tests.shared import SHARED, needs_shared
from tests.static_site import served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

START = datetime(2026, 3, 2, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Probed:
    """What a probe found, and how long it took at one request a second."""

    contact: Contact
    requests: int
    took: timedelta

    @property
    def site(self) -> Site:
        """The site file that it suggests, loaded."""
        return parse_site(write_toml(self.contact, id="found", name="x"), name="found", allow_private=True)


def crawl(archive: Archive, site: Site, clock: SimulatedClock, *, probing: bool) -> Result:
    run = begin_run(archive, clock=clock, allow_private=True, **({"plan": plan} if probing else {}))

    async def main() -> list[Result]:
        return await asyncio.wait_for(Crawl(run, {"LOG_LEVEL": "ERROR"}).run_sites([site], lambda _: None), 100)

    (result,) = reactor.run(main)
    run.budget.close()
    assert result.error is None
    return result


def probe(url: str, folder: Path) -> Probed:
    """Do what ``newsspider probe`` does, on a clock that does not wait."""
    archive, clock = Archive(folder / "probe"), SimulatedClock(START)
    site = parse_site(f'id = "x"\nname = "x"\nseeds = ["{url}"]\n', name="x", allow_private=True)
    result = crawl(archive, site, clock, probing=True)
    contact = look_at(archive, site, load_models(archive))
    return Probed(contact, result.tally.requests, clock.now() - START)


@pytest.fixture(scope="module")
def web() -> Iterator[DemoWeb]:
    with DemoWeb(ports=(0, 0, 0)) as made:
        yield made


@pytest.fixture
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.mark.usefixtures("_state")
@pytest.mark.parametrize(
    ("number", "charset", "layout", "sections"),
    [
        (
            0,
            "utf-8",
            "vsb",
            {("澜山要闻", "backwards", 11), ("通知公告", "backwards", 10), ("学术讲座", "forwards", 5)},
        ),
        (1, "gb18030", None, {("校园新闻", "forwards", 10), ("通知公告", "forwards", 6), ("招聘信息", None, 4)}),
        (2, "utf-8", None, {("遼寧高校", "forwards", None)}),
    ],
    ids=["lanshan", "wangxi", "mirror"],
)
def test_a_probe_says_what_a_site_is(
    number: int,
    charset: str,
    layout: str | None,
    sections: set[tuple[str, str | None, int | None]],
    web: DemoWeb,
    tmp_path: Path,
) -> None:
    probed = probe(f"http://127.0.0.1:{web.ports[number]}/", tmp_path)
    contact = probed.contact
    assert sections <= {(one.name, one.direction, one.total) for one in contact.sections}
    assert all(one.oldest and one.newest and one.oldest < one.newest for one in contact.sections)
    assert contact.charsets.most_common(1)[0][0].startswith(charset)
    assert layout is None or contact.layouts.most_common(1)[0][0] == layout
    assert contact.robots.startswith("answers 200")
    assert len(contact.articles) >= 10
    assert probed.took < timedelta(minutes=1)
    assert probed.requests < 60


@pytest.mark.usefixtures("_state")
def test_a_site_added_from_nothing_but_its_address_is_crawled_whole(web: DemoWeb, tmp_path: Path) -> None:
    site = probe(f"http://127.0.0.1:{web.ports[0]}/", tmp_path).site
    quick = replace(site, politeness=replace(site.politeness, delay=0.0))
    archive = Archive(tmp_path / "archive")
    crawl(archive, quick, SimulatedClock(START), probing=False)
    origin = site.seeds[0].rstrip("/")
    assert {record.url for record in archive.records("found")} == {
        truth.url for truth in expected(1, web.ports) if truth.url.startswith(origin)
    }


@needs_shared
@pytest.mark.usefixtures("_state")
@pytest.mark.parametrize(
    ("name", "start", "section", "layout"),
    [
        ("henu-vsb", "/index.htm", "/rczc.htm", "vsb"),
        ("tju-dedecms", "/a/zh/index.html", "/a/zh/xinwenzhongxin/index.html", "dedecms"),
    ],
)
def test_a_real_site_of_which_half_is_missing(
    name: str, start: str, section: str, layout: str, tmp_path: Path
) -> None:
    assert SHARED is not None
    with tarfile.open(SHARED / "sites" / f"{name}.tar.xz") as saved:
        saved.extractall(tmp_path, filter="data")
    with served(tmp_path / name) as origin:
        probed = probe(origin + start, tmp_path)
    assert f"{origin}{section}" in probed.site.seeds
    assert probed.contact.layouts.most_common(1)[0][0] == layout
    assert len(probed.contact.articles) >= 10
    assert probed.took < timedelta(minutes=1)


def test_a_host_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with served(tmp_path) as origin:
        address = f"{origin}/"
    ran = newsspider("probe", address, "--allow-private", home=tmp_path)
    assert ran.code == 5
    assert (
        ran.err.splitlines()[-1]
        == f"newsspider: {address}: does not answer; check the address, or try again later."
    )


def test_a_site_that_wants_no_robots_is_told_so_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "robots.txt").write_text("User-agent: *\nDisallow: /\n")
    with served(tmp_path) as origin:
        ran = newsspider("probe", f"{origin}/", "--allow-private", home=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert "robots_denied" in ran.out
    assert "0 sections" in ran.out


def test_a_site_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "hill.toml").write_text("mine")
    words = ("probe", "http://127.0.0.1:9/", "--write", "--id", "hill", "--sites", "sites", "--allow-private")
    ran = newsspider(*words, home=tmp_path)
    assert ran.code == 2
    assert ran.err == "newsspider: sites/hill.toml: exists already; choose another id with --id, or remove it.\n"
    assert (tmp_path / "sites" / "hill.toml").read_text() == "mine"
