"""Injected pinyin: the page decides, and an author's gloss stays."""

import random

import pytest

from pipelines.normalise.charmodel import built_in
from pipelines.normalise.damage.pinyin import find_injected
from pipelines.normalise.hanzi import readings
from tests.damage import careless_traditional, table_order
from tests.pipelines.normalise.prose import PAGES

GLOSSES = (
    "睢(suī)",
    "亳(bó)",
    "單(shàn)",
    "渦(guō)",
    "譙(qiáo)",
    "六(lù)",
    "撒(sà)",
    "仇(qiú)",
    "盱眙(xūyí)",
    "鹄(hú)",
)


def inject(text: str, share: float, glosses: list[str], rng: random.Random) -> tuple[str, set[int], set[int]]:
    """Return a text with pinyin behind the first part of the table, and glosses; where the brackets open."""
    marked = dict(table_order()[: int(len(table_order()) * share)])
    spots = dict(zip(rng.sample(range(len(text)), len(glosses)), glosses, strict=True))
    out = ""
    injected, genuine = set(), set()
    for place, char in enumerate(text):
        if place in spots:
            out += spots[place]
            genuine.add(len(out) - len(spots[place]) + spots[place].index("("))
        out += char
        if char in marked:
            injected.add(len(out))
            out += f"({marked[char]})"
    return out, injected, genuine


@pytest.mark.parametrize("seed", range(40))
def test_injected_pinyin_goes_and_glosses_stay(seed: int) -> None:
    rng = random.Random(seed)
    glosses = rng.sample(GLOSSES, rng.choice((0, 1, 3)))
    text, injected, genuine = inject(careless_traditional(PAGES[seed % 3]), rng.uniform(0.12, 0.55), glosses, rng)
    found = find_injected({"body": text}, {}, built_in)
    removed = {edit.start for edits in found.edits.values() for edit in edits}
    assert not removed & genuine
    if len(injected) >= 5:  # fewer may be an author's
        assert len(injected - removed) <= 1  # and so may one on a rare character that stands there once


@pytest.mark.parametrize("seed", range(10))
def test_on_a_page_without_injection_every_gloss_stays(seed: int) -> None:
    rng = random.Random(seed)
    text, _, genuine = inject(careless_traditional(PAGES[seed % 3]), 0.0, rng.sample(GLOSSES, 4), rng)
    assert len(genuine) == 4
    assert find_injected({"body": text}, {}, built_in).edits == {}


def test_a_reader_for_learners_stays() -> None:
    page = careless_traditional(PAGES[0])
    text = "".join(char + f"({readings()[char][0]})" if char in readings() else char for char in page)
    assert find_injected({"body": text}, {}, built_in).edits == {}
