"""Opens the SQLite files of newsspider: one way to begin, one way to say what failed, and a seal.

SQLite's log has checksums, its database file has none: a flipped bit there is noticed late or never. So the file
is *sealed* by its digest when it is closed, and believed at the next opening only if its bytes are the same. A file
without a seal was left by a crash: its log says what is whole, and its structure is checked.
"""

import hashlib
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import overload

from newsspider.capture import disk
from pipelines.errors import ArchiveError, DamagedError, DiskFullError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CACHE_KIB = 1024
"""Page cache of one file: a process may hold hundreds open."""

SEAL = ".sha256"
"""Appended to the name of a database: the file with its digest, in hexadecimal."""


def open_database(path: Path, schema: str, version: int) -> sqlite3.Connection:
    """Open a database in WAL mode, with a transaction begun; a new file gets the schema.

    Raises :class:`DamagedError` where the file is no database or one of another version, and
    :class:`ArchiveError` or :class:`DiskFullError` where it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        raise ArchiveError(f"{path}: cannot be opened for writing ({error}).") from error
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        # A lost tail is made again from the WARC, so no commit has to reach the disk by itself.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        if found == 0 and not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            connection.executescript(f"BEGIN; {schema} PRAGMA user_version = {version}; COMMIT")
            found = version
        connection.execute("BEGIN")
    except sqlite3.Error as error:
        connection.close()
        raise failed(path, error) from error
    if found != version:
        connection.close()
        raise DamagedError(
            f"{path}: is of version {found}, not {version}; the next command that writes makes it anew."
        )
    return connection


def seal(connection: sqlite3.Connection, path: Path) -> None:
    """Move the log into the database and note the digest of its bytes. To be called before closing."""
    try:
        connection.execute("ROLLBACK")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise failed(path, error) from error
    disk.write_file(seal_path(path), _digest(path).encode())


def seal_path(path: Path) -> Path:
    """Return where the seal of a database is."""
    return path.with_name(path.name + SEAL)


def is_sealed(path: Path) -> bool:
    """Tell whether a database is sealed. Raises :class:`DamagedError` where its bytes are others than then."""
    if not path.exists() or not seal_path(path).exists():
        return False
    if seal_path(path).read_bytes() != _digest(path).encode():
        raise DamagedError(
            f"{path}: has other bytes than when it was closed; the next command that writes makes it anew."
        )
    return True


def break_seal(path: Path) -> None:
    """Take the seal off a database that will be written to."""
    disk.remove(seal_path(path))


def check_structure(connection: sqlite3.Connection, path: Path) -> None:
    """Raise :class:`DamagedError` where the pages of a database contradict each other."""
    try:
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        raise failed(path, error) from error
    if found != "ok":
        raise DamagedError(f"{path}: is damaged ({found}); the next command that writes makes it anew.")


def remove_database(path: Path) -> None:
    """Remove a database with its log and seal."""
    for suffix in ("", "-wal", "-shm", SEAL):
        disk.remove(path.with_name(path.name + suffix))
    disk.sync_folder(path.parent)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def failed(path: Path, error: sqlite3.Error) -> ArchiveError:
    """Return what to raise for an error of SQLite: full disk, damaged file, or something else."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # primary result code
    if code == sqlite3.SQLITE_FULL:
        return DiskFullError(f"{path}: the disk is full; free some space and run again, nothing is lost.")
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return DamagedError(f"{path}: is damaged ({error}); the next command that writes makes it anew.")
    return ArchiveError(f"{path}: cannot be written ({error}); check the folder's permissions and the disk.")


@overload
def to_ms(moment: datetime) -> int: ...
@overload
def to_ms(moment: None) -> None: ...
def to_ms(moment: datetime | None) -> int | None:
    """Return whole milliseconds since 1970 (UTC), exactly.

    >>> to_ms(datetime(1970, 1, 1, 0, 0, 1, 500000, tzinfo=UTC))
    1500
    """
    return None if moment is None else (moment - EPOCH) // timedelta(milliseconds=1)


def from_ms(value: int | None) -> datetime | None:
    """Return the moment (UTC) of :func:`to_ms`."""
    return None if value is None else EPOCH + timedelta(milliseconds=value)
