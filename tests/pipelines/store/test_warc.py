"""What was written comes back as the same captures, whole or one by one; foreign files are read too."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from pipelines.errors import DamagedError
from pipelines.model import FoundBy, Hints, Outcome, Place
from pipelines.store.record import digest, read_records
from pipelines.store.warc import find_exchange, last_complete, read_capture, read_captures, read_warcinfo
from tests.pipelines.store.samples import BODY, CHUNKED, PLAIN, SAMPLES, STARTED, exchange, write_samples


@pytest.fixture
def warc(tmp_path: Path) -> Path:
    return tmp_path / "site-20240305010203-00001.warc.gz"


def test_captures_come_back_as_they_were_written(warc: Path) -> None:
    written = write_samples(warc)
    assert len(written) == len(SAMPLES)
    assert list(read_captures(warc)) == written


def test_each_capture_is_found_by_its_place(warc: Path) -> None:
    for capture in write_samples(warc):
        assert capture.place is not None
        assert read_capture(warc, capture.place) == capture


def test_reading_can_begin_at_any_exchange_and_end_at_any_offset(warc: Path) -> None:
    written = write_samples(warc)
    ends = [capture.place.offset + capture.place.length for capture in written if capture.place]
    for at, end in enumerate(ends):
        assert list(read_captures(warc, start=end)) == written[at + 1 :]
        assert list(read_captures(warc, stop=end)) == written[: at + 1]
        assert list(read_captures(warc, stop=end - 1)) == written[:at]


def test_a_capture_says_what_happened(warc: Path) -> None:
    captures = dict(zip(SAMPLES, write_samples(warc), strict=True))
    chunked = captures["chunked"]
    assert (chunked.status, chunked.payload, chunked.payload_digest) == (200, BODY, digest(BODY))
    assert chunked.hints == SAMPLES["chunked"][0].hints
    assert chunked.captured_at == STARTED
    assert chunked.run == "run-1"
    assert chunked.header("CONTENT-TYPE") == "text/html"
    assert captures["identical"].profile == "identical-payload-digest"
    assert captures["not modified"].refers_to == "urn:uuid:aaaaaaaa-0000-5000-8000-000000000000"
    assert captures["time-out"].outcome == Outcome.TIMEOUT
    assert captures["time-out"].status is None
    assert (captures["truncated"].truncated, captures["truncated"].payload) == ("disconnect", BODY[:-3])


def test_an_open_file_has_its_final_name_in_places(warc: Path) -> None:
    written = write_samples(warc)
    opened = warc.rename(warc.with_name(warc.name + ".open"))
    assert list(read_captures(opened)) == written


def test_warcinfo_comes_back(warc: Path) -> None:
    write_samples(warc, ["response"])
    told = read_warcinfo(warc)
    assert told["siteFile"] == "id = 'x'\nname = '新闻'\n"
    assert (told["software"], told["isPartOf"]) == ("newsspider/0.1.0", "run-1")


@pytest.mark.parametrize(("offset", "length"), [(0, 10), (0, 0), (5, 10)])
def test_a_place_where_no_capture_stands(warc: Path, offset: int, length: int) -> None:
    write_samples(warc, ["response"])
    with pytest.raises(DamagedError, match=str(warc)):
        read_capture(warc, Place(warc=warc.name, offset=offset, length=length))


def test_a_place_that_holds_another_record_is_no_capture(warc: Path) -> None:
    write_samples(warc, ["response"])
    (capture,) = read_captures(warc)
    assert capture.place is not None
    with warc.open("rb") as file:
        _, request, metadata, _ = read_records(file, warc.name)
    for record in (request, metadata):
        with pytest.raises(DamagedError, match="is no capture"):
            read_capture(warc, Place(warc=warc.name, offset=record.offset, length=record.length))


# ── how far a file is whole ────────────────────────────────────────────────────────────────────────────────


def ends_of(warc: Path) -> list[int]:
    return [capture.place.offset + capture.place.length for capture in write_samples(warc) if capture.place]


def test_a_file_cut_anywhere_is_whole_up_to_the_last_exchange(warc: Path) -> None:
    ends = ends_of(warc)
    data = warc.read_bytes()
    first = len(data) - len(data[ends[0] :])
    warcinfo_end = next(at for at in range(1, first) if data[at : at + 3] == b"\x1f\x8b\x08")
    for size in range(0, len(data) + 1, 13):
        warc.write_bytes(data[:size])
        expected = max(end for end in [0, warcinfo_end, *ends] if end <= size)
        assert last_complete(warc) == expected


@pytest.mark.parametrize("tail", [bytes(5000), b"garbage", b"\x1f\x8b\x08\x00", b"\x1f\x8b" + bytes(100)])
def test_whatever_follows_the_last_exchange_is_not_counted(warc: Path, tail: bytes) -> None:
    end = ends_of(warc)[-1]
    with warc.open("ab") as file:
        file.write(tail)
    assert last_complete(warc) == end
    assert find_exchange(warc, end) is None


def test_exchanges_behind_a_damaged_place_are_found(warc: Path) -> None:
    ends = ends_of(warc)
    data = bytearray(warc.read_bytes())
    data[ends[2] + 30] ^= 0xFF
    warc.write_bytes(data)
    assert last_complete(warc) == ends[2]
    with pytest.raises(DamagedError):
        list(read_captures(warc))
    found = find_exchange(warc, ends[2])
    assert found is not None
    assert ends[2] < found <= ends[3]
    assert [c.target_uri for c in read_captures(warc, start=ends[3])] == [
        e.target_uri for e, _ in list(SAMPLES.values())[4:]
    ]


# ── other people's files and tools ─────────────────────────────────────────────────────────────────────────


def test_fastwarc_reads_and_verifies_what_is_written(warc: Path) -> None:
    written = write_samples(warc)
    with warc.open("rb") as file:
        blocks = {
            r.headers["WARC-Record-ID"]: r.verify_block_digest() for r in ArchiveIterator(file, parse_http=False)
        }
    assert all(blocks.values())
    with warc.open("rb") as file:
        responses = ArchiveIterator(file, parse_http=True, record_types=WarcRecordType.response)
        payloads = {r.headers["WARC-Target-URI"]: r.verify_payload_digest() for r in responses}
    assert len(payloads) == len([capture for capture in written if capture.status and not capture.profile])
    # FastWARC hashes the chunks, against §6.3.2.
    assert [uri for uri, right in payloads.items() if not right] == ["http://news.example.edu.cn/chunked"]


def test_warcio_reads_and_verifies_what_is_written(warc: Path) -> None:
    write_samples(warc)
    bad = []
    with warc.open("rb") as file:
        for record in WarcioIterator(file, check_digests=True):
            record.content_stream().read()
            uri = record.rec_headers.get_header("WARC-Target-URI")
            bad.extend((uri, problem) for problem in record.digest_checker.problems)
    assert [uri for uri, _ in bad] == ["http://news.example.edu.cn/chunked"]  # warcio hashes the chunks
    assert "payload digest failed" in bad[0][1]


def to_warc(*records: tuple[str, bytes], version: str = "1.0") -> list[bytes]:
    return [
        b"WARC/" + version.encode() + b"\r\n" + head.strip().replace("\n", "\r\n").encode()
        + b"\r\nContent-Length: %d\r\n\r\n" % len(block) + block + b"\r\n\r\n"
        for head, block in records
    ]  # fmt: skip


ABOUT = "WARC-Date: 2024-03-05T01:02:03Z\nWARC-Target-URI: http://a.edu/1"
FOREIGN = (
    ("WARC-Type: warcinfo\nWARC-Record-ID: <urn:w:0>", b"software: x\r\nisPartOf: job-7\r\n"),
    (
        f"WARC-Type: response\nWARC-Record-ID: <urn:r:1>\n{ABOUT}\nContent-Type: application/http;msgtype=response",
        PLAIN,
    ),
    (
        f"WARC-Type: request\nWARC-Record-ID: <urn:q:1>\nWARC-Concurrent-To: <urn:r:1>\n{ABOUT}",
        b"GET /1 HTTP/1.1\r\n\r\n",
    ),
    (
        f"WARC-Type: metadata\nWARC-Record-ID: <urn:m:1>\nWARC-Concurrent-To: <urn:r:1>\n{ABOUT}",
        b"via: http://a.edu/\r\n",
    ),
    (
        f"WARC-Type: revisit\nWARC-Record-ID: <urn:r:2>\n{ABOUT}\nWARC-Refers-To-Date: 2024-03-05T01:02:03Z\n"
        "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/identical-payload-digest",
        b"HTTP/1.1 200 OK\r\n\r\n",
    ),
    (f"WARC-Type: resource\nWARC-Record-ID: <urn:r:3>\n{ABOUT}\nContent-Type: application/pdf", b"%PDF"),
    ("WARC-Type: resource\nWARC-Record-ID: <urn:r:4>\nWARC-Target-URI: urn:text", b"text"),
    ("WARC-Type: response\nWARC-Record-ID: <urn:r:5>\nWARC-Target-URI: dns:a.edu", b"1.2.3.4"),
    (f"WARC-Type: conversion\nWARC-Record-ID: <urn:r:6>\n{ABOUT}", b"text"),
)
"""As warcio's users and Heritrix write: response first, then request and metadata; then other kinds."""


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("pack", [gzip.compress, bytes], ids=["gzip", "plain"])
def test_a_foreign_file_gives_captures(tmp_path: Path, version: str, pack: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "foreign.warc.gz"
    path.write_bytes(b"".join(map(pack, to_warc(*FOREIGN, version=version))))
    page, again, file = read_captures(path)
    assert (page.target_uri, page.status, page.payload) == ("http://a.edu/1", 200, BODY)
    assert page.payload_digest == digest(BODY)
    assert (page.hints, page.run, page.outcome) == (Hints(found_by=FoundBy.IMPORT), "job-7", Outcome.OK)
    assert page.place is not None
    assert read_capture(path, page.place) == page
    assert (again.profile, again.status, again.payload) == ("identical-payload-digest", 200, b"")
    assert again.refers_to_date == page.captured_at
    assert (file.payload, file.headers) == (b"%PDF", (("Content-Type", "application/pdf"),))


def test_heritrix_and_wget_forms(tmp_path: Path) -> None:
    head = "WARC-Type: response\nWARC-Date: 2014-11-29T01:02:03Z\nContent-Type: application/http; msgtype=response"
    records = to_warc(
        ("WARC-Type: metadata\nWARC-Concurrent-To: <urn:r:1>\nWARC-Record-ID: <urn:m:1>", b"via: http://a.edu/\r\n"),
        (f"{head}\nWARC-Target-URI: <http://a.edu/wget>\nWARC-Record-ID: <urn:r:1>", CHUNKED),
        (f"{head}\nWARC-Target-URI: http://a.edu/dechunked\nWARC-Record-ID: urn:r:2",
         b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<html>"),
        (f"{head}\nWARC-Target-URI: http://a.edu/cut\nWARC-Record-ID: <urn:r:3>\nWARC-Truncated: time", PLAIN[:-4]),
        (f"{head}\nWARC-Target-URI: http://a.edu/odd\nWARC-Record-ID: <urn:r:4>", b"ICY 200 OK\r\n\r\n"),
        ("WARC-Type: request\nWARC-Target-URI: http://a.edu/h\nWARC-Record-ID: <urn:q:5>",
         b"HEAD /h HTTP/1.1\r\n\r\n"),
        (f"{head}\nWARC-Target-URI: http://a.edu/h\nWARC-Record-ID: <urn:r:5>\nWARC-Concurrent-To: <urn:q:5>",
         b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n"),
    )  # fmt: skip
    path = tmp_path / "x.warc"
    path.write_bytes(b"".join(records))
    wget, dechunked, cut, odd, asked = read_captures(path)
    assert (wget.target_uri, wget.payload) == ("http://a.edu/wget", BODY)
    assert wget.hints == Hints(found_by=FoundBy.IMPORT, found_on="http://a.edu/")
    assert dechunked.payload == b"<html>"
    assert (cut.outcome, cut.truncated, cut.payload) == (Outcome.TRUNCATED, "time", BODY[:-4])
    assert (odd.outcome, odd.status) == (Outcome.CONNECTION_ERROR, None)
    assert (asked.status, asked.payload) == (200, b"")


def test_a_large_payload_comes_as_a_mapped_file(warc: Path) -> None:
    body = b"0123456789abcdef" * 400_000
    large = exchange("large", b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    SAMPLES["large"] = (large, None)
    try:
        (written,) = write_samples(warc, ["large"])
    finally:
        del SAMPLES["large"]
    (read,) = read_captures(warc)
    assert not isinstance(read.payload, bytes)
    assert read == written
    assert read.payload == body


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b"WARC-Date: 2024", b"WARC-Date: tttt", "makes no sense: Invalid isoformat string"),
        (b"outcome: ok", b"outcome: xx", "makes no sense: 'xx' is not a valid Outcome"),
        (b"foundBy: seed", b"foundBy: dice", "makes no sense: 'dice' is not a valid FoundBy"),
    ],
)
def test_words_that_mean_nothing_are_damage(warc: Path, old: bytes, new: bytes, words: str) -> None:
    write_samples(warc, ["response"])
    with warc.open("rb") as file:
        ends = [record.offset + record.length for record in read_records(file, warc.name)]
    data = warc.read_bytes()
    records = [gzip.decompress(data[a:b]) for a, b in zip([0, *ends], ends, strict=False)]
    warc.write_bytes(b"".join(gzip.compress(record.replace(old, new)) for record in records))
    with pytest.raises(DamagedError, match=words):
        list(read_captures(warc))
