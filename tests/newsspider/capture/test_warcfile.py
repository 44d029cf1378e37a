"""The files of a site: names, rotation, index; and what is left after a full disk, a kill, a power cut."""

import errno
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from newsspider.capture import disk, warcfile
from newsspider.capture.warcfile import LINES, WarcWriter, recover, warc_files
from pipelines.errors import ArchiveError, DiskFullError
from pipelines.model import Capture
from pipelines.store.cdxj import to_cdxj
from pipelines.store.clauses import SHALL
from pipelines.store.conformance import check_warc
from pipelines.store.warc import read_capture, read_captures, read_warcinfo
from tests.pipelines.store.samples import PREVIOUS, SAMPLES, exchange


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2024, 3, 5, 1, 2, 3, 456000, UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


Make = Callable[..., WarcWriter]


@pytest.fixture
def make(tmp_path: Path, clock: Clock) -> Make:
    def make(**more: Any) -> WarcWriter:
        about = {"operator": "A library <archive@example.edu>", "robots": "classic"}
        return WarcWriter(tmp_path, "pku", **{"run": "run-1", "about": about, "clock": clock, **more})

    return make


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def held(folder: Path) -> list[Capture]:
    return [capture for path in warc_files(folder) for capture in read_captures(path)]


def check_all(folder: Path) -> None:
    """Every file is closed, valid, and has the index that its captures give."""
    for path in warc_files(folder):
        assert path.name.endswith(".warc.gz")
        assert [problem for problem in check_warc(path) if problem.level == SHALL] == []
        lines = sorted(filter(None, map(to_cdxj, read_captures(path))))
        index = path.with_name(path.name.replace(".warc.gz", ".cdxj"))
        assert index.read_text("utf-8") == "".join(lines)
    assert {name.rpartition(".")[2] for name in names(folder)} <= {"gz", "cdxj"}


def test_a_file_is_open_while_it_is_written(make: Make, tmp_path: Path) -> None:
    writer = make()
    assert names(tmp_path) == []
    capture = writer.append(exchange("1"))
    assert names(tmp_path) == ["pku-20240305010203-00001.warc.gz.open"]
    assert capture.place is not None
    assert capture.place.warc == "pku-20240305010203-00001.warc.gz"
    assert held(tmp_path) == [capture]
    writer.close()
    assert names(tmp_path) == ["pku-20240305010203-00001.cdxj", "pku-20240305010203-00001.warc.gz"]
    assert held(tmp_path) == [capture]
    check_all(tmp_path)
    writer.close()
    writer.sync()


def test_captures_are_those_that_reading_gives(make: Make, tmp_path: Path) -> None:
    writer = make()
    captures = [writer.append(sample, previous) for sample, previous in SAMPLES.values()]
    assert held(tmp_path) == captures
    (path,) = warc_files(tmp_path)
    assert [read_capture(path, capture.place) for capture in captures if capture.place] == captures
    assert {capture.run for capture in captures} == {"run-1"}
    writer.close()
    check_all(tmp_path)


def test_warcinfo_tells_who_made_it(make: Make, tmp_path: Path) -> None:
    writer = make()
    writer.append(exchange("1"))
    told = read_warcinfo(warc_files(tmp_path)[0])
    assert told["operator"] == "A library <archive@example.edu>"
    assert told["software"].startswith("newsspider/")
    assert told["isPartOf"] == "run-1"


def test_a_file_is_closed_by_size(make: Make, tmp_path: Path) -> None:
    writer = make(max_bytes=4000)
    captures = [writer.append(exchange(str(at))) for at in range(8)]
    writer.close()
    assert [path.name for path in warc_files(tmp_path)] == [
        f"pku-20240305010203-{at:05}.warc.gz" for at in (1, 2, 3)
    ]
    assert held(tmp_path) == captures
    check_all(tmp_path)


def test_a_file_is_closed_by_age(make: Make, tmp_path: Path, clock: Clock) -> None:
    writer = make(max_age=timedelta(hours=1))
    for minutes in (0, 59, 1):
        clock.now += timedelta(minutes=minutes)
        writer.append(exchange(str(minutes)))
    writer.close()
    assert [len(list(read_captures(path))) for path in warc_files(tmp_path)] == [2, 1]


