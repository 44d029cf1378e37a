"""What newsspider puts on top of the OpenCC dictionaries, each entry with the case that needs it.

Two lists: readings of characters that the way to Hans gets wrong, and words that the way to Hant gets wrong. Both
hold only what the package does not give by itself (a test holds that), and both are data: the modules
:mod:`~pipelines.normalise.hans` and :mod:`~pipelines.normalise.hant` say how they are applied.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from types import MappingProxyType

# ── to Hans ────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One form that a character of traditional text takes in Hans, in certain words."""

    character: str
    """As it stands in the source."""
    hans: str
    words: str
    """Words that hold the character, as in the source, set apart by blanks. The longest that fits decides, of equals the first listed."""


READINGS = (
    # 著 as zhù: to write, a work, evident. Taiwan and careless mirrors write the particle 着 as 著 too.
    Reading(
        character="著",
        hans="著",
        words="著名 著作 著者 著述 著稱 著称 著錄 著录 著書立說 著书立说 著有 著譯 著译 著於 著于 著撰 名著 "
        "專著 专著 編著 编著 "
        "原著 巨著 鉅著 論著 论著 合著 譯著 译著 遺著 遗著 新著 舊著 旧著 所著 顯著 显著 卓著 昭著 土著 撰著 "
        "拙著 彰著 久著 "
        "見微知著 见微知著 等著《",
    ),
    # 著 as the particle 着, or as zháo and zhuó: the words of news, and those that hold one of the above by chance.
    Reading(
        character="著",
        hans="着",
        words="本著 看著 執著 执著 沈著 沉著 隨著 随著 有著 朝著 向著 沿著 順著 顺著 懷著 怀著 帶著 带著 抱著 "
        "拿著 靠著 憑著 "
        "凭著 藉著 借著 趁著 乘著 為著 对著 對著 跟著 圍著 围著 圍繞著 围绕著 意味著 標誌著 標志著 标志著 "
        "伴隨著 伴随著 接著 "
        "存在著 承載著 承载著 承擔著 承担著 發揮著 发挥著 面臨著 面临著 充滿著 充满著 洋溢著 肩負著 肩负著 "
        "凝聚著 堅持著 坚持著 "
        "守護著 守护著 影響著 影响著 關注著 关注著 期待著 孕育著 蘊含著 蕴含著 穿著 衣著 著裝 著装 著手 著力 "
        "著重 著眼 著陸 著陆 "
        "著實 著实 著急 著火 著迷 著想 著落 著色 著墨 著筆 著笔 附著 膠著 胶著 黏著 粘著 坐著 站著 走著 跑著 "
        "想著 說著 说著 "
        "笑著 唱著 聽著 听著 讀著 读著 等著 活著 忙著 急著 守著 念著 望著 指著 背著 牽著 牵著 扶著 舉著 举著 "
        "捧著 握著 提著 "
        "推著 拉著 騎著 骑著 開著 开著 閃著 闪著 流著 含著 冒著 迎著 踏著 伴著 寫著 写著 刻著 印著 掛著 挂著 "
        "擺著 摆著 放著 "
        "留著 記著 记著 懸著 悬著 象徵著 象征著 代表著 激勵著 激励著 鼓舞著 引領著 引领著 推動著 推动著 "
        "見證著 见证著 記錄著 "
        "记录著 訴說著 诉说著 講述著 讲述著 傳遞著 传递著 用不著 睡著 找不著 犯不著 數著 数著 試著 试著 當著 "
        "当著 "
        "執著於 执著于 沉著於 附著於 附著于 討論著 讨论著 談論著 谈论著 議論著 议论著 爭論著 争论著 評論著 "
        "评论著 結合著 结合著 "
        "混合著 融合著 配合著 彰顯著 彰显著 凸顯著 凸显著 突顯著 翻譯著 还原著 還原著 "
        "隨著作品 看著作品 帶著作品 寫著作業 做著作業 看著名單 拿著名單 對著名單",
    ),
    # 乾 as qián: Heaven, reign titles, places, names; the package knows only some of them.
    Reading(
        character="乾",
        hans="乾",
        words="乾隆 乾坤 乾安 乾縣 乾县 乾州 乾陵 乾清 乾元 乾德 乾封 乾符 乾寧 乾宁 乾祐 乾佑 乾興 乾兴 乾統 "
        "乾统 乾貞 乾贞 乾順 乾顺 乾道 乾亨 "
        "乾嘉 乾卦 乾象 乾旦 乾綱 乾纲 乾宅 乾圖 乾造 乾斷 乾曜 乾健 乾剛 乾刚 乾務鎮 乾务镇 乾潭 乾溪鎮 "
        "乾西鄉 乾乾 朝乾夕惕 終日乾乾 康乾 雍乾 "
        "徐乾學 徐乾学 李乾朗 李乾德 李乾順 蕭乾 萧乾 張法乾 郭子乾 尼乾陀 竺乾 大目乾連 王乾坤 承乾 坎乾 "
        "乾闥婆 乾达婆 乾闼婆 順乾 体乾 體乾 惕乾",
    ),
    # 乾 as gān after all: 乾乾 and 乾紅 would fall to the words above or to the package's 乾紅 → 乾红.
    Reading(
        character="乾",
        hans="干",
        words="乾乾淨淨 乾乾净净 乾乾脆脆 乾乾巴巴 乾乾癟癟 乾紅葡萄 乾紅酒 乾紅 晒乾 曬乾 烘乾 風乾 餅乾 豆腐乾",
    ),
    # 徵 as zhǐ, and in the names of 魏徵 and 文徵明, is not simplified (通用规范汉字表, note 37).
    Reading(
        character="徵", hans="徵", words="魏徵 文徵明 宮商角徵羽 宫商角徵羽 角徵羽 宮商角徵 徵羽 變徵之聲 变徵之声"
    ),
    # The package takes a personal name 於 + x wherever the preposition stands before x: 關於單位 → 关於单位.
    Reading(
        character="於",
        hans="于",
        words="於單位 於單純 於單一 於單 於倫理 於倫敦 於倫 於戲劇 於戲曲 於戲 於坦克 於坦 於則 於其一 於惟一 "
        "於勇明 於琳 於穆 於敖 於邑 於潛力 於潛 "
        "於清言 於崇文 於忠祥 於世成 於乎 於仲完 於竹屋 於陵子",
    ),
    # 於 that is kept: 於 as a place name or surname of its own, and the sigh 於 (wū).
    Reading(
        character="於", hans="於", words="於潛鎮 於潜镇 樊於期 商於 於菟 於呼哀哉 於戲哀哉 於梨華 於梨华 於穆清廟"
    ),
    # Taiwan writes 沉 as 沈 in these; as a surname 沈 stays.
    Reading(
        character="沈",
        hans="沉",
        words="沈著 沈着 沈重 沈思 沈浸 沈澱 沈淀 沈痛 沈迷 沈穩 沈稳 沈沒 沈没 沈默 沈悶 沈闷 沈睡 沈溺 沈淪 "
        "沈沦 沈積 沈积 沈船 沈降 沈吟 沈醉 低沈 "
        "深沈 浮沈 消沈 下沈 陰沈 阴沈 昏沈 沈甸甸 沈沈 沈寂 沈魚落雁 石沈大海 死氣沈沈 暮氣沈沈",
    ),
    # 覆 in the sense «again» or «answer», which the package knows only in part (Hong Kong: 覆核, 覆診).
    Reading(
        character="覆",
        hans="复",
        words="批覆 回覆 答覆 函覆 反覆 重覆 覆核 覆議 覆议 覆審 覆审 覆診 覆诊 覆檢 覆检 覆查 覆驗 覆验 覆試 "
        "覆试 覆函",
    ),
    Reading(
        character="覆",
        hans="覆",
        words="翻來覆去 翻来覆去 翻天覆地 天翻地覆 顛覆 倾覆 傾覆 覆蓋 覆盖 覆滅 覆灭 覆轍 覆辙 覆沒 覆没",
    ),
    # 祇 «only» (Taiwan, older Hong Kong) is 只; the earth spirits are not. The package keeps every 祇.
    Reading(
        character="祇",
        hans="只",
        words="祇有 祇是 祇要 祇能 祇好 祇會 祇会 祇為 祇为 祇得 祇見 祇见 祇可 祇在 祇知 祇說 祇怕 祇須 祇限 "
        "祇因 祇應 祇以 祇顧 祇管 祇不過 祇需 祇想 "
        "不祇",
    ),
    # 甯 is kept as a surname (通用规范汉字表, note 34); as a mere variant of 寧 it is not.
    Reading(
        character="甯",
        hans="宁",
        words="安甯 甯靜 甯静 甯可 甯願 甯愿 南甯 遼甯 辽甯 甯夏 甯波 西甯 康甯 甯海 濟甯 济甯",
    ),
    Reading(
        character="甯",
        hans="甯",
        words="甯浩 甯戚 甯武子 甯靜濤 甯姓 甯氏 甯某 甯先生 甯女士 甯老師 甯老师 甯教授 甯同學 甯同学 甯院士 "
        "甯校長 甯校长",
    ),
    # Names: the package gives 钟书, 王泛森, 薛应旗.
    Reading(character="鍾", hans="锺", words="鍾書 鍾書先生 錢鍾書 钱鍾书 鍾惺 千鍾粟 萬鍾"),
    Reading(character="汎", hans="汎", words="王汎森 汎森"),
    Reading(character="旂", hans="旂", words="薛應旂 薛应旂 應旂 应旂"),
    # 座標 is what Taiwan and the package make of 坐标.
    Reading(character="座", hans="坐", words="座標 座标"),
    # 藉 that the package misses; 狼藉, 慰藉, 枕藉 stay.
    Reading(
        character="藉",
        hans="借",
        words="藉其 藉該 藉该 藉本 藉今 藉這 藉这 藉學 藉校 藉會 藉会 藉活動 藉開 藉举办 藉舉辦",
    ),
)

