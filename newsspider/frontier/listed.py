"""Where articles are listed: the way to notice that one has gone from its listing."""

from newsspider.frontier.keys import look_up_key
from newsspider.frontier.policy import find_span
from newsspider.frontier.tables import Tables
from pipelines.model import Listing


class Listed:
    """Which articles stand in which listing. A part of the ledger."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def first_page(self, key: str) -> str:
        """Return the key of the first page of the listing that a page belongs to."""
        row = self._tables.one("SELECT listing FROM uris WHERE key = ? AND found_by = 'paging'", (key,))
        return row[0] if row and row[0] else key

    def enter(self, listing: Listing, first: str, *, is_paged: bool) -> None:
        """Note where articles are listed. A listing that goes back to the beginning is the one to miss them."""
        known = "" if is_paged else " AND listing IS NULL"
        sql = f"UPDATE uris SET listing = ? WHERE key = ? AND found_by = 'listing' AND listing IS NOT ?{known}"  # noqa: S608
        self._tables.write_all(sql, [(first, look_up_key(item.href), first) for item in listing.items])

    def take_missing(self, listing: Listing, first: str) -> list[str]:
        """Return the keys of articles that a listing had and has no more, although it has older and newer ones.

        Each is named once; where it is still there, only its own revisits look after it from then on. Where half a
        page or more were missing it is the listing that has changed.
        """
        if (span := find_span(listing)) is None:
            return []
        rows = self._tables.all(
            "SELECT key FROM uris WHERE found_by = 'listing' AND listing = ? AND date > ? AND date < ?"
            " AND outcome IN ('ok', 'not_modified') LIMIT ?",
            (first, *span, 2 * len(listing.items)),
        )
        missing = {key for (key,) in rows} - {look_up_key(item.href) for item in listing.items}
        if 2 * len(missing) >= len(listing.items):
            return []
        self._tables.write_all("UPDATE uris SET listing = NULL WHERE key = ?", [(key,) for key in missing])
        return sorted(missing)
