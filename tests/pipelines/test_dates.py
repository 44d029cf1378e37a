"""Every form of date that the pages print, and what must not be taken for one."""

from datetime import UTC, datetime

import pytest

from pipelines.dates import DateMatch, find_dates, find_uri_date, parse_date
from tests.timing import processor_limit

NOW = datetime(2020, 3, 1, 2, 30, tzinfo=UTC)

WHOLE = [
    # figures
    ("2020-02-21", "2020-02-21"),
    ("2020-2-21 9:05", "2020-02-21T09:05+08:00"),
    ("2020/02/21 09:05:07", "2020-02-21T09:05:07+08:00"),
    ("2020.02.21", "2020-02-21"),
    ("[2020-02-21]", "2020-02-21"),
    ("（2020-02-21）", "2020-02-21"),
    ("【2020/2/21】", "2020-02-21"),
    ("２０２０－０２－２１　０９：０５", "2020-02-21T09:05+08:00"),
    ("2020-02-2109:05:07", "2020-02-21T09:05:07+08:00"),
    ("2020-02-21 星期五", "2020-02-21"),
    ("2020-02-21(周五) 09:05", "2020-02-21T09:05+08:00"),
    ("20-02-21", "2020-02-21"),
    ("99-2-21 10:23:11", "1999-02-21T10:23:11+08:00"),
    ("20200221", "2020-02-21"),
    ("20200221120501", "2020-02-21T12:05:01+08:00"),
    ("202002211205", "2020-02-21T12:05+08:00"),
    ("2020-02", "2020-02"),
    ("2020", "2020"),
    # Chinese
    ("2020年02月21日", "2020-02-21"),
    ("2020年2月21日 9:05", "2020-02-21T09:05+08:00"),
    ("2020 年 2 月 21 日", "2020-02-21"),
    ("2020年2月21日上午9时05分", "2020-02-21T09:05+08:00"),
    ("2020年2月21日 下午3:05", "2020-02-21T15:05+08:00"),
    ("2020年2月21日14时05分07秒", "2020-02-21T14:05:07+08:00"),
    ("二〇二〇年二月二十一日", "2020-02-21"),
    ("二○二○年二月廿一日", "2020-02-21"),
    ("二零一九年十二月三十一日", "2019-12-31"),
    ("二0二0年二月十日", "2020-02-10"),
    ("2020年2月", "2020-02"),
    ("2020年", "2020"),
    # Taiwan
    ("民國109年2月21日", "2020-02-21"),
    ("中華民國一百零九年二月二十一日"[2:], "2020-02-21"),
    ("民國 109.02.21", "2020-02-21"),
    ("民國一〇九年二月二十一日", "2020-02-21"),
    ("109年2月21日", "2020-02-21"),
    # Japanese and Korean
    ("令和2年2月21日", "2020-02-21"),
    ("平成31年2月21日", "2019-02-21"),
    ("2020年2月21日（金）", "2020-02-21"),
    ("2020년 2월 21일", "2020-02-21"),
    ("2020. 2. 21.", "2020-02-21"),
    ("2020.02.21 14:30", "2020-02-21T14:30+08:00"),
    ("2020년 2월 21일 오후 3:05", "2020-02-21T15:05+08:00"),
    # English
    ("February 21, 2020", "2020-02-21"),
    ("Feb. 21, 2020", "2020-02-21"),
    ("Feb 21st 2020", "2020-02-21"),
    ("Sept. 9, 2019", "2019-09-09"),
    ("Friday, February 21, 2020", "2020-02-21"),
    ("February 21, 2020 at 9:05 p.m.", "2020-02-21T21:05+08:00"),
    ("Feb 21, 2020 9:05 AM", "2020-02-21T09:05+08:00"),
    ("21 February 2020", "2020-02-21"),
    ("21st of February 2020", "2020-02-21"),
    ("21-Feb-2020", "2020-02-21"),
    ("2020 Feb 21", "2020-02-21"),
    ("February 2020", "2020-02"),
    ("Fri, 21 Feb 2020 08:00:00 GMT", "2020-02-21T08:00:00+00:00"),
    ("Fri Feb 21 09:05:00 CST 2020", "2020-02-21T09:05:00+08:00"),
    ("9:05 AM, February 21, 2020", "2020-02-21T09:05+08:00"),
    ("2020-02-21T09:05:07.123Z", "2020-02-21T09:05:07+00:00"),
    ("2020-02-21T09:05:07-0500", "2020-02-21T09:05:07-05:00"),
    ("02/21/2020", "2020-02-21"),
    ("21/02/2020", "2020-02-21"),
    # the rest of Europe
    ("21. Februar 2020", "2020-02-21"),
    ("21.02.2020", "2020-02-21"),
    ("21.2.2020, 9.05 Uhr", "2020-02-21T09:05+08:00"),
    ("Freitag, 21. Februar 2020", "2020-02-21"),
    ("1er février 2020", "2020-02-01"),
    ("21 févr. 2020 à 9h05", "2020-02-21T09:05+08:00"),
    ("21 de febrero de 2020", "2020-02-21"),
    ("21 febbraio 2020", "2020-02-21"),
    ("21 февраля 2020", "2020-02-21"),
    # a day and a month set in blocks of their own
    ("21 2020-02", "2020-02-21"),
    ("2020-02 21", "2020-02-21"),
    ("2020/02 21", "2020-02-21"),
    ("21 2020.02", "2020-02-21"),
    ("21日 2020年02月", "2020-02-21"),
    ("02-21 2020", "2020-02-21"),
    ("2020 02-21", "2020-02-21"),
    ("2020 02/21", "2020-02-21"),
    ("21\n2020-02", "2020-02-21"),
    ("21 Feb 2020", "2020-02-21"),
    # without a year: the newest that does not lie after now
    ("02-21", "2020-02-21"),
    ("2-21", "2020-02-21"),
    ("12-3", "2019-12-03"),
    ("2月21日", "2020-02-21"),
    ("12-31", "2019-12-31"),
    ("Feb 21", "2020-02-21"),
    ("21 Dec", "2019-12-21"),
    ("02-29", "2020-02-29"),
    # counted back from now, which is 10:30 on 1 March in Shanghai
    ("3天前", "2020-02-27"),
    ("3 days ago", "2020-02-27"),
    ("vor 3 Tagen", "2020-02-27"),
    ("11小时前", "2020-02-29"),
    ("5分钟前", "2020-03-01"),
    ("刚刚", "2020-03-01"),
    ("昨天 09:05", "2020-02-29T09:05+08:00"),
    ("yesterday", "2020-02-29"),
    ("今天", "2020-03-01"),
    ("3个月前", "2019-12"),
    ("2年前", "2018"),
    ("어제", "2020-02-29"),
]

