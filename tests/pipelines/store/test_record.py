"""Records of every form that WARC files come in, and what damage looks like."""

import gzip
import io
import zlib
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from pipelines.errors import DamagedError
from pipelines.store.members import zstd
from pipelines.store.record import (
    WarcRecord,
    decode_fields,
    encode_fields,
    from_warc_date,
    read_records,
    to_warc_date,
    write_record,
)

FIRST = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nWARC-Record-ID: <urn:x:1>\r\nContent-Length: 5\r\n\r\nhello\r\n\r\n"
SECOND = b"WARC/1.1\r\nwarc-type:resource\r\nX:  a\r\n b\r\ncontent-length: 0\r\n\r\n\r\n\r\n"
LARGE_BLOCK = b"0123456789abcdef" * 400_000
LARGE = (
    b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: %d\r\n\r\n" % len(LARGE_BLOCK) + LARGE_BLOCK + b"\r\n\r\n"
)
DICTIONARY = zstd.train_dict([b"WARC-Type: %d Content-Length: %d" % (at, at * at) for at in range(900)], 400)


def plain(*records: bytes) -> bytes:
    return b"".join(records)


def gzipped(*records: bytes) -> bytes:
    return b"".join(gzip.compress(record) for record in records)


def zstandard(*records: bytes) -> bytes:
    return b"".join(zstd.compress(record) for record in records)


def skippable(magic: int, content: bytes) -> bytes:
    return magic.to_bytes(4, "little") + len(content).to_bytes(4, "little") + content


def zstandard_with_dictionary(*records: bytes) -> bytes:
    frames = [zstd.compress(record, zstd_dict=DICTIONARY) for record in records]
    return skippable(0x184D2A5D, DICTIONARY.dict_content) + skippable(0x184D2A50, b"note").join(frames)


def zstandard_with_packed_dictionary(*records: bytes) -> bytes:
    frames = [zstd.compress(record, zstd_dict=DICTIONARY) for record in records]
    return skippable(0x184D2A5D, zstd.compress(DICTIONARY.dict_content)) + b"".join(frames)


FORMS = [plain, gzipped, zstandard, zstandard_with_dictionary, zstandard_with_packed_dictionary]


def read(data: bytes, start: int = 0) -> list[WarcRecord]:
    return list(read_records(io.BytesIO(data), "test.warc", start=start))


@pytest.mark.parametrize("form", FORMS)
def test_records_of_any_form(form: Callable[..., bytes]) -> None:
    first, second, large, again = read(form(FIRST, SECOND, LARGE, FIRST))
    assert (first.kind, first.id, first.block, first.alone) == ("warcinfo", "urn:x:1", b"hello", True)
    assert (second.kind, second.field("x"), second.block, second.tail) == ("resource", "a b", b"", b"\r\n\r\n")
    assert large.block[:] == LARGE_BLOCK
    assert again.head == first.head == FIRST.partition(b"hello")[0]


@pytest.mark.parametrize("form", FORMS)
def test_each_record_is_found_by_its_offset(form: Callable[..., bytes]) -> None:
    data = form(FIRST, SECOND, LARGE, FIRST)
    for record in read(data):
        alone = data[record.offset : record.offset + record.length]
        if form in (plain, gzipped, zstandard):
            assert [each.head for each in read(alone)] == [record.head]
        assert read(data, record.offset)[0].head == record.head
    offsets = [record.offset for record in read(data)]
    assert offsets == sorted(set(offsets))


def test_a_file_compressed_as_a_whole_is_read_in_order() -> None:
    records = read(gzip.compress(FIRST + SECOND + LARGE))
    assert [record.kind for record in records] == ["warcinfo", "resource", "response"]
    assert [record.alone for record in records] == [False, False, False]


@pytest.mark.parametrize(
    ("text", "block", "tail"),
    [
        (b"WARC/1.0\nWARC-Type: x\nContent-Length: 2\n\nab\n\n", b"ab", b"\n\n"),
        (b"\r\n\r\n" + FIRST, b"hello", b"\r\n\r\n"),
        (FIRST[:-2], b"hello", b"\r\n"),
        (FIRST + b"\r\n" * 9, b"hello", b"\r\n\r\n"),
    ],
    ids=["bare line feeds", "blank lines before", "one line end after", "many line ends after"],
)
def test_sloppy_writers(text: bytes, block: bytes, tail: bytes) -> None:
    for data in (text, gzip.compress(text)):
        (record,) = read(data)
        assert (record.block, record.tail) == (block, tail)


