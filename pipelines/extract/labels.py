"""The grammar of meta lines: which words announce a date, a source, a name, a counter, and what they say.

«发布时间：2020-02-21 来源：宣传部 作者：张三 点击：12» and its like, in any order, with any colons and spaces,
joined in one text or split over elements, in simplified and traditional Chinese, Japanese, Korean, English and
German. Labels are matched on a folded copy of the text (:mod:`pipelines.fold`), values are cut from the page's own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from pipelines.dates import DateMatch
from pipelines.extract.words import BOTH, PEOPLE, WEAK, WORDS
from pipelines.fold import fold

_KINDS = {word: (kind,) for kind, words in WORDS.items() for word in words.split()} | dict.fromkeys(
    BOTH.split(), ("author", "photographer")
)
_LONGEST = max(map(len, _KINDS))
_LENGTHS = {
    char: sorted({len(word) for word in _KINDS if word[-1] == char}, reverse=True)
    for char in {word[-1] for word in _KINDS}
}
"""How long the words are that end with a character, the longest first."""

_SEPARATOR = re.compile(r"[:/|丨]")
_JOINED = re.compile(r"[/、和及&·]\Z")
_BUTTON = r"\s(?=字[体号]|分享|打印|收藏|关闭|浏览|点击|阅读)"
_NAME_STOP = re.compile(rf"[\[\]【】{{}}|丨]|{_BUTTON}|[。;!?]|(?<=\D)(?=\d{{4}}[-/.年]\d)")
_DATE_STOP = re.compile(rf"[\[\]【】{{}}|丨]|{_BUTTON}|[。;!?]")
"""Where a value ends if no label does it: at a bracket, a bar, a button, a sentence; a name also at a date."""
_POSTED = frozenset(("发布", "发表"))
"""What announces who posted it as well as when."""
_WHEN = re.compile(r"[昨今前刚].{0,3}|.{0,3}[前日天]")
"""A time without figures: 昨天, 三天前."""
_PADDING = " \t,，;；、|｜丨·-—–_/[【(（)）】]<>〉《》:："

_BYLINE = re.compile(
    r"(?i:(?:(?P<part>edited|photos?|photographed|photography|translated|reviewed) |written |posted |text )?by|von|par|av|af|por|door)\s"
    r"(?P<name>[A-ZÀ-Þ][^:：。!?|｜•\d@()]{1,50}?(?:\s?\([^()]{1,20}\))?)(?:\s(?:und|and|&))?"
)
_NEXT_BYLINE = re.compile(
    r"\s?[,;，；/]\s?(?=(?:written|text|edited|photos?|photographed|photography|translated|reviewed)\s)",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r",\s(?:[\w&'’.-]{1,20}\s){0,5}(?:Office|University|Communications?|Department|Dept|School|College|Institute|Staff"
    r"|News|Service|Relations|Affairs|Correspondent|Writer|Editor|Reporter)\b.*",
    re.DOTALL,
)
"""Where somebody works, behind the name."""
_PARTS = {"edite": "editor", "photo": "photographer", "trans": "translator", "revie": "reviewer"}
_PIECE = re.compile(r"\s?[|｜•·]\s?|\s[-–—]\s")

_COUNTER = re.compile(
    r"(?:点击|浏览|阅读|人气|访问|查看|点阅|阅览|关注|热度|评论|点赞|조회|추천|hits?|views?|reads?|clicks?)[量数次率人]{0,2}"
    r"\s{0,2}[\[(【{:]?\s{0,2}\d{1,9}\s{0,2}[\])】}]?\s?次?"
)
_COUNTED = re.compile(
    r"\d{1,9}\s{0,2}[次人]?\s?(?:点击|浏览|阅读|评论|views?|hits?|reads?|comments?|shares?)(?!\w)"
)
_CONTROLS = re.compile(
    r"字[体号](?:大小|:)?|大\s{1,3}中\s{1,3}小|小\s{1,3}中\s{1,3}大"
    r"|分享到?至?|打印(?:本[页文])?|加入收藏|收藏(?:本[页文])?|关闭(?:窗口|本页|此页)?|返回(?:列表|上[一级]页|首页)?"
    r"|我要(?:打印|纠错|分享|评论)|保护视力色|双击(?:自动)?滚屏|微信|微博|朋友圈|扫一扫|复制链接|qq空间|人人网?"
    r"|无障碍|繁体|简体|放大|缩小|默认|增大|减小|正常|恢复|语音播报|朗读|网址复制|一键复制|转发|举报|点赞"
    r"|推荐给?(?:好友|朋友)|发表评论|我来说两句|人已?阅读?|条?评论|更新|发布|发表"
    r"|a[+-](?<![a-z]a.)|share|print|e-?mail|facebook|twitter|linkedin|whatsapp|wechat|weibo|copy link|tweet"
    r"|min(?:ute)?s? read|reading time|mins?\b|minutes?\b|인쇄|공유|목록"
    r"|(?:post|publish|updat)ed(?: on)?\b|last updated(?: on)?\b|publiée?(?: le)?\b|mise? à jour(?: le)?\b"
    r"|pubblicato(?: il)?\b|aggiornato(?: il)?\b|publicado(?: el| em)?\b|actualizado(?: el)?\b"
    r"|(?:gepubliceerd|publisert|publicerad|publiceret|opublikowano)\b|leestijd\b|lesezeit\b|lesetid\b|läsetid\b|minuten\b"
    r"|(?:sist endret|senast uppdaterad|sidst opdateret)\b|zuletzt geändert\b"
    r"|veröffentlicht(?: am)?\b|aktualisiert(?: am)?\b|опубликован[оа]?\b|обновлен[оа]?\b"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|(?:mon|diens|donners|frei|sams|sonn)tag\b|mittwoch\b"
)
"""What stands beside the entries of a meta line: buttons for fonts, printing, sharing. Folded, lower case; each way
begins with a character of its own, so that a search skips to those."""
_FIGURES = re.compile(r"\d[\d\s:年月日时分秒.,/-]*(?:星期.|周.)?")
_NO_WORD = re.compile(r"[\W_]+")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One label of a meta line and what stands behind it."""

    kinds: tuple[str, ...]
    """The keys of :data:`WORDS` it belongs to: one, but for 文图：张三."""
    label: str
    """As the folded text has it, without spaces: ``信息来源``."""
    value: str
    """As the page prints it, white space collapsed; empty where the label stands alone."""
    start: int
    """Offset of the label in the line."""
    end: int
    """One past the value."""


