"""Finds the body of an article: the container that holds its text, and the lines of it that are text.

The generic way needs no layout. Each line is worth what it holds of running text; the container is the element whose
lines are worth most together, narrowed down to its sentences; short notices are found from their title instead. Then
what is not body is cut from it: the head up to the meta line, the end from the neighbours on, furniture in between.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from pipelines.extract.labels import kinds_of_label
from pipelines.extract.noise import FURNITURE, FURNITURE_WORDS, is_annex, is_wholly_noise, noise_nodes, tokens
from pipelines.extract.page import Line, Page
from pipelines.extract.statements import Statements
from pipelines.extract.title import Printed

_PARTS = frozenset("p li tr tbody thead tfoot table ul ol dl h1 h2 h3 h4 h5 h6 blockquote hr caption".split())
"""What is a paragraph, a list or a table rather than a box that holds them."""
_HEADS = frozenset("h1 h2 h3 h4 h5 h6 hr caption".split())
_CONTENT = frozenset(
    "content article entry body text zoom detail details con main news post story vsb zw nr wenzhang xwnr".split()
)
"""Words in class or id that name the content."""
_META = frozenset(
    "author authors byline date time datetime timestamp meta published posted publish source views info arti attribute "
    "subtitle fubiaoti subhead ftitle".split()
)
"""Words in class or id that name a meta line or a subtitle."""

_END = re.compile(
    r"[\W_]{0,12}(?:"
    r"(?:上|下|前|后|後)一?[篇條条頁页則则](?:新闻|文章|信息)?\s?(?:[:：>]|\Z|没有|無|无)|[上下]一[篇条條则則]"
    r"|(?:相关|相關)(?:新闻|阅读|文章|链接|报道|信息|内容|推荐|资讯|主题|专题|搜索|稿件|新聞|閱讀|連結|報導)"
    r"|(?:推荐|热门|热点|最新|精彩|图片)(?:阅读|文章|新闻|推荐|评论|图文)(?:[:：]|\W*\Z)|延伸阅读|更多(?:新闻|精彩)|猜你喜欢|编辑推荐"
    r"|分享(?:到|至|文章)|【?(?:打印|关闭|返回)(?:本|此|窗|列|上|首|页|顶|】|\Z)|发表评论|(?:网友|最新|文章|我要|全部|热门)评论"
    r"|评论\s?(?:[(（]?\d|列表|区|\Z)|(?:郑\s?重|免责|版权|特别|侵权|反侵权)?\s?(?:声\s?明|公告)[:：]|(?:免责|版权)声明|版权说明"
    r"|(?:阅读|点击|浏览)排行|本文(?:链接|网址|地址)|原文链接|扫一扫|扫码|扫描二维码|关注我们|阅读\s?[(（]\s?\d*[)）]"
    r"|顶一下|踩一下|-*分隔线|收藏(?:本|此)|返回顶部|温馨提示[:：]"
    r"|related\s?:?\Z|related (?:articles?|stories|news|posts|content|topics|links|reading|resources|products|videos)\b"
    r"|you (?:may|might) (?:also )?(?:like|enjoy|be interested)|more (?:from|news|stories|in|like|posts|articles)\b"
    r"|about the authors?\b|share (?:this|on|via)\b|tags?\s?:|tagged|filed under|(?:previous|next)(?: (?:post|article|story|news))?\s*\Z"
    r"|leave a (?:comment|reply)|comments?(?: \(\d+\))?\Z|\d+ (?:comments?|responses?|thoughts on)"
    r"|recommended (?:for|reading|articles|posts)|further reading|read next|recent (?:posts|news|articles)"
    r"|latest (?:news|posts|stories|articles)|subscribe|sign up (?:for|to)|(?:our )?newsletter|last (?:updated|reviewed|modified)"
    r"|topics:?\Z|categories:?\Z|(?:media|press) contacts?\b|kontakt\Z|이전글|다음글|목록\Z|回列表|回上頁)",
    re.IGNORECASE,
)
"""How the lines begin that end a body: neighbours, related articles, comments, statements of rights."""
_ASIDE = re.compile(
    r"\W{0,4}(?:read (?:more|also|next)|see also|related|also read|more on|view (?:more|all)|延伸阅读|相关阅读|点击(?:查看|阅读|进入|看))",
    re.IGNORECASE,
)
"""How a line begins that only leads elsewhere."""
_VSB_FILE = re.compile(r"附件\s?\d*\s?[【\[].{1,240}[】\]]\s?(?:已?下载|[(（]|\Z)")
FILE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|zip|rar|7z|txt|rtf|csv)(?:[?#&]|\Z)|download|wbfileid|/file/", re.IGNORECASE
)
"""An address or a name of a file."""

_SENTENCE = 28.0
"""What a line is worth at least that is a sentence."""
_SHORT = 240.0
"""What a body is worth at most that is looked for from its title."""
_HEAD_LINES = 60
"""How many lines may stand between a title and its text."""
_TAIL_LINES = 60
_MEDIA = ("img", "iframe", "video", "embed", "object")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """Where the text stands."""

    node: int
    """The container."""
    lines: tuple[int, ...]
    """Numbers of the lines that are text, in order."""
    start: int
    """First line behind title and meta line."""
    end: int
    """One past the last line that belongs to it; what follows in the container is navigation and the like."""
    rule: str


def weigh(page: Page) -> list[float]:
    """Return how much each line looks like running text: long, with punctuation, without links."""
    furniture = {line for line in page.lines_with(FURNITURE_WORDS) if FURNITURE.search(page.lines[line].text)}
    weights = []
    for number, (text, _, linked, _) in enumerate(page.lines):
        own = len(text) - linked
        if linked > own or (len(text) < 300 and number in furniture):
            weights.append(0.0)
        elif marks := _count_marks(text):
            weights.append(own + 8.0 * marks)
        else:
            weights.append(float(own) if own >= 25 else own * 0.2)
    return weights


def _count_marks(text: str) -> int:
    """Return how many marks of punctuation a text holds as sentences do. Never counted by words: Chinese has none.

    >>> _count_marks("会议指出，学校党委高度重视。"), _count_marks("Well, it works. Really.")
    (2, 3)
    """
    count = text.count
    if text.isascii():
        return count(", ") + count(". ") + text.endswith((".", "!", "?", ":", ";"))
    return (
        count("，") + count("。") + count("、") + count("；") + count("：") + count("！") + count("？")
        + count(", ") + count(". ") + text.endswith((".", "!", "?"))
    )  # fmt: skip


def find_body(
    page: Page,
    title: Printed | None,
    statements: Statements,
    *,
    within: Sequence[int] = (),
    rule: str = "",
    certain: bool = False,
) -> Body:
    """Return where the body stands. ``within`` are the nodes that a layout says hold it, by ``rule``; if that is
    ``certain`` they hold what an editor wrote, and nothing in them is furniture."""
    weights = weigh(page)
    if within and certain:
        return _trim(page, within, rule, title, weights, bytearray(len(page.lines)), statements)
    noise = _mark_noise(page, title, weights)
    calm = [0.0 if noise[number] else weight for number, weight in enumerate(weights)]
    node = _find_dominant(page, calm, noise, statements)
    mass = sum(calm[page.first[node] : page.last[node]])
    if within and (_mass_of(page, within, calm) >= 0.8 * mass or sum(calm) < 300):
        return _trim(page, within, rule, title, calm, noise, statements)
    found = "dominant"
    if title is not None and (mass < _SHORT or page.last[node] <= title.line):
        anchored = _find_from_title(page, title, noise, statements)
        if anchored is not None:
            node, found = anchored, "anchored"
    return _trim(page, (node,), found, title, calm, noise, statements)


def _mass_of(page: Page, nodes: Sequence[int], weights: Sequence[float]) -> float:
    return sum(sum(weights[page.first[node] : page.last[node]]) for node in nodes)


def _mark_noise(page: Page, title: Printed | None, weights: Sequence[float]) -> bytearray:
    """Return which lines stand in furniture: told by class and tag, unless that would take the text too."""
    sums = [0.0, *accumulate(weights)]
    noise = bytearray(len(page.lines))
    forms = (
        form for form in page.listed["form"] if any(True for _ in page.elements[form].iter("input", "textarea"))
    )
    for node in (*noise_nodes(page), *forms):
        first, last = page.first[node], page.last[node]
        if first == last or node == 0 or (title is not None and first <= title.line < last):
            continue
        mass = sums[last] - sums[first]
        if mass > 60 and mass > 0.35 * sums[-1]:
            if not is_wholly_noise(page.names(node)) or sums[-1] - mass < 200:
                continue
        noise[first:last] = b"\1" * (last - first)
    return noise


def _find_dominant(page: Page, weights: Sequence[float], noise: bytearray, statements: Statements) -> int:
    """Return the element whose lines are worth most together: text counts for it, links and furniture against it."""
    worth = [
        -0.5 * len(line.text)
        if noise[number]
        else weights[number] - line.linked
        if weights[number]
        else -len(line.text)
        for number, line in enumerate(page.lines)
    ]
    sums = [0.0, *accumulate(worth)]
    best, most = 0, sums[-1]
    for node in page.blocks:
        if page.tags[node] not in _HEADS:
            own = sums[page.last[node]] - sums[page.first[node]]
            if own > most + 20 or (own >= most - 20 and node < page.ends[best]):
                best, most = node, max(most, own)
    return _narrow(page, best, weights, noise, statements)


def _narrow(page: Page, best: int, weights: Sequence[float], noise: bytearray, statements: Statements) -> int:
    """Return the innermost box inside an element that still holds all its sentences."""
    first, last = page.first[best], page.last[best]
    plain = [number for number in range(first, last) if weights[number] >= _SENTENCE and not noise[number]]
    low = next((number for number in plain if _is_sentence(page, number, statements)), None)
    if low is None:
        return best
    high = next(number for number in reversed(plain) if _is_sentence(page, number, statements))
    sums = [0.0, *accumulate(weights[first:last])]
    for node in page.blocks:
        if not best < node < page.ends[best] or page.tags[node] in _PARTS or page.first[node] > low:
            continue
        own = sums[page.last[node] - first] - sums[page.first[node] - first]
        if page.last[node] > high:
            if own >= 0.92 * sums[-1] - 60:
                best = node
        elif own >= 0.85 * sums[-1] and not _CONTENT.isdisjoint(tokens(page.names(node))):
            best = node  # what is lost follows the content: an invitation, a box on the author
            high = page.last[node] - 1
    return best


def _is_sentence(page: Page, number: int, statements: Statements) -> bool:
    text = page.lines[number].text
    if not _count_marks(text):
        return False
    return len(text) > 160 or not (_END.match(text) or _ASIDE.match(text) or statements[number].is_meta())


def _find_from_title(page: Page, title: Printed, noise: bytearray, statements: Statements) -> int | None:
    """Return the smallest element around the title that holds something to read or to see behind it."""
    for node in page.ancestors(title.node):
        for number in range(title.line + 1, min(page.last[node], title.line + _HEAD_LINES)):
            line = page.lines[number]
            if noise[number]:
                continue
            if _END.match(line.text):
                break
            if (line.linked * 2 <= len(line.text) or is_file(page, line)) and not statements[number].is_meta():
                return _find_inner(page, node, title, noise, statements)
        if any(_has_between(page.listed[tag], title.node, page.ends[node]) for tag in _MEDIA):
            return _find_inner(page, node, title, noise, statements)
    return None


def _has_between(nodes: Sequence[int], before: int, end: int) -> bool:
    """Tell whether one of the nodes, which are in order, stands behind one and before another."""
    index = bisect_right(nodes, before)
    return index < len(nodes) and nodes[index] < end


def _find_inner(page: Page, node: int, title: Printed, noise: bytearray, statements: Statements) -> int:
    """Return the part of an element that its class calls the content, where that holds what there is to read."""
    lines = page.lines
    total = sum(
        len(lines[number].text)
        for number in range(title.line + 1, page.last[node])
        if not noise[number] and not statements[number].is_meta()
    )
    for inner in page.blocks:
        if title.node < inner < page.ends[node] and page.tags[inner] not in _PARTS and page.first[inner] > title.line:
            if not _CONTENT.isdisjoint(tokens(page.names(inner))):
                own = sum(len(lines[k].text) for k in range(page.first[inner], page.last[inner]) if not noise[k])
                if own >= 0.4 * total:
                    return inner
    return node


def is_file(page: Page, line: Line) -> bool:
    """Tell whether a line links to a file, or names one."""
    return FILE.search(line.text) is not None or any(
        FILE.search(page.elements[page.links[link]].get("href") or "") for link in range(*line.links)
    )


# ── what is not body ───────────────────────────────────────────────────────────────────────────────────────


def _trim(
    page: Page,
    nodes: Sequence[int],
    rule: str,
    title: Printed | None,
    weights: Sequence[float],
    noise: bytearray,
    statements: Statements,
) -> Body:
    """Return the body in a container: from behind the meta line up to where the page turns to other things."""
    node = nodes[0]
    first, last = page.first[node], max(page.last[one] for one in nodes)
    start = first
    if title is not None and first <= title.line < last:
        start = title.line + 1
    start = _skip_head(page, start, last, weights, noise, statements)
    end = _find_end(page, start, last, weights, noise)
    islands = _find_islands(page, nodes, start, end)
    kept = [
        number
        for number in range(start, end)
        if not noise[number] and number not in islands and not _is_aside(page, number)
    ]
    if len(nodes) > 1:
        spans = [range(page.first[one], page.last[one]) for one in nodes]
        kept = [number for number in kept if any(number in span for span in spans)]
    if not kept:  # a notice that is nothing but its attachments
        kept = [
            number
            for number in range(first, last)
            if is_file(page, page.lines[number]) or is_annex(page.names(page.lines[number].node))
        ]
    homes = Counter(_home(page, number) for number in kept if weights[number] >= _SENTENCE)
    home = homes.most_common(1)[0][0] if homes and ":" not in rule else node
    for _ in range(min(len(kept), _TAIL_LINES)):
        number = kept[-1]
        if not (_is_tail(page.lines[number].text, statements, number) or _is_annexed(page, number, home)):
            break
        kept.pop()
    return Body(node=node, lines=tuple(kept), start=start, end=end, rule=rule)


def _is_annexed(page: Page, number: int, home: int) -> bool:
    """Tell whether a last line is a file, or the heading over files, that stand apart from the text."""
    line = page.lines[number]
    if page.is_inside(line.node, home):
        return False
    return "other" in kinds_of_label(line.text) or (line.linked * 10 >= len(line.text) * 9 and is_file(page, line))


def _is_tail(text: str, statements: Statements, number: int) -> bool:
    """Tell whether a last line is none of the text: a credit, a button, an attachment that VSB lists."""
    if len(text) >= 240:
        return False
    if FURNITURE.search(text) or _VSB_FILE.match(text):
        return True
    return statements[number].is_credit() or statements[number].is_control()


def _skip_head(
    page: Page, start: int, last: int, weights: Sequence[float], noise: bytearray, statements: Statements
) -> int:
    """Return the first line of text: behind meta lines, buttons, links, captions of the header's image."""
    has_text = any(weight > 30 for weight in weights[start:last])
    for number in range(start, min(last, start + _HEAD_LINES)):
        line = page.lines[number]
        if noise[number]:
            continue
        if len(line.text) < 300 and statements[number].is_meta():
            if statements.is_event(number) and _META.isdisjoint(tokens(page.names(line.node))):
                return number
        elif has_text and line.linked * 2 > len(line.text) and not is_file(page, line):
            continue
        elif not (
            has_text
            and weights[number] < _SENTENCE
            and (not _META.isdisjoint(tokens(page.names(line.node))) or _is_before_links(page, number, last, noise))
        ):
            return number
    return min(last, start + _HEAD_LINES)


