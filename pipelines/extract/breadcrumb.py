"""Finds the location bar of a page: the way from the home page down to the article's section."""

import re
from collections.abc import Iterator
from itertools import islice

from pipelines.extract.imprint import Imprint
from pipelines.extract.layouts import Layout, find_nodes
from pipelines.extract.metadata import SECTION_TAGS, Metadata
from pipelines.extract.neighbours import to_link
from pipelines.extract.page import Page, any_of
from pipelines.extract.title import Printed, key
from pipelines.model import Finding, Link

_LABEL = re.compile(
    r"[\s\W]{0,6}(?:(?:您|你)?(?:现在|現在|当前|當前|目前|所在|现时)?(?:的|所在的|所在)?\s?位\s?置|(?:您|你)(?:现在|現在|目前)?(?:在|所在))\s?(?:是|在)?\s?[:：>]?\s?"
    r"|\s{0,2}(?:(?:your |current )?(?:location|position)(?: is)?|you are here|sie (?:sind|befinden sich) hier|vous êtes ici"
    r"|estás? en|ti trovi (?:qui|in)|tu sei qui|você está (?:aqui|em)"
    r"|u bevindt zich hier|je bent hier|du (?:är|er) h[äe]r|jesteś tutaj|nacházíte se"
    r"|вы находитесь(?: здесь)?|現在(?:地|位置)|현재\s?위치|현재\s?페이지)\s?[:：]\s?",
    re.IGNORECASE,
)
_LABELLED = any_of(
    (
        "位置",
        "位 置",
        "您现在",
        "您所在",
        "ou are here",
        "ocation",
        "osition",
        "ie sind hier",
        "ie befinden",
        "stá en",
        "stás en",
        "i trovi",
        "u sei qui",
        "ocê está",
        "evindt zich",
        "e bent hier",
        "u är här",
        "u er her",
        "esteś tutaj",
        "acházíte se",
        "ы находитесь",
        "現在地",
        "ous êtes ici",
        "현재",
    )
)
"""Words one of which every label holds."""
_NAMES = frozenset(
    "breadcrumb breadcrumbs crumb crumbs bread location position place path weizhi dqwz mbx sitepath curmb "
    "nowplace topicpath pankuzu rootline migas brotkrumen krumen ariane briciole drobecky drobeckova okruszki brodsmuler brødsmuler".split()
)
"""Words in class or id that name a location bar."""
_HOMES = frozenset(
    "首页 首頁 网站首页 網站首頁 主页 主頁 学院首页 学校首页 本站首页 部门首页 网站主页 学院主页 学校主页 "
    "中心首页 返回首页 回首页 回首頁 home homepage startseite accueil inicio início hjem forside hem start startsida etusivu úvod domů главная 홈 トップ "
    "トップページ ホーム index".split()
) | {"página inicial", "strona główna", "pagina iniziale", "página principal"}
_HOME_ENDS = ("首页", "首頁", "主页", "主頁")
_LONGEST_HOME = 10
_HOME = any_of(
    (
        "首页",
        "首頁",
        "主页",
        "主頁",
        "ome",
        "HOME",
        "Startseite",
        "Accueil",
        "Inicio",
        "INICIO",
        "nício",
        "inicial",
        "Hjem",
        "Forside",
        "Hem",
        "Etusivu",
        "Strona g",
        "Главная",
        "홈",
        "トップ",
        "ホーム",
    )
)
_LAST = frozenset(
    "正文 内容 详情 详细内容 详细信息 内容详情 浏览文章 文章正文 查看 信息内容 文章内容 新闻内容 新闻正文 "
    "新闻详情 内文 查看信息 详细页 内容页 文章详情 文章 显示 浏览 新闻浏览 浏览正文 内容正文 信息详情 阅读文章 "
    "查看内容 查看详情 详细 详细页面 正文内容 信息浏览 内容显示 detail details content".split()
)
"""What stands for the article itself at the end of a bar."""
_SEPARATOR = re.compile(r"\s*(?:>>|->|-{1,2}>|::|[>»›→➜/|·＞—–－\\≫▶❯])\s*")
_MARKED = re.compile(r"[>»›→➜＞≫▶❯]")
_ARIA = re.compile(
    r"bread ?crumb|位置|面包屑|麵包屑|パンくず|brotkr|krümel|fil d.ariane|migas|briciole", re.IGNORECASE
)
"""What a bar is called for screen readers (WAI-ARIA Authoring Practices, Breadcrumb)."""
_MOST_NAMED = 40
"""How many elements named so are looked at: each may hold all the others."""
_NEAR, _FEW = 3, 4
"""Lines that a bar with slashes stands above the title at most, and its parts: menus have slashes, too."""
_MOST = 8
"""Links in the longest bar; a menu has more."""


def is_home(name: str) -> bool:
    """Tell whether a link leads home, by what it is called; offices name their own: 组织部首页.

    >>> is_home("Home"), is_home("组织部首页"), is_home("学校在首页公布名单")
    (True, True, False)
    """
    return name.casefold() in _HOMES or (len(name) <= _LONGEST_HOME and name.endswith(_HOME_ENDS))


