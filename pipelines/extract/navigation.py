"""Finds where an article stands on its site: breadcrumb, section, neighbours, related articles."""

import re
from collections.abc import Iterator

from pipelines.extract.body import Body
from pipelines.extract.imprint import Statement
from pipelines.extract.layouts import Layout, select
from pipelines.extract.links import address_of
from pipelines.extract.noise import tokens
from pipelines.extract.page import Page, collapse
from pipelines.extract.title import Printed, key
from pipelines.model import Finding, Link
from pipelines.uri import resolve

_CRUMB_LABEL = re.compile(
    r"^[\s\W]*(?:您?你?(?:现在|當前|当前|目前|所在)?的?\s?(?:位置|位置是|所在)|当前的?位置|當前位置|目前位置|所在位置|现在位置|現在位置|현재위치|현재 위치|현재페이지)\s?(?:是|在)?\s?[:：>]?\s?|^\s*(?:location|you are here|sie sind hier|vous êtes ici)\s?:\s?",
    re.IGNORECASE,
)
_CRUMB_TOKENS = frozenset(
    "breadcrumb breadcrumbs crumb crumbs bread location position place path weizhi dqwz mbx sitepath curmb nowplace".split()
)
_HOME = frozenset(
    "首页 網站首頁 网站首页 首頁 主页 主頁 学院首页 学校首页 本站首页 部门首页 home startseite accueil 홈 home홈 トップ 网站主页 学院主页 中心首页 返回首页 index 集团首页 homepage".split()
)
_LAST = frozenset(
    "正文 内容 详情 详细内容 详细信息 内容详情 浏览文章 文章正文 查看 信息内容 文章内容 新闻内容 新闻正文 新闻详情 内文 detail details content 查看信息 详细页 内容页 文章详情 文章 显示 浏览 新闻浏览 浏览正文".split()
)
_SEPARATORS = re.compile(r"\s*(?:>>|»|›|>|→|➜|/|\||·|::|»|＞|－|—|-{1,2}>|–|\\|≫|▶|❯)\s*")

_PREVIOUS = r"(?:上一?[篇条條则則页頁]|前一?[篇则則页頁]|上一?個|上一?(?:主题|新闻|文章)|previous(?: (?:post|article|story|news|page))?|prev|older(?: post)?|이전글|이전|前の記事|vorheriger?(?: artikel)?)"
_NEXT = r"(?:下一?[篇条條则則页頁]|[后後]一?[篇则則页頁]|下一?個|下一?(?:主题|新闻|文章)|next(?: (?:post|article|story|news|page))?|newer(?: post)?|다음글|다음|次の記事|nächster?(?: artikel)?)"
_NEIGHBOUR = re.compile(rf"(?P<previous>{_PREVIOUS})|(?P<next>{_NEXT})", re.IGNORECASE)
NEIGHBOUR = re.compile(
    rf"^[\s\W]*(?:(?P<previous>{_PREVIOUS})|(?P<next>{_NEXT}))(?:新闻|文章|信息|内容|记录)?\s?[】\])]?\s?[:：>»>]*\s?(?=$|\S)",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"^[\s\W]*(?:没有了?|没有(?:下|上|更多|文章|了|新闻).{0,8}|無|无|暂无.{0,6}|已是(?:最后|第|首|末).{0,8}|已经(?:没有|是).{0,8}|none|nothing|没有记录|没有资料|返回列表|空|到头了|这是(?:第|最后).{0,6}|이전글이 없습니다.?|다음글이 없습니다.?)[\s\W]*$",
    re.IGNORECASE,
)
_RELATED = re.compile(
    r"^[\s\W]*(?:相关|相關|推荐|延伸)(?:新闻|阅读|文章|链接|报道|信息|内容|资讯|稿件|新聞|閱讀|連結|報導)\s?[:：]?[\s\W]*(?:更多.{0,3})?$|^related (?:articles?|stories|news|posts|content)",
    re.IGNORECASE,
)


