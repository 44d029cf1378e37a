"""Finds the title as the page prints it."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from pipelines.extract.labels import is_label
from pipelines.extract.metadata import Metadata
from pipelines.extract.noise import FURNITURE, nodes_named, tokens
from pipelines.extract.page import Line, Page
from pipelines.extract.statements import Statements
from pipelines.model import Finding, Witness

_HEADINGS = {"h1": 6.0, "h2": 4.0, "h3": 3.0, "h4": 2.0, "h5": 1.0}
"""How much a heading speaks for a title."""
_NAMED = 2.0
"""How much a class does: title, tit, biaoti."""
_AGREED = 10.0
"""How much the words of the page's head do, the listing's, the address's."""
_DATED = 2.0
"""How much a meta line behind it does."""
_LATE = 8.0
"""How much text before it speaks against it."""

_TITLE_WORDS = frozenset("title tit biaoti headline subject heading bt arti".split())
_NO_TITLES = frozenset(
    "无标题文档 untitleddocument untitled document home 首页 正文 新闻 显示 null notitle 详细内容 内容 新标题 index 网站首页".split()
)
"""What templates leave in ``title``."""
_PUNCTUATION = re.compile(r"[\W_]+")
_SITE = re.compile(r"\s*(?:[-–—|_»·<]{1,3}|//|::|>)\s*")
"""What stands between a title and the site's name in ``title``."""
_LONGEST = 220
_MOST = 200
"""How many lines are looked at closely."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A title on the page."""

    text: str
    node: int
    line: int
    """Its last line."""
    rule: str
    agreement: float
    """How well the head of the page agrees, from 0 to 1."""


def key(text: str) -> str:
    """Return a text as titles are compared: letters and digits only, one width, one case.

    >>> key("“千行万业”　春季专场｜Ａ") == key("千行万业春季专场 a")
    True
    """
    return _PUNCTUATION.sub("", unicodedata.normalize("NFKC", text)).casefold()


def find_printed(
    page: Page, head: Metadata, statements: Statements, named: Sequence[tuple[int, str]] = ()
) -> Printed | None:
    """Return the title on the page; ``named`` are nodes that a layout says hold it, with the rule that said so."""
    stated = [text for text in (page.document.hints.text, *head.titles()) if text]
    keys = [name for name in map(key, stated) if len(name) > 1 and name not in _NO_TITLES]
    for node, rule in named:
        if printed := _read_heading(page, page.first[node], node, statements, keys, rule):
            return printed
    lengths = [0, *accumulate(_own_length(line.text, line.linked) for line in page.lines)]
    best: Printed | None = None
    most = 0.0
    for number in _candidates(page, stated)[:_MOST]:
        node = page.lines[number].node
        printed = _read_heading(page, number, node, statements, keys, page.tags[node])
        if printed is None:
            continue
        score = _score(page, printed, page.lines[number], known=bool(keys))
        if lengths[number] > 300 and lengths[number] > 0.6 * lengths[-1]:
            score -= _LATE
        if score + _DATED > most and _is_dated(page, printed.line, statements):
            score += _DATED
        if score >= 2.0 and score > most + 0.5:
            best, most = printed, score
    return best


def _own_length(text: str, linked: int) -> int:
    return len(text) - linked if len(text) - linked > 30 else 0


def _candidates(page: Page, stated: Sequence[str]) -> list[int]:
    """Return the lines that may print the title: headings, those named so, those that the head knows."""
    known = "\n".join(stated)
    starts = {text[:6] for text in stated if len(text) >= 6}
    titled = set(nodes_named(page, _TITLE_WORDS))
    return [
        number
        for number, line in enumerate(page.lines)
        if len(line.text) <= _LONGEST
        and (
            page.tags[line.node] in _HEADINGS
            or line.node in titled
            or line.text in known
            or any(start in line.text for start in starts)
        )
    ]