def _is_before_links(page: Page, number: int, last: int, noise: bytearray) -> bool:
    """Tell whether a short line is a heading over links: 今日推荐 and its like, set one character a line perhaps."""
    for following in range(number, min(number + 6, last)):
        line = page.lines[following]
        if noise[following] or line.linked * 2 > len(line.text):
            return following > number
        if len(line.text) > 14:
            return False
    return False


def _find_end(page: Page, start: int, last: int, weights: Sequence[float], noise: bytearray) -> int:
    """Return the line at which the page turns to other things, unless the text goes on behind it."""
    lines = page.lines
    ends = [
        number
        for number in range(start + 1, last)
        if len(lines[number].text) < 160 and not noise[number] and _END.match(lines[number].text)
    ]
    last = _cut_behind_rule(page, start, last, weights)
    if not ends:
        return last
    total = sum(weights[start:last])
    behind: Counter[int] = Counter()  # how much text each element holds directly, behind the line
    before: Counter[int] = Counter()  # and before it
    for number in range(start, last):
        if weights[number] >= _SENTENCE:
            behind[_home(page, number)] += int(weights[number])
    seen = 0.0
    rest = float(behind.total())
    done = start
    for number in ends:
        for passed in range(done, number):
            weight = weights[passed]
            seen += weight
            if weight >= _SENTENCE:
                home = _home(page, passed)
                before[home] += int(weight)
                behind[home] -= int(weight)
                rest -= int(weight)
        done = number
        home = before.most_common(1)[0][0] if before else -1
        if behind[home] < 0.12 * total and (seen >= 0.4 * total or rest < 0.3 * total):
            return number
    return last


