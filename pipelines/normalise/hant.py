"""Chinese text in traditional script, made from simplified: word by word, not phrase by greedy phrase.

OpenCC takes the longest phrase anywhere, so 校长发言 becomes 校長髮言 (長髮, «long hair»). Here the text is cut
into words first; each word takes its form from the package's phrases or from our own list on top, each name is
spelt as a name, and a few characters that stand alone (只, 周, 里, 出, 云) are decided by their neighbours. At last
the variants are those that the region prints. All of it keeps the length of the text.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from itertools import islice
from types import MappingProxyType

from pipelines.normalise.convert import (
    SEPARATORS,
    CharacterMap,
    Converted,
    one_of,
    patched,
    read_dictionary,
)
from pipelines.normalise.hans import to_hans
from pipelines.normalise.names import SPELLING, TITLES, find_names, is_misspelt, spell
from pipelines.normalise.overrides import DEFAULTS, FOREIGN_LI, UNPRINTED, digest, read_words
from pipelines.normalise.script import classify_script
from pipelines.normalise.words import PREFERRED, UNCOUNTED, Segmenter, read_costs

CONFIGURATIONS: Mapping[str, str] = MappingProxyType({"generic": "s2t", "tw": "s2tw", "hk": "s2hk"})
"""Region → the package's configuration whose dictionaries are used."""

OFFICIAL = frozenset({"Hant", "Hant-TW", "Hant-HK"})
"""Script classes of text that already is official traditional Chinese."""

RUN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]+")
"""A run of ideographs: no word reaches beyond it."""


def to_hant(
    text: str,
    region: str = "generic",
    *,
    script: str | None = None,
    names: Iterable[str] = (),
    protect: Iterable[str] = (),
) -> Converted:
    """Convert Chinese text to the traditional characters that a region prints; the length stays the same.

    ``region`` is ``generic``, ``tw`` or ``hk``. ``script`` is the class of the document where it is known; official
    traditional text comes back as it is, careless text goes through Hans. ``names`` are personal names that the
    text is known to hold (a byline), in either script. ``protect`` are strings that are copied wherever they stand.

    Raises ``ValueError`` for another region.

    >>> to_hant("校长发言后，范老师为皇后号剪彩", "tw").text
    '校長發言後，范老師為皇后號剪綵'
    """
    if region not in CONFIGURATIONS:
        raise ValueError(f"no region {region!r}: choose one of {', '.join(CONFIGURATIONS)}")
    hans = _to_hans_where_needed(text, script)
    if hans is None:
        return Converted(source=text, text=text, configuration=None)
    lexicon = read_lexicon()
    decisions = list(_decide(hans, lexicon, {to_hans(name).text for name in names}))
    result = patched(lexicon.characters(hans), ((start, form) for start, form, _ in decisions))
    result = _regional(region)(result)
    kept = list(_spans(text, protect))
    if kept:
        result = patched(result, ((start, text[start:end]) for start, end in kept))
    return Converted(
        source=text,
        text=result,
        configuration=CONFIGURATIONS[region],
        overrides=digest(),
        decided=tuple((start, start + len(form), name) for start, form, name in decisions),
    )


def _to_hans_where_needed(text: str, script: str | None) -> str | None:
    """Return the text to convert, as long as ``text``; None where it is official traditional text already."""
    found = classify_script(text) if script in (None, "mixed") else None
    name = found.name if found else script
    if name in OFFICIAL:
        return None
    if name == "Hant-CN-careless":
        return to_hans(text, script=name).text
    if found and name == "mixed":
        lines = zip(text.split("\n"), found.paragraphs, strict=True)
        return "\n".join(
            to_hans(line).text if kind in ("Hant-CN-careless", "mixed") else line for line, kind in lines
        )
    return text


# ── words ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """What is known of traditional forms."""

    characters: CharacterMap
    """The form of a character of which nothing else is known."""
    words: Mapping[str, tuple[str, str]]
    """Word → its form and where that is from, for words that the characters do not give."""
    doubtful: re.Pattern[str]
    """A character that takes more than one form: text without one needs no segmentation."""
    segmenter: Segmenter


