"""Archives that something happened to: clear words, nothing lost, and the sound part is served."""

import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from newsspider.archive.folder import Archive, find_capture
from newsspider.archive.rebuild import MAKING, compare, make_views
from newsspider.archive.recovery import open_views
from newsspider.capture.warcfile import warc_files
from newsspider.frontier.database import break_seal, remove_database
from newsspider.frontier.ledger import Ledger
from pipelines.errors import DamagedError
from pipelines.model import Capture, Place
from pipelines.store.warc import read_captures
from tests.foreign import DAYS, ORIGIN, article, pages, title
from tests.newsspider.archive.sites import (
    MODELS,
    NOW,
    SITE,
    crawl,
    folder_of,
    lines,
    names,
    rebuild,
    records,
    recover,
    titles,
    verify,
)

TITLES = [title(day) for day in DAYS]
PAGES = [page for page in pages() if page[0].startswith(ORIGIN)]
"""A listing, three articles and a picture."""

RUN, LATER = "20260401-120000-aaaaaaaa", "20260402-120000-bbbbbbbb"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An archive with one closed WARC file of one run."""
    crawl(tmp_path / "a", PAGES, run=RUN)
    return tmp_path / "a"


def only_warc(home: Path) -> Path:
    (path,) = warc_files(folder_of(home) / "warc")
    return path


def capture_of(home: Path, day: int) -> tuple[Capture, Place]:
    """Return a capture of an article, and its place."""
    found = [one for one in read_captures(only_warc(home)) if one.target_uri == f"{ORIGIN}/info/1001/{day}.htm"]
    assert found[-1].place is not None
    return found[-1], found[-1].place


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 4
    path.write_bytes(data)


def test_nothing_to_put_right(home: Path) -> None:
    recovery = recover(home)
    assert (recovery.closed, recovery.lines_cut, recovery.renewed, recovery.replayed) == ((), 0, None, 0)
    assert titles(home) == TITLES
    assert verify(home) == []


def test_a_killed_run_is_closed_and_replayed(home: Path, tmp_path: Path) -> None:
    killed = tmp_path / "killed"
    crawl(killed, PAGES, run=RUN, close=False)
    (open_file,) = (folder_of(killed) / "warc").iterdir()
    with open_file.open("ab") as file:
        file.write(b"half an exchange")
    left = folder_of(killed) / "records" / f"{RUN}.jsonl.open"
    left.write_bytes(left.read_bytes()[:-40])
    recovery = recover(killed)
    (closed,) = recovery.closed
    assert (closed.cut, closed.set_aside) == (len(b"half an exchange"), None)
    assert recovery.lines_cut > 0
    assert recovery.replayed == 5
    assert lines(killed) == lines(home)
    assert verify(killed) == []


def test_a_flipped_bit_in_a_closed_file(home: Path) -> None:
    capture, place = capture_of(home, 2)
    flip(only_warc(home), place.offset + place.length // 2)
    before = lines(home)
    faults = verify(home)
    first = faults[0]
    assert first.where == f"warc/{place.warc}:{place.offset}"
    assert "damaged" in first.what
    assert first.affects == f"the capture of {capture.target_uri}; put the file back from a copy"
    assert any("cites a capture that is not there" in fault.what for fault in faults)
    assert lines(home) == before
    assert titles(home) == TITLES
    served: list[Capture] = []
    with pytest.raises(DamagedError, match="compressed data are damaged"):
        served.extend(Archive(home).captures())
    assert len(served) == 4
    found = find_capture(Archive(home), f"{ORIGIN}/info/1001/3.htm")
    assert found is not None
    with pytest.raises(DamagedError):
        find_capture(Archive(home), capture.target_uri)


def test_the_end_of_a_file_that_is_being_written_is_no_damage(tmp_path: Path) -> None:
    crawl(tmp_path, PAGES, run=RUN, close=False)
    (open_file,) = (folder_of(tmp_path) / "warc").iterdir()
    open_file.write_bytes(open_file.read_bytes()[:-20])
    assert len(list(Archive(tmp_path).captures())) == 4


def test_a_rebuild_does_not_give_up_records_whose_capture_is_damaged(home: Path) -> None:
    _, place = capture_of(home, 2)
    flip(only_warc(home), place.offset + place.length // 2)
    before = lines(home)
    captures, damage = make_views(folder_of(home), SITE, MODELS, records=True)
    difference = compare(folder_of(home) / "records", folder_of(home) / MAKING / "records")
    assert (captures, len(damage)) == (4, 1)
    assert (difference.same, difference.only_old) == (2, 1)
    assert lines(home) == before


def test_a_ledger_made_anew_beside_a_damaged_file_knows_the_lines_of_the_damaged_captures(home: Path) -> None:
    _, place = capture_of(home, 2)
    flip(only_warc(home), place.offset + place.length // 2)
    remove_database(folder_of(home) / "ledger.sqlite")
    recovery = recover(home)
    assert (recovery.replayed, len(recovery.damage)) == (4, 1)
    crawl(home, [(f"{ORIGIN}/info/1001/2.htm", "text/html", article(2, more="又及。"))], run=LATER)
    kept = [record for record in records(home, revisions=True) if record.title == TITLES[1]]
    assert [(one.revision, one.reason) for one in kept] == [(1, "new"), (2, "edited")]


def test_a_member_cut_short_in_a_closed_file(home: Path) -> None:
    path = only_warc(home)
    path.write_bytes(path.read_bytes()[:-50])
    remove_database(folder_of(home) / "ledger.sqlite")
    recovery = recover(home)
    (damage,) = recovery.damage
    assert damage.end == path.stat().st_size
    assert "the file ends within a record" in damage.message
    assert recovery.replayed == 4
    assert titles(home) == TITLES


def test_a_missing_index_is_made_again(home: Path) -> None:
    index = only_warc(home).with_name(only_warc(home).name.replace(".warc.gz", ".cdxj"))
    before = index.read_bytes()
    index.unlink()
    recover(home)
    assert index.read_bytes() == before


def test_an_index_of_a_damaged_file_has_what_is_sound(home: Path) -> None:
    _, place = capture_of(home, 2)
    index = only_warc(home).with_name(only_warc(home).name.replace(".warc.gz", ".cdxj"))
    before = index.read_text("utf-8").splitlines()
    index.unlink()
    flip(only_warc(home), place.offset + place.length // 2)
    recover(home)
    assert index.read_text("utf-8").splitlines() == [line for line in before if f'"{place.offset}"' not in line]


@pytest.mark.parametrize("version", [0, 99])
def test_a_ledger_of_another_version_is_made_anew(home: Path, version: int) -> None:
    before = lines(home)
    connection = sqlite3.connect(folder_of(home) / "ledger.sqlite")
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    break_seal(folder_of(home) / "ledger.sqlite")
    recovery = recover(home)
    assert recovery.renewed is not None
    assert f"is of version {version}" in recovery.renewed
    assert recovery.replayed == 5
    assert lines(home) == before
    assert verify(home) == []


def test_a_file_that_is_no_ledger_is_made_anew(home: Path) -> None:
    remove_database(folder_of(home) / "ledger.sqlite")
    (folder_of(home) / "ledger.sqlite").write_bytes(b"no database at all" * 1000)
    assert recover(home).replayed == 5
    assert verify(home) == []


def test_two_archives_of_one_site_copied_into_one(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "b"
    earlier = NOW - timedelta(days=20)
    more = [(f"{ORIGIN}/info/1001/4.htm", "text/html", article(4))]
    old = [page for page in pages(more="从前。") if page[0].startswith(ORIGIN)]
    crawl(other, [*old, *more], run="20260312-120000-cccccccc", at=earlier)
    for path in [*(folder_of(other) / "warc").iterdir(), *(folder_of(other) / "records").iterdir()]:
        shutil.copy(path, folder_of(home) / path.parent.name)
    before = lines(home)
    with pytest.raises(DamagedError) as raised:
        recover(home)
    words = str(raised.value)
    assert "came in from elsewhere" in words
    assert "run «newsspider rebuild hill» to take it in" in words
    assert lines(home) == before
    assert any("came in from elsewhere" in fault.what for fault in verify(home))
    rebuild(home)
    assert recover(home).replayed == 0
    assert verify(home) == []
    assert titles(home) == [*TITLES, title(4)]
    kept = [record for record in records(home, revisions=True) if record.title == TITLES[0]]
    assert [(one.revision, one.reason) for one in kept] == [(1, "new"), (2, "edited")]
    assert "从前" in (kept[0].body or "")
    assert "从前" not in (kept[1].body or "")


def test_sites_of_two_archives_in_one(home: Path, tmp_path: Path) -> None:
    shutil.copytree(folder_of(home), tmp_path / "b" / "sites" / "hill")
    assert recover(tmp_path / "b").replayed == 0
    assert titles(tmp_path / "b") == TITLES


def test_a_record_that_points_nowhere(home: Path) -> None:
    crawl(home, [(f"{ORIGIN}/info/1001/4.htm", "text/html", article(4))], run=LATER)
    first, second = warc_files(folder_of(home) / "warc")
    assert verify(home) == []
    away = first.rename(home / first.name)
    fault, *others = verify(home)
    assert fault.where == f"warc/{first.name}"
    assert fault.what == "was verified before and is not there any more"
    assert fault.affects == "all captures in it; put the file back from a copy"
    assert len(others) == 3
    assert all("cites a capture that is not there" in other.what for other in others)
    assert titles(home) == [*TITLES, title(4)]
    crawl(
        home,
        [(f"{ORIGIN}/info/1001/2.htm", "text/html", article(2, more="又及。"))],
        run="20260403-120000-dddddddd",
    )
    assert [record.revision for record in records(home) if record.title == TITLES[1]] == [2]
    away.rename(first)
    assert verify(home) == []
    assert second.exists()


def test_a_clock_that_went_backwards(tmp_path: Path) -> None:
    home = tmp_path / "a"
    ahead = NOW + timedelta(days=1500)
    crawl(home, PAGES, run="20300510-120000-aaaaaaaa", at=ahead)
    crawl(home, [(f"{ORIGIN}/info/1001/2.htm", "text/html", article(2, more="又及。"))], run=RUN, at=NOW)
    assert names(warc_files(folder_of(home) / "warc")) == [
        "hill-20300510120000-00001.warc.gz",
        "hill-20300510120000-00002.warc.gz",
    ]
    kept = [record for record in records(home, revisions=True) if record.title == TITLES[1]]
    assert [(one.revision, one.reason) for one in kept] == [(2, "edited"), (1, "new")]
    assert [record.revision for record in records(home) if record.title == TITLES[1]] == [2]
    before = lines(home)
    assert verify(home) == []
    rebuild(home)
    assert lines(home) == before


def test_pages_captured_in_the_future_are_due_now(tmp_path: Path) -> None:
    home = tmp_path / "a"
    crawl(home, PAGES, run="20300510-120000-aaaaaaaa", at=NOW + timedelta(days=1500))
    ledger = Ledger(folder_of(home) / "ledger.sqlite", SITE)
    assert [due.uri for due in ledger.agenda.due(NOW, not_since=NOW, limit=9)] == []
    assert ledger.agenda.distrust(NOW) == 5
    due = {due.uri for due in ledger.agenda.due(NOW, not_since=NOW, limit=9)}
    assert f"{ORIGIN}/info/1001/2.htm" in due
    assert ledger.agenda.next_due(not_since=NOW) == NOW
    ledger.close()
    crawl(home, PAGES, run=RUN, at=NOW)
    ledger = Ledger(folder_of(home) / "ledger.sqlite", SITE)
    assert ledger.agenda.distrust(NOW) == 0
    ledger.close()


def test_strangers_do_not_stand_in_the_way_of_a_new_ledger(home: Path) -> None:
    shutil.copy(only_warc(home), only_warc(home).with_name("aaa-20200101000000-00001.warc.gz"))
    with pytest.raises(DamagedError, match="aaa-20200101000000"):
        open_views(folder_of(home), SITE, MODELS)
    remove_database(folder_of(home) / "ledger.sqlite")
    assert recover(home).replayed == 10
    assert titles(home) == TITLES
