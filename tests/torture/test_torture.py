"""The torture in its short form: a sample of what ``make torture`` does in full.

A crawl is killed, fails, or loses its power at one of the points where it touches a file; then it is crawled to the
end, and the records must be those of an unbroken crawl. With one sync or the replay switched off that must fail.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from random import Random

import pytest

from tests.torture.campaign import (
    FEW,
    SMALL,
    Arena,
    Result,
    arena,
    damage_ledger,
    fill_disk,
    kill_at_random,
    put_faults,
)
from tests.torture.ground import check, is_complete
from tests.torture.powercut import acknowledged, read_journal
from tests.torture.tap import Fault

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

EDITION = 2
"""The crawl that is tortured: it finds articles new, edited, gone and unchanged."""


@pytest.fixture(scope="module")
def site() -> Iterator[Arena]:
    with arena(FEW, (1, EDITION), **SMALL) as made:
        yield made


def point(site: Arena, kind: str, share: float, *, edition: int = EDITION) -> int:
    """Return a point of a kind: the first of them for 0.0, the last for 1.0."""
    numbers = [number for number, (one, _) in enumerate(site.points[edition], 1) if one == kind]
    return numbers[round(share * (len(numbers) - 1))]


@pytest.mark.parametrize(
    ("how", "kind", "share"),
    [
        ("kill", "commit", 0.5),
        ("kill", "sync_folder", 0.0),
        ("kill", "rename", 1.0),
        ("tear", "write", 0.4),
        ("full", "create", 0.5),
        ("full", "commit", 0.6),
        ("torn", "write", 0.7),
        ("error", "sync", 0.3),
        ("error", "rename", 0.0),
        ("short", "write", 0.5),
    ],
)
def test_a_fault_at_a_point_loses_and_doubles_nothing(site: Arena, how: str, kind: str, share: float) -> None:
    fault = Fault(at=point(site, kind, share), how=how)
    result = put_faults(site, EDITION, fault, quick=how != "kill", **SMALL)
    assert (result.wrong, result.faults[how]) == ([], 1)


@pytest.mark.parametrize(("kind", "share"), [("write", 0.3), ("sync", 0.6), ("rename", 0.5)])
def test_a_power_cut_loses_only_what_was_not_acknowledged(site: Arena, kind: str, share: float) -> None:
    result = put_faults(site, EDITION, Fault(at=point(site, kind, share)), power_cut=Random(4), **SMALL)
    assert (result.wrong, result.faults["kill"]) == ([], 1)


def test_a_power_cut_during_the_recovery_from_another(site: Arena) -> None:
    faults = (Fault(at=point(site, "write", 0.6)), Fault(at=8))
    result = put_faults(site, EDITION, *faults, power_cut=Random(1), **SMALL)
    assert (result.wrong, result.faults["kill"]) == ([], 2)


@pytest.mark.parametrize(("command", "at"), [("rebuild", 20), ("rebuild", 28), ("verify", 9)])
def test_a_rebuild_or_verification_that_is_killed_harms_nothing(site: Arena, command: str, at: int) -> None:
    words = (command, "hill", *(("--full",) if command == "verify" else ()))
    result = put_faults(site, EDITION, Fault(at=at), words=words, power_cut=Random(2), **SMALL)
    assert (result.wrong, result.faults["kill"]) == ([], 1)


@pytest.mark.parametrize("damage", ["ledger cut", "ledger flipped", "log cut", "log gone"])
def test_a_ledger_that_is_damaged_is_made_anew(site: Arena, damage: str) -> None:
    result = damage_ledger(site, EDITION, damage, Random(3), kill=point(site, "commit", 0.7), **SMALL)
    assert (result.wrong, result.hits["after a kill"]) == ([], 1)


def test_kills_at_random_instants(site: Arena) -> None:
    result = kill_at_random(site, Random(7), 2, seconds=0.5, **SMALL)
    assert result.wrong == []
    assert result.runs == 6


@pytest.mark.parametrize("size", [100, 20_000])
def test_a_disk_that_is_full_for_the_kernel(site: Arena, size: int) -> None:
    result = fill_disk(site, EDITION, size, **SMALL)
    assert (result.wrong, result.hits["refused"]) == ([], 1)


def test_two_crawls_at_once_and_one_more(site: Arena) -> None:
    ground = site.ground(EDITION)
    crawls = [ground.start(edition=EDITION, **SMALL) for _ in range(2)]
    said = [crawl.communicate()[1].decode() for crawl in crawls]
    codes = sorted(crawl.returncode for crawl in crawls)
    assert codes in ([0, 3], [0, 0])  # one of them may have ended before the other began
    assert sorted(len(text.splitlines()) for text in said) == [code // 3 for code in codes]
    lines = ground.lines()
    assert is_complete(ground.crawl(edition=EDITION))
    assert ground.lines() == lines
    kept = acknowledged(read_journal(ground.journal), only_safe=False)
    assert check(ground, site.reference[EDITION], kept, edition=EDITION) == []


# ── the torture itself can fail ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("without", ["sync:warc", "sync_folder"])
def test_with_one_sync_switched_off_a_power_cut_shows(site: Arena, without: str) -> None:
    result = Result()
    for seed in range(2):
        faults = Fault(at=point(site, "commit", 0.8))
        result.add(put_faults(site, EDITION, faults, power_cut=Random(seed), without=(without,), **SMALL))
    assert result.wrong


def test_with_the_replay_switched_off_a_kill_shows(site: Arena) -> None:
    result = put_faults(site, EDITION, Fault(at=point(site, "write", 0.7)), without=("replay",), **SMALL)
    assert any("too many" in problem or "verify" in problem for problem in result.wrong)


def test_a_record_that_is_lost_or_twice_there_is_found(site: Arena) -> None:
    ground = site.unbroken[EDITION].copy(site.folder / "tampered")
    path = max((ground.site / "records").glob("*.jsonl"))
    first, *others = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*others, *others[-1:]]))
    wrong = check(ground, site.reference[EDITION], set(), edition=EDITION)
    url = json.loads(first)["url"]
    assert any(one.startswith("lost: 1") and url in one for one in wrong)
    assert any(one.startswith("too many: 1") for one in wrong)
    shutil.rmtree(ground.home)
