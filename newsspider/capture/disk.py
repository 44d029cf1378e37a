"""The few things done to files that must survive a crash, each a function of its own.

Everything an archive keeps is written through this module, and called as ``disk.write`` and the like: a test can
put a full disk, a kill or a power cut at any of these points. An OSError becomes one clear sentence here.
"""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.errors import ArchiveError, DiskFullError

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

ADVICE = {
    errno.EISDIR: "give the name of a file",
    errno.ENOTDIR: "give another path, or move that file away",
    errno.EEXIST: "give another path, or move it away",
}
"""What to do about the errors that are not a matter of permissions."""


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn an OSError about ``path`` into DiskFullError or ArchiveError."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise DiskFullError(
                f"{path}: there is no room to write ({error.strerror}); free some space and run the command again."
            ) from error
        advice = ADVICE.get(error.errno or 0, "check that the folder exists and that you may write to it")
        raise ArchiveError(f"{path}: {error.strerror}; {advice}.") from error


@contextmanager
def opened(path: Path, *, new: bool = False) -> Iterator[int]:
    """Open a file for appending and yield its descriptor; ``new``: it must not exist yet."""
    with explained(path):
        descriptor = os.open(
            path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC | (os.O_CREAT | os.O_EXCL if new else 0), 0o644
        )
        try:
            yield descriptor
        finally:
            os.close(descriptor)


def write(descriptor: int, data: bytes) -> None:
    """Append all of ``data``."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def sync(descriptor: int) -> None:
    """Return once the file's bytes are safe from a power cut."""
    os.fsync(descriptor)


def cut(descriptor: int, size: int) -> None:
    """Cut the file back to ``size`` bytes."""
    os.ftruncate(descriptor, size)


def size(descriptor: int) -> int:
    """Return the length of the file."""
    return os.fstat(descriptor).st_size


def rename(source: Path, target: Path) -> None:
    """Give a file its new name, in place of whatever had it."""
    with explained(target):
        source.replace(target)


def remove(path: Path) -> None:
    """Remove a file, if it is there."""
    with explained(path):
        path.unlink(missing_ok=True)


def remove_tree(folder: Path) -> None:
    """Remove a folder with all that is in it, if it is there."""
    with explained(folder):
        if folder.exists():
            shutil.rmtree(folder)


def make_folder(folder: Path, *, within: Path) -> None:
    """Make a folder and those between it and ``within``; their names are then safe from a power cut.

    They are synced even if they are there already: whoever made them may have been killed before he did.
    """
    names = [folder, *folder.parents]
    with explained(folder):
        above = within if within.exists() else within.parent
        folder.mkdir(parents=True, exist_ok=True)
    for name in names[: names.index(above)]:
        sync_folder(name.parent)


def sync_folder(folder: Path) -> None:
    """Return once the names in a folder are safe from a power cut."""
    with explained(folder):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            sync(descriptor)
        finally:
            os.close(descriptor)


def write_file(path: Path, data: bytes) -> None:
    """Write a whole file under a temporary name, and give it its own when it is safe."""
    with explained(path):
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    temporary = path.with_name(path.name + ".new")
    remove(temporary)
    with opened(temporary, new=True) as descriptor:
        write(descriptor, data)
        sync(descriptor)
    rename(temporary, path)
    sync_folder(path.parent)


def check_room(folder: Path, least_mb: float, *, needed: int = 0) -> None:
    """Stop in time: a full disk stops more than this run. ``needed``: bytes that are about to be written.

    Raises :class:`DiskFullError` where less than ``least_mb`` would be left.
    """
    free = shutil.disk_usage(folder).free / 1e6
    if free - needed / 1e6 < least_mb:
        beside = f" beside the {needed / 1e6:.0f} MB to be written" if needed else ""
        raise DiskFullError(
            f"{folder}: only {free:.0f} MB are free, less than min_free_mb = {least_mb:g}{beside}; free some space and"
            " run again: it goes on where it stopped."
        )