def test_names_are_in_the_order_of_writing_even_if_the_clock_is_not(
    make: Make, tmp_path: Path, clock: Clock
) -> None:
    for at in range(3):
        writer = make(run=f"run-{at}")
        writer.append(exchange(str(at)))
        writer.close()
        clock.now -= timedelta(days=1)
    assert [path.name for path in warc_files(tmp_path)] == [
        f"pku-20240305010203-{at:05}.warc.gz" for at in (1, 2, 3)
    ]
    assert [capture.run for capture in held(tmp_path)] == ["run-0", "run-1", "run-2"]


def test_index_lines_wait_in_a_file(make: Make, tmp_path: Path) -> None:
    writer = make()
    for at in range(2 * LINES + 5):
        writer.append(exchange(f"{at * 7 % 100}"))
    assert len((tmp_path / "pku-20240305010203-00001.warc.gz.lines").read_text("utf-8").splitlines()) == 2 * LINES
    writer.close()
    check_all(tmp_path)


def test_no_file_is_held_open(make: Make) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    writer = make()
    writer.append(exchange("1"))
    writer.sync()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_somebody_else_in_the_file_is_noticed(make: Make, tmp_path: Path) -> None:
    writer = make()
    writer.append(exchange("1"))
    with warc_files(tmp_path)[0].open("ab") as file:
        file.write(b"x")
    with pytest.raises(ArchiveError, match="is not as it was left"):
        writer.append(exchange("2"))


def test_a_folder_that_is_not_there(make: Make, tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path / "gone", "pku", run="r", about={}, clock=Clock())
    with pytest.raises(ArchiveError, match="gone"):
        writer.append(exchange("1"))


# ── faults, below the functions of newsspider.capture.disk ─────────────────────────────────────────────────


class Killed(BaseException):
    """What a kill looks like from inside: nothing after it happens."""


POINTS = ("write", "sync", "cut", "rename", "remove", "sync_folder")


@pytest.fixture
def fault(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., list[str]]]:
    """Return a function that makes the n-th call of the disk functions fail, and returns the log of the calls."""
    real = {name: getattr(disk, name) for name in POINTS}

    def set_fault(at: int, error: BaseException, *, written: float = 0.5, dead: bool = False) -> list[str]:
        calls: list[str] = []

        def wrap(name: str) -> Callable[..., Any]:
            def call(*args: Any) -> Any:
                calls.append(name)
                if dead and len(calls) > at + 1:
                    raise error
                if len(calls) == at + 1:
                    if name == "write":
                        real["write"](args[0], args[1][: int(len(args[1]) * written)])
                    raise error
                return real[name](*args)

            return call

        for name in POINTS:
            monkeypatch.setattr(disk, name, wrap(name))
        return calls

    yield set_fault
    for name in POINTS:
        monkeypatch.setattr(disk, name, real[name])


