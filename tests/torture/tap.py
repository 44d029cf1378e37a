"""A tap on what the command line does to the files of its archive: counts, records, makes fail, and kills.

It sits below :mod:`newsspider.capture.disk`. Names (open to create, rename, remove, mkdir, link) and lengths are
seen through Python's audit hooks (PEP 578), wherever in the process they are touched; bytes (write, fsync) through
the ``os`` that ``disk`` calls; commits of SQLite through ``Ledger.commit``. Each is a *point*, numbered in order.
The product knows nothing of this.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsspider.capture import disk
from newsspider.frontier.database import failed
from newsspider.frontier.ledger import Ledger

NAMES = {
    "os.rename": "rename",
    "os.remove": "remove",
    "os.rmdir": "remove",
    "os.mkdir": "mkdir",
    "os.link": "link",
    "os.truncate": "cut",
}
"""Audit events that are points."""

GROWING = ("create", "write", "mkdir", "link", "commit")
"""Points that need room on the disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What happens at a point."""

    at: int = 0
    """Number of the point, from 1; 0 for never."""
    how: str = "kill"
    """``kill``: before it · ``tear``: when half of the bytes are written · ``full``: no room, from there on ·
    ``torn``: half of the bytes fit, then no room from there on · ``error``: EIO, once · ``short``: the system takes
    half of the bytes, and nothing fails."""


NO_FAULT = Fault()


class Tap:
    """Counts the points under a folder, writes a journal of what was done, and does what a fault says."""

    def __init__(
        self, root: Path, journal: Path, fault: Fault, *, saves: bool = False, without: tuple[str, ...] = ()
    ) -> None:
        """``saves``: keep what a power cut may bring back. ``without``: what shall have no effect, ``sync:warc``,
        ``sync:records`` or ``sync_folder``."""
        self.root = root
        self.fault = fault
        self.saves = saves
        self.without = without
        self.count = 0
        self._journal = os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._saved = journal.with_name(journal.name + ".saved")
        self._saved.mkdir(exist_ok=True)
        self._is_full = False
        self._is_busy = False
        """Whether the tap itself is at work, whose own calls are no points."""

    def install(self) -> None:
        """Begin to listen to this process, for ever."""
        self.log("begin")
        sys.addaudithook(self._hear)
        disk.os = _Os(self)  # type: ignore[attr-defined]
        commit = Ledger.commit

        def tapped(ledger: Ledger) -> None:
            try:
                if self._is_inside(ledger.path):
                    self.point("commit", ledger.path)
            except OSError as error:
                raise failed(ledger.path, _database_error(error)) from error
            commit(ledger)

        Ledger.commit = tapped  # type: ignore[method-assign]

    def log(self, op: str, **told: object) -> None:
        """Append to the journal; what is in it survives the process."""
        os.write(self._journal, json.dumps({"op": op, **told}, default=str).encode() + b"\n")

    def point(self, kind: str, path: Path) -> str:
        """Count a point; kill or fail there if the fault says so. Returns how a write is to be done."""
        self.count += 1
        self.log("point", number=self.count, kind=kind, path=path.relative_to(self.root))
        how = self.fault.how if self.count == self.fault.at else ""
        if how == "kill" or (how == "tear" and kind != "write"):
            kill()
        if how == "error":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        self._is_full |= how in ("full", "torn")
        if self._is_full and not (how == "torn" and kind == "write") and (how or kind in GROWING):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return how

    # ── names and lengths ──

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if self._is_busy or (event != "open" and event not in NAMES):
            return
        self._is_busy = True
        try:
            if event == "open":
                self._hear_open(*args)
            else:
                folder = args[-1] if event in ("os.remove", "os.rmdir") else -1
                path = _whole(args[0], folder)
                if self._is_inside(path) and path.exists() != (event == "os.mkdir"):
                    self.point(NAMES[event], path)
                    self._log_name(NAMES[event], path, args)
        finally:
            self._is_busy = False

    def _hear_open(self, name: Any, mode: str | None, flags: int) -> None:
        if isinstance(name, int) or not flags & (os.O_CREAT | os.O_WRONLY | os.O_RDWR):
            return
        path = _whole(name, -1)
        if not self._is_inside(path) or path.name == "lock":
            return
        if mode is not None:
            self.log("bypass", path=path)
        if not path.exists():
            self.point("create", path)
            self.log("create", path=path)

    def _is_inside(self, path: Path) -> bool:
        return path.is_relative_to(self.root)

    def _log_name(self, kind: str, path: Path, args: tuple[Any, ...]) -> None:
        if kind == "rename":
            target = _whole(args[1], -1)
            self.log("rename", path=path, to=target, inode=path.stat().st_ino, saved=self._save(target))
        elif kind == "cut":
            tail = path.read_bytes()[args[1] :] if self.saves else b""
            self.log("cut", inode=path.stat().st_ino, to=args[1], tail=tail.hex())
        elif kind == "remove":
            self.log("remove", path=path, saved=self._save(path))
        elif kind == "link":
            self.log("create", path=_whole(args[1], -1))
        else:
            self.log(kind, path=path)

    def _save(self, path: Path) -> Path | None:
        """Keep what is about to lose its name: a power cut may give it back."""
        if not self.saves or not path.is_file():
            return None
        saved = self._saved / f"{os.getpid()}-{self.count}"
        saved.hardlink_to(path)
        return saved

    # ── bytes ──

    def write(self, descriptor: int, data: bytes) -> int:
        how = self.point("write", _whole(descriptor, -1))
        if how in ("tear", "torn", "short"):
            data = data[: max(len(data) // 2, 1)]
        written = os.write(descriptor, data)
        self.log("write", inode=os.fstat(descriptor).st_ino)
        if how == "tear":
            kill()
        return written

    def sync(self, descriptor: int) -> None:
        path = _whole(descriptor, -1)
        kind = "sync_folder" if path.is_dir() else "sync"
        self.point(kind, path)
        views = {"warc": ".warc.gz", "records": ".jsonl"}
        switched = {kind, *(f"{kind}:{view}" for view, mark in views.items() if mark in path.name)}
        if switched.isdisjoint(self.without):
            stat = os.fstat(descriptor)
            self.log(kind, path=path, inode=stat.st_ino, size=stat.st_size)


class _Os:
    """The ``os`` that ``disk`` calls."""

    def __init__(self, tap: Tap) -> None:
        self.write, self.fsync = tap.write, tap.sync

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)


def kill() -> None:
    """End this process as the kernel does: nothing runs after it."""
    os.kill(os.getpid(), signal.SIGKILL)
    signal.pause()


def _whole(path: Any, folder: int) -> Path:
    """Return the whole path of what a system call names: a path, one relative to an open folder, a descriptor."""
    if isinstance(path, int):
        return Path(f"/proc/self/fd/{path}").readlink()
    base = Path(f"/proc/self/fd/{folder}").readlink() if folder >= 0 else Path.cwd()
    return base / os.fsdecode(path)


def _database_error(error: OSError) -> sqlite3.Error:
    """Return what SQLite raises where the system has no room, or cannot write."""
    is_full = error.errno == errno.ENOSPC
    raised = sqlite3.OperationalError("database or disk is full" if is_full else "disk I/O error")
    raised.sqlite_errorcode = sqlite3.SQLITE_FULL if is_full else sqlite3.SQLITE_IOERR
    return raised
