"""The views of one site's WARC: ledger and dataset, filled together, in the order of the captures.

Crawl, recovery and rebuild enter captures here and nowhere else. The WARC is never asked what a view holds, and
a view never what the WARC holds beyond its mark: what is behind it is replayed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsspider.archive.dataset import SCHEMA as DATASET_SCHEMA
from newsspider.archive.dataset import Change, Dataset
from newsspider.capture.warcfile import OPEN, warc_files
from newsspider.frontier.ledger import Ledger
from pipelines.errors import DamagedError
from pipelines.model import Capture, FoundBy, PageKind, Place, Reading, Record, Site
from pipelines.read import join, read
from pipelines.store.warc import read_capture, read_captures

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.normalise.record import Models


class Views:
    """Ledger and dataset of a site, open for writing. The caller holds the site's lock."""

    def __init__(self, folder: Path, warcs: Path, site: Site, models: Models) -> None:
        """Open the views in ``folder`` over the WARC files in ``warcs``; a damaged ledger is begun anew."""
        self.site = site
        self.models = models
        self._folder, self._warcs = folder, warcs
        try:
            self._open()
        except DamagedError:
            remove_ledger(folder)
            self._open()

    def _open(self) -> None:
        self.ledger = Ledger(self._folder / "ledger.sqlite", self.site, more_schema=DATASET_SCHEMA)
        self.dataset = Dataset(self._folder / "records", self.site, self.ledger.connection)
        try:
            self.dataset.recover()
        except BaseException:
            self.ledger.close()
            raise

    def catch_up(self) -> int:
        """Enter the captures that the views have not seen; return their number."""
        mark = self.ledger.mark() or ("", 0)
        entered = 0
        for path in warc_files(self._warcs):
            if path.name < mark[0]:
                continue
            for capture in read_captures(path, start=mark[1] if path.name == mark[0] else 0):
                assert capture.place is not None
                if (capture.place.warc, capture.place.offset) > mark:
                    self.enter(capture, self.read(capture))
                    entered += 1
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
        whole = replace(reading, record=self._whole_record(capture, reading))
        change = self.dataset.apply(capture, whole, reread=self._reread)
        self.ledger.set_mark(capture.place)
        return change

    def _whole_record(self, capture: Capture, reading: Reading) -> Record | None:
        """Return the record of the whole article that a capture is a page of; None while pages are to come."""
        first: Reading | None = reading
        on = capture.hints.found_on
        if capture.hints.found_by is FoundBy.PAGING and on and self.ledger.kind(on) is PageKind.ARTICLE:
            first = self._read_held(on)
        if first is None or first.article is None or first.article.pages is None:
            return reading.record
        readings = [first]
        for page in first.article.pages.value:
            if page.href == capture.target_uri:
                readings.append(reading)
            elif page.href and not self.ledger.is_settled(page.href):
                return None
            elif page.href and (held := self._read_held(page.href)) is not None:
                readings.append(held)
        return join(readings).record

    def _read_held(self, uri: str) -> Reading | None:
        """Return what the last whole response to an address says; None where none is held."""
        held = self.ledger.held(uri)
        return self.read(self.read_place(held.place)) if held is not None else None

    def read_place(self, place: Place) -> Capture:
        """Return the capture that stands at a place of the site's WARC files."""
        return read_capture(self._warc_path(place.warc), place)

    def _warc_path(self, name: str) -> Path:
        path = self._warcs / name
        return path if path.exists() else path.with_name(name + OPEN)

    def _reread(self, record: Record) -> Record | None:
        """Return the record that the current extractor makes of the captures of an older one."""
        readings = []
        for ref in record.captures:
            place = Place(warc=ref.warc, offset=ref.offset, length=ref.length)
            readings.append(self.read(self.read_place(place)))
        return join(readings).record

    def commit(self) -> None:
        """Make what was entered last: first the lines, then the ledger with the index and the mark."""
        self.dataset.sync()
        self.ledger.commit()

    def close(self) -> None:
        """Commit, give the run's lines their final name, and close."""
        try:
            self.dataset.close()
            self.ledger.commit()
        finally:
            self.ledger.close()


def remove_ledger(folder: Path) -> None:
    """Remove a ledger: it is made again from the WARC when the site is opened next."""
    for suffix in ("", "-wal", "-shm"):
        (folder / f"ledger.sqlite{suffix}").unlink(missing_ok=True)
