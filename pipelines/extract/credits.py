"""Finds who made an article: source, author, editor, and everybody with a part in it."""

import re
from collections.abc import Iterable

from pipelines.extract.imprint import Statement
from pipelines.extract.labels import PEOPLE, Entry
from pipelines.extract.layouts import Layout, select
from pipelines.extract.metadata import AUTHOR_TAGS, EDITOR_TAGS, SOURCE_TAGS, Metadata, names_of
from pipelines.extract.page import Page
from pipelines.model import Contributor, Finding, Witness

PLACEHOLDERS = frozenset(
    "未知 不详 佚名 匿名 无名 本站 本站原创 原创 网络 互联网 转载 admin administrator root system superadmin webmaster 管理员 系统管理员 网站管理员 站长 无 "
    "none null unknown anonymous nobody n/a 未知来源 本站编辑 小编 默认 default test user".split()
)
"""What a CMS fills in where nobody wrote anything (DedeCMS: 来源:未知 / 作者:admin)."""

_NO_NAME = re.compile(r"https?://|www\.|[。！？]|\d{5,}", re.IGNORECASE)
_EMAIL = re.compile(r"\s*[(（<\[]?\s?[\w.+-]+@[\w-]+\.[\w.-]+\s?[)）>\]]?")
_SPLIT = re.compile(
    r"\s*[、,，;；/&|]\s*|\s+(?:and|und|et|y)\s+|(?<=[\u4e00-\u9fff]{2})\s+(?=[\u4e00-\u9fff]{2})|(?<=[\u4e00-\u9fff]{3})\s+"
)
_LONGEST = {"source": 60, "author": 60, "editor": 40}


def is_placeholder(value: str) -> bool:
    """Tell whether the CMS filled a field in.

    >>> is_placeholder("佚名"), is_placeholder("Admin"), is_placeholder("张三")
    (True, True, False)
    """
    return value.casefold().strip() in PLACEHOLDERS


def _stated(imprint: tuple[Statement, ...], kind: str, *, longest: int) -> Iterable[tuple[Statement, Entry]]:
    for statement in imprint:
        for entry in statement.entries:
            if kind in entry.kinds and 0 < len(entry.value) <= longest and not _NO_NAME.search(entry.value):
                if statement.zone == "foot" and len(statement.rest) > 8:
                    continue
                yield statement, entry


def _find(page: Page, imprint: tuple[Statement, ...], kind: str) -> Finding[str] | None:
    candidates = list(_stated(imprint, kind, longest=_LONGEST.get(kind, 60)))
    if not candidates:
        return None
    statement, entry = candidates[0]
    if kind == "editor" and is_placeholder(entry.value):
        return None
    return Finding(
        value=_EMAIL.sub("", entry.value).strip(),
        raw=statement.text,
        rule=f"metaline:{entry.label}",
        place=page.place(page.lines[statement.line].node),
        confidence=0.96 if statement.zone == "head" else 0.9,
        witnesses=tuple(
            Witness(rule=f"metaline:{other.label}", value=other.value, agrees=other.value == entry.value)
            for _, other in candidates[1:]
        ),
        placeholder=is_placeholder(entry.value),
    )


def find_source(
    page: Page, layout: Layout | None, head: Metadata, imprint: tuple[Statement, ...]
) -> Finding[str] | None:
    """Return where the article came from, as printed."""
    if found := _find(page, imprint, "source"):
        return found
    stated = head.find(SOURCE_TAGS)
    if stated and len(stated[1]) <= 60 and not _NO_NAME.search(stated[1]):
        printed = any(stated[1] in line.text for line in page.lines)
        if printed:
            return Finding(
                value=stated[1],
                raw=stated[1],
                rule=f"meta:{stated[0]}",
                confidence=0.7,
                placeholder=is_placeholder(stated[1]),
            )
    return None


def find_author(
    page: Page, layout: Layout | None, head: Metadata, imprint: tuple[Statement, ...]
) -> Finding[str] | None:
    """Return who wrote it, as printed."""
    if found := _find(page, imprint, "author"):
        return found
    for node in select(page, layout.author) if layout else ():
        value = re.sub(r"^(?:by|von|posted by)\s+", "", page.text(node), flags=re.IGNORECASE)
        if 1 < len(value) <= 60:
            return Finding(
                value=value,
                raw=page.text(node),
                rule=f"{layout.name}:author",
                place=page.place(node),
                confidence=0.9,
            )
    names = names_of(head.article.get("author")) or [head.tags[name] for name in AUTHOR_TAGS if name in head.tags]
    for name in names:
        if 1 < len(name) <= 60 and not _NO_NAME.search(name):
            for number, line in enumerate(page.lines):
                if name in line.text and len(line.text) <= len(name) + 40:
                    return Finding(
                        value=name, raw=line.text, rule="meta:author", place=page.place(line.node), confidence=0.85
                    )
    return None


def find_editor(
    page: Page, layout: Layout | None, head: Metadata, imprint: tuple[Statement, ...]
) -> Finding[str] | None:
    """Return who edited it, as printed."""
    return _find(page, imprint, "editor")


def find_contributors(page: Page, imprint: tuple[Statement, ...]) -> Finding[tuple[Contributor, ...]] | None:
    """Return everybody the imprint names, one by one, with their parts."""
    found: dict[Contributor, None] = {}
    raw = []
    for statement in imprint:
        for entry in statement.entries:
            if _NO_NAME.search(entry.value) or len(entry.value) > 80:
                continue
            for kind in entry.kinds:
                if kind in (*PEOPLE, "source"):
                    names = [entry.value] if kind == "source" else split_names(entry.value)
                    for name in names:
                        if name and not is_placeholder(name):
                            found[Contributor(role=kind, name=name)] = None
            raw.append(statement.text)
    if not found:
        return None
    return Finding(value=tuple(found), raw="\n".join(dict.fromkeys(raw)), rule="metaline", confidence=0.9)


def split_names(value: str) -> list[str]:
    """Return the names in a value.

    >>> split_names("张三 李四、王五"), split_names("Ann Lee and Bo Li")
    (['张三', '李四', '王五'], ['Ann Lee', 'Bo Li'])
    """
    return [name.strip() for name in _SPLIT.split(value) if name.strip()]
