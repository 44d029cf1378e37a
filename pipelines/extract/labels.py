"""The grammar of meta lines: which words announce a date, a source, a name, a counter, and what they say.

«发布时间：2020-02-21 来源：宣传部 作者：张三 点击：12» and its like, in any order, with any colons and spaces, joined in one
text or split over elements, in simplified and traditional Chinese, Japanese, Korean, English and German. Labels are
matched on a folded copy of the text (:mod:`pipelines.fold`), values are cut from the page's own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pipelines.dates import DateMatch
from pipelines.fold import fold

# ── words, by what they announce ───────────────────────────────────────────────────────────────────────────
# Folded: simplified, half-width, lower case. Inner spaces (来 源) are seen to below.

WORDS = {
    "published": """
        发布时间 发布日期 发表时间 发表日期 发稿时间 发稿日期 发文时间 发文日期 上传时间 上传日期 录入时间 录入日期 添加时间 添加日期
        加入时间 创建时间 创建日期 入库时间 公告时间 公告日期 公布时间 公布日期 公示时间 公示日期 张贴日期 张贴时间 刊登日期 上稿时间
        投稿时间 撰稿时间 编辑时间 编辑日期 成文日期 生成日期 公开日期 信息时间 新闻时间 文章时间 提交时间 登载时间 上网时间 发布于 发表于
        时间 日期 发布 发表 建档日期 上架日期 贴文日期
        投稿日 公開日 掲載日 登録日 作成日 掲載日时 公开日 掲载日 登录日 作成日时 发信日 配信日
        작성일자 작성일 등록일자 등록일 게시일 등록일시 작성일시 입력일 입력 게시일자 날짜 일시
        published publicationdate postedon publishedon datepublished posted date releasedate createdon created pubdate
        veröffentlichtam veröffentlicht erstelltam datum erscheinungsdatum publiéle misenligne fecha data publicado
    """,
    "modified": """
        更新时间 更新日期 最后更新 最近更新 最后更新时间 最后更新日期 最近更新时间 修改时间 修改日期 最后修改 最后修改时间 更新于 异动日期
        最近修改 资料更新 更新日 最终更新日 最终更新 수정일 수정일자 수정일시 최종수정일 업데이트
        updated lastupdated lastmodified lastmodifiedon updatedon modified lastreviewed lastupdatedon
        zuletztaktualisiert aktualisiert aktualisiertam letzteänderung stand misàjourle misàjour
    """,
    "source": """
        信息来源 文章来源 稿件来源 新闻来源 消息来源 资料来源 来源 来源于 来源部门 来源单位 出处 文章出处 转载自 转载于 转自 摘自 源自 来自
        供稿单位 供稿部门 供稿学院 供稿 稿源 稿件提供 来稿单位 来稿 投稿单位 撰稿单位 报送单位 信息提供 提供单位 提供部门
        发布单位 发布部门 发布机构 发文单位 发文部门 发文机关 发布科室 发文科室 公布单位 公告单位 张贴单位 刊登单位 信息发布单位 主办单位发布
        发布机关 单位 部门 部门名称 所属部门 单位名称 作者单位 处室 新闻提供单位 新闻发布单位 信息单位 组稿单位 录入单位
        出典 提供 发信元 출처 담당부서 작성부서 등록부서 부서 자료제공 제공 게시부서
        source newssource quelle fuente fonte
    """,
    "author": """
        作者 文章作者 文字作者 本文作者 撰稿 撰稿人 撰稿者 撰文 撰写 文字 文 供稿人 供稿者 投稿人 拟稿 拟稿人 通讯员供稿 执笔 执笔人
        发布人 发布者 发表人 发表者 发布员 录入 录入者 录入人 录入员 添加人 上传者 上传人 张贴人 张贴者 刊登人 公告人 公告者 信息员
        发稿人 发稿 起草人 记者 本报记者 本网记者 本站记者 校报记者 学生记者 见习记者 实习记者 特约记者 采写 采编人 发帖人 楼主 作 者
        作成者 投稿者 著者 执笔者 작성자 글쓴이 등록자 이름 게시자 작성 기자
        author authors by writtenby postedby publishedby writer autor autorin verfasser verfasserin text von auteur par publiépar
    """,
    "correspondent": "通讯员 特约通讯员 通信员 实习通讯员",
    "photographer": """
        摄影 摄影者 摄影记者 图片 图 摄 供图 图片提供 图片来源 图片作者 照片 照片提供 拍摄 摄像 摄影摄像 视频拍摄 插图 配图 写真 사진
        photo photos photoby photosby photocredit photographs photographer imagecredit images image foto fotos bild bilder fotografie
    """,
    "editor": """
        责任编辑 责编 编辑 编辑者 本期编辑 文字编辑 图文编辑 新闻编辑 网络编辑 网页编辑 网站编辑 本网编辑 值班编辑 执行编辑 图片编辑 学生编辑
        美术编辑 美编 微信编辑 视频编辑 实习编辑 本期责编 执行责编 网编 小编 编校 编审 编排 编发 编 排版 排版编辑 主编 执行主编 责任主编
        采编 编辑人 编辑排版 推送编辑 后期 制作 본문편집 편집 편집자 editor editors editedby editorial redaktion redakteur
        编集 编集者
    """,
    "reviewer": """
        审核 审核人 审核者 审阅 审阅人 审稿 审稿人 审签 审定 审批 审批人 审 审校 审读 审查 初审 复审 终审 一审 二审 三审 核稿 核稿人 核发
        校对 校审 校稿 校核 复核 签发 签发人 终校 审发 责任审核 责任校对 内容审核 信息审核 编审 监制 总监制 终审人 初审人 复审人 校对人
        审核发布 新闻审核 核对 值班主任 责审 审核编辑 审核单位 检查 검토
        reviewer reviewedby proofreader
    """,
    "translator": "翻译 译者 编译 译 译文 번역 translator translatedby translation übersetzung",
    "clicks": """
        点击 点击数 点击量 点击率 点击次数 点击数量 浏览 浏览数 浏览量 浏览次数 浏览人次 浏览人数 阅读 阅读数 阅读量 阅读次数 阅读人数
        访问次数 访问量 访问人次 访问 人气 人气指数 查看 查看次数 查看数 关注度 关注 已阅 次数 热度 点阅 点阅数 点阅次数 点阅率 浏览率 浏览人气
        本文被阅读 已浏览 被浏览 被阅读 已阅读 本文浏览 总浏览 围观 点击率排名 浏览统计 累计浏览 文章点击数 文章浏览 评论 评论数 评 点赞 点赞数
        阅览数 阅览 闻覧数 조회 조회수 추천 댓글 hit hits views view reads clicks visits pv read comments aufrufe zugriffe
    """,
    "section": """
        所属栏目 所在栏目 栏目 栏目名称 分类 类别 所属类别 所属分类 文章分类 文章类别 信息类别 信息分类 公告分类 公告类别 新闻类别 新闻分类
        资讯类别 消息类别 频道 版块 카테고리 분류 category categories kategorie rubrik postedin filedunder
    """,
    "title": "标题 主题 公告主题 公告标题 新闻标题 文章标题 信息标题 主旨 公告主旨 题目 公告名称 제목 件名 タイトル betreff",
    "other": """
        文号 发文字号 发文文号 索引号 索引 主题词 关键词 关键字 标签 有效性 信息索引 公开方式 公开形式 公开属性 时效 密级 附件 文件下载
        联系人 联系电话 电话 传真 邮箱 邮编 地址 字体 字号 字体大小 大小 颜色 背景色 背景 分享 分享到 分享至 打印 收藏 关闭 保护视力色
        语言 글번호 번호 첨부 첨부파일 파일 url 단축url tags tag keywords keyword share print schlagworte schlagwörter topics topic
        文章编号 编号 信息编号 本文网址 本文链接 网址 链接 原文链接 阅读原文 标签组 星级 推荐 推荐等级 评分 文章等级 有效期 截止日期 下架日期
        公告期间 公告类型 性质 置顶 公告对象 对象 承办单位 阅读权限 分值
    """,
}
"""Labels by kind. The kinds of people are the roles of :class:`pipelines.model.Contributor`."""

PEOPLE = ("author", "correspondent", "photographer", "editor", "reviewer", "translator")

_BOTH = "文图 图文 文并图 图并文 文字图片 文字摄影 文摄影 文摄 撰文摄影 供稿供图 采写摄影 文字供图"
"""Words of one who wrote and took the pictures: 文图：张三."""

_KINDS = {word: (kind,) for kind, words in WORDS.items() for word in words.split()} | {
    word: ("author", "photographer") for word in _BOTH.split()
}
_LONGEST = max(map(len, _KINDS))

_WEAK = frozenset(
    "时间 日期 发布 发表 文 图 摄 编 译 审 评 来自 提供 单位 部门 文字 图片 照片 检查 后期 制作 关注 查看 大小 地址 电话 标题 主题 对象 "
    "性质 分类 推荐 链接 编号 语言 频道 大小 颜色 背景".split()
)
"""Words that end others (举办时间, 招聘单位, 建筑图): labels only behind a border, never behind a character."""

_SEPARATOR = re.compile(r"[:/|丨]")
_JOINED = re.compile(r"[/、和及&·]\Z")
_BUTTON = r"\s(?=字[体号]|分享|打印|收藏|关闭|浏览|点击|阅读)"
_NAME_STOP = re.compile(rf"[\[\]【】{{}}|丨]|{_BUTTON}|[。;!?]|(?<=\D)(?=\d{{4}}[-/.年]\d)")
_DATE_STOP = re.compile(rf"[\[\]【】{{}}|丨]|{_BUTTON}|[。;!?]")
"""Where a value ends if no label does it: at a bracket, a bar, a button, a sentence; a name also at a date."""
_PADDING = " \t,，;；、|｜丨·-—–_/[【(（)）】]<>〉《》:："

_BYLINE = re.compile(
    r"(?i:(?:written |posted )?by|von|par)\s(?P<name>[A-ZÀ-Þ][^:：。!?|｜•\d@()]{1,50}?(?:\s?\([^()]{1,20}\))?)(?:\s(?:und|and|&))?"
)
_PIECE = re.compile(r"\s?[|｜•·]\s?|\s[-–—]\s")

_COUNTER = re.compile(
    r"(?:点击|浏览|阅读|人气|访问|查看|点阅|阅览|关注|热度|评论|点赞|조회|추천|hits?|views?|reads?|clicks?)[量数次率人]{0,2}"
    r"\s{0,2}[\[(【{:]?\s{0,2}\d{1,9}\s{0,2}[\])】}]?\s?次?"
    r"|\d{1,9}\s{0,2}[次人]?\s?(?:点击|浏览|阅读|评论|views?|hits?|reads?|comments?|shares?)(?!\w)"
)
_CONTROLS = re.compile(
    r"字[体号](?:大小|:)?|[\[【(]?\s?大\s{1,3}中\s{1,3}小\s?[\])】]?|小\s{1,3}中\s{1,3}大|分享到?至?|打印(?:本[页文])?|加入收藏|收藏(?:本[页文])?"
    r"|关闭(?:窗口|本页|此页)?|我要(?:打印|纠错|分享|评论)|保护视力色|双击(?:自动)?滚屏|返回(?:列表|上[一级]页|首页)?|微信|微博|朋友圈|扫一扫|复制链接"
    r"|无障碍|繁体|简体|放大|缩小|默认|增大|减小|正常|恢复|语音播报|朗读|网址复制|一键复制|推荐给?(?:好友|朋友)|发表评论|我来说两句|转发|举报|点赞"
    r"|人已?阅读?|条?评论|更新|发布|发表|qq空间|人人网?|\ba[+-]|share|print|e-?mail|facebook|twitter|linkedin|whatsapp|wechat|weibo|copy link"
    r"|tweet|min(?:ute)?s? read|reading time|min(?:ute)?s?\b|인쇄|공유|목록"
)
"""What stands beside the entries of a meta line: buttons for fonts, printing, sharing."""
_FIGURES = re.compile(r"\d[\d\s:年月日时分秒.,/-]*(?:星期.|周.)?")
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One label of a meta line and what stands behind it."""

    kinds: tuple[str, ...]
    """The keys of :data:`WORDS` it belongs to: one, but for 文图：张三."""
    label: str
    """As the folded text has it, without spaces: ``信息来源``."""
    value: str
    """As the page prints it, white space collapsed; empty where the label stands alone."""
    start: int
    """Offset of the label in the line."""
    end: int
    """One past the value."""