def _link(page: Page, node: int, title: str | None = None) -> Link:
    element = page.elements[node]
    raw = address_of(element)
    href = resolve(page.document.base, raw, charset=page.document.charset.name) if raw else None
    return Link(title=title if title is not None else (page.text(node) or None), href=href)


def find_breadcrumb(page: Page, layout: Layout | None, title: Printed | None) -> Finding[tuple[Link, ...]] | None:
    """Return the location bar: the links from the home page down to the article's section."""
    named = [(node, f"{layout.name}:breadcrumb") for node in select(page, layout.breadcrumb)] if layout else []
    limit = title.line if title else 80
    for node, rule in [*named, *_crumb_nodes(page)]:
        links = _read_bar(page, node, title)
        if (
            links
            and len(links) <= 8
            and (
                rule == "crumb:label"
                or ":" in rule
                and not rule.startswith("crumb")
                or _is_bar(links, page.text(node))
            )
        ):
            return Finding(value=links, raw=page.text(node), rule=rule, place=page.place(node), confidence=0.95)
    return None


def _crumb_nodes(page: Page) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(page.lines):
        if len(line.text) < 200 and _CRUMB_LABEL.match(line.text):
            yield line.node, "crumb:label"
    for name, nodes in page.named.items():
        if not _CRUMB_TOKENS.isdisjoint(tokens(name)):
            for node in nodes:
                if page.links_in(node):
                    yield node, "crumb:class"
    for name, node in page.ids.items():
        if not _CRUMB_TOKENS.isdisjoint(tokens(name)) and page.links_in(node):
            yield node, "crumb:id"
    for line in page.lines:
        if 3 < len(line.text) < 160 and line.links[1] - line.links[0] >= 1:
            parts = [part for part in _SEPARATORS.split(line.text) if part]
            if len(parts) >= 2 and parts[0].casefold().strip() in _HOME:
                if parts[-1].split()[0] in _LAST or ">" in line.text or "»" in line.text:
                    yield line.node, "crumb:home"


def _is_bar(links: tuple[Link, ...], text: str) -> bool:
    first = (links[0].title or "").casefold()
    return first in _HOME or (len(links) > 1 and bool(re.search(r"[>»›→]", text)))


def _read_bar(page: Page, node: int, title: Printed | None) -> tuple[Link, ...]:
    text = page.text(node)
    bare = _CRUMB_LABEL.sub("", text, count=1)
    anchors = [(page.text(link), link) for link in page.links_in(node)]
    anchors = [(name, link) for name, link in anchors if name]
    if not anchors and not _SEPARATORS.search(bare):
        return ()
    out: list[Link] = []
    cursor = 0
    pieces: list[tuple[str, int | None]] = []
    for name, link in anchors:
        at = bare.find(name, cursor)
        if at < 0:
            continue
        pieces += [(part, None) for part in _SEPARATORS.split(bare[cursor:at])]
        pieces.append((name, link))
        cursor = at + len(name)
    pieces += [(part, None) for part in _SEPARATORS.split(bare[cursor:])]
    title_key = key(title.text) if title else ""
    for part, link in pieces:
        part = part.strip(" >»|/·:：-—→›▶")
        if not part:
            continue
        if link is None:
            word = part.split()[0].strip("[]【】()（）")
            mine = key(part)
            if (
                word in _LAST
                or not mine
                or (title_key and (title_key.startswith(mine) or mine.startswith(title_key)))
                or len(part) > 30
            ):
                continue
            out.append(Link(title=part, href=None))
        else:
            mine = key(part)
            if title_key and mine == title_key:
                continue
            out.append(_link(page, link, part))
    return tuple(out)


