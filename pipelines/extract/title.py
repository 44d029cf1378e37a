"""Finds the title as the page prints it."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from pipelines.extract.labels import kinds_of_label
from pipelines.extract.metadata import Metadata
from pipelines.extract.noise import FURNITURE
from pipelines.extract.page import Line, Page, stands_in_list, tokens
from pipelines.extract.statements import Statements, is_stating
from pipelines.model import Finding, Witness

_HEADINGS = {"h1": 6.0, "h2": 4.0, "h3": 3.0, "h4": 2.0, "h5": 1.0}
"""How much a heading speaks for a title."""
_NAMED = 2.0
"""How much a class does: title, tit, biaoti."""
_AGREED = 10.0
"""How much the words of the page's head do, the listing's, the address's."""
_DATED = 2.0
"""How much a meta line behind it does."""
_LEAST = 2.0
"""How much must speak for a title."""
_LATE = 8.0
"""How much text before it speaks against it."""

_TITLE_WORDS = frozenset("title titlestyle tit biaoti headline subject heading bt arti".split())
_NO_TITLES = frozenset(
    "无标题文档 untitleddocument untitled document home 首页 正文 新闻 显示 null notitle 详细内容 内容 新标题 "
    "index 网站首页".split()
)
"""What templates leave in ``title``."""
_SECTIONS = frozenset(
    "新闻 新闻中心 新闻动态 学院新闻 学校新闻 校园新闻 新闻资讯 通知 公告 通知公告 公告通知 最新消息 最新公告 学术报告 学术动态 "
    "信息公开 招聘信息 新聞 最新消息 公告事項 news aktuelles pressemitteilungen presse meldungen events actualités 공지사항 "
    "重要通知 讲座信息 友情链接 相关链接 快速链接 快速导航 导航 栏目导航 联系我们 联系方式 最新动态 最新新闻 最新文章 最新通知 热门新闻 热点新闻 "
    "热门文章 推荐新闻 推荐阅读 相关新闻 相关阅读 相关文章 图片新闻 站内搜索 搜索 登录 工作动态 媒体报道 "
    "공지 소식 학과소식 뉴스 보도자료 お知らせ ニュース トピックス 新着情報 notices announcements".split()
)
"""Headings that name a section of the site."""
_SURE = ("h1", "metaline:title")
"""What needs no meta line behind it: any other heading that nothing confirms names the section perhaps."""
_LONGEST_SECTION = 10
_SECTION = 5.0
"""How much it speaks against a heading to be one of them."""
_PUNCTUATION = re.compile(r"[\W_]+")
_SITE = re.compile(r"\s*(?:[-–—|_»·<]{1,3}|//|::|>)\s*")
"""What stands between a title and the site's name in ``title``."""
_SITE_BEHIND = re.compile(r"\s*(?:(?!(?<=[A-Za-z\d])-(?=[A-Za-z]))[-–—|_»·<]{1,3}|//|::|>)\s*")
"""The same, without the hyphen that joins two words."""
_MARKS = re.compile(r"\s[-–—|·]\s")
"""What stands between them where both are printed on the page."""
_LONGEST = 220
_LONGEST_SPACED = 12
"""Code points of the longest title that is spread over its line: 讣　告, 通　知."""
_MOST = 200
_PART = 0.5
"""How well a title agrees that is one of several parts of what the head states, perhaps the site's name."""
_ENDS = ("。", ".", "！")
"""How sentences end."""
"""How many lines are looked at closely."""


Stated = tuple[str, ...]
"""A title that the head states, and its parts between dashes and bars, as keys."""


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


@lru_cache(maxsize=4096)
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
    keys = [
        (name, *map(key, _SITE.split(text)))
        for text in stated
        if len(name := key(text)) > 1 and name not in _NO_TITLES
    ]
    for node, rule in named:
        if printed := _read_heading(page, page.first[node], node, statements, keys, rule):
            return printed
    lengths = [0, *accumulate(_own_length(line.text, line.linked) for line in page.lines)]
    scored: list[tuple[float, Printed]] = []
    for number in _candidates(page, stated)[:_MOST]:
        node = page.lines[number].node
        printed = _read_heading(page, number, node, statements, keys, page.tags[node])
        if printed is None or _is_signature(page, printed, number):
            continue
        score = _score(page, printed, page.lines[number], known=bool(keys))
        if _is_behind_text(lengths, number):
            score -= _LATE
        if printed.agreement and key(printed.text) in _SECTIONS:
            score = min(score, _LEAST)  # the head names the section as well: any dated heading is likelier
        is_doubtful = score > 0 and not printed.agreement
        if is_doubtful and (key(printed.text) in _SECTIONS or _is_in_menu(page, printed.text)):
            score -= _SECTION
        scored.append((score, printed))
    best = _choose(page, scored, statements)
    if best is None or not best.agreement:  # a heading that nothing confirms names the section perhaps
        best = _find_labelled(page, statements, keys, lengths) or best
    if best is None or not (best.agreement or best.rule in _SURE or _is_dated(page, best.line, statements)):
        above = _find_above_meta(page, statements, keys, lengths)
        if best is None or (above is not None and above.line > best.line):
            return above
    return best


