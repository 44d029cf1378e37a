"""Foreign WARC files: what a survey says of them, and what becomes of their bytes."""

import gzip
from pathlib import Path

import pytest

from pipelines.store.foreign import copy_sound, file_digest, survey
from pipelines.store.sound import find_record
from tests.foreign import FORMS, by_record, content, heritrix_records, write_with_warcio

RECORDS = heritrix_records()


def copied(path: Path) -> bytes:
    parts: list[bytes] = []
    copy_sound(path, survey(path), parts.append)
    return b"".join(parts)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_read_and_keeps_its_bytes(tmp_path: Path, form: str) -> None:
    name, make = FORMS[form]
    path = tmp_path / name
    path.write_bytes(make(RECORDS))
    found = survey(path)
    assert (found.records, found.damage, found.size) == (len(RECORDS), (), path.stat().st_size)
    assert found.is_by_record == (form == "gzip by record")
    assert found.first_at is not None
    assert found.first_at.isoformat() == "2026-03-05T01:00:00+00:00"
    taken = copied(path)
    assert content(taken) == b"".join(RECORDS)
    assert taken == path.read_bytes() or form != "gzip by record"
    assert taken.count(b"\x1f\x8b\x08") >= len(RECORDS)


def test_a_file_of_warcio_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    write_with_warcio(path)
    assert copied(path) == path.read_bytes()


@pytest.mark.parametrize("number", range(len(RECORDS)))
def test_one_flipped_bit_costs_one_record(tmp_path: Path, number: int) -> None:
    path = tmp_path / "a.warc.gz"
    members = [gzip.compress(record, mtime=0) for record in RECORDS]
    at = sum(map(len, members[:number])) + len(members[number]) // 2
    data = bytearray(b"".join(members))
    data[at] ^= 4
    path.write_bytes(data)
    found = survey(path)
    (damage,) = found.damage
    assert (damage.start, damage.end) == (sum(map(len, members[:number])), sum(map(len, members[: number + 1])))
    assert "damaged" in damage.message
    assert found.records == len(RECORDS) - 1
    assert content(copied(path)) == b"".join(RECORDS[:number] + RECORDS[number + 1 :])


@pytest.mark.parametrize("form", FORMS)
def test_a_file_cut_short_keeps_what_stands_before(tmp_path: Path, form: str) -> None:
    name, make = FORMS[form]
    path = tmp_path / name
    path.write_bytes(make(RECORDS)[:-30])
    found = survey(path)
    (damage,) = found.damage
    assert damage.end == found.size
    if form == "gzip as a whole":
        assert found.records >= len(RECORDS) - 3
        return
    assert found.records == len(RECORDS) - 1
    assert content(copied(path)) == b"".join(RECORDS[:-1])


def test_garbage_between_records_of_a_file_that_is_not_compressed(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(b"".join(RECORDS[:4]) + b"\0" * 100_000 + b"".join(RECORDS[4:]))
    found = survey(path)
    (damage,) = found.damage
    assert damage.end - damage.start == 100_000
    assert content(copied(path)) == b"".join(RECORDS)


@pytest.mark.parametrize(
    "data", [b"", b"no WARC at all", b"\0" * 70_000, gzip.compress(b"filedesc://x", mtime=0), b"PK\x03\x04"]
)
def test_what_is_no_warc_file_has_no_records(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(data)
    assert survey(path).records == 0


@pytest.mark.parametrize("mark", [b"\x1f\x8b\x08", b"WARC/1.0\r\n", b"\x1f\x8b\x08\x00WARC/1.1\n"])
def test_bytes_made_to_look_like_records_cost_no_more_than_their_length(tmp_path: Path, mark: bytes) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(mark * (5_000_000 // len(mark)))
    assert find_record(path, 1) == path.stat().st_size


def test_a_digest_of_the_rest_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"head" + b"rest" * 100_000)
    (tmp_path / "b").write_bytes(b"rest" * 100_000)
    assert file_digest(path, start=4) == file_digest(tmp_path / "b")
    assert file_digest(path) != file_digest(tmp_path / "b")


def test_records_of_one_member_are_told_apart_from_records_by_themselves(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(by_record(RECORDS[:3]) + gzip.compress(b"".join(RECORDS[3:])))
    assert not survey(path).is_by_record
