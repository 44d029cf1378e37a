"""Finds the body of an article: the container that holds its text, and the lines of it that are text."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from pipelines.dates import find_dates
from pipelines.extract.labels import PEOPLE, read_line
from pipelines.extract.noise import FURNITURE, noise_nodes, tokens
from pipelines.extract.page import Line, Page
from pipelines.extract.title import Printed, key

_SENTENCE = re.compile(r"[。，！？；：、…”]|[.,;:!?](?=\s|$)")
_CONTAINERS = frozenset(
    "body div td article section main form center table tbody tr ul ol dl dd li blockquote fieldset p pre font span".split()
)
_NARROW = _CONTAINERS - {"p", "li", "tr", "tbody", "table", "ul", "ol", "dl", "blockquote", "font", "span"}
_CONTENT = frozenset(
    "content article entry body text zoom detail details con main news post story vsb zw nr wenzhang xwnr info".split()
)
_META_TOKENS = frozenset(
    "author authors byline date time datetime timestamp meta published posted publish source views info arti attribute".split()
)

_END = re.compile(
    r"[\W_]*(?:(?:上|下|前|后|後)一?[篇条條页頁则則](?:新闻|文章|信息)?\s?(?:[:：>]|$|没有|無|无)|(?:上|下)一(?:篇|条|條|则|則)"
    r"|(?:相关|相關)(?:新闻|阅读|文章|链接|报道|信息|内容|推荐|资讯|主题|专题|搜索|稿件|新聞|閱讀|連結|報導)"
    r"|(?:推荐|热门|热点|最新|精彩|图片)(?:阅读|文章|新闻|推荐|评论|图文)(?:[:：]|\W*$)|延伸阅读|更多(?:新闻|精彩)|猜你喜欢|编辑推荐"
    r"|分享(?:到|至|文章)|【?(?:打印|关闭|返回)(?:本|此|窗|列|上|首|页|顶|】|$)|发表评论|(?:网友|最新|文章|我要|全部|热门)评论|评论\s?(?:[(（]?\d|列表|区|$)"
    r"|(?:郑\s?重|免责|版权|特别|侵权|反侵权)?\s?(?:声\s?明|公告)[:：]|免责声明|版权声明|版权说明|(?:阅读|点击|浏览)排行|本文(?:链接|网址|地址)|原文链接|扫一扫|扫码|扫描二维码|关注我们|阅读\s?[(（]\s?\d*[)）]"
    r"|顶一下|踩一下|分隔线|收藏(?:本|此)|返回顶部|温馨提示[:：]"
    r"|related (?:articles?|stories|news|posts|content|topics|links|reading|resources|products|videos)\b|you (?:may|might) (?:also )?(?:like|enjoy|be interested)"
    r"|more (?:from|news|stories|in|like|posts|articles)\b|about the authors?\b|share (?:this|on|via)\b|tags?\s?:|tagged|filed under"
    r"|(?:previous|next)(?: (?:post|article|story|news))?\s*$|leave a (?:comment|reply)|comments?(?: \(\d+\))?$|\d+ (?:comments?|responses?|thoughts on)"
    r"|recommended (?:for|reading|articles|posts)|further reading|read (?:next)|recent (?:posts|news|articles)|latest (?:news|posts|stories|articles)"
    r"|subscribe|sign up (?:for|to)|(?:our )?newsletter|last (?:updated|reviewed|modified)|topics:?$|categories:?$|media contacts?\b|press contact|kontakt$"
    r"|이전글|다음글|목록$)",
    re.IGNORECASE,
)
"""How the lines begin that end a body: neighbours, related articles, comments, statements of rights."""

_ASIDE = re.compile(
    r"(?:read (?:more|also|next)|see also|related|also read|more on|延伸阅读|相关阅读|点击(?:查看|阅读|进入|看)|view (?:more|all))\b",
    re.IGNORECASE,
)
_VSB_FILE = re.compile(r"附件[【\[].{1,200}[】\]]\s?(?:已?下载|\()")
_EVENT = re.compile(
    r"\W*(?:地\s*点|主\s*讲|讲座|报\s*告|题\s*目|主\s*持|嘉\s*宾|会议|参会|活动|主\s*题|主讲|venue|speaker|location|where|ort|장소|會場|地點|講者)[^:：]{0,4}[:：]",
    re.IGNORECASE,
)
_HEAD_LINES = 60


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
    credits: tuple[int, ...]
    """Lines at its end that say who made it."""
    rule: str


def weigh(page: Page) -> list[float]:
    """Return how much each line looks like running text: long, with punctuation, without links."""
    weights = []
    for text, _, linked, _ in page.lines:
        own = len(text) - linked
        if linked > own or (len(text) < 300 and FURNITURE.search(text)):
            weights.append(0.0)
        else:
            marks = len(_SENTENCE.findall(text))
            weights.append(own + 8.0 * marks if marks or own >= 25 else own * 0.2)
    return weights


_STRONG = frozenset("comment comments respond disqus sidebar footer foot copyright".split())


def _mark_noise(page: Page, title: Printed | None, weights: Sequence[float]) -> bytearray:
    """Return which lines stand in furniture: told by class and tag, unless that would take the text too."""
    sums = [0.0, *accumulate(weights)]
    noise = bytearray(len(page.lines))
    for node in noise_nodes(page):
        first, last = page.first[node], page.last[node]
        if first == last or page.tags[node] in ("body", "html") or (title and first <= title.line < last):
            continue
        mass = sums[last] - sums[first]
        limit = 0.35
        if mass > limit * sums[-1] and mass > 60:
            element = page.elements[node]
            strong = not _STRONG.isdisjoint(tokens(f"{element.get('class') or ''} {element.get('id') or ''}"))
            if not strong or sums[-1] - mass < 200:
                continue
        noise[first:last] = b"\1" * (last - first)
    return noise


def find_body(page: Page, title: Printed | None, *, within: Sequence[int] = (), certain: bool = False) -> Body:
    """Return where the body stands."""
    weights = weigh(page)
    noise = _mark_noise(page, title, weights)
    calm = [0.0 if noise[number] else weight for number, weight in enumerate(weights)]
    node, rule = _dominant(page, weights, noise), "dominant"
    if within and certain:
        node, rule = within[0], "layout"
        noise[page.first[node] : page.last[node]] = bytes(page.last[node] - page.first[node])
        calm = [0.0 if noise[number] else weight for number, weight in enumerate(weights)]
    elif within and (
        sum(calm[page.first[within[0]] : page.last[within[0]]])
        >= 0.5 * sum(calm[page.first[node] : page.last[node]])
        or sum(calm) < 300
    ):
        node, rule = within[0], "layout"
    elif title is not None:
        mass = sum(calm[page.first[node] : page.last[node]])
        if mass < 240 or page.last[node] <= title.line:
            anchored = _anchored(page, title, calm, noise)
            if anchored is not None:
                node, rule = anchored, "anchored"
    return _trim(page, node, rule, title, calm, noise)


def _dominant(page: Page, weights: Sequence[float], noise: bytearray) -> int:
    """Return the element whose lines are worth most together: text counts for it, links and furniture against it."""
    worth = []
    for number, (text, _, linked, _) in enumerate(page.lines):
        if noise[number]:
            worth.append(-0.5 * len(text))
        elif weights[number]:
            worth.append(weights[number] - linked)
        else:
            worth.append(-1.0 * len(text))
    sums = [0.0, *accumulate(worth)]
    best, most = 0, -1e9
    for node, tag in enumerate(page.tags):
        if tag in _CONTAINERS:
            own = sums[page.last[node]] - sums[page.first[node]]
            if own > most + 20 or (own >= most - 20 and page.ends[node] <= page.ends[best] and node > best):
                best = node
                most = max(most, own)
    return _narrow(page, best, weights, noise)


def _narrow(page: Page, best: int, weights: Sequence[float], noise: bytearray) -> int:
    """Return the innermost element inside one that still holds all its sentences."""
    lines = page.lines
    plain = [
        number
        for number in range(page.first[best], page.last[best])
        if not noise[number] and _is_sentence(lines[number].text, weights[number])
    ]
    if not plain:
        return best
    sums = [0.0, *accumulate(weights)]
    mass = sums[page.last[best]] - sums[page.first[best]]
    low, high = plain[0], plain[-1] + 1
    for node in range(best + 1, page.ends[best]):
        if page.tags[node] in _NARROW and page.first[node] <= low and page.last[node] >= high:
            own = sums[page.last[node]] - sums[page.first[node]]
            if own >= 0.92 * mass - 60:
                best = node
    return best


def _is_sentence(text: str, weight: float) -> bool:
    return (
        weight >= 28
        and _SENTENCE.search(text) is not None
        and not is_meta(text)
        and not _END.match(text)
        and not _ASIDE.match(text)
    )


def _anchored(page: Page, title: Printed, weights: Sequence[float], noise: bytearray) -> int | None:
    """Return the smallest element around the title that holds something to read or see behind it."""
    for node in page.ancestors(title.node):
        if page.tags[node] not in _CONTAINERS:
            continue
        for number in range(title.line + 1, page.last[node]):
            if noise[number]:
                continue
            line = page.lines[number]
            if _END.match(line.text):
                break
            if (line.linked * 2 <= len(line.text) or _is_file(page, line)) and not is_meta(line.text):
                return _inner(page, node, title, noise)
        for k in range(title.node + 1, page.ends[node]):
            if page.tags[k] in ("img", "iframe", "video", "embed", "object"):
                return _inner(page, node, title, noise)
    return None


def _inner(page: Page, node: int, title: Printed, noise: bytearray) -> int:
    """Return the part of an element that its class calls the content, where that holds what there is to read."""
    lines = page.lines
    total = sum(
        len(lines[k].text)
        for k in range(title.line + 1, page.last[node])
        if not noise[k] and not is_meta(lines[k].text)
    )
    for inner in range(title.node + 1, page.ends[node]):
        if page.tags[inner] in ("div", "td", "section", "article") and page.first[inner] > title.line:
            element = page.elements[inner]
            if not _CONTENT.isdisjoint(tokens(f"{element.get('class') or ''} {element.get('id') or ''}")):
                own = sum(len(lines[k].text) for k in range(page.first[inner], page.last[inner]) if not noise[k])
                if own >= 0.4 * total or not total:
                    return inner
    return node


_FILES = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|zip|rar|7z|txt|rtf|csv)(?:[?#]|$)|download|wbfileid|/file/", re.IGNORECASE
)


def _is_file(page: Page, line: Line) -> bool:
    return any(_FILES.search(page.elements[page.links[k]].get("href") or "") for k in range(*line.links)) or bool(
        _FILES.search(line.text)
    )


def is_meta(text: str) -> bool:
    """Tell whether a line is nothing but labels and their values, a date, buttons."""
    if len(text) > 240:
        return False
    line = read_line(text)
    entries = [e for e in line.entries if e.kinds[0] != "other"]
    rest = line.rest
    if entries:
        return len(rest) <= 8 or (len(rest) <= 24 and len(entries) >= 2)
    if len(text) < 90 and any(char.isdigit() for char in text):
        found = list(find_dates(text))
        if found and found[0].date.precision != "month":
            for match in reversed(found):
                text = text[: match.start] + text[match.end :]
            return len(read_line(text).rest) <= 12
        return False
    return not rest and len(text) < 60


def _trim(
    page: Page, node: int, rule: str, title: Printed | None, weights: Sequence[float], noise: bytearray
) -> Body:
    first, last = page.first[node], page.last[node]
    lines = page.lines
    start = first
    if title is not None and first <= title.line < last:
        start = title.line + 1
    start = _skip_head(page, start, last, weights, noise)
    end = _find_end(page, start, last, weights, noise)
    islands = _find_islands(page, node, start, end)
    kept = [
        number
        for number in range(start, end)
        if not noise[number] and number not in islands and not _is_aside(page, number)
    ]
    if not kept:
        kept = [number for number in range(first, last) if _is_file(page, lines[number]) or _is_annex(page, number)]
    credits: list[int] = []
    while kept:
        number = kept[-1]
        text = lines[number].text
        if len(text) < 160 and is_credit(text):
            credits.append(number)
        elif not (len(text) < 200 and (FURNITURE.search(text) or _VSB_FILE.match(text))) and not _is_control(text):
            break
        kept.pop()
    return Body(node=node, lines=tuple(kept), start=start, end=end, credits=tuple(reversed(credits)), rule=rule)


def _is_annex(page: Page, number: int) -> bool:
    element = page.elements[page.lines[number].node]
    return not _ANNEX.isdisjoint(tokens(f"{element.get('class') or ''} {element.get('id') or ''}"))


_ANNEX = frozenset("attach attachment attachments annex fujian".split())


def _find_islands(page: Page, node: int, start: int, end: int) -> set[int]:
    """Return the lines of tables that hold links and little else, set into the text: advertising, «today's topics»."""
    islands: set[int] = set()
    for table in range(node + 1, page.ends[node]):
        if page.tags[table] != "table":
            continue
        first, last = max(page.first[table], start), min(page.last[table], end)
        linked = sum(line.linked for line in page.lines[first:last])
        if len(page.links_in(table)) >= 3 and linked >= 0.7 * sum(
            len(line.text) for line in page.lines[first:last]
        ):
            if not any(_is_file(page, line) for line in page.lines[first:last]):
                islands.update(range(first, last))
    return islands


