"""The script of a Chinese text: simplified, traditional (and whose), a careless mixture, or none that shows.

Three counts decide. *Traditional* are the characters that simplified text does not have, *simplified* those that
traditional text does not have, and *kept* are words of traditional text in which a character stands as simplified
text writes it, where its traditional form is another: 后勤, 干部, 关於. Official text has no kept words; converters
that map character by character leave one in every other sentence.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from pipelines.normalise.convert import one_of, read_dictionary, read_values

HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
"""An ideograph."""

FEWEST = 3
"""Characters of either script that a text must have before its script shows."""

MOST_FOREIGN = 0.05
"""Share of characters of the other script that a text of one script may have: quotations, names, slips."""

REGIONAL_HAN = 150
"""Ideographs that a text must have before its region shows."""

KEPT_SHARE = 0.012
"""Kept words per traditional character from which a text is careless."""

KEPT = MappingProxyType(
    {
        # simplified character that stands for another one, too, in traditional text: words in which it must not stay
        "后": "后勤 今后 以后 之后 最后 后来 随后 此后 然后 前后 后续 后期 课后 会后 背后 先后 后者 后备 落后 后天 后面 后台 赛后 饭后 产后 术后 业后 "
        "年后 月后 日后 时后 战后 后世 后人 后代 后悔 后果 身后 幕后 后方",
        "干": "干部 骨干 干事 干警 干线 主干 才干 干劲 干活 实干 苦干 能干 树干 干群 干净 干淨 干燥 干旱 干脆 干杯 饼干",
        "里": "这里 那里 哪里 心里 家里 手里 眼里 城里 村里 里面 夜里 园里 室里 子里 月里",
        "于": "关于 对于 由于 位于 属于 处于 用于 等于 于是 至于 在于 终于 基于 善于 利于 助于 低于 高于 大于 小于 源于 便于 始于 忠于 勇于 敢于 足于 力于 "
        "业于",
        "几": "几乎 几个 几天 几年 几何 几十 几百 几次 几位 几代 几点",
        "云": "云南 云计 白云 云端 云平 云集 风云 云台",
        "斗": "奋斗 战斗 斗争 斗志",
        "范": "模范 示范 规范 师范 典范 范围 范例 防范 范畴 范文 风范",
        "余": "其余 业余 剩余 多余 余人 余名 余家 余年 余万 余元 余次 余位 余项 余篇",
        "准": "标准 准备 准确 准则 精准 水准 基准 瞄准",
        "制": "制作 制造 制品 研制 绘制 录制 印制 制药 制成 试制",
        "松": "轻松 放松 宽松",
        "面": "面条 面包 面粉",
        "系": "关系 联系 系数 维系",
        "采": "采取 采访 采用 采购 采集 采纳 开采 采样 采摘 采写",
        "并": "并且 并非 并未 并将 并对 并在 并为 并举 并重 并进 并列 并肩 并由 并就 并与 并提",
        "划": "计划 规划 策划 划分 筹划 谋划",
        "志": "杂志 标志",
        "游": "旅游 游览 游客 游戏 导游 游学",
        "征": "征求 征集 特征 象征 征文 征收 应征 征兵 征稿",
        "愿": "愿意 志愿 愿望 自愿 愿景 心愿 祝愿 意愿",
        "御": "防御 抵御",
        "向": "向往",
        "郁": "忧郁 抑郁",
        "谷": "稻谷 五谷 谷物",
        "舍": "舍得 取舍 舍弃",
        "丑": "丑闻 丑陋",
        "折": "折叠",
        "杰": "杰出",
        "丰": "丰富 丰碑 丰收 丰硕",
        "仆": "公仆",
        "朴": "朴素 朴实 质朴 淳朴 古朴",
        "涂": "涂料 涂层",
        # traditional character that a careless map takes for its neighbour
        "復": "復雜 重復 復合 復印 復試 復賽 復習 復制",
        "歷": "日歷 農歷 陽歷 校歷",
        "發": "頭發 理發 毛發 白發 脫發",
        "鍾": "分鍾 時鍾 鍾聲",
        "獲": "收獲",
    }
)
"""Pivot → words that careless traditional text has and official text does not; what stands beside the pivot is
written here as in simplified text and looked for in traditional form."""

PARTICLE = re.compile(
    "(?:[看本隨沿朝向有帶懷抱拿靠憑藉跟圍繞味誌志伴接在載揮臨滿溢負聚持護響注待育含穿執沉沈附膠坐站走跑想說笑唱聽讀活忙守望指牽扶舉捧握提推拉騎開閃流冒迎踏寫刻掛擺放留懸"
    "徵勵舞領動證錄訴述遞試當]著(?![名作者述稱錄書]))|著(?:手|力|重|眼|陸|實|急|迷|想|落|色|墨)"
)
"""著 as a particle, which is how Taiwan writes 着."""

SHARED = frozenset("乾徵著於藉覆瞭鍾鉅昇甯")
"""Traditional characters that simplified text has in names and in a few words."""

TAIWAN = frozenset("裡")
HONG_KONG = frozenset("裏衞着説綫枱鋭悦閲脱税温産敍")
MAINLAND = frozenset("爲衆")
"""Forms that neither Taiwan nor Hong Kong prints: traditional text that a converter made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The class of a text and what it rests on."""

    name: str
    """``Hans``, ``Hant``, ``Hant-TW``, ``Hant-HK``, ``Hant-CN-careless``, ``mixed``, or ``Hani`` where none shows."""
    han: int
    """Ideographs."""
    traditional: int
    simplified: int
    kept: int
    """Kept words; counted only where the text is traditional."""
    paragraphs: tuple[str | None, ...] = ()
    """Class of each line, None for lines without ideographs; only where the text is mixed."""


def classify_script(text: str) -> Script | None:
    """Return the script of a text, or None where it has no ideograph. Linear time, one pass for the counts.

    >>> classify_script("关于做好后勤工作的通知").name, classify_script("關于做好后勤工作的通知").name
    ('Hans', 'Hant-CN-careless')
    """
    script = _classify(text)
    if script is None or script.name != "mixed":
        return script
    lines = (_classify(line) for line in text.split("\n"))
    return Script(
        name="mixed",
        han=script.han,
        traditional=script.traditional,
        simplified=script.simplified,
        kept=script.kept,
        paragraphs=tuple(line.name if line else None for line in lines),
    )


def _classify(text: str) -> Script | None:
    counts = Counter(text)
    han = sum(count for char, count in counts.items() if HAN.match(char))
    if not han:
        return None
    only_traditional, only_simplified = _exclusive()
    traditional = sum(counts[char] for char in counts.keys() & only_traditional)
    simplified = sum(counts[char] for char in counts.keys() & only_simplified)
    shown = traditional + simplified
    kept = _kept(text) if traditional > MOST_FOREIGN * shown else 0
    if shown < FEWEST and not (kept and traditional):
        name = "Hani"
    elif traditional <= MOST_FOREIGN * shown:
        name = "Hans"
    elif simplified <= MOST_FOREIGN * shown:
        name = _traditional(text, counts, han, traditional, kept)
    else:
        name = "mixed"
    return Script(name=name, han=han, traditional=traditional, simplified=simplified, kept=kept)


def _traditional(text: str, counts: Counter[str], han: int, traditional: int, kept: int) -> str:
    """Return the class of a text that is traditional."""
    if kept > KEPT_SHARE * traditional and (kept > 1 or han < REGIONAL_HAN):
        return "Hant-CN-careless"
    if han < REGIONAL_HAN or any(counts[char] for char in MAINLAND):
        return "Hant"
    taiwan = sum(counts[char] for char in TAIWAN) + (0 if counts["着"] else len(PARTICLE.findall(text)))
    hong_kong = sum(counts[char] for char in HONG_KONG)
    if max(taiwan, hong_kong) < 2:
        return "Hant"
    return "Hant-TW" if taiwan > hong_kong else "Hant-HK"


def _kept(text: str) -> int:
    """Count the kept words of a text."""
    pairs, pivots = _kept_pairs()
    starts = (match.start() for match in pivots.finditer(text))
    return sum(text[at : at + 2] in pairs or text[max(at - 1, 0) : at + 1] in pairs for at in starts)


@cache
def _kept_pairs() -> tuple[frozenset[str], re.Pattern[str]]:
    """Return the kept words in traditional spelling, and what finds their pivots."""
    traditional = read_dictionary("STCharacters")
    pairs = {
        "".join(char if char == pivot else traditional.get(char, char) for char in word)
        for pivot, words in KEPT.items()
        for word in words.split()
    }
    return frozenset(pairs), one_of(KEPT)


@cache
def _exclusive() -> tuple[frozenset[str], frozenset[str]]:
    """Return the characters that only traditional text has, and those that only simplified text has."""
    to_simplified = read_dictionary("TSCharacters")
    to_traditional = read_values("STCharacters")
    traditional_forms = {form for forms in to_traditional.values() for form in forms}
    traditional = {char for char, form in to_simplified.items() if char != form}
    return frozenset(traditional - SHARED), frozenset(to_traditional.keys() - traditional_forms)
