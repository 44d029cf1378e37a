"""Signs that a page is a copy on somebody else's host: flagged with their evidence, never corrected here.

Copies of university pages keep the path of the victim's CMS, stand on throw-away hosts, put the phrase of a betting
or adult site where the name of the university was, and open with a line of such words. Betting as a *topic* is no
sign (警惕网络赌博, 体育彩票公益金): only the names of such sites are, and lines that are nothing but keywords.
"""

import re
from collections.abc import Iterator, Mapping

from pipelines.model import MirrorSignal, Site
from pipelines.uri import host_of

CMS_PATHS = (
    re.compile(r"/info/\d{3,5}/\d{1,7}\.html?$"),  # VSB
    re.compile(r"/\d{4}/\d{4}/c\d{1,6}a\d{1,8}/page\w{0,2}\.(?:html?|psp)$"),  # WebPlus
)
"""Paths of articles in the CMS families that Chinese universities use."""

ACADEMIC = re.compile(
    r"(?:^|\.)(?:edu|ac|sch|school|gov|mil)(?:\.[a-z]{2})?$|\.(?:edu|university|college|academy)$"
)
"""Endings of hosts that only institutions get."""

THROW_AWAY = re.compile(
    r"\.(?:xyz|top|icu|vip|club|buzz|cyou|sbs|cfd|bond|win|bet|fun|monster|quest|lol|rest|wang)$"
)
"""Endings of hosts that cost next to nothing."""

BETTING = re.compile(
    r"(?:澳门|新葡京|葡京|永利|金沙|美高梅|太阳城|威尼斯人?)(?:娱乐城?|赌场|棋牌|国际娱乐|app|官网|登录|入口|平台)"
    r"|威尼斯\s?wns\d+|(?:wns|hg|js|xpj|vns)\d{4,}"
    r"|(?:意昂|乐鱼|开云|爱游戏|半岛|火狐|星空|江南|皇冠|沙巴|欧宝|雷火|天博|亚博|必威|华体会|九游|米乐)(?:体育|电竞|app|官网|入口)"
    r"|米兰(?:app|体育)(?:入口站?|官网)*|(?:bwin)?必赢(?:亚洲|官网|app|娱乐)?(?=第|在|与|举|召|[\s，。]|$)|bwin必赢"
    r"|manbetx|万博(?:体育|manbetx|app|官网)|bet365|betway|1xbet|kaiyun|yabo|ayx爱游戏|hth华体会|pg电子|mg电子游戏"
    r"|카지노|토토\s?사이트|바카라|슬롯\s?사이트",
    re.IGNORECASE,
)
"""Names of betting sites, as they stand in copied pages."""

ADULT = re.compile(
    r"国产(?:精品|自拍|偷|亚洲|在线|免费|91)|精品(?:国产|久久|视频|一区)|久久(?:久|精品|国语|综合)|一区二区|国语麻豆|麻豆(?:传媒|视频)"
    r"|無碼|无码|成人(?:网|視頻|视频|影院|电影)|亚洲(?:av|欧美|综合)|欧美(?:一级|激情|av)|91(?:精品|国产|视频)|免费(?:av|观看毛)"
    r"|黄色网站",
    re.IGNORECASE,
)
"""Keywords of adult sites."""

SCHOOL = re.compile(
    "学校|學校|学院|學院|大学|大學|师生|師生|学生|學生|同学|同學|校友|校长|校長|开学|開學|典礼|典禮|学术|學術|教授|教师|教師|학교|대학"
)
"""Words of a page about a school."""

BETTING_WORDS = (
    "澳门", "葡京", "永利", "金沙", "美高梅", "太阳城", "威尼斯", "wns", "hg", "js", "xpj", "vns", "意昂", "乐鱼", "开云",
    "爱游戏", "半岛", "火狐", "星空", "江南", "皇冠", "沙巴", "欧宝", "雷火", "天博", "亚博", "必威", "华体会", "九游", "米乐",
    "米兰", "必赢", "manbetx", "万博", "bet365", "betway", "1xbet", "kaiyun", "yabo", "pg电子", "mg电子", "카지노", "토토",
    "바카라", "슬롯",
)  # fmt: skip
"""One of these stands in whatever ``BETTING`` matches, in lower case: plain words are found twenty times as fast."""
ADULT_WORDS = (
    "国产", "精品", "久久", "一区二区", "麻豆", "無碼", "无码", "成人", "亚洲", "欧美", "91精品", "91国产", "91视频", "免费av",
    "免费观看毛", "黄色网站",
)  # fmt: skip
"""One of these stands in whatever ``ADULT`` matches."""
LEAD = 4
"""Characters of a name before that word: bwin必赢."""
_BETTING_WORD, _ADULT_WORD = (re.compile("|".join(words)) for words in (BETTING_WORDS, ADULT_WORDS))
MOST_READ = 100_000
"""Code points of a field that are looked at."""

BANNER_WORDS = 3
"""Keywords from which a line is nothing but keywords,"""
BANNER_SHARE = 0.3
"""if they are so much of it."""

NAME = re.compile(r"[\u4e00-\u9fff]{2,10}?(?:大学|大學|学院|學院|学校|學校)")
FOLLOWS = 4
"""Characters behind a name and behind a phrase that must be the same for the name to witness the substitution."""
CONTEXT = 12


