"""The dataset view: what captures add to it, and how it comes right after an unclean end."""

import errno
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsspider.archive.dataset import SCHEMA, Change, Dataset
from newsspider.capture import disk
from newsspider.frontier.database import open_database
from pipelines.cite import capture_ref
from pipelines.errors import ArchiveError, DamagedError
from pipelines.model import Capture, Extractor, Hints, Outcome, PageKind, Place, Reading, Record, Site
from pipelines.store.records import decode_record
from pipelines.uri import record_id

ONE, TWO, LIST = (f"https://news.hill.example/{name}" for name in ("info/1/1.htm", "info/1/2.htm", "list.htm"))
SITE = Site(id="hill", name="Hill", seeds=(LIST,), domains=("news.hill.example",), control=LIST)
WARCS = {f"hill-20260301000000-r{number}.warc.gz": 10_000 for number in range(1, 6)}
EXTRACTOR = Extractor(version="0", site_file=None, text_model=None)


def capture(uri: str, number: int, *, run: str = "r1") -> Capture:
    return Capture(
        target_uri=uri,
        captured_at=datetime(2026, 3, 1, 0, 0, number, tzinfo=UTC),
        status=200,
        hints=Hints(),
        run=run,
        place=Place(warc=f"hill-20260301000000-{run}.warc.gz", offset=100 * number, length=90),
    )


def article(of: Capture, body: str, *, extractor: Extractor = EXTRACTOR) -> Reading:
    record = Record(
        id=record_id("hill", of.target_uri),
        url=of.target_uri,
        site="hill",
        title="校庆",
        body=body,
        captures=(capture_ref(of, charset="utf-8"),),
        extractor=extractor,
    )
    return Reading(outcome=Outcome.OK, kind=PageKind.ARTICLE, record=record)


def gone() -> Reading:
    return Reading(outcome=Outcome.GONE)


def keep_as_it_was(record: Record) -> Record:
    return record


@contextmanager
def opened(
    folder: Path, *, database: str = "ledger.sqlite", commit: bool = True, warcs: Mapping[str, int] = WARCS
) -> Iterator[Dataset]:
    """Open the dataset as a run does; without ``commit`` the run is killed before its first group commit."""
    with closing(open_database(folder / database, SCHEMA, 1)) as connection:
        dataset = Dataset(folder / "records", SITE, connection)
        dataset.recover(warcs)
        yield dataset
        if commit:
            dataset.close()
            connection.execute("COMMIT")


def enter(dataset: Dataset, of: Capture, reading: Reading) -> Change | None:
    return dataset.apply(of, reading, reread=keep_as_it_was)


def lines(folder: Path) -> list[Record]:
    files = sorted((folder / "records").iterdir())
    return [decode_record(line) for path in files for line in path.read_bytes().splitlines()]


def test_new_edited_unchanged(tmp_path: Path) -> None:
    changes = []
    with opened(tmp_path) as dataset:
        for number, body in enumerate(["一", "一", "二"]):
            of = capture(ONE, number)
            changes.append(enter(dataset, of, article(of, body)))
        assert not list((tmp_path / "records").glob("*.jsonl"))
    assert [change and change.kind for change in changes] == ["new", None, "edited"]
    assert [(one.revision, one.reason, one.changes, one.body) for one in lines(tmp_path)] == [
        (1, "new", (), "一"),
        (2, "edited", ("body",), "二"),
    ]
    assert [path.name for path in (tmp_path / "records").iterdir()] == ["r1.jsonl"]


def test_a_run_without_changes_leaves_no_file(tmp_path: Path) -> None:
    with opened(tmp_path) as dataset:
        assert enter(dataset, capture(LIST, 0), Reading(outcome=Outcome.OK, kind=PageKind.LISTING)) is None
    assert not (tmp_path / "records").exists()


