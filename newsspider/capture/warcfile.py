"""The WARC files of one site: written one at a time, closed by size and age, put right after a crash.

While it is written a file has ``.open`` after its name; a closed one is safe on disk, has its index beside it, and
never changes. A file that still is ``.open`` when nobody writes was left by a crash: :func:`recover` cuts it back
to its last complete exchange and closes it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import newsspider
from newsspider.capture import disk
from pipelines.errors import ArchiveError
from pipelines.model import Capture, Exchange
from pipelines.store.cdxj import to_cdxj, to_index
from pipelines.store.exchange import Revisited, to_capture, write_exchange, write_warcinfo
from pipelines.store.warc import find_exchange, last_complete, read_captures, read_sound

OPEN, ASIDE = ".open", ".lines"
NAME = re.compile(r".*-(?P<timestamp>\d{14})-(?P<serial>\d{5,})\.warc\.gz(?:\.open)?")
MAX_BYTES = 10**9
"""WARC 1.1 Annex C recommends 1 GB."""
MAX_AGE = timedelta(days=1)
GATHER = 4 << 20
"""Up to this many bytes of an exchange reach the file in one write."""
LINES = 64
"""Number of index lines kept in memory."""


def warc_files(folder: Path) -> list[Path]:
    """Return the WARC files of a folder in the order in which they were written; the open one comes last."""
    return sorted(path for path in folder.glob("*.warc.gz*") if path.name.endswith((".warc.gz", f".warc.gz{OPEN}")))


def next_name(folder: Path, site: str, now: datetime) -> str:
    """Return the name of the next WARC file of a site: it sorts behind all that the folder holds."""
    known = [match for path in warc_files(folder) if (match := NAME.fullmatch(path.name))]
    serial = max((int(match["serial"]) for match in known), default=0) + 1
    # A clock that went backwards must not put a later file before an earlier one.
    timestamp = max([f"{now:%Y%m%d%H%M%S}", *(match["timestamp"] for match in known)])
    return f"{site}-{timestamp}-{serial:05}.warc.gz"


class WarcWriter:
    """Appends exchanges to the WARC files of one site.

    No file is held open between two calls, so that a thousand sites fit under the usual limit of open files. Every
    method raises DiskFullError or ArchiveError where the files cannot be written; an exchange is then either in the
    file as a whole or not at all.
    """

    def __init__(
        self,
        folder: Path,
        site: str,
        *,
        run: str,
        about: Mapping[str, str],
        clock: Callable[[], datetime],
        max_bytes: int = MAX_BYTES,
        max_age: timedelta = MAX_AGE,
    ) -> None:
        """``about``: fields of ``warcinfo`` (operator, robots, settings, site file); ``clock`` gives UTC."""
        self._folder, self._site = folder, site
        self._run = run
        self._about = {"software": f"newsspider/{newsspider.__version__}", **about}
        self._clock = clock
        self._max_bytes, self._max_age = max_bytes, max_age
        self._name: str | None = None
        """Final name of the file being written; None between two files."""
        self._size = self._synced = 0
        """Bytes of it that are written, and that are safe."""
        self._opened_at = clock()
        self._exchanges = 0
        self._warcinfo_id = ""
        self._lines: list[str] = []
        self._lines_aside = 0
        """Bytes of index lines that wait in a file of their own."""

    def append(self, exchange: Exchange, previous: Revisited | None = None) -> Capture:
        """Write all records of an exchange; return its capture, equal to what reading the file will give.

        The bytes have reached the operating system; they are safe from a power cut after :meth:`sync`.
        """
        if self._name and (self._size >= self._max_bytes or self._clock() - self._opened_at >= self._max_age):
            self.close()
        name = self._name or self._begin()
        if len(self._lines) >= LINES:
            self._put_lines_aside()
        capture = to_capture(exchange, run=self._run, previous=previous)
        with _appending(self._path, self._size) as tail:
            capture = write_exchange(
                tail.write, exchange, capture, warcinfo_id=self._warcinfo_id, warc=name, offset=self._size
            )
        self._size = tail.size
        self._exchanges += 1
        self._lines += filter(None, [to_cdxj(capture)])
        return capture

    def sync(self) -> None:
        """Return once all appended exchanges are safe from a power cut.

        Where that fails the file is cut back to what is safe, and nothing can be added to it.
        """
        if self._name is None:
            return
        with disk.opened(self._path) as descriptor:
            _check_size(descriptor, self._path, self._size)
            try:
                disk.sync(descriptor)
            except OSError:
                # The kernel may have dropped the bytes, and call them safe next time: they must not be read again.
                disk.cut(descriptor, self._synced)
                self._size = -1  # and nothing may be added: the file may have lost its warcinfo
                raise
        self._synced = self._size

    def close(self) -> None:
        """Finish the file being written, if any: index beside it, final name."""
        if self._name is None:
            return
        if self._exchanges == 0:  # not even the first could be written
            disk.remove(self._path)
            self._name = None
            return
        self.sync()
        with disk.explained(self._aside):
            lines = self._aside.read_text("utf-8").splitlines(keepends=True) if self._lines_aside else []
        _finish(self._path, [*lines, *self._lines])
        disk.remove(self._aside)
        self._name, self._lines, self._lines_aside = None, [], 0

    @property
    def _path(self) -> Path:
        return self._folder / f"{self._name}{OPEN}"

    @property
    def _aside(self) -> Path:
        return self._folder / f"{self._name}{ASIDE}"

    def _begin(self) -> str:
        """Create the next file with its ``warcinfo`` record, and return its final name."""
        now = self._clock()
        name = next_name(self._folder, self._site, now)
        path = self._folder / f"{name}{OPEN}"
        try:
            with _appending(path, 0, new=True) as tail:
                warcinfo_id, _ = write_warcinfo(tail.write, self._about, run=self._run, warc=name, created_at=now)
            disk.sync_folder(self._folder)
        except ArchiveError:
            disk.remove(path)
            raise
        self._name, self._size, self._opened_at, self._warcinfo_id = name, tail.size, now, warcinfo_id
        self._synced = self._exchanges = 0
        return name

    def _put_lines_aside(self) -> None:
        with _appending(self._aside, self._lines_aside, new=self._lines_aside == 0) as tail:
            tail.write("".join(self._lines).encode())
        self._lines, self._lines_aside = [], tail.size


def _check_size(descriptor: int, path: Path, size: int) -> None:
    if disk.size(descriptor) != size:
        raise ArchiveError(
            f"{path} is not as it was left; stop whatever else writes there and run the command again."
        )


class _Tail:
    """The end of a file, where bytes are gathered so that an exchange of the usual size takes one write."""

    def __init__(self, descriptor: int, size: int) -> None:
        self._descriptor = descriptor
        self._gathered = bytearray()
        self.size = size

    def write(self, data: bytes) -> None:
        self._gathered += data
        self.size += len(data)
        if len(self._gathered) >= GATHER:
            self.flush()

    def flush(self) -> None:
        disk.write(self._descriptor, bytes(self._gathered))
        self._gathered.clear()


@contextmanager
def _appending(path: Path, size: int, *, new: bool = False) -> Iterator[_Tail]:
    """Open a file of that size for appending; whatever fails, the file is cut back to it."""
    with disk.opened(path, new=new) as descriptor:
        _check_size(descriptor, path, size)
        tail = _Tail(descriptor, size)
        try:
            yield tail
            tail.flush()
        except BaseException:
            disk.cut(descriptor, size)
            raise


def _finish(path: Path, lines: list[str]) -> Path:
    """Give a finished and synced ``.open`` file its index and its final name; return its path."""
    final = path.with_name(path.name.removesuffix(OPEN))
    disk.write_file(index_path(final), to_index(lines))
    disk.rename(path, final)
    disk.sync_folder(path.parent)
    return final


def index_path(warc: Path) -> Path:
    """Return where the index of a closed WARC file is."""
    return warc.with_name(warc.name.removesuffix(".warc.gz") + ".cdxj")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What :func:`recover` did with one file."""

    path: Path
    """Its final path; the file is gone where it held no exchange."""
    kept: int
    """Bytes of it that were whole."""
    cut: int
    """Bytes cut off: an exchange that was never acknowledged."""
    set_aside: Path | None = None
    """Where the bytes cut off are, if whole exchanges stand among them behind a damaged place."""


