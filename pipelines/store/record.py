"""WARC records as bytes (WARC 1.1, ISO 28500:2017): one at a time, in gzip members, zstd frames, or plain.

Written are WARC 1.1 records, one gzip member each (Annex D). Read is whatever is in use: WARC 1.0 and 1.1,
compressed by record, compressed as a whole, zstd with or without a dictionary, uncompressed.
"""

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import BinaryIO

from pipelines.errors import DamagedError
from pipelines.http import PIECE
from pipelines.model import Block, Header
from pipelines.store.members import read_members

Sink = Callable[[bytes], object]

LEVEL = 5
"""On the corpus 1 % larger than level 6, and a fifth faster."""
SMALL = 2048
"""A block below this needs no window of 32 KiB, whose set-up costs more than the compression itself."""
ALREADY_DENSE = ("gzip", "br", "zstd", "deflate", "image/", "video/", "audio/", "zip", "pdf", "officedocument")
"""Content that deflate hardly makes smaller: the lowest level takes a third of the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcRecord:
    """One record as read: nothing is checked but where it ends."""

    head: bytes
    """Version line and named fields with the blank line after them, as they stand."""
    fields: tuple[Header, ...]
    block: Block
    tail: bytes
    """What stands between the block and the next record: two line ends (WARC 1.1 §4)."""
    offset: int
    """Of its gzip member or zstd frame, or of its version line in an uncompressed file."""
    length: int
    """Bytes that it takes in the file."""
    alone: bool
    """False where it shares its gzip member with other records, and thus cannot be reached by its offset."""

    def field(self, name: str) -> str | None:
        """Return the first field of that name, case-insensitively (WARC 1.1 §4), or None."""
        wanted = name.lower()
        return next((value for key, value in self.fields if key.lower() == wanted), None)

    def every(self, name: str) -> list[str]:
        """Return the values of all fields of that name."""
        wanted = name.lower()
        return [value for key, value in self.fields if key.lower() == wanted]

    @property
    def kind(self) -> str:
        """WARC-Type in lower case; empty where there is none."""
        return (self.field("WARC-Type") or "").lower()

    @property
    def id(self) -> str:
        """WARC-Record-ID without its angle brackets; empty where there is none."""
        return unbracket(self.field("WARC-Record-ID") or "")


def unbracket(uri: str) -> str:
    """Return a URI without angle brackets: files are found with and without them (WARC 1.1 §5.2, note)."""
    return uri.removeprefix("<").removesuffix(">")


# ── dates, digests, fields ─────────────────────────────────────────────────────────────────────────────────


def to_warc_date(moment: datetime) -> str:
    """Write a UTC time as WARC-Date, in whole milliseconds (WARC 1.1 §5.4).

    >>> to_warc_date(datetime(2020, 2, 21, 1, 2, 3, 456000, UTC))
    '2020-02-21T01:02:03.456Z'
    """
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_warc_date(value: str) -> datetime:
    """Read a WARC-Date of any granularity; digits beyond the microsecond are dropped. Raises ValueError.

    >>> from_warc_date("2016-01").isoformat(), from_warc_date("2016-01-11T23:24:25.412030999Z").isoformat()
    ('2016-01-01T00:00:00+00:00', '2016-01-11T23:24:25.412030+00:00')
    """
    whole, dot, fraction = value.removesuffix("Z").partition(".")
    whole += "0001-01-01T00:00:00"[len(whole) :] if len(whole) in (4, 7, 10, 16) else ""
    moment = datetime.fromisoformat(whole)
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    return moment.replace(microsecond=int(fraction[:6].ljust(6, "0")) if dot else 0, tzinfo=UTC)


def digest(*pieces: Block) -> str:
    """Return the labelled SHA-256 of the pieces: ``sha256:`` and lower-case Base16.

    WARC 1.1 §5.8 leaves algorithm and encoding open. SHA-256 because SHA-1 no longer proves anything; Base16
    because Base32 of 256 bits needs padding, which the grammar forbids (IIPC recommendation #48). warcio, FastWARC
    and pywb read it.
    """
    hasher = hashlib.sha256()
    for piece in pieces:
        hasher.update(piece)
    return f"sha256:{hasher.hexdigest()}"


def encode_fields(fields: Iterable[tuple[str, str]]) -> bytes:
    """Write ``application/warc-fields`` (WARC 1.1 §4)."""
    return "".join(f"{name}: {value}\r\n" for name, value in fields).encode()


def decode_fields(data: bytes) -> list[Header]:
    """Read ``application/warc-fields``, or the named fields of a record; folded lines are joined."""
    fields: list[Header] = []
    for line in data.decode("utf-8", "replace").replace("\r\n", "\n").split("\n"):
        name, colon, value = line.partition(":")
        if line[:1] in (" ", "\t") and fields:
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {line.strip()}".strip())
        elif colon:
            fields.append((name.strip(), value.strip()))
    return fields


# ── writing ────────────────────────────────────────────────────────────────────────────────────────────────


def write_record(sink: Sink, fields: Iterable[tuple[str, str]], *blocks: Block, dense: bool = False) -> int:
    """Write one WARC 1.1 record as one gzip member (Annex D), and return the length of the member.

    ``fields`` are the named fields without Content-Length; ``blocks`` are joined. The bytes of a record depend on
    nothing but these (and the version of zlib): the member carries no time and no name.
    """
    lines = [*fields, ("Content-Length", str(sum(map(len, blocks))))]
    for name, value in lines:
        if not value.isprintable():
            raise ValueError(f"{name} cannot stand in a WARC record: {value!r}")
    return write_member(sink, b"WARC/1.1\r\n", encode_fields(lines), b"\r\n", *blocks, b"\r\n\r\n", dense=dense)


def write_member(sink: Sink, *blocks: Block, dense: bool = False) -> int:
    """Write bytes as one gzip member (RFC 1952) without time and name, and return its length."""
    level = 1 if dense else LEVEL
    small = sum(map(len, blocks)) < SMALL
    squeeze = zlib.compressobj(level, zlib.DEFLATED, 16 + 12, 7) if small else zlib.compressobj(level, wbits=31)
    written = 0
    for piece in chain(_in_pieces(blocks), (None,)):
        data = squeeze.flush() if piece is None else squeeze.compress(piece)
        if data:
            sink(data)
            written += len(data)
    return written


def _in_pieces(blocks: Iterable[Block]) -> Iterator[bytes]:
    for block in blocks:
        for start in range(0, len(block), PIECE):
            yield block[start : start + PIECE]


# ── reading ────────────────────────────────────────────────────────────────────────────────────────────────


def read_records(file: BinaryIO, name: str, *, start: int = 0) -> Iterator[WarcRecord]:
    """Yield the records of a WARC file from offset ``start`` on; ``name`` stands in error messages.

    Raises :class:`~pipelines.errors.DamagedError` at the first place that cannot be read; the records before it
    have been yielded. Blocks of more than some megabytes come as mapped temporary files.
    """
    for member in read_members(file, name, start):
        while (head := member.take_head()) is not None:
            fields = tuple(decode_fields(head.partition(b"\n")[2]))
            block = member.take(_content_length(fields, name, member.record_offset))
            tail = member.take_line_ends()
            ended = member.at_end() or not member.has_another()
            yield WarcRecord(
                head=head,
                fields=fields,
                block=block,
                tail=tail,
                offset=member.record_offset,
                length=member.record_length,
                alone=member.plain or (ended and member.records == 1),
            )


def _content_length(fields: Iterable[Header], name: str, offset: int) -> int:
    value = next((value for key, value in fields if key.lower() == "content-length"), "")
    if not (value.isascii() and value.isdigit() and len(value) <= 18):
        raise DamagedError(
            f"{name}: the record at byte {offset} has no valid Content-Length, so its end is unknown."
        )
    return int(value)
