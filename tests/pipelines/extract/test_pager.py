"""The next page by what it is called, in every family; never a page back, an article, or a dead end."""

import pytest

from pipelines.document import open_document
from pipelines.extract.anchors import read_anchors
from pipelines.extract.page import lay_out
from pipelines.extract.pager import Pager, find_pager, is_pager_text

URI = "http://x.edu.cn/tz/tzgg.htm"


def pager(source: str, uri: str = URI) -> Pager:
    page = lay_out(open_document(source.encode(), uri=uri))
    return find_pager(page, read_anchors(page))


@pytest.mark.parametrize(
    ("source", "following"),
    [
        # words
        ("<a href=list2.htm>下一页</a>", "list2.htm"),
        ("<a href=list2.htm><span>下一页&gt;&gt;</span></a>", "list2.htm"),
        ("<a href=tzgg/35.htm class=Next>下页</a><a href=tzgg/1.htm>尾页</a>", "tzgg/35.htm"),
        ("<a href=?page=1 title='Go to next page'><svg></svg></a>", "tzgg.htm?page=1"),
        ("<a href=2.php title='下一頁'>&gt;</a>", "2.php"),
        ("<a href=p2.htm><img src=n.gif alt='下一页'></a>", "p2.htm"),
        ("<a href=/page/2/>Older posts</a>", "/page/2/"),
        ("<a href=2>다음 페이지</a>", "2"),
        ("<a href=2>次へ</a>", "2"),
        ("<a href=2>Nächste Seite</a>", "2"),
        # relations and classes
        ("<a href=2 rel=next><i></i></a>", "2"),
        (
            "<ul><li class='pager__item--next'><a href=?page=1>››</a></li><li><a href=?page=1>2</a></li></ul>",
            "tzgg.htm?page=1",
        ),
        # signs, where there are numbers
        ("<b>1</b> <a href=2>2</a> <a href=2>&gt;</a> <a href=9>&gt;&gt;</a>", "2"),
        ("<b>1</b> <a href=2>2</a> <a href=2>»</a>", "2"),
        ("<a href=2>&gt;</a>", None),
        # the next ten
        ("<b>1</b><a href=2>2</a><a href=11>다음</a>", "2"),
        ("<b>1</b><a href=2>2</a><a href=11 class=pg_next>»</a>", "2"),
        ("<a href=2>다음</a>", "2"),
        (
            "<table><tr><td><b>1</b></td><td><a href=d2>2</a></td></tr></table><p><span><i><a href=2 class=next>»</a></i></span>",
            "2",
        ),
        # numbers alone
        ("<span>1</span><a href=b2>2</a><a href=b3>3</a>", "b2"),
        ("<a href=b1>1</a><strong>2</strong><a href=b3>3</a>", "b3"),
        ("<li><a href=b1>1</a></li><li class=active><a href=tzgg.htm>2</a></li><li><a href=b3>3</a></li>", "b3"),
        ("<li><a href=b1>1</a></li><li class=thisclass>2</li><li><a href=b3>3</a></li>", "b3"),
        ("<a href=b1>1</a><a href=b2>2</a><span class=cur>3</span>", None),
        # dead ends
        ("<a href='javascript:void(0);'>下一页</a>", None),
        ("<a href=#>下一页</a>", None),
        ("<a href=tzgg.htm>下一页</a>", None),
        ("<span>下页</span><a href=a.htm>首页</a>", None),
        ("<a href=a.htm>下一篇</a><a href=b.htm>下一条</a>", None),
        ("<a href=a.htm>上一页</a>", None),
    ],
)
def test_next(source: str, following: str | None) -> None:
    expected = following and (
        f"http://x.edu.cn{following}" if following[0] == "/" else f"http://x.edu.cn/tz/{following}"
    )
    assert pager(f"<div class=page>{source}</div>").next == expected