def _skip_head(page: Page, start: int, last: int, weights: Sequence[float], noise: bytearray) -> int:
    lines = page.lines
    number = start
    has_text = any(weight > 30 for weight in weights[start:last])
    while number < min(last, start + _HEAD_LINES):
        line = lines[number]
        text = line.text
        if noise[number]:
            number += 1
        elif is_meta(text):
            if is_event_line(lines, number) and not _is_tagged(page, line.node):
                break
            number += 1
        elif has_text and line.linked * 2 > len(text) and not _is_file(page, line):
            number += 1
        elif (
            has_text
            and weights[number] < 28
            and (_is_tagged(page, line.node) or _before_head(page, number, last, noise))
        ):
            number += 1
        else:
            break
    return number


def _is_tagged(page: Page, node: int) -> bool:
    element = page.elements[node]
    own = tokens(f"{element.get('class') or ''} {element.get('id') or ''}")
    return not _META_TOKENS.isdisjoint(own)


def _before_head(page: Page, number: int, last: int, noise: bytearray) -> bool:
    """Tell whether a short line is a heading over links: 今日推荐 and its like."""
    for following in range(number, min(number + 6, last)):
        line = page.lines[following]
        if noise[following] or line.linked * 2 > len(line.text):
            return following > number
        if len(line.text) > 14:
            return False
    return False


