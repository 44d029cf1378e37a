"""Damaged WARC files of our own: what is sound is read, what is not is named."""

from pathlib import Path

import pytest

from pipelines.errors import DamagedError
from pipelines.model import Capture
from pipelines.store.sound import Damage, find_record
from pipelines.store.warc import ORIGIN, read_capture, read_captures, read_sound
from tests.pipelines.store.samples import SAMPLES, write_samples


@pytest.fixture
def warc(tmp_path: Path) -> Path:
    return tmp_path / "a.warc.gz"


def read(path: Path, *, start: int = 0) -> tuple[list[Capture], list[Damage]]:
    damage: list[Damage] = []
    return list(read_sound(path, damage.append, start=start)), damage


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 4
    path.write_bytes(data)


def test_a_sound_file_has_no_damage(warc: Path) -> None:
    captures = write_samples(warc)
    assert read(warc) == (captures, [])
    assert list(read_captures(warc)) == captures


@pytest.mark.parametrize("number", range(len(SAMPLES)))
def test_a_flipped_bit_costs_one_capture(warc: Path, number: int) -> None:
    captures = write_samples(warc)
    place = captures[number].place
    assert place is not None
    flip(warc, place.offset + place.length // 2)
    found, (damage,) = read(warc)
    assert found == captures[:number] + captures[number + 1 :]
    assert (damage.warc, damage.start, damage.end) == ("a.warc.gz", place.offset, place.offset + place.length)
    assert str(warc) in damage.message
    with pytest.raises(DamagedError):
        read_capture(warc, place)
    with pytest.raises(DamagedError):
        list(read_captures(warc))


def test_a_response_whose_hints_are_damaged_is_served_without_them(warc: Path) -> None:
    (capture,) = write_samples(warc, ["chunked"])
    assert capture.place is not None
    flip(warc, capture.place.offset - 30)
    (found,), (damage,) = read(warc)
    assert (found.target_uri, found.payload, found.place) == (capture.target_uri, capture.payload, capture.place)
    assert found.hints.text is None
    assert damage.end == capture.place.offset


def test_several_damaged_places(warc: Path) -> None:
    captures = write_samples(warc)
    for number in (1, 2, 7):
        place = captures[number].place
        assert place is not None
        flip(warc, place.offset + place.length // 2)
    found, damage = read(warc)
    assert found == [one for number, one in enumerate(captures) if number not in (1, 2, 7)]
    assert len(damage) == 3


def test_a_damaged_warcinfo_costs_the_run_alone(warc: Path) -> None:
    captures = write_samples(warc, ["response", "redirect"])
    flip(warc, 100)
    found, (damage,) = read(warc)
    assert [one.payload for one in found] == [one.payload for one in captures]
    assert [one.run for one in found] == [None, None]
    assert damage.start == 0


def test_a_tail_cut_off(warc: Path) -> None:
    captures = write_samples(warc)
    warc.write_bytes(warc.read_bytes()[:-20])
    found, (damage,) = read(warc)
    assert found == captures[:-1]
    assert damage.end == warc.stat().st_size


def test_reading_from_a_place_on(warc: Path) -> None:
    captures = write_samples(warc)
    place = captures[4].place
    assert place is not None
    found, damage = read(warc, start=place.offset + place.length)
    assert (found, damage) == (captures[5:], [])


def test_a_field_that_means_nothing_is_damage_of_its_record(warc: Path) -> None:
    record = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a/{0}\r\nWARC-Date: {1}\r\n"
        "WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-00000000000{0}>\r\n"
        "Content-Type: application/http;msgtype=response\r\nContent-Length: 19\r\n\r\nHTTP/1.1 200 OK\r\n\r\n\r\n\r\n"
    )
    plain = warc.with_name("a.warc")
    plain.write_text(
        record.format(1, "2026-03-05T01:02:03Z") + record.format(2, "yesterday") + record.format(3, "2026"),
        newline="",
    )
    found, (damage,) = read(plain)
    first, last = (one.place for one in found)
    assert [one.target_uri for one in found] == ["http://a/1", "http://a/3"]
    assert first is not None
    assert last is not None
    assert (damage.start, damage.end) == (first.length, last.offset)
    assert "yesterday" in damage.message


def test_a_place_in_a_file_that_is_not_there(tmp_path: Path, warc: Path) -> None:
    (capture,) = write_samples(warc, ["response"])
    assert capture.place is not None
    with pytest.raises(DamagedError, match=r"gone\.warc\.gz: is not there; put it back from a copy"):
        read_capture(tmp_path / "gone.warc.gz", capture.place)


def test_the_first_whole_record(warc: Path) -> None:
    captures = write_samples(warc, ["response", "redirect"])
    size = warc.stat().st_size
    first, last = (one.place for one in captures)
    assert first is not None
    assert last is not None
    assert find_record(warc, 0) == 0
    assert find_record(warc, last.offset) == last.offset
    assert find_record(warc, last.offset + 1) == size
    assert first.offset < find_record(warc, first.offset + 1) < last.offset
    assert find_record(warc, size + 10) == size


def test_only_a_file_that_says_so_is_imported(warc: Path) -> None:
    (capture,) = write_samples(warc, ["response"])
    assert not capture.imported
    assert ORIGIN == "importedFrom"
