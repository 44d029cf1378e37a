"""The views of one site's WARC: ledger, listings and dataset, filled together, in the order of the captures.

Crawl, recovery and rebuild enter captures here and nowhere else. The WARC is never asked what a view holds, and
a view never what the WARC holds beyond its mark: what is behind it is replayed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from newsspider.archive.dataset import SCHEMA as DATASET_SCHEMA
from newsspider.archive.dataset import Dataset
from newsspider.archive.listings import SCHEMA as LISTINGS_SCHEMA
from newsspider.archive.listings import Listings
from newsspider.capture.warcfile import OPEN, warc_files
from newsspider.frontier.ledger import Ledger
from newsspider.frontier.policy import is_page
from pipelines.errors import DamagedError
from pipelines.model import Capture, FoundBy, PageKind, Place, Reading, Record, Site
from pipelines.read import join, read
from pipelines.store.sound import Damage
from pipelines.store.warc import read_capture, read_sound

if TYPE_CHECKING:
    from pathlib import Path

    from newsspider.archive.dataset import Change
    from pipelines.normalise.record import Models


SCHEMA = (
    DATASET_SCHEMA
    + LISTINGS_SCHEMA
    + """
CREATE TABLE warcs (name TEXT PRIMARY KEY) WITHOUT ROWID;   -- files whose captures were entered
"""
)

Watch = Callable[[Capture, "Change | None"], object]
"""Told of each capture entered, and of what it changed in the dataset."""


class Views:
    """Ledger, listings and dataset of a site, open for writing. The caller holds the site's lock."""

    def __init__(self, folder: Path, warcs: Path, site: Site, models: Models) -> None:
        """Open the views in ``folder`` over the WARC files in ``warcs``; a damaged ledger is begun anew.

        Raises :class:`DamagedError` where files stand among the WARC files that the views were not made from.
        """
        self.site = site
        self.models = models
        self.damage: list[Damage] = []
        """Places in the WARC files that could not be read."""
        self.renewed: str | None = None
        """Why the ledger was begun anew, if it was."""
        self.warcs = warcs
        self._folder = folder
        self._entering = ""
        """Name of the WARC file whose captures are entered."""
        try:
            self._open()
        except DamagedError as error:
            self.renewed = str(error)
            remove_ledger(folder)
            self._open()
        if strangers := self._strangers():
            self.ledger.close()
            raise DamagedError(
                f"{warcs}: {', '.join(strangers[:3])}{' and others' if len(strangers) > 3 else ''} came in from"
                f" elsewhere, before files that were read already; run «newsspider rebuild {site.id}» to take it in."
            )

    def _open(self) -> None:
        self.ledger = Ledger(self._folder / "ledger.sqlite", self.site, more_schema=SCHEMA)
        self.listings = Listings(self.site, self.ledger)
        self.dataset = Dataset(self._folder / "records", self.site, self.ledger.connection)
        try:
            self.bytes_cut = self.dataset.recover()
        except BaseException:
            self.ledger.close()
            raise

    def _strangers(self) -> list[str]:
        """Return the names of WARC files that sort before the last one entered, and were never entered.

        They come from outside, as when the folders of two archives are copied into one.
        """
        mark = self.ledger.mark()
        if mark is None:
            return []
        entered = {name for (name,) in self.ledger.connection.execute("SELECT name FROM warcs")}
        return [
            path.name
            for path in warc_files(self.warcs)
            if path.name < mark[0] and path.name not in entered and any(read_sound(path, self.damage.append))
        ]

    def catch_up(self, watch: Watch = lambda _, __: None) -> int:
        """Enter the captures that the views have not seen; return their number.

        What cannot be read in a WARC file is passed over and noted in ``damage``.
        """
        mark = self.ledger.mark() or ("", 0)
        entered = 0
        for path in warc_files(self.warcs):
            if path.name < mark[0]:
                continue
            start = mark[1] if path.name == mark[0] else 0
            for capture in read_sound(path, self.damage.append, start=start):
                assert capture.place is not None
                if (capture.place.warc, capture.place.offset) > mark:
                    watch(capture, self.enter(capture))
                    entered += 1
            self._note_file(path.name.removesuffix(OPEN))
        if self.damage:
            self.dataset.adopt_rest()
        self.dataset.close()
        self.commit()
        return entered

    def _note_file(self, name: str) -> None:
        if name != self._entering:
            self.ledger.connection.execute("INSERT OR IGNORE INTO warcs VALUES (?)", (name,))
            self._entering = name

    def read(self, capture: Capture) -> Reading:
        """Return what a capture says."""
        return read(capture, self.site, self.models)

    def enter(self, capture: Capture, reading: Reading | None = None) -> Change | None:
        """Enter a capture into the views; return what it changed in the dataset.

        Of an imported file, which may hold the whole Web, only what the crawl would ask for is entered.
        """
        assert capture.place is not None
        change = None
        if not capture.imported or self._is_wanted(capture.target_uri):
            reading = reading or self.read(capture)
            self.ledger.apply(capture, reading)
            self.listings.apply(capture, reading)
            whole = replace(reading, record=self._whole_record(capture, reading))
            change = self.dataset.apply(capture, whole, reread=self._reread)
        self.ledger.set_mark(capture.place)
        self._note_file(capture.place.warc)
        return change

    def _is_wanted(self, uri: str) -> bool:
        return is_page(uri, self.site) or self.ledger.knows(uri)

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
        capture = self.read_place(held.place) if held is not None else None
        return self.read(capture) if capture is not None else None

    def read_place(self, place: Place) -> Capture | None:
        """Return the capture at a place; None, and a note of it, where it cannot be read any more."""
        try:
            return read_capture(self._warc_path(place.warc), place)
        except DamagedError as error:
            end = place.offset + place.length
            self.damage.append(Damage(warc=place.warc, start=place.offset, end=end, message=str(error)))
            return None

    def _warc_path(self, name: str) -> Path:
        path = self.warcs / name
        return path if path.exists() else path.with_name(name + OPEN)

    def _reread(self, record: Record) -> Record | None:
        """Return the record that the current extractor makes of the captures of an older one.

        None where they are no article any more, or cannot be read.
        """
        places = [Place(warc=ref.warc, offset=ref.offset, length=ref.length) for ref in record.captures]
        captures = [capture for place in places if (capture := self.read_place(place)) is not None]
        if len(captures) < len(places):
            return None
        return join([self.read(capture) for capture in captures]).record

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
