"""Pages that are too heavy, and those that only look it."""

from datetime import UTC, datetime

import pytest

from pipelines.document import parse
from pipelines.model import Capture, Outcome, Site
from pipelines.normalise.record import Models
from pipelines.read import read
from pipelines.weight import LIGHT, LONG, MOST_ATTRIBUTES, MOST_BYTES, MOST_TAGS, cut_attributes, why_too_heavy
from tests.timing import processor_limit

SITE = Site(id="hill", name="Hill", seeds=("https://hill.example/",), domains=("hill.example",))
PADDING = b"<!-- " + b"x" * LIGHT + b" -->"


def outcome(payload: bytes) -> Outcome:
    headers = (("Content-Type", "text/html"),)
    at = datetime(2026, 3, 1, tzinfo=UTC)
    capture = Capture(
        target_uri="https://hill.example/1", captured_at=at, status=200, headers=headers, payload=payload
    )
    return read(capture, SITE, Models()).outcome


def test_a_page_of_too_many_tags_is_too_large_to_read() -> None:
    assert why_too_heavy(b"<p>" * MOST_TAGS) is None
    assert outcome(b"<html>" + b"<p>" * MOST_TAGS) is Outcome.TOO_LARGE


def test_the_images_that_are_written_into_a_page_weigh_nothing() -> None:
    image = b'<img src="data:image/png;base64,' + b"iVBORw0KGgo=\n" * (MOST_BYTES // 10) + b'">'
    assert outcome(b"<html><p>text" + image) is Outcome.OK
    assert outcome(b"<html><p>text" + b"x" * MOST_BYTES) is Outcome.TOO_LARGE


def test_a_feed_may_have_more_tags_than_a_page_but_not_without_end() -> None:
    entry = b"<url><loc>https://hill.example/1</loc></url>"
    assert outcome(b"<urlset>" + entry * (MOST_TAGS // 4 + 1) + b"</urlset>") is Outcome.OK
    assert outcome(b"<urlset>" + entry * 200_000 + b"</urlset>") is Outcome.TOO_LARGE


@pytest.mark.parametrize(
    "one",
    ["a%d ", "a%d=1 ", "a%d='1' ", 'a%d="1"', 'a%d = "\'>" ', "/a%d", "a%d=<b ", 'x%d=b" y%d=">" '],
)
def test_attributes_beyond_a_thousand_are_left_out_and_nothing_else(one: str) -> None:
    many = "".join(one.replace("%d", str(number)) for number in range(10_000)).encode()
    page = PADDING + b"<p " + many + b">first</p><p class=b>second</p>"
    first, second = parse(cut_attributes(page).decode()).iter("p")
    assert len(first.attrib) <= MOST_ATTRIBUTES + 1
    assert len(first.attrib) >= MOST_ATTRIBUTES / 2
    assert (first.text, second.text, dict(second.attrib)) == ("first", "second", {"class": "b"})


def test_a_long_tag_of_few_attributes_is_left_as_it_is() -> None:
    page = PADDING + b'<img alt="" src="' + b"data" * LONG + b'"><p>text'
    assert cut_attributes(page) == page


@pytest.mark.parametrize("piece", ["<", "<a ", "<a b=<a b=", '<a "', "<a '\"", "<a =", "/", "a= "])
def test_looking_for_attributes_is_linear(piece: str) -> None:
    with processor_limit():
        assert cut_attributes(b"<a " + (piece * (5_000_000 // len(piece))).encode()).startswith(b"<a")
