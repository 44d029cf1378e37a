"""Reads one row of a listing: which link it is about, what that is called, and the date beside it."""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import NamedTuple

from pipelines.extract.days import DayReader
from pipelines.extract.links import clean, is_cut, width
from pipelines.extract.page import Page

BLOCKS = frozenset({
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "dt", "dd", "dl", "ul", "ol", "tr", "td", "th", "table",
    "br", "section", "article", "header", "footer", "figure", "figcaption", "time", "address", "blockquote",
    "tbody",
})  # fmt: skip
_CELLS = frozenset({"span", "em", "i", "b", "strong", "small", "font", "label", "cite"})
"""Inline elements that pages use for the columns of a row."""
_SILENT = frozenset({"script", "style", "noscript", "template", "select", "option", "textarea"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TITLE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:\w*tit(?:le)?\d?|bt|name|subject|headline|tt|biaoti|mc)(?:$|[\s_-])", re.IGNORECASE
)
_ORNAMENT = re.compile(r"^[\s·•▪■◆●▶►>»›→※★☆○◇□\-–—|.]+(?=\S)|[\s|]+$")
"""Bullets that pages type in front of a title."""


LABELS = frozenset({
    "更多", "more", "详细", "详情", "详细内容", "查看", "查看详情", "查看全文", "阅读全文", "阅读更多", "全文", "了解更多",
    "点击查看", "点击进入", "詳細", "詳情", "閱讀全文", "閱讀更多", "繼續閱讀", "read more", "read full story",
    "continue reading", "learn more", "mehr", "mehr lesen", "weiterlesen", "더보기", "자세히", "자세히 보기", "下载", "附件",
    "附件下载", "评论", "댓글", "返回", "返回顶部", "关闭", "打印", "new", "hot", "top", "置顶", "置頂", "推荐", "图文", "最新", "热点",
    "新", "图", "荐", "热", "顶", "새글", "새 글", "공지",
})  # fmt: skip
"""Link texts that name no article, and badges that stand beside a title; in lower case."""
_LONGEST_LABEL = 30
"""Characters of the longest label with the signs around it."""
_BEFORE_LABEL, _BEHIND_LABEL = "[【(（<《>》 ", "]】)）<《>》 .…→»›+!"
_SHORT = 40
"""Characters of a piece that may print the row's date; longer ones are summaries, whose dates are others."""
_DATE_LENGTH = 30
_DATE_ENDS = frozenset("0123456789日号年月时時分秒点點])）】>|.")
"""What a date ends with that is not all ASCII; titles in Chinese seldom do."""
_ONLY_DATE = re.compile(
    r"(?:(?:(?:发[布表文]|發[佈布表]|更新|添加|录入)?(?:时间|日期|時間)|date|(?:posted|published)(?: on)?|[작등][성록]일|[公投掲]\w日)\s?[:：]?\s?)?(?:"
    r"[\d\s年月日号时時点點分秒:：/.,\-–—\[\]()（）【】<>|]+"
    r"|[A-Za-z]{3,9}\.?,?\s\d.{0,18}|\d{1,2}\.?\s[A-Za-z]{3,9}.{0,12})",
    re.IGNORECASE,
)
_PART_OF_DATE = re.compile(
    r"[\[(（【]?\s*(?:\d{1,2}\s*[日号]?|(?:19|20)\d\d\s*年?|\d{1,2}\s*[月/.-]|\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?"
    r"|(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*月?|[一二三四五六七八九十]{1,2}月"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]{0,6}\.?,?(?:\s(?:19|20)\d\d)?)\s*[\])）】]?",
    re.IGNORECASE,
)
"""What stands in one of the blocks that a date is split over: 21, 2020-02, 02-21, Feb."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE_IN_TITLE = r"(?P<day>(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?)"
_AT_END = re.compile(rf"[\s\[(（【]+{_DATE_IN_TITLE}[\])）】]?\Z")
_AT_START = re.compile(rf"\A[\[(（【]?{_DATE_IN_TITLE}[\])）】\s]+")


class Piece(NamedTuple):
    """A stretch of text of a row without a block's or a cell's edge inside."""

    text: str
    link: int | None
    """The link it stands in."""
    named: bool
    """True where an element around it says that it is the title."""
    block: int
    """Pieces of one number are on one line."""


def read_pieces(page: Page, node: int, links: Collection[int]) -> list[Piece]:
    """Return the texts of a row in order. ``links`` are the nodes that count as links."""
    pieces: list[Piece] = []
    elements, tags, ends = page.elements, page.tags, page.ends
    buffer: list[str] = []  # parts of the piece, the first of them not blank
    inside: list[int] = []  # links we are in
    opened: list[tuple[int, bool]] = []  # elements that are still open, and whether they name the title
    named = block = 0

    def end_piece() -> None:
        if text := clean("".join(buffer)):
            pieces.append(Piece(text=text, link=inside[-1] if inside else None, named=named > 0, block=block))
        buffer.clear()

    def close(until: int) -> None:
        """Close what is open and ends before a node."""
        nonlocal named, block
        while opened and ends[opened[-1][0]] <= until:
            closed, names = opened.pop()
            tag = tags[closed]
            edge = tag in BLOCKS
            if buffer and (edge or tag in _CELLS or closed in links):
                end_piece()
            block += edge
            named -= names
            if inside and inside[-1] == closed:
                inside.pop()
            if closed != node and (tail := elements[closed].tail) and (buffer or not tail.isspace()):
                buffer.append(tail)

    current, end = node, ends[node]
    while current < end:
        if opened and ends[opened[-1][0]] <= current:
            close(current)
        element, tag = elements[current], tags[current]
        is_link = current in links
        edge = tag in BLOCKS
        if buffer and (edge or is_link or tag in _CELLS):
            end_piece()
        block += edge
        names = (current != node or is_link) and (tag in _HEADINGS or _names_title(element.get("class")))
        named += names
        opened.append((current, names))
        if is_link:
            inside.append(current)
        if tag in _SILENT:
            current = ends[current]
            continue
        if (text := element.text) and (buffer or not text.isspace()):
            buffer.append(text)
        current += 1
    close(end)
    if buffer:
        end_piece()
    return pieces


def read_text(text: str | None) -> list[Piece]:
    """Return a text between elements as the piece it is."""
    text = clean(text)
    return [Piece(text=text, link=None, named=False, block=-1)] if text else []


@lru_cache(maxsize=2048)
def _names_title(name: str | None) -> bool:
    return name is not None and _TITLE_CLASS.search(name) is not None


class Row(NamedTuple):
    """A row as read: the day is ISO 8601, ``--02-21`` where the year is not printed, None without a date."""

    title: str
    href: str
    day: str | None
    rich: bool
    """True where the row is more than a link: it marks its title as one, or has a summary."""


def read_row(page: Page, node: int, hrefs: Mapping[int, str], read_day: DayReader) -> Row | None:
    """Return what a row says, or None where no link of it names anything. ``hrefs`` are its links."""
    pieces = read_pieces(page, node, hrefs)
    main = _find_main_href(pieces, hrefs)
    if main is None:
        return None
    title, used = _find_title(page, pieces, hrefs, main, read_day)
    if not title:
        return None
    rest = [piece for piece in pieces if piece not in used]
    rich = any(piece.named for piece in used) or any(len(piece.text) > _SHORT for piece in rest)
    return Row(title=title, href=main, day=find_day(rest, read_day), rich=rich)


def _find_main_href(pieces: list[Piece], hrefs: Mapping[int, str]) -> str | None:
    """Return the address that the row is about: the one whose links have the most text that is no label."""
    if len(hrefs) == 1:
        return next(iter(hrefs.values()))
    widths: dict[str, float] = dict.fromkeys(hrefs.values(), 0.0)
    for piece in pieces:
        if piece.link is not None and not is_label(piece.text):
            href = hrefs[piece.link]
            widths[href] = max(widths[href], width(piece.text))
    return max(widths, key=lambda href: widths[href], default=None)


def _find_title(
    page: Page, pieces: list[Piece], hrefs: Mapping[int, str], main: str, read_day: DayReader
) -> tuple[str, list[Piece]]:
    """Return the title of a row and the pieces that it is made of."""
    naming = [piece for piece in pieces if not _is_beside(piece.text, read_day)]
    linked = [piece for piece in naming if piece.link is not None and hrefs[piece.link] == main]
    first = next((piece for piece in linked if piece.named), None) or next(iter(linked), None)
    if first is None:  # the link is a picture, or the row itself: what stands beside it is its name
        free = [piece for piece in naming if piece.link is None]
        named = next((piece for piece in free if piece.named), None)
        first = named or max(free, key=lambda piece: width(piece.text), default=None)
    if first is None:
        return _find_attribute(page, hrefs, main), []
    used = [piece for piece in linked if piece.block == first.block and piece.link == first.link] or [first]
    title = _ORNAMENT.sub("", " ".join(piece.text for piece in used))
    if is_cut(title):
        attribute = _find_attribute(page, hrefs, main)
        if attribute.startswith(title.rstrip(" .…‥⋯。·")[:6]):
            title = _ORNAMENT.sub("", attribute)
    return title, used


def _find_attribute(page: Page, hrefs: Mapping[int, str], main: str) -> str:
    titles = (clean(page.elements[link].get("title")) for link, href in hrefs.items() if href == main)
    return next(filter(None, titles), "")


def find_day(pieces: list[Piece], read_day: DayReader) -> str | None:
    """Return the day that the short pieces of a row print, in one piece or in several side by side."""
    days = [day for piece in pieces if len(piece.text) <= _SHORT and (day := read_day(piece.text))]
    if full := next((day for day in days if not day.startswith("--")), None):
        return full
    for size in (2, 3):
        for start in range(len(pieces) - size + 1):
            texts = [piece.text for piece in pieces[start : start + size]]
            if all(_PART_OF_DATE.fullmatch(text) for text in texts):
                day = read_day(" ".join(texts)) or read_day(_in_order(texts))
                if day and not day.startswith("--"):
                    return day
    return next(iter(days), None)


def _in_order(texts: list[str]) -> str:
    """Return the parts of a date with the year first: «5月», «21», «2020» is 2020-5-21."""
    year = next((text for text in texts if _YEAR.search(text)), "")
    month = next((text for text in texts if "月" in text), "")
    day = next((text for text in texts if text not in (year, month)), "")
    return "-".join(part.strip("[]()（）【】年月日号 ") for part in (year, month, day))


def is_label(text: str) -> bool:
    """Tell whether a text is one of the labels, whatever stands around it: [更多]>>."""
    return len(text) <= _LONGEST_LABEL and text.lstrip(_BEFORE_LABEL).rstrip(_BEHIND_LABEL).lower() in LABELS


def split_title(title: str, read_day: DayReader) -> tuple[str, str | None]:
    """Return a title without the date that stands at its end or start, and the date."""
    for edge in (_AT_END, _AT_START):
        if (match := edge.search(title)) and (day := read_day(match["day"])):
            rest = title[: match.start()] + title[match.end() :]
            return rest.strip(), day
    return title, None


def _is_beside(text: str, read_day: DayReader) -> bool:
    """Tell whether a piece is no title: a label, a number of the row or of clicks, a date."""
    return is_label(text) or text.isdecimal() or _is_day(text, read_day)


def _is_day(text: str, read_day: DayReader) -> bool:
    """Tell whether a piece is a date or part of one, not a title that mentions one."""
    if len(text) > _DATE_LENGTH or not (text[-1] in _DATE_ENDS or text.isascii()):
        return False
    if _PART_OF_DATE.fullmatch(text):
        return True
    return _ONLY_DATE.fullmatch(text) is not None and read_day(text) is not None