class _Label(NamedTuple):
    kinds: tuple[str, ...]
    name: str
    start: int
    value_start: int


def read_line(text: str) -> tuple[Entry, ...]:
    """Return the entries of a line, in order.

    >>> line = "发布时间：2020-02-21 来源：宣传部 作者：张三 点击：12次"
    >>> [(entry.kinds[0], entry.value) for entry in read_line(line)]
    [('published', '2020-02-21'), ('source', '宣传部'), ('author', '张三'), ('clicks', '12次')]
    >>> [(entry.kinds, entry.value) for entry in read_line("（文/张三 图/李四）")]
    [(('author',), '张三'), (('photographer',), '李四')]
    >>> [(entry.kinds[0], entry.value) for entry in read_line("发布：教务员 发布：三天前")]
    [('author', '教务员'), ('published', '三天前')]
    """
    folded = fold(text)
    lower = folded.text.lower()
    if len(lower) != len(folded.text):  # one character that is two in lower case (İ)
        lower = folded.text
    labels = list(_find_labels(lower))
    if not labels:
        return ()
    entries: list[Entry] = []
    shared: tuple[str, ...] = ()
    for index, (own, name, start, value_start) in enumerate(labels):
        limit = labels[index + 1].start if index + 1 < len(labels) else len(lower)
        kinds = (*shared, *own)
        shared = kinds if limit == value_start and lower[value_start - 1] in "/|丨" else ()
        if shared:  # 文/图：张三
            continue
        end = _find_end(lower, value_start, limit, kinds)
        value = " ".join(text[folded.origin(value_start) : folded.origin(end)].split())
        if name == "文" and value.startswith("图 "):  # 文/图 张三
            kinds, value = ("author", "photographer"), value[2:]
        value = _strip(value)
        if name in _POSTED and _HAN_NAME.fullmatch(value) and not _WHEN.fullmatch(value):
            kinds = ("author",)
        entries.append(
            Entry(kinds=kinds, label=name, value=value, start=folded.origin(start), end=folded.origin(end))
        )
    return tuple(entries)


