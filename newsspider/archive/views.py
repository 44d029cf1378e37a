"""The views of one site's WARC: ledger, listings and dataset, filled together, in the order of the captures.

Crawl, recovery and rebuild enter captures here and nowhere else. The WARC is never asked what a view holds, and
a view never what the WARC holds beyond its mark: what is behind it is replayed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from newsspider.archive.dataset import ANSWERED, Dataset
from newsspider.archive.dataset import SCHEMA as DATASET_SCHEMA
from newsspider.archive.listings import SCHEMA as LISTINGS_SCHEMA
from newsspider.archive.listings import Listings
from newsspider.capture.warcfile import OPEN, warc_files
from newsspider.frontier.database import break_seal, check_structure, is_sealed, remove_database, seal
from newsspider.frontier.ledger import Ledger
from newsspider.frontier.policy import is_page
from pipelines.cite import capture_ref
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

COMMIT_EVERY = 1000
"""Captures between two commits of a replay: a kill during a long one does not lose it all."""

Watch = Callable[[Capture, "Change | None"], object]
"""Told of each capture entered, and of what it changed in the dataset."""


class Views:
    """Ledger, listings and dataset of a site, open for writing. The caller holds the site's lock."""

    def __init__(self, folder: Path, warcs: Path, site: Site, models: Models) -> None:
        """Open the views in ``folder`` over the WARC files in ``warcs``; a damaged ledger is begun anew.

        Raises :class:`DamagedError` where lines are missing or damaged that were safe once, which no crash leaves,
        and where files stand among the WARC files that the views were not made from.
        """
        self.site = site
        self.models = models
        self.damage: list[Damage] = []
        """Places in the WARC files that could not be read."""
        self.renewed: str | None = None
        """Why the ledger was begun anew, if it was."""
        self.warcs = warcs
        self._ledger_path = folder / "ledger.sqlite"
        self._entering = ""
        """Name of the WARC file whose captures are entered."""
        try:
            self.ledger = self._open_ledger()
        except DamagedError as error:
            self.renewed = str(error)
            remove_database(self._ledger_path)
            self.ledger = self._open_ledger()
        try:
            self.listings = Listings(site, self.ledger)
            self.dataset = Dataset(folder / "records", site, self.ledger.connection)
            files = warc_files(warcs)
            self.bytes_cut = self.dataset.recover({path.name: path.stat().st_size for path in files})
            self._refuse_strangers(files)
        except BaseException:
            self.ledger.close()
            raise

    def _open_ledger(self) -> Ledger:
        sealed = is_sealed(self._ledger_path)
        ledger = Ledger(self._ledger_path, self.site, more_schema=SCHEMA)
        try:
            if not sealed:
                check_structure(ledger.connection, self._ledger_path)
            break_seal(self._ledger_path)
        except BaseException:
            ledger.close()
            raise
        return ledger

    def _refuse_strangers(self, files: list[Path]) -> None:
        """Raise where WARC files sort before the last one entered that were never entered.

        They come from outside, as when the folders of two archives are copied into one.
        """
        last, _ = self.ledger.mark() or ("", 0)
        entered = {name for (name,) in self.ledger.connection.execute("SELECT name FROM warcs")}
        unknown = [path for path in files if path.name < last and path.name not in entered]
        strangers = [path.name for path in unknown if any(read_sound(path, self.damage.append))]
        if strangers:
            raise DamagedError(
                f"{self.warcs}: {', '.join(strangers[:3])}{' and others' if len(strangers) > 3 else ''} came in from"
                f" elsewhere, before files that were read already; run «newsspider rebuild {self.site.id}» to take it"
                " in."
            )

    # ── filling ──

    def catch_up(self, watch: Watch = lambda _, __: None) -> int:
        """Enter the captures that the views have not seen; return their number. No WARC file may be open.

        What cannot be read in a WARC file is passed over and noted in ``damage``.
        """
        mark = self.ledger.mark() or ("", 0)
        files = warc_files(self.warcs)
        self._miss_what_was_seen(mark, files)
        entered = 0
        for path in files:
            if path.name < mark[0]:
                continue
            start = mark[1] if path.name == mark[0] else 0
            for capture in read_sound(path, self.damage.append, start=start):
                assert capture.place is not None
                if (capture.place.warc, capture.place.offset) > mark:
                    watch(capture, self.enter(capture))
                    entered += 1
                    if entered % COMMIT_EVERY == 0:
                        self.commit()
            self._note_file(path.name.removesuffix(OPEN))
        if self.damage:
            self.dataset.adopt_rest()
        self.dataset.close()
        self.commit()
        return entered

    def _miss_what_was_seen(self, mark: tuple[str, int], files: list[Path]) -> None:
        """Note as damage that the WARC holds less than was read from it: no crash leaves it so."""
        name, seen = mark
        held = next((path.stat().st_size for path in files if path.name == name), 0)
        if held <= seen and name:
            message = f"{self.warcs / name}: holds less than what was read from it before; put it back from a copy."
            self.damage.append(Damage(warc=name, start=held, end=seen + 1, message=message))

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
            on = self._first_page(capture)
            record = self._join(capture, reading, reading if on is None else self._read_answered(on))
            if on is None or record is not None:  # a further page that is gone does not mean that the article is
                change = self.dataset.apply(capture, replace(reading, record=record), reread=self._reread)
        self.ledger.set_mark(capture.place)
        self._note_file(capture.place.warc)
        return change

    def _is_wanted(self, uri: str) -> bool:
        return is_page(uri, self.site) or self.ledger.knows(uri)

    # ── articles of several pages ──

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

    # ── reading again ──

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

    # ── keeping ──

    def commit(self) -> None:
        """Make what was entered last: first the lines, then the ledger with the index and the mark."""
        self.dataset.sync()
        self.ledger.commit()

    def close(self) -> None:
        """Commit, give the run's lines their final name, and close."""
        try:
            self.dataset.close()
            self.ledger.commit()
            seal(self.ledger.connection, self._ledger_path)
        finally:
            self.ledger.close()

    def abandon(self) -> None:
        """Close after an error: what is not committed is replayed when the views are opened next."""
        self.ledger.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if error is None:
            self.close()
        else:
            self.abandon()


def _citing(record: Record, capture: Capture) -> Record:
    """Return a record that cites the capture which completed it, though that were a page that did not answer.

    The dataset finds the line of a capture again by what it cites.
    """
    ref = capture_ref(capture, charset=None)
    if any((one.warc, one.offset) == (ref.warc, ref.offset) for one in record.captures):
        return record
    return replace(record, captures=(*record.captures, ref))
