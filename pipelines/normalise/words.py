"""Cut Chinese text into words: the cheapest way through a list of words and their costs (unigram Viterbi).

The list is small (``data/word_costs.txt``, which states origin and licence): it only has to find the borders that
decide between the traditional forms of a character, as in 校长|发言, not 校|长发|言.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

UNLISTED = 180
"""Cost of a single character that is in no list: that of a word met once in the corpus behind the list."""

UNCOUNTED = 165
"""Cost of a word that is known without a frequency, as those of the OpenCC dictionaries: of one met four times."""

PREFERRED = 110
"""Most that a word may cost that somebody listed because its borders matter: that of one met a thousand times."""


@cache
def read_costs() -> dict[str, int]:
    """Return word → cost, in tenths of a nat."""
    text = files("pipelines.normalise").joinpath("data", "word_costs.txt").read_text("utf-8")
    costs: dict[str, int] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            cost, *words = line.split(" ")
            costs.update(dict.fromkeys(words, int(cost)))
    return costs


class Segmenter:
    """Words with their costs, and where to look for them."""

    __slots__ = ("_costs", "_lengths")

    def __init__(self, costs: Mapping[str, int]) -> None:
        self._costs = costs
        lengths: dict[str, set[int]] = {}
        for word in costs:
            if len(word) > 1:
                lengths.setdefault(word[:2], set()).add(len(word))
        self._lengths = {pair: tuple(sorted(found)) for pair, found in lengths.items()}

    def split(self, text: str) -> list[str]:
        """Return the words of ``text`` in order; joined, they are the text.

        Time is linear in the length of the text.
        """
        costs, lengths, size = self._costs.get, self._lengths.get, len(text)
        best = [0] * (size + 1)
        """Cost of the cheapest way from a position to the end."""
        end = list(range(1, size + 1))
        """Where the first word of that way ends."""
        for at in range(size - 1, -1, -1):
            cheapest = costs(text[at], UNLISTED) + best[at + 1]
            for length in lengths(text[at : at + 2], ()):
                after = at + length
                if after <= size:
                    cost = costs(text[at:after])
                    if cost is not None and cost + best[after] < cheapest:
                        cheapest, end[at] = cost + best[after], after
            best[at] = cheapest
        words = []
        at = 0
        while at < size:
            words.append(text[at : end[at]])
            at = end[at]
        return words