def test_two_witnesses_on_two_runs_bury_an_article(tmp_path: Path) -> None:
    listing = Reading(outcome=Outcome.OK, kind=PageKind.LISTING)
    kinds = []
    for run, body in (("r1", "一"), ("r2", None), ("r3", None), ("r4", None), ("r5", "一")):
        with opened(tmp_path) as dataset:
            enter(dataset, capture(LIST, 0, run=run), listing)
            for number in (1, 2):
                of = capture(ONE, number, run=run)
                change = enter(dataset, of, article(of, body) if body else gone())
                kinds.append(change.kind if change else None)
    assert kinds == ["new", None, "missing", None, "removed", None, None, None, "restored", None]
    written = lines(tmp_path)
    assert [(one.kind, one.revision, one.reason) for one in written] == [
        ("revision", 1, "new"),
        ("tombstone", 2, "removed"),
        ("revision", 3, "restored"),
    ]
    assert [ref.warc for ref in written[1].captures] == [
        "hill-20260301000000-r2.warc.gz",
        "hill-20260301000000-r3.warc.gz",
    ]


def test_a_run_whose_control_page_did_not_answer_bears_no_witness(tmp_path: Path) -> None:
    for run in ("r1", "r2", "r3"):
        with opened(tmp_path) as dataset:
            of = capture(ONE, 1, run=run)
            outcome = Outcome.OK if run == "r1" else Outcome.SERVER_ERROR
            enter(dataset, capture(LIST, 0, run=run), Reading(outcome=outcome, kind=PageKind.LISTING))
            enter(dataset, of, article(of, "一") if run == "r1" else gone())
    assert [one.kind for one in lines(tmp_path)] == ["revision"]


def test_an_article_that_answers_again_between_two_witnesses_is_not_gone(tmp_path: Path) -> None:
    for run, reading in (
        ("r1", None),
        ("r2", gone()),
        ("r3", Reading(outcome=Outcome.NOT_MODIFIED)),
        ("r4", gone()),
    ):
        with opened(tmp_path) as dataset:
            of = capture(ONE, 1, run=run)
            enter(dataset, capture(LIST, 0, run=run), Reading(outcome=Outcome.OK, kind=PageKind.LISTING))
            enter(dataset, of, reading or article(of, "一"))
    assert [one.kind for one in lines(tmp_path)] == ["revision"]


def test_a_new_extractor_alone_makes_no_revision(tmp_path: Path) -> None:
    better = replace(EXTRACTOR, version="1")
    with opened(tmp_path) as dataset:
        first = capture(ONE, 1)
        enter(dataset, first, article(first, "一 点击:5"))
    with opened(tmp_path) as dataset:
        second = capture(ONE, 1, run="r2")
        reread = article(first, "一", extractor=better).record
        change = dataset.apply(second, article(second, "一", extractor=better), reread=lambda _: reread)
        assert change is None
        third = capture(ONE, 2, run="r2")
        change = dataset.apply(third, article(third, "二", extractor=better), reread=lambda _: reread)
        assert change is not None
        assert (change.record.revision, change.record.changes) == (2, ("body",))


@pytest.mark.parametrize("cut", range(0, 60, 7))
def test_after_a_kill_the_replay_ends_with_the_same_lines(tmp_path: Path, cut: int) -> None:
    captures = [capture(uri, number) for number, uri in enumerate((ONE, TWO, ONE, TWO))]
    bodies = ["一", "二", "一", "三"]
    whole = tmp_path / "whole"
    with opened(whole) as dataset:
        for of, body in zip(captures, bodies, strict=True):
            enter(dataset, of, article(of, body))
    killed = tmp_path / "killed"
    with opened(killed, commit=False) as dataset:
        for of, body in zip(captures[:3], bodies, strict=False):
            enter(dataset, of, article(of, body))
    (left,) = (killed / "records").iterdir()
    assert left.name == "r1.jsonl.open"
    left.write_bytes(left.read_bytes()[: left.stat().st_size - cut])
    with opened(killed) as dataset:
        for of, body in zip(captures, bodies, strict=True):
            enter(dataset, of, article(of, body))
    assert lines(killed) == lines(whole)


