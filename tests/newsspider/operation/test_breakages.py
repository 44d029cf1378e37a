"""What breaks in silence is caught: the real spider visits a site that breaks, and status says what has happened."""

from __future__ import annotations

import shutil
from copy import deepcopy
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.newsspider.operation.living import START, Keeper, LivingSite, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def site() -> LivingSite:
    return LivingSite()


@pytest.fixture(scope="module")
def origin(site: LivingSite) -> Iterator[str]:
    with served(site) as address:
        yield address


@pytest.fixture(scope="module")
def kept(site: LivingSite, origin: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, datetime]:
    """The archive of somebody who has kept the site for three days, and when that was."""
    folder = tmp_path_factory.mktemp("kept")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        keeper = Keeper(folder, origin)
        keeper.run()
        for _ in range(2):
            site.publish(1)
            keeper.next_day()
    return folder / "archive", keeper.clock.now()


@pytest.fixture
def keeper(
    site: LivingSite, origin: str, kept: tuple[Path, datetime], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Keeper]:
    """Somebody who has kept the site for three days."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    numbers = deepcopy(site.numbers)
    archive, moment = kept
    shutil.copytree(archive, tmp_path / "archive")
    yield Keeper(tmp_path, origin, start=moment)
    site.state, site.numbers = "well", numbers


def test_a_site_that_is_well_is_healthy(site: LivingSite, keeper: Keeper) -> None:
    assert keeper.verdict.verdict == "healthy"
    assert keeper.verdict.why.endswith("requests, 1 new")
    keeper.next_day()
    assert keeper.verdict.verdict == "healthy"
    assert keeper.verdict.since == START.isoformat()


@pytest.mark.parametrize(
    ("state", "days", "verdict", "said"),
    [
        ("redesign", 3, "broken", "published is found"),
        ("no-articles", 3, "broken", "pages that listings name only"),
        ("scripted", 3, "broken", "pages are empty without JavaScript; the design may have changed"),
        ("dead-listings", 1, "broken", "2 of 2 listings list nothing any more ("),
        ("wall", 1, "broken", "are behind a wall (challenge); ask the webmaster"),
        ("moved", 1, "broken", "the site seems to have moved: correct its seeds"),
        ("down", 1, "broken", "no page answered (server_error)"),
    ],
)
def test_what_breaks_is_caught(
    state: str, days: int, verdict: str, said: str, site: LivingSite, keeper: Keeper
) -> None:
    site.state, site.elsewhere = state, "http://news.hill.example"
    for _ in range(days):
        site.publish(2)
        keeper.next_day()
    assert keeper.verdict.verdict == verdict, keeper.verdict
    assert said in keeper.verdict.why


@pytest.mark.parametrize("state", ["section-lost", "dead-pages"])
def test_a_section_that_was_given_up_is_no_alarm(state: str, site: LivingSite, keeper: Keeper) -> None:
    site.state = state
    for _ in range(3):
        site.publish(1)
        keeper.next_day()
    assert keeper.verdict.verdict == "healthy", keeper.verdict


def test_a_redesign_is_seen_by_the_second_article(site: LivingSite, keeper: Keeper) -> None:
    site.state = "redesign"
    site.publish(2)
    keeper.next_day()
    assert keeper.verdict.verdict == "degraded"
    assert "the design may have changed" in keeper.verdict.why


def test_since_when_is_told_and_what_is_mended_is_healthy_again(site: LivingSite, keeper: Keeper) -> None:
    site.state = "wall"
    keeper.next_day()
    begun = keeper.verdict.since
    keeper.next_day()
    keeper.next_day()
    assert (keeper.verdict.verdict, keeper.verdict.since) == ("broken", begun)
    site.state = "well"
    keeper.next_day()
    assert keeper.verdict.verdict == "healthy", keeper.verdict


def test_a_host_that_is_gone_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with served(LivingSite()) as origin:
        keeper = Keeper(tmp_path, origin)
        keeper.run()
        assert keeper.verdict.verdict == "healthy"
    keeper.clock.move_to(keeper.clock.now() + timedelta(days=1))
    keeper.next_day()
    assert keeper.verdict.verdict == "broken"
    assert "no page answered (connection_error, robots_unreachable)" in keeper.verdict.why


def test_a_cron_that_starts_nothing_any_more_is_caught(keeper: Keeper) -> None:
    keeper.clock.move_to(keeper.clock.now() + timedelta(days=5))
    assert (keeper.verdict.verdict, keeper.verdict.why) == (
        "degraded", "no run has reported for 5 days; see whether cron still starts them",
    )  # fmt: skip


def test_a_site_that_cannot_be_opened_says_so(keeper: Keeper) -> None:
    (keeper.archive.root / "newsspider.toml").write_text("min_free_mb = 1e12\n")
    result = keeper.next_day()
    assert result.error is not None
    assert (keeper.verdict.verdict, keeper.verdict.why) == ("broken", str(result.error))
