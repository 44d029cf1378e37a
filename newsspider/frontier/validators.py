"""ETag and Last-Modified: what to ask a page with again (RFC 9110 §13.1), and which hosts make nothing of it."""

from newsspider.frontier.policy import jitter
from newsspider.frontier.tables import Tables
from pipelines.model import Capture
from pipelines.uri import host_of

MOST_IGNORED = 20
"""Whole answers with the bytes that were held after which a host is taken not to know ETag and Last-Modified."""

SAMPLE = 0.92
"""Pages with a lower jitter, a tenth, go on asking such a host conditionally: it may learn."""

LONGEST_VALIDATOR = 1000
"""Characters of an ETag or Last-Modified that are sent back; a longer one is no validator but a burden."""


class Validators:
    """What the hosts of a site make of conditional requests. A part of the ledger."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._deaf = set(self.deaf_hosts())

    def note(self, capture: Capture, key: str) -> None:
        """Count what the host made of the validators that the request carried."""
        row = self._tables.one("SELECT etag, last_modified, payload_digest FROM uris WHERE key = ?", (key,))
        if row is None or not (row[0] or row[1]) or not self.are_sent(capture.target_uri):
            return
        honoured = capture.status == 304
        if honoured or (capture.status == 200 and capture.payload_digest == row[2]):
            host = host_of(capture.target_uri)
            self._tables.write(
                "INSERT INTO validators VALUES (?, ?, ?) ON CONFLICT (host) DO UPDATE SET"
                " honoured = honoured + excluded.honoured, ignored = ignored + excluded.ignored",
                (host, honoured, not honoured),
            )
            if honoured:
                self._deaf.discard(host)
            elif host not in self._deaf:
                self._deaf = set(self.deaf_hosts())

    def are_sent(self, uri: str) -> bool:
        """Tell whether a request is conditional: to a host that never heeds it, only now and then."""
        return host_of(uri) not in self._deaf or jitter(uri) < SAMPLE

    def deaf_hosts(self) -> list[str]:
        """Return the hosts that answer in full though nothing has changed, and never «not modified»."""
        sql = "SELECT host FROM validators WHERE honoured = 0 AND ignored >= ? ORDER BY host"
        return [row[0] for row in self._tables.all(sql, (MOST_IGNORED,))]


def validators_of(capture: Capture) -> tuple[str | None, str | None, str | None]:
    """Return ETag, Last-Modified and payload digest for the next request and its revisit.

    None for an imported capture: its file may use digests of another kind, by which no replay tool would find
    what a revisit of ours refers to. So the first fetch of our own is a whole one.
    """
    if capture.imported:
        return None, None, None
    return _validator(capture, "ETag"), _validator(capture, "Last-Modified"), capture.payload_digest


def _validator(capture: Capture, name: str) -> str | None:
    value = capture.header(name)
    return value if value and len(value) <= LONGEST_VALIDATOR and value.isprintable() else None