def test_an_empty_file_has_no_records() -> None:
    assert read(b"") == []


DAMAGES = {
    "member cut short": (gzipped(FIRST, SECOND)[:-10], "the file ends within a record"),
    "member cut within its header": (gzipped(FIRST) + gzipped(SECOND)[:5], "the file ends within a record"),
    "flipped bit": (gzipped(FIRST) + gzipped(SECOND)[:40] + b"?" + gzipped(SECOND)[41:], "damaged"),
    "garbage after": (gzipped(FIRST) + b"garbage", "no WARC record begins at byte"),
    "zeros after": (gzipped(FIRST) + bytes(4096), "no WARC record begins at byte"),
    "text in a member": (gzipped(FIRST, b"hello world"), "no WARC record begins here"),
    "block cut short in a member": (gzipped(FIRST, FIRST[:-8]), "a record is cut short"),
    "block cut short in the plain": (plain(FIRST, FIRST[:-8]), "the file ends within a record"),
    "no Content-Length": (gzipped(FIRST, FIRST.replace(b"Content-L", b"L")), "no valid Content-Length"),
    "bad Content-Length": (gzipped(FIRST, FIRST.replace(b": 5", b": -5")), "no valid Content-Length"),
    "endless Content-Length": (gzipped(FIRST, FIRST.replace(b": 5", b": " + b"5" * 5000)), "no valid Content-L"),
    "header without end": (gzipped(FIRST, b"WARC/1.0\r\nWARC-Type: x\r\n"), "does not end"),
    "zstd frame cut short": (zstandard(FIRST, SECOND)[:-4], "the file ends within a record"),
    "skippable frame cut short": (zstandard(FIRST) + skippable(0x184D2A51, b"abcdef")[:-2], "within a zstd frame"),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_told_and_what_stands_before_is_read(name: str) -> None:
    data, words = DAMAGES[name]
    records = read_records(io.BytesIO(data), "test.warc")
    assert next(records).block == b"hello"
    with pytest.raises(DamagedError, match=words) as caught:
        next(records)
    assert str(caught.value).startswith("test.warc: ")


def test_a_written_record_is_one_member_without_time_or_name() -> None:
    out = io.BytesIO()
    length = write_record(out.write, [("WARC-Type", "metadata"), ("X", "学")], b"ab", b"c")
    assert out.getvalue() == zlib_member(
        "WARC/1.1\r\nWARC-Type: metadata\r\nX: 学\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n"
    )
    assert length == len(out.getvalue())
    (record,) = read(out.getvalue())
    assert (record.block, record.field("X"), record.length) == (b"abc", "学", length)


def zlib_member(text: str) -> bytes:
    squeeze = zlib.compressobj(5, zlib.DEFLATED, 28, 7)
    return squeeze.compress(text.encode()) + squeeze.flush()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2016-01-11T23:24:25.412030999Z", datetime(2016, 1, 11, 23, 24, 25, 412030, UTC)),
        ("2016-01-11T23:24:25Z", datetime(2016, 1, 11, 23, 24, 25, 0, UTC)),
        ("2016-01-11T23:24Z", datetime(2016, 1, 11, 23, 24, tzinfo=UTC)),
        ("2016-01-11", datetime(2016, 1, 11, tzinfo=UTC)),
        ("2016", datetime(2016, 1, 1, tzinfo=UTC)),
        ("2016-01-11T23:24:25+08:00", datetime(2016, 1, 11, 15, 24, 25, 0, UTC)),
    ],
)
def test_dates_of_any_granularity(text: str, moment: datetime) -> None:
    assert from_warc_date(text) == moment


def test_written_dates_come_back() -> None:
    moment = datetime(2024, 2, 29, 23, 59, 59, 999000, UTC)
    assert to_warc_date(moment) == "2024-02-29T23:59:59.999Z"
    assert from_warc_date(to_warc_date(moment)) == moment


def test_fields_come_back() -> None:
    fields = [("via", "http://a/?x=1:2"), ("section", "要闻"), ("empty", "")]
    assert decode_fields(encode_fields(fields)) == fields
