"""Cuts from a container what is not body: its head with the meta line, furniture, its end with the neighbours."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from pipelines.extract.labels import kinds_of_label
from pipelines.extract.noise import FURNITURE, is_annex
from pipelines.extract.page import Line, Page, tokens
from pipelines.extract.statements import BY, Statement, Statements
from pipelines.extract.survey import SENTENCE, Survey, count_marks
from pipelines.extract.title import Printed
from pipelines.fold import without_pinyin

_META = frozenset(
    "author authors byline date time datetime timestamp meta published posted publish source views info arti "
    "attribute subtitle fubiaoti subhead ftitle".split()
)
"""Words in class or id that name a meta line or a subtitle."""

_RELEASE = re.compile(r"\W{0,4}for (?:immediate )?release\W{0,4}", re.IGNORECASE)
"""What heads a press release."""
_CONTACT = re.compile(r"\W{0,4}(?:(?:media|press|news) )?contacts?\s?:(?=.{0,100}\Z)", re.IGNORECASE)
"""Whom it tells reporters to ask."""
_CAPTIONS = frozenset(
    "caption figcaption imagecaption legende bildunterschrift didascalia imagetext bildtext".split()
)
"""Words in class or id that name what is said of a picture."""

_LISTS = (
    r"(?:上|下|前|后|後)一?[篇條条頁页則则](?:新闻|文章|信息)?\s?(?:[:：>]|\Z|没有|無|无)|[上下]一[篇條条則则]"
    r"|(?:相关|相關)(?:新闻|阅读|文章|链接|报道|信息|内容|推荐|资讯|主题|专题|搜索|稿件|新聞|閱讀|連結|報導)"
    r"|(?:推荐|热门|热点|最新|精彩|图片)(?:阅读|文章|新闻|推荐|评论|图文)(?:[:：]|\W*\Z)"
    r"|延伸阅读|更多(?:新闻|精彩|视频|图片|文章|资讯|内容)|猜你喜欢|编辑推荐|友情链接"
)
HEADS_LIST = re.compile(rf"[\W_]{{0,12}}(?:{_LISTS})")
"""How the lines begin that name neighbours or head a list of other articles."""
END = re.compile(
    rf"[\W_]{{0,12}}(?:{_LISTS}"
    r"|分享(?:到|至|文章)|(?:partager|teilen|compartir|condividi)\s?(?:[:：]|\Z)|【?(?:打印|关闭|返回)(?:本|此|窗|列|上|首|页|顶|】|\Z)"
    r"|发表评论|(?:网友|最新|文章|我要|全部|热门)评论|评论\s?(?:[(（]?\d|列表|区|\Z)"
    r"|(?:郑\s?重|免责|版权|特别|侵权|反侵权)?\s?(?:声\s?明|公告)[:：]|郑\s?重\s?声\s?明\W*\Z|(?:免责|版权)声明|版权说明"
    r"|(?:阅读|点击|浏览)排行|本文(?:链接|网址|地址)|原文链接|扫一扫|扫码|扫描二维码|关注我们"
    r"|阅读\s?[(（]\s?\d*[)）]|顶一下|踩一下|-*分隔线|收藏(?:本|此)|返回顶部|温馨提示[:：]"
    r"|related\s?:?\Z|related (?:articles?|stories|news|posts|content|topics|links|reading|resources|videos)\b"
    r"|you (?:may|might) (?:also )?(?:like|enjoy|be interested)|explore more(?: \w+){0,3}\W*\Z"
    r"|(?:popular|similar|other) (?:posts|articles|stories)\W*\Z|(?:keep reading|join the conversation)\W*\Z"
    r"|more (?:from|news|stories|in|like|posts|articles)\b"
    r"|about the authors?\b|share (?:this|on|via)\b|tags?\s?:|tagged|filed under"
    r"|(?:previous|next)(?: (?:post|article|story|news|page))?\s?(?:[:：]|\Z)|pre\s?[:：]"
    r"|leave a (?:comment|reply)|comments?(?: \(\d+\))?\Z|\d+ (?:comments?|responses?|thoughts on)"
    r"|recommended (?:for|reading|articles|posts)|further reading|read next|recent (?:posts|news|articles)"
    r"|latest (?:news|posts|stories|articles)|subscribe|sign up (?:for|to)|(?:our )?newsletter"
    r"|(?:à lire|voir|lire) aussi|sur le même sujet|(?:noticias|artículos|notícias) relacionad[ao]s|(?:notizie|articoli) correlat[ei]|leggi anche"
    r"|(?:lees|læs|les|läs) (?:ook|også|också|även|mere?)\b|(?:lea|leia) (?:también|também|mais)\b|související (?:články|novinky|aktuality)"
    r"|(?:czytaj|zobacz) (?:też|także|również)\b|verwandte (?:nachrichten|artikel|themen)|ähnliche (?:artikel|beiträge)"
    r"|das könnte sie|weitere (?:meldungen|nachrichten|artikel)\b"
    r"|поделиться|читайте также|другие новости|похожие новости|関連記事|関連ニュース"
    r"|(?:abgelegt unter|schlagw[oö]rte?r?|registrado em|palavras-chave|etiquetas|mots[ -]clés|emneord|nyckelord|trefwoorden"
    r"|tagi|теги|explore)\s?:"
    r"|senast uppdaterad|sist endret|sidst opdateret|laatst gewijzigd"
    r"|última (?:modificação|atualização)|ostatnia (?:modyfikacja|aktualizacja)"
    r"|last (?:updated|reviewed|modified)|topics:?\Z|categories:?\Z|(?:media|press) contacts?\b|kontakt\Z"
    r"|이전글|다음글|목록\Z|回列表|回上頁)",
    re.IGNORECASE,
)
"""How the lines begin that end a body: neighbours, related articles, comments, statements of rights."""
_COMMENTS = re.compile(
    r"[\W_]{0,12}(?:发表评论|(?:网友|最新|我要|全部|热门)评论|leave a (?:comment|reply)|\d+ (?:comments?|responses?|thoughts on))",
    re.IGNORECASE,
)
"""How those begin that end a body wherever they stand: a box of other furniture may stand amid the text."""
ASIDE = re.compile(
    r"\W{0,4}(?:read (?:more|also|next)|see also|related|also read|more on|view (?:more|all)"
    r"|lesen sie (?:auch|mehr)|mehr zum thema|lire aussi|à lire aussi|leggi anche|lees (?:ook|meer)|läs (?:också|mer)|les også"
    r"|læs (?:også|mere)|leia (?:também|mais)|lea también|czytaj (?:też|także|więcej)|читайте также"
    r"|延伸阅读|相关阅读|点击(?:查看|阅读|进入|看))",
    re.IGNORECASE,
)
"""How a line begins that only leads elsewhere."""
_VSB_FILE = re.compile(r"附件\s?\d{0,3}\s?[【\[].{1,240}[】\]]\s?(?:已?下载|[(（]|\Z)")
_FILE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|zip|rar|7z|txt|rtf|csv)(?:[?#&]|\Z)|download|wbfileid|/file/"
)
"""An address or a name of a file, lower case."""

HEAD_LINES = 60
"""How many lines may stand between a title and its text."""
_TAIL_LINES = 60
"""How many lines of credits and buttons may stand behind it."""
_BEFORE_SECTION = 6
"""How many lines on either side of a heading are looked at for sentences."""
_SECTION = 160.0
"""What sentences before a heading are worth at least that make it one within the text."""
_LEAD = 6
"""How many lines of the text a byline may stand behind."""
_LONGEST_BYLINE = 120
_LONGEST_DATE = 40
_LONGEST_OFFICE = 20
_BYLINE = re.compile(r"\W{0,4}(?:(?:written|posted) )?(?:by|von|par)\b", re.IGNORECASE)
_READING_TIME = re.compile(r"[ -](?<=\d.)min(?:ute)?s?[ -]read\b", re.IGNORECASE)
"""What stands beside a date of publication and nowhere in a text."""
_BACK = re.compile(
    r"\W{0,4}(?:zurück|nach oben|back\b|return to|to (?:the )?top|retour|volver|voltar|indietro|torna |возврат"
    r"|назад|к списку|返回|回(?:上|首|列|頂)|一覧|.{0,10}戻る|ページの先頭|목록)",
    re.IGNORECASE,
)
"""How a link begins that leads back from an article."""
_CELLS = frozenset(("td", "th", "dt"))
_HEADS_TEXT = re.compile(
    r"(?:公告|消息|訊息|讯息|新[聞闻]|文章|信息|活[動动]|[詳详][細细]|公文)?[內内]\s{0,4}[容文]\s?[:：]?|내\s?용|본문|本文"
)
"""What heads the text in a form of labels and values: 公告內容 | …"""
_PUBLISHED = re.compile(
    r"\W{0,4}(?:[发發][布表](?:时间|時間|日期)|published|posted on|veröffentlicht|publié le"
    r"|publi(?:sert|cerad|ceret|cado)\b|pubblicato|gepubliceerd|opublikowano|опубликовано|掲載日|公開日|작성일|등록일)",
    re.IGNORECASE,
)
"""How a meta line begins that stands behind a summary, and cannot be a line of the text: 公示时间 could."""


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


def is_file(page: Page, line: Line) -> bool:
    """Tell whether a line links to a file, or names one."""
    return _FILE.search(line.text.lower()) is not None or any(
        _FILE.search((page.elements[page.links[link]].get("href") or "").lower()) for link in range(*line.links)
    )


def trim(measured: Survey, nodes: Sequence[int], rule: str, title: Printed | None) -> Body:
    """Return the body in a container: from behind the meta line up to where the page turns to other things."""
    page, noise, statements = measured.page, measured.noise, measured.statements
    node = _find_common(page, nodes)
    first, last = page.first[nodes[0]], max(page.last[one] for one in nodes)
    start = title.line + 1 if title is not None and first <= title.line < last else first
    if title is not None and _is_section(measured, title, first, last):
        start = first
    is_short = rule == "anchored"
    start = _skip_head(measured, start, last, is_short=is_short)
    end = _find_end(measured, start, last)
    if is_short:
        end = next((one for one in range(start, end) if HEADS_LIST.match(page.lines[one].text)), end)
    start = _skip_release(measured, start, end)
    islands = _find_islands(page, nodes, start, end)
    kept = [
        number
        for number in range(start, end)
        if not noise[number]
        and number not in islands
        and not _is_aside(page, number)
        and not _VSB_FILE.match(page.lines[number].text)
    ]
    if len(kept) > 1 and _is_summary(page, kept):
        kept = kept[1:]
    late = _find_late_imprint(kept, statements)
    spans = [range(page.first[one], page.last[one]) for one in nodes]
    kept = [number for number in kept if number not in late and any(number in span for span in spans)]
    if not kept:
        kept = [number for number in range(first, last) if _is_annexed(page, number)]
    home = _find_home(measured, kept) if ":" not in rule else node  # the lists in a layout's body are the editor's
    kept = _without_hero_captions(page, kept, home)
    kept = _cut_at_credit(page, kept, statements)
    for _ in range(min(len(kept), _TAIL_LINES)):
        line = page.lines[kept[-1]]
        is_apart = not page.is_inside(line.node, home) and _is_list_of_files(page, line)
        if not (is_apart or _is_invitation(page, line, home) or _is_tail(line.text, statements, kept[-1])):
            break
        kept.pop()
    return Body(node=node, lines=tuple(kept), start=start, end=end, rule=rule)


def _is_section(measured: Survey, title: Printed, first: int, last: int) -> bool:
    """Tell whether what was taken for the title is a heading in the text: sentences stand beside it, before it too."""
    page, weights = measured.page, measured.weights
    around = page.parents[title.node]
    beside = [
        number
        for number in range(max(first, title.line - _BEFORE_SECTION), min(last, title.line + 1 + _BEFORE_SECTION))
        if weights[number] >= SENTENCE and page.tags[page.lines[number].node] == "p"
        if page.parents[page.lines[number].node] == around
    ]
    before = sum(weights[number] for number in beside if number < title.line)
    return before >= _SECTION and len(beside) > 0 and beside[-1] > title.line


def _find_common(page: Page, nodes: Sequence[int]) -> int:
    """Return the innermost node that holds all of them."""
    last = max(nodes)
    return next((one for one in (nodes[0], *page.ancestors(nodes[0])) if page.is_inside(last, one)), 0)


# ── the head ───────────────────────────────────────────────────────────────────────────────────────────────


def _skip_head(measured: Survey, start: int, last: int, *, is_short: bool) -> int:
    """Return the first line of text: behind meta lines, buttons, links, what a class calls a meta line.

    Where the page has little text (``is_short``) what heads a list of other articles ends the search: the rest is
    the page's furniture.
    """
    page, weights = measured.page, measured.weights
    stop = min(last, start + HEAD_LINES)
    has_text = any(weight > 30 for weight in weights[start:last])
    for number in range(start, stop):
        line = page.lines[number]
        if measured.noise[number]:
            continue
        is_named = _is_named_meta(page, number)
        if page.tags[line.node] in _CELLS and _HEADS_TEXT.fullmatch(line.text):
            continue
        if measured.statements[number].is_meta():
            if measured.statements.is_event_time(number) and not is_named:
                return number
        elif not has_text or (is_short and HEADS_LIST.match(line.text)):
            return number
        elif line.linked * 2 > len(line.text) and (not is_file(page, line) or _is_labelled(page, number)):
            continue
        elif weights[number] >= SENTENCE or not (
            is_named or _is_before_links(measured, number, last) or _is_before_imprint(measured, number, last)
        ):
            return number
    return stop


def _skip_release(measured: Survey, start: int, end: int) -> int:
    """Return the first line of text behind what heads a press release, with its day and its contact."""
    page, statements = measured.page, measured.statements
    for number in range(start, min(start + _LEAD, end)):
        if _RELEASE.fullmatch(page.lines[number].text):
            behind = number + 1
            while behind < end and (_is_date(statements[behind]) or _CONTACT.match(page.lines[behind].text)):
                behind += 1
            return behind if behind < end else start
    return start


def _is_labelled(page: Page, number: int) -> bool:
    """Tell whether a line is the value of a row of the meta table, as boards print their files: 첨부파일 | a.pdf."""
    return number > 0 and "other" in kinds_of_label(page.lines[number - 1].text)


def _is_before_imprint(measured: Survey, number: int, last: int) -> bool:
    """Tell whether a short line is a subtitle: an unmistakable meta line follows."""
    lines, statements = measured.page.lines, measured.statements
    if 0 < number < last - 1 and len(lines[number].text) <= _LONGEST_OFFICE and not count_marks(lines[number].text):
        before, behind = statements[number - 1], statements[number + 1]
        if _is_date(before) and behind.entries and behind.is_meta():
            return True  # the office that issued it, between date and counter
    return any(
        _states_twice(lines[following].text) and statements[following].is_imprint()
        for following in range(number + 1, min(number + 4, last))
    )


def _states_twice(text: str) -> bool:
    """Tell whether a line may state two things: few lines of a text are read for it."""
    return len(text) <= _LONGEST_BYLINE and text.count(":") + text.count("：") > 1


def _is_before_links(measured: Survey, number: int, last: int) -> bool:
    """Tell whether a short line is a heading over links: 今日推荐, set one character a line perhaps."""
    for following in range(number, min(number + 6, last)):
        line = measured.page.lines[following]
        if measured.noise[following] or line.linked * 2 > len(line.text):
            return following > number
        if len(line.text) > 14:
            return False
    return False


def _is_summary(page: Page, kept: Sequence[int]) -> bool:
    """Tell whether the first line is the beginning of the text once more, cut off by the CMS (DedeCMS's intro)."""
    text = page.lines[kept[0]].text.rstrip(" .…·")
    if len(text) < 40:
        return False
    bare = text.replace(" ", "")
    following = "".join(page.lines[number].text for number in kept[1 : 1 + _LEAD]).replace(" ", "")
    return following.startswith(bare)


def _without_hero_captions(page: Page, kept: list[int], home: int) -> list[int]:
    """Return the lines without what is said of a picture above the text, apart from its paragraphs (``home``)."""
    inside = next((index for index, number in enumerate(kept) if page.is_inside(page.lines[number].node, home)), 0)
    return [number for number in kept[:inside] if not _is_caption(page, page.lines[number].node)] + kept[inside:]


def _is_caption(page: Page, node: int) -> bool:
    return page.tags[node] == "figcaption" or not _CAPTIONS.isdisjoint(tokens(page.names(node)))


def _find_late_imprint(kept: Sequence[int], statements: Statements) -> set[int]:
    """Return the lines of a byline and a date that stand behind the text's first lines, not before them."""
    late: set[int] = set()
    for index, number in enumerate(kept[1:_LEAD]):
        text = statements.page.lines[number].text
        if _READING_TIME.search(text) and statements[number].is_meta():
            late.add(number)
            if not statements[number].dates and _is_date(statements[kept[index]]):
                late.add(kept[index])
            continue
        if len(text) <= _LONGEST_DATE and _is_named_meta(statements.page, number) and _is_date(statements[number]):
            late.add(number)
            continue
        if len(text) > _LONGEST_BYLINE or not (
            late or _BYLINE.match(text) or BY.search(text) or _PUBLISHED.match(text) or _states_twice(text)
        ):
            continue
        statement = statements[number]
        is_byline = (
            (any(entry.label == "by" for entry in statement.entries) and (statement.dates or _BYLINE.match(text)))
            or _PUBLISHED.match(text)
            or statement.is_imprint()
        )
        if statement.is_meta() and (is_byline or (late and statement.dates and not statement.entries)):
            late.add(number)
    return late


def _is_named_meta(page: Page, number: int) -> bool:
    """Tell whether the class of a line says that it is a meta line."""
    return not _META.isdisjoint(tokens(page.names(page.lines[number].node)))


def _is_date(statement: Statement) -> bool:
    """Tell whether a line is nothing but a date."""
    return bool(statement.dates and statement.is_meta() and not statement.entries and not statement.rest)


# ── the end ────────────────────────────────────────────────────────────────────────────────────────────────


def _find_end(measured: Survey, start: int, last: int) -> int:
    """Return the line at which the page turns to other things, unless the text goes on behind it."""
    page, weights, noise = measured.page, measured.weights, measured.noise
    ends = [
        number
        for number in range(start, last)
        if len(page.lines[number].text) < 160 and END.match(without_pinyin(page.lines[number].text))
    ]
    last = _cut_behind_rule(measured, start, last)
    if not ends:
        return last
    total = sum(weights[start:last])
    behind: Counter[int] = Counter()  # how much text each element holds directly, behind the line
    before: Counter[int] = Counter()  # and before it
    for number in range(start, last):
        if weights[number] >= SENTENCE:
            behind[_home_of(page, number)] += int(weights[number])
    seen, rest, done = 0.0, float(behind.total()), start
    for number in ends:
        for passed in range(done, number):
            seen += weights[passed]
            if weights[passed] >= SENTENCE:
                home = _home_of(page, passed)
                before[home] += int(weights[passed])
                behind[home] -= int(weights[passed])
                rest -= int(weights[passed])
        done = number
        home = before.most_common(1)[0][0] if before else -1
        is_apart = noise[number] and not _COMMENTS.match(page.lines[number].text)
        if is_apart and rest >= 0.2 * total:
            continue
        if behind[home] < 0.12 * total and (seen >= 0.4 * total or rest < 0.3 * total):
            return number
    return last


def _cut_behind_rule(measured: Survey, start: int, last: int) -> int:
    """Return the line of a horizontal rule behind which only an address is left, or ``last``."""
    page, weights = measured.page, measured.weights
    for node in page.listed["hr"]:
        line = page.first[node]
        if start < line < last <= line + 4 and max(weights[line:last]) < 40 <= max(weights[start:line]):
            return line
    return last


def _home_of(page: Page, number: int) -> int:
    """Return the element that a paragraph stands in."""
    node = page.lines[number].node
    return node if page.tags[node] in ("td", "body", "section", "article", "pre") else page.parents[node]


def _find_home(measured: Survey, kept: Sequence[int]) -> int:
    """Return the element in which most of the text stands."""
    homes = Counter(_home_of(measured.page, number) for number in kept if measured.weights[number] >= SENTENCE)
    if homes or not kept:
        return homes.most_common(1)[0][0] if homes else 0
    return _home_of(measured.page, kept[0])


def _cut_at_credit(page: Page, kept: list[int], statements: Statements) -> list[int]:
    """Return the lines before the credit that closes the text, if only files are listed behind it."""
    files = 0
    while files < len(kept) and is_file(page, page.lines[kept[-1 - files]]):
        files += 1
    if not 0 < files < len(kept):
        return kept
    number = kept[-1 - files]
    is_closing = len(page.lines[number].text) < _LONGEST_BYLINE and statements[number].is_credit()
    return kept[: -1 - files] if is_closing else kept


def _is_invitation(page: Page, line: Line, home: int) -> bool:
    """Tell whether a last line is links to elsewhere: 函授报名、成人高考报名, or «Back» outside the text."""
    if line.linked * 10 < len(line.text) * 7 or is_file(page, line):
        return False
    if _BACK.match(line.text):
        return True
    return line.links[1] - line.links[0] > 1 or (len(line.text) <= 20 and not page.is_inside(line.node, home))


def _is_tail(text: str, statements: Statements, number: int) -> bool:
    """Tell whether a last line is none of the text: a credit, a button, an attachment that VSB lists."""
    if len(text) >= 240:
        return False
    if FURNITURE.search(text) or _VSB_FILE.match(text):
        return True
    statement = statements[number]
    if _PUBLISHED.match(text) and statement.dates and statement.is_meta():
        return True
    return statement.is_credit() or statement.is_control()


# ── in between ─────────────────────────────────────────────────────────────────────────────────────────────


def _find_islands(page: Page, nodes: Sequence[int], start: int, end: int) -> set[int]:
    """Return the lines of tables that hold links and little else, set into the text: «today's topics»."""
    islands: set[int] = set()
    tables = [table for table in page.listed["table"] if any(node < table < page.ends[node] for node in nodes)]
    if not tables:
        return islands
    lengths = [0, *accumulate(len(line.text) for line in page.lines)]
    linked = [0, *accumulate(line.linked for line in page.lines)]
    for table in tables:
        first, last = max(page.first[table], start), min(page.last[table], end)
        if first >= last or len(page.links_in(table)) < 3:
            continue
        is_linked = linked[last] - linked[first] >= 0.7 * (lengths[last] - lengths[first])
        if is_linked and not any(is_file(page, line) for line in page.lines[first:last]):
            islands.update(range(first, last))
    return islands


def _is_aside(page: Page, number: int) -> bool:
    """Tell whether a line leads away from the text: an entry of a table of contents, «read more»."""
    line = page.lines[number]
    if line.links[0] == line.links[1]:
        return False
    aside = ASIDE.match(line.text)
    label = len(aside[0]) if aside and line.text[aside.end() :].startswith((":", "：")) else 0
    if line.linked * 10 < (len(line.text) - label) * 9:
        return False
    if aside:
        return True
    return all((page.elements[page.links[link]].get("href") or "").startswith("#") for link in range(*line.links))


def _is_annexed(page: Page, number: int) -> bool:
    """Tell whether a line is of the attachments: some notices are nothing else."""
    line = page.lines[number]
    return is_file(page, line) or is_annex(page.names(line.node))


def _is_list_of_files(page: Page, line: Line) -> bool:
    """Tell whether a line is a link to a file, or the heading over such links."""
    return "other" in kinds_of_label(line.text) or (line.linked * 10 >= len(line.text) * 9 and is_file(page, line))