NOT_DATES = [
    "",
    "二〇二〇年",  # a year alone in numerals names an event
    "2020年2月30日",
    "2020-13-01",
    "1989-06-01",
    "2020-03-05",  # later than now
    "2020-02-21 大会",
    "12345678",
    "24小时",
    "021-12345678",
    "109.02.21",
    "96年1月3日",
    "10.0.21",
    "202.119.32.7",
    "1-2",
    "第21期",
    "今天我们",
    "3天前的一个早上",
    "Mayor 2020 21",
]


@pytest.mark.parametrize(("text", "value"), WHOLE, ids=[text for text, _ in WHOLE])
def test_reads_a_date_that_is_the_whole_text(text: str, value: str) -> None:
    date = parse_date(text, now=NOW)
    assert date is not None
    assert date.value == value
    shapes = {4: "year", 7: "month", 10: "day", 22: "minute", 25: "second"}
    assert date.precision == shapes[len(value)]


@pytest.mark.parametrize("text", NOT_DATES)
def test_refuses_what_is_no_date_or_an_impossible_one(text: str) -> None:
    assert parse_date(text, now=NOW) is None


@pytest.mark.parametrize("text", ["02-21", "3天前", "昨天 09:05", "Feb 21"])
def test_counts_from_nothing_without_a_now(text: str) -> None:
    assert parse_date(text) is None


def values(text: str, **how: object) -> list[str]:
    return [match.date.value for match in find_dates(text, **{"now": NOW, **how})]  # type: ignore[arg-type]


def test_finds_dates_in_order_with_their_places() -> None:
    text = "会议于2020年1月31日召开 发布时间：2020-02-21 09:05 点击：125"
    found = list(find_dates(text, now=NOW))
    assert [text[match.start : match.end] for match in found] == ["2020年1月31日", "2020-02-21 09:05"]
    assert [match.date.value for match in found] == ["2020-01-31", "2020-02-21T09:05+08:00"]
    assert {match.kind for match in found} == {"full"}


def test_sees_through_injected_pinyin_and_keeps_the_page_offsets() -> None:
    text = "時(shí)間:2020年02月21日 09時(shí)05分 信息來(lái)源"
    (found,) = find_dates(text, now=NOW)
    assert text[found.start : found.end] == "2020年02月21日 09時(shí)05分"
    assert found.date.value == "2020-02-21T09:05+08:00"


