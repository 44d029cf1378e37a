"""The language of a text, as far as its letters and the page's own word tell.

Script decides between the languages that newsspider meets most; only Latin letters need the page's ``lang``
attribute or, where it is missing or wrong, a count of the commonest words.
"""

import re
from collections import Counter

HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
HANGUL = re.compile("[\uac00-\ud7a3]")
LETTER = re.compile(r"[^\W\d_]")
OTHER_SCRIPTS = {
    "ru": re.compile("[\u0430-\u044f]"),
    "ar": re.compile("[\u0621-\u064a]"),
    "th": re.compile("[\u0e01-\u0e2e]"),
    "el": re.compile("[\u03b1-\u03c9]"),
    "he": re.compile("[\u05d0-\u05ea]"),
    "hi": re.compile("[\u0905-\u0939]"),
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
COMMON_WORDS = {language: frozenset(words.split()) for language, words in COMMON.items()}
WORD = re.compile(r"[^\W\d_]+")

SAMPLE = 4000
"""Code points that are looked at; the language of a page does not change behind them."""


def find_language(text: str, declared: str | None = None) -> str | None:
    """Return the BCP 47 language of a text, or None where it has no letters.

    ``declared`` is the page's ``lang`` attribute; it is believed where the letters do not contradict it.

    >>> find_language("我校召开会议"), find_language("The university opens", "zh-CN"), find_language("2020")
    ('zh', 'en', None)
    """
    sample = text[:SAMPLE]
    letters = len(LETTER.findall(sample))
    if letters == 0:
        return None
    said = (declared or "").split("-")[0].strip().lower()
    kana, hangul, han = len(KANA.findall(sample)), len(HANGUL.findall(sample)), len(HAN.findall(sample))
    if kana > 0.1 * letters:
        return "ja"
    if hangul > 0.1 * letters:
        return "ko"
    if han > 0.1 * letters:
        return "ja" if said == "ja" and kana else "zh"
    for language, pattern in OTHER_SCRIPTS.items():
        if len(pattern.findall(sample)) > 0.3 * letters:
            return said if said not in (*COMMON_WORDS, "", "zh", "ja", "ko") else language
    return _latin(sample, said)


def _latin(sample: str, said: str) -> str | None:
    words = Counter(WORD.findall(sample.lower()))
    counts = {language: sum(words[word] for word in common) for language, common in COMMON_WORDS.items()}
    best = max(counts, key=counts.__getitem__)
    if counts[best] >= 3 and counts[best] > counts.get(said, 0):
        return best
    return said if said not in ("", "zh", "ja", "ko") else best if counts[best] else None