def _is_aside(page: Page, number: int) -> bool:
    """Tell whether a line leads away from the text: an entry of a table of contents, «read more»."""
    line = page.lines[number]
    if line.linked * 10 < len(line.text) * 9 or line.links[0] == line.links[1]:
        return False
    if _ASIDE.match(line.text):
        return True
    return all((page.elements[page.links[k]].get("href") or "").startswith("#") for k in range(*line.links))


def _home(page: Page, number: int) -> int:
    node = page.lines[number].node
    return page.parents[node] if page.tags[node] in ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "div") else node


def _find_end(page: Page, start: int, last: int, weights: Sequence[float], noise: bytearray) -> int:
    lines = page.lines
    total = sum(weights[start:last])
    homes: Counter[int] = Counter()
    seen = 0.0
    for number in range(start, last):
        line = lines[number]
        text = line.text
        if not noise[number] and len(text) < 160 and number > start and _END.match(text):
            home = homes.most_common(1)[0][0] if homes else -1
            after = [k for k in range(number + 1, last) if not noise[k] and weights[k] >= 40]
            at_home = sum(weights[k] for k in after if _home(page, k) == home)
            rest = sum(weights[k] for k in after)
            if at_home < 0.12 * total and (seen >= 0.4 * total or rest < 0.3 * total):
                return number
        seen += weights[number]
        if weights[number] >= 28 and not noise[number]:
            homes[_home(page, number)] += int(weights[number])
    return last


