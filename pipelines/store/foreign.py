"""WARC files made elsewhere: what stands in them, and how they become files of an archive.

A file of the archive holds one gzip member a record, so that every record is reached by its offset. A foreign file
of that form is taken as it is, byte for byte, behind a ``warcinfo`` record that tells where it came from; of any
other form (not compressed, compressed as a whole, zstd) the records are taken byte for byte, each in a member of
its own. What cannot be read is left out, and said.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from pipelines.http import PIECE
from pipelines.store.members import GZIP
from pipelines.store.record import Sink, from_warc_date, write_member
from pipelines.store.sound import Damage, read_sound_records

ARC = b"filedesc:"
"""What a file in the form before WARC begins with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a foreign file holds."""

    size: int
    """Bytes of the file."""
    records: int
    """Records that can be read, of any type."""
    is_by_record: bool
    """True where each record is a gzip member of its own."""
    first_at: datetime | None
    """The earliest WARC-Date."""
    damage: tuple[Damage, ...]
    """The places that cannot be read."""

    def sound(self) -> Iterator[tuple[int, int]]:
        """Yield start and end of each part of the file that can be read."""
        start = 0
        for damage in self.damage:
            if damage.start > start:
                yield start, damage.start
            start = damage.end
        if start < self.size:
            yield start, self.size


def survey(path: Path) -> Survey:
    """Read a foreign WARC file through. Raises OSError; a file without any record has a survey, too."""
    damage: list[Damage] = []
    records = 0
    is_by_record = True
    first_at: datetime | None = None
    with path.open("rb") as file:
        for record in read_sound_records(path, damage.append):
            records += 1
            is_by_record = is_by_record and record.alone and _starts_member(file, record.offset)
            at = _date(record.field("WARC-Date"))
            first_at = min(filter(None, (first_at, at)), default=None)
    return Survey(
        size=path.stat().st_size,
        records=records,
        is_by_record=is_by_record,
        first_at=first_at,
        damage=tuple(damage),
    )


def _starts_member(file: BinaryIO, offset: int) -> bool:
    file.seek(offset)
    return file.read(len(GZIP)) == GZIP


def _date(value: str | None) -> datetime | None:
    try:
        return from_warc_date(value) if value else None
    except ValueError:
        return None


def copy_sound(path: Path, surveyed: Survey, sink: Sink) -> None:
    """Write what can be read of a foreign file, in the form that files of the archive have."""
    if surveyed.is_by_record:
        for start, end in surveyed.sound():
            copy_bytes(path, start, end, sink)
        return
    for record in read_sound_records(path, lambda _: None):
        write_member(sink, record.head, record.block, record.tail)


def copy_bytes(path: Path, start: int, end: int, sink: Sink) -> None:
    """Write a part of a file, piece by piece."""
    with path.open("rb") as file:
        file.seek(start)
        while start < end and (piece := file.read(min(PIECE, end - start))):
            sink(piece)
            start += len(piece)


def file_digest(path: Path, *, start: int = 0) -> str:
    """Return ``sha256:`` and the digest of a file from ``start`` on."""
    with path.open("rb") as file:
        file.seek(start)
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
