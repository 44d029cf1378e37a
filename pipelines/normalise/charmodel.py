"""How well does Chinese text read? A character model in three layers, each backing off to the one below.

::

    page      n-grams of the document at hand       counted by read_page(), never stored
    archive   n-grams of an archive's own pages     made by train()
    words     a list of words with frequencies      text as words drawn at random, summed over every segmentation

The word layer needs no running text, so the built-in model can be made from a freely licensed dictionary. The
n-gram layers know what a dictionary does not: names, and the words of this office and this year.

A model is an immutable file (little-endian)::

    magic    b"newsspider text model 2\\n"
    sizes    two uint32: nodes of the word trie, nodes of the n-gram trie
    words    uint32 first[nodes + 1] · uint16 chars[nodes] · uint8 whole[nodes] · uint8 prefix[nodes]
    n-grams  uint32 first[nodes + 1] · uint16 chars[nodes] · uint8 seen[nodes] · uint8 unseen[nodes]

A trie is numbered breadth first from its root 0; the children of a node are ``first[node]`` to ``first[node + 1]``,
sorted by character. ``whole`` and ``prefix`` hold the probability that a word is, or begins with, the string of
the node, in steps of 1/12 nat below 1 (255: never). ``seen`` holds the share of its context that an n-gram has
for itself, ``unseen`` what its node as a context leaves to the layer below, in steps of 1/24 nat. Columns are read
where they lie, so opening a model copies and parses nothing.
"""

import hashlib
import math
import struct
import sys
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain
from typing import Literal

from pipelines.errors import InputError
from pipelines.normalise.hanzi import simplified_forms

MAGIC = b"newsspider text model 2\n"

ORDER = 4
"""Longest n-gram, in characters."""

LONGEST_WORD = 5
"""Longer words are left out of the word list: shorter ones and n-grams cover them."""

DISCOUNT = (8.0, 6.0, 3.0)
"""How much an n-gram layer leaves to the layer below after a context of 1, 2 and 3 characters, for each distinct
continuation seen. The best of ten settings on labelled pages."""

STEP = 1 / 12
NEVER = 255
PROBABILITY = (*(math.exp(-STEP * step) for step in range(NEVER)), 0.0)
FINE_STEP = 1 / 24
SHARE = (*(math.exp(-FINE_STEP * step) for step in range(NEVER)), 0.0)

UNKNOWN = 1e-8
"""Probability of a word that is a single character of no list."""

MOST_NGRAMS = 750_000
"""Nodes kept of an archive's n-grams: 6 MB."""
MOST_COUNTED = 3_000_000
"""N-grams held while counting; above it, those seen once are forgotten."""

MARKS: Mapping[str, float] = {
    "，": 0.055, "。": 0.025, "、": 0.02, "“": 0.006, "”": 0.006, "：": 0.004, "《": 0.002, "》": 0.002,
    "（": 0.003, "）": 0.003, "；": 0.002, "！": 0.001, "？": 0.001, "—": 0.002, "·": 0.0005, "…": 0.0003,
    " ": 0.004, "\n": 0.008, ".": 0.004, "-": 0.001, "%": 0.001, "/": 0.0005, "0": 0.03, "a": 0.005,
}  # fmt: skip
"""What no word list tells: how often marks, digits and Latin letters stand in Chinese news, for each character."""
CHARS_IN_WORD = 1.6
"""Mean length of a word of running text."""
LOOSE = 0.02
"""Probability that a word is a single character drawn at random: names, and words that the list does not have."""

TINY = 1e-30
"""Below this a likelihood counts as nothing."""
RECENT = ORDER + 1
"""Characters by which two states are told apart."""

