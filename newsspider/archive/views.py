"""The views of one site's WARC: ledger and dataset, filled together, in the order of the captures.

Crawl, recovery and rebuild enter captures here and nowhere else. The WARC is never asked what a view holds, and
a view never what the WARC holds beyond its mark: what is behind it is replayed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsspider.archive.dataset import ANSWERED, Change, Dataset
from newsspider.archive.dataset import SCHEMA as DATASET_SCHEMA
from newsspider.capture.warcfile import OPEN, warc_files
from newsspider.frontier.database import break_seal, check_structure, is_sealed, remove_database, seal
from newsspider.frontier.ledger import Ledger
from pipelines.cite import capture_ref
from pipelines.errors import DamagedError
from pipelines.model import Capture, FoundBy, PageKind, Place, Reading, Record, Site
from pipelines.read import join, read
from pipelines.store.warc import read_capture, read_captures

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.normalise.record import Models

COMMIT_EVERY = 1000
"""Captures between two commits of a replay: a kill during a long one does not lose it all."""


def _citing(record: Record, capture: Capture) -> Record:
    """Return a record that cites the capture which completed it, though that were a page that did not answer.

    The dataset finds the line of a capture again by what it cites.
    """
    ref = capture_ref(capture, charset=None)
    if any((one.warc, one.offset) == (ref.warc, ref.offset) for one in record.captures):
        return record
    return replace(record, captures=(*record.captures, ref))


class Views:
    """Ledger and dataset of a site, open for writing. The caller holds the site's lock."""

    def __init__(self, folder: Path, warcs: Path, site: Site, models: Models) -> None:
        """Open the views in ``folder`` over the WARC files in ``warcs``; a damaged ledger is begun anew.

        Raises :class:`DamagedError` where lines are missing or damaged that were safe once: that is no crash.
        """
        self.site = site
        self.models = models
        self._folder, self._warcs = folder, warcs
        self._ledger_path = folder / "ledger.sqlite"
        try:
            self.ledger = self._open_ledger()
        except DamagedError:
            remove_database(self._ledger_path)
            self.ledger = self._open_ledger()
        self.dataset = Dataset(folder / "records", site, self.ledger.connection)
        try:
            self.dataset.recover({path.name: path.stat().st_size for path in warc_files(warcs)})
        except BaseException:
            self.ledger.close()
            raise

    def _open_ledger(self) -> Ledger:
        sealed = is_sealed(self._ledger_path)
        ledger = Ledger(self._ledger_path, self.site, more_schema=DATASET_SCHEMA)
        try:
            if not sealed:
                check_structure(ledger.connection, self._ledger_path)
            break_seal(self._ledger_path)
        except BaseException:
            ledger.close()
            raise
        return ledger

    def catch_up(self) -> int:
        """Enter the captures that the views have not seen; return their number. No WARC file may be open.

        Raises :class:`DamagedError` where the views have seen more than the WARC holds.
        """
        mark = self.ledger.mark() or ("", 0)
        files = warc_files(self._warcs)
        if mark[0] and not any(path.name == mark[0] and path.stat().st_size > mark[1] for path in files):
            raise DamagedError(
                f"{self._warcs / mark[0]}: holds less than what was read from it before; put it back from a copy,"
                f" or make ledger and records anew from what is there: «newsspider rebuild {self.site.id}»."
            )
        entered = 0
        for path in files:
            if path.name < mark[0]:
                continue
            for capture in read_captures(path, start=mark[1] if path.name == mark[0] else 0):
                assert capture.place is not None
                if (capture.place.warc, capture.place.offset) > mark:
                    self.enter(capture, self.read(capture))
                    entered += 1
                    if entered % COMMIT_EVERY == 0:
                        self.commit()
        self.dataset.close()
        self.commit()
        return entered

    def read(self, capture: Capture) -> Reading:
        """Return what a capture says."""
        return read(capture, self.site, self.models)

    def enter(self, capture: Capture, reading: Reading) -> Change | None:
        """Enter a capture into both views; return what it changed in the dataset."""
        assert capture.place is not None
        self.ledger.apply(capture, reading)
        on = self._first_page(capture)
        record = self._join(capture, reading, reading if on is None else self._read_answered(on))
        change = None
        if on is None or record is not None:  # a further page that is gone does not mean that the article is
            change = self.dataset.apply(capture, replace(reading, record=record), reread=self._reread)
        self.ledger.set_mark(capture.place)
        return change

    def _first_page(self, capture: Capture) -> str | None:
        """Return the first page of the article that a capture is a further page of; None where it is none."""
        on = capture.hints.found_on
        is_further = capture.hints.found_by is FoundBy.PAGING and on and self.ledger.kind(on) is PageKind.ARTICLE
        return on if is_further else None

    def _read_answered(self, uri: str) -> Reading | None:
        """Return what an address says that answered when it was last asked; else None."""
        return self._read_held(uri) if self.ledger.outcome(uri) in ANSWERED else None

    def _join(self, capture: Capture, reading: Reading, first: Reading | None) -> Record | None:
        """Return the record of the whole article, whose first page says ``first``, as a capture completes it.

        None while pages are to come, where the first page is no article (any more), and where a page that the
        last revision has cannot be read now: a worse page never replaces a good one.
        """
        if first is None or first.record is None or first.article is None:
            return None
        if first.article.pages is None:
            return first.record
        readings = [first]
        for uri in filter(None, (page.href for page in first.article.pages.value)):
            is_this = uri == capture.target_uri and reading.record is not None
            if not is_this and not self.ledger.is_settled(uri):
                return None
            page = reading if is_this else self._read_held(uri)
            if page is not None and page.record is not None:
                readings.append(page)
            elif self._is_cited(uri, first.record.id):
                return None
        record = join(readings).record
        return record and _citing(record, capture)

    def _is_cited(self, uri: str, article: str) -> bool:
        """Tell whether the last line of an article was read from an address."""
        last = self.dataset.last(article)
        cited = last.captures if last is not None else ()
        return any(ref.uri_m.partition("/")[2] == uri and ref.charset for ref in cited)

    def _read_held(self, uri: str) -> Reading | None:
        """Return what the last whole response to an address says; None where none is held."""
        held = self.ledger.held(uri)
        return self.read(read_capture(self._warc_path(held.place.warc), held.place)) if held is not None else None

    def _warc_path(self, name: str) -> Path:
        path = self._warcs / name
        return path if path.exists() else path.with_name(name + OPEN)

    def _reread(self, record: Record) -> Record | None:
        """Return the record that the current extractor makes of the captures of an older one."""
        readings = []
        for ref in record.captures:
            place = Place(warc=ref.warc, offset=ref.offset, length=ref.length)
            readings.append(self.read(read_capture(self._warc_path(ref.warc), place)))
        return join(readings).record

    def commit(self) -> None:
        """Make what was entered last: first the lines, then the ledger with the index and the mark."""
        self.dataset.sync()
        self.ledger.commit()

    def close(self) -> None:
        """Commit, give the run's lines their final name, and close."""
        self.dataset.close()
        self.ledger.commit()
        seal(self.ledger.connection, self._ledger_path)
        self.ledger.close()

    def abandon(self) -> None:
        """Close after an error: what is not committed is replayed when the views are opened next."""
        self.ledger.close()