class _Label(NamedTuple):
    kinds: tuple[str, ...]
    name: str
    start: int
    value_start: int


def read_line(text: str) -> tuple[Entry, ...]:
    """Return the entries of a line, in order.

    >>> [(entry.kinds[0], entry.value) for entry in read_line("发布时间：2020-02-21 来源：宣传部 作者：张三 点击：12次")]
    [('published', '2020-02-21'), ('source', '宣传部'), ('author', '张三'), ('clicks', '12次')]
    >>> [(entry.kinds, entry.value) for entry in read_line("（文/张三 图/李四）")]
    [(('author',), '张三'), (('photographer',), '李四')]
    """
    folded = fold(text)
    lower = folded.text.lower()
    if len(lower) != len(folded.text):  # one character that is two in lower case (İ)
        lower = folded.text
    labels = list(_find_labels(lower))
    if not labels:
        return ()
    entries: list[Entry] = []
    shared: tuple[str, ...] = ()
    for index, (own, name, start, value_start) in enumerate(labels):
        limit = labels[index + 1].start if index + 1 < len(labels) else len(lower)
        kinds = (*shared, *own)
        shared = kinds if limit == value_start and lower[value_start - 1] in "/|丨" else ()
        if shared:  # 文/图：张三
            continue
        end = _find_end(lower, value_start, limit, kinds)
        value = " ".join(text[folded.origin(value_start) : folded.origin(end)].split())
        entries.append(
            Entry(kinds=kinds, label=name, value=_strip(value), start=folded.origin(start), end=folded.origin(end))
        )
    return tuple(entries)