def recover(folder: Path) -> list[Recovered]:
    """Close what a crash left open. Nobody may be writing to the folder.

    A second call finds nothing to do; a crash during the first does no harm.
    """
    done = []
    for path in warc_files(folder):
        if path.name.endswith(OPEN):
            with disk.explained(path):
                done.append(_recover_file(path))
    for pattern in (f"*{ASIDE}", "*.new"):
        for leftover in sorted(folder.glob(pattern)):
            disk.remove(leftover)
    for path in warc_files(folder):
        if not index_path(path).exists():
            write_index(path)
    return done


def write_index(path: Path) -> None:
    """Write the index beside a closed WARC file: of all that can be read in it."""
    captures = read_sound(path, lambda _: None)
    disk.write_file(index_path(path), to_index(filter(None, map(to_cdxj, captures))))


def _recover_file(path: Path) -> Recovered:
    final = path.with_name(path.name.removesuffix(OPEN))
    size, whole = path.stat().st_size, last_complete(path)
    captures, lines = _read_lines(path, whole)
    aside = None
    if find_exchange(path, whole) is not None:
        aside = final.with_name(f"{final.name}.damaged-{whole}")
        with path.open("rb") as file:
            file.seek(whole)
            disk.write_file(aside, file.read())
    if captures == 0:
        disk.remove(path)
        disk.sync_folder(path.parent)
        return Recovered(path=final, kept=0, cut=size, set_aside=aside)
    with disk.opened(path) as descriptor:
        if size > whole:
            disk.cut(descriptor, whole)
        disk.sync(descriptor)
    return Recovered(path=_finish(path, lines), kept=whole, cut=size - whole, set_aside=aside)


def _read_lines(path: Path, stop: int) -> tuple[int, list[str]]:
    """Return the number of captures up to ``stop``, and their index lines."""
    captures = 0
    lines: list[str] = []
    for capture in read_captures(path, stop=stop):
        captures += 1
        lines += filter(None, [to_cdxj(capture)])
    return captures, lines
