"""Segmentation: borders that decide between traditional forms."""

import pytest

from pipelines.normalise.words import Segmenter, read_costs


@pytest.mark.parametrize(
    "words",
    [
        "校长|发言",
        "一|出现",
        "分配|制度",
        "国家|私营",
        "各国|历史",
        "党委书记|发表|讲话",
    ],
)
def test_borders(words: str) -> None:
    assert Segmenter(read_costs()).split(words.replace("|", "")) == words.split("|")


def test_the_cheapest_way_wins() -> None:
    segmenter = Segmenter({"长发": 100, "校长": 60, "发言": 60, "校": 90, "言": 90})
    assert segmenter.split("校长发言") == ["校长", "发言"]
    assert segmenter.split("") == []
    assert segmenter.split("长发") == ["长发"]
    assert segmenter.split("x\ud800发言") == ["x", "\ud800", "发言"]
