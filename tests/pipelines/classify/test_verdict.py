"""No page that stands in an article's place becomes one, and no article is lost to a word."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.classify import classify, confirm_article
from pipelines.document import open_document
from pipelines.model import Article, Attachment, Finding, FoundBy, Hints, Outcome, PageKind, PrintedDate, Verdict
from tests.pipelines.classify.pages import framed, page, read_cases

ARTICLE_URI = "http://x.edu.cn/info/1001/2345.htm"
URIS = (ARTICLE_URI, "http://x.edu.cn/show.asp?id=3", "http://x.edu.cn/page.html")

OBSTACLES = [
    pytest.param(Outcome(outcome), framed(source, title) if shape == "framed" else source, id=f"{number}-{outcome}")
    for number, ((outcome, shape, title), source) in enumerate(read_cases("obstacles.txt"))
]
ARTICLES = [pytest.param(source, id=name) for (name,), source in read_cases("articles.txt")]


SENTENCES = [
    pytest.param(Outcome(outcome), sentence, id=f"{outcome}-{sentence}")
    for (outcome,), lines in read_cases("sentences.txt")
    for sentence in lines.splitlines()
]


@pytest.mark.parametrize(("outcome", "sentence"), SENTENCES)
def test_understands_what_the_page_says(outcome: Outcome, sentence: str) -> None:
    for source in (f"<html><body><div>{sentence}</div></body></html>", framed(f"<div>{sentence}</div>")):
        verdict = classify(page(source, ARTICLE_URI))
        assert (verdict.kind, verdict.outcome) == (PageKind.OTHER, outcome), verdict.evidence


@pytest.mark.parametrize(
    "sentence", ["这里空空如也，什么都没有。", "Nope.", "您来晚了，精彩内容已经散场", "此處別有洞天"]
)
def test_takes_no_address_for_an_article(sentence: str) -> None:
    """A sentence that nobody foresaw, at the address of an article: nothing else speaks for one."""
    for source in (f"<p>{sentence}</p>", framed(f"<div>{sentence}</div>")):
        assert classify(page(source, ARTICLE_URI)).kind is PageKind.OTHER


@pytest.mark.parametrize("uri", [ARTICLE_URI, "http://x.edu.cn/page.html"])
@pytest.mark.parametrize(("outcome", "source"), OBSTACLES)
def test_names_the_obstacle(outcome: Outcome, source: str, uri: str) -> None:
    verdict = classify(page(source, uri))
    assert (verdict.kind, verdict.outcome) == (PageKind.OTHER, outcome), verdict.evidence
    assert verdict.evidence


def test_takes_no_person_for_an_article() -> None:
    """What somebody works on is told in sentences; the same under a day is news."""
    main = (
        "<h1>Maria Delgado</h1><p>Associate Professor of Crop Science</p><p>My lab studies how soil microbes influence "
        "the response of crops to drought. We combine field trials with genomics and imaging of roots. Before she came to "
        "the university, she worked for eight years at a research station, where she bred grain for dry soils. She has "
        "advised the ministries of three countries, and serves on the boards of two journals.</p>"
        "<h2>Publications</h2><p>Delgado M., Wu T. Microbes and drought tolerance in maize, Plant Ecology Letters.</p>"
        "<p>Delgado M., Ortiz P. Root exudates and the water that they hold, Soil Biology.</p>"
    )
    person = "http://x.example.edu/people/maria-delgado"
    assert classify(page(framed(main, "Maria Delgado"), person)).kind is PageKind.OTHER
    assert (
        classify(page(framed(main, "Maria Delgado"), "http://x.example.edu/news/delgado")).kind is PageKind.ARTICLE
    )
    dated = main.replace("</h1>", "</h1><p>March 14, 2023</p>")
    assert classify(page(framed(dated, "Maria Delgado"), person)).kind is PageKind.ARTICLE


@pytest.mark.parametrize("uri", URIS)
@pytest.mark.parametrize("source", ARTICLES)
def test_loses_no_article_to_a_word(source: str, uri: str) -> None:
    verdict = classify(page(source, uri))
    assert (verdict.kind, verdict.outcome) == (PageKind.ARTICLE, Outcome.OK), verdict.evidence


@pytest.mark.parametrize(
    ("source", "uri", "outcome", "target"),
    [
        ('<meta http-equiv="Refresh" content="0; URL=main.htm">', "http://x.edu.cn/a/", Outcome.REDIRECTED,
         "/a/main.htm"),
        ("<script>window.location.href='../b.htm'</script>", "http://x.edu.cn/a/c.htm", Outcome.REDIRECTED,
         "/b.htm"),
        ("<script>location.replace('/')</script>", ARTICLE_URI, Outcome.REDIRECTED_HOME, "/"),
        ("<script>location='/cas/login?service=x'</script>", ARTICLE_URI, Outcome.LOGIN_REQUIRED,
         "/cas/login?service=x"),
        ("<script>alert('该文章不存在！');location.href='/index.asp'</script>", ARTICLE_URI, Outcome.SOFT_404,
         "/index.asp"),
        ("網站維護中<script>setTimeout(function(){location.href='/'},9)</script>", ARTICLE_URI, Outcome.MAINTENANCE,
         "/"),
    ],
)  # fmt: skip
def test_follows_stubs(source: str, uri: str, outcome: Outcome, target: str) -> None:
    verdict = classify(page(source, uri))
    assert verdict.outcome is outcome
    assert verdict.target == f"http://x.edu.cn{target}"


@pytest.mark.parametrize(
    "content", ["0", "600;url=/b.htm", "0;url=http://x.edu.cn/page.html", "0;url=javascript:x", ""]
)
def test_follows_no_page_that_only_renews_itself(content: str) -> None:
    verdict = classify(page(f'<meta http-equiv=refresh content="{content}"><p>Text</p>'))
    assert (verdict.outcome, verdict.target) == (Outcome.OK, None)


@pytest.mark.parametrize(
    ("status", "source", "outcome"),
    [
        (404, framed("<p>ordinary chrome</p>"), Outcome.GONE),
        (410, "", Outcome.GONE),
        (403, "<h1>Forbidden</h1>", Outcome.BLOCKED),
        (403, "仅限校内访问", Outcome.CAMPUS_ONLY),
        (401, "", Outcome.LOGIN_REQUIRED),
        (429, "", Outcome.BLOCKED),
        (412, "<script>$_ts=window['$_ts'];</script>", Outcome.CHALLENGE),
        (412, "", Outcome.CHALLENGE),
        (521, "<script>document.cookie=('_')+('_')+('j')</script>", Outcome.CHALLENGE),
        (202, "<script>$_ts=window['$_ts'];</script>", Outcome.CHALLENGE),
        (500, "", Outcome.SERVER_ERROR),
        (503, "<h1>系统维护中</h1>", Outcome.MAINTENANCE),
        (503, "<title>Just a moment...</title>", Outcome.CHALLENGE),
        (302, "<a href=/>Object moved</a>", Outcome.REDIRECTED),
        (304, "", Outcome.NOT_MODIFIED),
        (400, "Bad Request", Outcome.BLOCKED),
    ],
)
def test_statuses(status: int, source: str, outcome: Outcome) -> None:
    verdict = classify(page(source), status=status)
    assert (verdict.kind, verdict.outcome) == (PageKind.OTHER, outcome)


NEWS = "<p>5月1日，学校召开信息化建设工作推进会，传达学习上级文件精神，部署下一阶段重点任务。</p>"
ROWS = "".join(
    f"<li><a href=/info/1/{number}.htm>关于开展第{number}次教学检查的通知</a><span>2024-05-{number}</span></li>"
    for number in range(21, 11, -1)
)


MENUS = "".join(
    f"<div>{''.join(f'<a href=/{menu}/{name}/>信息工程学院工作动态{name}</a>' for name in range(9))}</div>"
    for menu in range(3)
)


@pytest.mark.parametrize(
    ("source", "uri", "kind"),
    [
        (framed(f"<ul>{ROWS}</ul>"), "http://x.edu.cn/tzgg.htm", PageKind.LISTING),
        (framed(f"<ul>{ROWS}</ul>"), "http://x.edu.cn/", PageKind.HOME),
        (framed(NEWS), "http://x.edu.cn/index.htm", PageKind.HOME),
        (framed(NEWS * 9), "http://x.edu.cn/zh/index.html", PageKind.OTHER),
        (framed("<h1>搜索</h1>", "搜索 - 某某学院"), "http://x.edu.cn/s/1", PageKind.SEARCH),
        (framed(f"<p>找到 10 条结果</p><ul>{ROWS}</ul>"), "http://x.edu.cn/search.jsp?q=a", PageKind.SEARCH),
        (framed(""), "http://x.edu.cn/map.html", PageKind.OTHER),
        (framed(f"<h1>新闻</h1>{NEWS * 6}<ul>{ROWS}</ul>"), "http://x.edu.cn/a.html", PageKind.ARTICLE),
        (framed('<div class="v_news_content"></div>'), "http://x.edu.cn/a.html", PageKind.ARTICLE),
        (framed(f"<h1>新闻</h1><p>来源：宣传部</p>{NEWS * 6}"), "http://x.edu.cn/1/list.htm", PageKind.ARTICLE),
        # every row labelled: still no article
        (framed(f"<ul>{ROWS.replace('<span>', '<span>日期：')}</ul>"), "http://x.edu.cn/n.html", PageKind.LISTING),
        # a row at the head with a meta line and a summary of its own
        (
            framed(f"<a href=/info/1/30.htm><h3>我校召开大会</h3></a><p>发布时间：2024-05-30</p><p>{NEWS}</p><ul>{ROWS}</ul>"),
            "http://x.edu.cn/tzgg.htm", PageKind.LISTING,
        ),
        # rows that are a heading, a date and a summary side by side
        (
            framed(re.sub("<li>(.*?)<span>(.*?)</span></li>", rf"<h3>\1</h3><p>\2</p>{NEWS}", ROWS)),
            "http://x.edu.cn/tzgg.htm", PageKind.LISTING,
        ),
        # rows with summaries, once more for mobiles
        (
            framed(2 * f"<div><ul>{ROWS.replace('</li>', f'<p>{NEWS}</p></li>')}</ul></div>"),
            "http://x.edu.cn/tzgg.htm", PageKind.LISTING,
        ),
        # three menus of long names make no start page, three lists of articles do
        (framed(MENUS + f"<ul>{ROWS}</ul>"), "http://x.edu.cn/tzgg.htm", PageKind.LISTING),
        (framed("".join(f"<div><h3>新闻</h3><ul>{ROWS.replace('/1/', f'/{n}/')}</ul></div>" for n in range(3))), "http://x.edu.cn/sy.htm",
         PageKind.HOME),
        # a heading of a listing, and the date of its first row
        (
            framed("<h2>信息工程学院新闻动态</h2>" + re.sub("<li>(.*?)<span>(.*?)</span></li>",
                                                 r"<div><i>\2</i><p>\1</p></div>", ROWS)),
            "http://x.edu.cn/xwdt.htm", PageKind.LISTING,
        ),
        # re-search
        (framed(f"<ul>{ROWS}</ul>", "Research Archives"), "http://x.edu.cn/category/research/", PageKind.LISTING),
        # one row of which a page says that it is all
        (framed(f"<ul>{ROWS.split('</li>')[0]}</li></ul>共1条"), "http://x.edu.cn/bsh/tzgg.htm", PageKind.LISTING),
    ],
)  # fmt: skip
def test_kinds(source: str, uri: str, kind: PageKind) -> None:
    verdict = classify(page(source, uri))
    assert (verdict.kind, verdict.outcome) == (kind, Outcome.OK), verdict.evidence


def test_believes_the_listing_that_led_here() -> None:
    source = framed("<h1>放假通知</h1><p><img src=a.jpg></p>").encode()
    hinted = open_document(source, uri=URIS[2], hints=Hints(found_by=FoundBy.LISTING, text="放假通知"))
    assert classify(hinted).kind is PageKind.ARTICLE
    assert classify(open_document(source, uri=URIS[2])).kind is PageKind.OTHER


def finding(value: str) -> Finding[str]:
    return Finding(value=value, raw=value, rule="x")


DAY = Finding(value=PrintedDate(value="2024-05-01", precision="day"), raw="2024-05-01", rule="x")
FILE = Finding(value=(Attachment(title="a.pdf", href="http://x.edu.cn/a.pdf"),), raw="", rule="x")
TAKEN = Verdict(kind=PageKind.ARTICLE, outcome=Outcome.OK, evidence="x")


@pytest.mark.parametrize(
    ("article", "outcome"),
    [
        (Article(title=finding("通知"), published=DAY, body=finding("该信息仅限校内访问")), Outcome.CAMPUS_ONLY),
        (Article(title=finding("通知"), body=finding("您访问的页面不存在")), Outcome.SOFT_404),
        (Article(body=finding("系统维护中，请稍后访问")), Outcome.MAINTENANCE),
    ],
)
def test_takes_back_an_article_whose_body_is_an_excuse(article: Article, outcome: Outcome) -> None:
    verdict = confirm_article(page(""), article, TAKEN)
    assert (verdict.kind, verdict.outcome) == (PageKind.OTHER, outcome)


@pytest.mark.parametrize(
    "article",
    [
        Article(title=finding("系统维护通知"), published=DAY, body=finding("系统正在维护，请稍后访问")),
        Article(title=finding("通知"), body=finding("附件仅限校内访问"), attachments=FILE),
        Article(title=finding("通知"), body=finding(""), attachments=FILE),
        Article(title=finding("成绩查询"), published=DAY, body=finding("请登录教务系统查询成绩。")),
        Article(title=finding("试用"), published=DAY, body=finding("数据库现已开通。\n限校园网用户访问。")),
        Article(title=finding("市领导来访"), published=DAY, body=finding("")),
        Article(title=finding("通知"), body=finding("会议改期。" * 40 + "请先登录系统报名，页面不存在时请致电。")),
    ],
)
def test_confirms_an_article(article: Article) -> None:
    assert confirm_article(page(""), article, TAKEN) is TAKEN


def test_takes_back_an_article_that_nothing_speaks_for() -> None:
    strange = Article(title=finding("信息工程学院"), body=finding("您来晚了，精彩内容已经散场"))
    assert confirm_article(page(""), Article(title=finding("通知")), TAKEN).kind is PageKind.OTHER
    assert confirm_article(page(""), strange, TAKEN).kind is PageKind.OTHER
    hinted = open_document(b"", uri=ARTICLE_URI, hints=Hints(found_by=FoundBy.LISTING, text="放假通知"))
    assert confirm_article(hinted, strange, TAKEN).kind is PageKind.OTHER
    assert (
        confirm_article(hinted, Article(title=finding("放假通知"), body=finding("五一放假五天。")), TAKEN) is TAKEN
    )
    other = Verdict(kind=PageKind.LISTING, outcome=Outcome.OK, evidence="x")
    assert confirm_article(page(""), Article(), other) is other


@given(st.binary(max_size=300), st.sampled_from([200, None, 404, 412, 500]))
def test_takes_any_bytes(payload: bytes, status: int | None) -> None:
    verdict = classify(open_document(payload, uri=ARTICLE_URI), status=status)
    assert verdict.evidence


@pytest.mark.parametrize(
    "part",
    ["<", "(", "9", "请先登录", "<a href=1>x</a>", "<li><a href=/{}>新闻标题</a>2024-01-01</li>", "<p>IP ", "<div>",
     "<script>location=''</script>", "<meta http-equiv=refresh content='0;url='>", "<tr onclick=x><td>x"],
)  # fmt: skip
def test_is_linear(part: str) -> None:
    classify(page(part * (300_000 // len(part))))
