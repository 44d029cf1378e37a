"""The simulator reproduces what real mirrors show, character by character."""

import pytest

from tests.damage import Damaged, simulate_damage

REAL = [
    # original, table, marks, what the mirror shows; the pages are named in the study of the damage
    ("向學", [("驅", "qū"), ("學", "xué")], "", "向?qū)W"),
    ("順序對考生逐個進行投檔", [("驅", "qū"), ("個", "gè"), ("進", "jìn")], "", "順序?qū)忌饌€(gè)進(jìn)行投檔"),
    ("筍芽兒有一種對春光", [("績", "jī"), ("對", "duì")], "", "筍芽?jī)河幸环N對(duì)春光"),
    ("挖土時挖出", [("習", "xí"), ("時", "shí")], "", "挖土?xí)r挖出"),
    ("總字數多達3000", [("數", "shù"), ("謹", "jǐn"), ("達", "dá")], "", "總字?jǐn)?shù)多達(dá)3000"),
    ("佩戴校徽，全體", [], "；，", "佩戴?；?，全體"),
    ("服從政府。現在", [], "，", "服從政府?，F在"),
    ("“日報告、零報告”", [("報", "bào"), ("請", "qǐng")], "", "“日?qǐng)?bào)告、零報(bào)告”"),
    ("規模空前，在張掖", [], "？，", "規??涨?，在張掖"),
    ("走。”這是四川", [], "！", "走?！边@是四川"),
    ("銘文。”(湖北省", [], "！", "銘文?！?湖北省"),
    ("動權交給學生。可在實行的過程", [("實", "shí"), ("過", "guò")], "？", "動權交給學生??稍趯?shí)行的過(guò)程"),
]


@pytest.mark.parametrize(("original", "table", "marks", "shown"), REAL, ids=[real[-1] for real in REAL])
def test_a_real_string_is_reproduced(original: str, table: list[tuple[str, str]], marks: str, shown: str) -> None:
    damaged = simulate_damage(original, table=table, marks=marks)
    assert damaged.text.replace("？", "?") == shown.replace("？", "?")


def test_a_slip_is_told_with_what_was_there() -> None:
    original, table = "踐行了“人心向學”的理念", [("驅", "qū")]
    damaged = simulate_damage(original, table=table)
    assert damaged == Damaged(text="踐行了“人心向?qū)W”的理念", slips=((7, 12, 7, 8),))
    ((start, end, first, last),) = damaged.slips
    assert (damaged.text[start:end], original[first:last]) == ("?qū)W", "學")


def test_pinyin_behind_whole_characters_is_no_slip() -> None:
    assert simulate_damage("學校", table=[("學", "xué")]) == Damaged(text="學(xué)校", slips=())


def test_a_separator_before_a_whole_mark_is_no_slip() -> None:
    assert simulate_damage("學校，我們", marks="，") == Damaged(text="學校,，我們", slips=())
