"""Finds the articles that a page leads on to: the previous, the next, the related ones, its own further pages."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from pipelines.extract.links import address_of
from pipelines.extract.noise import FURNITURE
from pipelines.extract.page import Page, any_of, collapse
from pipelines.extract.trim import Body
from pipelines.fold import without_pinyin
from pipelines.model import Finding, Link
from pipelines.uri import resolve

_PREVIOUS = (
    r"(?:上一?[篇條条則则页頁]|前一?[篇則则]|上一?(?:個|主题|新闻|文章)"
    r"|previous(?: (?:post|article|story|news|page|entry))?|prev|pre(?=\s?[:：])|older(?: (?:post|entry))?"
    r"|이전\s?글|이전|前の(?:記事|ページ|ニュース)へ?|前へ|vorherige?r?(?: artikel| beitrag| meldung)?|précédente?"
    r"|anterior|precedente|vorige|föregående|forrige|poprzedni[ea]?(?: artykuł| wpis)?|предыдущ[а-я]{2}(?: новость| запись)?)"
)
_NEXT = (
    r"(?:下一?[篇條条則则页頁]|[后後]一?[篇則则]|下一?(?:個|主题|新闻|文章)"
    r"|next(?: (?:post|article|story|news|page|entry))?|newer(?: (?:post|entry))?"
    r"|다음\s?글|다음|次の(?:記事|ページ|ニュース)へ?|次へ|nächste?r?(?: artikel| beitrag| meldung)?|suivante?"
    r"|siguiente|próxim[ao]|seguinte|successivo|volgende|nästa|neste|næste|następn[yea](?: artykuł| wpis)?|следующ[а-я]{2}(?: новость| запись)?)"
)
_SIDE = re.compile(rf"(?P<previous>{_PREVIOUS})|(?P<next>{_NEXT})", re.IGNORECASE)
LABEL = re.compile(
    rf"[\s\W]{{0,8}}(?:{_PREVIOUS}|{_NEXT})(?:新闻|文章|信息|内容|记录|公告|通知)?\s?[】\])）]?"
    r"\s?(?:[:：>»›→|]|\s-)?\s?(?=\Z|\W|[\u3400-\u9fff\uac00-\ud7afA-Z0-9])",
    re.IGNORECASE,
)
"""How a line begins that names a neighbour."""
_LIKELY = any_of((
    "上一", "下一", "上篇", "下篇", "上条", "下条", "上條", "下條", "前一", "后一", "後一", "前篇", "后篇", "後篇",
    "上页", "下页", "上頁", "下頁", "上则", "下则", "上則", "下則", "rev", "REV", "re:", "RE:", "re：", "ext", "EXT", "lder", "ewer",
    "이전", "다음", "前の", "次の", "前へ", "次へ", "orherig", "ächste", "récédent", "uivant",
    "nterior", "recedente", "iguiente", "róxim", "eguinte", "uccessiv", "orige", "olgende", "öregående", "orrige",
    "ästa", "este ","æste", "oprzedni", "astępn", "редыдущ", "ледующ",
))  # fmt: skip
"""Words one of which every label holds."""
_NONE = re.compile(
    r"[\s\W]*(?:(?:很?抱歉|对不起)?\W?没有了?|没有(?:下|上|更多|文章|了|新闻|相关)[^:：]{0,8}|沒有了?|無|无|空|到头了"
    r"|暂无[^:：]{0,6}|已是(?:最后|第|首|末)[^:：]{0,8}|已经(?:没有|是)[^:：]{0,8}|(?:这|此)是(?:第|最后)[^:：]{0,6}"
    r"|none|nothing|返?回(?:列表|上[頁页层])?|(?:(?:이전|다음)?\s?글)?이? ?없습니다\.?)[\s\W]*",
    re.IGNORECASE,
)
"""What stands where there is no neighbour."""
_RELATED = re.compile(
    r"[\s\W]{0,8}(?:相关|相關|推荐|延伸)"
    r"(?:新闻|阅读|文章|链接|报道|信息|内容|资讯|稿件|新聞|閱讀|連結|報導)\s?[:：]?[\s\W]*(?:更多.{0,3})?\Z"
    r"|related (?:articles?|stories|news|posts|content)\b",
    re.IGNORECASE,
)
_RELATED_LIKELY = any_of(("相关", "相關", "推荐", "延伸", "elated", "ELATED"))
_DATE_BESIDE = re.compile(r"(?=.*\d)[\W\d年月日]+")
_TRIM = " :：>»›→|｜-—"
_BRACKETED = re.compile(r"[【\[（(](?P<inside>.+)[】\]）)]")
_MOST_RELATED = 30
_RELATIONS = {"prev": "previous", "previous": "previous", "next": "next"}
"""Sides by the ``rel`` of a link (HTML Standard §4.6.7.13, §4.6.7.14)."""
_ARROWS = re.compile(r"\A[\s←‹«<⟵]+|[\s→›»>⟶]+\Z")
_SHORTEST_NAME = 4
"""Characters of the shortest title that only a relation tells: pagers use it, too."""


class Neighbours(NamedTuple):
    """The articles before and after one; ``none`` names the sides of which the page says that there is nothing."""

    previous: Finding[Link] | None = None
    next: Finding[Link] | None = None
    none: frozenset[str] = frozenset()


def to_link(page: Page, node: int, title: str | None = None) -> Link:
    """Return the link of an ``a`` element, resolved; ``title`` is its text if that is known."""
    raw = address_of(page.elements[node])
    href = resolve(page.document.base, raw, charset=page.document.charset.name) if raw else None
    return Link(title=title if title is not None else (page.text_of(node) or None), href=href)


# ── previous and next ──────────────────────────────────────────────────────────────────────────────────────


def find_neighbours(page: Page, body: Body) -> Neighbours:
    """Return the previous and the next article as the page names them, whatever their order in time."""
    start = body.lines[len(body.lines) // 2] if body.lines else body.start
    found: dict[str, Finding[Link] | None] = {}
    for number in page.lines_with(_LIKELY, start):
        line = page.lines[number]
        if len(line.text) > 400 or not LABEL.match(line.text):
            continue
        for side, link, raw in _read_neighbours(page, number):
            if found.get(side) is None and not (link and link.href and is_page_of(link.href, page.document.uri)):
                found[side] = None
                if link is not None:
                    place = page.place(line.node)
                    found[side] = Finding(
                        value=link, raw=raw, rule=f"neighbour:{side}", place=place, confidence=0.95
                    )
        if found.get("previous") and found.get("next"):
            break
    if len(found) < 2:
        for side, finding in _find_by_relation(page, start):
            found.setdefault(side, finding)
    return Neighbours(
        found.get("previous"), found.get("next"), frozenset(side for side, link in found.items() if link is None)
    )


def _find_by_relation(page: Page, start: int) -> Iterator[tuple[str, Finding[Link]]]:
    """Yield the neighbours that only the relation of their links tells: an arrow and a title."""
    behind = bisect_left(page.links, True, key=lambda node: page.first[node] >= start)
    for node in page.links[behind:]:
        relation = page.elements[node].get("rel")
        if relation is None or (side := _RELATIONS.get(relation.strip().lower())) is None:
            continue
        raw = page.text_of(node)
        label = LABEL.match(raw)
        name = _trim(_ARROWS.sub("", raw[label.end() :] if label else raw))
        link = _to_neighbour(page, name, node)
        if link is None or not link.href or len(name) < _SHORTEST_NAME or is_page_of(link.href, page.document.uri):
            continue
        yield (
            side,
            Finding(value=link, raw=raw, rule=f"neighbour:rel={side}", place=page.place(node), confidence=0.9),
        )


def _read_neighbours(page: Page, number: int) -> Iterator[tuple[str, Link | None, str]]:
    """Yield side, link and text of the neighbours that a line names: one, or both."""
    line = page.lines[number]
    own = [
        (mark.lastgroup or "", text, label, node)
        for node in (page.links[link] for link in range(*line.links))
        if (label := LABEL.match(text := page.text_of(node))) and (mark := _SIDE.search(text))
    ]
    if len(own) > 1 and line.linked * 10 >= len(line.text) * 8:  # each is a link, label and all
        for side, text, label, node in own:
            yield side, _to_neighbour(page, _trim(text[label.end() :]), node), text
        return
    marks = list(_SIDE.finditer(line.text))
    both = next(
        (mark for mark in marks[1:] if mark.lastgroup != marks[0].lastgroup and _is_apart(line.text, mark)), None
    )
    anchors = [page.links[link] for link in range(*line.links)]
    ends = [both.start(), len(line.text)] if both else [len(line.text)]
    for mark, end in zip([marks[0], *([both] if both else [])], ends, strict=True):
        piece = line.text[mark.start() : end]
        label = LABEL.match(piece)
        name = _trim(piece[label.end() :]) if label else ""
        anchor = next((node for node in anchors if (words := _bare(page.text_of(node))) and words in piece), None)
        if anchor is not None:
            anchors.remove(anchor)
            name = _name_of(page, name, anchor, anchors)
        elif not name and both is None:
            name, anchor = _name_behind(page, number)
        yield mark.lastgroup or "", _to_neighbour(page, name, anchor), piece


def _bare(text: str) -> str:
    return text.strip(_TRIM + "<«‹←")


def _name_of(page: Page, name: str, anchor: int, others: Sequence[int]) -> str:
    """Return what of a text behind a label is the neighbour's title: not its date, not the next button."""
    words = _bare(page.text_of(anchor))
    if words in name:
        return words if _DATE_BESIDE.fullmatch(name.replace(words, "")) else name
    if any(
        name.startswith(_bare(page.text_of(other)) or " ") and not _is_same(page, anchor, other) for other in others
    ):
        return ""  # 上一則 | 回列表 | 下一則
    return name


