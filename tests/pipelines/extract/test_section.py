"""The section of a listing, from its location bar or its title, and that of an article whose head alone names it."""

import pytest

from pipelines.document import open_document
from pipelines.extract import extract
from pipelines.extract.page import lay_out
from pipelines.extract.section import find_section


@pytest.mark.parametrize(
    ("source", "section"),
    [
        (
            "<div class='position'>当前位置: <a>首页</a>&gt;&gt;<a>新闻中心</a>&gt;&gt;<a>通知公告</a></div>",
            "通知公告",
        ),
        ("<p>您的位置：首页 > 新闻中心 > 学院新闻 > 正文</p>", "学院新闻"),
        ("<ol class='breadcrumb'><li><a>Home</a></li><li class=active>News</li></ol>", "News"),
        ("<td>您现在的位置： <a>网站首页</a> » <a>教务通知</a></td>", "教务通知"),
        ("<div class='dqwz'><span>当前位置</span><a>首页</a><a>招生信息</a></div>", "招生信息"),
        ("<title>通知公告-计算机学院</title>", "通知公告"),
        ("<title>某某大学信息学院</title>", None),
        ("<title>首页 - 某某大学</title>", None),
        ("<div class='canvas-positioning'>a &gt; b</div><title>科研动态_某某大学</title>", "科研动态"),
        ("<div class='position'>" + "很长的文字 > " * 40 + "</div>", None),
        ("", None),
    ],
)
def test_find_section(source: str, section: str | None) -> None:
    assert find_section(lay_out(open_document(source.encode(), uri="http://x.edu.cn/a.htm"))) == section


def test_an_article_without_location_bar_is_in_the_section_that_its_head_names() -> None:
    source = "<meta name=ColumnName content=科研动态><h1>我校举行会议</h1><p>会议指出，学校高度重视科研工作，成果丰硕。</p>"
    section = extract(open_document(source.encode(), uri="http://x.edu.cn/info/1/2.htm")).section
    assert section is not None
    assert (section.value, section.rule) == ("科研动态", "meta:columnname")
