"""Bytes in memory or in a temporary file: the same bytes."""

import mmap
from pathlib import Path

import pytest

from pipelines.model import Exchange
from pipelines.store.spool import Mapped, Spool
from tests.pipelines.store.samples import STARTED


@pytest.mark.parametrize("memory", [0, 5, 100])
def test_bytes_come_back(memory: int) -> None:
    spool = Spool(memory)
    for piece in (b"abc", b"", b"defg", b"h"):
        spool.write(piece)
    assert len(spool) == 8
    block = spool.finish()
    assert block[:] == b"abcdefgh"
    assert isinstance(block, mmap.mmap) == (memory < 8)
    assert len(spool) == 0


def test_nothing_is_no_file() -> None:
    spool = Spool(0)
    spool.spill()
    assert spool.finish() == b""


def test_what_is_in_memory_is_counted() -> None:
    spool = Spool(10)
    spool.write(b"12345")
    assert spool.in_memory == 5
    spool.write(b"678901")
    assert (spool.in_memory, len(spool)) == (0, 11)


def test_the_file_has_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    spool = Spool(0)
    spool.write(b"secret")
    assert list(tmp_path.iterdir()) == []
    assert spool.finish()[:] == b"secret"


def mapped(data: bytes) -> Mapped:
    spool = Spool(0)
    spool.write(data)
    block = spool.finish()
    assert isinstance(block, Mapped)
    return block


def test_a_mapped_file_equals_the_same_bytes() -> None:
    assert mapped(b"abc") == b"abc"
    assert b"abc" == mapped(b"abc")  # noqa: SIM300  (both ways round)
    assert mapped(b"abc") == mapped(b"abc")
    assert mapped(b"abc") != mapped(b"abd")
    assert mapped(b"abc") != b"abcd"
    assert mapped(b"abc") != "abc"


def test_values_that_hold_a_mapped_file_compare_by_content() -> None:
    one = Exchange(target_uri="http://a/", started_at=STARTED, response=mapped(b"abc"))
    assert one == Exchange(target_uri="http://a/", started_at=STARTED, response=b"abc")
