"""WARC records as bytes (WARC 1.1, ISO 28500:2017): one at a time, in gzip members, zstd frames, or plain.

Written are WARC 1.1 records, one gzip member each (Annex D). Read is whatever is in use: WARC 1.0 and 1.1,
compressed by record, compressed as a whole, zstd with or without a dictionary, uncompressed.
"""

import hashlib
import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO, Protocol

from pipelines.errors import DamagedError
from pipelines.http import PIECE
from pipelines.model import Block, Header
from pipelines.store.spool import Spool

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Sink = Callable[[bytes], object]

INPUT = 64 * 1024
MAX_HEAD = 1 << 20
"""A record header longer than this is damage, not a header."""
LINE_ENDS = re.compile(rb"[\r\n]*")
GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
ZSTD_DICTIONARY = b"\x5d\x2a\x4d\x18"
"""The skippable frame that a zstd WARC may begin with (IIPC, Zstandard Compression for WARC Files)."""
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
    """Write one WARC 1.1 record as one gzip member, and return the length of the member.

    ``fields`` are the named fields without Content-Length; ``blocks`` are joined. The bytes of a record depend on
    nothing but these (and the version of zlib): the member carries no time and no name.
    """
    lines = [*fields, ("Content-Length", str(sum(map(len, blocks))))]
    for name, value in lines:
        if not value.isprintable():
            raise ValueError(f"{name} cannot stand in a WARC record: {value!r}")
    level = 1 if dense else LEVEL
    small = sum(map(len, blocks)) < SMALL
    squeeze = zlib.compressobj(level, zlib.DEFLATED, 16 + 12, 7) if small else zlib.compressobj(level, wbits=31)
    written = 0
    for piece in (b"WARC/1.1\r\n", encode_fields(lines), b"\r\n", *_in_pieces(blocks), b"\r\n\r\n", None):
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
    for member in _members(_Input(file, start), name):
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
    if not (value.isascii() and value.isdigit()):
        raise DamagedError(
            f"{name}: the record at byte {offset} has no valid Content-Length, so its end is unknown."
        )
    return int(value)


class _Input:
    """A file read forward, with the offset of the next byte."""

    def __init__(self, file: BinaryIO, start: int) -> None:
        file.seek(start)
        self._file = file
        self._back = b""
        self.offset = start

    def read(self, least: int = 1) -> bytes:
        """Return at least that many bytes, fewer only at the end of the file."""
        data, self._back = self._back, b""
        while len(data) < least and (more := self._file.read(INPUT)):
            data += more
        self.offset += len(data)
        return data

    def unread(self, data: bytes) -> None:
        """Put back the last bytes read."""
        self._back = data
        self.offset -= len(data)