def find_byline(text: str, dates: tuple[DateMatch, ...]) -> tuple[Entry, ...]:
    """Return the entry of a byline without a colon, which may stand beside a date.

    >>> [entry.value for entry in find_byline("By John Smith | 3 min read", ())]
    ['John Smith']
    >>> [(entry.kinds[0], entry.value) for entry in find_byline("(Written by Li Na, Photo by Bo Wu)", ())]
    [('author', 'Li Na'), ('photographer', 'Bo Wu')]
    """
    if text[:1] in {"(", "（"}:
        return _read_bracketed(text)
    spans = [(date.start, date.end) for date in dates]
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        at = start
        for piece in _PIECE.split(text[start:end]):
            bare = piece.strip(" ,;")
            if byline := _BYLINE.fullmatch(bare):
                begin = text.index(bare, at)
                return (_to_entry(byline, begin, begin + len(bare)),)
            at += len(piece)
    return ()


def _read_bracketed(text: str) -> tuple[Entry, ...]:
    """Return the entries of a line in brackets that holds nothing but bylines: (Written by Li Na, photo by Bo Wu)."""
    bylines = [_BYLINE.fullmatch(piece) for piece in _NEXT_BYLINE.split(text.strip("()（） ."))]
    if not all(bylines):
        return ()
    return tuple(_to_entry(byline, 0, len(text)) for byline in bylines if byline)


def _to_entry(byline: re.Match[str], start: int, end: int) -> Entry:
    part = (byline["part"] or "").lower()
    return Entry(
        kinds=(_PARTS.get(part[:5], "author"),),
        label=f"{part} by".strip(),
        value=_OFFICE.sub("", byline["name"]),
        start=start,
        end=end,
    )


def find_spaced(text: str) -> tuple[Entry, ...]:
    """Return the entries of a line whose labels stand in elements of their own, without colons.

    >>> [(entry.label, entry.value) for entry in find_spaced("작성자 학과사무실 조회 312회 작성일 20-02-21 09:05")]
    [('작성자', '학과사무실'), ('조회', '312회'), ('작성일', '20-02-21 09:05')]
    >>> find_spaced("发布 会 在 京 举行"), find_spaced("作者 简介")
    ((), ())
    """
    first = _WORD.search(text)
    if first is None or fold(first[0]).text.lower() not in _KINDS:
        return ()
    words = list(_WORD.finditer(text))
    marks = [
        (index, name, kinds)
        for index, word in enumerate(words)
        if (kinds := _KINDS.get(name := fold(word[0]).text.lower())) and len(name) > 1 and name not in WEAK
    ]
    if not marks or marks[0][0] or "other" in marks[0][2]:  # the first may be too weak a label
        return ()
    if len(marks) == 1 and not ("가" <= marks[0][1][0] <= "힣" and 1 < len(words) < 5):
        return ()  # 作者 简介 is a heading; Korean boards set a label and its value apart
    entries = []
    for place, (index, name, kinds) in enumerate(marks):
        stop = marks[place + 1][0] if place + 1 < len(marks) else len(words)
        if stop - index > 6:
            return ()
        start, end = words[index].start(), words[stop - 1].end()
        entries.append(
            Entry(kinds=kinds, label=name, value=_strip(text[words[index].end() : end]), start=start, end=end)
        )
    return tuple(entries)


