"""Everything that is open for one site while a run writes to it: lock, WARC, views.

``keep`` is the one door into the archive. It writes an exchange to the WARC, reads it, and enters it into the
views, in the order of the WARC and in one step; a group commit makes WARC, lines and index last, in that order.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from newsspider.archive.locks import lock_site
from newsspider.archive.recovery import open_views
from newsspider.archive.warcinfo import describe, describe_exceptions
from newsspider.capture import disk
from newsspider.capture.warcfile import WarcWriter
from newsspider.crawl.pace import Pace
from newsspider.crawl.stop import Stop
from newsspider.frontier.robots import LIFETIME
from newsspider.operation.report import make_report, read_last_report, write_report
from newsspider.operation.tally import Tally
from pipelines.errors import NewsspiderError
from pipelines.model import Capture, Exchange, Reading, Site
from pipelines.store.exchange import Revisited

if TYPE_CHECKING:
    from typing import Any

    from newsspider.crawl.run import Run

log = logging.getLogger(__name__)

COMMIT_EVERY = 64
"""Exchanges between two group commits: what a crash makes the next run read again, at most."""

COMMIT_AFTER = timedelta(seconds=5)
"""Time between two group commits while exchanges come in slowly."""

KEPT_CHANGES = 20
"""Changes that a closed site still names: the report has more, and a thousand sites may have been closed."""


class Session:
    """One site, open for writing by one run."""

    def __init__(self, run: Run, site: Site) -> None:
        """Lock the site, put right what a crash left, and enter what the views have not seen.

        Raises :class:`LockedError` where another process has the site, :class:`ArchiveError` where its folder
        cannot be written, :class:`DamagedError` where a WARC file cannot be read.
        """
        self.run = run
        self.site = site
        self.clock = run.clock
        self.tally = Tally()
        self.stop = Stop()
        self.failure: BaseException | None = None
        """Why the crawl of the site could not go on, or not be closed."""
        self._is_whole = True
        """Whether WARC and views hold the same; not after an error between two of them."""
        folder = self.folder = run.archive.site_folder(site.id)
        warcs = folder / "warc"
        self._lock = lock_site(folder, site.id)
        try:
            disk.make_folder(warcs, within=run.archive.root)
            disk.check_room(folder, run.settings.min_free_mb)
            self.views, recovery = open_views(folder, site, run.models)
            self.ledger = self.views.ledger
            for damage in recovery.damage:
                log.error("%s; what is sound was read, «newsspider verify %s» tells more", damage.message, site.id)
            self.started_at = self.clock.now()
            self.pace = Pace(run, site, self.ledger, self.tally, self.stop)
            if ahead := self.ledger.agenda.distrust(self.started_at):
                log.warning(
                    "%s: %d pages were captured after %s, which is now: check this machine's clock; they are asked for again",
                    site.id, ahead, self.started_at,
                )  # fmt: skip
            about = describe(site, run.settings.operator) | describe_exceptions(site)
            self._warc = WarcWriter(warcs, site.id, run=run.id, about=about, clock=self.clock.now)
        except BaseException:
            self._lock.close()
            raise
        self._uncommitted = 0
        self._committed_at = self.started_at
        self._is_open = True

    def keep(self, exchange: Exchange) -> tuple[Capture, Reading]:
        """Archive an exchange, read it, and enter it into the views. No capture, no record.

        After an error nothing more is kept, because the views would miss what failed: the recovery at the next
        start finds it in the WARC.
        """
        if not self._is_whole:
            assert self.failure is not None
            raise self.failure
        try:
            return self._keep(exchange)
        except BaseException as error:
            self._is_whole, self.failure = False, error
            raise

    def _keep(self, exchange: Exchange) -> tuple[Capture, Reading]:
        capture = self._warc.append(exchange, self._revisited(exchange.target_uri))
        reading = self.views.read(capture)
        before = self.ledger.kind(exchange.target_uri)
        change = self.views.enter(capture, reading)
        self.tally.count(exchange, reading, change, before=before)
        self.pace.heed(capture, reading)
        self._uncommitted += 1
        if self._uncommitted >= COMMIT_EVERY or self.clock.now() - self._committed_at >= COMMIT_AFTER:
            self.commit()
        return capture, reading

    def _revisited(self, uri: str) -> Revisited | None:
        held = self.ledger.held(uri)
        if held is None:
            return None
        return Revisited(captured_at=held.captured_at, payload_digest=held.payload_digest, record_id=held.record_id)

    def held_robots(self, uri: str) -> Capture | None:
        """Return a robots.txt as the archive holds it, if it was reached within the last day."""
        held = self.ledger.robots(uri)
        if held is None or not timedelta(0) <= self.clock.now() - held[0] < LIFETIME:
            return None
        return self.views.read_place(held[1])

    def _make_report(self, reason: str, found: dict[str, Any]) -> dict[str, Any]:
        return make_report(
            self.tally,
            site=self.site.id,
            run=self.run.id,
            started_at=self.started_at,
            ended_at=self.clock.now(),
            reason="failure" if self.failure else reason,
            error=self.failure,
            before=read_last_report(self.folder),
            **found,
        )

    def commit(self) -> None:
        """Make everything last that was kept: first the WARC, then the views."""
        self._warc.sync()
        self.views.commit()
        disk.check_room(self.folder, self.run.settings.min_free_mb)
        self._uncommitted = 0
        self._committed_at = self.clock.now()

    def close(self, reason: str = "finished") -> None:
        """Commit, give the files their final names, report, and unlock. A second call does nothing.

        ``reason`` says why the crawl of the site ended: ``finished``, ``shutdown``, ``failure``… What goes wrong
        is in :attr:`failure`. After an error the files are left as a kill leaves them: there is one way to
        recover.
        """
        if not self._is_open:
            return
        self._is_open = False
        found: dict[str, Any] = {}
        try:
            with self._noting_failure():
                found = self._close_files()
            with self._noting_failure():
                write_report(self.folder, self._make_report(reason, found))
            del self.tally.changes[KEPT_CHANGES:]
        finally:
            self._lock.close()

    @contextmanager
    def _noting_failure(self) -> Iterator[None]:
        try:
            yield
        except NewsspiderError as error:
            self.failure = self.failure or error

    def _close_files(self) -> dict[str, Any]:
        """Close WARC and views; return what a report says of them: the coverage of the sections, and traps."""
        if not self._is_whole:
            self.views.abandon()
            return {}
        try:
            self._warc.close()
            found = {"coverage": self.ledger.coverage(), "traps": self.ledger.traps()}
            self.views.close()
        except BaseException:
            self.views.abandon()
            raise
        return found
