"""Any bytes in, an article out, in time that grows with the size of the page."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.document import open_document
from pipelines.extract import extract
from pipelines.model import Article
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