def _is_same(page: Page, one: int, other: int) -> bool:
    return page.elements[one].get("href") == page.elements[other].get("href")


def _trim(name: str) -> str:
    """Return a title without the punctuation around it; brackets of its own stay: 公告（第2号）."""
    name = name.strip(_TRIM)
    whole = _BRACKETED.fullmatch(name)
    return whole["inside"] if whole and not re.search(r"[【\[（(】\]）)]", whole["inside"]) else name.strip("】]")


def _is_apart(text: str, mark: re.Match[str]) -> bool:
    """Tell whether a mark begins a piece of its own, and does not stand in a title: 《下一篇》."""
    return (
        bool(re.match(r"\s?[】\])）]?\s?[:：>»|]|\s*\Z|\s", text[mark.end() :])) or text[mark.start() - 1].isspace()
    )


def _name_behind(page: Page, number: int) -> tuple[str, int | None]:
    """Return name and link that stand in the line behind a label's."""
    if number + 1 >= len(page.lines):
        return "", None
    after = page.lines[number + 1]
    if LABEL.match(after.text) or len(after.text) > 200 or FURNITURE.search(after.text):
        return "", None
    if after.links[0] == after.links[1]:  # what follows is another matter, unless it says that there is none
        return (after.text if _NONE.fullmatch(without_pinyin(after.text)) else ""), None
    return after.text, page.links[after.links[0]]


