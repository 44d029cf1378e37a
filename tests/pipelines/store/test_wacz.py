"""WACZ files keep to their specification, whatever their size."""

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.store import wacz
from pipelines.store.cdxj import to_cdxj, to_index
from pipelines.store.wacz import About, Page, write_wacz
from tests.pipelines.store.samples import write_samples
from tests.wacz import check_wacz, index_lines

ABOUT = About(
    title="青山", description="News.", software="newsspider", created=datetime(2026, 3, 5, 1, 2, 4, tzinfo=UTC)
)
PAGES = [Page(id="hill:1", url="http://news.example.edu.cn/chunked", ts="2024-03-05T01:02:03.456Z", title="要闻")]


def make(folder: Path, count: int) -> tuple[list[Path], list[Path]]:
    """Write WARC files with all samples, and their indexes."""
    warcs = [folder / f"hill-20240305010203-{number:05}.warc.gz" for number in range(1, count + 1)]
    for path in warcs:
        lines = filter(None, map(to_cdxj, write_samples(path)))
        path.with_name(path.name.replace(".warc.gz", ".cdxj")).write_bytes(to_index(lines))
    return warcs, [path.with_name(path.name.replace(".warc.gz", ".cdxj")) for path in warcs]


def write(target: Path, warcs: list[Path], indexes: list[Path]) -> int:
    with target.open("xb") as file:
        return sum(write_wacz(file, warcs, indexes, PAGES, ABOUT))


def test_a_package(tmp_path: Path) -> None:
    warcs, indexes = make(tmp_path, 2)
    taken = write(tmp_path / "a.wacz", warcs, indexes)
    described = check_wacz(tmp_path / "a.wacz")
    assert described["title"] == "青山"
    assert described["created"] == "2026-03-05T01:02:04Z"
    assert taken > sum(path.stat().st_size for path in warcs)
    with zipfile.ZipFile(tmp_path / "a.wacz") as package:
        assert package.read(f"archive/{warcs[0].name}") == warcs[0].read_bytes()
        assert index_lines(package) == sorted(
            line for path in indexes for line in path.read_bytes().splitlines(True)
        )
        (page,) = package.read("pages/pages.jsonl").splitlines()[1:]
        assert json.loads(page) == {
            "id": "hill:1", "url": "http://news.example.edu.cn/chunked", "ts": "2024-03-05T01:02:03.456Z", "title": "要闻",
        }  # fmt: skip


@pytest.mark.parametrize(("most_open", "block"), [(200, 1024), (3, 7), (2, 1)])
def test_many_indexes_and_many_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most_open: int, block: int
) -> None:
    monkeypatch.setattr(wacz, "MOST_OPEN", most_open)
    monkeypatch.setattr(wacz, "BLOCK", block)
    warcs, indexes = make(tmp_path, 7)
    write(tmp_path / "a.wacz", warcs, indexes)
    check_wacz(tmp_path / "a.wacz")


def test_the_same_package_has_the_same_bytes(tmp_path: Path) -> None:
    warcs, indexes = make(tmp_path, 2)
    for name in ("a.wacz", "b.wacz"):
        write(tmp_path / name, warcs, indexes)
    assert (tmp_path / "a.wacz").read_bytes() == (tmp_path / "b.wacz").read_bytes()
