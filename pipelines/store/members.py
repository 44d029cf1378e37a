"""What a WARC file is made of below its records: gzip members, zstd frames, or plain bytes.

A record is compressed by itself, as a rule (WARC 1.1 Annex D.2); a member then begins where the record does.
"""

import re
import sys
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from pipelines.errors import DamagedError
from pipelines.model import Block
from pipelines.store.spool import Spool

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

INPUT = 64 * 1024
MAX_HEAD = 1 << 20
"""A record header longer than this is damage, not a header."""
LINE_ENDS = re.compile(rb"[\r\n]*")
GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
ZSTD_DICTIONARY = b"\x5d\x2a\x4d\x18"
"""The skippable frame that a zstd WARC may begin with (IIPC, Zstandard Compression for WARC Files)."""


class Input:
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


class Member:
    """What is compressed in one piece: one record, as a rule; all of them in an uncompressed file."""

    def __init__(self, source: Input, name: str, decompressor: _Decompressor) -> None:
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


def read_members(file: BinaryIO, name: str, start: int) -> Iterator[Member]:
    """Yield the members of a file from ``start`` on; each must be read to its end before the next is asked for.

    ``name`` stands in error messages. Raises DamagedError where no member begins.
    """
    dictionary: zstd.ZstdDict | None = None
    if start > 0 and file.seek(0) == 0 and file.read(4) == ZSTD_DICTIONARY:
        dictionary = _read_dictionary(Input(file, 0), name)
    source = Input(file, start)
    while magic := source.read(8):
        source.unread(magic)
        if magic.startswith(GZIP):
            yield Member(source, name, zlib.decompressobj(31))
        elif magic.startswith(ZSTD):
            yield Member(source, name, zstd.ZstdDecompressor(dictionary))
        elif magic.startswith(ZSTD_DICTIONARY):
            dictionary = _read_dictionary(source, name)
        elif magic[1:4] == ZSTD_DICTIONARY[1:] and magic[0] & 0xF0 == 0x50:
            _read_skippable(source, name)
        elif magic.startswith((b"WARC/", b"\r", b"\n")):
            yield Member(source, name, _Plain())
        else:
            raise DamagedError(
                f"{name}: no WARC record begins at byte {source.offset}; what stands before is sound."
            )


def _read_dictionary(source: Input, name: str) -> zstd.ZstdDict:
    """Read the dictionary frame that a zstd WARC may begin with."""
    content = _read_skippable(source, name)
    try:
        return zstd.ZstdDict(zstd.decompress(content) if content.startswith(ZSTD) else content)
    except (zstd.ZstdError, ValueError) as error:
        raise DamagedError(f"{name}: its zstd dictionary is damaged: {error}.") from error


def _read_skippable(source: Input, name: str) -> bytes:
    """Read a skippable zstd frame and return its content (RFC 8878 §3.1.2)."""
    header = source.read(8)
    source.unread(header)
    size = int.from_bytes(header[4:8], "little") if len(header) >= 8 else 0
    frame = source.read(8 + size)
    if len(frame) < 8 + size:
        raise DamagedError(f"{name}: the file ends within a zstd frame (byte {source.offset}).")
    source.unread(frame[8 + size :])
    return frame[8 : 8 + size]