def test_a_lost_index_is_made_anew_by_adopting_the_lines(tmp_path: Path) -> None:
    captures = [capture(uri, number) for number, uri in enumerate((ONE, TWO, ONE))]
    with opened(tmp_path) as dataset:
        for of, body in zip(captures, "一二三", strict=True):
            enter(dataset, of, article(of, body))
    before = lines(tmp_path)
    with opened(tmp_path, database="another.sqlite") as dataset:
        for of in captures:
            # Whatever today's extractor says of old captures, the lines stay as they were written.
            assert enter(dataset, of, article(of, "别的")) is None
        last = dataset.last(record_id("hill", ONE))
        assert last is not None
        assert last.body == "三"
        of = capture(TWO, 9)
        change = enter(dataset, of, article(of, "四"))
        assert change is not None
        assert change.record.revision == 2
    assert lines(tmp_path)[: len(before)] == before


def test_an_index_that_knows_more_than_the_files_hold_is_damaged(tmp_path: Path) -> None:
    with opened(tmp_path) as dataset:
        of = capture(ONE, 1)
        enter(dataset, of, article(of, "一"))
    (path,) = (tmp_path / "records").iterdir()
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(DamagedError, match=r"r1\.jsonl: is shorter"), opened(tmp_path):
        pass


# ── unclean ends ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_line_whose_capture_a_power_cut_took_is_cut_off(tmp_path: Path) -> None:
    kept, lost = capture(ONE, 1), capture(TWO, 2)
    with opened(tmp_path, commit=False) as dataset:
        for of in (kept, lost):
            enter(dataset, of, article(of, "一"))
    assert lost.place is not None
    with opened(tmp_path, warcs={lost.place.warc: lost.place.offset}) as dataset:
        assert enter(dataset, kept, article(kept, "一")) is None
    assert [line.url for line in lines(tmp_path)] == [ONE]
    with opened(tmp_path) as dataset:
        again = capture(TWO, 1, run="r2")
        assert enter(dataset, again, article(again, "一")) is not None
    assert [line.url for line in lines(tmp_path)] == [ONE, TWO]


def test_a_hole_of_zeros_ends_an_open_file(tmp_path: Path) -> None:
    captures = [capture(uri, number) for number, uri in enumerate((ONE, TWO, ONE))]
    with opened(tmp_path, commit=False) as dataset:
        for of, body in zip(captures, "一二三", strict=True):
            enter(dataset, of, article(of, body))
    whole = lines(tmp_path)
    (path,) = (tmp_path / "records").iterdir()
    first, second, third = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + bytes(len(second) - 1) + b"\n" + third)
    with opened(tmp_path) as dataset:
        for of, body in zip(captures, "一二三", strict=True):
            enter(dataset, of, article(of, body))
    assert lines(tmp_path) == whole


def test_recovery_closes_every_open_file_and_keeps_no_empty_one(tmp_path: Path) -> None:
    for run in ("r1", "r2"):
        with opened(tmp_path, commit=False) as dataset:
            of = capture(ONE, 1, run=run)
            enter(dataset, of, article(of, run))
        for path in (tmp_path / "records").glob("*.jsonl"):
            path.rename(path.with_name(path.name + ".open"))
    (tmp_path / "records" / "r3.jsonl.open").write_bytes(b'{"schema":1')
    with opened(tmp_path):
        assert [path.name for path in sorted((tmp_path / "records").iterdir())] == ["r1.jsonl", "r2.jsonl"]


def test_after_a_failed_sync_only_the_lines_that_were_safe_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with opened(tmp_path, commit=False) as dataset:
        one, two = capture(ONE, 1), capture(TWO, 2)
        enter(dataset, one, article(one, "一"))
        dataset.sync()
        enter(dataset, two, article(two, "一"))
        monkeypatch.setattr(disk, "sync", fail)
        with pytest.raises(ArchiveError, match="Input/output error"):
            dataset.sync()
    assert [line.url for line in lines(tmp_path)] == [ONE]
