"""The character model: its file, its training, what it tells."""

import math
import struct

import pytest

from pipelines.errors import InputError
from pipelines.normalise.charmodel import MAGIC, CharModel, built_in, fold, from_words, train
from tests.pipelines.normalise.prose import PAGES


def surprise(model: CharModel, text: str, page: tuple[str, ...] = ()) -> float:
    """Return the mean surprise of a character (bits)."""
    reader = model.read_page(page)
    return -reader.read(reader.start(), fold(text))[1] / len(text) / math.log(2)


def test_the_built_in_model_is_small_and_named_by_its_content() -> None:
    model = built_in()
    assert len(model.data) <= 5_000_000
    assert model == CharModel.from_bytes(model.data)
    assert len(model.digest) == 64


def test_chinese_reads_better_than_a_jumble_of_its_characters() -> None:
    text = "学校召开本科教学工作会议"
    assert surprise(built_in(), text) < 7
    assert surprise(built_in(), text[::-1]) > surprise(built_in(), text) + 3


def test_probabilities_of_what_may_follow_add_up_to_one_at_most() -> None:
    reader = built_in().read_page([PAGES[0]])
    state, _ = reader.read(reader.start(), fold("学校召开教学"))
    total = sum(math.exp(reader.log(state, chr(code))) for code in range(0x20, 0x9FFF))
    assert 0.9 < total < 1.01


def test_a_page_is_its_own_best_witness() -> None:
    text = "泾溪书院举办墨韵雅集"
    assert surprise(built_in(), text, ("泾溪书院举办墨韵雅集，泾溪书院供图",)) < surprise(built_in(), text) - 3


def test_training_teaches_what_the_texts_say_and_keeps_the_words() -> None:
    model = CharModel.from_bytes(train(PAGES))
    assert surprise(model, "人才培养是学校的根本任务") < surprise(built_in(), "人才培养是学校的根本任务") - 2
    assert surprise(model, "青铜器出土") < 12


def test_the_same_texts_give_the_same_bytes() -> None:
    assert train(PAGES) == train(iter(PAGES))


def test_a_line_that_every_page_has_counts_once() -> None:
    furniture = "版权所有 某某大学新闻中心"
    assert train([*PAGES, furniture]) == train([*PAGES, furniture, furniture, f"{furniture}\n{furniture}"])


def test_training_goes_on_from_another_model() -> None:
    base = CharModel.from_bytes(from_words({"学校": 5, "学生": 3}))
    trained = CharModel.from_bytes(train(PAGES, base))
    assert len(trained.words) == len(base.words)
    assert len(trained.ngrams) > len(base.ngrams)


@pytest.mark.parametrize("texts", [(), ("",), ("\ud800\x00",), ("a" * 1000,)])
def test_any_texts_can_be_trained_on(texts: tuple[str, ...]) -> None:
    assert math.isfinite(surprise(CharModel.from_bytes(train(texts)), "学校𠀀\ud800\x00"))


@pytest.mark.parametrize(
    "data",
    [b"", b"\x89PNG", MAGIC, built_in().data[:-1], built_in().data + b"\0", MAGIC + struct.pack("<2I", 9, 9)],
)
def test_what_is_no_model_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="text model"):
        CharModel.from_bytes(data)


def test_characters_beyond_the_basic_plane_are_folded_to_what_fits() -> None:
    assert fold("𠀀梖") == "\ufffd梖"
