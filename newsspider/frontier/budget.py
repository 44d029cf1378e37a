"""The politeness budget: one for each registrable domain, over all processes of a machine.

A request takes a *turn*. A turn is given when fewer than ``concurrency`` are out, every request before it has been
sent, and ``delay`` seconds have passed since the last of them was, and since the last answer began: however long a
request is on its way, the server sees none sooner after it. A slow server then rests as long as it worked.
A *host* that refuses is left alone for as long as it asks, and ever longer while it goes on refusing.

The state is a small SQLite file of the user's state directory: what other processes of the machine do counts, and
so does what a run did a second before this one started.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

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
from newsspider.frontier.politeness import MOST_DELAY, MOST_PAUSE, MOST_REST, back_off
from pipelines.errors import ArchiveError, DamagedError

if TYPE_CHECKING:
    from newsspider.crawl.stop import Stop

VERSION = 2

SCHEMA = """
CREATE TABLE domains (domain TEXT PRIMARY KEY, next_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE turns (    -- requests that are about to be sent, or under way
    token   TEXT PRIMARY KEY,
    domain  TEXT NOT NULL,
    until   INTEGER NOT NULL,       -- when the turn of a killed process is void
    sent    INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX turns_by_domain ON turns (domain);
CREATE TABLE hosts (    -- those that refuse
    host        TEXT PRIMARY KEY,
    refusals    INTEGER NOT NULL,   -- in a row
    until       INTEGER NOT NULL    -- when it may be asked again
) WITHOUT ROWID;
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


@dataclass(slots=True, weakref_slot=True)
class _Domain:
    """What this process does at a domain."""

    queue: asyncio.Lock = field(default_factory=asyncio.Lock)
    out: int = 0
    """Turns that are held."""
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when one of them is sent or given back."""


class Turn:
    """Leave to send one request."""

    def __init__(self, budget: Budget, token: str, domain: str, delay: float) -> None:
        self._budget, self._token, self._domain, self._delay = budget, token, domain, delay
        self.is_pending = False
        """Whether the request is on its way, and nobody knows whether the server has it already."""

    def sent(self) -> None:
        """Note that the request goes out now: others may be sent when the delay has passed."""
        self.is_pending = True
        self._budget._note_sent(self._token, self._domain, self._delay)

    def answered(self) -> None:
        """Note that the server has the request: it is to see none before the delay has passed, however long the
        request was on its way.
        """
        self.is_pending = False
        self._budget.hold(self._domain, timedelta(seconds=self._delay))


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
            except DamagedError:  # or of another version
                remove_database(path)  # nothing is lost but what was asked in the last minutes
                self._db = _open(path)
        self._db.execute("PRAGMA busy_timeout = 10000")
        self._domains: WeakValueDictionary[str, _Domain] = WeakValueDictionary()
        """Those that somebody waits for or asks now: a process comes by a thousand."""

    @asynccontextmanager
    async def turn(
        self, domain: str, *, delay: float, concurrency: int, timeout: float, stop: Stop
    ) -> AsyncIterator[Turn]:
        """Wait for a turn to ask ``domain``, and give it back at the end.

        Raises :class:`~newsspider.crawl.stop.Stopped` where the crawl is to end before the turn comes.
        """
        token = uuid.uuid4().hex
        own = self._domains.setdefault(domain, _Domain())
        await stop.unless_asked(own.queue.acquire())
        try:
            while (wait := self._take(token, domain, delay, concurrency, timeout)) > 0:
                own.changed.clear()
                await stop.unless_asked(own.changed.wait() if wait == POLL and own.out else self.clock.sleep(wait))
        finally:
            own.queue.release()
        own.out += 1
        began = self.clock.now()
        turn = Turn(self, token, domain, delay)
        try:
            yield turn
        finally:
            if turn.is_pending:
                turn.answered()  # as far as it ever will be
            own.out -= 1
            own.changed.set()
            self._write("DELETE FROM turns WHERE token = ?", (token,))
            if delay > 0:
                self.hold(domain, min(self.clock.now() - began, MOST_REST))

    def _take(self, token: str, domain: str, delay: float, concurrency: int, timeout: float) -> float:
        """Take a turn and return 0, or return how many seconds to wait before trying again."""
        now = to_ms(self.clock.now())
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                self._db.execute("DELETE FROM turns WHERE until < ?", (now,))
                row = self._db.execute("SELECT next_at FROM domains WHERE domain = ?", (domain,)).fetchone()
                wait = (row[0] - now) / 1000 if row else 0.0
                if 0 < wait <= max(delay, MOST_DELAY) + MOST_REST.total_seconds():  # else the clock was set back
                    return wait
                out, sent = self._db.execute(
                    "SELECT count(*), total(sent) FROM turns WHERE domain = ?", (domain,)
                ).fetchone()
                if out >= concurrency or sent < out:
                    return POLL
                until = now + int((timeout + GRACE) * 1000)
                self._db.execute("INSERT INTO turns VALUES (?, ?, ?, 0)", (token, domain, until))
                next_at = now + int(delay * 1000)
                self._db.execute("INSERT OR REPLACE INTO domains VALUES (?, ?)", (domain, next_at))
                return 0.0
            finally:
                self._db.execute("COMMIT")
        except sqlite3.Error as error:
            raise failed(self.path, error) from error

    def _note_sent(self, token: str, domain: str, delay: float) -> None:
        self._write("UPDATE turns SET sent = 1 WHERE token = ?", (token,))
        self.hold(domain, timedelta(seconds=delay))
        if (own := self._domains.get(domain)) is not None:
            own.changed.set()

    def hold(self, domain: str, wait: timedelta) -> None:
        """Give no turn before ``wait`` has passed."""
        until = to_ms(self.clock.now() + wait)
        self._write(
            "INSERT INTO domains VALUES (?, ?) ON CONFLICT (domain) DO UPDATE SET next_at = max(next_at, ?)",
            (domain, until, until),
        )

    def refused(self, host: str, asked: timedelta | None) -> datetime:
        """Note that a host refused, and return until when it is left alone: as long as it asked, and longer
        with each refusal in a row (a circuit breaker: one request then tells whether it is closed again).
        """
        row = self._host(host)
        refusals = row[0] + 1 if row else 1
        until = self.clock.now() + min(max(asked or timedelta(0), back_off(refusals)), MOST_PAUSE)
        self._write("INSERT OR REPLACE INTO hosts VALUES (?, ?, ?)", (host, refusals, to_ms(until)))
        return until

    def answered(self, host: str) -> None:
        """Note that a host answered: it refuses no more."""
        if self._host(host) is not None:
            self._write("DELETE FROM hosts WHERE host = ?", (host,))

    def paused_until(self, host: str) -> datetime | None:
        """Return when a host that refused may be asked again, or None where it did not."""
        row = self._host(host)
        until = from_ms(row[1]) if row else None
        return until if until is None or until - self.clock.now() <= MOST_PAUSE else None

    def refusals(self, host: str) -> int:
        """Return how often in a row a host refused."""
        row = self._host(host)
        return row[0] if row else 0

    def _host(self, host: str) -> tuple[int, int] | None:
        try:
            row = self._db.execute("SELECT refusals, until FROM hosts WHERE host = ?", (host,)).fetchone()
        except sqlite3.Error as error:
            raise failed(self.path, error) from error
        return (row[0], row[1]) if row else None

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _write(self, sql: str, values: tuple[object, ...]) -> None:
        try:
            self._db.execute(sql, values)
        except sqlite3.Error as error:
            raise failed(self.path, error) from error