def find_byline(text: str, dates: tuple[DateMatch, ...]) -> tuple[Entry, ...]:
    """Return the entry of a byline without a colon, which may stand beside a date.

    >>> [entry.value for entry in find_byline("By John Smith | 3 min read", ())]
    ['John Smith']
    """
    spans = [(date.start, date.end) for date in dates]
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        at = start
        for piece in _PIECE.split(text[start:end]):
            bare = piece.strip(" ,;")
            if byline := _BYLINE.fullmatch(bare):
                begin = text.index(bare, at)
                return (
                    Entry(kinds=("author",), label="by", value=byline["name"], start=begin, end=begin + len(bare)),
                )
            at += len(piece)
    return ()


def _strip(value: str) -> str:
    """Return a value without the punctuation around it; brackets that belong to it stay: Ann Lee (M.Sc.)."""
    bare = value.strip(_PADDING)
    at = value.find(bare) + len(bare)
    if (
        bare
        and value[at : at + 1] in {")", "）"}
        and bare.count("(") + bare.count("（") > bare.count(")") + bare.count("）")
    ):
        return bare + value[at]
    return bare


def _find_labels(text: str) -> Iterator[_Label]:
    """Yield the labels before the separators of a folded text."""
    end = 0
    inside = False
    for separator in _SEPARATOR.finditer(text):
        kinds: tuple[str, ...] = ()
        start = stop = separator.start()
        names: list[str] = []
        while label := _label_before(text, stop, floor=end, inside=inside):
            name, start = label
            names.insert(0, name)
            kinds = _KINDS[name] + kinds
            before = text[end:start].rstrip()
            if not _JOINED.search(before):
                break
            stop = end + len(before) - 1  # 编辑、审核：张三
        if names:
            end = separator.end()
            inside = True
            yield _Label(tuple(dict.fromkeys(kinds)), "/".join(names), start, end)


