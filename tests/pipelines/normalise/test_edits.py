"""Edits can be applied, taken back and put together."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipelines.model import Edit
from pipelines.normalise.damage.edits import apply_edits, compose, outside, to_raw, undo_edits


def edit(start: int, old: str, new: str, kind: str = "mark", **more: object) -> Edit:
    return Edit(start=start, end=start + len(old), old=old, new=new, kind=kind, **more)  # type: ignore[arg-type]


@st.composite
def edits_of(draw: st.DrawFn, text: str) -> list[Edit]:
    """Ordered edits of a text that lie apart, and each replace something."""
    places = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    pairs = zip(places[::2], places[1::2], strict=False)
    return [
        edit(start, text[start:end], draw(st.text("校學x(", max_size=3))) for start, end in pairs if start < end
    ]


@given(st.data(), st.text("校學(xué)，", max_size=30))
def test_what_was_applied_can_be_undone(data: st.DataObject, raw: str) -> None:
    edits = data.draw(edits_of(raw))
    assert undo_edits(apply_edits(raw, edits), edits) == raw


@given(st.data(), st.text("校學(xué)，", max_size=30))
def test_two_rounds_put_together_do_the_same_and_can_be_undone(data: st.DataObject, raw: str) -> None:
    first = data.draw(edits_of(raw))
    middle = apply_edits(raw, first)
    second = data.draw(edits_of(middle))
    both = compose(raw, first, second)
    text = apply_edits(middle, second)
    assert apply_edits(raw, both) == text
    assert undo_edits(text, both) == raw
    assert all(one.end <= other.start for one, other in pairwise(both))
    assert all(raw[one.start : one.end] == one.old for one in both)


def test_edits_of_the_same_characters_become_one() -> None:
    raw = "網(w\u200bǎng)站"
    first = [edit(3, "\u200b", "", "invisible", evidence=("a",))]
    second = [edit(1, "(wǎng)", "", "pinyin", margin=2.0, certain=False, evidence=("b",))]
    assert compose(raw, first, second) == [
        Edit(
            start=1,
            end=8,
            old="(w\u200bǎng)",
            new="",
            kind="pinyin",
            margin=2.0,
            certain=False,
            evidence=("a", "b"),
        )
    ]


def test_a_place_is_found_in_the_raw_text() -> None:
    edits = [edit(1, "(xué)", "")]
    assert [to_raw(edits, place) for place in (0, 1, 2)] == [0, 1, 7]


def test_an_edit_that_touches_a_protected_string_is_dropped() -> None:
    text = "單(shàn)雄信,學(xué)校"
    kept = outside([edit(1, "(shàn)", ""), edit(11, "(xué)", "")], text, ["單(shàn)雄信"])
    assert [one.start for one in kept] == [11]