def _is_signature(page: Page, printed: Printed, number: int) -> bool:
    """Tell whether a line is the office under a text, whose name the head states behind the title."""
    named = page.tags[printed.node] in _HEADINGS or printed.agreement > _PART
    return not named and number > 0 and page.lines[number - 1].text.endswith(_ENDS)


def _is_in_menu(page: Page, text: str) -> bool:
    """Tell whether a short heading is the text of a link, too: the name of a section, as the site's menu has it."""
    at = page.text.find(f"\n{text}\n") if len(text) <= _LONGEST_SECTION else -1
    while at >= 0:
        line = page.lines[page.line_at(at + 1)]
        if line.linked == len(text):
            return True
        at = page.text.find(f"\n{text}\n", at + 1)
    return False


def _choose(page: Page, scored: Sequence[tuple[float, Printed]], statements: Statements) -> Printed | None:
    """Return the best title, the first of equals; the meta line is looked for only where it decides."""
    most = max((score for score, _ in scored), default=0.0)
    close = [(score, printed) for score, printed in scored if score > 0 and score + _DATED >= max(most, _LEAST)]
    if len(close) > 1:
        close = [(score + _DATED * _is_dated(page, printed.line, statements), printed) for score, printed in close]
    score, best = max(close, key=lambda one: one[0], default=(0.0, None))
    return best if score >= _LEAST else None


def _find_labelled(
    page: Page, statements: Statements, keys: Sequence[Stated], lengths: Sequence[int]
) -> Printed | None:
    """Return the title that a form prints behind a label, before the text: 公告主題 | 註冊須知."""
    for number, line in enumerate(page.lines[:-1]):
        if _is_behind_text(lengths, number):
            return None
        if len(line.text) <= 8 and "title" in kinds_of_label(line.text):
            node = page.lines[number + 1].node
            if kinds_of_label(page.lines[number + 1].text):  # the head of a table: 标题 | 日期
                continue
            return _read_heading(page, number + 1, node, statements, keys, "metaline:title")
    return None


def _find_above_meta(
    page: Page, statements: Statements, keys: Sequence[Stated], lengths: Sequence[int]
) -> Printed | None:
    """Return the short line right above the meta line, where nothing calls it a title: above the first line that
    names two things of the making, else above the first date that stands in no row of a list."""
    dated: list[int] = []
    for number in range(1, len(page.lines)):
        line = page.lines[number]
        if _is_behind_text(lengths, number):
            break
        if len(line.text) > 200 or not is_stating(line.text) or stands_in_list(page.lines, number):
            continue
        statement = statements[number]
        if statement.is_imprint():
            dated.insert(0, number)
            break
        if statement.dates and statement.is_meta() and not statements.is_event(number):
            dated.append(number)
    read = (_read_above(page, number, statements, keys) or _read_below(page, number, keys) for number in dated[:2])
    return next(filter(None, read), None)


def _read_above(page: Page, number: int, statements: Statements, keys: Sequence[Stated]) -> Printed | None:
    for above in range(number - 1, max(-1, number - 4), -1):
        line = page.lines[above]
        if above and page.lines[above - 1].text.endswith(_ENDS):
            return None  # the signature and date under a text
        if not (line.linked or not 4 <= len(line.text) <= 120 or statements[above].is_meta()):
            return _read_heading(page, above, line.node, statements, keys, "above:metaline")
    return None


def _read_below(page: Page, number: int, keys: Sequence[Stated]) -> Printed | None:
    """Return the line right below a date, if it looks like a heading over text: no sentence, and one follows."""
    heading, text = (*page.lines[number + 1 : number + 3], None, None)[:2]
    if heading is None or text is None or heading.linked or not 4 <= len(heading.text) <= 120:
        return None
    if not heading.text[-1].isalnum() or len(text.text) < len(heading.text) or not text.text.endswith(_ENDS):
        return None
    mine = _agreement(key(heading.text), keys)
    return Printed(text=heading.text, node=heading.node, line=number + 1, rule="below:date", agreement=mine)


def _is_behind_text(lengths: Sequence[int], number: int) -> bool:
    return lengths[number] > 300 and lengths[number] > 0.6 * lengths[-1]


def _own_length(text: str, linked: int) -> int:
    return len(text) - linked if len(text) - linked > 30 else 0


def _candidates(page: Page, stated: Sequence[str]) -> list[int]:
    """Return the lines that may print the title: headings, those named so, those that the head knows."""
    known = "\n".join(stated)
    starts = {text[:6] for text in stated if len(text) >= 6}
    titled = set(page.nodes_named(_TITLE_WORDS))
    return [
        number
        for number, line in enumerate(page.lines)
        if len(line.text) <= _LONGEST
        and (
            page.tags[line.node] in _HEADINGS
            or line.node in titled
            or line.text in known
            or (len(line.text) <= _LONGEST_SPACED and " " in line.text and line.text.replace(" ", "") in known)
            or any(start in line.text for start in starts)
        )
    ]


