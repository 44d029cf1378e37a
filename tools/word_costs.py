"""Make ``pipelines/normalise/data/word_costs.txt`` from the dictionary of jieba 0.42.1 (MIT).

    python tools/word_costs.py path/to/jieba/dict.txt > pipelines/normalise/data/word_costs.txt

Kept are words of two to four ideographs that are frequent, or less frequent and hold a character with more than
one traditional form: those decide where such a character belongs. Left out are names of three characters (those of
novels, and of one newspaper's year), and, unless the package lists them,

* names with such a character, since :mod:`pipelines.normalise.names` finds names by what stands around them;
* compounds that are more than their characters: 复印件 is found as 复印 and 件, which say how to write it;
* words with 里 that are no places: miles (五千里) and foreign names.
"""

import math
import re
import sys
from collections import defaultdict
from pathlib import Path

from pipelines.normalise.convert import convert, read_dictionary, read_values
from pipelines.normalise.hant import read_characters

AMBIGUOUS = {char for char, forms in read_values("STCharacters").items() if len(forms) > 1}
CHARACTERS = str.maketrans(read_characters())
LISTED = read_dictionary("STPhrases").keys()

NAMES = {"nr", "nrfg", "nrt"}
MISTAGGED = {"于洋", "于居洋", "范任", "范星", "范志", "余实", "余鱼", "余卓成"}
"""Names that the dictionary has as something else."""

FREQUENT = 50
AMBIGUOUS_FREQUENT = 8
LICENCE = """\
# Words and what they cost a segmentation: ten times the negative natural logarithm of their relative frequency,
# rounded, then the words with that cost. Made by tools/word_costs.py from dict.txt of jieba 0.42.1, which is
# Copyright (c) 2013 Sun Junyi, under the MIT License:
#
# Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
# documentation files (the "Software"), to deal in the Software without restriction, including without limitation
# the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and
# to permit persons to whom the Software is furnished to do so, subject to the following conditions:
# The above copyright notice and this permission notice shall be included in all copies or substantial portions
# of the Software.
# THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO
# THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
# AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF
# CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS
# IN THE SOFTWARE.
"""


def is_kept(word: str, frequency: int, tag: str) -> bool:
    ambiguous = bool(AMBIGUOUS & set(word))
    if not re.fullmatch("[\u4e00-\u9fff]{1,4}", word) or word in MISTAGGED:
        return False
    if word not in LISTED:
        if tag in NAMES and (ambiguous or len(word) > 2):
            return False
        if convert(word, "s2t").text != word.translate(CHARACTERS) or ("里" in word and tag != "s"):
            return False
    return len(word) == 1 or frequency >= (AMBIGUOUS_FREQUENT if ambiguous else FREQUENT)


def main() -> None:
    lines = [line.split() for line in Path(sys.argv[1]).read_text("utf-8").splitlines()]
    entries = [(word, int(frequency), tag) for word, frequency, tag in lines]
    total = sum(frequency for _, frequency, _ in entries)
    by_cost = defaultdict(list)
    for word, frequency, tag in entries:
        if is_kept(word, frequency, tag):
            by_cost[round(-10 * math.log(max(frequency, 1) / total))].append(word)
    sys.stdout.write(LICENCE)
    for cost, words in sorted(by_cost.items()):
        sys.stdout.write(f"{cost} {' '.join(sorted(words))}\n")


if __name__ == "__main__":
    main()
