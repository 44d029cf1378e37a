"""Days of listings: the year that is not printed comes from the address or the order, or stays away."""

from datetime import UTC, datetime

import pytest

from pipelines.document import open_document
from pipelines.extract.days import complete_days, fill_years, make_day_reader

NOW = datetime(2021, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (["--01-20", "--12-30", "--12-30", "--05-01"], ["2021-01-20", "2020-12-30", "2020-12-30", "2020-05-01"]),
        (["--03-01", "--01-30"], ["2020-03-01", "2020-01-30"]),
        (["--01-20", "--12-30", "--01-02", "--11-03"], ["2021-01-20", "2020-12-30", "2020-01-02", "2019-11-03"]),
        # pinned rows on top
        (["--06-01", "--01-20", "--01-10", "--12-30"], ["2020-06-01", "2021-01-20", "2021-01-10", "2020-12-30"]),
        # rows of earlier years print theirs
        (["--01-20", "2020-12-30", "--11-01", None], ["2021-01-20", "2020-12-30", "2020-11-01", None]),
        ([], []),
        ([None, None], [None, None]),
    ],
)
def test_fill_years(days: list[str | None], expected: list[str | None]) -> None:
    assert fill_years(days, "2021-02-01") == expected


def test_takes_the_year_of_the_address() -> None:
    document = open_document(b"", uri="http://x.edu.cn/")
    hrefs = ["http://x.edu.cn/2019/0120/c1a2/page.htm", "http://x.edu.cn/a.htm"]
    assert complete_days(["--01-20", "--01-19"], hrefs, document) == ["2019-01-20", None]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2020-12-30", "2020-12-30"), ("[2020/12/30]", "2020-12-30"), ("日期：2020-12-30 10:00:12 点击：3",
         "2020-12-30"),
        ("30 2020-12", "2020-12-30"), ("Dec 30, 2020", "2020-12-30"), ("12-30", "--12-30"), ("12月30日", "--12-30"),
        ("昨天", "2021-01-31"), ("2020-12", None), ("2020", None), ("23", None), ("", None), ("2022-01-01", None),
    ],
)  # fmt: skip
def test_reads_a_day(text: str, day: str | None) -> None:
    document = open_document(b"", uri="http://x.edu.cn/", captured_at=NOW)
    assert make_day_reader(document)(text) == day


def test_counts_years_as_its_country_does() -> None:
    assert make_day_reader(open_document(b"", uri="http://x.edu.tw/"))("109.12.30") == "2020-12-30"
    assert make_day_reader(open_document(b"", uri="http://x.edu.cn/"))("109.12.30") is None
