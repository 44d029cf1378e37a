"""Bags are valid for the reference implementation, and stop being so when a bit changes."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import bagit
import pytest

from pipelines.store.bagit import Payload, write_bag


def write(path: Path, pieces: Iterable[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(pieces))


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    source = tmp_path / "新闻.warc.gz"
    source.write_bytes(bytes(range(256)) * 9000)
    folder = tmp_path / "bag"
    folder.mkdir()
    payload = [
        Payload(path="sites/hill/warc/新闻.warc.gz", source=source),
        Payload(path="README.md", source=b"# fields\n"),
        Payload(path="empty.txt", source=b""),
    ]
    info = {"Source-Organization": "A library\nof letters", "External-Description": "新闻"}
    sizes = list(write_bag(folder, payload, info, bagged_on=date(2026, 3, 5), write=write))
    assert sizes == [256 * 9000, 9, 0]
    return folder


def test_a_bag_is_valid(bag: Path) -> None:
    read = bagit.Bag(str(bag))
    read.validate()
    assert read.version_info == (1, 0)
    assert sorted(read.payload_files()) == ["data/README.md", "data/empty.txt", "data/sites/hill/warc/新闻.warc.gz"]
    assert read.info["Source-Organization"] == "A library of letters"
    assert read.info["Bagging-Date"] == "2026-03-05"
    assert read.info["Payload-Oxum"] == f"{256 * 9000 + 9}.3"
    assert sorted(path.name for path in bag.glob("*.txt")) == [
        "bag-info.txt", "bagit.txt", "manifest-sha256.txt", "manifest-sha512.txt", "tagmanifest-sha256.txt",
        "tagmanifest-sha512.txt",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["data/README.md", "data/sites/hill/warc/新闻.warc.gz", "bag-info.txt"])
def test_a_changed_bit_is_noticed(bag: Path, name: str) -> None:
    data = bytearray((bag / name).read_bytes())
    data[len(data) // 2] ^= 1
    (bag / name).write_bytes(data)
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(bag)).validate()


def test_a_missing_file_is_noticed(bag: Path) -> None:
    (bag / "data" / "empty.txt").unlink()
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(bag)).validate()
