"""The sound records of WARC files that may be damaged, and what stands between them."""

import mmap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import DamagedError
from pipelines.store.members import GZIP, INPUT, ZSTD
from pipelines.store.record import WarcRecord, read_records

MARKS = (GZIP + b"\x08", ZSTD, b"WARC/")
"""What a record may begin with, by the compression of its file."""

EFFORT = 8
"""A damaged file is read so many times at most in search of what is sound: chance bytes cost next to nothing, bytes
made to look like records must not cost the square of the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """Bytes of a WARC file that cannot be read."""

    warc: str
    """Final name of the file."""
    start: int
    end: int
    """Where the next sound record begins, or the file ends."""
    message: str
    """What is wrong with them, in one sentence."""


Report = Callable[[Damage], object]
"""Told of each place that cannot be read."""


def final_name(path: Path) -> str:
    """Return the name that a WARC file has when it is closed."""
    return path.name.removesuffix(".open")


def read_sound_records(path: Path, report: Report, *, start: int = 0) -> Iterator[WarcRecord]:
    """Yield the records of a file that may be damaged, from offset ``start`` on."""
    size = path.stat().st_size
    with path.open("rb") as file:
        while start < size:
            end = start
            try:
                for record in read_records(file, str(path), start=start):
                    end = record.offset + record.length
                    yield record
                start = size
            except DamagedError as error:
                start = find_record(path, end + 1)
                report(Damage(warc=final_name(path), start=end, end=start, message=str(error)))


def find_record(path: Path, start: int) -> int:
    """Return the offset of the first whole record at or behind ``start``, or the size of the file."""
    size = path.stat().st_size
    if start >= size:
        return size
    read, most = 0, EFFORT * size + INPUT * 100
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        mark = next((mark for mark in MARKS if data[: len(mark)] == mark), MARKS[0])
        while (start := data.find(mark, start)) >= 0 and read < most:
            try:
                if next(read_records(file, str(path), start=start), None) is not None:
                    return start
            except DamagedError:
                read += file.tell() - start  # chance bytes, or the damaged place itself
            start += 1
    return size
