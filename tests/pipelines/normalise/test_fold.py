"""Folding: what a search takes for the same."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.normalise import fold, to_hans


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("北京大學", "北京大学"),
        ("圖書館", "图书馆"),
        ("ＮＡＮＫＡＩ　２０２０", "nankai 2020"),
        ("乾隆", "干隆"),
        ("名著", "名着"),
        ("關於", "关于"),
        ("臺灣", "台湾"),
        ("⼤学⽣", "大学生"),  # Kangxi radicals
        ("金", "\uf90a"),  # a compatibility ideograph
        ("Straße", "STRASSE"),
        ("㎡", "m2"),
        ("，：（）", ",:()"),
        ("魏徵", "魏征"),
        ("陜西", "陝西"),
        ("这里", "這裡"),
        ("这里", "這裏"),
    ],
)
def test_same_for_a_search(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_differences_that_stay() -> None:
    assert fold("大学") != fold("大家")
    assert fold("a b") != fold("ab")


@settings(max_examples=300)
@given(st.text(st.characters(codec=None)))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_folding_any_character_twice_changes_nothing() -> None:
    assert [point for point in range(0x110000) if fold(fold(chr(point))) != fold(chr(point))] == []


@settings(max_examples=200)
@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)))
def test_hans_is_found_by_its_source(text: str) -> None:
    assert fold(to_hans(text)) == fold(text)


def test_awkward_text() -> None:
    assert fold("") == ""
    assert fold("\ud800\x00A") == "\ud800\x00a"
    assert fold("a" + "\u0301" * 10_000) == unicodedata.normalize("NFC", "a" + "\u0301" * 10_000)