def find_barred(text: str) -> tuple[Entry, ...]:
    """Return the entries of a line whose labels have no colons and stand between bars.

    >>> [(entry.label, entry.value) for entry in find_barred("2020-02-21 | 来源 校团委 | 作者 王雨 |")]
    [('来源', '校团委'), ('作者', '王雨')]
    >>> find_barred("历史 | 出版 手记")
    ()
    """
    entries: list[Entry] = []
    at = 0
    for piece in _PIECE.split(text):
        at = text.index(piece, at)
        label, _, value = piece.strip().partition(" ")
        name = fold(label).text.lower()
        if value and len(name) > 1 and name not in WEAK and (kinds := _KINDS.get(name)) and "other" not in kinds:
            entries.append(Entry(kinds=kinds, label=name, value=_strip(value), start=at, end=at + len(piece)))
    return tuple(entries)


_MAKERS = tuple(
    sorted(
        (word for kind in PEOPLE for word in WORDS[kind].split() if len(word) > 1 and not word.isascii()), key=len
    )
)[::-1]
_OFFICES = (
    "学院",
    "學院",
    "部",
    "处",
    "處",
    "系",
    "中心",
    "办公室",
    "办",
    "馆",
    "团委",
    "研究院",
    "研究所",
    "实验室",
)
"""How the office of those who are named ends: （机电学院 通讯员 王明）."""
_HAN_NAME = re.compile(r"[\u3400-\u9fff·]{2,4}(?:[、，,][\u3400-\u9fff·]{2,4}){0,8}")


def find_makers(text: str) -> tuple[Entry, ...]:
    """Return the entries of a line that names makers without colons: （通讯员 王明 摄影李亮）, □ 本报记者 葛灵丹.

    >>> [(entry.kinds[0], entry.value) for entry in find_makers("（通讯员 王明 摄影李亮）")]
    [('correspondent', '王明'), ('photographer', '李亮')]
    >>> [(entry.kinds[0], entry.value) for entry in find_makers("（机电学院 通讯员 王明）")]
    [('correspondent', '王明')]
    >>> find_makers("编辑 出版"), find_makers("机电学院 通讯员 王明")
    ((), ())
    """
    bare = text.strip("（）()【】[]□■◆● ")
    if len(bare) > 60:
        return ()
    found: list[tuple[str, list[str]]] = []
    for word in fold(bare).text.split():
        label = next((known for known in _MAKERS if word.startswith(known)), None)
        name = word[len(label) :] if label else word
        if label and not (name and not _HAN_NAME.fullmatch(name)):
            found.append((label, [name] if name else []))
        elif not label and found and _HAN_NAME.fullmatch(name):
            found[-1][1].append(name)
        elif not label and not found and bare != text and name.endswith(_OFFICES):
            continue
        else:
            return ()
    sure = bare != text or len(found) > 1 or (found and found[0][0].endswith(("记者", "通讯员")))
    if not sure or not found or not all(names for _, names in found):
        return ()
    return tuple(
        Entry(kinds=_KINDS[label], label=label, value=" ".join(names), start=0, end=len(text))
        for label, names in found
    )


def find_makers_beside(text: str, entries: tuple[Entry, ...]) -> Iterator[Entry]:
    """Yield the makers named without colons between entries that have some: 来源：科技处 | 记者 刘畅 通讯员 高远 | 阅读：3.

    >>> line = "来源：科技处 | 记者 刘畅 通讯员 高远 | 阅读：3"
    >>> [(entry.label, entry.value) for entry in find_makers_beside(line, read_line(line))]
    [('记者', '刘畅'), ('通讯员', '高远')]
    """
    edges = [0, *(edge for entry in entries for edge in (entry.start, entry.end)), len(text)]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        at = start
        for piece in _PIECE.split(text[start:end]):
            at = text.index(piece, at)
            if len(piece) > 3 and len(piece) < 40:
                for entry in find_makers(piece.strip()):
                    yield replace(entry, start=at, end=at + len(piece))


def _strip(value: str) -> str:
    """Return a value without the punctuation around it; brackets that belong to it stay: Ann Lee (M.Sc.)."""
    bare = value.strip(_PADDING)
    at = value.find(bare) + len(bare)
    if (
        bare
        and value[at : at + 1] in {")", "）"}
        and bare.count("(") + bare.count("（") > bare.count(")") + bare.count("）")
    ):
        return bare + value[at]
    return bare


