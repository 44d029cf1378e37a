"""Every hyperlink once, where it leads, and what it is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.document import open_document
from pipelines.extract.links import clean, find_links, find_script_target, is_cut

URI = "http://x.edu.cn/a/b.htm"


def links(source: str) -> list[tuple[str, str | None]]:
    return [(link.href or "", link.title) for link in find_links(open_document(source.encode(), uri=URI))]


@pytest.mark.parametrize(
    ("source", "href", "title"),
    [
        ("<a href=c.htm>标题</a>", "/a/c.htm", "标题"),
        ("<a href=' /c.htm '> 标\n题 <b>二</b> </a>", "/c.htm", "标 题 二"),
        ("<area href=c.htm alt=x>", "/a/c.htm", None),
        ("<iframe src=/c.htm></iframe>", "/c.htm", None),
        ("<frameset><frame src=c.htm></frameset>", "/a/c.htm", None),
        ("<base href=/d/><a href=c.htm>x</a>", "/d/c.htm", "x"),
        # names
        ("<a href=c.htm title='关于做好期末考试工作的通知'>关于做好期末...</a>", "/a/c.htm",
         "关于做好期末考试工作的通知"),
        ("<a href=c.htm title='点击查看'>标题</a>", "/a/c.htm", "标题"),
        ("<a href=c.htm title='另一个'>标题...</a>", "/a/c.htm", "标题..."),
        ("<a href=c.htm title='标题'><img src=x></a>", "/a/c.htm", "标题"),
        ("<a href=c.htm><img src=x alt='校门'></a>", "/a/c.htm", "校门"),
        ("<a href=c.htm></a>", "/a/c.htm", None),
        ("<a href=c.htm><p>一</p><p>二</p>三<br>四</a>", "/a/c.htm", "一 二 三 四"),
        ("<a href=c.htm>标题<script>x()</script></a>", "/a/c.htm", "标题"),
        ("<a href=c.htm>复旦\u200b大学</a>", "/a/c.htm", "复旦大学"),
        # scripts
        ("<tr onclick=\"window.location.href='/c.htm';\"><td>标题</td></tr>", "/c.htm", "标题"),
        ("<a href='javascript:void(0)' onclick=\"window.open('c.htm')\">标题</a>", "/a/c.htm", "标题"),
        ("<a href=\"javascript:toUrl('/info/1/2.htm')\">标题</a>", "/info/1/2.htm", "标题"),
        ("<a href=# onclick=\"go('news.asp?id=3',1)\">标题</a>", "/a/news.asp?id=3", "标题"),
        # saved pages
        (
            "<a href=\"javascript:if(confirm('http://x.edu.cn/c.htm \\n\\nThis file was not retrieved by Teleport "
            "Pro'))"
            "window.location='http://x.edu.cn/c.htm'\" tppabs='http://x.edu.cn/c.htm'>标题</a>",
            "/c.htm", "标题",
        ),
        ("<a href='c.htm.html' tppabs='http://y.edu.cn/c.htm'>标题</a>", "/a/c.htm.html", "标题"),
    ],
)  # fmt: skip
def test_finds(source: str, href: str, title: str | None) -> None:
    assert links(source) == [(f"http://x.edu.cn{href}", title)]


@pytest.mark.parametrize(
    "source",
    ["<a name=top>x</a>", "<a href=#top>x</a>", "<a href=''>x</a>", "<a href=mailto:a@x>x</a>",
     "<a href=javascript:;>x</a>",
     "<a href=tel:1>x</a>", "<td onclick='f()'>x</td>", "<!-- <a href=c.htm>x</a> -->", "<a href='http://'>x</a>"],
)  # fmt: skip
def test_leaves_out(source: str) -> None:
    assert links(source) == []


def test_each_address_once_with_its_best_name() -> None:
    source = (
        "<a href=1.htm><img src=x></a><a href=2.htm>二</a><a href=1.htm>标题很长...</a><a href='1.htm#c'>"
        "标题很长很长</a>"
        "<a href=./1.htm>更多</a>"
    )
    assert links(source) == [("http://x.edu.cn/a/1.htm", "标题很长很长"), ("http://x.edu.cn/a/2.htm", "二")]


def test_sends_queries_in_the_charset_of_the_page() -> None:
    payload = "<meta charset=gb2312><p>关于我们学院的新闻</p><a href='s.asp?k=新闻'>x</a>".encode("gbk")
    assert find_links(open_document(payload, uri=URI))[0].href == "http://x.edu.cn/a/s.asp?k=%D0%C2%CE%C5"


@pytest.mark.parametrize(
    ("script", "target"),
    [
        ("location.href='a.htm'", "a.htm"),
        ('top.location = "a.htm"', "a.htm"),
        ("location.replace('a.htm')", "a.htm"),
        ("parent.location.assign('a.htm')", "a.htm"),
        ("window.open( 'a.htm' ,'_blank')", "a.htm"),
        ("show('a.jsp?x=1')", "a.jsp?x=1"),
        ("alert('a')", None),
        ("f(1)", None),
        ("location.href=url", None),
        ("location=''", None),
    ],
)
def test_find_script_target(script: str, target: str | None) -> None:
    assert find_script_target(script) == target


def test_words() -> None:
    assert clean(" a\u3000 b\xa0\n") == "a b"
    assert clean(None) == ""
    assert is_cut("关于…")
    assert not is_cut("好!")


@given(st.text(alphabet="<>/ \"'=ahref.:?#%中\\", max_size=150))
def test_takes_any_markup(source: str) -> None:
    for link in find_links(open_document(source.encode(), uri=URI)):
        assert link.href
        assert link.href.startswith(("http://", "https://", "ftp://"))


@pytest.mark.parametrize(
    "part",
    ["<a href=1>x", "<a href='", "<tr onclick=\"location='a'\"><td>x", "<a href=1><div>x", "<a href=1>", "<frame>"],
)
def test_is_linear(part: str) -> None:
    find_links(open_document((part * (1_000_000 // len(part))).encode(), uri=URI))
