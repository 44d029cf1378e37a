"""The script of a Chinese text: simplified, traditional (and whose), a careless mixture, or none that shows.

Three counts decide. *Traditional* are the characters that simplified text does not have, *simplified* those that
traditional text does not have, and *kept* are words of traditional text in which a character stands as simplified
text writes it, where its traditional form is another: 后勤, 干部, 关於. Official text has no kept words; converters
that map character by character leave one in every other sentence.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from pipelines.normalise.convert import BEYOND_BMP, one_of, read_dictionary, read_values
from pipelines.normalise.overrides import UNPRINTED

HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
"""An ideograph."""
HAN_RUN = re.compile(f"{HAN.pattern}+")
HAN_BYTES = bytes((*range(0x34, 0xA0), 0xF9, 0xFA))
"""Upper bytes of the ideographs on the basic plane."""

FEWEST = 2
"""Characters of either script that a text must have before its script shows."""

MOST_FOREIGN = 0.05
"""Share of characters of the other script that a text of one script may have: quotations, names, slips."""

REGIONAL_HAN = 150
"""Ideographs that a text must have before its region shows."""

KEPT_SHARE = 0.004
"""Kept words per traditional character from which a text is careless: one in some 700 ideographs."""

KEPT: Mapping[str, str] = MappingProxyType(
    {
        # what is simplified stands where another character belongs
        "后": "后勤 今后 以后 之后 最后 后来 随后 此后 然后 前后 后续 后期 课后 会后 背后 先后 后者 后备 "
        "落后 后面 后台 赛后 饭后 产后 术后 业后 年后 月后 日后 时后 战后 后世 后人 后代 后悔 后果 "
        "身后 幕后 后方 士后 事后 滞后 后部 后座 后裔 后辈 午后 往后 后边 后退 后卫 后盾 后劲 成后 "
        "束后 始后 议后 到后 了后 过后 周后 天后，",
        "干": "干部 骨干 干事 干警 干线 主干 才干 干劲 干活 实干 苦干 能干 树干 干群 干净 干淨 干凈 干燥 "
        "干旱 干脆 干杯 饼干 肯干 干得 干了 干出 干什 大干 干细",
        "里": "这里 那里 哪里 心里 家里 手里 眼里 城里 村里 里面 夜里 园里 室里 子里 月里 嘴里 屋里 房里 "
        "圈里 地里 校里 院里 班里 队里 馆里 堂里 书里 话里 脑里 怀里 天里 年里 期里 间里 学里 会里 "
        "界里 活里 命里 信里 里边",
        "于": "关于 对于 由于 位于 属于 处于 用于 等于 于是 至于 在于 终于 基于 善于 利于 助于 低于 高于 "
        "大于 小于 源于 便于 始于 忠于 勇于 敢于 足于 力于 业于 过于 出于 决于 当于 乐于 同于 少于 "
        "多于 易于 生于 鉴于 居于 别于 介于 异于 限于 惯于 富于 置于 建于 立于 现于 自于 成于 归于 "
        "趋于 作于 优于 长于 次于 急于 免于 将于 定于 拟于 已于 曾于 重于 归于 于今 于本 于近 于1 于2 于该",
        "几": "几乎 几个 几天 几年 几何 几十 几百 几次 几位 几代 几点 几分 几家 几倍 几句 几种 几名 几项 "
        "几千 几万 几步 几周 几率 十几 好几",
        "云": "云南 云计 白云 云端 云平 云集 风云 云港 云贵",
        "斗": "奋斗 战斗 斗争 斗志 搏斗 斗士",
        "范": "模范 示范 规范 师范 典范 范围 范例 防范 范畴 范文 风范 范式",
        "余": "其余 业余 剩余 多余 余人 余名 余家 余年 余万 余元 余次 余位 余项 余篇 百余 十余 千余 有余 "
        "课余 余地 余热 余个 余件 余种",
        "准": "标准 准备 准确 准则 精准 水准 基准 瞄准 对准 准时",
        "制": "制作 制造 制品 研制 绘制 录制 印制 制药 制成 试制 定制 特制 烧制 木制 炮制 精制 制片 制备 制图",
        "松": "轻松 放松 宽松 疏松",
        "面": "面条 面包 面粉 面食",
        "系": "关系 联系 系数 维系",
        "采": "采取 采访 采用 采购 采集 采纳 开采 采样 采摘 采写 采矿 采煤 采暖",
        "并": "并且 并非 并未 并将 并对 并在 并为 并举 并重 并进 并列 并肩 并由 并就 并与 并提 并不 并没 "
        "并于 并以 并从 并向 并通 并给 并作 并要 并有 并同 并能 并可 并行 合并 一并 ，并",
        "划": "计划 规划 策划 划分 筹划 谋划 划定 划入 区划 划为",
        "志": "杂志 标志 日志 方志 县志",
        "游": "旅游 游览 游客 游戏 导游 游学 游行 春游 漫游 游乐 游玩 出游 游记",
        "征": "征求 征集 特征 象征 征文 征收 应征 征兵 征稿 征地 体征 征召",
        "愿": "愿意 志愿 愿望 自愿 愿景 心愿 祝愿 意愿 甘愿 情愿 不愿",
        "只": "一只 两只 三只 四只 船只",
        "占": "占领 占地 占据 侵占",
        "表": "手表 钟表",
        "注": "注册 备注 注释",
        "周": "周末 每周 上周 下周",
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
        "致": "精致 细致",
        "吁": "呼吁",
        "筑": "建筑 构筑",
        # a character-by-character map took the wrong one of two traditional forms
        "復": "復雜 重復 復合 復印 復試 復賽 復習 復制",
        "歷": "日歷 農歷 陽歷 校歷",
        "發": "毛發 白發 脫發",
        "鍾": "分鍾 秒鍾 時鍾 鍾聲 鍾表 警鍾 鬧鍾 鍾樓",
        "獲": "收獲",
        "籤": "籤訂 籤署 籤約 籤字 籤名 籤證 籤發 籤收",
        "準": "批準 準許 獲準 核準 準考",
        "並": "合並 一並 並入 吞並 兼並 撤並",
        "幹": "若幹 幹淨 幹燥 幹涉 幹預 幹擾 幹脆 幹旱",
        "盡": "盡管",
        "後": "皇後 太後 王後",
        "鬥": "北鬥 泰鬥",
        "遊": "遊泳 上遊 下遊 中遊",
        "裏": "公裏 裏程 英裏",
        "徵": "長徵 徵服 出徵 遠徵",
        "贊": "贊揚 稱贊 點贊 贊賞 贊美 贊嘆",
        "託": "摩託 襯託 烘託",
        "髒": "心髒 內髒 肝髒",
        "採": "風採 文採",
        "麵": "方麵 麵積 麵對 全麵",
    }
)
"""Pivot → words that careless traditional text has and official text does not; what stands beside the pivot is
written here as in simplified text and looked for in traditional form."""

PARTICLE = re.compile(
    "(?:[看本隨沿朝向有帶懷抱拿靠憑藉跟圍繞味誌志伴接在載揮臨滿溢負聚持護響注待育含穿執沉沈附膠坐站走跑想說笑"
    "唱聽讀活忙守望指牽扶舉捧握提推拉騎開閃流冒迎踏寫刻掛擺放留懸"
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
    """``Hans``, ``Hant``, ``Hant-TW``, ``Hant-HK``, ``Hant-CN-careless``, ``mixed``, or ``Hani`` (none shows)."""
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

    >>> classify_script("关于后勤工作的总结").name, classify_script("關于后勤工作的總結").name
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
    han = _count_han(text)
    if not han:
        return None
    only_traditional, only_simplified, either = _exclusive()
    telling = either.within(text)
    traditional, simplified = only_traditional.count(telling), only_simplified.count(telling)
    shown = traditional + simplified
    kept = _kept(text) if traditional > MOST_FOREIGN * shown else 0
    if shown < FEWEST and not (kept and traditional):
        name = "Hani"
    elif traditional <= MOST_FOREIGN * shown:
        name = "Hans"
    elif simplified <= MOST_FOREIGN * shown:
        name = _traditional(text, han, traditional, kept)
    else:
        name = "mixed"
    return Script(name=name, han=han, traditional=traditional, simplified=simplified, kept=kept)


def _count_han(text: str) -> int:
    """Return how many ideographs a text has.

    Their blocks begin and end where the upper byte of UTF-16 changes, and bytes are counted ten times as fast as a
    pattern is tried on every character.
    """
    upper = text.encode("utf-16-be", "surrogatepass")[::2]
    if len(upper) > len(text):
        return sum(map(len, HAN_RUN.findall(text)))  # characters of two units each
    return len(upper) - len(upper.translate(None, HAN_BYTES))


def _traditional(text: str, han: int, traditional: int, kept: int) -> str:
    """Return the class of a text that is traditional."""
    if kept > KEPT_SHARE * traditional:
        return "Hant-CN-careless"
    if han < REGIONAL_HAN or any(char in text for char in MAINLAND):
        return "Hant"
    taiwan = sum(map(text.count, TAIWAN)) + (0 if "着" in text else len(PARTICLE.findall(text)))
    hong_kong = sum(map(text.count, HONG_KONG))
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


@dataclass(frozen=True, slots=True)
class Members:
    """A set of characters that is counted in texts."""

    characters: frozenset[str]
    runs: re.Pattern[str]
    """Runs of those on the basic plane."""

    def within(self, text: str) -> str:
        """Return those of its characters that a text has."""
        beyond = filter(self.characters.__contains__, BEYOND_BMP.findall(text))
        return "".join((*self.runs.findall(text), *beyond))

    def count(self, text: str) -> int:
        """Return how many of its characters a text has."""
        return len(self.within(text))


def _members(characters: Collection[str]) -> Members:
    basic = one_of(char for char in characters if char <= "\uffff")
    # And not «+»: a search skips to a class that stands by itself.
    return Members(frozenset(characters), re.compile(f"{basic.pattern}{basic.pattern}*"))


@cache
def _exclusive() -> tuple[Members, Members, Members]:
    """Return the characters that only traditional text has, those that only simplified text has, and both."""
    to_simplified = read_dictionary("TSCharacters")
    to_traditional = read_values("STCharacters")
    printed = {
        *UNPRINTED.values(),
        *read_dictionary("TWVariants").values(),
        *read_dictionary("HKVariants").values(),
    }
    traditional_forms = printed.union(*to_traditional.values())
    traditional = {char for char, form in to_simplified.items() if char != form}
    traditional -= SHARED
    simplified = to_traditional.keys() - traditional_forms - KEPT.keys()
    return _members(traditional), _members(simplified), _members(traditional | simplified)
