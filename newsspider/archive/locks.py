"""Locks between processes: an operating system's lock on a file dies with its process."""

from __future__ import annotations

import fcntl
from typing import TYPE_CHECKING

from pipelines.errors import ArchiveError, LockedError

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO


def lock(path: Path, *, wait: bool) -> BinaryIO | None:
    """Lock a file, creating it and its folder; closing what is returned unlocks it.

    Returns None where another process holds the lock and ``wait`` is false. Raises OSError where the file
    cannot be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        file.close()
        return None
    except BaseException:
        file.close()
        raise
    return file


def lock_site(folder: Path, site_id: str) -> BinaryIO:
    """Lock a site's folder for writing. Raises :class:`LockedError` where another process has it."""
    try:
        file = lock(folder / "lock", wait=False)
    except OSError as error:
        message = f"{folder}: cannot be written ({error.strerror}); check --archive and its permissions."
        raise ArchiveError(message) from error
    if file is None:
        raise LockedError(
            f"{site_id}: another process is writing to this site ({folder}); wait for it, or stop it."
        )
    return file
