"""What an archive holds of an address is found by the indexes, and without them."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from newsspider.archive.folder import Archive, find_capture
from newsspider.capture.warcfile import index_path, warc_files
from pipelines.errors import DamagedError
from pipelines.model import Capture
from pipelines.store import warc
from tests.foreign import ORIGIN, article, write_with_warcio
from tests.newsspider.archive.sites import NOW, crawl, folder_of, take

URI = f"{ORIGIN}/info/1001/1.htm"
OTHER = f"{ORIGIN}/info/1001/2.htm"
RUNS = [f"2026040{day}-120000-aaaaaaaa" for day in (1, 2, 3)]
TEXTS = ("", "又及。", "再及。")


def keep(home: Path, number: int, *uris: str, close: bool = True) -> None:
    """Keep an edition of some pages, in a WARC file of its own."""
    pages = [(uri, "text/html", article(1, more=TEXTS[number])) for uri in uris]
    crawl(home, pages, run=RUNS[number], at=NOW + timedelta(days=number), close=close)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An archive of three WARC files, the last still open: URI stands in all of them, OTHER in the first."""
    keep(tmp_path, 0, URI, OTHER)
    keep(tmp_path, 1, URI)
    keep(tmp_path, 2, URI, close=False)
    return tmp_path


def files(home: Path) -> list[Path]:
    return warc_files(folder_of(home) / "warc")


def find(home: Path, uri: str = URI) -> Capture:
    found = find_capture(Archive(home), uri)
    assert found is not None
    site, capture = found
    assert (site, capture.target_uri) == ("hill", uri)
    return capture


def damage(path: Path) -> None:
    """Flip a bit in the last record."""
    data = bytearray(path.read_bytes())
    data[-60] ^= 4
    path.write_bytes(data)


def test_the_newest_is_found_in_the_file_that_is_being_written(home: Path) -> None:
    assert not index_path(files(home)[-1]).exists()
    assert TEXTS[2] in bytes(find(home).payload).decode()


def test_an_address_that_the_archive_does_not_hold(home: Path, tmp_path: Path) -> None:
    assert find_capture(Archive(home), f"{ORIGIN}/info/1001/9.htm") is None
    assert find_capture(Archive(tmp_path / "nothing"), URI) is None


def test_closed_files_are_not_read_through(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []
    read_sound = warc.read_sound

    def noted(path: Path, report: warc.Report, *, start: int = 0) -> object:
        read.append(path)
        return read_sound(path, report, start=start)

    monkeypatch.setattr(warc, "read_sound", noted)
    assert find(home, OTHER).run == RUNS[0]
    assert read == [files(home)[-1]]


def without(index: Path) -> None:
    index.unlink()


def with_garbage(index: Path) -> None:
    index.write_bytes(index.read_bytes().replace(b'"offset"', b'"OFFSET"'))


@pytest.mark.parametrize("spoil", [without, with_garbage])
def test_a_file_whose_index_is_gone_or_damaged_is_read_through(home: Path, spoil: Callable[[Path], None]) -> None:
    files(home)[-1].unlink()
    spoil(index_path(files(home)[1]))
    assert find(home).run == RUNS[1]
    spoil(index_path(files(home)[0]))
    assert find(home, OTHER).run == RUNS[0]


def test_where_the_newest_is_damaged_the_one_before_is_found(home: Path) -> None:
    _, second, last = files(home)
    last.unlink()
    damage(second)
    assert find(home).run == RUNS[0]


@pytest.mark.parametrize("indexed", [True, False])
def test_where_all_are_damaged_that_is_said(tmp_path: Path, indexed: bool) -> None:
    keep(tmp_path, 0, URI)
    (path,) = files(tmp_path)
    damage(path)
    if not indexed:
        index_path(path).unlink()
    with pytest.raises(DamagedError, match=path.name):
        find_capture(Archive(tmp_path), URI)


@pytest.mark.parametrize(("year", "imported"), [(2025, False), (2027, True)])
def test_an_imported_capture_is_the_newest_if_it_is_newer(tmp_path: Path, year: int, imported: bool) -> None:
    keep(tmp_path, 0, URI)
    write_with_warcio(tmp_path / "foreign.warc.gz", date=f"{year}-03-05T01:02:03Z")
    take(tmp_path, tmp_path / "foreign.warc.gz", now=NOW + timedelta(days=900))
    assert [path.name[5:9] for path in files(tmp_path)] == ["2026", "2028"]
    assert find(tmp_path).imported is imported
