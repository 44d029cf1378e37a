"""Finds who made an article: source, author, editor, and everybody with a part in it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from pipelines.extract.imprint import Imprint
from pipelines.extract.labels import Entry, kinds_of_label, read_line
from pipelines.extract.layouts import Layout, find_nodes
from pipelines.extract.metadata import AUTHOR_TAGS, SOURCE_TAGS, Metadata, names_of
from pipelines.extract.page import Page
from pipelines.extract.statements import Statement
from pipelines.extract.title import Printed, key
from pipelines.extract.trim import Body
from pipelines.extract.words import PEOPLE
from pipelines.model import Contributor, Finding, Witness

PLACEHOLDERS = frozenset(
    "未知 未知来源 不详 佚名 匿名 无名 本站 本站原创 原创 网络 互联网 转载 管理员 系统管理员 网站管理员 站长 "
    "无 本站编辑 小编 默认 admin administrator root system superadmin webmaster none null unknown anonymous "
    "nobody n/a default test user".split()
)
"""What a CMS fills in where nobody wrote anything (DedeCMS: 来源:未知 / 作者:admin). Folded, lower case."""

_NO_NAME = re.compile(r"https?:|www\.|[。！？]|\d{5,}", re.IGNORECASE)
"""A source that is an address, a whole sentence or a telephone number is none."""
_ADDRESS = re.compile(
    r"\s*[(（<\[]?\s?[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}\s?[)）>\]]?|\s*[(（<\[]\s?https?:[^()（）]{1,200}[)）>\]]"
)
"""What is printed behind a name: its address, in the mail or on the web."""
_SPLIT = re.compile(r"\s*[、,，;；/&|]\s*|\s+(?:and|und|et|y)\s+|(?<=[\u4e00-\u9fff]{2})\s+(?=[\u4e00-\u9fff]{2})")
_BY = re.compile(r"^(?:(?:written |posted )?by|von|par|av|af|por|door|text)\s*:?\s+", re.IGNORECASE)
_LONGEST = 60
_AUTHOR_NAMES = frozenset("author authors authorstyle byline writer autor auteur".split())
"""Words in class or id that name who wrote it."""
_LEAD = 2
"""Lines of a summary that a byline may stand behind."""
_MOST_CLASSED = 20
"""How many such elements are looked at: each may hold all the others."""
_PERSON = re.compile(
    r"[\u3400-\u9fff·]{2,12}|[가-힣 ]{2,12}|[A-ZÀ-Þ][\w.'’-]{0,20}(?: (?:[a-z]{1,3} )?[A-ZÀ-Þ][\w.,'’-]{0,20}){1,5}"
)


def is_placeholder(value: str) -> bool:
    """Tell whether the CMS filled a field in.

    >>> is_placeholder("佚名"), is_placeholder("Admin"), is_placeholder("张三")
    (True, True, False)
    """
    return value.casefold().strip() in PLACEHOLDERS


def find_source(page: Page, layout: Layout | None, head: Metadata, imprint: Imprint) -> Finding[str] | None:
    """Return where the article came from, as printed."""
    if found := _find_named(page, layout, "source") or _find_stated(page, imprint, "source"):
        return found
    stated = head.find(SOURCE_TAGS)
    if stated is None or not _is_name(stated[1]) or stated[1] not in page.text:
        return None
    rule, value = stated
    return Finding(value=value, raw=value, rule=f"meta:{rule}", confidence=0.7, placeholder=is_placeholder(value))


def find_author(
    page: Page, layout: Layout | None, head: Metadata, imprint: Imprint, title: Printed | None, body: Body
) -> Finding[str] | None:
    """Return who wrote it, as printed."""
    if found := _find_stated(page, imprint, "author") or _find_named(page, layout, "author"):
        return found
    if title is not None and (found := _find_classed(page, title, body)):
        return found
    names = names_of(head.article.get("author")) or [head.tags[name] for name in AUTHOR_TAGS if name in head.tags]
    for name in names:
        # An author whom the page does not print is the CMS's user, or the office that runs the site.
        if len(name) > 1 and _is_name(name) and (line := _line_of(page, name)) is not None:
            place = page.place(page.lines[line].node)
            return Finding(value=name, raw=page.lines[line].text, rule="meta:author", place=place, confidence=0.85)
    return None


def find_editor(page: Page, layout: Layout | None, imprint: Imprint) -> Finding[str] | None:
    """Return who edited it, as printed; None for the CMS's own account (DedeCMS: 责任编辑：admin)."""
    found = _find_named(page, layout, "editor") or _find_stated(page, imprint, "editor")
    return None if found is None or found.placeholder else found