def find_breadcrumb(page: Page, layout: Layout | None, title: Printed | None) -> Finding[tuple[Link, ...]] | None:
    """Return the location bar: its links and texts from the home page on, without label and without the article."""
    for node, rule in _candidates(page, layout, title):
        text = page.text_of(node)
        if len(text) > 300:
            continue
        links = tuple(_read_bar(page, node, text, title))
        if 0 < len(links) <= _MOST and (not rule.endswith(":class") or _is_bar(links, text)):
            return Finding(value=links, raw=text, rule=rule, place=page.place(node), confidence=0.95)
    return None


def _candidates(page: Page, layout: Layout | None, title: Printed | None) -> Iterator[tuple[int, str]]:
    """Yield the nodes that may be the bar, the surest first."""
    yield from find_nodes(page, layout, "breadcrumb")
    for number in page.lines_with(_LABELLED):
        line = page.lines[number]
        if _LABEL.match(line.text):
            yield _around(page, number), "breadcrumb:label"
    for node in page.listed["nav"]:
        if _ARIA.search(page.elements[node].get("aria-label") or ""):
            yield node, "breadcrumb:aria-label"
    named = (node for node in page.nodes_named(_NAMES) if page.links_in(node))
    yield from ((node, "breadcrumb:class") for node in islice(named, _MOST_NAMED))
    for number in page.lines_with(_HOME):
        line = page.lines[number]
        if is_home(line.text) and line.linked and (around := _find_list(page, number, title)) is not None:
            yield around, "breadcrumb:list"
        elif len(line.text) < 160:
            parts = [part for part in _SEPARATOR.split(line.text) if part]
            is_way = len(parts) > 1 and is_home(parts[0])
            is_near = title is not None and 0 < title.line - number <= _NEAR and len(parts) <= _FEW
            is_sure = line.linked and ((is_near and "/" in line.text) or parts[-1].split()[0].casefold() in _LAST)
            if is_way and (is_sure or _MARKED.search(line.text)):
                yield line.node, "breadcrumb:home"


def _find_list(page: Page, number: int, title: Printed | None) -> int | None:
    """Return the list that begins with the home page and ends with the article itself, which is no link: a menu of
    the site would end with a link."""
    node = page.parents[page.lines[number].node]
    if node < 0 or page.tags[node] not in ("ul", "ol") or page.first[node] != number:
        return None
    *others, last = page.lines[number : page.last[node]]
    is_self = last.text.casefold() in _LAST or (title is not None and key(last.text) == key(title.text))
    is_way = not last.linked and is_self and all(line.linked for line in others)
    return node if is_way and len(others) <= _MOST else None


def _around(page: Page, number: int) -> int:
    """Return the node of a labelled bar: the label's own, or the one around it where the links stand beside it."""
    line = page.lines[number]
    if line.links[0] == line.links[1] and not _SEPARATOR.search(line.text[4:]):
        for node in page.ancestors(line.node):
            if page.links_in(node):
                return node
    return line.node


def _is_bar(links: tuple[Link, ...], text: str) -> bool:
    return is_home(links[0].title or "") or (len(links) > 1 and _MARKED.search(text) is not None)


def _read_bar(page: Page, node: int, text: str, title: Printed | None) -> Iterator[Link]:
    label = _LABEL.match(text)
    bare = text[label.end() :] if label else text
    title_key = key(title.text) if title else ""
    cursor = 0
    for link in page.links_in(node):
        name = page.text_of(link)
        at = bare.find(name, cursor) if name else -1
        if at < 0:
            continue
        yield from _read_plain(bare[cursor:at], title_key)
        cursor = at + len(name)
        if not (title_key and key(name) == title_key):
            yield to_link(page, link, name)
    yield from _read_plain(bare[cursor:], title_key)


def _read_plain(text: str, title_key: str) -> Iterator[Link]:
    """Yield the parts of a bar that are no links: a section without a page of its own."""
    for part in _SEPARATOR.split(text):
        name = part.strip(" >»|/·:：-—→›▶[]【】()（）")
        mine = key(name)
        if not mine or len(name) > 30 or name.split()[0].casefold() in _LAST:
            continue
        if title_key and (title_key.startswith(mine) or mine.startswith(title_key)):
            continue
        yield Link(title=name, href=None)


def find_section(
    page: Page, head: Metadata, imprint: Imprint, breadcrumb: Finding[tuple[Link, ...]] | None
) -> Finding[str] | None:
    """Return the section of the site that the article stands in: as printed, else as the head or the listing says."""
    for statement in imprint:
        for entry in statement.entries:
            if "section" in entry.kinds and 0 < len(entry.value) <= 30:
                place = page.place(page.lines[statement.line].node)
                return Finding(
                    value=entry.value,
                    raw=statement.text,
                    rule=f"metaline:{entry.label}",
                    place=place,
                    confidence=0.95,
                )
    if breadcrumb:
        last = breadcrumb.value[-1].title
        if last and not is_home(last):
            return Finding(
                value=last, raw=breadcrumb.raw, rule="breadcrumb", place=breadcrumb.place, confidence=0.9
            )
    if (stated := head.find(SECTION_TAGS)) and len(stated[1]) <= 30:
        rule, name = stated
        return Finding(value=name, raw=name, rule=f"meta:{rule}", confidence=0.85)
    hint = page.document.hints.section
    return Finding(value=hint, raw=hint, rule="hint:section", confidence=0.9) if hint else None