def _cut_behind_rule(page: Page, start: int, last: int, weights: Sequence[float]) -> int:
    """Return the line of a horizontal rule behind which only an address is left, or ``last``."""
    for node in page.listed["hr"]:
        line = page.first[node]
        if start < line < last <= line + 4 and max(weights[line:last]) < 40 <= max(weights[start:line]):
            return line
    return last


def _home(page: Page, number: int) -> int:
    """Return the element that a paragraph stands in."""
    node = page.lines[number].node
    return node if page.tags[node] in ("td", "body", "section", "article", "pre") else page.parents[node]


def _find_islands(page: Page, nodes: Sequence[int], start: int, end: int) -> set[int]:
    """Return the lines of tables that hold links and little else, set into the text: advertising, «today's topics»."""
    islands: set[int] = set()
    tables = [table for table in page.listed["table"] if any(node < table < page.ends[node] for node in nodes)]
    if not tables:
        return islands
    lengths = [0, *accumulate(len(line.text) for line in page.lines)]
    linked = [0, *accumulate(line.linked for line in page.lines)]
    for table in tables:
        first, last = max(page.first[table], start), min(page.last[table], end)
        if first < last and len(page.links_in(table)) >= 3:
            if linked[last] - linked[first] >= 0.7 * (lengths[last] - lengths[first]):
                if not any(is_file(page, line) for line in page.lines[first:last]):
                    islands.update(range(first, last))
    return islands


