"""``newsspider rebuild``: what would change is shown first, and nothing is given up that cannot be made again."""

import json
from pathlib import Path

import pytest

from newsspider.capture.warcfile import warc_files
from tests.commandline import newsspider
from tests.foreign import ORIGIN, pages, title
from tests.newsspider.archive.sites import crawl, folder_of, lines

PAGES = [page for page in pages() if page[0].startswith(ORIGIN)]
RUNS = ("20260401-120000-aaaaaaaa", "20260402-120000-bbbbbbbb")
REBUILD = ("rebuild", "hill", "--archive", "a")
OLD, NEW = title(2), title(2).replace("第", "弟")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with an archive of two runs, of which the second brought one article; a line is as others wrote it."""
    crawl(tmp_path / "a", PAGES[:-1], run=RUNS[0])
    crawl(tmp_path / "a", PAGES[-1:], run=RUNS[1])
    path = folder_of(tmp_path / "a") / "records" / f"{RUNS[0]}.jsonl"
    path.write_bytes(path.read_bytes().replace(f'"title":"{OLD}"'.encode(), f'"title":"{NEW}"'.encode()))
    return tmp_path


def test_diff_shows_what_would_change_and_changes_nothing(home: Path) -> None:
    before = lines(home / "a")
    shown = newsspider(*REBUILD, "--diff", home=home)
    assert shown.code == 0
    first, *rest = shown.out.splitlines()
    assert first == "hill: 5 captures read, 3 records: 2 the same, 1 changed, 0 new, 0 gone."
    assert rest == [
        "  title: 1",
        f"    {ORIGIN}/info/1001/2.htm",
        f"      - {NEW}",
        f"      + {OLD}",
        "  Nothing was replaced; run again without --diff to take the new records.",
    ]
    assert lines(home / "a") == before
    told = json.loads(newsspider(*REBUILD, "--diff", "--json", home=home).out)
    assert (told["same"], told["changed"], told["fields"], told["taken"]) == (2, 1, {"title": 1}, False)
    assert not list(folder_of(home / "a").glob("rebuil*"))


def test_rebuild_takes_the_new_lines(home: Path) -> None:
    assert newsspider(*REBUILD, "--records", home=home).code == 0
    again = newsspider(*REBUILD, home=home)
    assert again.out == "hill: 5 captures read, 3 records: 3 the same, 0 changed, 0 new, 0 gone.\n"


def test_ledger_alone_keeps_the_lines(home: Path) -> None:
    before = lines(home / "a")
    assert newsspider(*REBUILD, "--ledger", home=home).code == 0
    assert lines(home / "a") == before
    both = newsspider(*REBUILD, "--ledger", "--diff", home=home)
    assert both.code == 2
    assert "--ledger leaves the records as they are" in both.err


def test_a_line_that_is_no_record_is_made_anew(home: Path) -> None:
    path = folder_of(home / "a") / "records" / f"{RUNS[1]}.jsonl"
    whole = path.read_bytes()
    path.write_bytes(b"!" + whole[1:])
    rebuilt = newsspider(*REBUILD, home=home)
    assert rebuilt.code == 0
    assert "1 line of the old dataset cannot be read" in rebuilt.out
    assert path.read_bytes() == whole


def test_records_are_not_given_up_for_a_warc_file_that_is_missing(home: Path) -> None:
    before = lines(home / "a")
    missing = warc_files(folder_of(home / "a") / "warc")[-1]
    missing.unlink()
    rebuilt = newsspider(*REBUILD, home=home)
    assert rebuilt.code == 4
    assert f"{missing.name}: is not there; put it back from a copy." in rebuilt.out
    assert "Nothing was replaced" in rebuilt.out
    assert lines(home / "a") == before
