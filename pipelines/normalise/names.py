"""Find personal names in segmented Chinese text: enough to spell them right, not to say who is meant.

Only names that hold a character with several traditional forms matter here (范老师, 校长于敏, 王占国): 范 is 範 in
words and 范 in names. A name shows itself by its surname and by what stands around it: a title, an enumeration.
Text is simplified Chinese.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from types import MappingProxyType

SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马"
    "苗凤花方俞任袁柳"
    "酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于傅皮卞齐康伍余元卜顾孟平黄穆萧尹姚邵湛汪祁毛禹狄米贝明臧"
    "计伏成戴谈宋茅庞"
    "熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪"
    "干解宗丁宣贲邓"
    "郁单杭洪包诸左石崔吉钮龚程嵇邢裴陆荣翁荀羊惠甄曲家封芮储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬郗班"
    "仰秋仲伊宫宁仇栾"
    "暴甘厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰鄂索咸籍赖卓蔺屠蒙池乔阴胥苍双闻莘党翟谭贡劳逄姬"
    "申扶堵冉宰郦雍璩"
    "桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容古易慎戈廖庾暨居衡耿满弘匡国文寇广禄"
    "阙东殴殳沃利蔚越夔"
    "隆师巩厍聂晁勾敖融冷訾辛阚简饶空曾毋沙乜养鞠丰巢关蒯查后荆红游竺权逯盖益桓公岳帅缑亢况郈琴商牟佘"
    "佴伯赏墨哈谯笪年爱"
    "阳佟言福肖闫付代朴涂占种折才里征采舍制台覃麦芦尧邸宾粟苟门苑冼仝"
)
"""Surnames of one character: the Hundred Family Surnames and those that are frequent today."""

SURNAME_SPELLING: Mapping[str, str] = MappingProxyType({char: char for char in "范于余朴涂游岳郁"} | {"钟": "鍾"})
"""Surnames that are spelt otherwise than the word of that character; frequent enough to be found in enumerations."""

RARE_SPELLING: Mapping[str, str] = MappingProxyType({char: char for char in "后干占种党丰折才里征采舍台咸布"})
"""The same for rare surnames: only a title shows them."""

GIVEN_SPELLING: Mapping[str, str] = MappingProxyType({char: char for char in "于余范游征占采里岳郁"} | {"冲": "沖"})
"""Characters of given names that are spelt otherwise than the word."""

SPELLING = frozenset({*SURNAME_SPELLING, *RARE_SPELLING, *GIVEN_SPELLING})

TITLES = (
    "老师 教师 教授 副教授 讲师 助教 研究员 副研究员 院士 博士 硕士 博导 导师 学者 专家 校长 副校长 院长 "
    "副院长 书记 副书记 主任 副主任 系主任 "
    "处长 副处长 科长 部长 副部长 局长 副局长 厅长 副厅长 司长 省长 市长 副市长 区长 县长 镇长 村长 会长 "
    "副会长 理事长 秘书长 主席 副主席 总书记 "
    "董事长 总经理 经理 总裁 总监 工程师 总工程师 医生 医师 大夫 护士 护士长 辅导员 班主任 馆长 所长 副所长 "
    "台长 社长 主编 总编 编辑 记者 "
    "通讯员 先生 女士 小姐 同学 同志 同窗 师傅 师兄 师姐 学长 学姐 学弟 学妹 校友 选手 队长 组长 教练 委员 "
    "代表 常委 政委 司令员 法官 律师 作家 画家 "
    "诗人 大爷 大妈 大叔 阿姨 叔叔 爷爷 奶奶 大哥 大姐 导演 演员 歌手 烈士 将军"
).split()
TITLE = frozenset(TITLES)

ROLES = TITLE | frozenset(
    "博士后 班长 学生 作者 主持人 主讲人 主讲 嘉宾 负责人 发言人 撰稿 供稿 摄影 摄 文 图 责编 审核 编审 校对 终审 "
    "初审 复审 新生 本科生 研究生 博士生 硕士生 "
    "毕业生 青年 党员 员工 干部 队员 获得者 创始人 创办人".split()
)
"""What stands before a name."""

LEADS = frozenset("的位名叫和与及由请对向给让跟是从为被问找听以同在到说致")
"""Words of one character after which a name may begin."""

SAYS = frozenset(
    "表示 介绍 指出 强调 认为 说 说道 谈到 主持 出席 致辞 致词 讲话 发言 宣布 宣读 带领 率队 陪同 担任 告诉 "
    "回忆 感慨 坦言 分享 讲述 应邀 荣获 同志 一行 当选".split()
)
"""What people do in news, and places do not."""

ACTS = SAYS | frozenset(
    "作 做 在 从 对 向 与 和 是 获 获得 夺得 赢得 以 就 为 带 代表 参加 到 来到 来 被 将 围绕 结合 总结 汇报 "
    "提出 建议 希望 要求".split()
)
"""What may stand after a name in a clause."""

INSTITUTIONS = frozenset("系院校部处室所班组队级届厅局委站厂")
"""Last characters of what a person with a title belongs to: 物理系范教授."""

AFTER_SURNAME = (["姓"], ["某"], ["某某"], ["氏"])
"""The next word after a surname that stands alone; 于某 may be «in a certain»."""

NOT_GIVEN = frozenset(
    "此其是我你他她它这那何本该各每某两一二三四五六七八九十几多位名个家项件所年月日时上下内外前后的了在和与及"
    "为等人余"
)
"""Characters that hardly begin a given name, but often follow 于, 余 and 后."""

PLACES = frozenset("村镇乡县市区省州路街站湖河江山岛桥寺庙楼馆院校系班组队部局处科室厂店社会团网报刊法园场城门里")
"""Last characters of places and institutions, which hardly end a personal name."""

NOT_TITLE_AFTER = ("办公", "室", "会议", "们", "岗", "职", "资格", "论坛", "评", "聘", "楼")
"""What makes a title part of another word: 校长办公室, 教授会."""

GIVEN = frozenset(
    "一丁万三上世东中丰丹为丽久义之乐书云亚京亭亮人仁今从代令仪任伊伍休优会传伟伦伯佩佳俊保信修健元光克全公兰兴其兵冉军冠冬"
    "冰凌凡凤凯刚初利力功劲勇勋勤化北千华卓南博卫厚友双叶司同君启吉名向周和咏品哲嘉器因国图圣圆坚坤培基增士壮声夏外大天太夫"
    "奇奎奕女好如妍妙妮妹姗姣娅娇娜娟娥娴婉婧婵婷媛子孝孟学宁宇守安宏宗定宜宝实宣宪家容宽宾寅密富寒寿小少尔尚山岚岩岭岳峥峰"
    "峻川州工巧帅希帆常干平年广庆庭康廷建开弘弛强彤彦彩彪彬征影德心志忠怀思怡恒恩悦惠愉意慧成戈战才扬承拓振捷敏敬文斌斐方旋"
    "旗无日旦旭昂昆昊昌明星春昭晋晓晔晖晗晚晨景晴晶智暖曙月有服朋望朗木本朴杉村杨杭杰松林果枝枫柏柔柯柳栋树校根桂桃桐梁梅"
    "梓梦森楠楷欢欣正武毅民水永江池沁沙沛河治泉波泓泽洁洋洪津洲浩海涌涛润涵清渊渝温游源溪滨漫潇潮澄澜瀚炎炜炳烁烨焕然煜熙燕"
    "爱爽牧特献玉王玖玮环玲珂珊珍珏珠珺班琛琦琨琪琳琴琼瑛瑜瑞瑶璇璐璟生田甜用甲男畅留益盛直真睿石砚硕碧磊礼祖祝祥禄福禹秀"
    "秋科程穆立竹笑筠策简紫红纪纯纲经绍维绮缘美群翔翠翰耀耕聪育胜能腾致舒航良艳艺节芊芙芝芬芮芯芳芷芸若英茂范茗茜茵荃荣莉莎"
    "莲莹菁菊菲萌萍萱葆蒙蓉蓓蓝蔓蔚蕊蕾薇虎虹裕西见观言订让记训诗诚语谊谦谷豪贝贞贤贵贺赛超越跃路轩轶辉辰达迅运远进连迪逊通"
    "逸道遥邦郁采里重金鉴鑫钊钢钧钰铁铎铭锋锐锦长闯闻阳雁雄雅雨雪雯雷霄霆霖霞露青静韬音韵顺颖风飞香馨駿骁骏骥高魁鲁鸣鸿鹏鹤"
    "麟麦黎龙于余占恺昱祎婕钟以"
)
"""Characters of given names."""

NAMING = frozenset({"由", "叫", "名叫", "名", "姓名"})
"""What a name follows at once."""

ENUMERATES = frozenset("、 \u3000/／")
OPENS = ENUMERATES | frozenset("：:（(【[|\n")
CLOSES = OPENS | frozenset('）)】]，。；;,！!？?”"')
NUMERIC = frozenset("0123456789０１２３４５６７８９%％多余来")
LISTS = frozenset("、：:（(/／ \u3000")


def spell(name: str, at: int) -> str:
    """Return the traditional form of a character of a name where words spell it otherwise, else the character.

    >>> spell("钟占范", 0), spell("钟占范", 1), spell("种中", 0), spell("王种", 1)
    ('鍾', '占', '种', '种')
    """
    char = name[at]
    return GIVEN_SPELLING.get(char, char) if at else SURNAME_SPELLING.get(char) or RARE_SPELLING.get(char, char)


def is_misspelt(name: str) -> bool:
    """Tell whether words spell a character of a full name otherwise, so that it is worth remembering."""
    return len(name) > 1 and (name[0] in SURNAME_SPELLING or any(char in GIVEN_SPELLING for char in name[1:]))


def find_names(words: Sequence[str], left: str, right: str, known: Set[str]) -> Iterator[tuple[int, int]]:
    """Yield first and last-plus-one word of each name among the words of a run of ideographs.

    ``left`` and ``right`` are the characters around the run, empty at the ends of the text; ``known`` are names
    that are found wherever they fill whole words.
    """
    at = 0
    while at < len(words):
        end = (known and _known_end(words, at, known)) or _named_end(words, at, left, right)
        if end:
            yield at, end
        at = end or at + 1


def _known_end(words: Sequence[str], at: int, known: Set[str]) -> int | None:
    joined = ""
    for end in range(at, min(at + 4, len(words))):
        joined += words[end]
        if joined in known:
            return end + 1
    return None


def _named_end(words: Sequence[str], at: int, left: str, right: str) -> int | None:
    """Return where a name that begins with the word ``at`` ends, or None."""
    if words[at] not in SURNAMES:
        return None
    before = words[at - 1] if at else ""
    if before == "姓" or (words[at] != "于" and words[at + 1 : at + 2] in AFTER_SURNAME):
        return at + 1
    opened = before in LEADS or before in NAMING or before[-1:] in INSTITUTIONS if at else left not in NUMERIC
    titled = before in ROLES or before[-2:] in TITLE
    if not (opened or titled):
        return None
    for end in _ends(words, at):
        if _is_title(words, end):
            return end
        given = "".join(words[at + 1 : end])
        if given and is_misspelt(words[at] + given) and given[-1] not in PLACES:
            following = words[end] if end < len(words) else ""
            closed = following == "等" or (not following and (not right or right in CLOSES))
            listed = at == 0 and closed and (left in LISTS or (right in ENUMERATES and left in OPENS))
            single = end - at == 1 + len(given)
            if listed or (titled and (following in SAYS or closed or single)):
                return end
            like_a_name = GIVEN.issuperset(given) and (single or words[at] != "于")
            alone = words[at] in SURNAME_SPELLING and (closed or following in ACTS)
            if like_a_name and (titled or before in NAMING or following in SAYS or alone):
                return end
    return None


def _ends(words: Sequence[str], at: int) -> Iterator[int]:
    """Yield where a name may end: after the surname, after a given name of one or two characters, longest first."""
    sizes = {0: at + 1}
    size = 0
    for end in range(at + 1, min(at + 3, len(words))):
        size += len(words[end])
        if size > 2 or (words[end][0] in NOT_GIVEN and words[end] != "一"):
            break
        sizes[size] = end + 1
    yield from (sizes[size] for size in sorted(sizes, reverse=True))


def _is_title(words: Sequence[str], at: int) -> bool:
    """Tell whether the words from ``at`` on begin with a title that is not part of another word."""
    joined = "".join(words[at : at + 3])
    for size in (4, 3, 2):
        if joined[:size] in TITLE:
            return not joined[size:].startswith(NOT_TITLE_AFTER)
    return False