def _to_neighbour(page: Page, name: str, anchor: int | None) -> Link | None:
    """Return the link, or None where the page says 没有了, or says nothing."""
    if _NONE.fullmatch(without_pinyin(name)):
        return None
    if anchor is None:
        return Link(title=name, href=None) if name else None
    attribute = collapse(page.elements[anchor].get("title") or "")
    if attribute and (not name or name.endswith(("...", "…", "..", "···"))) and not LABEL.match(attribute):
        name = attribute
    href = to_link(page, anchor, name).href
    return Link(title=name or None, href=href) if name or href else None


# ── related articles ───────────────────────────────────────────────────────────────────────────────────────


def find_related(page: Page, body: Body) -> Finding[tuple[Link, ...]] | None:
    """Return the articles that the page calls related."""
    start = body.lines[-1] + 1 if body.lines else body.start
    for number in page.lines_with(_RELATED_LIKELY, start):
        line = page.lines[number]
        if len(line.text) > 60 or not _RELATED.match(without_pinyin(line.text)):
            continue
        links: dict[Link, None] = {}
        for following in page.lines[number + 1 : number + 1 + _MOST_RELATED]:
            if following.linked * 2 < len(following.text) and len(following.text) > 12:
                break
            for index in range(*following.links):
                link = to_link(page, page.links[index])
                if link.href and link.title and len(link.title) > 3:
                    links[link] = None
        if links:
            place = page.place(line.node)
            return Finding(value=tuple(links), raw=line.text, rule="related:heading", place=place, confidence=0.85)
    return None