def _label_before(text: str, stop: int, *, floor: int, inside: bool) -> tuple[str, int] | None:
    """Return the longest label that ends at ``stop``, and its start. Pages pull labels apart: 来 源, posted on."""
    compact = text[max(floor, stop - 2 * _LONGEST) : stop].replace(" ", "")
    for length in range(min(len(compact), _LONGEST), 0, -1):
        name = compact[-length:]
        if name in _KINDS:
            start, left = stop, length
            while left:
                start -= 1
                left -= text[start] != " "
            if start == floor or _is_border(text[start - 1], name, inside=inside):
                return name, start
    return None


def _is_border(char: str, name: str, *, inside: bool) -> bool:
    """Tell whether a label can begin behind a character. ``inside`` a meta line the value before may run into it."""
    if not char.isalnum():
        return True
    if name.isascii() or name in _WEAK:
        return False
    return char.isdecimal() or char == "次" or inside


def _find_end(text: str, start: int, limit: int, kinds: tuple[str, ...]) -> int:
    """Return where the value ends that begins at ``start``."""
    dated = "published" in kinds or "modified" in kinds
    stop = (_DATE_STOP if dated else _NAME_STOP).search(text, start, limit)
    end = stop.start() if stop and text[start : stop.start()].strip() else limit
    depth = 0
    for offset in range(start, min(end, start + 200)):  # the bracket around the whole line: (责任编辑：张三)
        if text[offset] in "(（":
            depth += 1
        elif text[offset] in ")）":
            if depth == 0:
                return offset
            depth -= 1
    return end


