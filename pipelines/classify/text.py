"""What a page says outside its links: the text that tells an article from an error page and from a listing."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from lxml.html import HtmlElement

from pipelines.classify.marks import FOOT, HEAD_DAY, META_LINE
from pipelines.extract.links import clean, width
from pipelines.extract.page import Line, Page

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
TITLE = 5.0
"""Width of the shortest line that is taken for the title above a meta line."""
HEADING = 8.0
"""The same of a heading with a day below that has no label; names of sections stay below."""
HEADS = 2
"""Titles with a meta line below of a page that is one article: a copy for mobiles may be there."""
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
    row_lines: int
    """Number of those under a line that is a link: they speak of what it leads to."""
    prose: float
    """Width of the lines that are sentences."""
    passage: float
    """Width of the longest run of sentences that no line of links interrupts."""
    links: int
    """Number of links that can be seen."""
    link_size: int
    """Size of the text in links."""
    asks_password: bool
    is_headed: bool
    """True where a meta line with a day stands under a line that is no link, as under an article's title."""


def read_page_text(page: Page, *, measured: tuple[float, float] | None = None) -> PageText:
    """Return the visible text of a page. ``measured`` is what :func:`measure_passage` says, if the caller asked it."""
    lines = list(_read_lines(page))
    if len(lines) <= _FEW:
        lines += _read_alerts(page.document.root)
    passage, prose = measured or measure_passage(page)
    meta_lines = sum(map(is_meta_line, lines))
    return PageText(
        title=clean(page.document.root.findtext(".//title"))[:_MAX_TITLE],
        lines=tuple(lines),
        size=sum(map(len, lines)),
        meta_lines=meta_lines,
        row_lines=sum(_is_row_line(above, line) for above, line in pairwise(page.lines)) if meta_lines else 0,
        prose=prose,
        passage=passage,
        links=len(page.links),
        link_size=sum([line.linked for line in page.lines]),
        asks_password=_asks_password(page.document.root),
        is_headed=_is_headed(page),
    )


def _asks_password(root: HtmlElement) -> bool:
    return any((field.get("type") or "").lower() == "password" for field in root.iter("input"))


def _read_lines(page: Page) -> Iterator[str]:
    """Yield what the lines of a page say outside their links."""
    for text, _, linked, (start, end) in _join_verses(page):
        if not linked:
            yield text
        elif linked + _RESIDUE < len(text):
            for node in islice(page.links, start, end):
                text = text.replace(page.text_of(node) or "\0", " ", 1)
            if text := " ".join(text.split()):
                yield text


_RESIDUE = 2
"""Characters beside its links that a line of links has: bullets, brackets."""


def _join_verses(page: Page) -> list[Line]:
    """Return the lines of a page; what was broken into lines by hand (``pre``) in one, because a sentence runs on."""
    if "pre" not in page.tags:
        return page.lines
    joined: list[Line] = []
    for line in page.lines:
        if joined and joined[-1].node == line.node and page.tags[line.node] == "pre":
            last = joined.pop()
            line = Line(
                f"{last.text} {line.text}", line.node, last.linked + line.linked, (last.links[0], line.links[1])
            )
        joined.append(line)
    return joined


def _is_row_line(above: Line, line: Line) -> bool:
    return above.linked == len(above.text) and line.linked * 2 < len(line.text) and is_meta_line(line.text)


def _is_headed(page: Page) -> bool:
    """Tell whether a day stands under a title that is no link, as it does on an article's page.

    Rows of a listing may be labelled, too, but their titles are links, or there are many of them. Without a label
    the line above must be a heading, and nowhere else a day stand in such an element: as the date of a row does.
    """
    lines = page.lines
    labelled = 0
    plain: Counter[tuple[str | None, ...]] = Counter()
    headed: set[tuple[str | None, ...]] = set()
    for number, line in enumerate(lines):
        text = line.text
        if ("20" not in text and "19" not in text) or len(text) > MESSAGE:
            continue
        if line.linked * 2 >= len(text) or not HEAD_DAY.search(text):
            continue
        above = lines[number - 1] if number else None
        is_titled = above is not None and not above.linked and width(above.text) >= TITLE
        if is_titled and is_meta_line(line.text):
            labelled += 1
            continue
        kind = _kind_of(page, line.node)
        plain[kind] += 1
        below = lines[number + 1] if number + 1 < len(lines) else None
        if (
            above is not None
            and is_titled
            and width(above.text) >= HEADING
            and page.tags[above.node] in _HEADINGS
            and len(line.text) <= MESSAGE / 2
            and not (below and below.linked)
        ):
            headed.add(kind)
    return 0 < labelled <= HEADS or any(plain[kind] <= HEADS for kind in headed)


def _kind_of(page: Page, node: int) -> tuple[str | None, ...]:
    """Return what tells an element from others: its tag and class, and those of the one around it."""
    around = max(page.parents[node], 0)
    return (
        page.tags[node],
        page.elements[node].get("class"),
        page.tags[around],
        page.elements[around].get("class"),
    )


_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})


def measure_passage(page: Page) -> tuple[float, float]:
    """Return ``passage`` and ``prose`` of a page."""
    return _measure(_join_verses(page))


def measure_prose(page: Page, lines: Iterable[int]) -> float:
    """Return the width of the sentences in some of the lines of a page, given by their numbers."""
    return sum(_measure([page.lines[number]])[1] for number in lines)


def _measure(lines: Iterable[Line]) -> tuple[float, float]:
    prose = passage = longest = 0.0
    for line in lines:
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
    if ":" in line or "：" in line or "【" in line or _LABELLED_FIGURE.search(line):
        return True
    if not _LATIN.search(line):
        return False
    folded = line.lower()
    return any(word in folded for word in _LABELS_WITHOUT_SIGN)


_LABELLED_FIGURE = re.compile(r"[间期間于일日]\s{0,3}\d")
_LATIN = re.compile(r"[A-Za-z]{2}")
_LABELS_WITHOUT_SIGN = ("posted", "published", "last", "by", "veröffentlicht")


def is_prose(line: str) -> bool:
    """Tell whether a line is a sentence rather than a label: long, with punctuation inside.

    >>> is_prose("3月26日，我校召开网络安全和信息化领导小组会议，传达学习全国网信办主任会议精神。")
    True
    >>> is_prose("版权所有：中北大学大数据学院")
    False
    """
    return len(line) >= PROSE and _SENTENCE.search(line, 5) is not None
