"""Takes foreign WARC files into a site of the archive, and derives records from what they hold.

A file comes to stand among the site's own, under a name that sorts behind them. It begins with a ``warcinfo``
record that tells its origin: so the WARC alone says what was imported, and a file that is here is known again.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from newsspider.capture import disk
from newsspider.capture.warcfile import next_name, warc_files, write_index
from pipelines.errors import InputError
from pipelines.store.exchange import write_warcinfo
from pipelines.store.foreign import ARC, Survey, copy_bytes, copy_sound, file_digest, survey
from pipelines.store.record import read_records
from pipelines.store.warc import ORIGIN, read_about

if TYPE_CHECKING:
    from newsspider.archive.dataset import Change
    from newsspider.archive.views import Views
    from pipelines.store.record import Sink

DIGEST = "importedDigest"
"""Field of ``warcinfo``: ``sha256:`` of the file as it came."""
AS = "importedAs"
"""``bytes`` where it stands behind the ``warcinfo`` as it came, ``records`` where only its records do."""
WITHOUT = "importedWithout"
"""Places of the file, as it came, that could not be read and stand in files of their own: ``1024-2048``."""

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A foreign file, read through."""

    name: str
    """What the user knows it by; of a file in a WACZ package, with the name of that before it."""
    path: Path
    survey: Survey
    digest: str
    """``sha256:`` of the whole file."""


@dataclass(slots=True, kw_only=True)
class Imported:
    """What became of one file."""

    source: Source
    warc: str
    """Its name in the archive."""
    was_known: bool = False
    """True where the archive held it before."""
    captures: int = 0
    """Captures of HTTP addresses that the file holds."""
    changes: Counter[str] = field(default_factory=Counter)
    """What they changed in the dataset: ``new``, ``edited``…"""

    def count(self, change: Change | None) -> None:
        """Count one capture, and what it changed."""
        self.captures += 1
        if change is not None:
            self.changes[change.kind] += 1


@contextmanager
def unpacked(paths: Iterable[Path]) -> Iterator[dict[str, Path]]:
    """Give files under their names; the WARC files of WACZ packages are unpacked for as long as the block runs.

    Raises :class:`InputError` where a package cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="newsspider-") as name:
        files: dict[str, Path] = {}
        for number, path in enumerate(dict.fromkeys(paths)):
            if path.suffix == ".wacz":
                files.update(_unpack(path, Path(name) / str(number)))
            else:
                files[str(path)] = path
        yield files


def _unpack(path: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield name and place of each WARC file of a package (WACZ 1.1.1, archive)."""
    folder.mkdir()
    try:
        with zipfile.ZipFile(path) as package:
            for entry in package.namelist():
                parent, _, name = entry.rpartition("/")
                if parent == "archive" and ".warc" in name:
                    with package.open(entry) as source, (folder / name).open("xb") as target:
                        shutil.copyfileobj(source, target)
                    yield f"{path}/{entry}", folder / name
    except (OSError, zipfile.BadZipFile, zlib.error) as error:
        raise InputError(f"{path}: cannot be read as a WACZ package ({error}).") from error


def find_sources(files: Mapping[str, Path], warcs: Path) -> list[Source]:
    """Read files through that are to be taken into the folder ``warcs``; return them with the oldest first.

    Raises :class:`InputError` where one of them is no WARC file.
    """
    sources = [_find_source(name, path, warcs) for name, path in files.items()]
    return sorted(sources, key=lambda source: source.survey.first_at or NEVER)


def _find_source(name: str, path: Path, warcs: Path) -> Source:
    if path.resolve().parent == warcs.resolve():
        raise InputError(f"{name}: stands in the archive already; give a WARC file from elsewhere.")
    try:
        source = Source(name=name, path=path, survey=survey(path), digest=file_digest(path))
    except OSError as error:
        raise InputError(f"{name}: cannot be read ({error.strerror}).") from error
    if source.survey.records == 0:
        if _begins_with(path, ARC):
            raise InputError(f"{name}: is an ARC file, the form before WARC; convert it to WARC first.")
        raise InputError(f"{name}: holds no WARC record that can be read; give the path of a WARC file.")
    return source


def import_file(views: Views, source: Source, *, about: Mapping[str, str], run: str, now: datetime) -> Imported:
    """Take a file in, and enter its captures. ``about``: what ``warcinfo`` says of the site.

    Raises :class:`DiskFullError` where it does not fit on the disk.
    """
    found = source.survey
    known = next((name for digest, name in _known(views.warcs) if digest == source.digest), None)
    if known is not None:
        return Imported(source=source, warc=known, was_known=True)
    origin = {ORIGIN: source.path.name, DIGEST: source.digest, AS: "bytes" if found.is_by_record else "records"}
    if found.damage:
        origin[WITHOUT] = " ".join(f"{one.start}-{one.end}" for one in found.damage)
    imported = Imported(source=source, warc=next_name(views.warcs, views.site.id, now))
    with _writing(views.warcs / f"{imported.warc}.new") as sink:
        write_warcinfo(sink, {**about, **origin}, run=run, warc=imported.warc, created_at=now)
        copy_sound(source.path, found, sink)
    for damage in found.damage:
        # As recovery does: somebody may read it one day.
        with _writing(views.warcs / f"{imported.warc}.damaged-{damage.start}") as sink:
            copy_bytes(source.path, damage.start, damage.end, sink)
    path = views.warcs / imported.warc
    # Until here a kill leaves what was set aside, and a file with a temporary name, which recovery removes.
    disk.rename(path.with_name(f"{path.name}.new"), path)
    disk.sync_folder(views.warcs)
    write_index(path)
    views.catch_up(lambda _, change: imported.count(change))
    return imported


def _known(warcs: Path) -> Iterator[tuple[str, str]]:
    """Yield digest and name of each file that was imported before."""
    for path in warc_files(warcs):
        if digest := read_about(path).get(DIGEST):
            yield digest, path.name


def has_origin(path: Path) -> bool:
    """Tell whether a file of the archive holds the bytes that it was made from, as far as that can be proven.

    It can where they stand in it as they came: not for a file of our own, nor for one of another form.
    """
    about = read_about(path)
    if about.get(AS) != "bytes" or WITHOUT in about:
        return True
    with path.open("rb") as file:
        first = next(read_records(file, str(path)))
    return file_digest(path, start=first.length) == about.get(DIGEST)


@contextmanager
def _writing(path: Path) -> Iterator[Sink]:
    """Write a new file; it is safe from a power cut at the end, and is not there if anything fails."""
    disk.remove(path)
    with disk.opened(path, new=True) as descriptor:
        try:
            yield lambda data: disk.write(descriptor, data)
            disk.sync(descriptor)
        except BaseException:
            disk.remove(path)
            raise


def _begins_with(path: Path, mark: bytes) -> bool:
    with path.open("rb") as file:
        data = file.read(512)
    try:
        return mark in (data[: len(mark)], zlib.decompressobj(31).decompress(data)[: len(mark)])
    except zlib.error:
        return data.startswith(mark)
