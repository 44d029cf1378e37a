"""To simplified characters: the readings on top of the package."""

from pathlib import Path

import pytest

from pipelines.normalise import hans as detailed
from pipelines.normalise import to_hans
from pipelines.normalise.convert import Change, convert
from pipelines.normalise.overrides import READINGS, VARIANTS, digest

GOLD = (Path(__file__).parent / "gold" / "news.hans.txt").read_text("utf-8")

KEPT_BY_CARELESS_MAPS = "后干斗里系制志松余征面表游周采云范家借并于只回谷几丑咸仆姜岳卜了吁占舍升划折注朱辟仇杰困"
"""What character-by-character converters of mirrored pages were seen to leave."""

CASES = {
    # 著 as a particle, as zhuó and zháo
    "本著關愛師生的理念": "本着关爱师生的理念",
    "隨著時間的推移，他看著窗外": "随着时间的推移，他看着窗外",
    "他執著地追求，沈著應戰": "他执着地追求，沉着应战",
    "沉著冷靜，有著重要意義": "沉着冷静，有着重要意义",
    "圍繞著中心工作，著力著重": "围绕着中心工作，着力着重",
    "她討論著、思索著": "她讨论着、思索着",
    "他穿著大衣，衣著整齊": "他穿着大衣，衣着整齐",
    # 著 as zhù
    "著名學者的專著、編著、論著、名著與著作": "著名学者的专著、编著、论著、名著与著作",
    "成效顯著，土著居民，著稱於世": "成效显著，土著居民，著称于世",
    "王錫彤著《抑齋自述》": "王锡彤著《抑斋自述》",
    "（王力著）": "（王力著）",
    "去看著名景點": "去看著名景点",
    # 乾
    "乾隆年間，徐乾學與李乾朗": "乾隆年间，徐乾学与李乾朗",
    "吉林省乾安縣氣候乾燥": "吉林省乾安县气候干燥",
    "乾乾淨淨的葡萄乾": "干干净净的葡萄干",
    "自強不息，終日乾乾": "自强不息，终日乾乾",
    "張乾教授喝乾紅葡萄酒": "张乾教授喝干红葡萄酒",
    # 徵, 於
    "魏徵徵求意見": "魏徵征求意见",
    "宮商角徵羽": "宫商角徵羽",
    "關於單位的規定": "关于单位的规定",
    "關於戲劇、關於倫理、善於潛心研究": "关于戏剧、关于伦理、善于潜心研究",
    "在於其一貫的作風": "在于其一贯的作风",
    "樊於期": "樊於期",
    # names and variants
    "王汎森院士": "王汎森院士",
    "薛應旂": "薛应旂",
    "甯浩在甯夏": "甯浩在宁夏",
    "錢鍾書，鍾書先生": "钱锺书，锺书先生",
    "陜西師範大學": "陕西师范大学",
    "牠們、妳們、痲痺": "它们、你们、麻痹",
    "衞生署": "卫生署",
    "祇有神祇": "只有神祇",
    "批覆、答覆、顛覆": "批复、答复、颠覆",
}


@pytest.mark.parametrize("text", CASES)
def test_readings(text: str) -> None:
    assert to_hans(text) == CASES[text]


@pytest.mark.parametrize("text", sorted({*CASES.values(), GOLD, "他编著、我看着名著"}))
def test_simplified_text_stays_as_it_is(text: str) -> None:
    assert to_hans(text) == text


def test_particle_where_a_text_keeps_the_two_apart() -> None:
    assert to_hans("他看着書，此書由其師著") == "他看着书，此书由其师著"
    assert detailed.to_hans("默默思索著", script="Hant-TW").text == "默默思索着"
    assert detailed.to_hans("默默思索著", script="Hans").text == "默默思索著"


def test_careless_text_comes_back_without_an_error() -> None:
    by_character = {char: convert(char, "s2t").text for char in set(GOLD)} | dict.fromkeys(KEPT_BY_CARELESS_MAPS)
    careless = "".join(by_character[char] or char for char in GOLD).replace("着", "著")
    assert careless != GOLD
    assert to_hans(careless) == GOLD


def test_what_was_changed_is_told() -> None:
    converted = detailed.to_hans("本著關愛")
    assert converted.configuration == "t2s"
    assert converted.overrides == digest()
    assert list(converted.changes) == [
        Change(start=1, old="著", new="着", by="override 著"),
        Change(start=2, old="關愛", new="关爱", by="characters"),
    ]


@pytest.mark.parametrize("reading", READINGS, ids=lambda reading: f"{reading.character}→{reading.hans}")
def test_listed_words_read_as_listed(reading: object) -> None:
    for word in reading.words.split():  # type: ignore[attr-defined]
        assert reading.character in word  # type: ignore[attr-defined]


def test_no_variant_is_one_that_the_package_knows() -> None:
    assert {char for char in VARIANTS if convert(char, "t2s").text == VARIANTS[char]} == set()


@pytest.mark.parametrize("text", ["", "\x00", "\ud800著\udfff", "abc", "著" * 10_000, "乾" * 10_000])
def test_awkward_text_keeps_its_length(text: str) -> None:
    assert len(to_hans(text)) == len(text)
