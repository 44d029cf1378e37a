"""Make the data files of the text repair from the packages ``jieba`` and ``pypinyin`` (both MIT).

    pip install jieba==0.42.1 pypinyin==0.55.0
    python tools/make_text_data.py

They are made once and committed; ``pipelines/normalise/data/README.md`` says what they hold.
"""

from collections import defaultdict
from pathlib import Path

import jieba
from pypinyin.pinyin_dict import pinyin_dict

from pipelines.normalise.charmodel import from_words
from pipelines.normalise.hanzi import gbk_bytes

DATA = Path(__file__).parents[1] / "pipelines" / "normalise" / "data"

RAREST = 3
"""Words that jieba's corpus has less often are left out."""


def read_words() -> dict[str, int]:
    with jieba.get_dict_file() as file:
        rows = [line.decode("utf-8").split(" ") for line in file]
    return {word: int(frequency) for word, frequency, _ in rows if int(frequency) >= RAREST}


def read_readings() -> str:
    """Return a line per reading: the reading, the characters that have it first, those that have it too."""
    columns: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for code, listed in sorted(pinyin_dict.items()):
        if code <= 0xFFFF and chr(code) in gbk_bytes():
            for place, reading in enumerate(listed.split(",")):
                columns[reading][min(place, 1)].append(chr(code))
    return "".join(
        f"{reading}\t{''.join(first)}\t{''.join(other)}\n" for reading, (first, other) in sorted(columns.items())
    )


if __name__ == "__main__":
    (DATA / "words.model").write_bytes(from_words(read_words()))
    (DATA / "readings.txt").write_text(read_readings(), "utf-8")
