"""What another institution's template would do to a page: changes of its tree that leave its label true.

Each takes a :class:`Scene`, changes its tree, and returns what of the label it changes. What is changed is told by
the label and by where the page's own title and text stand, never by the names of its classes.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import lxml.html
from lxml.html import HtmlElement
from lxml.html.builder import E

from bench.extraction.score import fold
from bench.extraction.templates import SHORTEST

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A page to be changed: its tree, and where title and text stand in it."""

    root: HtmlElement
    page: HtmlElement
    """The element ``body``."""
    title: HtmlElement | None
    lines: Sequence[HtmlElement]
    """The blocks that hold lines of the text, in order."""
    label: Mapping[str, Any]


Change = Callable[[Scene], Mapping[str, Any] | None]
"""Changes the tree, and returns what it changes in the label (None for a field that is no longer known); None where the
page gives no occasion."""


# ── names ──────────────────────────────────────────────────────────────────────────────────────────────────


def keep(scene: Scene) -> Mapping[str, Any]:
    """Change nothing: what is lost here is lost by writing the tree out."""
    return {}


def rename(scene: Scene) -> Mapping[str, Any]:
    """Give every class and id a name that says nothing, the same wherever it stands."""
    for element in scene.page.iter(lxml.html.etree.Element):
        for attribute in ("class", "id"):
            if value := element.get(attribute):
                element.set(attribute, " ".join(map(_invent, value.split())))
    return {}


