"""A copy of a text on which labels and dates are matched: one width, one script, no injected pinyin.

Mirrored pages print ``時(shí)間：`` or ``信息來(lái)源:``, Taiwanese ones ``發布時間``; the rules know only
``时间:``. What they find is cut from the page's own text: a :class:`Folded` leads back to it.
"""

import re
from bisect import bisect_right
from functools import lru_cache
from typing import NamedTuple

_HANT = (
    "時間發佈訊來編輯責審閱覽點擊數瀏記攝圖單處轉載條頁關聞標題類別欄當閉體號國後從個準簽終複復檢對錄譯視頻報導資聯絡電話筆"
    "週華檔沒無為爲網張貼開啟啓經務門縣會學員辦負動態稱熱門專區製錶線連結擴產質鏈離異細"
)
_HANS = (
    "时间发布讯来编辑责审阅览点击数浏记摄图单处转载条页关闻标题类别栏当闭体号国后从个准签终复复检对录译视频报导资联络电话笔"
    "周华档没无为为网张贴开启启经务门县会学员办负动态称热门专区制表线连结扩产质链离异细"
)
"""Characters that stand in labels (發布時間, 瀏覽次數, 責任編輯, 點閱), each above its simplified form."""

_ONE_TO_ONE: dict[int, str | int] = {
    **dict(zip(map(ord, _HANT), _HANS, strict=True)),
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},  # full-width ASCII
    **dict.fromkeys([0x09, 0x0A, 0x0D, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x3000], " "),
    **dict.fromkeys([*range(0x2010, 0x2016), 0x2212, 0xFE63], "-"),
    ord("︰"): ":",
    ord("∶"): ":",
    ord("﹕"): ":",
    ord("○"): "〇",
    ord("零"): "〇",
}

_DROPPED = re.compile(
    r"(?<=[\u3400-\u9fff])\([a-zü\u00e0-\u00fc\u0101-\u01dc]{1,6}\)"  # injected pinyin: 時(shí)間
    r"|[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]"  # invisible
)


class Folded(NamedTuple):
    """The folded text, and how its offsets lead back to the original's."""

    text: str
    starts: tuple[int, ...] = ()
    """Offsets in ``text`` behind which something was left out, ascending."""
    shifts: tuple[int, ...] = ()
    """How many characters of the original were left out up to there."""

    def origin(self, offset: int) -> int:
        """Return the offset in the original of a folded offset, a start or an end alike.

        What was left out belongs to the character before it: the pinyin behind the last character of a name
        goes with the name.
        """
        index = bisect_right(self.starts, offset)
        return offset + self.shifts[index - 1] if index else offset


def without_pinyin(text: str) -> str:
    """Return a text without pinyin injected into it.

    >>> without_pinyin("沒(méi)有了"), without_pinyin("公告（第2号）")
    ('沒有了', '公告（第2号）')
    """
    return _DROPPED.sub("", text) if "(" in text else text


@lru_cache(maxsize=1024)
def fold(text: str) -> Folded:
    """Return the copy of ``text`` to match labels and dates on.

    >>> fold("時(shí)間：２０２０").text
    '时间:2020'
    >>> fold("時(shí)間：").origin(1)
    6
    """
    folded = text.translate(_ONE_TO_ONE)
    if folded.isascii() or not _DROPPED.search(folded):
        return Folded(text=folded)
    kept: list[str] = []
    starts: list[int] = []
    shifts: list[int] = []
    end = length = 0
    for dropped in _DROPPED.finditer(folded):
        kept.append(folded[end : dropped.start()])
        length += dropped.start() - end
        end = dropped.end()
        starts.append(length)
        shifts.append(end - length)
    kept.append(folded[end:])
    return Folded(text="".join(kept), starts=tuple(starts), shifts=tuple(shifts))
