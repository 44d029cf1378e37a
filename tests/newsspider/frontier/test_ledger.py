"""The ledger and its policies, fed with captures as the archive gives them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsspider.frontier.keys import look_up_key
from newsspider.frontier.ledger import MOST_HOPS, Ledger
from newsspider.frontier.policy import jitter, most_rechecks
from newsspider.frontier.politeness import retry_after
from newsspider.frontier.traps import MOST_BARREN
from pipelines.errors import DamagedError
from pipelines.model import (
    Capture,
    Extractor,
    FoundBy,
    Hints,
    Item,
    Link,
    Listing,
    Outcome,
    PageKind,
    Place,
    Reading,
    Record,
    Revisit,
    Site,
)

START = datetime(2026, 3, 1, tzinfo=UTC)
LIST, ONE, TWO = (f"https://news.hill.example/{name}.htm" for name in ("list", "info/1/1", "info/1/2"))
SITE = Site(id="hill", name="Hill", seeds=(LIST,), domains=("news.hill.example",), control=LIST)


def capture(
    uri: str, *, at: datetime = START, status: int | None = 200, by: FoundBy = FoundBy.LISTING, **more: object
) -> Capture:
    made = Capture(
        target_uri=uri,
        captured_at=at,
        status=status,
        payload_digest="sha256:1",
        hints=Hints(found_by=by),
        place=Place(warc="hill-20260301000000-00001.warc.gz", offset=7, length=9),
    )
    return replace(made, **more)  # type: ignore[arg-type]


def listing(*items: Item, following: str | None = None) -> Reading:
    return Reading(
        outcome=Outcome.OK, kind=PageKind.LISTING, listing=Listing(items=items, next=following, section="要闻")
    )


ARTICLE = Reading(outcome=Outcome.OK, kind=PageKind.ARTICLE)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger(tmp_path / "ledger.sqlite", SITE)
    yield made  # type: ignore[misc]
    made.close()


def due(ledger: Ledger, at: datetime, *, run: datetime = START) -> list[str]:
    return [one.uri for one in ledger.agenda.due(at, not_since=run, limit=100)]


def test_the_listing_comes_first_and_hands_on_what_it_says(ledger: Ledger) -> None:
    assert due(ledger, START) == [LIST]
    rows = (Item(title="校庆", href=ONE, date="2026-02-28"), Item(title="讲座", href=TWO))
    ledger.apply(capture(LIST, by=FoundBy.SEED), listing(*rows, following=LIST + "?p=2"))
    assert due(ledger, START) == [LIST + "?p=2", ONE, TWO]
    first = ledger.agenda.due(START, not_since=START, limit=100)[1]
    assert first.hints == Hints(
        found_by=FoundBy.LISTING, found_on=LIST, text="校庆", date="2026-02-28", section="要闻"
    )


def test_a_better_way_of_finding_replaces_a_worse_one(ledger: Ledger) -> None:
    page = Reading(outcome=Outcome.OK, kind=PageKind.OTHER, links=(Link(title="详细", href=ONE),))
    ledger.apply(capture(LIST, by=FoundBy.SEED), page)
    assert ledger.agenda.due(START, not_since=START, limit=9)[0].hints.text == "详细"
    ledger.apply(capture(LIST, by=FoundBy.SEED), listing(Item(title="校庆", href=ONE)))
    assert ledger.agenda.due(START, not_since=START, limit=9)[0].hints.text == "校庆"
    ledger.apply(capture(LIST, by=FoundBy.SEED), page)
    assert ledger.agenda.due(START, not_since=START, limit=9)[0].hints.text == "校庆"


def test_links_out_of_scope_and_files_are_no_pages(ledger: Ledger) -> None:
    hrefs = ("https://other.example/1.htm", "https://news.hill.example/a.jpg", "mailto:x@hill.example", ONE)
    links = tuple(Link(title=None, href=href) for href in hrefs)
    ledger.apply(capture(LIST, by=FoundBy.SEED), Reading(outcome=Outcome.OK, kind=PageKind.HOME, links=links))
    assert due(ledger, START) == [ONE]


def test_pages_need_no_extension(ledger: Ledger) -> None:
    hrefs = [f"https://news.hill.example/{path}" for path in ("xw/", "news?id=7", "article/7", "v1.2/about", "")]
    links = tuple(Link(title=None, href=href) for href in hrefs)
    ledger.apply(capture(LIST, by=FoundBy.SEED), Reading(outcome=Outcome.OK, kind=PageKind.HOME, links=links))
    assert due(ledger, START) == hrefs


def test_http_and_https_are_one_page() -> None:
    assert look_up_key("http://A.example/x?b=1&a=2") == look_up_key("https://a.example:443/x?b=1&a=2")
    assert look_up_key("http://a.example/x") != look_up_key("http://a.example/X")
    assert look_up_key("http://a.example:8080/x") != look_up_key("http://a.example/x")


def test_the_same_page_deeper_down_leads_nowhere(ledger: Ledger) -> None:
    maze = "https://news.hill.example/xw/"
    for uri in (maze, f"{maze}gg/"):
        page = Reading(outcome=Outcome.OK, kind=PageKind.OTHER, links=(Link(title="公告", href=f"{uri}gg/"),))
        ledger.apply(capture(uri, by=FoundBy.LINK), page)
    assert due(ledger, START) == [LIST]


def redirect(ledger: Ledger, uri: str, target: str, *, by: FoundBy = FoundBy.SEED) -> None:
    ledger.apply(capture(uri, status=301, by=by), Reading(outcome=Outcome.REDIRECTED, target=target))


def test_a_page_that_moved_to_https_is_asked_for_there_from_now_on(ledger: Ledger) -> None:
    plain = ONE.replace("https:", "http:")
    redirect(ledger, plain, ONE, by=FoundBy.LISTING)
    assert due(ledger, START) == [LIST, ONE]
    assert ledger.agenda.next_due(not_since=START) == START
    ledger.apply(capture(ONE), ARTICLE)
    assert due(ledger, START) == [LIST]
    assert ONE in due(ledger, START + timedelta(days=9), run=START + timedelta(days=9))


def test_a_loop_between_http_and_https_comes_to_an_end(ledger: Ledger) -> None:
    both = [ONE.replace("https:", "http:"), ONE]
    asked = 0
    for number in range(100):
        redirect(ledger, both[number % 2], both[1 - number % 2], by=FoundBy.LISTING)
        asked += 1
        if due(ledger, START) == [LIST]:
            break
    assert asked == MOST_HOPS + 1


def test_a_seed_that_sends_on_for_a_day_is_asked_again_on_the_next(ledger: Ledger) -> None:
    redirect(ledger, LIST, "https://news.hill.example/weihu.htm")
    assert next_visit(ledger, LIST) < timedelta(days=1)


@pytest.mark.parametrize("outcome", [Outcome.TOO_LARGE, Outcome.NOT_HTML, Outcome.GONE])
def test_a_seed_is_never_given_up(ledger: Ledger, outcome: Outcome) -> None:
    for _ in range(3):
        ledger.apply(capture(LIST, by=FoundBy.SEED), Reading(outcome=outcome))
    assert next_visit(ledger, LIST) == timedelta(days=1)


def test_a_validator_of_unreasonable_length_is_not_sent_back(ledger: Ledger) -> None:
    headers = (("ETag", '"' + "x" * 5000 + '"'), ("Last-Modified", "Sat, 28 Feb 2026\r00:00:00 GMT"))
    ledger.apply(capture(ONE, headers=headers), ARTICLE)
    again = START + timedelta(days=8)
    (one,) = [one for one in ledger.agenda.due(again, not_since=again, limit=9) if one.uri == ONE]
    assert (one.etag, one.last_modified) == (None, None)


def test_a_held_page_is_asked_for_with_its_validators(ledger: Ledger) -> None:
    headers = (("ETag", '"v1"'), ("last-modified", "Sat, 28 Feb 2026 00:00:00 GMT"))
    ledger.apply(capture(ONE, headers=headers), ARTICLE)
    again = START + timedelta(days=8)
    (one,) = [one for one in ledger.agenda.due(again, not_since=again, limit=9) if one.uri == ONE]
    assert (one.etag, one.last_modified) == ('"v1"', "Sat, 28 Feb 2026 00:00:00 GMT")
    held = ledger.held(ONE)
    assert held is not None
    assert (held.captured_at, held.payload_digest) == (START, "sha256:1")


def visit_all(ledger: Ledger, days: int, *, status: int, digest: str = "sha256:1") -> list[bool]:
    """Visit forty pages on a day, as the server answers; return which were asked for conditionally."""
    at = START + timedelta(days=days)
    asked = {one.uri: one for one in ledger.agenda.due(at, not_since=at, limit=99)}
    for number in range(40):
        uri = f"https://news.hill.example/info/2/{number}.htm"
        headers = (("ETag", f'"{days}"'),)
        outcome = Outcome.NOT_MODIFIED if status == 304 else Outcome.OK
        page = replace(ARTICLE, outcome=outcome)
        ledger.apply(capture(uri, at=at, status=status, payload_digest=digest, headers=headers), page)
    return [one.etag is not None for uri, one in asked.items() if "/info/2/" in uri]


def test_a_server_that_never_answers_not_modified_is_hardly_asked_for_it(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "deaf.sqlite", replace(SITE, revisit=Revisit(article_days=0, article_max_days=0)))
    visit_all(ledger, 0, status=200)
    assert visit_all(ledger, 1, status=200) == [True] * 40
    assert ledger.validators.deaf_hosts() == ["news.hill.example"]
    assert 0 < sum(visit_all(ledger, 2, status=200)) < 8
    # Some pages go on asking; a server that learns it is asked by all again.
    visit_all(ledger, 3, status=304)
    assert ledger.validators.deaf_hosts() == []
    assert visit_all(ledger, 4, status=200) == [True] * 40
    ledger.close()


def test_a_server_whose_pages_do_change_is_not_called_deaf(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "lively.sqlite", replace(SITE, revisit=Revisit(article_days=0, article_max_days=0)))
    for days in range(4):
        visit_all(ledger, days, status=200, digest=f"sha256:{days}")
    assert ledger.validators.deaf_hosts() == []
    ledger.close()


def next_visit(ledger: Ledger, uri: str) -> timedelta:
    """Return after how long an address is due again."""
    row = ledger.connection.execute("SELECT due_at - fetched_at FROM uris WHERE uri = ?", (uri,)).fetchone()
    return timedelta(milliseconds=row[0])


def article(text: str) -> Reading:
    extractor = Extractor(version="0", site_file=None, text_model=None)
    record = Record(id="hill:1", url=ONE, site="hill", body=text, text_digest=f"sha256:{text}", extractor=extractor)
    return replace(ARTICLE, record=record)


def test_an_article_is_revisited_ever_more_seldom_while_it_says_the_same(ledger: Ledger) -> None:
    at, visits = START, 0
    while at < START + timedelta(days=3650):
        # The payload differs every time: a counter of views.
        ledger.apply(capture(ONE, at=at, payload_digest=f"sha256:{visits}"), article("一"))
        age = (at - START) / timedelta(days=1)
        expected = min(max(1.0, 2 * age), 3650.0) * jitter(ONE)
        assert next_visit(ledger, ONE) / timedelta(days=1) == pytest.approx(expected, abs=1e-6)
        at += next_visit(ledger, ONE)
        visits += 1
    assert 7 <= visits <= 10


def test_an_old_article_is_not_looked_at_like_a_new_one(ledger: Ledger) -> None:
    old = article("一")
    assert old.record is not None
    published = replace(old, record=replace(old.record, published="2024-02-29"))
    ledger.apply(capture(ONE), published)
    assert timedelta(days=1300) < next_visit(ledger, ONE) < timedelta(days=1700)
    for text in ("2025", "2025-07", "2025-07-01T09:05+08:00", "2027-01-01"):
        again = replace(old, record=replace(old.record, published=text, text_digest=f"sha256:{text}"))
        ledger.apply(capture(TWO, payload_digest=text), again)
        assert timedelta(days=0.8) < next_visit(ledger, TWO) < timedelta(days=900)


def test_an_edit_makes_the_revisits_dense_again(ledger: Ledger) -> None:
    for days, text in ((0, "一"), (1, "一"), (3, "一"), (7, "二")):
        ledger.apply(capture(ONE, at=START + timedelta(days=days)), article(text))
    assert next_visit(ledger, ONE) < timedelta(days=1.2)


def test_the_deep_pages_of_a_listing_are_asked_for_only_behind_something_new(ledger: Ledger) -> None:
    second, third = LIST + "?p=2", LIST + "?p=3"

    def visit(uri: str, at: datetime, *items: str, following: str | None) -> None:
        by = FoundBy.SEED if uri == LIST else FoundBy.PAGING
        rows = tuple(Item(title=item, href=f"https://news.hill.example/info/1/{item}.htm") for item in items)
        ledger.apply(capture(uri, at=at, by=by), listing(*rows, following=following))

    visit(LIST, START, "9", "8", following=second)
    visit(second, START, "7", "6", following=third)
    visit(third, START, "5", following=None)
    later = START + timedelta(days=1)
    visit(LIST, later, "9", "8", following=second)
    assert not {second, third} & set(due(ledger, later, run=later))
    visit(LIST, later, "10", "9", following=second)
    assert {second, third} & set(due(ledger, later, run=later)) == {second}
    visit(second, later, "8", "7", following=third)
    assert third not in due(ledger, later, run=later)
    assert timedelta(days=36) < next_visit(ledger, third) < timedelta(days=180)
    visit(third, later, "6", "5", following=None)
    assert timedelta(days=150) < next_visit(ledger, third) < timedelta(days=210)


def test_the_deep_pages_of_a_first_crawl_do_not_all_come_back_at_once(ledger: Ledger) -> None:
    for number in range(200):
        ledger.apply(capture(f"{LIST}?p={number}", by=FoundBy.PAGING), listing())
    days = sorted(next_visit(ledger, f"{LIST}?p={number}") / timedelta(days=1) for number in range(200))
    assert days[50] < 80 < 100 < days[150]


def test_a_run_rechecks_so_many_pages_and_leaves_the_rest_to_the_next(ledger: Ledger) -> None:
    for number in range(30):
        ledger.apply(capture(f"{LIST}?p={number}", by=FoundBy.PAGING), listing())
    ledger.apply(capture(ONE), article("一"))
    later = START + timedelta(days=365)
    asked = ledger.agenda.due(later, not_since=later, limit=100, rechecks=10)
    assert [one.is_recheck for one in asked] == [False] * (len(asked) - 10) + [True] * 10
    assert {LIST, ONE} == {one.uri for one in asked if not one.is_recheck}
    soonest = sorted((next_visit(ledger, f"{LIST}?p={number}"), f"{LIST}?p={number}") for number in range(30))
    assert [one.uri for one in asked if one.is_recheck] == [uri for _, uri in soonest[:10]]
    for one in asked:
        ledger.apply(capture(one.uri, at=later, hints=one.hints), listing())
    assert ledger.agenda.next_due(not_since=later, rechecks=True) == START + soonest[10][0]
    assert ledger.agenda.next_due(not_since=later, rechecks=False) is None


def test_a_mirror_of_a_hundred_thousand_articles_is_rechecked_by_the_thousandth() -> None:
    assert most_rechecks(100_000) == 100


def rows(*days: int, following: str | None = None) -> Reading:
    """A listing of the articles of some days of January and February."""
    made = []
    for day in days:
        date = (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day - 1)).date()
        made.append(Item(title="x", href=of_day(day), date=date.isoformat()))
    return listing(*made, following=following)


def of_day(day: int) -> str:
    return f"https://news.hill.example/info/1/{day}.htm"


def missed(ledger: Ledger, at: datetime) -> list[str]:
    """Return what is due at once, but for the listing itself and what was never fetched."""
    asked = [one for one in due(ledger, at, run=at) if not one.startswith(LIST)]
    return [one for one in asked if ledger.outcome(one) is not None]


LATER = START + timedelta(hours=1)


@pytest.fixture
def held(ledger: Ledger) -> Ledger:
    """A ledger with a listing of two pages and its articles of the days 1 to 12."""
    ledger.apply(capture(LIST, by=FoundBy.SEED), rows(12, 11, 10, 9, 8, 7, following=LIST + "?p=2"))
    ledger.apply(capture(LIST + "?p=2", by=FoundBy.PAGING), rows(6, 5, 4, 3, 2, 1))
    for day in range(1, 13):
        ledger.apply(capture(of_day(day)), article(str(day)))
    return ledger


def test_an_article_that_its_listing_lost_is_asked_for_at_once(held: Ledger) -> None:
    # 8 has gone from between its neighbours; 7 has only moved to the next page.
    held.apply(capture(LIST, at=LATER, by=FoundBy.SEED), rows(13, 12, 11, 10, 9, 7, following=LIST + "?p=2"))
    assert missed(held, LATER) == [of_day(8)]
    assert of_day(13) in due(held, LATER, run=LATER)


def test_an_article_that_a_deep_page_lost_is_asked_for_too(held: Ledger) -> None:
    # 7 was found on the first page.
    held.apply(capture(LIST + "?p=2", at=LATER, by=FoundBy.PAGING), rows(8, 6, 5, 3, 2, 1))
    assert missed(held, LATER) == [of_day(7), of_day(4)]


def test_an_article_that_its_listing_lost_is_asked_for_once(held: Ledger) -> None:
    lost = rows(12, 11, 10, 8, 7, following=LIST + "?p=2")
    held.apply(capture(LIST, at=LATER, by=FoundBy.SEED), lost)
    assert missed(held, LATER) == [of_day(9)]
    held.apply(capture(of_day(9), at=LATER), article("9"))
    again = LATER + timedelta(hours=1)
    held.apply(capture(LIST, at=again, by=FoundBy.SEED), lost)
    assert missed(held, again) == []
    # Listed again, it is missed again.
    for page in (rows(12, 11, 10, 9, 8, 7), lost):
        held.apply(
            capture(LIST, at=again, by=FoundBy.SEED),
            replace(page, listing=replace(page.listing, next=LIST + "?p=2")),
        )  # type: ignore[arg-type]
    assert missed(held, again) == [of_day(9)]


@pytest.mark.parametrize(
    "days",
    [(2, 12, 11, 10, 9, 8, 7), (1, 5, 12, 11, 10, 9, 8, 7), (12, 7), (12, 3, 2, 1), (7, 12, 9)],
    ids=["pinned", "pinned-twice", "filtered", "mostly-missing", "without-order"],
)
def test_what_a_pinned_row_or_another_view_does_not_have_is_not_missing(
    days: tuple[int, ...], held: Ledger
) -> None:
    held.apply(capture(LIST, at=LATER, by=FoundBy.SEED), rows(*days, following=LIST + "?p=2"))
    assert missed(held, LATER) == []


def test_a_box_on_the_home_page_does_not_take_articles_from_their_listing(held: Ledger) -> None:
    home = "https://news.hill.example/index.htm"
    held.apply(capture(home, at=LATER, by=FoundBy.LINK), rows(14, 13, 12, 11))
    held.apply(capture(LIST, at=LATER, by=FoundBy.SEED), rows(14, 13, 12, 11, 10, 9, following=LIST + "?p=2"))
    for day in (13, 14):
        held.apply(capture(of_day(day), at=LATER), article(str(day)))
    again = LATER + timedelta(hours=1)
    held.apply(capture(home, at=again, by=FoundBy.LINK), rows(14, 13, 12, 10))
    assert missed(held, again) == []
    held.apply(capture(LIST, at=again, by=FoundBy.SEED), rows(14, 12, 11, 10, 9, 8, following=LIST + "?p=2"))
    assert missed(held, again) == [of_day(13)]


def test_the_first_page_of_a_listing_stays_the_first(ledger: Ledger) -> None:
    section = "https://news.hill.example/xwzx.htm"
    home = Reading(outcome=Outcome.OK, kind=PageKind.HOME, links=(Link(title="新闻", href=section),))
    ledger.apply(capture(LIST, by=FoundBy.SEED), home)
    ledger.apply(capture(section, by=FoundBy.LINK), listing(following=section + "?p=2"))
    back = replace(listing(), listing=Listing(pages=(section,)))
    ledger.apply(capture(section + "?p=2", by=FoundBy.PAGING), back)
    again = START + timedelta(days=1)
    assert [
        one.hints.found_by for one in ledger.agenda.due(again, not_since=again, limit=9) if one.uri == section
    ] == [FoundBy.LINK]


def test_a_transient_failure_is_tried_again_within_the_run_and_then_left_for_the_next(ledger: Ledger) -> None:
    ledger.apply(capture(LIST, by=FoundBy.SEED), listing(Item(title="校庆", href=ONE)))
    broken = Reading(outcome=Outcome.SERVER_ERROR)
    ledger.apply(capture(ONE, status=500), broken)
    assert due(ledger, START + timedelta(seconds=19)) == []
    assert ledger.agenda.next_due(not_since=START) == START + timedelta(seconds=20)
    assert due(ledger, START + timedelta(seconds=20)) == [ONE]
    ledger.apply(capture(ONE, status=500, at=START + timedelta(seconds=20)), broken)
    assert due(ledger, START + timedelta(seconds=60)) == [ONE]
    ledger.apply(capture(ONE, status=500, at=START + timedelta(seconds=60)), broken)
    assert due(ledger, START + timedelta(hours=1)) == []
    assert ONE in due(ledger, START + timedelta(days=2), run=START + timedelta(days=2))


def test_a_gone_page_is_asked_for_once_more_and_never_again(ledger: Ledger) -> None:
    for days in (0, 1):
        ledger.apply(capture(ONE, status=404, at=START + timedelta(days=days)), Reading(outcome=Outcome.GONE))
        expected = [ONE] if days == 0 else []
        later = START + timedelta(days=days + 1)
        assert [uri for uri in due(ledger, later, run=later) if uri == ONE] == expected


def test_nothing_is_fetched_twice_in_a_run(tmp_path: Path) -> None:
    site = replace(SITE, revisit=Revisit(listing_days=0, article_days=0))
    ledger = Ledger(tmp_path / "eager.sqlite", site)
    ledger.apply(capture(LIST, by=FoundBy.SEED), listing(Item(title="校庆", href=ONE)))
    ledger.apply(capture(ONE), ARTICLE)
    assert due(ledger, START + timedelta(hours=1)) == []
    later = START + timedelta(hours=2)
    assert due(ledger, later, run=later) == [LIST, ONE]
    ledger.close()


def test_the_control_page_is_due_in_every_run(ledger: Ledger) -> None:
    ledger.apply(capture(LIST, by=FoundBy.SEED), listing())
    soon = START + timedelta(minutes=1)
    assert due(ledger, soon) == []
    assert due(ledger, soon, run=soon) == [LIST]


def test_a_redirect_hands_its_hints_on(ledger: Ledger) -> None:
    moved = capture(ONE, status=302, hints=Hints(found_by=FoundBy.LISTING, text="校庆", date="2026-02-28"))
    ledger.apply(moved, Reading(outcome=Outcome.REDIRECTED, target=TWO))
    (target,) = [one for one in ledger.agenda.due(START, not_since=START, limit=9) if one.uri == TWO]
    assert target.hints == Hints(found_by=FoundBy.REDIRECT, found_on=ONE, text="校庆", date="2026-02-28")


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(seconds=120)),
        ("Sun, 01 Mar 2026 00:02:00 GMT", timedelta(seconds=120)),
        ("Sat, 28 Feb 2026 00:00:00 GMT", timedelta(0)),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("9" * 400, timedelta(seconds=10**9)),
    ],
)
def test_retry_after(value: str, wait: timedelta | None) -> None:
    assert retry_after(capture(ONE, status=503, headers=(("Retry-After", value),))) == wait


def test_retry_after_is_waited_out(ledger: Ledger) -> None:
    refused = capture(ONE, status=429, headers=(("Retry-After", "3600"),))
    ledger.apply(refused, Reading(outcome=Outcome.BLOCKED))
    hour = START + timedelta(hours=1)
    assert ONE not in due(ledger, hour - timedelta(seconds=1), run=hour - timedelta(seconds=1))
    assert ONE in due(ledger, hour, run=hour)


def test_what_was_not_committed_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    ledger = Ledger(path, SITE)
    ledger.apply(capture(LIST, by=FoundBy.SEED), listing())
    ledger.commit()
    ledger.apply(capture(ONE), ARTICLE)
    ledger.set_mark(Place(warc="hill-20260301000000-00001.warc.gz", offset=7, length=9))
    ledger.close()
    ledger = Ledger(path, SITE)
    assert ledger.mark() is None
    assert ledger.counts() == {"ok": 1}
    ledger.close()


def test_a_file_that_is_no_ledger_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"not a database, but long enough to have a header" * 100)
    with pytest.raises(DamagedError, match="makes it anew"):
        Ledger(path, SITE)


def test_a_ledger_of_another_version_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    ledger = Ledger(path, SITE)
    ledger.connection.execute("PRAGMA user_version = 99")
    ledger.commit()
    ledger.close()
    with pytest.raises(DamagedError, match="version 99"):
        Ledger(path, SITE)


def test_a_calendar_is_recognised_and_followed_no_more(ledger: Ledger) -> None:
    def month(number: int) -> str:
        return f"https://news.hill.example/calendar/{2000 + number // 12}/{number % 12 + 1}"

    for number in range(MOST_BARREN + 5):
        links = (Link(title="下月", href=month(number + 1)), Link(title="要闻", href=ONE))
        page = Reading(outcome=Outcome.OK, kind=PageKind.OTHER, links=links)
        ledger.apply(capture(month(number), by=FoundBy.LINK), page)
    assert ledger.traps() == ["news.hill.example/calendar/0/0"]
    assert due(ledger, START) == [LIST, ONE]


def test_a_sort_order_is_a_trap_and_a_long_listing_is_none(ledger: Ledger) -> None:
    for number in range(MOST_BARREN + 5):
        row = Item(title=str(number), href=f"https://news.hill.example/info/1/{number}.htm")
        for uri in (f"{LIST}?page={number}", f"{LIST}?page={number}&order=hits"):
            ledger.apply(capture(uri, by=FoundBy.PAGING), listing(row))
    assert ledger.traps() == ["news.hill.example/list.htm?page=0&order=hits"]


def test_articles_are_no_trap(ledger: Ledger) -> None:
    for number in range(MOST_BARREN + 5):
        ledger.apply(capture(f"https://news.hill.example/info/1/{number}.htm"), article(str(number)))
    assert ledger.traps() == []


def test_redirects_without_end_are_left(ledger: Ledger) -> None:
    for number in range(20):
        uri, target = (f"https://news.hill.example/r?n={n}" for n in (number, number + 1))
        found = [one for one in ledger.agenda.due(START, not_since=START, limit=99) if one.uri == uri]
        hints = found[0].hints if found else Hints(found_by=FoundBy.LINK)
        ledger.apply(capture(uri, status=302, hints=hints), Reading(outcome=Outcome.REDIRECTED, target=target))
        if number and not found:
            break
    assert number == 11


@pytest.mark.parametrize(
    "uri",
    [
        "https://news.hill.example/a.jsp;jsessionid=1A2B3C4D5E6F7A8B9C0D",
        "https://news.hill.example/a.jsp?PHPSESSID=0123456789abcdef0123",
        "http://news.hill.example/a.jsp",
    ],
)
def test_a_session_in_the_address_makes_no_other_page(uri: str) -> None:
    assert look_up_key(uri) == "news.hill.example/a.jsp"
