"""Measures which charset bytes are in: by the number of bits that each reading would cost.

A reading under the right charset is made of frequent characters; under a wrong one it is made of rare ones, of
private-use and control characters, and of bytes that no character has. Each character costs as many bits as it is
rare (-log2 of its share in a text), so the cheapest reading is the most probable one, and readings that group the
bytes differently compare fairly, because each must pay for all bytes.
"""

import functools
import re
from collections.abc import Callable

from pipelines.charset import frequencies

SAMPLE = 4096
"""Bytes measured, from the first one outside ASCII on."""

_ASCII_BITS = 4.5
_NON_ASCII = re.compile(r"([^\x00-\x7f]+)([a-z]?)")
"""A run of characters outside ASCII, and the letter behind it."""
_MIXED_WORD = re.compile(r"[A-Za-z][^\x00-\x7f]|[^\x00-\x7f](?=[A-Za-z])")
_SANDWICH = re.compile(r"[a-z][^\x00-\x7f](?=[a-z])")
_HIGH = re.compile(rb"[\x80-\xff]")
_HIGH_BYTES = bytes(range(0x80, 0x100))
_ALONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
"""A byte outside ASCII between two inside: how western text has them, and double-byte text hardly ever."""

# Shares of characters by rank, counted over university news: the first 100 make 40 %, the first 500 77 %.
_HAN_TIERS = ((100, 8.0), (300, 9.7), (500, 10.6), (1000, 12.0), (1500, 13.3))
_RARE_HAN_BITS = 17.5

# What a character costs that is in no list, by its block; the first range that holds it counts.
_BLOCKS = (
    (0x0080, 0x009F, 20.0),  # C1 control characters
    (0x00A0, 0x024F, 13.0),  # Latin letters
    (0x0250, 0x1FFF, 14.0),  # other alphabets
    (0x2000, 0x23FF, 13.0),  # punctuation, arrows, signs
    (0x2400, 0x2FFF, 15.0),  # enclosed numbers, boxes
    (0x3000, 0x303F, 13.0),  # CJK punctuation
    (0x3040, 0x30FF, 14.0),  # kana
    (0x3100, 0x4DFF, 20.0),
    (0x4E00, 0x9FFF, _RARE_HAN_BITS),
    (0xAC00, 0xD7A3, 14.0),  # Hangul
    (0xE000, 0xF8FF, 24.0),  # private use
    (0xFF00, 0xFF60, 11.0),  # full-width forms
    (0xFF61, 0xFF9F, 14.0),  # half-width katakana
    (0xFFFD, 0xFFFD, 24.0),  # what could not be decoded
)
_ELSEWHERE_BITS = 21.0

_PRIOR_BITS = dict.fromkeys(frequencies.LETTERS, 5.0) | {"windows-1252": 0.0}
"""What a charset costs for being rare among university pages."""


class Costs(dict[str, float]):
    """Bits that each character costs; one that is in no list costs what its block does."""

    def __missing__(self, char: str) -> float:
        return _block_bits(char)


def measure(sample: bytes) -> dict[str, float]:
    """Return the cost of a sample, in bits, under each codec that may be the right one."""
    high = _count_high(sample)
    if len(_ALONE.findall(sample)) * 4 > high * 3 and high * 4 < len(sample):
        return {codec: cost(sample, codec) for codec in ("utf-8", *_WESTERN)}
    costs = {codec: cost(sample, codec) for codec in ("utf-8", *_PLAUSIBLE_BITS)}
    if not any(_is_usual(bits, sample, codec) for codec, bits in costs.items()):
        costs |= {codec: cost(sample, codec) for codec in frequencies.LETTERS}
    return costs


def _count_high(sample: bytes) -> int:
    """Return how many bytes are outside ASCII."""
    return len(sample) - len(sample.translate(None, _HIGH_BYTES))


def take_sample(payload: bytes) -> bytes:
    """Return the part of the payload that is measured, from the character before the first one outside ASCII on."""
    first = _HIGH.search(payload)
    start = max(first.start() - 1, 0) if first else 0
    return payload[start : start + SAMPLE]


