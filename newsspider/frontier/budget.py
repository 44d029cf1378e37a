"""The politeness budget: one for each registrable domain, over all processes of a machine.

A request takes a *turn*. A turn is given when fewer than ``concurrency`` are out and ``delay`` seconds have
passed since the last one began; a slow server then rests as long as it worked. The state is a small SQLite
file of the user's state directory: what other processes of the machine do counts, and so does what a run did
a second before this one started.
"""

import asyncio
import os
import sqlite3
import uuid
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from newsspider.archive.locks import lock
from newsspider.clock import Clock
from newsspider.frontier.database import (
    check_structure,
    failed,
    from_ms,
    open_database,
    remove_database,
    to_ms,
)
from newsspider.frontier.politeness import MOST_REST
from pipelines.errors import ArchiveError, DamagedError

VERSION = 1

SCHEMA = """
CREATE TABLE domains (domain TEXT PRIMARY KEY, next_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE turns (token TEXT PRIMARY KEY, domain TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX turns_by_domain ON turns (domain);
"""

POLL = 0.2
"""Seconds between two looks while another process has the turn."""

GRACE = 30.0
"""Seconds beyond its time-out after which the turn of a killed process is void."""


def state_directory() -> Path:
    """Return the user's directory for state that is not data (XDG Base Directory Specification)."""
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "newsspider"


def _open(path: Path) -> sqlite3.Connection:
    connection = open_database(path, SCHEMA, VERSION)
    try:
        check_structure(connection, path)
        connection.execute("COMMIT")  # turns are short transactions of their own
    except BaseException:
        connection.close()
        raise
    return connection


class Budget:
    """Gives turns. One instance serves all sites of a process."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self.clock = clock
        try:
            # Two processes that make the file at the same moment would lock each other out.
            making = lock(path.with_suffix(".lock"), wait=True)
        except OSError as error:
            message = f"{path}: cannot be written ({error.strerror}); name another folder in $XDG_STATE_HOME."
            raise ArchiveError(message) from error
        assert making is not None
        with making:
            try:
                self._db = _open(path)
            except DamagedError:
                remove_database(path)  # nothing is lost but what was asked in the last minute
                self._db = _open(path)
        self._db.execute("PRAGMA busy_timeout = 10000")
        self._queues: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @asynccontextmanager
    async def turn(self, domain: str, *, delay: float, concurrency: int, timeout: float) -> AsyncIterator[None]:
        """Wait for a turn to ask ``domain``, and give it back at the end."""
        token = uuid.uuid4().hex
        async with self._queues[domain]:
            while (wait := self._take(token, domain, delay, concurrency, timeout)) > 0:
                await self.clock.sleep(wait)
        began = self.clock.now()
        try:
            yield
        finally:
            self._write("DELETE FROM turns WHERE token = ?", (token,))
            if delay > 0:
                self.pause(domain, min(self.clock.now() - began, MOST_REST))

    def _take(self, token: str, domain: str, delay: float, concurrency: int, timeout: float) -> float:
        """Take a turn and return 0, or return how many seconds to wait before trying again."""
        now = to_ms(self.clock.now())
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                self._db.execute("DELETE FROM turns WHERE until < ?", (now,))
                row = self._db.execute("SELECT next_at FROM domains WHERE domain = ?", (domain,)).fetchone()
                if row is not None and row[0] > now:
                    return float(row[0] - now) / 1000
                out = self._db.execute("SELECT count(*) FROM turns WHERE domain = ?", (domain,)).fetchone()[0]
                if out >= concurrency:
                    return POLL
                until = now + int((timeout + GRACE) * 1000)
                self._db.execute("INSERT INTO turns VALUES (?, ?, ?)", (token, domain, until))
                next_at = now + int(delay * 1000)
                self._db.execute("INSERT OR REPLACE INTO domains VALUES (?, ?)", (domain, next_at))
                return 0.0
            finally:
                self._db.execute("COMMIT")
        except sqlite3.Error as error:
            raise failed(self.path, error) from error

    def pause(self, domain: str, wait: timedelta) -> None:
        """Give no turn before ``wait`` has passed: the server asked for it."""
        until = to_ms(self.clock.now() + wait)
        self._write(
            "INSERT INTO domains VALUES (?, ?) ON CONFLICT (domain) DO UPDATE SET next_at = max(next_at, ?)",
            (domain, until, until),
        )

    def paused_until(self, domain: str) -> datetime | None:
        """Return when the next turn may be given, or None where nothing is known of the domain."""
        row = self._db.execute("SELECT next_at FROM domains WHERE domain = ?", (domain,)).fetchone()
        return from_ms(row[0]) if row else None

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _write(self, sql: str, values: tuple[object, ...]) -> None:
        try:
            self._db.execute(sql, values)
        except sqlite3.Error as error:
            raise failed(self.path, error) from error