def no_room() -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_leaves_whole_exchanges(
    make: Make, tmp_path: Path, fault: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = make()
    first = writer.append(exchange("1"))
    fault(0, no_room())
    with pytest.raises(DiskFullError, match="there is no room to write"):
        writer.append(exchange("2"))
    monkeypatch.undo()
    assert held(tmp_path) == [first]
    second = writer.append(exchange("3"), PREVIOUS)
    writer.close()
    assert held(tmp_path) == [first, second]
    check_all(tmp_path)


def test_a_full_disk_at_the_beginning_leaves_nothing(
    make: Make, tmp_path: Path, fault: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = make()
    fault(0, no_room())
    with pytest.raises(DiskFullError):
        writer.append(exchange("1"))
    assert names(tmp_path) == []
    monkeypatch.undo()
    writer.append(exchange("1"))
    writer.close()
    check_all(tmp_path)


def test_a_file_without_a_whole_exchange_is_not_kept(
    make: Make, tmp_path: Path, fault: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = make()
    fault(3, no_room())  # after warcinfo, and the folder synced
    with pytest.raises(DiskFullError):
        writer.append(exchange("1"))
    monkeypatch.undo()
    assert names(tmp_path) == ["pku-20240305010203-00001.warc.gz.open"]
    writer.close()
    assert names(tmp_path) == []


def test_after_a_failed_sync_only_what_was_safe_before_is_there(
    make: Make, tmp_path: Path, fault: Callable[..., list[str]]
) -> None:
    writer = make()
    safe = writer.append(exchange("1"))
    writer.sync()
    writer.append(exchange("2"))
    fault(0, OSError(errno.EIO, "Input/output error"))
    with pytest.raises(ArchiveError, match="Input/output error"):
        writer.sync()
    with pytest.raises(ArchiveError, match="is not as it was left"):
        writer.append(exchange("3"))
    recover(tmp_path)
    assert held(tmp_path) == [safe]


def work(make: Make) -> list[Capture]:
    """Write exchanges over several files; return those acknowledged: written, and then synced."""
    acknowledged: list[Capture] = []
    writer = make(max_bytes=6000)
    try:
        for at in range(12):
            capture = writer.append(exchange(str(at)))
            writer.sync()
            acknowledged.append(capture)
        writer.close()
    except (Killed, ArchiveError):
        pass
    return acknowledged


def count_calls(make: Make, fault: Callable[..., list[str]]) -> int:
    calls = fault(10**9, Killed())
    work(make)
    return len(calls)


@pytest.mark.parametrize("written", [0.0, 0.5, 1.0])
def test_a_kill_at_every_point_loses_nothing_acknowledged(
    make: Make,
    fault: Callable[..., list[str]],
    written: float,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(warcfile, "LINES", 2)
    total = count_calls(make, fault)
    assert total > 60
    for at in range(total):
        folder = tmp_path_factory.mktemp("kill")
        writer: Make = lambda folder=folder, **more: WarcWriter(  # noqa: E731
            folder, "pku", run="run-1", about={}, clock=Clock(), **more
        )
        fault(at, Killed(), written=written, dead=True)
        acknowledged = work(writer)
        fault(10**9, Killed())
        recover(folder)
        found = held(folder)
        assert found[: len(acknowledged)] == acknowledged
        assert len(found) <= len(acknowledged) + 1
        assert recover(folder) == []
        check_all(folder)


def test_a_power_cut_that_takes_the_unsynced_tail(make: Make, tmp_path: Path) -> None:
    writer = make()
    captures = [writer.append(sample, previous) for sample, previous in list(SAMPLES.values())[:6]]
    (path,) = warc_files(tmp_path)
    data = path.read_bytes()
    ends = [capture.place.offset + capture.place.length for capture in captures if capture.place]
    for size in (*range(ends[2], ends[3], 97), ends[3]):
        for tail in (b"", bytes(len(data) - size), os.urandom(200)):
            for leftover in tmp_path.iterdir():
                leftover.unlink()
            path.write_bytes(data[:size] + tail)
            (done,) = recover(tmp_path)
            assert held(tmp_path) == captures[: 3 + (size == ends[3])]
            assert (done.kept, done.set_aside) == (ends[3] if size == ends[3] else ends[2], None)
            assert done.cut == size + len(tail) - done.kept
            check_all(tmp_path)


def test_a_file_that_holds_nothing_is_removed(make: Make, tmp_path: Path) -> None:
    writer = make()
    capture = writer.append(exchange("1"))
    (path,) = warc_files(tmp_path)
    assert capture.place is not None
    for size in (0, 10, 400, capture.place.offset + 5):
        data = path.read_bytes()
        path.write_bytes(data[:size])
        (done,) = recover(tmp_path)
        assert (done.kept, done.cut) == (0, size)
        assert names(tmp_path) == []
        path.write_bytes(data)


def test_whole_exchanges_behind_a_damaged_place_are_set_aside(make: Make, tmp_path: Path) -> None:
    writer = make()
    captures = [writer.append(exchange(str(at))) for at in range(4)]
    (path,) = warc_files(tmp_path)
    data = bytearray(path.read_bytes())
    ends = [capture.place.offset + capture.place.length for capture in captures if capture.place]
    data[ends[0] + 20] ^= 0xFF
    path.write_bytes(data)
    (done,) = recover(tmp_path)
    assert held(tmp_path) == captures[:1]
    assert done.set_aside is not None
    assert done.set_aside.read_bytes() == bytes(data[ends[0] :])
    assert done.set_aside.name == f"pku-20240305010203-00001.warc.gz.damaged-{ends[0]}"


def test_a_missing_index_is_made(make: Make, tmp_path: Path) -> None:
    writer = make()
    writer.append(exchange("1"))
    writer.close()
    (tmp_path / "pku-20240305010203-00001.cdxj").unlink()
    assert recover(tmp_path) == []
    check_all(tmp_path)
