"""The marks of articles and of search pages."""

import re

ARTICLE_MARKS = (
    "v_news_content",  # VSB
    "vsb_content",
    "wp_articlecontent",  # WebPlus
    "simpleArticleAttri",
    "ArticleTitle",  # the meta names of Chinese government and university CMS
    "article:published_time",  # OpenGraph
    '"NewsArticle"',  # schema.org
    'itemprop="articleBody"',
    "TRS_Editor",  # TRS
    "artclViewTitle",  # K2Web
    "ZJEG_RSS.content",  # hanweb
    "enpproperty",  # 方正
)
"""What only an article's page carries, each a piece of its source."""

META_LINE = re.compile(
    r"(?:(?:发布|發[佈布]|发表|發表|发文|发稿|更新|录入|添加|公告|张贴|張貼|上传|创建|刊登|登载)(?:时间|日期|時間|于)"
    r"|등록일|작성일|投稿日|公開日|掲載日|(?:^|\s)(?:日期|时间|時間))\s*(?:[:：]|\d)"
    r"|(?:来源|來源|作者|供稿|撰稿|责任编辑|責任編輯|责编|编辑|編輯|发布[人者]|發佈單位|发布单位|审核|摄影|記者|记者|通讯员|작성자)\s*[:：]"
    r"|(?:(?:点击|浏览|阅读|瀏覽|點閱|點擊)(?:数|率|量|次数|人次)?|访问(?:数|量|次数|人次))\s*[:：]|조회수?\s*[:：]|(?:字号|字體大小)\s*[:：【]"
    r"|posted (?:on|by)|published(?: on)?[: ]|last (?:updated|modified)|^by\s+\w+ \w+|veröffentlicht",
    re.IGNORECASE,
)
"""Labels of the line under an article's title."""

FOOT = re.compile(
    r"©|copyright|all rights reserved|版权所有|版權所有|icp备|访问总|总访问|今日访问|本站", re.IGNORECASE
)
"""Lines at the foot of a site, which counts its visitors with the same labels."""

DAY = re.compile(r"(?:^|\D)(?:19|20)\d\d\s?[-/.年]\s?\d\d?\s?[-/.月]\s?\d\d?(?:\D|$)")
"""A day with its year, as lines under a title print it."""
HEAD_DAY = re.compile(
    rf"{DAY.pattern}|[^\W\d_]{{3,10}}\.?\s\d\d?(?:st|nd|rd|th)?,?\s(?:19|20)\d\d(?!\d)"
    r"|(?:^|[^\d.])\d\d?\.\s?\d\d?\.\s?(?:19|20)\d\d(?!\d)"
    r"|\d\d?(?:st|nd|rd|th|er|\.)?\s(?:de\s)?[^\W\d_]{3,10}\.?,?\s(?:de\s)?(?:19|20)\d\d(?!\d)",
)
"""The same, with months by name."""
TODAY = re.compile(r"今[天日]|现在|當前|当前|星期|周[一二三四五六日]|至|维护时间|升级时间|維護時間")
"""What else prints days: the clock in a site's head, the span of an outage."""

SEARCH_URI = re.compile(
    r"/(?:[\w-]{0,20}(?<!re)search(?:es|result\w{0,8}|list|page|_result\w{0,8})?|sousuo|soso|jiansuo)(?:\.\w{2,5}|/|\?|$)"
    r"|[?&](?:q|wd|kw|keywords?|search(?:word|key|text|phrase)?|searchcont|wp_searchkey|query|s)=[^&]",
    re.IGNORECASE,
)
SEARCH_TITLE = re.compile(
    r"\W*(?:(?:站内|全站|高级|全文|信息|文章|站內)?(?:搜索|检索|搜尋|檢索|查询)(?:结果|引擎|中心|页面?|結果)?"
    r"|search(?: results?)?(?: for.{0,60})?|통합 ?검색|검색(?: ?결과)?|検索(?:結果)?|suche(?:rgebnisse)?)"
    r"\W*(?:$|[-_|–—:：])",
    re.IGNORECASE,
)