def test_counts_backwards() -> None:
    numbers = "<b>1</b><a href=tzgg/20.htm>2</a><a href=tzgg/19.htm>3</a>"
    found = pager(f"<span>首页</span><span>上页</span>{numbers}<a href=tzgg/20.htm>下页</a>")
    assert found.next == "http://x.edu.cn/tz/tzgg/20.htm"
    assert found.pages == ("http://x.edu.cn/tz/tzgg/20.htm", "http://x.edu.cn/tz/tzgg/19.htm")


NEXT = "<a href='javascript:goPage(2)'>下一页</a>"
CLICK = "<a href='#' onclick='goPage(2);return false'>下页</a>"
SUBMIT = "f.page.value=n;f.submit();"


def go(body: str) -> str:
    return f"<script>function goPage(n){{ {body} }}</script>"


def form(method: str) -> str:
    return f"<form name=f action='list.do' method={method}><input name=cid value=5><input name=page value=1></form>"


@pytest.mark.parametrize(
    ("source", "following", "note"),
    [
        (NEXT + go("location.href='list.do?page='+n;"), "list.do?page=2", None),
        (CLICK + go('window.location = "p_"+n+".htm";'), "p_2.htm", None),
        (NEXT + go("location.replace('tzgg/' + n + '.htm');"), "tzgg/2.htm", None),
        ("<a onclick=\"location.href='list2.htm'\">下一页</a>", "list2.htm", None),
        (NEXT + form("get") + go(SUBMIT), "list.do?cid=5&page=2", None),
        (NEXT + form("post") + go(SUBMIT), None, "POST (goPage)"),
        (NEXT + go("$.ajax(n);"), None, "JavaScript (goPage)"),
        (NEXT + go("location.href=base(n)+'.htm';"), None, "JavaScript (goPage)"),
        ("<a href='javascript:elsewhere(2)'>下一页</a>", None, "JavaScript (elsewhere)"),
        ("<a href=\"javascript:__doPostBack('pager','2')\">下一页</a>", None, "POST (__doPostBack)"),
        ("<b>2</b><a href=\"javascript:page_link('3')\">3</a>" + form("post"), None, "POST (page_link)"),
    ],
)
def test_follows_scripts_as_far_as_they_say(source: str, following: str | None, note: str | None) -> None:
    found = pager(source)
    assert found.next == (f"http://x.edu.cn/tz/{following}" if following else None)
    assert found.note == (f"pager needs {note}" if note else None)


@pytest.mark.parametrize(
    ("call", "following", "count"),
    [
        ('createPageHTML(25, 0, "index", "html");', "index_1.html", 24),
        ("createPageHTML('page_div', 25, 3, 'index', 'htm', 500)", "index_4.htm", 24),
        ('createPageHTML(3, 2, "index", "html");', None, 2),
        ('createPageHTML(1, 0, "index", "html");', None, 0),
    ],
)
def test_reads_the_pager_that_trs_writes(call: str, following: str | None, count: int) -> None:
    found = pager(f"<script>{call}</script>", "http://x.edu.cn/tz/index.html")
    assert found.next == (f"http://x.edu.cn/tz/{following}" if following else None)
    assert len(found.pages) == count


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("共353条&nbsp;&nbsp;1/36&nbsp;", 353), ("每页 <em>14</em> 记录 总共 <em>42</em> 记录", 42),
        ("共 1页2条记录", 2),
        ("共有 12 篇", 12), ("總筆數：120筆", 120), ("총 <b>768</b>건", 768), ("Total 353 items", 353), ("共 36 页",
         None),
        ("", None), ("本次会议共120人参加", None),
    ],
)  # fmt: skip
def test_total(text: str, total: int | None) -> None:
    assert pager(f"<div>{text}</div>").total == total


@pytest.mark.parametrize("text", ["下一页", "« 上一页", "尾页", "12", "第3页", ">", "Next ›", "다음", "..."])
def test_words_of_pagers(text: str) -> None:
    assert is_pager_text(text)


@pytest.mark.parametrize("text", ["", "下一篇", "通知公告", "第3页共5页的通知", "2024-05-01"])
def test_words_of_others(text: str) -> None:
    assert not is_pager_text(text)