# ── the pages of one article ───────────────────────────────────────────────────────────────────────────────

_NUMBERED = re.compile(r"[_-](\d{1,2})(?=\.\w{3,6}\Z)")
_PAGE_KEY = re.compile(r"(?:^|&)(?:page|p|pageno|pageindex|curpage|pn)=(\d{1,3})(?=&|\Z)", re.IGNORECASE)
_PAGER = re.compile(r"[\[【第]?\s?\d{1,3}\s?页?[\]】]?|下一?[页頁]|next(?: page)?|[>»›]", re.IGNORECASE)
_MOST_PAGES = 200


def is_page_of(uri: str, article: str) -> bool:
    """Tell whether an address is that of another page of the same article.

    >>> is_page_of("http://a.cn/12_2.htm", "http://a.cn/12.htm"), is_page_of("http://a.cn/13.htm", "http://a.cn/12.htm")
    (True, False)
    >>> is_page_of("http://a.cn/show.asp?id=5&page=2", "http://a.cn/show.asp?id=5"), is_page_of("http://a.cn/t/2/", "http://a.cn/t/")
    (True, True)
    """
    base, number = _split_number(uri)
    own_base, own_number = _split_number(article)
    if uri == article:
        return False
    if base == own_base and number is not None:
        return own_number is None or max(own_number, number) <= 50
    folder = article.rstrip("/") + "/"
    return uri.startswith(folder) and uri[len(folder) :].rstrip("/").isdecimal() and len(uri) - len(folder) <= 3


def _split_number(uri: str) -> tuple[str, int | None]:
    """Return an address without the number of its page, and that number."""
    parts = urlsplit(uri)
    if key := _PAGE_KEY.search(parts.query):
        query = (parts.query[: key.start()] + parts.query[key.end() :]).strip("&")
        return f"{parts.netloc}{parts.path}?{query}", int(key[1])
    if not parts.query and (number := _NUMBERED.search(parts.path)):
        return f"{parts.netloc}{parts.path[: number.start()]}{parts.path[number.end() :]}?", int(number[1])
    return f"{parts.netloc}{parts.path}?{parts.query}", None


def find_pages(page: Page, body: Body) -> Finding[tuple[Link, ...]] | None:
    """Return the other pages of an article that is split over several, in reading order."""
    uri = page.document.uri
    last = body.lines[-1] if body.lines else body.start
    found: dict[str, tuple[int, Link, int]] = {}
    for node in page.links:
        if not body.start <= page.first[node] <= last + 20:
            continue
        text = page.text_of(node)
        if len(text) > 12 or not _PAGER.fullmatch(text):
            continue
        link = to_link(page, node, text)
        if link.href and is_page_of(link.href, uri):
            number = _split_number(link.href)[1] or int("".join(filter(str.isdecimal, text)) or 0)
            found.setdefault(link.href, (number, link, node))
    if not found:
        return None
    ordered = sorted(found.values(), key=lambda one: one[0])[:_MOST_PAGES]
    place = page.place(page.parents[ordered[0][2]])
    links = tuple(link for _, link, _ in ordered)
    return Finding(
        value=links, raw=" ".join(link.title or "" for link in links), rule="pager", place=place, confidence=0.9
    )
