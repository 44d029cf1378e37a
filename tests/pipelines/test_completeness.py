"""How complete a section is: one statement out of what the site says of itself."""

from array import array
from datetime import UTC, datetime, timedelta

import pytest

from pipelines.completeness import Gaps, ListingPage, Row, find_gaps, group_pages, judge_section, say
from pipelines.model import Outcome, PageKind

DAY = datetime(2026, 3, 1, tzinfo=UTC)


def page(number: int, **more: object) -> ListingPage:
    plain: dict[str, object] = {"uri": f"http://a/list{number}.htm", "section": "要闻", "read_at": DAY}
    return ListingPage(**{**plain, **more})  # type: ignore[arg-type]


def row(
    number: int, outcome: Outcome | None = Outcome.OK, *, is_held: bool = False, kind: PageKind | None = None
) -> Row:
    return Row(uri=f"http://a/info/1/{number}.htm", outcome=outcome, is_held=is_held, kind=kind)


def held(count: int) -> list[Row]:
    return [row(number, is_held=True, kind=PageKind.ARTICLE) for number in range(count)]


def test_a_complete_section() -> None:
    section = judge_section([page(1, total=3)], held(3))
    assert (section.name, section.uri, section.listed, section.held) == ("要闻", "http://a/list1.htm", 3, 3)
    assert say(section) == "3 of 3 listed articles held"


def test_what_is_missing_is_named_with_the_reason() -> None:
    missing = [row(1204, Outcome.GONE), row(1205, Outcome.CAMPUS_ONLY), row(1206, Outcome.SOFT_404)]
    section = judge_section([page(1)], held(1204) + missing)
    assert section.missing == tuple(missing)
    assert say(section) == "1,204 of 1,207 listed articles held; 3 missing: 2 gone, 1 campus-only"


@pytest.mark.parametrize(
    ("outcome", "kind", "why"),
    [
        (None, None, "not fetched yet"),
        (Outcome.OK, PageKind.OTHER, "no article"),
        (Outcome.OK, PageKind.ARTICLE, "no record"),
        (Outcome.OUT_OF_SCOPE, None, "elsewhere"),
        (Outcome.TIMEOUT, None, "timeout"),
        (Outcome.SERVER_ERROR, None, "server error"),
    ],
)
def test_every_reason_has_words(outcome: Outcome | None, kind: PageKind | None, why: str) -> None:
    assert row(1, outcome, kind=kind).why == why


def test_the_newest_count_of_a_listing_is_held_against_what_its_pages_showed() -> None:
    pages = [page(1, total=12, read_at=DAY + timedelta(days=1)), page(2, total=900)]
    section = judge_section(pages, held(10))
    assert (section.counted, section.unseen) == (12, 2)
    assert say(section) == (
        "10 of 10 listed articles held; the listing counts 12, of which 2 were not on any page held"
    )


def test_one_is_said_as_one() -> None:
    section = judge_section([page(1, total=11)], held(10), unlisted=[row(99, is_held=True)])
    assert say(section) == (
        "10 of 10 listed articles held; the listing counts 11, of which 1 was not on any page held;"
        " 1 more named only by its neighbours, held"
    )


def test_an_article_that_left_its_listing_is_no_shortfall() -> None:
    assert judge_section([page(1, total=9)], held(10)).unseen == 0


def test_listing_pages_that_are_not_held_are_said() -> None:
    unread = page(2, read_at=None, outcome=Outcome.TIMEOUT)
    section = judge_section([page(1), unread], held(10))
    assert section.pages_missing == (unread,)
    assert say(section) == "10 of 10 listed articles held; 1 of 2 listing pages not held"


def test_articles_that_only_neighbours_name() -> None:
    section = judge_section([page(1)], held(10), unlisted=[row(11, is_held=True), row(12, Outcome.GONE)])
    assert [one.uri for one in section.unlisted_missing] == ["http://a/info/1/12.htm"]
    assert say(section) == "10 of 10 listed articles held; 2 more named only by their neighbours, 1 of them held"


def test_pages_that_a_pager_connects_are_one_listing() -> None:
    one, two, three = (
        page(1, pages=("http://a/list2.htm",)),
        page(2, pages=("http://a/list3.htm", "http://a/list1.htm")),
        page(3),
    )
    other = page(9, section="通知", pages=("http://a/nothing-held.htm",))
    assert group_pages([two, other, one, three]) == [[two, one, three], [other]]


def test_gaps_are_told_only_where_numbers_are_dense() -> None:
    assert find_gaps(range(1, 101, 2), array("Q", range(1, 100))) == Gaps(first=1, last=99, unseen=0, ranges=())
    known = [*range(1000, 1050, 2), *range(1050, 1100)]
    assert find_gaps(range(1000, 1100, 2), known) == Gaps(
        first=1000, last=1098, unseen=25, ranges=tuple((number, number) for number in range(1001, 1050, 2))
    )
    assert find_gaps(range(1, 100_000, 1000), [*range(1, 100_000, 1000)]) is None
    assert find_gaps([1, 2, 9], [1, 2, 9]) is None


def test_gaps_are_said() -> None:
    section = judge_section([page(1)], held(1), gaps=find_gaps(range(1, 41), [*range(1, 20), *range(24, 41)]))
    assert section.gaps is not None
    assert section.gaps.ranges == ((20, 23),)
    assert say(section) == "1 of 1 listed articles held; 4 numbers between 1 and 40 never seen"