def cost(sample: bytes, codec: str) -> float:
    """Return how many bits the sample costs under a codec; a character cut off at its end costs nothing."""
    text = sample.decode(codec, "replace")
    if text.endswith("\ufffd"):
        text = text[:-1]
    runs = _NON_ASCII.findall(text)
    high = "".join([run for run, _ in runs])
    known = _COSTS.get(codec, _anything)()
    bits = _PRIOR_BITS.get(codec, 0.0) + _ASCII_BITS * (len(text) - len(high))
    bits += sum(map(known.__getitem__, high))
    if codec in _WESTERN:
        # Western words have one or two such letters in a row; double-byte text read as western has many.
        bits += sum(6.0 * (len(run) - 2) for run, _ in runs if len(run) > 2)
    elif codec in frequencies.LETTERS:
        # Letters of another alphabet do not stand in the middle of Latin words.
        bits += 8.0 * len(_MIXED_WORD.findall(text))
    elif codec != "utf-8":
        # «f黱f» and «鞭irtual» are western words; such a neighbour is rare, two are absurd.
        before_latin = sum(letter != "" for _, letter in runs)
        bits += 6.0 * before_latin + 6.0 * (len(_SANDWICH.findall(text)) if before_latin else 0)
    return bits


def is_plausible(sample: bytes, codec: str) -> bool:
    """Tell whether a double-byte codec reads the sample as text, rather than as a jumble of characters."""
    return codec in _PLAUSIBLE_BITS and _is_usual(cost(sample, codec), sample, codec)


def _is_usual(bits: float, sample: bytes, codec: str) -> bool:
    high = _count_high(sample)
    return bits - _ASCII_BITS * (len(sample) - high) < _PLAUSIBLE_BITS.get(codec, 0.0) * high


# Bits for a byte outside ASCII: real pages stay below, readings of another charset above.
_PLAUSIBLE_BITS = {"gb18030": 6.0, "big5hkscs": 6.0, "euc_jp": 5.5, "cp932": 5.5, "cp949": 6.0}


@functools.cache
def _block_bits(char: str) -> float:
    point = ord(char)
    return next((bits for first, last, bits in _BLOCKS if first <= point <= last), _ELSEWHERE_BITS)


def _ranked(chars: str, tiers: tuple[tuple[int, float], ...], *, extra: float = 0.0) -> dict[str, float]:
    return {
        char: extra + next((bits for last, bits in tiers if rank < last), tiers[-1][1])
        for rank, char in enumerate(chars)
    }


def _evenly(chars: str, first: float, last: float) -> dict[str, float]:
    """Spread costs from the first character's to the last one's."""
    step = (last - first) / max(len(chars) - 1, 1)
    return {char: first + step * rank for rank, char in enumerate(chars)}


@functools.cache
def _chinese() -> Costs:
    hant_tiers = tuple((rank * 2 // 5, bits) for rank, bits in _HAN_TIERS)  # 600 forms for 1,500 characters
    return Costs(
        _evenly(frequencies.PUNCTUATION, 6.0, 12.0)
        | _ranked(frequencies.HANT, hant_tiers, extra=0.5)
        | _ranked(frequencies.HANS, _HAN_TIERS)
    )


@functools.cache
def _japanese() -> Costs:
    return Costs(
        _evenly(frequencies.PUNCTUATION, 6.0, 12.0)
        | _evenly(frequencies.KANJI, 8.5, 12.0)
        | _evenly(frequencies.KATAKANA, 6.5, 11.0)
        | _evenly(frequencies.HIRAGANA, 4.5, 10.0)
    )


@functools.cache
def _korean() -> Costs:
    return Costs(_evenly(frequencies.PUNCTUATION, 9.0, 13.0) | _evenly(frequencies.HANGUL, 5.5, 10.0))


@functools.cache
def _letters(codec: str) -> Costs:
    letters = frequencies.LETTERS[codec]
    capitals = {char.upper(): 10.0 for char in letters if len(char.upper()) == 1}
    first = 6.5 if codec in _WESTERN else 4.0
    return Costs(_evenly(frequencies.SIGNS, 8.0, 12.0) | capitals | _evenly(letters, first, first + 4.5))


@functools.cache
def _anything() -> Costs:
    """Unicode may hold any language; UTF-8 pays by its own redundancy where it is not meant."""
    merged: dict[str, float] = {}
    for known in (_chinese(), _japanese(), _korean(), *map(_letters, frequencies.LETTERS)):
        for char, bits in known.items():
            merged[char] = min(bits, merged.get(char, bits))
    return Costs(merged)


_WESTERN = ("windows-1252", "windows-1250", "windows-1254")
_COSTS: dict[str, Callable[[], Costs]] = {
    "gb18030": _chinese,
    "big5hkscs": _chinese,
    "euc_jp": _japanese,
    "cp932": _japanese,
    "cp949": _korean,
} | {codec: functools.partial(_letters, codec) for codec in frequencies.LETTERS}
