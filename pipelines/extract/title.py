"""Finds the title as the page prints it."""

import re
from collections.abc import Sequence
import unicodedata
from itertools import accumulate
from typing import NamedTuple

from pipelines.extract.metadata import TITLE_TAGS, Metadata
from pipelines.extract.page import Page
from pipelines.extract.noise import FURNITURE, tokens
from pipelines.extract.labels import read_line
from pipelines.model import Finding, Witness

_HEADINGS = {"h1": 6.0, "h2": 4.0, "h3": 3.0, "h4": 2.0, "h5": 1.0}
_TITLE_TOKENS = frozenset("title tit biaoti headline subject heading bt arti".split())
_IRRELEVANT = re.compile(r"\W+")
_SPLIT = re.compile(r"\s*(?:[-–—|_»·>:：<]{1,3}|//|\\)\s*")
_EMPTY_TITLES = (
    "无标题文档",
    "untitled document",
    "document",
    "home",
    "首页",
    "正文",
    "新闻",
    "显示",
    "null",
    "no title",
)


class Printed(NamedTuple):
    """A title on the page: which line, and its text."""

    line: int
    node: int
    text: str
    score: float
    rule: str


def key(text: str) -> str:
    """Return a text as titles are compared: letters and digits only, one width, one case.

    >>> key("“千行万业”　春季专场｜Ａ") == key("千行万业春季专场 a")
    True
    """
    return _IRRELEVANT.sub("", unicodedata.normalize("NFKC", text)).replace("_", "").casefold()


def find_printed(page: Page, head: Metadata, named: Sequence[int] = ()) -> Printed | None:
    """Return the line that prints the title."""
    for node in named:
        text = page.text(node)
        if text and len(text) < 220:
            return Printed(page.first[node], node, text, 20.0, "layout")
    names = [
        key(text)
        for text in (
            page.document.hints.text,
            head.tags.get("articletitle"),
            head.tags.get("og:title"),
            head.title,
            head.article.get("headline"),
        )
        if isinstance(text, str)
    ]
    names = [name for name in names if len(name) >= 2 and name not in _EMPTY_TITLES]
    best: Printed | None = None
    lengths = [0, *accumulate(len(l.text) - l.linked if len(l.text) - l.linked > 30 else 0 for l in page.lines)]
    for number, line in enumerate(page.lines):
        text = line.text
        if len(text) > 220 or FURNITURE.search(text):
            continue
        tag = page.tags[line.node]
        own = _class_of(page, line.node)
        score = _HEADINGS.get(tag, 0.0)
        if not _TITLE_TOKENS.isdisjoint(own):
            score += 2.0
        mine = key(text)
        if len(mine) < 2:
            continue
        agreement = max((_agreement(mine, name) for name in names), default=0.0)
        score += 10 * agreement
        if score < 2 or (names and not agreement and tag not in _HEADINGS and "title" not in own):
            continue
        if lengths[number] > 300 and lengths[number] > 0.6 * lengths[-1]:
            score -= 8
        if line.linked * 2 > len(text):
            score -= 5
        if tag in ("li", "dd"):
            score -= 1
        if score < 2:
            continue
        following = page.lines[number + 1 : number + 5]
        if any(len(l.text) < 200 and _is_dated(l.text) for l in following):
            score += 2.0
        if score >= 2 and (best is None or score > best.score + 0.5):
            best = Printed(number, line.node, text, score, f"{tag}")
    return best


def _is_dated(text):
    m = read_line(text)
    return any(k in ("published", "source", "clicks", "modified") for e in m.entries for k in e.kinds) or (
        bool(re.search(r"\d{4}[-/.年]\s?\d", text)) and len(m.rest) < 6
    )


def _agreement(mine: str, name: str) -> float:
    if mine == name:
        return 1.0
    if len(mine) >= 4 and (name.startswith(mine) or name.endswith(mine)):
        return 0.55 + 0.4 * len(mine) / len(name)
    if len(mine) >= 6 and mine in name:
        return 0.3 + 0.4 * len(mine) / len(name)
    if len(name) >= 6 and name in mine:
        return 0.4 + 0.5 * len(name) / len(mine)
    return 0.0


def _class_of(page: Page, node: int) -> frozenset[str]:
    element = page.elements[node]
    return tokens(f"{element.get('class') or ''} {element.get('id') or ''}")