def _read_heading(
    page: Page, number: int, node: int, statements: Statements, keys: Sequence[Stated], rule: str
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
    while len(texts) > 1 and _agreement(key(" ".join(texts)), keys) < _agreement(key(texts[0]), keys):
        texts.pop()
        last -= 1
    text = " ".join(texts)
    if not 1 < len(key(text)) <= _LONGEST or FURNITURE.search(text):
        return None
    agreement = _agreement(key(text), keys)
    if not agreement and text[0].isdecimal() and text[-1].isdecimal() and statements[number].is_meta():
        return None  # a date in an element named like a title
    return Printed(text=text, node=node, line=last, rule=rule, agreement=agreement)


def _score(page: Page, printed: Printed, line: Line, *, known: bool) -> float:
    """Return how much speaks for a title but a meta line behind it; ``known`` says that the head states one."""
    tag = page.tags[printed.node]
    named = not _TITLE_WORDS.isdisjoint(tokens(page.names(printed.node)))
    if known and not printed.agreement and not named and tag not in _HEADINGS:
        return 0.0
    score = _HEADINGS.get(tag, 0.0) + _NAMED * named + _AGREED * printed.agreement
    if line.linked * 2 > len(line.text):
        score -= 5.0
    return score - (tag in ("li", "dd"))


def _is_dated(page: Page, line: int, statements: Statements) -> bool:
    """Tell whether a meta line follows soon behind a line."""
    for number in range(line + 1, min(line + 6, len(page.lines))):
        text = page.lines[number].text
        if len(text) < 200 and (
            kinds_of_label(text) or (statements[number].is_made() and statements[number].is_meta())
        ):
            return True
    return False


def _agreement(mine: str, stated: Sequence[Stated]) -> float:
    """Return how well a title, as a key, agrees with what is stated: whole, with the site's name, or cut short."""
    best = 0.0
    for name, first, *others in stated:
        if mine == name:
            return 1.0
        if mine == first:
            best = max(best, 0.9)
        elif len(mine) >= 4 and mine in others:
            best = max(best, _PART)
        short, long = (mine, name) if len(mine) < len(name) else (name, mine)
        share = len(short) / len(long)
        if len(short) >= 4 and share >= 0.5 and (long.startswith(short) or long.endswith(short)):
            best = max(best, 0.5 + 0.45 * share)
        elif len(short) >= 8 and share >= 0.5 and short in long:
            best = max(best, 0.3 + 0.4 * share)
    return best


def find_above_body(page: Page, lines: Sequence[int], statements: Statements) -> Printed | None:
    """Return the short line above a body that has no other title, or heading it; ``lines`` are the body's."""
    first = lines[0]
    line = page.lines[first]
    second = page.lines[lines[1]].text if len(lines) > 1 else ""
    is_text = len(second) > 30 or (len(second) > len(line.text) and second.endswith(_ENDS))
    if is_text and len(line.text) <= 30 and line.text[-1].isalnum():
        return Printed(text=line.text, node=line.node, line=first, rule="heading:first line", agreement=0.0)
    for number in range(first - 1, max(-1, first - 4), -1):
        line = page.lines[number]
        if not line.linked and 2 <= len(line.text) <= 60 and not FURNITURE.search(line.text):
            if statements[number].is_meta():
                continue
            return Printed(text=line.text, node=line.node, line=number, rule="above:body", agreement=0.0)
    return None


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
        value=_without_name(printed.text, head.tags.get("og:site_name", "")),
        raw=printed.text,
        rule=printed.rule if ":" in printed.rule else f"heading:{printed.rule}",
        place=page.place(printed.node),
        confidence=0.99 if printed.agreement >= 0.55 else 0.95 if not witnesses else 0.85,
        witnesses=tuple(
            Witness(
                rule=rule, value=text, agrees=_agreement(mine, [(key(text), *map(key, _SITE.split(text)))]) >= 0.5
            )
            for rule, text in witnesses
        ),
    )


def _without_name(text: str, site: str) -> str:
    """Return a printed title without the name that the head gives the site, behind a dash or a bar.

    >>> _without_name("Best exhibitions – Artful", "Artful"), _without_name("Artful – a history", "Artful")
    ('Best exhibitions', 'Artful – a history')
    """
    before, mark, name = text.rpartition(marks[-1]) if (marks := _MARKS.findall(text)) else (text, "", "")
    return before if mark and key(before) and key(name) == key(site) != "" else text


def _without_site(text: str) -> str:
    """Return a ``title`` without the site's name behind it.

    >>> _without_site("学校召开春季运动会-某某大学"), _without_site("News | How climate changes food")
    ('学校召开春季运动会', 'How climate changes food')
    >>> _without_site("A plant-based diet - Example University")
    'A plant-based diet'
    """
    parts = [part for part in _SITE_BEHIND.split(text) if key(part)]
    return max(parts[0], parts[-1], key=len) if parts else text
