"""Everything that is open for one site while a run writes to it: lock, WARC, views.

``keep`` is the one door into the archive. It writes an exchange to the WARC, reads it, and enters it into the
views, in the order of the WARC and in one step; a group commit makes WARC, lines and index last, in that order.
"""

from __future__ import annotations

import logging
import shutil
from datetime import timedelta
from typing import TYPE_CHECKING

from newsspider.archive.locks import lock
from newsspider.archive.recovery import open_views
from newsspider.capture import disk
from newsspider.capture.warcfile import WarcWriter
from newsspider.crawl.pace import Pace
from newsspider.crawl.stop import Stop
from newsspider.frontier.robots import LIFETIME
from newsspider.operation.report import Tally, make_report, read_last_report, write_report
from pipelines.errors import ArchiveError, DiskFullError, LockedError
from pipelines.model import Capture, Exchange, Reading, Site
from pipelines.store.exchange import Revisited

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any, BinaryIO

    from newsspider.crawl.run import Run

log = logging.getLogger(__name__)

COMMIT_EVERY = 64
"""Exchanges between two group commits: what a crash makes the next run read again, at most."""

COMMIT_AFTER = timedelta(seconds=5)
"""Time between two group commits while exchanges come in slowly."""


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
        """Why the crawl of the site could not go on."""
        self.report: dict[str, Any] = {"site": site.id}
        """What the run did at the site; whole when it is closed."""
        folder = self.folder = run.archive.site_folder(site.id)
        warcs = folder / "warc"
        self._lock = lock_site(folder, site.id)
        try:
            make_folder(warcs)
            check_room(folder, run.settings.min_free_mb)
            self.views, recovery = open_views(folder, site, run.models)
            self.ledger = self.views.ledger
            for damage in recovery.damage:
                log.error("%s; what is sound was read, «newsspider verify %s» tells more", damage.message, site.id)
            self.started_at = self.clock.now()
            if ahead := self.ledger.distrust(self.started_at):
                log.warning(
                    "%s: %d pages were captured after %s, which is now: check this machine's clock; they are asked for again",
                    site.id, ahead, self.started_at,
                )  # fmt: skip
            self.pace = Pace(run, site, self.ledger, self.tally, self.stop)
            about = describe(site, run.settings.operator)
            self._warc = WarcWriter(warcs, site.id, run=run.id, about=about, clock=self.clock.now)
        except BaseException:
            self._lock.close()
            raise
        self._uncommitted = 0
        self._committed_at = self.started_at
        self._is_open = True

    def keep(self, exchange: Exchange) -> tuple[Capture, Reading]:
        """Archive an exchange, read it, and enter it into the views. No capture, no record."""
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

    def _make_report(self, reason: str) -> dict[str, Any]:
        return make_report(
            self.tally,
            site=self.site.id,
            run=self.run.id,
            started_at=self.started_at,
            ended_at=self.clock.now(),
            reason="failure" if self.failure else reason,
            error=self.failure,
            coverage=self.ledger.coverage(),
            before=read_last_report(self.folder),
        )

    def commit(self) -> None:
        """Make everything last that was kept: first the WARC, then the views."""
        self._warc.sync()
        self.views.commit()
        check_room(self.folder, self.run.settings.min_free_mb)
        self._uncommitted = 0
        self._committed_at = self.clock.now()

    def close(self, reason: str = "finished") -> None:
        """Commit, give the files their final names, report, and unlock. A second call does nothing.

        ``reason`` says why the crawl of the site ended: ``finished``, ``shutdown``, ``failure``…
        """
        if not self._is_open:
            return
        self._is_open = False
        try:
            self._warc.close()
            self.report = self._make_report(reason)
            self.views.close()
            write_report(self.folder, self.report)
        finally:
            self._lock.close()


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


def describe(site: Site, operator: str | None) -> dict[str, str]:
    """Return the fields of ``warcinfo`` (WARC 1.1 §6.2) that say what a rebuild needs to know of a run."""
    return {
        "robots": "obey",
        **({"operator": operator} if operator else {}),
        **({} if site.access.verify else {"certificates": "not verified"}),
        **({"legacyTls": "allowed"} if site.access.legacy_tls else {}),
        "site": site.id,
        "siteFileDigest": f"sha256:{site.digest}",
        "siteFile": site.text,
    }


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
