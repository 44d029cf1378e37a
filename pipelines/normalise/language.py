"""The language of a text, as far as its letters and the page's own word tell.

Script decides between the languages that newsspider meets most; only Latin letters need the page's ``lang``
attribute or, where it is missing or wrong, a count of the commonest words.
"""

import re
from collections import Counter, defaultdict

# Runs, not characters: a text has few of the one and many of the other.
WORD = re.compile(r"[^\W\d_]+")
HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]+")
KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]+")
HANGUL = re.compile("[\uac00-\ud7a3]+")
KANA_OR_HANGUL = re.compile("[\u3041-\u3096\u30a1-\u30fa\uac00-\ud7a3]")
OTHER = re.compile("[\u03b1-\u0e2e]")
NOT_LATIN = re.compile(
    "[\u03b1-\u0e2e\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\U00020000-\U0003ffff]"
)
OTHER_SCRIPTS = {
    "ru": re.compile("[\u0430-\u044f]+"),
    "ar": re.compile("[\u0621-\u064a]+"),
    "th": re.compile("[\u0e01-\u0e2e]+"),
    "el": re.compile("[\u03b1-\u03c9]+"),
    "he": re.compile("[\u05d0-\u05ea]+"),
    "hi": re.compile("[\u0905-\u0939]+"),
}
"""The largest language of each script; the page's ``lang`` may name another (``uk``, ``fa``)."""

COMMON = {
    "en": "the of and to in is for that with on as are this by from at an be was will have has not",
    "de": "der die und das in den von zu mit dem ist im für des ein eine auf nicht sich auch als werden",
    "fr": "le la les de des du et en un une pour dans est que qui sur par avec au aux ce sont",
    "es": "el la los las de que y en un una por para con del se es al como más su",
    "it": "il la di che e un una per in del della con non sono dei le gli nel alla più",
    "pt": "o a os as de que e do da em um uma para com não por dos das no na",
    "nl": "de het een van en in is dat op te voor met zijn die aan niet ook door",
    "pl": "i w z na do się nie jest że o dla przez od po jak oraz są",
    "tr": "ve bir bu için ile da de olarak olan çok daha gibi kadar en",
    "vi": "và của là các có cho được trong với những không một đã này về",
    "id": "yang dan di untuk dengan dari pada ini dalam adalah ke tidak oleh sebagai",
}
LANGUAGES_OF: dict[str, list[str]] = defaultdict(list)
"""Common word → the languages that have it."""
for _language, _words in COMMON.items():
    for _word in _words.split():
        LANGUAGES_OF[_word].append(_language)

STEP = 4
"""Of so many code points one is looked at to see that a text is Chinese; most are, and clearly."""
CLEARLY = 0.3
"""Share of ideographs that leaves no doubt; a tenth is enough where every code point is counted."""

SAMPLE = 2000
"""Code points that are looked at; the language of a page does not change behind them."""


def find_language(text: str, declared: str | None = None) -> str | None:
    """Return the BCP 47 language of a text, or None where it has no letters.

    ``declared`` is the page's ``lang`` attribute; it is believed where the letters do not contradict it.

    >>> find_language("我校召开会议"), find_language("The university opens", "zh-CN"), find_language("2020")
    ('zh', 'en', None)
    """
    sample = text[:SAMPLE]
    if _count(HAN, sample[::STEP]) * STEP > CLEARLY * len(sample) and not KANA_OR_HANGUL.search(sample):
        return "zh"
    words = WORD.findall(sample.lower())
    letters = sum(map(len, words))
    if letters == 0:
        return None
    said = (declared or "").split("-")[0].strip().lower()
    if sample.isascii() or not NOT_LATIN.search(sample):
        return _latin(words, said)
    kana = _count(KANA, sample)
    if kana > 0.1 * letters:
        return "ja"
    if _count(HANGUL, sample) > 0.1 * letters:
        return "ko"
    if _count(HAN, sample) > 0.1 * letters:
        return "ja" if said == "ja" and kana else "zh"
    if OTHER.search(sample):
        for language, pattern in OTHER_SCRIPTS.items():
            if _count(pattern, sample) > 0.3 * letters:
                return said if said not in (*COMMON, "", "zh", "ja", "ko") else language
    return _latin(words, said)


def _count(runs: re.Pattern[str], text: str) -> int:
    return sum(map(len, runs.findall(text)))


def _latin(words: list[str], said: str) -> str | None:
    counts = dict.fromkeys(COMMON, 0)
    for word, times in Counter(words).items():
        for language in LANGUAGES_OF.get(word, ()):
            counts[language] += times
    best = max(counts, key=counts.__getitem__)
    if counts[best] >= 3 and counts[best] > counts.get(said, 0):
        return best
    return said if said not in ("", "zh", "ja", "ko") else best if counts[best] else None
