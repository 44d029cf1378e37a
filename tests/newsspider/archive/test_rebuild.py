"""Views made anew: the same bytes, whatever was cut short before, and nothing left over."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsspider.archive import rebuild
from newsspider.archive.rebuild import MADE, MAKING, OLD, compare, find_missing, finish, make_views, take_views
from newsspider.capture import disk
from pipelines.normalise.record import Models
from tests.newsspider.archive.small_site import FIRST, SECOND, SITE, Crawl


class Killed(BaseException):
    """What a kill looks like from inside."""


@pytest.fixture
def held(crawl: Crawl) -> Crawl:
    for body in ("一", "二"):
        with crawl.run():
            crawl.fetch(SECOND, body)
    return crawl


def files(folder: Path) -> dict[str, bytes]:
    """Return the dataset, and the names of what else is there."""
    records = {path.name: path.read_bytes() for path in (folder / "records").iterdir()}
    return {**records, **{path.name: b"" for path in folder.iterdir()}}


def make(crawl: Crawl, *, records: bool = True) -> int:
    captures, damage = make_views(crawl.folder, SITE, Models(), records=records)
    assert damage == []
    return captures


def test_a_rebuild_gives_the_same_lines_and_leaves_nothing(held: Crawl) -> None:
    before = files(held.folder)
    assert make(held) == 4
    take_views(held.folder)
    assert files(held.folder) == before
    with held.run():
        assert held.replayed == []
        assert held.fetch(SECOND, "二") is None


def test_the_old_views_stay_until_the_new_ones_are_complete(held: Crawl, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files(held.folder)
    monkeypatch.setattr(rebuild.Views, "catch_up", lambda _: (_ for _ in ()).throw(Killed))
    with pytest.raises(Killed):
        make(held)
    finish(held.folder)
    assert files(held.folder) == before


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Kill at the call of a disk function whose number the list holds; the list is emptied by that."""
    at: list[int] = []

    def tapped(name: str) -> None:
        real = getattr(disk, name)

        def call(*args: object) -> object:
            if at:
                at[0] -= 1
                if at[0] == 0:
                    at.clear()
                    raise Killed
            return real(*args)

        monkeypatch.setattr(disk, name, call)

    for name in ("rename", "remove", "remove_tree", "sync_folder"):
        tapped(name)
    yield at
    monkeypatch.undo()


def test_putting_the_new_views_in_place_may_be_cut_short_at_every_step(held: Crawl, steps: list[int]) -> None:
    before = files(held.folder)
    number = killed = 0
    while killed == number:
        number += 1
        make(held)
        steps[:] = [number]
        try:
            take_views(held.folder)
        except Killed:
            killed += 1
        steps.clear()
        finish(held.folder)
        assert files(held.folder) == before
    assert killed > 10


def test_old_records_that_a_kill_left_do_not_stop_the_next_rebuild(held: Crawl) -> None:
    before = files(held.folder)
    (held.folder / OLD).mkdir()
    (held.folder / OLD / "r0.jsonl").write_bytes(b"{}\n")
    make(held)
    take_views(held.folder)
    assert files(held.folder) == before
    assert not any((held.folder / name).exists() for name in (MADE, MAKING, OLD))


def test_the_log_of_a_killed_run_is_not_taken_for_that_of_the_new_ledger(held: Crawl) -> None:
    with held.run(close=False):
        held.fetch(FIRST, "三")
    log = held.folder / "ledger.sqlite-wal"
    log.write_bytes(b"the log of another database" * 100)
    make(held)
    take_views(held.folder)
    assert not log.exists()
    with held.run():
        assert held.replayed == []


def test_a_rebuild_of_the_ledger_alone_keeps_every_line_as_it_is(held: Crawl) -> None:
    with held.run(close=False):
        held.fetch(SECOND, "三")
    (path,) = (held.folder / "records").glob("*.open")
    line = path.read_bytes().replace("校庆".encode(), "庆校".encode())  # as an earlier extractor had it
    path.write_bytes(line)
    make(held, records=False)
    take_views(held.folder)
    assert (held.folder / "records" / "r3.jsonl").read_bytes() == line


def test_what_differs_is_counted_with_samples(held: Crawl) -> None:
    before = files(held.folder)
    (first, second) = ((held.folder / "records" / name).read_bytes() for name in ("r1.jsonl", "r2.jsonl"))
    (held.folder / "records" / "r1.jsonl").write_bytes(first.replace("校庆".encode(), "庆校".encode()))
    (held.folder / "records" / "r2.jsonl").unlink()
    elsewhere = json.loads(second) | {"captures": [json.loads(second)["captures"][0] | {"warc": "gone.warc.gz"}]}
    (held.folder / "records" / "r9.jsonl").write_bytes(b"no record\n" + json.dumps(elsewhere).encode() + b"\n")
    make(held)
    found = compare(held.folder / "records", held.folder / MAKING / "records")
    assert (found.same, found.changed, found.only_old, found.only_new, found.damaged) == (0, 1, 1, 1, 1)
    assert dict(found.fields) == {"title": 1}
    assert found.samples == {"title": [(SECOND, "庆校", "校庆")]}
    (missing,) = find_missing(held.folder / "warc", found)
    assert missing.warc == "gone.warc.gz"
    assert "is not there; put it back from a copy" in missing.message
    take_views(held.folder)
    assert files(held.folder) == before
