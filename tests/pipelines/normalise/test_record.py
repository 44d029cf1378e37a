"""Titles around an article are passed by the repair where it has nothing to look for."""

import random

import pytest

from pipelines.normalise.damage import repair
from pipelines.normalise.record import may_be_damaged

ARTICLES = (
    "平常的文字，没有什么。",
    "学校召开会议,，部署,，重点任务,，推进改革，学院发展。",
    "中国学生网aBcD学院网\n学习aBcD学院网\n",
    "今天😀。明天😀，后天😀。",
)
PIECES = (
    *"学校召开会议，。,;；!！?？（）()（gong）wang'&#12;abABz网站☆✿😀\u200b\ue000⻅ﬀ锟斤拷\xa0é\ufffd□€鐨勬牎鍥",
    "(xiào)", ",，", ",；", "aBcD学院网", "&amp;nbsp;", "\n", "?)W",
)  # fmt: skip


def test_a_title_that_is_passed_by_has_nothing_to_repair() -> None:
    chance = random.Random(3)
    titles = ("".join(chance.choices(PIECES, k=chance.randrange(1, 8))) for _ in range(6000))
    passed = [title for title in titles if not may_be_damaged(title)]
    assert len(passed) > 500
    for number, title in enumerate(passed):
        done = repair({"body": ARTICLES[number % len(ARTICLES)], "title": title})
        assert done.report.injected or done.report.unrepaired or not done.edits["title"], title


DAMAGED = (
    "校长&amp;nbsp;讲话", "向?qū)W", "會(huì)議", "会议,，讲话", "⻅面", "aBcD学院网", "会议😀，",
    "教育改革".encode().decode("gbk"), "学校召开".encode().decode("latin-1"),
)  # fmt: skip


@pytest.mark.parametrize("title", DAMAGED)
def test_a_damaged_title_is_looked_at(title: str) -> None:
    assert may_be_damaged(title)
