"""The mirror's program makes the damage of the real seed page, and nests its annotations as real mirrors do."""

import re
from itertools import combinations

import pytest

from newsspider.demo import expected
from newsspider.demo.spoil import READINGS, spoil

ANNOTATION = re.compile(r"(\w)\(([a-zü\u00e0-\u01dc]+)\)")
MIRRORED = [article for article in expected(1) if article.site == "demo-mirror"]


def test_it_makes_the_seed_page_from_its_words() -> None:
    (seed,) = (article for article in MIRRORED if article.url.endswith("/5127.html"))
    assert spoil(seed.title_hans, 85) == seed.title
    assert tuple(spoil(line, 85) for line in seed.paragraphs_hans) == seed.paragraphs


@pytest.mark.parametrize(
    ("text", "readings", "spoilt"),
    [
        ("后勤干部关于采取", 119, "后勤干部關(guān)于采取"),  # merged characters stay as they are
        ("学会，日报告", 30, "學會,日報告"),
        ("学会，日报告", 85, "學(xué)會(huì),日?qǐng)?bào)告"),
        ("因为家庭", 85, "因?yàn)榧彝?"),  # the slip runs on to the next ASCII byte
    ],
)
def test_what_it_does_to_a_text(text: str, readings: int, spoilt: str) -> None:
    assert spoil(text, readings) == spoilt


def test_each_reading_is_given_once() -> None:
    characters = [character for character, _ in READINGS]
    assert len(characters) == len(set(characters))
    assert all(re.fullmatch(r"[a-zü\u00e0-\u01dc]+", reading) for _, reading in READINGS)


def test_annotated_sets_of_any_two_pages_are_nested() -> None:
    pages = []
    for article in MIRRORED:
        text = "\n".join((article.title, *article.paragraphs))
        annotated = {character for character, _ in ANNOTATION.findall(text)}
        pages.append((annotated, set(re.sub(ANNOTATION, "", text))))
    for (annotated, bare), (other_annotated, other_bare) in combinations(pages, 2):
        assert not (annotated & other_bare and other_annotated & bare)
