"""Traps: addresses without end that bring nothing. They are recognised by what their first visits bring."""

from newsspider.frontier.database import to_ms
from newsspider.frontier.keys import look_up_key, shape_of
from newsspider.frontier.policy import is_page
from newsspider.frontier.tables import Tables
from pipelines.model import Capture, FoundBy, Outcome, PageKind, Reading, Site

MOST_BARREN = 100
"""First visits in a row to addresses of one shape that bring nothing: a calendar, a sort order, a maze."""


class Traps:
    """The shapes of a site's addresses, and which of them are traps. A part of the ledger."""

    def __init__(self, tables: Tables, site: Site) -> None:
        self._tables, self._site = tables, site
        tables.connection.create_function("shape_of", 1, shape_of, deterministic=True)
        self._shapes = set(self.shapes())

    def watch(self, capture: Capture, reading: Reading) -> None:
        """Count what the first visits to addresses of one shape bring; close the shape when it is a trap."""
        if reading.outcome is not Outcome.OK or reading.kind in (None, PageKind.HOME, PageKind.FEED):
            return
        row = self._tables.one("SELECT fetches FROM uris WHERE key = ?", (look_up_key(capture.target_uri),))
        if row is None or row[0] > 1:
            return
        items = reading.listing.items if reading.listing else ()
        brings = reading.record is not None or any(
            not self._is_listed(item.href) for item in items if is_page(item.href, self._site)
        )
        shape = shape_of(capture.target_uri)
        self._tables.write(
            "INSERT INTO shapes VALUES (?, ?, NULL) ON CONFLICT (shape) DO UPDATE"
            " SET barren = CASE excluded.barren WHEN 0 THEN 0 ELSE barren + 1 END",
            (shape, 0 if brings else 1),
        )
        barren = self._tables.one("SELECT barren FROM shapes WHERE shape = ?", (shape,))
        if barren and barren[0] >= MOST_BARREN and shape not in self._shapes:
            self._shapes.add(shape)
            self._tables.write(
                "UPDATE shapes SET trapped_at = ? WHERE shape = ?", (to_ms(capture.captured_at), shape)
            )
            self._tables.write(
                "UPDATE uris SET due_at = NULL WHERE fetched_at IS NULL AND shape_of(uri) = ?", (shape,)
            )

    def _is_listed(self, uri: str) -> bool:
        row = self._tables.one("SELECT found_by FROM uris WHERE key = ?", (look_up_key(uri),))
        return row is not None and row[0] == FoundBy.LISTING

    def has(self, uri: str) -> bool:
        """Tell whether an address has the shape of a trap; a seed never has."""
        return bool(self._shapes) and uri not in self._site.seeds and shape_of(uri) in self._shapes

    def shapes(self) -> list[str]:
        """Return the shapes of addresses that were recognised as traps: they are followed no more."""
        return [
            row[0]
            for row in self._tables.all("SELECT shape FROM shapes WHERE trapped_at IS NOT NULL ORDER BY shape")
        ]
