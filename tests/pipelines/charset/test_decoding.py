"""The right text whatever is declared, and why."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.charset import decode
from tests.shared import SHARED, needs_shared

HANS = (
    "我校召开2024年本科教育教学工作会议，校长出席会议并讲话。会议总结了过去一年的工作，部署了下一阶段的重点任务。"
    "各学院、机关部处负责人及教师代表参加了会议。与会人员围绕人才培养方案修订、课程建设、实践教学等议题进行了深入讨论。"
    ""
    "根据学校安排，现将2024年国庆节放假有关事项通知如下：一、放假时间为10月1日至7日，"
    "共7天。二、请各单位做好值班工作。"
)
HANT = (
    "本校將於五月二十日舉辦校慶典禮，敬邀全體師生及校友踴躍參加。"
    "典禮結束後於圖書館前廣場舉行園遊會，歡迎各系學會報名設攤。"
    "請有意參加之同學於四月三十日前向學生事務處課外活動組登記，逾期不予受理。本校圖書館新增電子資料庫，請多加利用。"
)
JAPANESE = (
    "本学では、来年度の入学試験の日程を発表しました。詳しい内容は学生募集要項をご覧ください。"
    "図書館の開館時間が変更になりますのでご注意ください。"
    "オープンキャンパスの申し込みはホームページから受け付けています。東京大学の研究グループが新しい材料を開発した。"
)
KOREAN = (
    "2024학년도 제1학기 수강신청 일정을 안내드리오니 학생 여러분께서는 기간 내에 반드시 신청하여 주시기 바랍니다. "
    "도서관 이용시간이 변경되었으니 참고하시기 바랍니다. 졸업예정자는 학과사무실에 서류를 제출하여야 합니다."
)
GERMAN = (
    "Die Fakultät für Informatik lädt herzlich zur Eröffnung der Ausstellun"
    "g ein. Für Getränke ist gesorgt, Plätze frei."
)
FRENCH = (
    "La faculté des sciences a été fondée en 1896. Les étudiants étrangers "
    "sont invités à la journée d’accueil, à l’été."
)
RUSSIAN = (
    "Университет объявляет о начале приёма документов. Научная конференция пройдёт в главном корпусе университета."
)

TEXTS = [
    ("gb18030", HANS), ("gb18030", HANT), ("big5hkscs", HANT), ("utf-8", HANS), ("utf-8", HANT),
    ("euc_jp", JAPANESE), ("cp932", JAPANESE), ("utf-8", JAPANESE), ("cp949", KOREAN), ("utf-8", KOREAN),
    ("windows-1251", RUSSIAN), ("windows-1252", GERMAN), ("windows-1252", FRENCH), ("utf-8", FRENCH),
]  # fmt: skip
LABELS = {"gb18030": "gb2312", "big5hkscs": "big5", "euc_jp": "euc-jp", "cp932": "shift_jis", "cp949": "euc-kr"}
WRONG = ("utf-8", "gb2312", "big5", "iso-8859-1", "euc-kr", "shift_jis")


def cut(text: str, codec: str, size: int, start: int) -> bytes:
    """Return about ``size`` bytes of the text from a character on, repeated where it is too short."""
    whole = (text[start:] + text * (size // len(text) + 1))[:size].encode(codec)
    return whole[:size].decode(codec, "ignore").encode(codec)


WESTERN = (GERMAN, FRENCH)
"""A word or two with an accent do not tell a charset: these need more text."""
SIZES = [(codec, text, size) for codec, text in TEXTS for size in (40, 80, 200, 1000, 5000)
         if text not in WESTERN or size >= 200]  # fmt: skip


@pytest.mark.parametrize("declared", ["none", "right", "wrong"])
@pytest.mark.parametrize(("codec", "text", "size"), SIZES, ids=lambda value: str(value)[:12])
def test_reads_every_charset_under_any_declaration(codec: str, text: str, size: int, declared: str) -> None:
    chance = random.Random(f"{codec}{size}{declared}")
    label = LABELS.get(codec, codec)
    for _ in range(10):
        payload = cut(text, codec, size, chance.randrange(len(text)))
        charset = {"none": None, "right": label, "wrong": chance.choice([w for w in WRONG if w != label])}[declared]
        found, how = decode(payload, content_type=f"text/html; charset={charset}" if charset else None)
        assert found == payload.decode(codec), (how, charset)
        assert how.undecodable == 0


@pytest.mark.parametrize("size", range(20, 40))
def test_does_not_take_a_short_gb18030_page_for_big5(size: int) -> None:
    for start in range(0, len(HANS), 3):
        payload = cut(HANS, "gb18030", size, start)
        if not payload.isascii():
            assert decode(payload)[1].name == "gb18030", payload.decode("gb18030")


@pytest.mark.parametrize(
    ("payload", "content_type", "name", "reason", "declared"),
    [
        (b"\xef\xbb\xbf<p>\xe4\xb8\xad", "text/html; charset=gbk", "utf-8", "bom", ("gbk",)),
        ("<p>中".encode("utf-16"), None, "utf-16-le", "bom", ()),
        ("<html><p>中文</p></html>".encode("utf-16-be"), None, "utf-16-be", "measured", ()),
        (HANS.encode("gb18030"), 'text/html; charset="GB2312"', "gb18030", "header", ("GB2312",)),
        (b"<meta charset=gbk>" + HANS.encode("gb18030"), None, "gb18030", "meta", ("gbk",)),
        (
            b'<meta httpequiv="Content-Type" content="text/html; charset=gb2312">' + HANS.encode("gb18030"),
            None, "gb18030", "meta", ("gb2312",),
        ),
        (b'<?xml version="1.0" encoding="big5"?>' + HANT.encode("big5"), None, "big5hkscs", "meta", ("big5",)),
        # two declarations: the one that fits
        (
            b"<meta charset=utf-8><meta charset=gb2312>" + HANS.encode("gb18030"),
            "text/html; charset=iso-8859-1", "gb18030", "meta", ("iso-8859-1", "utf-8", "gb2312"),
        ),
        # lies, by the server and by the page
        (HANS.encode(), "text/html; charset=gb2312", "utf-8", "measured", ("gb2312",)),
        (b"<meta charset=utf-8>" + HANS.encode("gb18030"), None, "gb18030", "measured", ("utf-8",)),
        (b"<meta charset=gb2312>" + HANT.encode("big5"), None, "big5hkscs", "measured", ("gb2312",)),
        # declarations that are none
        (b"<!-- <meta charset=big5> -->" + HANS.encode("gb18030"), None, "gb18030", "measured", ()),
        (b"<meta charset=none>" + HANS.encode("gb18030"), None, "gb18030", "measured", ("none",)),
        (b"<meta charset=utf-16>" + HANS.encode(), None, "utf-8", "meta", ("utf-16",)),
        # nothing but ASCII
        (b"<p>plain</p>", None, "utf-8", "default", ()),
        (b"<meta charset=gb2312><p>plain</p>", None, "gb18030", "meta", ("gb2312",)),
        (b"", None, "utf-8", "default", ()),
        ("日本語".encode("iso2022_jp"), None, "iso2022_jp", "measured", ()),
        # iso-8859-1 that is windows-1252
        (
            b"\x93Text\x94 \x96 " + GERMAN.encode("windows-1252"),
            "text/html; charset=ISO-8859-1", "windows-1252", "header", ("ISO-8859-1",),
        ),
    ],
)  # fmt: skip
def test_says_why(
    payload: bytes, content_type: str | None, name: str, reason: str, declared: tuple[str, ...]
) -> None:
    _, charset = decode(payload, content_type=content_type)
    assert (charset.name, charset.reason, charset.declared) == (name, reason, declared)


def test_counts_what_it_cannot_read() -> None:
    text, charset = decode("会议".encode() + b"\xff" + HANS.encode() + "\ufffd".encode())
    assert charset.name == "utf-8"
    assert charset.undecodable == 1
    assert text.startswith("会议\ufffd我校")
    text, charset = decode(HANS.encode("gb18030") + b"<b>\xc4</b>", content_type="text/html; charset=gbk")
    assert charset.undecodable == 1
    assert text.endswith("<b>\ufffd</b>"), "a cut character takes no markup with it"


def test_reads_the_end_of_a_cut_page() -> None:
    text, charset = decode(HANS.encode()[:-1])
    assert (charset.name, charset.undecodable) == ("utf-8", 1)
    assert text[:-1] == HANS[:-1]


def test_reads_hong_kong_and_nec_characters() -> None:
    assert decode(HANT.encode("big5hkscs") + "喺嗰度".encode("big5hkscs"))[0].endswith("喺嗰度")
    assert decode(JAPANESE.encode("euc_jp") + b"\xad\xa1", content_type="text/html; charset=euc-jp")[0][-1] == "①"


@given(st.binary(max_size=300), st.none() | st.text(max_size=20))
def test_reads_any_bytes(payload: bytes, content_type: str | None) -> None:
    text, charset = decode(payload, content_type=content_type)
    assert len(text) <= len(payload) + 1
    assert charset.undecodable <= len(text)


@pytest.mark.parametrize(
    "part", [b"<meta ", b"<meta charset=", b"<!--", b"\xff", b"\xe4", b"\xd6\xd0", b"\x00", b"\x1b$B", b"charset="]
)
def test_is_linear(part: bytes) -> None:
    decode(part * (5_000_000 // len(part)))


@needs_shared
def test_reads_the_labelled_pages() -> None:
    """All but two, which hold broken bytes, are read without a loss, and each by the charset that it is in."""
    assert SHARED is not None
    lossy = []
    families = dict.fromkeys(["gb18030", "big5hkscs", "windows-1252"], 0)
    for path in sorted(SHARED.glob("pages/*/*.html")):
        _, charset = decode(path.read_bytes())
        lossy += [path.stem] if charset.undecodable else []
        if charset.name in families:
            families[charset.name] += 1
    assert lossy == ["zh-20f4037f", "zh-fbe3cd1b"]
    assert families == {"gb18030": 47, "big5hkscs": 2, "windows-1252": 9}
