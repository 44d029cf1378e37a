"""Finds the name of the section that a listing page lists."""

import re
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from pipelines.extract.links import clean, width
from pipelines.extract.page import Page

_LABEL = re.compile(
    r"\s*[\[【]?(?:[您你]?的?(?:当前|现在|所在|目前|當前|現在)?的?(?:所在)?(?:位置|栏目)|현재 ?위치|you are here"
    r"|current location)(?:是|为)?[\]】]?\s*[:：]?\s*",
    re.IGNORECASE,
)
_CRUMBS = re.compile(
    r"(?:^|[\s_-])(?:position|location|(?:bread)?crumbs?|dqwz|weizhi|dangqian|curr?ent_?pos\w*|path|place|site_?path)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s*(?:>+|＞+|»|›|→|/|::|\|)\s*")
_TITLE_SEPARATOR = re.compile(r"\s*[-_|–—]\s*")
_NO_SECTION = re.compile(
    r"(?:网站)?首页|主页|首頁|正文|(?:文章|新闻)?列表|home|index|news list|en|zh|k2web wizard", re.IGNORECASE
)
_INSTITUTION = re.compile(
    r".*(?:大学|大學|学院|學院|研究所|中心|办公室|处|university|college|institute|대학교)", re.IGNORECASE
)
_MAX_TRAIL = 120
"""Characters of the longest location bar."""
_MAX_NAME = 24.0


def find_section(page: Page) -> str | None:
    """Return the name of a listing's section: the end of the location bar, or the start of the page's title."""
    for node in _find_trails(page):
        if name := _read_trail(page.elements[node]):
            return name
    title = clean(page.document.root.findtext(".//title"))
    own = [name for name in _TITLE_SEPARATOR.split(title) if not _INSTITUTION.fullmatch(name)]
    return _choose(own[:1])


def _find_trails(page: Page) -> list[int]:
    """Return what calls itself a location bar, by its first words, its class or its id, in document order."""
    named = {node for name, nodes in page.named.items() if _names_trail(name) for node in nodes}
    named |= {node for name, node in page.ids.items() if _names_trail(name)}
    labelled = {line.node for line in page.lines if line.node >= 0 and _LABEL.match(line.text)}
    return sorted(labelled | {node for node in named if page.tags[node] in _BARS})


_BARS = frozenset({"div", "p", "span", "td", "ul", "ol", "nav", "dl", "section", "h2", "h3"})


@lru_cache(maxsize=2048)
def _names_trail(name: str) -> bool:
    return _CRUMBS.search(name) is not None


def _read_trail(element: HtmlElement) -> str | None:
    """Return the last name of a location bar; None where the element is none."""
    pieces = [clean(text) for text in islice(element.itertext(), _MAX_TRAIL)]
    trail = " ".join(piece for piece in pieces if piece)
    if len(trail) > _MAX_TRAIL:
        return None
    labelled = _LABEL.match(trail)
    names = _SEPARATOR.split(trail[labelled.end() :] if labelled else trail)
    if len(names) < 2:  # separated by list items or spaces alone
        names = [piece for piece in pieces if piece and not _LABEL.fullmatch(piece)]
    return _choose(names) if len(names) > 1 else None


def _choose(names: list[str]) -> str | None:
    """Return the last name that may be a section's."""
    good = [name for name in names if name and width(name) <= _MAX_NAME and not _NO_SECTION.fullmatch(name)]
    return good[-1] if good else None