VARIANTS: Mapping[str, str] = MappingProxyType(
    {
        "陜": "陕",  # U+965C for 陝: 陜西 on mirrored pages
        "幷": "并",  # the package maps it to itself; OpenCC 1.4 corrects that
        "擡": "抬",
        "簷": "檐",
        "痺": "痹",
        "痲": "麻",  # 痲痺
        "睪": "睾",
        "牠": "它",
        "妳": "你",
        "敍": "叙",  # the standard forms of Hong Kong
        "枱": "台",
        "衞": "卫",
    }
)
"""Variants that the package leaves alone."""

# ── to Hant ────────────────────────────────────────────────────────────────────────────────────────────────

DEFAULTS: Mapping[str, str] = MappingProxyType(
    {
        "托": "托",  # 托 in foreign names (莱索托) and 托起, 托举; 託 stands in words
        "签": "簽",  # 续签, 面签, 签批: a 籤 stands in words
        "钟": "鐘",  # 敲钟, 编钟; as a surname it is 鍾
        "岳": "岳",  # names and 岳阳; the mountains stand in words
        "郁": "郁",  # names; 鬱 stands in words
        "症": "症",
        "辟": "闢",
    }
)
"""Traditional form of a character that stands alone, where the package's first choice is the rarer one."""

WORDS = """
# 髮 belongs to the head: the package has 发卡 → 髮卡 (of campus cards), 生发 → 生髮
发卡 發卡
生发 生發
换发 換發
编发 編發
发卷 發卷
# 里 as a mile, a neighbourhood: 裏 only means «inside»
同里古镇 同里古鎮
同里镇 同里鎮
永安里 永安里
里甲 里甲
里院 里院
里坊 里坊
里数 里數
铁干里克 鐵干里克
# 麪: the package has 液面 → 液麪, 冷面 → 冷麪
液面 液面
冷面 冷面
和面 和麵
面人 麵人
面案 麵案
面片 麵片
高粱面 高粱麵
吃面 吃麵
面团 麵團
干面粉 乾麵粉
# 剋 only means to overcome, to deduct
希拉克 希拉克
克制 克制
# 製: to make; the package lacks these and has 自制 → 自制
自制 自製
自制力 自制力
自制能力 自制能力
制氢 製氫
制砖 製磚
制瓷 製瓷
制香 製香
制粉 製粉
制酒 製酒
制得 製得
焙制 焙製
炒制 炒製
烤制 烤製
煮制 煮製
手工制 手工製
雕制 雕製
煎制 煎製
织制 織製
铸制 鑄製
焊制 焊製
刻制 刻製
拍制 拍製
翻制 翻製
裱制 裱製
拓制 拓製
冲制 沖製
塑制 塑製
填制 填製
绣制 繡製
扎制 紮製
制砖机 製磚機
制铁 製鐵
制帽 製帽
制种 製種
机制纸 機製紙
合眼 合眼
合家 合家
合家欢 合家歡
# 后 for a queen
歌后 歌后
天后 天后
天后宫 天后宮
棋后 棋后
# 檯 is furniture; a stage, a desk of service or command is 臺
指挥台 指揮臺
控制台 控制臺
服务台 服務臺
兄台 兄台
试验台 試驗臺
# 于 in names, places and quotations
于丹 于丹
于漪 于漪
于是之 于是之
于归 于歸
于都 于都
# 佈 is a verb
布雷斯 布雷斯
布点 佈點
布展 佈展
布控 佈控
通布图 通布圖
个旧 個舊
个旧市 個舊市
# 乾: dry; 幹: trunk, to do; 干: shield, to concern
干渠 幹渠
塔什库尔干 塔什庫爾干
干法 乾法
干化 乾化
干物质 乾物質
冻干 凍乾
椰干 椰乾
瓜干 瓜乾
干栏 干欄
# 迴 goes round; what returns is 回, but for the statistics
回归 回歸
回归分析 迴歸分析
线性回归 線性迴歸
逻辑回归 邏輯迴歸
回归模型 迴歸模型
回归方程 迴歸方程
回归系数 迴歸係數
回归算法 迴歸算法
回流 回流
回音 回音
回音壁 回音壁
回归年 回歸年
回天 回天
# 週: a week, to go round in time
周而复始 周而復始
周济 周濟
周次 週次
周一良 周一良
几周 幾週
迎新周 迎新週
周学时 週學時
周课时 週課時
# 余 in names; 馀 is what is left
扶余 扶餘
余秋雨 余秋雨
余华 余華
余叔岩 余叔岩
# 云 «says» in quotations
古人云 古人云
俗话云 俗話云
# 繫: to tie; 係: to be
魂系 魂繫
系领带 繫領帶
系红领巾 繫紅領巾
系安全带 繫安全帶
系好安全带 繫好安全帶
系上安全带 繫上安全帶
系好鞋带 繫好鞋帶
系着红 繫着紅
实系 實係
# 複: double, several; 覆: to answer; 復: again
复议 復議
复发率 復發率
行政复议 行政復議
复配 複配
复材 複材
复调 複調
复变 複變
多复变 多複變
复矩阵 複矩陣
复几何 複幾何
复流形 複流形
复向量 複向量
复空间 複空間
# 遊 on land, 游 in water and in these
游离 游離
游弋 游弋
游刃有余 游刃有餘
游资 游資
游移 游移
游丝 游絲
游动 游動
游击 游擊
花药 花藥
# 誌: a record
校志 校誌
院志 院誌
史志 史誌
市志 市誌
省志 省誌
志书 誌書
# 沖: with water, to offset
冲调 沖調
冲抵 沖抵
# 斗: a vessel
翻斗 翻斗
铲斗 鏟斗
挖斗 挖斗
斗式 斗式
三斗 三斗
# 鬆: loose
松不得 鬆不得
# 託 is to entrust
托福 托福
皮托管 皮托管
托儿所 托兒所
# 曆: a calendar
校历 校曆
历算 曆算
天文历算 天文曆算
傣历 傣曆
天文历 天文曆
蒙头 蒙頭
# 捲: to roll
内卷 內捲
蛋卷 蛋捲
卷绕 捲繞
# 唸 is to read aloud
念佛 念佛
诵念 誦念
二万五千里长征 二萬五千里長征
# 鍾: a surname, to concentrate
钟南山 鍾南山
钟离 鍾離
钟灵毓秀 鍾靈毓秀
钟灵 鍾靈
朱红 朱紅
不准 不准
测不准 測不準
拿不准 拿不準
说不准 說不準
吃不准 吃不準
摸不准 摸不準
算不准 算不準
看不准 看不準
发音不准 發音不準
彩带 彩帶
清晰明了 清晰明瞭
了望 瞭望
丰度 豐度
丰子恺 丰子愷
校注 校註
加注 加注
采石矶 采石磯
# 樑: a beam; 國梁 is a name
国梁 國梁
四梁八柱 四樑八柱
# 揹 is not what news writes
背包 背包
背负 背負
背着 背着
范曾 范曾
征四郎 征四郎
昆剧团 崑劇團
昆剧院 崑劇院
范长江 范長江
# 併: to merge; 並: side by side
并州 并州
兼容并包 兼容並包
兼收并蓄 兼收並蓄
兼容并蓄 兼容並蓄
并网 併網
并轨 併軌
并案 併案
并发 並發
并发症 併發症
高并发 高並發
折合 折合
折纹 摺紋
# 彙: to collect words; 匯: rivers, money, crowds
总汇 總匯
徐家汇 徐家匯
徐汇区 徐匯區
表达欲 表達慾
表现欲 表現慾
# 佔: to take up
占主导地位 佔主導地位
稍占上风 稍佔上風
借由 藉由
# 癥 only in 癥結
血症 血症
点赞 點讚
点个赞 點個讚
小伙子 小伙子
小伙 小伙
小伙儿 小伙兒
合作伙伴 合作夥伴
战略伙伴 戰略夥伴
贸易伙伴 貿易夥伴
扎染 紮染
诋毁 詆毀
毁弃 毀棄
# 癒: to heal
自愈 自癒
疗愈 療癒
伤愈 傷癒
久治不愈 久治不癒
未愈 未癒
难愈 難癒
# 鍊 is the body's training; metal and style are 煉
炼钢 煉鋼
炼铁 煉鐵
炼钢厂 煉鋼廠
炼钢炉 煉鋼爐
炼铁厂 煉鐵廠
炼铁炉 煉鐵爐
熔炼 熔煉
锤炼 錘煉
磨炼 磨煉
凝炼 凝煉
# 瀋: short for Shenyang
沈北新区 瀋北新區
沈抚 瀋撫
在沈 在瀋
来沈 來瀋
驻沈 駐瀋
换签 換簽
# 捨: to give up
不舍 不捨
舍小家 捨小家
爱丽舍宫 愛麗舍宮
青团 青糰
# 丑 among the twelve branches; 穀: grain
子丑寅卯 子丑寅卯
谷种 穀種
冀谷 冀穀
豫谷 豫穀
晋谷 晉穀
苞谷 苞穀
铺盖卷 鋪蓋捲
一只只 一隻隻
# 睏: sleepy
困了就 睏了就
很困 很睏
犯困 犯睏
# 齣: plays
一出好戏 一齣好戲
一出大戏 一齣大戲
一出话剧 一齣話劇
# borders that a unigram model gets wrong
博士后 博士後
源头发力 源頭發力
"""
"""Simplified word and its traditional form, one pair a line, each group with its case."""

