"""The views together: articles of several pages, damage to the ledger, and a WARC that lost what was read from it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsspider.archive import views
from newsspider.archive.recovery import open_views
from newsspider.capture.warcfile import WarcWriter
from newsspider.frontier.database import SEAL
from pipelines.cite import capture_ref
from pipelines.errors import DamagedError
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


@pytest.fixture(autouse=True)
def reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "read", read)


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
        self._views = open_views(self.folder, SITE, Models())
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

    def lines(self) -> list[Record]:
        files = sorted((self.folder / "records").glob("*"))
        return [decode_record(line) for path in files for line in path.read_bytes().splitlines()]


@pytest.fixture
def crawl(tmp_path: Path) -> Crawl:
    return Crawl(tmp_path)


def bodies(crawl: Crawl) -> list[str | None]:
    return [line.body for line in crawl.lines()]


def test_the_pages_of_an_article_become_one_record(crawl: Crawl) -> None:
    with crawl.run():
        assert crawl.fetch(FIRST, "一") is None
        assert crawl.fetch(THIRD, "三") is None
        assert crawl.fetch(SECOND, "二") == "new"
    (line,) = crawl.lines()
    assert line.body == "一\n二\n三"
    assert [ref.uri_m[15:] for ref in line.captures] == [FIRST, SECOND, THIRD]


def test_an_edited_further_page_edits_the_article(crawl: Crawl) -> None:
    with crawl.run():
        for uri, body in ((FIRST, "一"), (SECOND, "二"), (THIRD, "三")):
            crawl.fetch(uri, body)
    with crawl.run():
        assert crawl.fetch(FIRST, "一") is None
        assert crawl.fetch(SECOND, "贰") == "edited"
        assert crawl.fetch(THIRD, "三") is None
    assert bodies(crawl) == ["一\n二\n三", "一\n贰\n三"]


@pytest.mark.parametrize("answer", [{"status": 304}, {"status": 404}, {}, {"body": "challenge"}], ids=str)
def test_a_further_page_that_does_not_answer_changes_nothing(crawl: Crawl, answer: dict[str, object]) -> None:
    with crawl.run():
        for uri, body in ((FIRST, "一"), (SECOND, "二"), (THIRD, "三")):
            crawl.fetch(uri, body)
    for _ in range(3):
        with crawl.run():
            told = {"body": "", **answer} if "status" in answer else answer
            assert crawl.fetch(SECOND, **told) is None  # type: ignore[arg-type]
    assert bodies(crawl) == ["一\n二\n三"]


def test_a_further_page_that_is_gone_does_not_bury_the_article(crawl: Crawl) -> None:
    with crawl.run():
        for uri, body in ((FIRST, "一"), (SECOND, "二"), (THIRD, "三")):
            crawl.fetch(uri, body)
    with crawl.run():
        crawl.fetch(SECOND, "challenge")
    for _ in range(2):
        with crawl.run():
            assert crawl.fetch(SECOND, "", status=404) is None


def test_an_article_is_gone_with_its_first_page_though_the_others_answer(crawl: Crawl) -> None:
    with crawl.run():
        for uri, body in ((FIRST, "一"), (SECOND, "二"), (THIRD, "三")):
            crawl.fetch(uri, body)
    with crawl.run():
        assert crawl.fetch(FIRST, "", status=404) == "missing"
        assert crawl.fetch(SECOND, "二") is None
    with crawl.run():
        assert crawl.fetch(FIRST, "", status=404) == "removed"
        assert crawl.fetch(SECOND, "贰") is None
    assert [line.kind for line in crawl.lines()] == ["revision", "tombstone"]


def test_a_page_that_never_answered_is_left_out_and_the_line_cites_the_attempt(crawl: Crawl) -> None:
    with crawl.run():
        crawl.fetch(FIRST, "一")
        crawl.fetch(SECOND, "二")
        assert crawl.fetch(THIRD, "", status=404) == "new"
    (line,) = crawl.lines()
    assert line.body == "一\n二"
    assert [(ref.uri_m[15:], ref.status) for ref in line.captures] == [(FIRST, 200), (SECOND, 200), (THIRD, 404)]
    with crawl.run():
        assert crawl.fetch(THIRD, "三") == "edited"


def test_every_line_is_found_again_when_the_index_is_lost(crawl: Crawl) -> None:
    with crawl.run():
        crawl.fetch(FIRST, "一")
        crawl.fetch(SECOND, "二")
        crawl.fetch(THIRD, "", status=404)
    with crawl.run():
        crawl.fetch(SECOND, "贰")
        crawl.fetch(THIRD, status=404, body="")
    before = crawl.lines()
    (crawl.folder / "ledger.sqlite").unlink()
    with crawl.run():
        assert crawl.fetch(SECOND, "贰") is None
        assert crawl.fetch(SECOND, "两") == "edited"
    assert [(line.revision, line.body) for line in crawl.lines()] == [(1, "一\n二"), (2, "一\n贰"), (3, "一\n两")]
    assert crawl.lines()[:2] == before


# ── damage ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_kill_before_the_first_commit_is_made_good(crawl: Crawl) -> None:
    with crawl.run(close=False):
        assert crawl.fetch(SECOND, "二") == "new"
    with crawl.run():
        assert crawl.fetch(SECOND, "二") is None
    assert bodies(crawl) == ["二"]


@pytest.mark.parametrize("place", [0, 30, 5000, -1])
def test_a_flipped_bit_in_a_closed_ledger_is_noticed(crawl: Crawl, place: int) -> None:
    with crawl.run():
        crawl.fetch(FIRST, "一")
    path = crawl.folder / "ledger.sqlite"
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    with crawl.run():
        assert crawl.replayed == [LIST, FIRST]
        assert crawl.outcome(FIRST) is Outcome.OK


def test_the_seal_is_on_a_closed_ledger_only(crawl: Crawl) -> None:
    seal = crawl.folder / f"ledger.sqlite{SEAL}"
    with crawl.run():
        assert not seal.exists()
    assert len(seal.read_text()) == 64
    with crawl.run(close=False):
        pass
    assert not seal.exists()


def test_a_warc_that_lost_what_was_read_from_it_is_not_taken_for_whole(crawl: Crawl) -> None:
    with crawl.run():
        crawl.fetch(FIRST, "一")
    (path,) = (crawl.folder / "warc").glob("*.warc.gz")
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(DamagedError, match="holds less than what was read from it before"), crawl.run():
        pass