Column = Sequence[int]
Code = Literal["B", "H", "I"]
"""Type of a column, as ``array`` names it."""
NODE: tuple[Code, ...] = ("I", "H")
"""The columns of every trie: ``first`` and ``chars``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trie:
    """Strings as numbered nodes, with a column or two of values."""

    first: Column
    chars: Column
    columns: tuple[Column, ...]

    def child(self, node: int, code: int) -> int:
        """Return the node one character further on, or 0 where there is none."""
        end = self.first[node + 1]
        found = bisect_left(self.chars, code, self.first[node], end)
        return found if found < end and self.chars[found] == code else 0

    def __len__(self) -> int:
        return len(self.chars)


@dataclass(frozen=True, slots=True, kw_only=True)
class CharModel:
    """An opened model file."""

    digest: str
    """SHA-256 of the file, hexadecimal: its name in an archive."""
    data: bytes = field(compare=False, repr=False)
    words: Trie = field(compare=False, repr=False)
    ngrams: Trie = field(compare=False, repr=False)

    @classmethod
    def from_bytes(cls, data: bytes, *, name: str = "the text model") -> "CharModel":
        """Open a model file; ``name`` is what errors call it.

        Raises:
            InputError: the bytes are no model of this version, or not all of one.
        """
        head = len(MAGIC) + 8
        if data[: len(MAGIC)] != MAGIC or len(data) < head:
            raise InputError(f"{name}: is no text model of this version of newsspider; train a new one.")
        sizes = struct.unpack_from("<2I", data, len(MAGIC))
        if len(data) != head + sum(4 * (nodes + 1) + 4 * nodes for nodes in sizes):
            raise InputError(f"{name}: is not whole; copy it again, or train a new one.")
        words, rest = _open_trie(memoryview(data)[head:], sizes[0], ("B", "B"))
        ngrams, _ = _open_trie(rest, sizes[1], ("B", "B"))
        return cls(digest=hashlib.sha256(data).hexdigest(), data=data, words=words, ngrams=ngrams)

    def read_page(self, texts: Iterable[str]) -> "Reader":
        """Return a reader for a document: its own texts are the uppermost layer of the model."""
        return Reader(self, _to_trie(_count(texts), MOST_NGRAMS))


@cache
def built_in() -> CharModel:
    """Open the model that comes with the package (``data/README.md`` tells what it was made from)."""
    return CharModel.from_bytes(files("pipelines.normalise").joinpath("data/words.model").read_bytes())


def train(texts: Iterable[str], base: CharModel | None = None) -> bytes:
    """Return a model file: the words of ``base`` (None: the built-in model) and the n-grams of the texts.

    The same texts in the same order give the same bytes. A line that was seen before, word for word, is page
    furniture and counts once; what a text is about, and whether it is damaged, the caller decides.
    """
    words = (base or built_in()).words
    return _to_bytes(words, _to_trie(_count(_distinct_lines(texts)), MOST_NGRAMS))


def from_words(frequencies: Mapping[str, int]) -> bytes:
    """Return a model file that knows words and their frequencies, and no running text."""
    folded: Counter[str] = Counter()
    for word, frequency in frequencies.items():
        if len(word) <= LONGEST_WORD and all(ord(char) <= 0xFFFF for char in word):
            folded[fold(word)] += frequency
    total = folded.total()
    marks = {fold(mark): rate * CHARS_IN_WORD for mark, rate in MARKS.items()}
    known = 1 - LOOSE - sum(marks.values())
    whole = {word: known * frequency / total for word, frequency in folded.items()} | marks
    single: Counter[str] = Counter()
    for word, frequency in folded.items():
        for char in word:
            single[char] += frequency
    for char, frequency in single.items():
        whole[char] = whole.get(char, 0.0) + LOOSE * frequency / single.total()
    prefix: dict[str, float] = {}
    for word in sorted(whole):
        for end in range(1, len(word) + 1):
            prefix[word[:end]] = prefix.get(word[:end], 0.0) + whole[word]
    steps = {string: (_steps(whole.get(string, 0.0)), _steps(share)) for string, share in prefix.items()}
    return _to_bytes(_build_trie(steps, ("B", "B")), _build_trie({}, ("B", "B")))


def fold(text: str) -> str:
    """Return a text as the model sees it, character for character.

    Hans, ASCII punctuation, ``0`` for any digit, ``a`` for any Latin letter.

    >>> fold("第３屆校長會，2020年A級")
    '第0届校长会,0000年a级'
    """
    return text.translate(_FOLDED)


class _Folding(dict[int, str]):
    """A translation table that is worked out as characters are met."""

    def __missing__(self, code: int) -> str:
        char = chr(code - 0xFEE0) if 0xFF01 <= code <= 0xFF5E else chr(code)
        if char.isdigit():
            char = "0"
        elif char.isascii() and char.isalpha():
            char = "a"
        # The columns are 16 bits wide: a character beyond keeps its traditional form, or becomes U+FFFD.
        forms = (simplified_forms().get(char, char), char, "\ufffd")
        self[code] = char = next(form for form in forms if ord(form) <= 0xFFFF)
        return char


_FOLDED = _Folding()


class State:
    """Where a reader stands: what it has read last, layer by layer. Made by the reader only."""

    __slots__ = ("boundary", "layers", "likely", "open", "recent")

    def __init__(
        self, recent: str, boundary: float, open_words: list[tuple[int, float]], layers: list[list[int]]
    ) -> None:
        self.recent = recent
        """The last characters read: readings that agree in these go on alike."""
        self.boundary = boundary
        """How likely a word has just ended, relative to the likelihood of all that was read."""
        self.open = open_words
        """Words under way: node of the trie, and how likely the text before them, relative as above."""
        self.layers = layers
        """For each n-gram layer the nodes of the last 0, 1, 2 and 3 characters; 0 where that is unknown."""
        self.likely: frozenset[str] | None = None


class Reader:
    """Reads text by a model, and tells how likely each next character is."""

    def __init__(self, model: CharModel, page: Trie) -> None:
        self._words = model.words
        self._whole, self._prefix = model.words.columns
        self._ngrams = [trie for trie in (model.ngrams, page) if len(trie) > 1]
        self._first = first_characters(model)
        start = State("", 1.0, [], [[0, 0, 0, 0] for _ in self._ngrams])
        self._start = self.after(start, "\n")
        self._start.boundary = 1.0

    def start(self) -> State:
        """Return the state at the beginning of a line."""
        return self._start

    def log(self, state: State, char: str) -> float:
        """Return the log probability (nats) of a character (folded) in a state."""
        code = ord(char)
        node, prefix = self._first.get(code, (0, 0.0))
        probability = state.boundary * (UNKNOWN + prefix)
        first, chars = self._words.first, self._words.chars
        for node, before in state.open:
            # Trie.child, written out: this and the next loop are where a repair spends its time.
            end = first[node + 1]
            child = bisect_left(chars, code, first[node], end)
            if child < end and chars[child] == code:
                probability += before * PROBABILITY[self._prefix[child]]
        for trie, nodes in zip(self._ngrams, state.layers, strict=True):
            first, chars = trie.first, trie.chars
            seen, unseen = trie.columns
            known = True
            for node in nodes[1:]:
                if not node:
                    break
                start, end = first[node], first[node + 1]
                if start < end:  # else it ends a line, or all that followed was too rare to be kept
                    probability *= SHARE[unseen[node]]
                    if known:
                        # What never followed the shorter string cannot have followed the longer.
                        child = bisect_left(chars, code, start, end)
                        known = child < end and chars[child] == code
                        if known:
                            probability += SHARE[seen[child]]
        return math.log(max(probability, TINY))

    def floor(self, state: State) -> float:
        """Return what, with the log of its frequency, gives ``log`` of a character that goes on with no known string."""
        share = state.boundary
        for trie, nodes in zip(self._ngrams, state.layers, strict=True):
            unseen = trie.columns[1]
            for node in nodes[1:]:
                if node and trie.first[node] < trie.first[node + 1]:
                    share *= SHARE[unseen[node]]
        return math.log(max(share, TINY))

    def after(self, state: State, char: str) -> State:
        """Return the state after a character (folded)."""
        code = ord(char)
        child, prefix = self._first.get(code, (0, 0.0))
        likelihood = boundary = state.boundary * UNKNOWN
        under_way = []
        if child:
            likelihood += state.boundary * prefix
            boundary += state.boundary * PROBABILITY[self._whole[child]]
            under_way.append((child, state.boundary))
        for node, before in state.open:
            child = self._words.child(node, code)
            if child:
                likelihood += before * PROBABILITY[self._prefix[child]]
                boundary += before * PROBABILITY[self._whole[child]]
                under_way.append((child, before))
        layers = [
            [0, *(trie.child(node, code) if node or not length else 0 for length, node in enumerate(nodes[:-1]))]
            for trie, nodes in zip(self._ngrams, state.layers, strict=True)
        ]
        recent = (state.recent + char)[-RECENT:]
        if likelihood < TINY:
            # No segmentation reads this: begin anew after the character.
            return State(recent, 1.0, [], layers)
        under_way = [(node, before / likelihood) for node, before in under_way]
        return State(recent, boundary / likelihood, under_way, layers)

    def read(self, state: State, text: str) -> tuple[State, float]:
        """Return the state after a text (folded), and the log probability of the text (nats)."""
        total = 0.0
        for char in text:
            total += self.log(state, char)
            state = self.after(state, char)
        return state, total

    def frequency(self, char: str) -> float:
        """Return how probable a character is as a word of its own or the beginning of one."""
        return self._first.get(ord(char), (0, 0.0))[1]

    def knows(self, char: str) -> bool:
        """Tell whether a character stands in any word of the list."""
        return ord(char) in self._first

    def continuations(self, state: State) -> frozenset[str]:
        """Return the characters that go on with a word under way, or have followed the last ones in a layer."""
        if state.likely is None:
            nodes = [(self._words, node) for node, _ in state.open]
            for trie, (_, one, two, _) in zip(self._ngrams, state.layers, strict=True):
                # After a common character nearly everything has followed once: ask the longer string first.
                nodes.append((trie, two or one))
            found = (trie.chars[trie.first[node] : trie.first[node + 1]] for trie, node in nodes if node)
            state.likely = frozenset(map(chr, chain.from_iterable(found)))
        return state.likely


@lru_cache(maxsize=4)
def first_characters(model: CharModel) -> dict[int, tuple[int, float]]:
    """Return character that begins a word → its node, and how probable it is as the beginning of one."""
    _, prefix = model.words.columns
    nodes = range(model.words.first[0], model.words.first[1])
    return {model.words.chars[node]: (node, PROBABILITY[prefix[node]]) for node in nodes}


def _distinct_lines(texts: Iterable[str]) -> Iterator[str]:
    seen: set[bytes] = set()
    for text in texts:
        for line in text.splitlines():
            mark = hashlib.blake2b(line.encode("utf-8", "surrogatepass"), digest_size=8).digest()
            if mark not in seen:
                seen.add(mark)
                yield line


def _count(texts: Iterable[str]) -> dict[str, int]:
    """Return the n-grams of the lines of texts and how often each was seen."""
    counts: Counter[str] = Counter()
    for text in texts:
        for line in fold(text).splitlines():
            whole = f"\n{line}\n"
            for length in range(1, ORDER + 1):
                counts.update(whole[start : start + length] for start in range(len(whole) - length + 1))
        if len(counts) > MOST_COUNTED:
            counts = Counter({ngram: count for ngram, count in counts.items() if count > 1})
    return counts


def _to_trie(counts: Mapping[str, int], most: int) -> Trie:
    """Build the trie of the commonest n-grams.

    A shorter n-gram is counted by the different characters before it (Kneser and Ney 1995): what it tells is asked
    only where the longer context is new. What an n-gram too rare to be kept had of its context goes to the layer
    below. A prefix is at least as common as an n-gram, so each node has its parent.
    """
    ranked = sorted(counts.values(), reverse=True)
    fewest = ranked[most] + 1 if len(ranked) > most else 1
    before = Counter(ngram[1:] for ngram in counts)
    total: Counter[str] = Counter()
    for ngram, count in counts.items():
        if len(ngram) > 1:
            total[ngram[:-1]] += _weight(ngram, count, before)
    distinct = Counter(ngram[:-1] for ngram in counts)
    shares: dict[str, float] = {}
    unseen: dict[str, float] = {}
    for ngram, count in counts.items():
        context = ngram[:-1]
        if context and count >= fewest:
            whole = total[context] + DISCOUNT[len(context) - 1] * distinct[context]
            shares[ngram] = _weight(ngram, count, before) / whole
            unseen[context] = unseen.get(context, 1.0) - shares[ngram]
    kept = (ngram for ngram, count in counts.items() if count >= fewest)
    return _build_trie(
        {
            ngram: (_steps(shares.get(ngram, 0.0), FINE_STEP), _steps(unseen.get(ngram, 1.0), FINE_STEP))
            for ngram in kept
        },
        ("B", "B"),
    )


def _weight(ngram: str, count: int, before: Mapping[str, int]) -> int:
    return count if len(ngram) == ORDER or ngram[0] == "\n" else before[ngram]


def _build_trie(values: Mapping[str, tuple[int, ...]], codes: tuple[Code, ...]) -> Trie:
    nodes = ["", *sorted(values, key=lambda string: (len(string), string))]
    number = {string: node for node, string in enumerate(nodes)}
    children = array("I", bytes(4 * len(nodes)))
    for string in nodes[1:]:
        children[number[string[:-1]]] += 1
    first = array("I", [1])
    for count in children:
        first.append(first[-1] + count)
    return Trie(
        first=first,
        chars=array("H", [0, *(ord(string[-1]) for string in nodes[1:])]),
        columns=tuple(
            array(code, [0, *(values[string][place] for string in nodes[1:])]) for place, code in enumerate(codes)
        ),
    )


def _steps(probability: float, step: float = STEP) -> int:
    """Return a probability in stored steps.

    >>> _steps(1.0), _steps(0.0)
    (0, 255)
    """
    return min(NEVER - 1, round(-math.log(probability) / step)) if probability > 0 else NEVER


def _to_bytes(words: Trie, ngrams: Trie) -> bytes:
    parts = [MAGIC, struct.pack("<2I", len(words), len(ngrams))]
    for trie, codes in ((words, ("B", "B")), (ngrams, ("B", "B"))):
        for code, column in zip(NODE + codes, (trie.first, trie.chars, *trie.columns), strict=True):
            stored = array(code, column)
            if sys.byteorder == "big":
                stored.byteswap()
            parts.append(stored.tobytes())
    return b"".join(parts)


def _open_trie(data: memoryview, nodes: int, codes: tuple[Code, ...]) -> tuple[Trie, memoryview]:
    """Return the trie at the beginning of the data, and the rest of the data."""
    columns: list[Column] = []
    for code, length in zip(NODE + codes, (nodes + 1, *[nodes] * (1 + len(codes))), strict=True):
        size = length * array(code).itemsize
        column: Column = data[:size].cast(code)
        if sys.byteorder == "big":
            column = array(code, column)
            column.byteswap()
        columns.append(column)
        data = data[size:]
    return Trie(first=columns[0], chars=columns[1], columns=tuple(columns[2:])), data