def find_signals(
    uri: str, texts: Mapping[str, str], site: Site | None = None, *, damaged: bool = False
) -> tuple[MirrorSignal, ...]:
    """Return the signs that a page is a copy.

    Args:
        uri: address of the page.
        texts: its fields (``title``, ``body``, …), repaired.
        site: the catalogue entry whose crawl brought the page: a host of its own is never foreign.
        damaged: True where the repair found injected pinyin or slips: what mirror programs leave behind.
    """
    read = {name: text[:MOST_READ] for name, text in texts.items()}
    betting, adult = _find_names(read, BETTING, _BETTING_WORD), _find_names(read, ADULT, _ADULT_WORD)
    words = (*_banners(read, betting, adult), *_substituted(read, betting, adult, uri)) if betting or adult else ()
    return (*_foreign_host(uri, site, suspicious=bool(words) or damaged), *words)


def _foreign_host(uri: str, site: Site | None, *, suspicious: bool) -> Iterator[MirrorSignal]:
    """A CMS path alone proves little (colleges have .com domains, too): it takes a second sign."""
    host = host_of(uri).lower()
    if ACADEMIC.search(host) or _belongs(host, site) or not _has_cms_path(uri):
        return
    reasons = []
    if THROW_AWAY.search(host):
        reasons.append("throw-away domain")
    if found := BETTING.search(uri):
        reasons.append(f"betting site in the address: {found[0]}")
    if suspicious:
        reasons.append("damaged or keyword-laden text")
    if reasons:
        yield MirrorSignal(
            kind="foreign_host",
            text=host,
            evidence=f"university CMS path on a host that no institution is known by; {', '.join(reasons)}",
        )


def _has_cms_path(uri: str) -> bool:
    path = uri.partition("?")[0].partition("#")[0]
    return any(form.search(path) for form in CMS_PATHS)


def _belongs(host: str, site: Site | None) -> bool:
    domains = site.domains if site is not None else ()
    return any(host == domain.lower() or host.endswith("." + domain.lower()) for domain in domains)


Names = dict[str, list[re.Match[str]]]
"""Field → the names of betting or adult sites in it; only fields that have some."""


def _find_names(texts: Mapping[str, str], pattern: re.Pattern[str], words: re.Pattern[str]) -> Names:
    """Return what a pattern finds; one of ``words`` stands in whatever it matches."""
    if not words.search("\n".join(texts.values()).lower()):
        return {}
    found = {name: list(_find_around(words, pattern, text)) for name, text in texts.items()}
    return {name: matches for name, matches in found.items() if matches}


def _find_around(words: re.Pattern[str], pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield what a pattern finds in a text, which is tried only where one of the words stands."""
    folded = text.lower()
    if len(folded) != len(text):  # «İ» has no small letter of one character
        yield from pattern.finditer(text)
        return
    done = 0
    for word in words.finditer(folded):
        for start in range(max(word.start() - LEAD, done), word.end()):
            if match := pattern.match(text, start):
                yield match
                done = match.end()
                break
            done = start + 1


def _banners(texts: Mapping[str, str], betting: Names, adult: Names) -> Iterator[MirrorSignal]:
    for name, text in texts.items():
        if len(betting.get(name, ())) + len(adult.get(name, ())) < BANNER_WORDS:
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            found = [match[0] for pattern in (ADULT, BETTING) for match in pattern.finditer(line)]
            if len(found) >= BANNER_WORDS and sum(map(len, found)) >= BANNER_SHARE * len(line):
                where = f"line {number} of {name} is nothing but keywords: {', '.join(found[:BANNER_WORDS])}"
                yield MirrorSignal(kind="spam_banner", text=line[:80], evidence=where)


def _substituted(texts: Mapping[str, str], betting: Names, adult: Names, uri: str) -> Iterator[MirrorSignal]:
    """Betting sites in a text about a school, or at the address of one, each once."""
    if not any(SCHOOL.search(text) for text in texts.values()) and not _has_cms_path(uri):
        return
    seen: set[str] = set()
    for name, text in texts.items():
        vulgar = adult.get(name, [])
        # One alone may be news: 国产精品 is a good domestic product.
        for match in (*betting.get(name, ()), *(vulgar if len(vulgar) > 1 else ())):
            phrase = match[0].lower()
            if phrase not in seen:
                seen.add(phrase)
                yield MirrorSignal(
                    kind="substituted_name", text=match[0], evidence=_in_context(name, text, match, texts)
                )


def _in_context(name: str, text: str, match: re.Match[str], texts: Mapping[str, str]) -> str:
    """Return where a phrase stands, and the name that another field has in its place."""
    around = text[max(0, match.start() - CONTEXT) : match.end() + CONTEXT].replace("\n", " ")
    following = text[match.end() : match.end() + FOLLOWS]
    if len(following) == FOLLOWS:
        for other, witness in texts.items():
            for found in NAME.finditer(witness):
                if witness.startswith(following, found.end()) and not BETTING.search(found[0]):
                    return f"in {name}: …{around}…; {other} has {found[0]} before «{following}»"
    return f"in {name}: …{around}…"
