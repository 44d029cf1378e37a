"""What mirror programs do to text, byte by byte: the generator of damaged text for tests and benchmarks.

The program works on GBK bytes. Behind each character of a table it puts the reading in brackets, before each of
some marks a separator, both by plain replacement of bytes, one pattern after the other. A replacement that hits
across two characters tears them apart, and the decoder that comes after is careless: ``?`` for a lead byte
before ASCII, which it swallows; nothing for a pair that is no character; ``€`` for 0x80.
"""

import random
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pipelines.normalise.hanzi import readings

INSERTED = -1
"""Origin of a byte that the program put in."""

KEPT = frozenset("后干斗里系制志松余征面表游周采云范家借并于只回谷几丑咸仆姜岳卜了吁占舍升划折注朱辟仇杰困")
"""Merged characters that careless conversion leaves as they are (后勤, 干部)."""
MARKS = ("，", "；", "！", "？", "，；", "；！", "，；！？：", "；！？", "（）", "，。")
"""Sets of marks before which programs were seen to put a separator."""
PARAGRAPH_END = "</p>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Damaged:
    """A damaged text, and where it runs out of step."""

    text: str
    slips: tuple[tuple[int, int, int, int], ...]
    """Start and end of each slip in the damaged text, and of what was there in the original."""


def simulate_damage(
    text: str, *, table: Iterable[tuple[str, str]] = (), marks: str = "", separator: bytes = b","
) -> Damaged:
    """Damage a text.

    Args:
        text: the original, in the script that the mirror shows; characters that GBK lacks are dropped.
        table: the characters that get a reading, and the reading, in the program's order.
        marks: the marks that get a separator, in the program's order.
        separator: the separator, ASCII.
    """
    data, origins = b"", array("l")
    for number, char in enumerate(text):
        encoded = char.encode("gbk", "ignore")
        data += encoded
        origins.extend([number] * len(encoded))
    for char, reading in table:
        data, origins = _insert(data, origins, char.encode("gbk"), after=f"({reading})".encode("gbk"))
    for mark in marks:
        data, origins = _insert(data, origins, mark.encode("gbk"), before=separator)
    symbols = list(_decode(data, origins))
    return Damaged(text="".join(shown for shown, _ in symbols), slips=tuple(_slips(symbols)))


def careless_traditional(text: str) -> str:
    """Convert Hans to Hant as mirror programs do, character by character."""
    return text.translate(_careless())


@cache
def _careless() -> dict[int, str]:
    table = (files("opencc") / "dictionary" / "STCharacters.txt").read_text("utf-8")
    pairs = (line.split("\t") for line in table.splitlines())
    first = {key: values.split(" ")[0] for key, values in pairs if key not in KEPT}
    return {ord(key): value for key, value in first.items() if len(key) == 1 and value.encode("gbk", "ignore")}


@cache
def table_order() -> tuple[tuple[str, str], ...]:
    """Return every traditional character with its first reading, in a fixed order: a page has a first part of it."""
    traditional = sorted({value for key, value in _careless().items() if chr(key) != value})
    pairs = [(char, readings()[char][0]) for char in traditional if char in readings()]
    random.Random(99).shuffle(pairs)
    return tuple(pair for pair in pairs if pair[1].encode("gbk", "ignore").decode("gbk") == pair[1])


def mirror_page(text: str, rng: random.Random) -> tuple[str, Damaged]:
    """Return what a mirror would have had, and what it shows, of a text in Hans: settings as rng draws them.

    A line is a paragraph of HTML. Where the decoder swallows the bracket of its end tag, ``/p>`` is shown.
    """
    original = careless_traditional(text).encode("gbk", "ignore").decode("gbk")
    share = rng.uniform(0.12, 0.55)
    table = table_order()[: int(len(table_order()) * share)]
    marks = rng.choice(MARKS)
    shown, slips = "", list[tuple[int, int, int, int]]()
    there = 0
    for line in original.split("\n"):
        damaged = simulate_damage(line + PARAGRAPH_END, table=table, marks=marks)
        whole = damaged.text.endswith(PARAGRAPH_END)
        paragraph = damaged.text.removesuffix(PARAGRAPH_END)
        for start, end, first, last in damaged.slips:
            is_torn = not whole and last > len(line)
            slips.append((
                len(shown) + start, len(shown) + (len(paragraph) if is_torn else end),
                there + first, there + min(last, len(line)),
            ))  # fmt: skip
        shown += paragraph + "\n"
        there += len(line) + 1
    return original, Damaged(text=shown[:-1], slips=tuple(slips))


def _insert(
    data: bytes, origins: "array[int]", pattern: bytes, *, before: bytes = b"", after: bytes = b""
) -> tuple[bytes, "array[int]"]:
    parts = data.split(pattern)
    if len(parts) == 1:
        return data, origins
    moved = array("l")
    place = 0
    for part in parts[:-1]:
        moved.extend(origins[place : place + len(part)])
        place += len(part)
        moved.extend([INSERTED] * len(before))
        moved.extend(origins[place : place + len(pattern)])
        moved.extend([INSERTED] * len(after))
        place += len(pattern)
    moved.extend(origins[place:])
    return (before + pattern + after).join(parts), moved


def _decode(data: bytes, origins: Sequence[int]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield what the careless decoder shows, and where each symbol's bytes are from."""
    place = 0
    while place < len(data):
        byte = data[place]
        pair = data[place : place + 2]
        if byte <= 0x80:
            yield "€" if byte == 0x80 else chr(byte), tuple(origins[place : place + 1])
            place += 1
        elif len(pair) < 2 or byte == 0xFF:
            yield "?", tuple(origins[place : place + 1])
            place += 1
        else:
            lone = pair[1] < 0x40 or pair[1] in (0x7F, 0xFF)
            yield "?" if lone else pair.decode("gbk", "ignore"), tuple(origins[place : place + 2])
            place += 2


def _slips(symbols: Sequence[tuple[str, tuple[int, ...]]]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the runs of symbols whose bytes are not whole characters, each up to where no character is cut."""
    places = [0]
    for shown, _ in symbols:
        places.append(places[-1] + len(shown))
    shown_in = _shown_in(symbols)
    torn = [
        not shown or len(set(origin)) > 1 or any(one != INSERTED and len(shown_in[one]) > 1 for one in origin)
        for shown, origin in symbols
    ]
    number = 0
    while number < len(symbols):
        if not torn[number]:
            number += 1
            continue
        last = end = number
        while end <= last:
            last = max((last, *(place for one in symbols[end][1] if one != INSERTED for place in shown_in[one])))
            end += 1
        last += 1
        # The bracket that «?» swallowed has its reading and its partner behind it.
        if symbols[last - 1][0] == "?" and symbols[last - 1][1][-1] == INSERTED:
            close = last
            while close < len(symbols) and set(symbols[close][1]) == {INSERTED} and symbols[close][0] not in "),":
                close += 1
            if close < len(symbols) and symbols[close][0] == ")" and close > last:
                last = close + 1
        owners = [one for _, origin in symbols[number:last] for one in origin if one != INSERTED]
        yield places[number], places[last], min(owners), max(owners) + 1
        number = last


def _shown_in(symbols: Sequence[tuple[str, tuple[int, ...]]]) -> dict[int, set[int]]:
    """Return the symbols in which each character of the original is shown."""
    shown_in: dict[int, set[int]] = {}
    for number, (_, origin) in enumerate(symbols):
        for one in origin:
            shown_in.setdefault(one, set()).add(number)
    return shown_in
