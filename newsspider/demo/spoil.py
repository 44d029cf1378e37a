"""What a careless mirror does to the texts that it copies.

Such a mirror runs a small program over every page. The program works on GBK bytes and never looks where a
character begins: it maps simplified characters to traditional ones one by one, puts the reading in brackets
behind some of them, and turns the result into UTF-8 without minding errors. So 学会 becomes 學(xué)會(huì),
后勤 stays as it is, and 日報告 breaks, because its middle bytes spell 請: 日?qǐng)?bào)告. The seed page came out
of such a program, and :func:`spoil` makes it again from its words, character by character.
"""

from functools import cache
from importlib.resources import files

# The program annotates these characters, in this order (an annotation may break those made before it), and each
# page only a first part of them: the annotated sets of any two pages are nested. The seed page's part ends with 義.
_TABLE = """
務wù 領lǐng 結jié 業yè 進jìn 準zhǔn 統tǒng 發fā 導dǎo 機jī 網wǎng 當dāng 動dòng 應yīng 過guò
對duì 現xiàn 據jù 達dá 強qiáng 類lèi 隊duì 臺tái 實shí 續xù 數shù 長zhǎng 經jīng 調diào 負fù
會huì 學xué 時shí 報bào 節jié 點diǎn 關guān 責zé 戰zhàn 堅jiān 嚴yán 區qū 項xiàng 賽sài 獎jiǎng
訓xùn 測cè 設shè 課kè 講jiǎng 運yùn 產chǎn 驗yàn 選xuǎn 醫yī
問wèn 絡luò 衛wèi 國guó 沒méi 個gè 細xì 認rèn 識shí 習xí 聯lián 來lái 勢shì 復fù 協xié
場chǎng 愛ài 礎chǔ 預yù 環huán 說shuō 請qǐng 計jì 簽qiān 養yǎng 鎮zhèn 鄉xiāng 標biāo 護hù 義yì
師shī 開kāi 員yuán 門mén 備bèi 難nán 圖tú 組zǔ 織zhī 這zhè 體tǐ 書shū 話huà 黨dǎng 參cān
聽tīng 記jì 題tí 園yuán 論lùn 單dān 總zǒng 電diàn 間jiān 視shì 館guǎn 舊jiù 歷lì 樣yàng 從cóng
將jiāng 觀guān 議yì 處chù
"""
READINGS = tuple((entry[0], entry[1:]) for entry in _TABLE.split())

# Where the mirror's map differs from the first choice of OpenCC's: merged characters that it leaves alone (后勤,
# 干部, 采取), and the forms that were usual on the mainland's traditional pages.
LEFT_ALONE = "于后里并干几划系采范游占斗制周布余云岳松面表志征舍厘群峰"
OTHER_FORM = {"为": "為", "着": "著", "签": "簽", "湿": "濕"}

NARROW = str.maketrans("，：；（）", ",:;()")


def spoil(text: str, readings: int) -> str:
    """Return simplified ``text`` as a mirror prints it that annotates the first ``readings`` characters.

    >>> spoil("学会，日报告", 30), spoil("学会，日报告", 85)
    ('學會,日報告', '學(xué)會(huì),日?qǐng)?bào)告')
    """
    spoilt = text.translate(_traditional()).encode("gbk")
    for character, reading in READINGS[:readings]:
        found = character.encode("gbk")
        spoilt = spoilt.replace(found, found + f"({reading})".encode("gbk"))
    return _decode_carelessly(spoilt).translate(NARROW)


@cache
def _traditional() -> dict[int, str]:
    table = (files("opencc") / "dictionary" / "STCharacters.txt").read_text("utf-8")
    first_choices = {line[0]: line.split("\t")[1].split(" ")[0] for line in table.splitlines()}
    return str.maketrans(first_choices | dict(zip(LEFT_ALONE, LEFT_ALONE, strict=True)) | OTHER_FORM)


def _decode_carelessly(data: bytes) -> str:
    """Decode GBK; a lead byte without its trail becomes ``?`` and swallows the next, a gap becomes nothing."""
    text, rest = [], data
    while rest:
        size = 1 if rest[0] <= 0x80 else 2
        pair, rest = rest[:size], rest[size:]
        if size == 1:
            text.append("€" if pair == b"\x80" else pair.decode("ascii"))
        elif len(pair) == 2 and pair[1] >= 0x40:
            text.append(pair.decode("gbk", errors="ignore"))
        else:
            text.append("?")
    return "".join(text)
