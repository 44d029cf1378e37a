"""The words that announce something on a meta line, by what they announce. Data.

Folded as :func:`pipelines.fold.fold` does it, lower case, without spaces: pages pull words apart (来 源).
"""

WORDS = {
    "published": """
        发布时间 发布日期 发表时间 发表日期 发稿时间 发稿日期 发文时间 发文日期 上传时间 上传日期 录入时间
        录入日期 添加时间 添加日期 加入时间 创建时间 创建日期 入库时间 公告时间 公告日期 公布时间 公布日期
        公示时间 公示日期 张贴日期 张贴时间 刊登日期 上稿时间 投稿时间 撰稿时间 编辑时间 编辑日期 成文日期
        生成日期 公开日期 信息时间 新闻时间 文章时间 提交时间 登载时间 上网时间 发布于 发表于 时间 日期 发布
        发表 建档日期 上架日期 贴文日期 投稿日 公開日 掲載日 登録日 作成日 掲載日时 公开日 掲载日 登录日
        作成日时 发信日 配信日 작성일자 작성일 등록일자 등록일 게시일 등록일시 작성일시 입력일 입력 게시일자
        날짜 일시 published publicationdate postedon publishedon datepublished posted date releasedate createdon
        created pubdate releasetime publishtime publishdate publishingtime publishedtime posttime postdate
        publicationtime updatetime dateofpublication time veröffentlichtam veröffentlicht erstelltam datum erscheinungsdatum publiéle misenligne
        fecha data publicado publicadoem publicadoel fechadepublicación datadepublicação pubblicato pubblicatoil
        datapubblicazione datadipubblicazione publicerad publicerat publisert publiceret udgivet gepubliceerd
        gepubliceerdop opublikowano datapublikacji dataopublikowania julkaistu датапубликации опубликовано дата
    """,
    "modified": """
        更新时间 更新日期 最后更新 最近更新 最后更新时间 最后更新日期 最近更新时间 修改时间 修改日期 最后修改
        最后修改时间 更新于 异动日期 最近修改 资料更新 更新日 最终更新日 最终更新 수정일 수정일자 수정일시
        최종수정일 업데이트 updated lastupdated lastmodified lastmodifiedon updatedon modified lastreviewed
        lastupdatedon zuletztaktualisiert zuletztgeändert aktualisiert aktualisiertam letzteänderung stand misàjourle
        misàjour últimamodificação atualizadoem actualizado actualizadoel últimaactualización aggiornato ultimoaggiornamento
        ultimamodifica senastuppdaterad uppdaterad sistendret oppdatert sidstopdateret opdateret laatstgewijzigd bijgewerkt
        ostatniaaktualizacja ostatniamodyfikacja zaktualizowano päivitetty обновлено
    """,
    "source": """
        信息来源 文章来源 文字来源 图文来源 内容来源 原文来源 稿件来源 新闻来源 消息来源 资料来源 来源 来源于 来源部门 来源单位 出处 文章出处 转载自
        转载于 转自 摘自 源自 来自 供稿单位 供稿部门 供稿学院 供稿 稿源 稿件提供 来稿单位 来稿 投稿单位 撰稿单位
        报送单位 信息提供 提供单位 提供部门 发布单位 发布部门 发布机构 发文单位 发文部门 发文机关 发布科室
        发文科室 公布单位 公告单位 张贴单位 刊登单位 信息发布单位 主办单位发布 发布机关 单位 部门 部门名称
        所属部门 单位名称 作者单位 处室 新闻提供单位 新闻发布单位 信息单位 组稿单位 录入单位 出典 提供 发信元
        출처 담당부서 작성부서 등록부서 부서 자료제공 제공 게시부서 source newssource quelle fuente fonte källa kilde bron źródło lähde источник
    """,
    "author": """
        作者 文章作者 新闻作者 文字作者 本文作者 撰稿 撰稿人 撰稿者 撰文 撰写 文字 文 供稿人 供稿者 投稿人 拟稿 拟稿人
        通讯员供稿 执笔 执笔人 发布人 发布者 发表人 发表者 发布员 录入 录入者 录入人 录入员 添加人 上传者 上传人
        张贴人 张贴者 刊登人 公告人 公告者 信息员 发稿人 发稿 起草人 记者 本报记者 本网记者 本站记者 校报记者
        学生记者 见习记者 实习记者 特约记者 采写 采编人 发帖人 楼主 作成者 投稿者 著者 执笔者 작성자 글쓴이
        등록자 이름 게시자 작성 기자 author authors by writtenby postedby publishedby writer autor autorin
        verfasser verfasserin text von auteur par publiépar publisher escritopor scrittoda tekst teksti texto testo texte forfatter författare
        skrevetaf geschrevendoor autorzy автор авторы
    """,
    "correspondent": """
        通讯员 特约通讯员 通信员 实习通讯员
    """,
    "photographer": """
        摄影 摄影者 摄影记者 图片 图 摄 供图 图片提供 图片来源 图片作者 照片 照片提供 拍摄 摄像 摄影摄像
        视频拍摄 插图 配图 写真 사진 photo photos photoby photosby photocredit photographs photographer
        imagecredit images image foto fotos bild bilder fotografie zdjęcia kuva kuvat valokuva fotograf fotografía фото фотограф
    """,
    "editor": """
        责任编辑 责编 编辑 编辑者 本期编辑 文字编辑 图文编辑 新闻编辑 网络编辑 网页编辑 网站编辑 本网编辑
        值班编辑 执行编辑 图片编辑 学生编辑 美术编辑 美编 微信编辑 视频编辑 实习编辑 本期责编 执行责编 网编 小编
        编校 编审 编排 编发 编 排版 排版编辑 主编 执行主编 责任主编 采编 编辑人 编辑排版 推送编辑 后期 制作
        본문편집 편집 편집자 editor editors editedby editorial redaktion redakteur 编集 编集者 редактор
    """,
    "reviewer": """
        审核 审核人 审核者 审阅 审阅人 审稿 审稿人 审签 审定 审批 审批人 审 审校 审读 审查 初审 复审 终审 一审
        二审 三审 核稿 核稿人 核发 校对 校审 校稿 校核 复核 签发 签发人 终校 审发 责任审核 责任校对 内容审核
        信息审核 编审 监制 总监制 终审人 初审人 复审人 校对人 审核发布 新闻审核 核对 值班主任 责审 审核编辑
        审核单位 检查 검토 reviewer reviewedby proofreader
    """,
    "translator": """
        翻译 译者 编译 译 译文 번역 translator translatedby translation übersetzung
    """,
    "clicks": """
        点击 点击数 点击量 点击率 点击次数 点击数量 浏览 浏览数 浏览量 浏览次数 浏览人次 浏览人数 阅读 阅读数
        阅读量 阅读次数 阅读人数 访问次数 访问量 访问人次 访问 人气 人气指数 查看 查看次数 查看数 关注度 关注
        已阅 次数 热度 点阅 点阅数 点阅次数 点阅率 浏览率 浏览人气 本文被阅读 已浏览 被浏览 被阅读 已阅读
        播放 播放量 播放数 播放次数 观看 观看次数 观看人数
        本文浏览 总浏览 围观 点击率排名 浏览统计 累计浏览 文章点击数 文章浏览 评论 评论数 评 点赞 点赞数 阅览数
        阅览 闻覧数 조회 조회수 추천 댓글 hit hits views view reads clicks visits pv read comments aufrufe
        zugriffe click clicktimes clickcount pageviews browse viewcount readtimes odsłony odsłon wyświetleń visualizações visite visitas
        просмотров просмотры просмотра
    """,
    "section": """
        所属栏目 所在栏目 栏目 栏目名称 分类 类别 所属类别 所属分类 文章分类 文章类别 信息类别 信息分类 公告分类
        公告类别 新闻类别 新闻分类 资讯类别 消息类别 频道 版块 카테고리 분류 category categories kategorie
        rubrik postedin filedunder kategoria categoria categoría categorie catégorie рубрика раздел
    """,
    "title": """
        标题 主题 公告主题 公告标题 新闻标题 文章标题 信息标题 主旨 公告主旨 题目 公告名称 제목 件名 タイトル
        betreff
    """,
    "other": """
        新闻热线 热线 热线电话 投稿邮箱 联系方式 文号 发文字号 发文文号 索引号 索引 主题词 关键词 关键字 标签 有效性 信息索引 公开方式 公开形式 公开属性
        时效 密级 附件 附件下载 相关附件 相关下载 相关档案 附加档案 附加文件
        文件下载 联系人 联系电话 电话 传真 邮箱 邮编 地址 字体 字号 字体大小 大小 颜色 背景色
        背景 分享 分享到 分享至 打印 收藏 关闭 保护视力色 语言 글번호 번호 첨부 첨부파일 파일 url 단축url tags
        tag keywords keyword share print schlagworte schlagwörter abgelegtunter registradoem emneord etiquetas tagi sidansvarig
        topics topic 文章编号 编号 信息编号 本文网址
        本文链接 网址 链接 原文链接 阅读原文 标签组 星级 推荐 推荐等级 评分 文章等级 有效期 截止日期 下架日期
        公告期间 公告类型 性质 置顶 公告对象 对象 承办单位 阅读权限 分值
    """,
}
"""Labels by kind. The kinds of people are the roles of :class:`pipelines.model.Contributor`."""

PEOPLE = ("author", "correspondent", "photographer", "editor", "reviewer", "translator")

BOTH = "文图 图文 文并图 图并文 文字图片 文字摄影 文摄影 文摄 撰文摄影 供稿供图 采写摄影 文字供图"
"""Words of one who wrote and took the pictures: 文图：张三."""

WEAK = frozenset(
    """
    时间 日期 发布 发表 文 图 摄 编 译 审 评 来自 提供 单位 部门 文字 图片 照片 检查 后期 制作 关注 查看 播放 观看 大小
    地址 电话 标题 主题 对象 性质 分类 推荐 链接 编号 语言 频道 颜色 背景 time
    """.split()
)
"""Words that end others (举办时间, 招聘单位, 建筑图): labels only behind a border, never behind a character."""