def find_section(
    page: Page, imprint: tuple[Statement, ...], breadcrumb: Finding[tuple[Link, ...]] | None
) -> Finding[str] | None:
    """Return the section of the site that the article stands in."""
    for statement in imprint:
        for entry in statement.entries:
            if "section" in entry.kinds and 0 < len(entry.value) <= 30:
                return Finding(
                    value=entry.value,
                    raw=statement.text,
                    rule=f"metaline:{entry.label}",
                    place=page.place(page.lines[statement.line].node),
                    confidence=0.95,
                )
    if breadcrumb:
        last = breadcrumb.value[-1].title
        if last and last.casefold() not in _HOME:
            return Finding(
                value=last, raw=breadcrumb.raw, rule="breadcrumb", place=breadcrumb.place, confidence=0.9
            )
    hint = page.document.hints.section
    return Finding(value=hint, raw=hint, rule="hint:section", confidence=0.9) if hint else None


def find_neighbours(page: Page, body: Body) -> tuple[Finding[Link] | None, Finding[Link] | None]:
    """Return the previous and the next article, as the page names them."""
    found: dict[str, Finding[Link]] = {}
    start = body.lines[len(body.lines) // 2] if body.lines else body.start
    lines = page.lines
    for number in range(start, len(lines)):
        line = lines[number]
        if len(line.text) > 400 or not (match := NEIGHBOUR.match(line.text)):
            continue
        for side, link, raw in _read_neighbours(page, number):
            if side not in found and link is not None:
                found[side] = Finding(
                    value=link, raw=raw, rule=f"neighbour:{side}", place=page.place(line.node), confidence=0.95
                )
            elif side not in found:
                found[side] = None  # type: ignore[assignment]
    return found.get("previous"), found.get("next")


def _read_neighbours(page: Page, number: int) -> Iterator[tuple[str, Link | None, str]]:
    line = page.lines[number]
    text = line.text
    marks = list(_NEIGHBOUR.finditer(text))
    marks = [m for k, m in enumerate(marks) if k == 0 or (m.lastgroup != marks[0].lastgroup)][:2]
    anchors = [page.links[k] for k in range(*line.links)]
    for index, mark in enumerate(marks):
        end = marks[index + 1].start() if index + 1 < len(marks) else len(text)
        side = mark.lastgroup or ""
        piece = text[mark.start() : end]
        label = NEIGHBOUR.match(piece)
        name = piece[label.end() :].strip(" :：>»|【】[]-") if label else ""
        anchor = None
        for candidate in anchors:
            words = page.text(candidate)
            if words and words in piece:
                anchor = candidate
                break
        if not name and not anchor and len(marks) == 1 and number + 1 < len(page.lines):
            after = page.lines[number + 1]
            if not NEIGHBOUR.match(after.text) and len(after.text) < 200:
                name = after.text
                anchor = page.links[after.links[0]] if after.links[0] < after.links[1] else None
        if anchor is None and not name:
            yield side, None, piece
            continue
        if _NONE.match(name):
            yield side, None, piece
            continue
        if anchor is not None:
            attribute = collapse(page.elements[anchor].get("title") or "")
            if not name:
                name = attribute if attribute and not NEIGHBOUR.match(attribute) else ""
            elif attribute and name.endswith(("...", "…")):
                name = attribute
            link = _link(page, anchor, name)
            link = Link(title=name or None, href=link.href)
        else:
            link = Link(title=name or None, href=None)
        yield side, (link if link.title or link.href else None), piece


def find_related(page: Page, body: Body) -> Finding[tuple[Link, ...]] | None:
    """Return the articles that the page calls related."""
    start = body.lines[-1] + 1 if body.lines else body.start
    for number in range(start, len(page.lines)):
        line = page.lines[number]
        if len(line.text) > 60 or not _RELATED.match(line.text):
            continue
        links: dict[Link, None] = {}
        for following in page.lines[number + 1 : number + 31]:
            if following.linked * 2 < len(following.text) and len(following.text) > 12:
                break
            for k in range(*following.links):
                link = _link(page, page.links[k])
                if link.href and link.title and len(link.title) > 3:
                    links[link] = None
        if links:
            return Finding(
                value=tuple(links),
                raw=line.text,
                rule="related:heading",
                place=page.place(line.node),
                confidence=0.85,
            )
    return None
