"""What publishers reserve, in headers and pages."""

import pytest

from pipelines.document import open_document
from pipelines.extract.reservations import find_reservations, is_against_keeping, read_reservations


@pytest.mark.parametrize(
    ("value", "wishes"),
    [
        ("noarchive", ["noarchive"]),
        ("NOARCHIVE, noindex", ["noarchive", "noindex"]),
        ("noarchive, max-snippet: 0", ["noarchive"]),
        ("max-snippet:-1, max-image-preview:large, noarchive", ["noarchive"]),
        ("unavailable_after: Friday, 25-Jun-10 15:00:00 GMT, noarchive", ["noarchive"]),
        ("googlebot: noarchive, noindex", []),
        ("newsspider: noarchive", ["noarchive"]),
        ("googlebot: noindex, newsspider: noarchive", ["noarchive"]),
        ("all", []),
        ("", []),
        (":", []),
    ],
)
def test_x_robots_tag(value: str, wishes: list[str]) -> None:
    assert list(read_reservations([("X-Robots-Tag", value)])) == [f"X-Robots-Tag: {wish}" for wish in wishes]


def test_every_field_counts_and_each_wish_once() -> None:
    fields = [("x-robots-tag", "noarchive"), ("X-Robots-Tag", "noarchive, nosnippet"), ("TDM-Reservation", " 1 ")]
    assert read_reservations(fields) == ("X-Robots-Tag: noarchive", "X-Robots-Tag: nosnippet", "TDM-Reservation: 1")
    assert read_reservations([("tdm-reservation", "0")]) == ()


@pytest.mark.parametrize(
    ("meta", "found"),
    [
        ('<meta name="robots" content="noarchive,nofollow">', ("meta robots: noarchive",)),
        ('<META NAME="Robots" CONTENT="NOINDEX; NOARCHIVE">', ("meta robots: noindex", "meta robots: noarchive")),
        ('<meta name="tdm-reservation" content="1">', ("meta tdm-reservation: 1",)),
        ('<meta name="tdm-reservation" content="0">', ()),
        ('<meta name="newsspider" content="noarchive">', ("meta newsspider: noarchive",)),
        ('<meta name="googlebot" content="noarchive"><p>robots', ()),
    ],
)
def test_meta_elements(meta: str, found: tuple[str, ...]) -> None:
    document = open_document(f"<html><head>{meta}</head><body>x</body></html>".encode(), uri="http://a.example/")
    assert find_reservations(document) == found


@pytest.mark.parametrize(
    ("wishes", "against"),
    [
        (["X-Robots-Tag: noarchive"], True),
        (["meta tdm-reservation: 1"], True),
        (["TDM-Reservation: 1"], True),
        (["X-Robots-Tag: noindex", "meta robots: nosnippet"], False),
        ([], False),
    ],
)
def test_what_is_against_keeping(wishes: list[str], against: bool) -> None:
    assert is_against_keeping(wishes) is against