def find_account(imprint: Imprint) -> str | None:
    """Return the account that stands for an editor where nobody else does."""
    edited = [entry.value for _, entry in _stated(imprint, "editor")]
    return edited[0] if edited and is_placeholder(edited[0]) else None


def _find_named(page: Page, layout: Layout | None, field: str) -> Finding[str] | None:
    """Return what stands where the layout says."""
    for node, rule in find_nodes(page, layout, field):
        raw = page.text_of(node)
        entries = read_line(raw)
        value = entries[0].value if entries else _BY.sub("", raw)
        if _is_name(value) and len(value) > 1:
            place = page.place(node)
            placeholder = is_placeholder(value)
            return Finding(value=value, raw=raw, rule=rule, place=place, confidence=0.9, placeholder=placeholder)
    return None


def _find_classed(page: Page, title: Printed, body: Body) -> Finding[str] | None:
    """Return what stands between title and text in an element whose class says «author»."""
    stop = body.lines[0] if body.lines else body.end
    texts = frozenset(body.lines[: _LEAD + 1])
    near = (
        node
        for node in page.nodes_named(_AUTHOR_NAMES)
        if title.line - 1 <= page.first[node] <= stop + _LEAD and page.last[node] - page.first[node] <= 2
        if page.first[node] <= stop or page.first[node] not in texts
    )
    for node in islice(near, _MOST_CLASSED):
        raw = page.text_of(node)
        value = _BY.sub("", raw)
        if len(value) > 1 and _PERSON.fullmatch(value) and not read_line(raw) and key(value) != key(title.text):
            place = page.place(node)
            placeholder = is_placeholder(value)
            return Finding(
                value=value, raw=raw, rule="class:author", place=place, confidence=0.8, placeholder=placeholder
            )
    return None


def _is_name(value: str) -> bool:
    return 0 < len(value) <= _LONGEST and not _NO_NAME.search(value)


def _line_of(page: Page, name: str) -> int | None:
    """Return the short line that prints a name."""
    at = page.text.find(name)
    while at >= 0:
        line = page.line_at(at)
        if len(page.lines[line].text) <= len(name) + 40:
            return line
        at = page.text.find(name, at + 1)
    return None


def _stated(imprint: Imprint, kind: str) -> Iterator[tuple[Statement, Entry]]:
    for statement in imprint:
        for entry in statement.entries:
            if kind in entry.kinds and _is_name(bare := _ADDRESS.sub("", entry.value).strip()):
                yield statement, replace(entry, value=bare)


def _find_stated(page: Page, imprint: Imprint, kind: str) -> Finding[str] | None:
    candidates = list(_stated(imprint, kind))
    if not candidates:
        return None
    statement, entry = candidates[0]
    return Finding(
        value=entry.value,
        raw=statement.text,
        rule=f"metaline:{entry.label}",
        place=page.place(page.lines[statement.line].node),
        confidence=0.96 if statement in imprint.head else 0.9,
        witnesses=tuple(
            Witness(rule=f"metaline:{other.label}", value=other.value, agrees=other.value == entry.value)
            for _, other in candidates[1:]
        ),
        placeholder=is_placeholder(entry.value),
    )


def find_contributors(imprint: Imprint) -> Finding[tuple[Contributor, ...]] | None:
    """Return everybody the imprint names, one by one, with their parts; without what the CMS fills in."""
    found: dict[Contributor, None] = {}
    raw: dict[str, None] = {}
    for statement in imprint:
        for entry in statement.entries:
            for kind in entry.kinds:
                bare = _ADDRESS.sub("", entry.value).strip()
                if kind not in (*PEOPLE, "source") or not _is_name(bare):
                    continue
                names = [bare] if kind == "source" else split_names(bare)
                role = kind
                for name in names:
                    if part := next((part for part in kinds_of_label(name) if part in PEOPLE), None):
                        role = part  # 作者：学生记者 王雨 通讯员 李明
                    elif not is_placeholder(name):
                        found[Contributor(role=role, name=name)] = None
                        raw[statement.text] = None
    if not found:
        return None
    return Finding(value=tuple(found), raw="\n".join(raw), rule="metaline", confidence=0.9)


def split_names(value: str) -> list[str]:
    """Return the names in a value.

    >>> split_names("张三 李四、王五"), split_names("Ann Lee and Bo Li")
    (['张三', '李四', '王五'], ['Ann Lee', 'Bo Li'])
    """
    return [name.strip() for name in _SPLIT.split(value) if name.strip()]