def _find_labels(text: str) -> Iterator[_Label]:
    """Yield the labels before the separators of a folded text."""
    end = 0
    inside = False
    for separator in _SEPARATOR.finditer(text):
        kinds: tuple[str, ...] = ()
        start = stop = separator.start()
        names: list[str] = []
        while label := _label_before(text, stop, floor=end, inside=inside):
            name, start = label
            names.insert(0, name)
            kinds = _KINDS[name] + kinds
            before = text[end:start].rstrip()
            if not _JOINED.search(before):
                break
            stop = end + len(before) - 1  # 编辑、审核：张三
        if names:
            end = separator.end()
            inside = True
            yield _Label(tuple(dict.fromkeys(kinds)), "/".join(names), start, end)


def _label_before(text: str, stop: int, *, floor: int, inside: bool) -> tuple[str, int] | None:
    """Return the longest label that ends at ``stop``, and its start. Pages pull labels apart: 来 源, posted on."""
    compact = text[max(floor, stop - 2 * _LONGEST) : stop].replace(" ", "")
    for length in _LENGTHS.get(compact[-1:], ()):
        name = compact[-length:]
        if name in _KINDS:
            start, left = stop, len(name)
            while left:
                start -= 1
                left -= text[start] != " "
            if start == floor or _is_border(text[start - 1], name, inside=inside):
                return name, start
    return None


def _is_border(char: str, name: str, *, inside: bool) -> bool:
    """Tell whether a label can begin behind a character. ``inside`` a meta line a value may run into it."""
    if not char.isalnum():
        return True
    if name.isascii() or name in WEAK:
        return False
    return char.isdecimal() or char == "次" or inside


def _find_end(text: str, start: int, limit: int, kinds: tuple[str, ...]) -> int:
    """Return where the value ends that begins at ``start``."""
    dated = "published" in kinds or "modified" in kinds
    stop = (_DATE_STOP if dated else _NAME_STOP).search(text, start, limit)
    end = stop.start() if stop and text[start : stop.start()].strip() else limit
    depth = 0
    for offset in range(start, min(end, start + 200)):  # the bracket around the whole line: (责任编辑：张三)
        if text[offset] in "(（":
            depth += 1
        elif text[offset] in ")）":
            if depth == 0:
                return offset
            depth -= 1
    return end


def find_rest(text: str, entries: tuple[Entry, ...], dates: tuple[DateMatch, ...] = ()) -> str:
    """Return what of a line is neither entry, date, counter nor button: of a meta line next to nothing.

    >>> line = "来源：宣传部 点击 12 【字体：大 中 小】"
    >>> find_rest(line, read_line(line))
    ''
    """
    spans = sorted([*((entry.start, entry.end) for entry in entries), *((date.start, date.end) for date in dates)])
    pieces = []
    done = 0
    for start, end in spans:
        pieces.append(text[done:start])
        done = max(done, end)
    pieces.append(text[done:])
    bare = _NO_WORD.sub(" ", " ".join(pieces)).strip()
    if not bare or (len(bare) > 60 and len(text) > 120):  # nothing left, or too much for a meta line anyhow
        return bare
    rest = fold(bare).text.lower()
    if _DIGIT.search(rest):
        rest = _COUNTED.sub(" ", _COUNTER.sub(" ", fold(" ".join(pieces)).text.lower()))
        rest = _FIGURES.sub(" ", _CONTROLS.sub(" ", rest))
    else:
        rest = _CONTROLS.sub(" ", rest)
    return _NO_WORD.sub(" ", rest).strip()


@lru_cache(maxsize=4096)
def kinds_of_label(text: str) -> tuple[str, ...]:
    """Return what a line announces that is a label and nothing else; nothing for any other line.

    >>> kinds_of_label("作 者："), kinds_of_label("등록일"), kinds_of_label("作者：张三")
    (('author',), ('published',), ())
    """
    if len(text) > 20:
        return ()
    folded = fold(text).text.lower().strip()
    bare = folded.rstrip(":").replace(" ", "")
    return _KINDS.get(bare, ()) if folded.endswith(":") or len(bare) > 1 else ()
