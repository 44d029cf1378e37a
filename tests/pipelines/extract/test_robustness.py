"""Any bytes in, an article out, in time that grows with the size of the page."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bench.extraction.labels import read_labels
from pipelines.document import open_document
from pipelines.extract import extract
from pipelines.extract.labels import find_makers, find_rest, find_spaced, read_line
from pipelines.extract.page import lay_out
from pipelines.model import Article, Outcome, PageKind
from pipelines.read import read_loose
from tests.timing import processor_limit

URI = "http://www.example.edu.cn/info/1001/2002.htm"

PIECES = (
    "<div>", "</div>", "<p>", "</p>", "<table>", "<tr>", "<td>", "</td>", "</tr>", "</table>", "<a href='x.htm'>", "</a>",
    "<font>", "</font>", "<br>", "<h1>", "</h1>", "<ul><li>", "</li></ul>", "<script>", "</script>", "<!--", "-->",
    "<pre>\n", "</pre>", "<form><input>", "</form>", "<img src='a.png'>", "<div style='display:none'>", "<iframe>",
    "<div class='content'>", "<div id='vsb_content'>", "<div class='share'>", "<title>", "</title>", "<body>", "</html>",
    "发布时间：2020-02-21", "来源：", "作者：张三", "上一篇：", "下一篇", "相关新闻", "附件：", "当前位置：首页 > 新闻",
    "会议指出，要认真学习，抓好落实。", "By John Smith", "June 14, 2023", "\u200b", "\ufffd", "&nbsp;", "&#0;", "İ", "（", ")",
    "<meta name='PubDate' content='2020-02-21'>", '<script type="application/ld+json">{"@graph":[{"@type":"Article"}]}',
)  # fmt: skip


def read(payload: bytes) -> Article:
    return extract(open_document(payload, uri=URI))


@given(st.binary(max_size=2000))
def test_reads_any_bytes(payload: bytes) -> None:
    assert read(payload).body is not None


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_reads_any_markup(source: str) -> None:
    first, second = read(source.encode()), read(source.encode())
    assert first == second
    assert first.body is not None
    assert "\n\n" not in first.body.value


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=100)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join), st.booleans())
@example("<title><div>", False)
def test_says_only_what_the_page_says(source: str, layouts: bool) -> None:
    document = open_document(source.encode(), uri=URI)
    article = extract(document, layouts=layouts)
    words = set(lay_out(document, reveal=True).text.split())
    assert article.body is not None
    assert set(article.body.value.split()) <= words
    for finding in (article.title, article.source, article.author, article.editor):
        assert finding is None or (finding.value == finding.value.strip() != "")
    for address in [image.src for image in (article.images.value if article.images else ())]:
        assert urlsplit(address).scheme


CAPTURED = datetime(2024, 3, 1, 12, tzinfo=UTC)
DATES = st.one_of(
    st.dates().map(lambda day: day.isoformat()),
    st.dates().map(lambda day: f"{day.year}年{day.month}月{day.day}日"),
    st.dates().map(lambda day: f"{day:%B} {day.day}, {day.year}"),
    st.tuples(st.integers(0, 3000), st.integers(0, 99), st.integers(0, 99)).map(
        lambda parts: "-".join(map(str, parts))
    ),
    st.from_regex(r"[0-9]{1,4}[-/.年月 ][0-9]{1,4}[-/.月日 ]?[0-9]{0,4}", fullmatch=True),
)


@given(DATES, DATES)
def test_refuses_impossible_dates(printed: str, stated: str) -> None:
    source = (
        f"<head><meta name='PubDate' content='{stated}'></head><h1>关于召开会议的通知</h1><p>发布时间：{printed}</p>"
        "<p>会议指出，要认真学习，抓好落实，推动工作。</p>"
    )
    published = extract(open_document(source.encode(), uri=URI, captured_at=CAPTURED)).published
    if published is not None:
        assert "1990" <= published.value.value[:10] <= "2024-03-02"
        datetime.fromisoformat(published.value.value if len(published.value.value) > 9 else "2024-01-01")


WORDS = (
    "作者",
    "来源",
    "发布时间",
    "编辑",
    "作成者",
    "작성자",
    "by",
    "Von",
    "：",
    ":",
    "/",
    "｜",
    " ",
    "　",
    "张三",
    "2020-02-21",
    "（",
    "】",
    "图",
    "文",
)


@given(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=5)), max_size=20).map("".join))
def test_entries_lie_in_their_line_in_order(text: str) -> None:
    for entries in (read_line(text), find_spaced(text), find_makers(text)):
        assert all(0 <= entry.start <= entry.end <= len(text) for entry in entries)
        assert [entry.start for entry in entries] == sorted(entry.start for entry in entries)
        assert len(find_rest(text, entries)) <= len(text) * 3


OWN = [page.payload for page in read_labels(Path(__file__).parent / "pages")]


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=200)
@given(st.sampled_from(OWN), st.floats(0, 1), st.floats(0, 1), st.binary(max_size=20))
def test_damaged_pages_become_a_record_or_an_outcome(payload: bytes, start: float, end: float, junk: bytes) -> None:
    low, high = sorted((int(start * len(payload)), int(end * len(payload))))
    for damaged in (payload[:low] + junk + payload[high:], payload[low:high], payload[:low] + payload):
        reading = read_loose(damaged, url=URI)
        assert isinstance(reading.outcome, Outcome)
        assert (reading.record is not None) == (reading.kind is PageKind.ARTICLE and reading.outcome is Outcome.OK)


@given(st.binary(max_size=2000))
def test_any_bytes_become_a_record_or_an_outcome(payload: bytes) -> None:
    assert isinstance(read_loose(payload, url=URI).outcome, Outcome)


LARGE = {
    "less-than": "<" * 5_000_000,
    "brackets": "(" * 5_000_000,
    "digits": "2020-02-21" * 500_000,
    "one line of labels": "作者：张三 " * 500_000,
    "lines of labels": "<p>作者：张三</p>" * 100_000,
    "lines of dates": "<p>2020年2月21日 09:05</p>" * 60_000,
    "neighbours": "<p>上一篇：<a href='1.htm'>题目</a></p>" * 60_000,
    "headings": "<h1>关于召开会议的通知</h1>" * 100_000,
    "links": "<a href='1.htm'>新闻</a> " * 100_000,
    "list of links": "<li><a href='1.htm'>新闻标题</a></li>" * 60_000,
    "rows": "<table>" + "<tr><td>一</td><td>二</td></tr>" * 60_000 + "</table>",
    "tables": "<table><tr><td>一</td><td><a href='1.htm'>二</a></td></tr></table>" * 30_000,
    "paragraphs": "<p>会议指出，要认真学习，抓好落实，推动工作。</p>" * 60_000,
    "crumbs": "<div class='breadcrumb'><a href='/'>首页</a> &gt; </div>" * 30_000,
    "classes": "".join(f"<div class='c{number} share-{number}'>文</div>" for number in range(60_000)),
    "nested tables": "<table><tr><td>" * 200 + "会议指出，要认真学习。" + "</td></tr></table>" * 200,
    "deep": "<div>" * 20_000 + "会议指出，要认真学习。",
    "deep and noisy": "<div class='share'>" * 3_000 + "会议指出，要认真学习。",
    "unclosed fonts": "<font size=2>会议指出，要认真学习。" * 3_000,
    "cells of one line": "<table>" + "<tr><td>会议指出，要认真学习，抓好落实。</td></tr>" * 60_000 + "</table>",
    "words apart": "<p>作者 张三 来源 校办 日期 2020-02-21</p>" * 40_000,
    "entries run together": "<p><em>2020年2月21日 星期五</em><em>来源：校办</em><em>作者：张三</em></p>" * 30_000,
    "links in one line": "<p>上一篇" + "<a href='1.htm'></a>" * 100_000 + "</p>",
    "nested authors": ("<h1>关于召开会议的通知</h1>" + "<span class='author'>" * 1_500 + "张三" + "</span>" * 1_500)
    * 20,
    "nested dates": ("<h1>关于召开会议的通知</h1>" + "<span class='date'>" * 1_500 + "21" + "</span>" * 1_500) * 20,
    "nested crumbs": ("<span class='crumb'>" * 1_500 + "<a href='/'>首页</a>" + "</span>" * 1_500) * 20,
    "text among links": "<p>会议指出，要认真学习，抓好落实。</p><p><a href='1.htm'>学校召开工作会议</a></p>"
    * 30_000,
    "short notices": "<h2>停电通知</h2><p>2020-02-21</p><p>今日停电。</p><p>上一篇：无</p>" * 20_000,
    "hidden": "<div style='display:none'>会议指出，要认真学习。" * 3_000,
}


@pytest.mark.parametrize("kind", LARGE)
def test_takes_bounded_time(kind: str) -> None:
    document = open_document(LARGE[kind].encode(), uri=URI)
    with processor_limit():
        assert extract(document).body is not None


def test_nothing_is_lost_in_two_hundred_nested_tables() -> None:
    article = read(LARGE["nested tables"].encode())
    assert article.body is not None
    assert article.body.value == "会议指出，要认真学习。"


def test_an_empty_page_says_nothing() -> None:
    article = read(b"")
    assert article.title is None
    assert article.published is None
    assert article.body is not None
    assert article.body.value == ""