@lru_cache(maxsize=4096)
def _invent(name: str) -> str:
    """Return a word of two to four syllables that stands for a name.

    >>> _invent("sidebar") == _invent("sidebar") != _invent("content")
    True
    """
    figures = hashlib.sha256(name.encode()).digest()
    return "".join("bkzvgwj"[figure % 7] + "ouyae"[figure // 7 % 5] for figure in figures[: 2 + figures[31] % 3])


def unname(scene: Scene) -> Mapping[str, Any]:
    """Take away every class and id."""
    for element in scene.page.iter(lxml.html.etree.Element):
        for attribute in ("class", "id", "itemprop"):
            element.attrib.pop(attribute, None)
    return {}


def behead(scene: Scene) -> Mapping[str, Any]:
    """Take away what the head says but a title with the site's name alone."""
    for element in list(scene.root.iter("meta", "script")):
        if element.tag == "meta" or "ld+json" in (element.get("type") or ""):
            element.drop_tree()
    for element in scene.root.iter("title"):
        element.text = "东湖理工学院"
    return {}


def unhead(scene: Scene) -> Mapping[str, Any]:
    """Make boxes of all headings, and of what says by its tag that it is furniture."""
    for element in list(
        scene.page.iter(*_HEADINGS, "nav", "aside", "footer", "header", "article", "main", "section")
    ):
        element.tag = "div"
    return {}


def strip(scene: Scene) -> Mapping[str, Any]:
    """All of these together."""
    return {**unname(scene), **behead(scene), **unhead(scene)}


# ── the text ───────────────────────────────────────────────────────────────────────────────────────────────


def to_boxes(scene: Scene) -> Mapping[str, Any] | None:
    """Make boxes of the paragraphs."""
    paragraphs = [line for line in scene.lines if line.tag == "p"]
    for line in paragraphs:
        line.tag = "div"
    return {} if paragraphs else None


def to_breaks(scene: Scene) -> Mapping[str, Any] | None:
    """Set the paragraphs straight into their box, two line breaks behind each."""
    paragraphs = [line for line in scene.lines if line.tag == "p"]
    for line in paragraphs:
        for _ in range(2):
            line.addnext(E.br())
        line.drop_tag()
    return {} if paragraphs else None


def to_word(scene: Scene) -> Mapping[str, Any] | None:
    """Wrap the text of each paragraph in the spans of a word processor."""
    for line in scene.lines:
        text, line.text = line.text, None
        inner = E.span(
            E.span(text or "", style="font-family:仿宋;mso-ansi-language:EN-US"), style="font-size:12.0pt"
        )
        inner.extend(list(line))
        line.append(inner)
        line.append(E.span(lang="EN-US"))
    return {} if scene.lines else None


def shorten(scene: Scene) -> Mapping[str, Any] | None:
    """Leave only the first line of the text that says something."""
    texts = [fold("".join(line.itertext())) or "" for line in scene.lines]
    chosen = next(
        (
            line
            for line, text in zip(scene.lines, texts, strict=True)
            if len(text) >= SHORTEST and line.tag in ("p", "div")
        ),
        None,
    )
    if chosen is None or len(scene.lines) < 2 or any(chosen in line.iterdescendants() for line in scene.lines):
        return None
    text = fold("".join(chosen.itertext()))
    if text not in map(fold, scene.label["body_text"].split("\n")):
        return None
    for line in scene.lines:
        if line is not chosen and line.getparent() is not None:
            line.drop_tree()
    return {"body_text": text, "images": None, "attachments": None}


def empty(scene: Scene) -> Mapping[str, Any] | None:
    """Put a picture in the place of the text."""
    if not scene.lines or scene.lines[0].tag not in ("p", "div"):
        return None
    scene.lines[0].addprevious(E.p(E.img(src="/upload/poster.jpg")))
    for line in scene.lines:
        if line.getparent() is not None:
            line.drop_tree()
    return {"body_text": "", "images": None, "attachments": None}


# ── what stands around ─────────────────────────────────────────────────────────────────────────────────────


def wrap(scene: Scene) -> Mapping[str, Any]:
    """Draw three tables around the page, one in another."""
    inner = E.div(*scene.page)
    for _ in range(3):
        inner = E.table(E.tr(E.td(inner)))
    scene.page.append(inner)
    return {}


def _find_article(scene: Scene) -> HtmlElement | None:
    """Return the innermost element that holds title and text."""
    if scene.title is None or not scene.lines:
        return None
    around = set(scene.title.iterancestors())
    return next((one for one in scene.lines[-1].iterancestors() if one in around), None)


_OTHERS = [
    (
        "我校召开2019年度党风廉政建设工作会议",
        "3月12日，学校在行政楼召开党风廉政建设工作会议，全体校领导出席，会议由党委副书记主持……",
    ),
    (
        "图书馆关于清明节放假期间开馆时间的通知",
        "全体读者：根据学校安排，现将清明节放假期间图书馆开馆时间通知如下，请大家相互转告……",
    ),
    (
        "材料学院博士生在国际权威期刊发表论文",
        "近日，我校材料学院博士生在导师指导下，在新型储能材料研究方面取得重要进展，相关成果发表……",
    ),
    (
        "第十五届校园文化艺术节圆满落幕",
        "5月28日晚，第十五届校园文化艺术节闭幕式在大学生活动中心举行，来自各学院的师生一千余人观看演出……",
    ),
    (
        "关于申报2020年度教学改革项目的通知",
        "各学院、各部门：为深化教学改革，提高人才培养质量，现启动2020年度教学改革项目申报工作……",
    ),
]


def flank(scene: Scene) -> Mapping[str, Any] | None:
    """Set a column of dated links before the article, and one with summaries behind it."""
    article = _find_article(scene)
    if article is None or article is scene.page:
        return None
    article.addprevious(
        E.div(
            E.div("新闻动态"),
            E.ul(
                *(
                    E.li(E.a(title, href=f"/z/{place}.htm"), E.span(f"2019-0{9 - place}-1{place}"))
                    for place, (title, _) in enumerate(_OTHERS)
                )
            ),
        )
    )
    article.addnext(
        E.div(
            E.div("热门新闻"),
            *(
                E.div(E.div(E.a(title, href=f"/y/{place}.htm")), E.div(text))
                for place, (title, text) in enumerate(_OTHERS)
            ),
        )
    )
    return {}


def add_banner(scene: Scene) -> Mapping[str, Any]:
    """Add a notice on cookies in front, and a long foot."""
    scene.page.insert(
        0,
        E.div(
            E.p(
                "本网站使用Cookie来改善您的浏览体验，继续浏览即表示您同意我们使用Cookie。We use cookies to improve your "
                "experience on our website. By browsing this website, you agree to our use of cookies."
            ),
            E.button("同意"),
        ),
    )
    scene.page.append(
        E.div(
            E.p("东湖理工学院 版权所有 Copyright © 2005-2022 All Rights Reserved"),
            E.p(
                "地址：滨湖市大学路18号 邮编：430000 电话：027-85550101 传真：027-85550102 电子邮箱：xcb@example.edu.cn"
            ),
            E.p(
                "东校区地址：滨湖市文苑路2号，乘坐公交12路、35路、108路可到；招生办公室咨询电话：027-85550103，欢迎来电。"
            ),
            E.p("鄂ICP备05001234号 鄂公网安备42010002000123号 技术支持：某某软件有限公司 您是第 1234567 位访客"),
        )
    )
    return {}


def add_bar(scene: Scene) -> Mapping[str, Any] | None:
    """Set a share bar into the box of the text, before and behind it."""
    if not scene.lines or scene.lines[0].tag not in ("p", "div") or scene.lines[-1].tag not in ("p", "div"):
        return None
    bar = [E.span("分享到："), *(E.a(name, href="#") for name in ("微信", "新浪微博", "QQ空间", "豆瓣"))]
    scene.lines[0].addprevious(E.div(*bar))
    scene.lines[-1].addnext(
        E.div(*(lxml.html.fromstring(lxml.html.tostring(one, encoding="unicode")) for one in bar))
    )
    return {}


def redo_title(scene: Scene) -> Mapping[str, Any] | None:
    """Set the title in a cell of a table of its own, large and bold."""
    title = scene.title
    if title is None or title.tag not in (*_HEADINGS, "div", "p"):
        return None
    title.attrib.clear()
    title.tag = "div"
    inner = E.font(E.b(title.text or "", *title), size="5")
    title.text = None
    title.append(E.table(E.tr(E.td(inner, align="center"))))
    return {}


def leave_open(scene: Scene) -> Mapping[str, Any]:
    """Leave out the end tags that HTML lets authors leave out, and a ``</font>`` that it does not."""
    return {}


def _drop_ends(source: str) -> str:
    source = re.sub(r"</(?:p|li|td|tr|tbody|dd|dt|option)>", "", source)
    return re.sub(r"(<body[^>]*>)", r'\1<font face="宋体">', source, count=1)


SOURCE_CHANGES: dict[Change, Callable[[str], str]] = {leave_open: _drop_ends}
"""What cannot be done in a tree."""

CHANGES: dict[str, Change] = {
    "as it is": keep,
    "classes and ids renamed": rename,
    "no classes, no ids": unname,
    "the head says nothing": behead,
    "no headings, no nav, no aside": unhead,
    "all of these": strip,
    "paragraphs as boxes": to_boxes,
    "paragraphs as line breaks": to_breaks,
    "paragraphs of a word processor": to_word,
    "first line only": shorten,
    "first line only, all names gone": lambda scene: {**strip(scene), **short} if (short := shorten(scene)) else None,
    "a picture for the text": empty,
    "three tables around": wrap,
    "three tables around, all names gone": lambda scene: {**strip(scene), **wrap(scene)},
    "title in a table": redo_title,
    "title in a table, head silent": lambda scene: {**behead(scene), **done} if (done := redo_title(scene)) is not None else None,
    "columns on both sides": flank,
    "columns, all names gone": lambda scene: {**strip(scene), **done} if (done := flank(scene)) is not None else None,
    "banner and long foot": add_banner,
    "banner and foot, all names gone": lambda scene: {**strip(scene), **add_banner(scene)},
    "share bars around the text": add_bar,
    "end tags left out": leave_open,
}  # fmt: skip