@cache
def read_characters() -> dict[str, str]:
    """Return simplified character → the traditional form of a character of which nothing else is known."""
    return read_dictionary("STCharacters") | dict(DEFAULTS)


@cache
def read_forms() -> dict[str, tuple[str, str]]:
    """Return word → traditional form and source of the words that the characters alone do not give."""
    characters = {ord(char): form for char, form in read_characters().items()}
    phrases = {word: form for word, form in read_dictionary("STPhrases").items() if not SEPARATORS.search(word)}
    plain = "\n".join(phrases).translate(characters).split("\n")
    forms = {
        word: (form, "phrases")
        for (word, form), by_chars in zip(phrases.items(), plain, strict=True)
        if form != by_chars
    }
    foreign = {name: name.translate(characters | {ord("里"): "里"}) for name in FOREIGN_LI.split()}
    return forms | {word: (form, "override") for word, form in (foreign | dict(read_words())).items()}


@cache
def read_lexicon() -> Lexicon:
    """Read the dictionaries of the package, the overrides, and the list of words."""
    characters, counted = read_characters(), read_costs()
    words = {word: form for word, form in read_forms().items() if word in counted or not _is_rare_place(word, form)}
    costs = dict.fromkeys(words, UNCOUNTED) | counted
    costs |= {word: min(costs.get(word, PREFERRED), PREFERRED) for word in (*read_words(), *TITLES)}
    doubtful = {
        char
        for word, (form, _) in words.items()
        for char, printed in zip(word, form, strict=True)
        if printed != characters.get(char, char)
    }
    return Lexicon(
        characters=CharacterMap(characters),
        words=words,
        doubtful=one_of(doubtful | ALONE.keys() | SPELLING),
        segmenter=Segmenter(costs),
    )


def _is_rare_place(word: str, form: tuple[str, str]) -> bool:
    """Tell whether a word is one of the package's small places (墟里, 里正), which hide «in»: 废墟里, 包里正好."""
    return len(word) == 2 and "里" in word and form[1] == "phrases" and "里" in form[0]


@dataclass(frozen=True, slots=True)
class Run:
    """A run of ideographs, cut into words."""

    start: int
    words: Sequence[str]
    left: str
    """The character before it; empty at the beginning of the text."""
    right: str

    def around(self, at: int) -> tuple[str, str]:
        """Return the words (or characters) before and after the word ``at``."""
        before = self.words[at - 1] if at else self.left
        return before, self.words[at + 1] if at + 1 < len(self.words) else self.right


def _decide(text: str, lexicon: Lexicon, known: set[str]) -> Iterator[tuple[int, str, str]]:
    """Yield start, form and reason of every word whose form its characters do not give, in order.

    A name is often shown as one only once (院长范明), so all are found before any run is decided.
    """
    runs = [
        Run(
            match.start(),
            lexicon.segmenter.split(match[0]),
            text[max(match.start() - 1, 0) : match.start()],
            text[match.end() : match.end() + 1],
        )
        for match in RUN.finditer(text)
        if lexicon.doubtful.search(text, match.start(), match.end())
    ]
    for run in runs:
        names = ("".join(run.words[first:end]) for first, end in find_names(run.words, run.left, run.right, known))
        known |= {name for name in names if is_misspelt(name)}
    for run in runs:
        yield from _decide_run(run, lexicon, known)


def _decide_run(run: Run, lexicon: Lexicon, known: Set[str]) -> Iterator[tuple[int, str, str]]:
    """Yield the decisions in one run."""
    name_ends = dict(find_names(run.words, run.left, run.right, known))
    start, name_end = run.start, 0
    for at, word in enumerate(run.words):
        if at in name_ends:
            name_end = name_ends[at]
            name = "".join(run.words[at:name_end])
            yield from (
                (start + place, spell(name, place), "name") for place, char in enumerate(name) if char in SPELLING
            )
        if at < name_end:
            pass
        elif word in lexicon.words:
            yield start, *lexicon.words[word]
        elif word in ALONE:
            fitting = (alone for alone in ALONE[word] if alone.fits(*run.around(at)))
            yield from ((start, alone.form, "neighbours") for alone in islice(fitting, 1))
        start += len(word)