def find_rest(text: str, entries: tuple[Entry, ...], dates: tuple[DateMatch, ...] = ()) -> str:
    """Return what of a line is neither entry, date, counter nor button: of a meta line next to nothing.

    >>> find_rest("来源：宣传部 2020-02-21 点击 12 【字体：大 中 小】", read_line("来源：宣传部 2020-02-21 点击 12 【字体：大 中 小】"))
    ''
    """
    spans = sorted([*((entry.start, entry.end) for entry in entries), *((date.start, date.end) for date in dates)])
    pieces = []
    done = 0
    for start, end in spans:
        pieces.append(text[done:start])
        done = max(done, end)
    pieces.append(text[done:])
    bare = _NO_WORD.sub(" ", " ".join(pieces)).strip()
    if not bare or (len(bare) > 60 and len(text) > 120):  # nothing left, or too much for a meta line anyhow
        return bare
    rest = fold(" ".join(pieces)).text.lower()
    rest = _FIGURES.sub(" ", _CONTROLS.sub(" ", _COUNTER.sub(" ", rest)))
    return _NO_WORD.sub(" ", rest).strip()


@lru_cache(maxsize=4096)
def kinds_of_label(text: str) -> tuple[str, ...]:
    """Return what a line announces that is a label and nothing else; nothing for any other line.

    >>> kinds_of_label("作 者："), kinds_of_label("등록일"), kinds_of_label("作者：张三")
    (('author',), ('published',), ())
    """
    if len(text) > 20:
        return ()
    folded = fold(text).text.lower().strip()
    bare = folded.rstrip(":").replace(" ", "")
    return _KINDS.get(bare, ()) if folded.endswith(":") or len(bare) > 1 else ()
