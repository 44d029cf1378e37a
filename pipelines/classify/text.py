"""What a page says outside its links: the text that tells an article from an error page and from a listing."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement

from pipelines.classify.marks import FOOT, META_LINE
from pipelines.extract.links import address_of, clean, width
from pipelines.extract.page import Page

_SILENT = frozenset({"script", "style", "noscript", "template", "option", "select", "textarea", "title", "head"})
_INLINE = frozenset({
    "a", "abbr", "b", "big", "cite", "code", "del", "em", "font", "i", "ins", "label", "mark", "nobr", "q", "s",
    "small", "span", "strong", "sub", "sup", "tt", "u", "wbr",
})  # fmt: skip
_ROWS = frozenset({"tr", "li", "div", "td", "dl"})
_SENTENCE = re.compile(r"[。；！？!?;，,、]|\.(?:\s|$)")
PASSAGE = 400
"""Width of uninterrupted sentences that no listing, error page or home page has."""
SENTENCES = 150
"""Width of sentences outside the rows of a listing that make a page an article."""
META_LINES = 4
"""More lines with labels like 发布时间: are the rows of a listing."""
MESSAGE = 160
"""Characters of the longest line that is a label or a message; longer ones tell a story."""
PROSE = 30
"""Characters of the shortest sentence that is told from a label."""
_ALERT = re.compile(r"\balert\(\s*(['\"])([^'\"]{2,160})\1")
_FEW = 3
"""Lines of a page that may leave its message to a script."""
_MAX_TITLE = 300
_LINKED = 6
"""Characters of links that make a line one of links, if they are a third of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """The visible text of a page, told apart by links. Sizes are characters, widths Chinese characters."""

    title: str
    """The ``title`` element, white space collapsed."""
    lines: tuple[str, ...]
    """Text outside links, one line for each block, in order."""
    size: int
    """Size of ``lines``."""
    meta_lines: int
    """Number of lines with a label of an article's meta line (发布时间：), the foot of the site left out."""
    prose: float
    """Width of the lines that are sentences."""
    passage: float
    """Width of the longest run of sentences that no line of links interrupts."""
    links: int
    """Number of ``a`` elements with an address."""
    link_size: int
    """Size of the text in links."""
    asks_password: bool


def read_page_text(root: HtmlElement, *, scripted: bool = False) -> PageText:
    """Return the visible text of a page.

    ``scripted`` says that rows may be links by their ``onclick``.
    """
    walked = _walk(root, scripted=scripted)
    lines = [*walked.lines, *(_read_alerts(root) if len(walked.lines) <= _FEW else ())]
    return PageText(
        title=clean(root.findtext(".//title"))[:_MAX_TITLE],
        lines=tuple(lines),
        size=sum(map(len, lines)),
        meta_lines=sum(map(is_meta_line, lines)),
        prose=walked.prose,
        passage=walked.passage,
        links=walked.links,
        link_size=walked.link_size,
        asks_password=walked.asks_password,
    )


def measure_prose(element: HtmlElement) -> float:
    """Return the width of the sentences below an element that may be a link by its ``onclick``."""
    return _walk(element, scripted=True).prose


class _Walked(NamedTuple):
    """What a walk over a tree has met; the fields are those of :class:`PageText`."""

    lines: list[str]
    prose: float
    passage: float
    links: int
    link_size: int
    asks_password: bool


def _walk(root: HtmlElement, *, scripted: bool) -> _Walked:
    lines: list[str] = []
    buffer: list[str] = []  # pieces of the line, the first of them not blank
    links = link_size = linked = in_link = silent = 0
    prose = passage = longest = 0.0
    asks_password = False
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        if tag not in _INLINE and (buffer or linked):
            line = clean("".join(buffer))
            buffer.clear()
            if line:
                lines.append(line)
                if is_prose(line):
                    prose += width(line)
                    passage += width(line)
            if linked >= _LINKED and linked * 2 >= len(line):
                longest, passage = max(longest, passage), 0.0
            link_size += linked
            linked = 0
        is_link = tag == "a" or (scripted and tag in _ROWS and address_of(element) is not None)
        if event == "start":
            text = element.text
            if is_link:
                in_link += 1
                links += tag != "a" or element.get("href") is not None
            elif tag in _SILENT:
                silent += 1
            elif tag == "input":
                asks_password = asks_password or (element.get("type") or "").lower() == "password"
        else:
            text = element.tail if element is not root else None
            if is_link:
                in_link -= 1
            elif tag in _SILENT:
                silent -= 1
        if text is not None and not silent:
            if in_link:
                linked += len(text.strip())
            elif buffer or not text.isspace():
                buffer.append(text)
    return _Walked(lines, prose, max(longest, passage), links, link_size, asks_password)


def measure_passage(page: Page) -> tuple[float, float]:
    """Return ``passage`` and ``prose`` of a page that is laid out already, at a fraction of the cost."""
    prose = passage = longest = 0.0
    for line in page.lines:
        text, linked = line.text, line.linked
        if linked >= _LINKED and linked * 3 >= len(text):
            longest, passage = max(longest, passage), 0.0
        elif len(text) - linked >= PROSE and is_prose(text):
            size = width(text)
            prose += size
            passage += size
    return max(longest, passage), prose


def _read_alerts(root: HtmlElement) -> list[str]:
    """Return what the scripts of a page without text tell its reader: ``alert('该文章不存在！');``."""
    scripts = (script.text for script in root.iter("script") if script.text)
    return [clean(alert[2]) for script in scripts for alert in _ALERT.finditer(script)]


def is_meta_line(line: str) -> bool:
    """Tell whether a line holds a label of an article's meta line.

    >>> is_meta_line("发布时间：2024-05-01 浏览：23"), is_meta_line("版权所有 某某大学 浏览次数：1000")
    (True, False)
    """
    return (
        len(line) <= MESSAGE
        and _may_be_labelled(line)
        and META_LINE.search(line) is not None
        and FOOT.search(line) is None
    )


def _may_be_labelled(line: str) -> bool:
    """Tell whether a line has what every label ends with or is: most have not, and this is cheap."""
    if ":" in line or "：" in line or "【" in line or _FIGURE.search(line):
        return True
    folded = line.lower()
    return any(word in folded for word in _LABELS_WITHOUT_SIGN)


_FIGURE = re.compile(r"\d")
_LABELS_WITHOUT_SIGN = ("posted", "published", "last", "by", "veröffentlicht")


def is_prose(line: str) -> bool:
    """Tell whether a line is a sentence rather than a label: long, with punctuation inside.

    >>> is_prose("3月26日，我校召开网络安全和信息化领导小组会议，传达学习全国网信办主任会议精神。")
    True
    >>> is_prose("版权所有：中北大学大数据学院")
    False
    """
    return len(line) >= PROSE and _SENTENCE.search(line, 5) is not None