# ── characters that stand alone ────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """A form of a character that is a word by itself, decided by the words before and after it."""

    form: str
    before: str = ""
    """Pattern that the end of the word (or the mark) before it matches; empty for any."""
    after: str = ""
    """Pattern that the beginning of the word (or the mark) after it matches."""

    def fits(self, before: str, after: str) -> bool:
        """Tell whether the words around the character ask for this form."""
        return bool(re.search(f"(?:{self.before})$", before) and re.match(self.after, after))


NUMERAL = "[0-9０-９一二三四五六七八九十百千万亿两几数半多余整]"

FOREIGN = "[克斯德特尔亚奥兹诺卡昂拉伊夫奇希普姆布巴达加玛塔维欧莫迪蒂泰瑟图尼耶森戈萨菲贝洛科格纳瓦]"
"""Characters that foreign names are written with."""

ALONE: Mapping[str, tuple[Alone, ...]] = MappingProxyType(
    {
        # 三只羊, 这只手, 10只; not 这只, 2023年只
        "只": (
            Alone(
                form="隻",
                before=f"{NUMERAL}|[这那哪单]",
                after="(?![是有能要会可剩需想占为用花在不限供得算说讲看听做作靠管顾凭怕求差买卖穿吃喝])",
            ),
            Alone(form="隻", before="每", after="[羊牛狗猫鸡鸭鹅兔鼠鸟猴手脚眼耳船]"),
        ),
        # 第八周, 上周, 宣传周; not 周老师
        "周": (
            Alone(form="週", before=f"{NUMERAL}|[每上下本各隔双单前后近当这那首末]"),
            Alone(
                form="週",
                before="活动|宣传|文化|科技|科普|开放|时装|读书|阅读|艺术|教学|考试|招聘|迎新|体验|服务|实践|安全|"
                "健康|交流|学术|创新|创业|电影|设计|音乐|纪念|推广|展示|环保|主题|团结|教育|普法|节能|心理|校庆|"
                "志愿|法治|保密|语言|推普|双创|就业|出版|工作|示范|质量|节水|友好|青年|学习",
            ),
            Alone(form="週", after="[一二三四五六日][至到、（(—-]"),
        ),
        # 二十里, 三里地; foreign names: 拉里萨; neighbourhoods: 永乐里小区
        "里": (
            Alone(form="里", before=f"{NUMERAL}", after="(?![面头边])"),
            Alone(form="里", after=f"{FOREIGN}$|[·・•]|社区|小区|街道|胡同"),
            Alone(form="里", before=f"^{FOREIGN}|[·・•]", after="(?![\u3400-\u9fff])"),
        ),
        # 一出戏, 这出话剧
        "出": (
            Alone(
                form="齣",
                before=f"{NUMERAL}|[每这那]",
                after="戏|好戏|大戏|话剧|喜剧|悲剧|歌剧|京剧|越剧|川剧|豫剧|昆曲|音乐剧|闹剧|折子戏|剧",
            ),
        ),
        # 诗云：“…”
        "云": (Alone(form="云", after="[：:，,“‘「『]"),),
    }
)
"""Character → the forms it takes where it stands alone."""


# ── regions ────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def _regional(region: str) -> CharacterMap:
    """Return the map from the forms of the package to those that a region prints."""
    variants = {"菸": "煙"} if region == "generic" else read_dictionary(f"{region.upper()}Variants")
    return CharacterMap(variants | {form: variants.get(printed, printed) for form, printed in UNPRINTED.items()})


def _spans(text: str, strings: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Yield the spans where one of the strings stands in the text, the longest of those that begin together."""
    wanted = sorted({string for string in strings if string}, key=len, reverse=True)
    if wanted:
        yield from (match.span() for match in re.finditer("|".join(map(re.escape, wanted)), text))