def _is_aside(page: Page, number: int) -> bool:
    """Tell whether a line leads away from the text: an entry of a table of contents, «read more»."""
    line = page.lines[number]
    if line.links[0] == line.links[1] or line.linked * 10 < len(line.text) * 9:
        return False
    if _ASIDE.match(line.text):
        return True
    return all((page.elements[page.links[link]].get("href") or "").startswith("#") for link in range(*line.links))


# ── the text ───────────────────────────────────────────────────────────────────────────────────────────────


def set_text(page: Page, body: Body) -> str:
    """Return the body's text: one line per block or line break, a row of a table on one line."""
    rows = _find_rows(page, body)
    out: list[str] = []
    before = -1
    for number in body.lines:
        row = rows.get(number, -1)
        if row >= 0 and row == before:
            out[-1] += " " + page.lines[number].text
        else:
            out.append(page.lines[number].text)
        before = row
    return "\n".join(out)


def _find_rows(page: Page, body: Body) -> dict[int, int]:
    """Return the row that a line stands in, for the rows of data; the rows of a layout hold blocks."""
    rows: dict[int, int] = {}
    if not body.lines:
        return rows
    for row in page.listed["tr"]:
        first, last = page.first[row], page.last[row]
        if last - first < 2 or first > body.lines[-1] or last <= body.lines[0]:
            continue
        full = [cell for cell in page.children(row) if page.last[cell] > page.first[cell]]
        if len(full) < 2 or _has_between(page.listed["table"], row, page.ends[row]):
            continue
        if any(page.last[cell] - page.first[cell] > 3 and len(page.text_of(cell)) > 300 for cell in full):
            continue
        rows.update(dict.fromkeys(range(first, last), row))
    return rows