def test_marks_dates_whose_year_is_not_printed() -> None:
    (found,) = find_dates("发布日期 [02-21]", now=NOW)
    assert (found.kind, found.date.value) == ("yearless", "2020-02-21")
    (found,) = find_dates("发布日期 [02-21]", year=2018)
    assert found.date.value == "2018-02-21"
    assert not list(find_dates("发布日期 [02-21]"))


def test_reads_roc_years_only_where_the_caller_says_so() -> None:
    assert values("公告日期：109.02.21") == []
    assert values("公告日期：109.02.21", roc=True) == ["2020-02-21"]
    assert values("公告日期：96/1/3", roc=True) == ["2007-01-03"]
    assert values("96年1月3日", roc=True) == ["2007-01-03"]
    assert values("公告日期：109-02-21 14:05", roc=True) == ["2020-02-21T14:05+08:00"]


def test_reads_slashes_the_way_of_the_page() -> None:
    assert values("02/03/2019") == ["2019-02-03"]
    assert values("02/03/2019", day_first=True) == ["2019-03-02"]
    assert values("13/03/2019", day_first=False) == ["2019-03-13"]


@pytest.mark.parametrize(
    "text",
    [
        "电话：010-2020-0221",
        "服务器 202.119.32.7 与 2019.119.32.7",
        "2019年度先进个人",
        "版本 12.2019.2.21.3",
        "请于3日前报到",
        "编号2019020212345678",
    ],
)
def test_finds_no_date_in_other_figures(text: str) -> None:
    assert values(text) == []


def test_finds_a_time_only_beside_its_date() -> None:
    assert values("2020-02-21 12点击") == ["2020-02-21"]
    assert values("2020年02月21日1205人") == ["2020-02-21"]
    assert values("2020-02-21 25:61") == ["2020-02-21"]
    assert values("2020-02-21 浏览：12:30") == ["2020-02-21"]


def test_keeps_the_offset_that_is_printed() -> None:
    (found,) = find_dates("Posted 2020-02-21T09:05:07-05:00 by", now=NOW)
    assert (found.date.value, found.zoned) == ("2020-02-21T09:05:07-05:00", True)
    (found,) = find_dates("Posted February 21, 2020 9:05 AM", now=NOW, zone="America/New_York")
    assert (found.date.value, found.zoned) == ("2020-02-21T09:05-05:00", False)
    (found,) = find_dates("21. Juli 2019, 9:05 Uhr", now=NOW, zone="Europe/Berlin")
    assert found.date.value == "2019-07-21T09:05+02:00"


def test_allows_for_a_clock_that_is_a_day_ahead() -> None:
    assert values("2020-03-02") == ["2020-03-02"]
    assert values("2020-03-03") == []


@pytest.mark.parametrize(
    ("uri", "value"),
    [
        ("https://news.example.edu.cn/2020/0221/c1234a5678/page.htm", "2020-02-21"),
        ("http://example.edu.cn/a/zh/xinwen/2014/1115/127.html", "2014-11-15"),
        ("http://example.edu.cn/info/20200221/1234.htm", "2020-02-21"),
        ("http://example.edu.cn/art/2020/2/21/art_12_3456.html", "2020-02-21"),
        ("http://example.edu.cn/xw/202002/t20200221_123456.html", "2020-02-21"),
        ("http://example.edu.cn/2020-02/21/content_123.htm", "2020-02-21"),
        ("http://example.edu.cn/2020-02-21/123.html", "2020-02-21"),
        ("https://example.edu/2016/02/09/what-is-it/", "2016-02-09"),
        ("https://example.edu/news/2020/02/a-title/", "2020-02"),
        ("http://example.edu.cn/info/1065/1012.htm", None),
        ("http://example.edu.cn/content_42757595.html", None),
        ("http://example.edu.cn/2021/0221/c1a2/page.htm", None),
        ("http://example.edu.cn/ShowAnnounce.asp?boardID=2&RootID=76", None),
    ],
)
def test_reads_the_day_or_month_in_an_address(uri: str, value: str | None) -> None:
    date = find_uri_date(uri, now=NOW)
    assert (date.value if date else None) == value


@pytest.mark.parametrize(
    "char", ["<", "(", "2", "2020-", "年", "二", " ", "二月", "2020-02-21 ", "a", "(a)", "学(x"]
)
def test_is_linear_in_the_text(char: str) -> None:
    times = 1_000_000 // len(char)
    with processor_limit():
        found = list(find_dates(char * times, now=NOW))
    assert len(found) == (times if char == "2020-02-21 " else 0)


def test_a_match_is_a_value() -> None:
    first, second = find_dates("2020-02-21", now=NOW), find_dates("2020-02-21", now=NOW)
    assert list(first) == list(second) == [DateMatch(start=0, end=10, date=parse_date("2020-02-21"), kind="full")]  # type: ignore[arg-type]
