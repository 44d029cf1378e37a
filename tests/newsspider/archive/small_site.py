"""A site of four pages, and crawls of it without a network: what is answered is what a test says."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newsspider.archive.recovery import open_views
from newsspider.capture.warcfile import WarcWriter
from pipelines.cite import capture_ref
from pipelines.model import (
    Article,
    Capture,
    Exchange,
    Extractor,
    Finding,
    FoundBy,
    Hints,
    Link,
    Outcome,
    PageKind,
    Reading,
    Record,
    Site,
)
from pipelines.normalise.record import Models
from pipelines.store.records import decode_record
from pipelines.uri import record_id

ORIGIN = "https://news.hill.example"
LIST = f"{ORIGIN}/list.htm"
FIRST, SECOND, THIRD = (f"{ORIGIN}/info/1/7{page}.htm" for page in ("", "_2", "_3"))
SITE = Site(id="hill", name="Hill", seeds=(LIST,), domains=("news.hill.example",), control=LIST)

PAGES = {FIRST: (SECOND, THIRD)}
"""Further pages that a first page names."""

FOUND = {
    LIST: Hints(found_by=FoundBy.SEED),
    FIRST: Hints(found_by=FoundBy.LISTING, found_on=LIST),
    SECOND: Hints(found_by=FoundBy.PAGING, found_on=FIRST),
    THIRD: Hints(found_by=FoundBy.PAGING, found_on=FIRST),
}


seen: list[str] = []
"""Target URIs of the captures read."""


def read(capture: Capture, site: Site, models: Models) -> Reading:
    """Read the pages of this test: the payload is the article's body."""
    seen.append(capture.target_uri)
    if capture.status is None:
        return Reading(outcome=capture.outcome)
    if capture.profile or capture.status != 200:
        return Reading(outcome=Outcome.GONE if capture.status == 404 else Outcome.NOT_MODIFIED)
    body = bytes(capture.payload).decode()
    if capture.target_uri == LIST:
        return Reading(outcome=Outcome.OK, kind=PageKind.LISTING)
    if body == "challenge":
        return Reading(outcome=Outcome.CHALLENGE)
    pages = PAGES.get(capture.target_uri)
    links = tuple(Link(title=None, href=page) for page in pages or ())
    article = Article(pages=Finding(value=links, raw="", rule="test") if links else None)
    record = Record(
        id=record_id(site.id, capture.target_uri),
        url=capture.target_uri,
        site=site.id,
        title="校庆",
        body=body,
        captures=(capture_ref(capture, charset="utf-8"),) if capture.place else (),
        extractor=Extractor(version="0", site_file=None, text_model=None),
    )
    return Reading(outcome=Outcome.OK, kind=PageKind.ARTICLE, article=article, record=record)


class Crawl:
    """Enters captures into the views of a site as a run does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.replayed: list[str] = []
        """Target URIs of the captures that the views had not seen when the last run began."""
        self._runs = 0
        self._now = datetime(2026, 3, 1, tzinfo=UTC)

    @contextmanager
    def run(self, *, close: bool = True) -> Iterator[None]:
        """Begin a run, and end it; without ``close`` as a kill does, with all bytes in the files."""
        self._runs += 1
        (self.folder / "warc").mkdir(parents=True, exist_ok=True)
        seen.clear()
        self._views, self.recovery = open_views(self.folder, SITE, Models())
        self.replayed = list(seen)
        self._warc = WarcWriter(
            self.folder / "warc", "hill", run=f"r{self._runs}", about={}, clock=lambda: self._now
        )  # fmt: skip
        self.fetch(LIST, f"list {self._runs}")
        yield
        if close:
            self._warc.close()
            self._views.close()
        else:
            self._views.abandon()

    def fetch(self, uri: str, body: str | None = None, *, status: int = 200) -> str | None:
        """Enter the answer to a request, or without ``body`` the lack of one; return what it changed."""
        self._now += timedelta(seconds=1)
        head = f"HTTP/1.1 {status} X\r\nContent-Type: text/html\r\n\r\n"
        exchange = Exchange(target_uri=uri, started_at=self._now, outcome=Outcome.TIMEOUT, hints=FOUND[uri])
        if body is not None:
            exchange = replace(
                exchange, outcome=Outcome.OK, request=b"GET / HTTP/1.1\r\n\r\n", response=(head + body).encode()
            )
        capture = self._warc.append(exchange)
        change = self._views.enter(capture, self._views.read(capture))
        return change.kind if change else None

    def outcome(self, uri: str) -> Outcome | None:
        """Return what the ledger says of the last fetch of an address."""
        return self._views.ledger.outcome(uri)

    def mark(self) -> tuple[str, int] | None:
        """Return where the last capture that the views have entered stands."""
        return self._views.ledger.mark()

    def lines(self) -> list[Record]:
        files = sorted((self.folder / "records").glob("*"))
        return [decode_record(line) for path in files for line in path.read_bytes().splitlines()]