def _read_heading(
    page: Page, number: int, node: int, statements: Statements, keys: Sequence[str], rule: str
) -> Printed | None:
    """Return the title that begins in a line: a heading may break it, and may hold the meta line as well."""
    last = number
    limit = page.last[node] if page.tags[node] in _HEADINGS or rule not in _HEADINGS else number + 1
    texts: list[str] = []
    for last in range(number, min(limit, number + 4)):
        if texts and (statements[last].is_meta() or page.lines[last].node != page.lines[number].node):
            last -= 1
            break
        texts.append(page.lines[last].text)
    while len(texts) > 1 and max(map(_agreement, [key(" ".join(texts))] * len(keys), keys), default=0.0) < max(
        map(_agreement, [key(texts[0])] * len(keys), keys), default=0.0
    ):
        texts.pop()
        last -= 1
    text = " ".join(texts)
    if not 1 < len(key(text)) <= _LONGEST or FURNITURE.search(text):
        return None
    agreement = max((_agreement(key(text), name) for name in keys), default=0.0)
    return Printed(text=text, node=node, line=last, rule=rule, agreement=agreement)


def _score(page: Page, printed: Printed, line: Line, *, known: bool) -> float:
    """Return how much speaks for a title, but for a meta line behind it; ``known`` says that the head states one."""
    tag = page.tags[printed.node]
    named = not _TITLE_WORDS.isdisjoint(tokens(page.names(printed.node)))
    if known and not printed.agreement and not named and (tag not in _HEADINGS or (tag != "h1" and len(line.text) < 8)):
        return 0.0
    score = _HEADINGS.get(tag, 0.0) + _NAMED * named + _AGREED * printed.agreement
    if line.linked * 2 > len(line.text):
        score -= 5.0
    return score - (tag in ("li", "dd"))


def _is_dated(page: Page, line: int, statements: Statements) -> bool:
    """Tell whether a meta line follows soon behind a line."""
    for number in range(line + 1, min(line + 6, len(page.lines))):
        text = page.lines[number].text
        if len(text) < 200 and (is_label(text) or (statements[number].is_made() and statements[number].is_meta())):
            return True
    return False


def _agreement(mine: str, name: str) -> float:
    """Return how well two titles, as keys, agree; one may be the other with the site's name, or cut short."""
    if mine == name:
        return 1.0
    if len(mine) >= 4 and (name.startswith(mine) or name.endswith(mine)):
        return 0.55 + 0.4 * len(mine) / len(name)
    if len(mine) >= 6 and mine in name:
        return 0.3 + 0.4 * len(mine) / len(name)
    if len(name) >= 6 and name in mine:
        return 0.4 + 0.5 * len(name) / len(mine)
    return 0.0


def find_title(page: Page, head: Metadata, printed: Printed | None) -> Finding[str] | None:
    """Return the title with its witnesses; where the page does not print one, what its head calls it."""
    hint = page.document.hints.text
    stated = [("hint:text", hint), *(("head", text) for text in head.titles())]
    witnesses = [(rule, text) for rule, text in stated if text and key(text) not in _NO_TITLES and key(text)]
    if printed is None:
        if not witnesses:
            return None
        rule, raw = witnesses[0]
        return Finding(value=_without_site(raw), raw=raw, rule=rule, confidence=0.6, witnesses=())
    mine = key(printed.text)
    return Finding(
        value=printed.text,
        raw=printed.text,
        rule=printed.rule if ":" in printed.rule else f"heading:{printed.rule}",
        place=page.place(printed.node),
        confidence=0.99 if printed.agreement >= 0.55 else 0.95 if not witnesses else 0.85,
        witnesses=tuple(
            Witness(rule=rule, value=text, agrees=_agreement(mine, key(text)) >= 0.5) for rule, text in witnesses
        ),
    )


def _without_site(text: str) -> str:
    """Return a ``title`` without the site's name behind it.

    >>> _without_site("学校召开春季运动会-某某大学"), _without_site("News | How climate changes food")
    ('学校召开春季运动会', 'How climate changes food')
    """
    parts = _SITE.split(text)
    return max(parts[:1] + parts[-1:], key=len) if len(parts) > 1 else text
