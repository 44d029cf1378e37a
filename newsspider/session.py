"""Everything that is open for one site while a run writes to it: lock, WARC, ledger, dataset.

``keep`` is the one door into the archive. It writes an exchange to the WARC, reads it, and enters it into the
views, in the order of the WARC and in one step; a group commit makes WARC, lines and index last, in that order.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from newsspider.capture import disk
from newsspider.capture.warcfile import OPEN, WarcWriter, recover, warc_files
from newsspider.dataset import SCHEMA as DATASET_SCHEMA
from newsspider.dataset import Change, Dataset
from newsspider.frontier.ledger import Ledger, look_up_key, retry_after
from newsspider.frontier.policy import TRANSIENT
from newsspider.locks import lock
from pipelines.errors import ArchiveError, DamagedError, LockedError
from pipelines.model import Capture, Exchange, Outcome, Place, Reading, Record, Site
from pipelines.read import join, read
from pipelines.store.exchange import Revisited
from pipelines.store.warc import read_capture, read_captures
from pipelines.uri import host_of, registrable_domain

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

    from newsspider.run import Run

COMMIT_EVERY = 64
"""Exchanges between two group commits: what a crash makes the next run read again, at most."""

COMMIT_AFTER = timedelta(seconds=5)
"""Time between two group commits while exchanges come in slowly."""


@dataclass(slots=True)
class Tally:
    """What a run did at one site, for progress and report."""

    requests: int = 0
    bytes: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    articles: int = 0
    """Captures that are articles."""
    answers: int = 0
    """Responses of any status."""
    failing: set[str] = field(default_factory=set)
    """Target URIs whose last fetch of this run failed in a way that is no fact of the page."""
    changes: list[Change] = field(default_factory=list)
    last_uri: str = ""


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


def make_folder(folder: Path) -> None:
    """Make a folder of the archive. Raises :class:`ArchiveError`, :class:`DiskFullError`."""
    with disk.explained(folder):
        folder.mkdir(parents=True, exist_ok=True)


class Session:
    """One site, open for writing by one run."""

    def __init__(self, run: Run, site: Site) -> None:
        self.run = run
        self.site = site
        self.clock = run.clock
        self.budget = run.budget
        self.models = run.models
        self.tally = Tally()
        self.in_flight: set[str] = set()
        """Look-up keys of the addresses being fetched."""
        self.resume_at: datetime | None = None
        """When the site may be asked again: the end of its Retry-After."""
        self.failure: BaseException | None = None
        """Why the crawl of the site could not go on."""
        self.folder = run.archive.site_folder(site.id)
        self._lock = lock_site(self.folder, site.id)
        try:
            warcs = self.folder / "warc"
            make_folder(warcs)
            recover(warcs)
            self._open_views()
            self._catch_up()
            self.started_at = self.clock.now()
            self.ledger.seed(self.started_at)
            self._warc = WarcWriter(warcs, site.id, run=run.id, about=self._about(), clock=self.clock.now)
        except BaseException:
            self._lock.close()
            raise
        self._uncommitted = 0
        self._committed_at = self.started_at
        self._is_open = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _about(self) -> dict[str, str]:
        """Return the fields of ``warcinfo`` (WARC 1.1 §6.2) that say what a rebuild needs to know of this run."""
        operator = self.run.archive.settings().operator
        return {
            "robots": "obey",
            **({"operator": operator} if operator else {}),
            "site": self.site.id,
            "siteFileDigest": f"sha256:{self.site.digest}",
            "siteFile": self.site.text,
        }

    # ── views ──

    def _open_views(self) -> None:
        path = self.folder / "ledger.sqlite"
        try:
            self._open_ledger(path)
        except DamagedError:
            # A view: it is made again from the WARC by _catch_up.
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            self._open_ledger(path)

    def _open_ledger(self, path: Path) -> None:
        self.ledger = Ledger(path, self.site, more_schema=DATASET_SCHEMA)
        try:
            self.dataset = Dataset(self.folder / "records", self.site, self.ledger.connection, self.run.id)
            self.dataset.recover()
        except BaseException:
            self.ledger.close()
            raise

    def _catch_up(self) -> None:
        """Replay the captures that the views have not seen."""
        mark = self.ledger.mark() or ("", 0)
        for path in warc_files(self.folder / "warc"):
            if path.name < mark[0]:
                continue
            start = mark[1] if path.name == mark[0] else 0
            for capture in read_captures(path, start=start):
                assert capture.place is not None
                if (capture.place.warc, capture.place.offset) > mark:
                    self._enter(capture, read(capture, self.site, self.models))
        self._commit_views()

    def _enter(self, capture: Capture, reading: Reading) -> Change | None:
        assert capture.place is not None
        self.ledger.apply(capture, reading)
        change = self.dataset.apply(capture, reading, reread=self._reread)
        self.ledger.set_mark(capture.place)
        return change

    def _warc_path(self, name: str) -> Path:
        closed = self.folder / "warc" / name
        return closed if closed.exists() else closed.with_name(f"{name}{OPEN}")

    def _reread(self, record: Record) -> Record | None:
        """Return the record that the current extractor makes of the captures of an older one."""
        readings = []
        for ref in record.captures:
            place = Place(warc=ref.warc, offset=ref.offset, length=ref.length)
            capture = read_capture(self._warc_path(ref.warc), place)
            readings.append(read(capture, self.site, self.models))
        return join(readings).record

    # ── writing ──

    def keep(self, exchange: Exchange) -> tuple[Capture, Reading]:
        """Archive an exchange, read it, and enter it into the views. No capture, no record."""
        capture = self._warc.append(exchange, self._revisited(exchange.target_uri))
        reading = read(capture, self.site, self.models)
        change = self._enter(capture, reading)
        self._count(exchange, reading, change)
        self._yield_to(capture, reading)
        self._uncommitted += 1
        if self._uncommitted >= COMMIT_EVERY or self.clock.now() - self._committed_at >= COMMIT_AFTER:
            self.commit()
        return capture, reading

    def _revisited(self, uri: str) -> Revisited | None:
        held = self.ledger.held(uri)
        if held is None:
            return None
        return Revisited(captured_at=held.captured_at, payload_digest=held.payload_digest, record_id=held.record_id)

    def _yield_to(self, capture: Capture, reading: Reading) -> None:
        """Wait as long as the server asks (RFC 9110 §10.2.3), with every site of its domain."""
        self.in_flight.discard(look_up_key(capture.target_uri))
        wait = retry_after(capture)
        if wait and reading.outcome in (Outcome.BLOCKED, Outcome.SERVER_ERROR, Outcome.MAINTENANCE):
            self.budget.pause(registrable_domain(host_of(capture.target_uri)), wait)
            self.resume_at = max(filter(None, (self.resume_at, self.clock.now() + wait)))

    def _count(self, exchange: Exchange, reading: Reading, change: Change | None) -> None:
        tally = self.tally
        tally.requests += bool(exchange.request)
        tally.bytes += len(exchange.response)
        tally.outcomes[reading.outcome] += 1
        tally.articles += reading.record is not None
        tally.answers += bool(exchange.response)
        tally.last_uri = exchange.target_uri
        if reading.outcome in TRANSIENT:
            tally.failing.add(exchange.target_uri)
        else:
            tally.failing.discard(exchange.target_uri)
        if change is not None:
            tally.changes.append(change)

    def commit(self) -> None:
        """Make everything last that was kept: first the WARC, then the lines, then the index."""
        self._warc.sync()
        self._commit_views()
        self._uncommitted = 0
        self._committed_at = self.clock.now()

    def _commit_views(self) -> None:
        self.dataset.sync()
        self.ledger.commit()

    def close(self) -> None:
        """Commit, give the files their final names, and unlock. A second call does nothing."""
        if not self._is_open:
            return
        self._is_open = False
        try:
            self._warc.close()
            self.dataset.close()
            self.ledger.commit()
        finally:
            self.ledger.close()
            self._lock.close()