def is_event_line(lines: Sequence[Line], number: int) -> bool:
    around = lines[max(0, number - 2) : number + 4]
    return any(_EVENT.match(line.text) for line in around)


_CREDIT_KINDS = frozenset((*PEOPLE, "source", "clicks"))


def is_credit(text: str) -> bool:
    """Tell whether a line names the makers of the text and nothing else."""
    line = read_line(text)
    if not line.entries or len(line.rest) > 4:
        return False
    return (
        any(kind in _CREDIT_KINDS for entry in line.entries for kind in entry.kinds)
        and all(len(entry.value) < 60 and "http" not in entry.value for entry in line.entries)
        and any(entry.value for entry in line.entries)
    )


def _is_control(text: str) -> bool:
    line = read_line(text)
    return not line.entries and not line.rest and not any(char.isdigit() for char in text)


def set_text(page: Page, body: Body) -> str:
    """Return the body's text: one line per block or line break, a row of a table on one line."""
    rows: dict[int, int] = {}
    for node in range(body.node, page.ends[body.node]):
        if page.tags[node] == "tr":
            cells = [c for c in range(node + 1, page.ends[node]) if page.parents[c] == node]
            full = [c for c in cells if page.last[c] > page.first[c]]
            if len(full) < 2 or any(page.tags[c] == "table" for c in range(node + 1, page.ends[node])):
                continue
            if any(page.last[c] - page.first[c] > 3 and len(page.text(c)) > 300 for c in full):
                continue
            for number in range(page.first[node], page.last[node]):
                rows[number] = node
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