class _Decompressor(Protocol):
    """What zlib and zstd have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


class _Plain:
    """The decompressor of what is not compressed."""

    eof = False
    unused_data = b""

    def decompress(self, data: bytes, /) -> bytes:
        return data


class _Member:
    """What is compressed in one piece: one record, as a rule; all of them in an uncompressed file."""

    def __init__(self, source: _Input, name: str, decompressor: _Decompressor) -> None:
        self.plain = isinstance(decompressor, _Plain)
        self.records = 0
        self._source, self._name, self._decompressor = source, name, decompressor
        self._offset = source.offset
        self._end: int | None = None
        self._data, self._at = b"", 0
        """Decompressed bytes, and how many of them were taken."""
        self._passed = 0
        """Bytes taken that are no longer in ``_data``."""
        self._record_start = 0

    @property
    def record_offset(self) -> int:
        """Where in the file the last record begins."""
        return self._offset + self._record_start if self.plain else self._offset

    @property
    def record_length(self) -> int:
        """How many bytes of the file the last record takes; 0 where the member has not ended."""
        if self.plain:
            return self._passed + self._at - self._record_start
        return self._end - self._offset if self._end is not None else 0

    def _damaged(self, what: str) -> DamagedError:
        return DamagedError(f"{self._name}: {what} (byte {self.record_offset}); what stands before it is sound.")

    def _more(self) -> bool:
        """Decompress some more; False at the end of the member."""
        more = b""
        while not more and self._end is None:
            data = self._source.read()
            if not data and self.plain:
                self._end = self._source.offset
                break
            try:
                more = self._decompressor.decompress(data)
            except (zlib.error, zstd.ZstdError) as error:
                raise self._damaged(f"compressed data are damaged: {error}") from error
            if self._decompressor.eof:
                self._source.unread(self._decompressor.unused_data)
                self._end = self._source.offset
            elif not data:
                raise self._damaged("the file ends within a record")
        self._passed += self._at
        self._data, self._at = self._data[self._at :] + more, 0
        return bool(more)

    def at_end(self) -> bool:
        """Tell whether nothing is left."""
        return self._at == len(self._data) and not self._more()

    def has_another(self) -> bool:
        """Tell whether another record follows in the same member.

        Anything else is damage, and then the checksum of the record before could not be compared either.
        """
        if self.plain:
            return True
        self._skip_line_ends()
        while len(self._data) - self._at < 5 and self._more():
            pass
        if self._at < len(self._data) and not self._data.startswith(b"WARC/", self._at):
            raise self._damaged("compressed data are damaged")
        return self._at < len(self._data)

    def take_head(self) -> bytes | None:
        """Take version line and fields with the blank line after them; None at the end of the member."""
        self._skip_line_ends()
        if self.at_end():
            return None
        self._record_start = self._passed + self._at
        while len(self._data) - self._at < 5 and self._more():
            pass
        if not self._data.startswith(b"WARC/", self._at):
            raise self._damaged("no WARC record begins here")
        searched = self._at
        while (end := _find_blank_line(self._data, searched)) is None:
            searched = max(0, len(self._data) - self._at - 3)
            if searched > MAX_HEAD or not self._more():
                raise self._damaged("the header of a record does not end")
        head = self._data[self._at : end]
        self._at = end
        self.records += 1
        return head

    def take(self, size: int) -> Block:
        """Take a block of that size."""
        if size <= len(self._data) - self._at:
            self._at += size
            return self._data[self._at - size : self._at]
        spool = Spool()
        while (left := size - len(spool)) > 0:
            piece = self._data[self._at : self._at + left]
            self._at += len(piece)
            spool.write(piece)
            if len(piece) < left and not self._more():
                raise self._damaged("the file ends within a record" if self.plain else "a record is cut short")
        return spool.finish()

    def take_line_ends(self) -> bytes:
        """Take the line ends after a block: up to four CR and LF characters."""
        while len(self._data) - self._at < 4 and self._more():
            pass
        found = LINE_ENDS.match(self._data, self._at, self._at + 4)
        self._at = found.end() if found else self._at
        return found[0] if found else b""

    def _skip_line_ends(self) -> None:
        """Pass over the line ends that some writers put between records."""
        while not self.at_end() and (found := LINE_ENDS.match(self._data, self._at)) and found[0]:
            self._at = found.end()


def _find_blank_line(data: bytes, start: int) -> int | None:
    ends = [at + len(mark) for mark in (b"\r\n\r\n", b"\n\n") if (at := data.find(mark, start)) >= 0]
    return min(ends, default=None)


def _members(source: _Input, name: str) -> Iterator[_Member]:
    """Yield the members of a file; each must be read to its end before the next is asked for."""
    dictionary: zstd.ZstdDict | None = None
    while magic := source.read(8):
        source.unread(magic)
        if magic.startswith(GZIP):
            yield _Member(source, name, zlib.decompressobj(31))
        elif magic.startswith(ZSTD):
            yield _Member(source, name, zstd.ZstdDecompressor(dictionary))
        elif magic[1:4] == ZSTD_DICTIONARY[1:] and magic[0] & 0xF0 == 0x50:
            frame = _take_skippable(source, name)
            if magic.startswith(ZSTD_DICTIONARY):
                dictionary = zstd.ZstdDict(zstd.decompress(frame) if frame.startswith(ZSTD) else frame)
        elif magic.startswith((b"WARC/", b"\r", b"\n")):
            yield _Member(source, name, _Plain())
        else:
            raise DamagedError(
                f"{name}: no WARC record begins at byte {source.offset}; what stands before is sound."
            )


def _take_skippable(source: _Input, name: str) -> bytes:
    """Take a skippable zstd frame and return its content (RFC 8878 §3.1.2)."""
    header = source.read(8)
    source.unread(header)
    size = int.from_bytes(header[4:8], "little") if len(header) >= 8 else 0
    frame = source.read(8 + size)
    if len(frame) < 8 + size:
        raise DamagedError(f"{name}: the file ends within a zstd frame (byte {source.offset}).")
    source.unread(frame[8 + size :])
    return frame[8 : 8 + size]