UNPRINTED: Mapping[str, str] = MappingProxyType(
    dict(
        zip(
            "爲衆羣啓麪牀峯祕癡喫竈脣纔覈鍼鉢皁僞擡糉踊巖孃絃歎蔘嫺溼",
            "為眾群啟麵床峰秘痴吃灶唇才核針缽皂偽抬粽踴岩娘弦嘆參嫻濕",
            strict=True,
        )
    )
)
"""Variants that the package prefers and neither Taiwan nor Hong Kong prints, each with what they print."""

FOREIGN_LI = (
    "马里 马里兰 埃里克 埃里克森 埃里克松 里克 里德 里特 里奇 里夫 佩里 嘉里 库里 科里 古里 沙里 洛克里 默里 "
    "海因里希 伯里 里约 伊里安 奥里诺科 "
    "费里 达里 里克利 卡瓦列里 洞里萨湖 埃里 奥里 里安 里瓦 乌苏里 基里 弗洛里 杰弗里 格雷戈里 里基 里德亚 "
    "弗里德曼 弗里德里希 弗雷德里克 里森 夸里 维耶里 里耶夫 "
    "帕里 里乌斯 里米尼 里马 莱里 赫里 达里诺尔 里萨 努里 里卡 埃弗里 弗里 弗里茨 恩里克 亨里克 里姆 里茨 "
    "里达 高里津 加布里 加布里埃尔 罗里 里维埃 里士满 "
    "凯里 莫里 莫里斯 莫里森 哈里 哈里斯 巴里 特里 杜里 里根 里尔 里昂 里约热内卢 加里 加里曼丹 里加 多里安 "
    "亨里 里斯 里斯本 里亚 康里 西里尔 "
    "伯里克利 斯里 奥布里 德米特里 安德里 里贾纳 赛里木湖 喀里多尼亚 里维斯"
)
"""Foreign names in which 里 is a sound: 裏 only means «inside»."""


@cache
def read_words() -> Mapping[str, str]:
    """Return :data:`WORDS` as a mapping."""
    lines = (line for line in WORDS.splitlines() if line and not line.startswith("#"))
    return MappingProxyType(dict(line.split(" ") for line in lines))


@cache
def digest() -> str:
    """Return the SHA-256 of both lists, hexadecimal: what a record names as its overrides."""
    rules = {
        "readings": [asdict(reading) for reading in READINGS],
        "variants": dict(VARIANTS),
        "defaults": dict(DEFAULTS),
        "words": dict(read_words()),
        "foreign_li": FOREIGN_LI,
        "unprinted": dict(UNPRINTED),
    }
    return hashlib.sha256(json.dumps(rules, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
