"""Ids of articles: the CMS's own where the address has one, and never one id for two articles."""

import pytest

from pipelines.uri import article_id, is_article_form, is_listing_form, record_id

X = "http://x.edu.cn"


@pytest.mark.parametrize(
    ("uri", "id"),
    [
        ("/info/1065/1012.htm", "1065/1012"),  # VSB
        ("/rsc/info/1065/1012.htm", "1065/1012"),
        ("/content.jsp?urltype=news.NewsContentUrl&wbtreeid=1065&wbnewsid=1012", "1065/1012"),
        ("/2020/0221/c1234a5678/page.htm", "a5678"),  # WebPlus
        ("/b5/2d/c24280a177453/page.psp", "a177453"),
        ("/55/2d/c24280a677165/page.html", "a677165"),
        ("/s/86/t/343/3a/5b/info15707.htm", "info15707"),
        ("/a/zh/news/2014/1113/123.html", "2014/1113/123"),  # DedeCMS
        ("/a/zh/news/2014/1113/123_2.html", "2014/1113/123"),  # its second page
        ("/plus/view.php?aid=123", "123"),
        ("/xwzx/202002/t20200221_12345.html", "t20200221_12345"),  # TRS
        ("/art/2020/2/21/art_1234_56789.html", "art_1234_56789"),  # hanweb
        ("/n1/2020/0221/c1001-31234567.html", "c1001-31234567"),
        ("/p/406-1000-12345,r12.php?Lang=zh-tw", "406-1000-12345"),  # RPage
        ("/bbs/cse/775/1147146/artclView.do", "775/1147146"),  # K2Web
        ("/contents/12/345.html", "12/345"),  # SiteServer
        ("/show-12-34-1.html", "12/34"),  # PHPCMS
        ("/index.php?m=content&c=index&a=show&catid=12&id=34", "34"),
        ("/node/123", "123"),  # Drupal
        ("/archives/123", "123"),  # WordPress
        ("/?p=123", "123"),
        ("/news/show.asp?newsid=9&id=3", "9"),
        ("/ShowArticle.asp?ArticleID=77", "77"),
        ("/news/8a80815f5e1d2b3c015e1d2b3c0a0001.html", "8a80815f5e1d2b3c015e1d2b3c0a0001"),
        ("/news/detail/456", "456"),
        ("/news/456.html", "456"),
    ],
)
def test_article_id(uri: str, id: str) -> None:
    assert article_id(X + uri) == id


@pytest.mark.parametrize(
    "uri",
    ["/", "/index.htm", "/news/a-slug-tells-no-id/", "/list.asp?id=5", "/news?page=2", "/a/?p=2", "/tzgg.htm"],
)
def test_has_no_id(uri: str) -> None:
    assert article_id(X + uri) is None


SAME = [
    [  # scheme, www, fragment, dynamic and static form, the mirror's second extension
        "http://x.edu.cn/info/1065/1012.htm",
        "https://x.edu.cn/info/1065/1012.htm",
        "http://www.x.edu.cn/info/1065/1012.htm#c",
        "http://x.edu.cn:80/info/1065/1012.htm?from=singlemessage",
        "http://x.edu.cn/content.jsp?urltype=news.NewsContentUrl&wbtreeid=1065&wbnewsid=1012",
        "http://x.edu.cn/info/1065/1012.htm.html",
    ],
    ["http://x.edu.cn/2020/0221/c1a5678/page.htm", "http://x.edu.cn/2020/0221/c2a5678/page.htm"],  # two columns
    ["http://x.edu.cn/a/2014/1113/1.html", "http://x.edu.cn/a/2014/1113/1_3.html"],  # its pages
    ["http://x.edu.cn/n.do;jsessionid=0123ABCD?id=7", "http://x.edu.cn/n.do?id=7"],
    ["http://x.edu.cn/s.asp?a=1&id=7", "http://x.edu.cn/s.asp?id=7&a=1"],
    ["https://x.edu/news/a-slug/", "http://www.x.edu/news/a-slug"],
]
DIFFERENT = [
    "http://x.edu.cn/info/1065/1012.htm",
    "http://y.edu.cn/info/1065/1012.htm",
    "http://x.edu.cn:8080/info/1065/1012.htm",
    "http://x.edu.cn/jwc/info/1065/1012.htm",
    "http://x.edu.cn/info/1066/1012.htm",
    "http://x.edu.cn/2020/0221/c1a1012/page.htm",
    "http://x.edu.cn/a/2014/1113/1.html",
    "http://x.edu.cn/a/2014/1114/1.html",
    "http://x.edu.cn/b/2014/1113/1.html",
    "http://x.edu.cn/news/show.asp?id=1012",
    "http://x.edu.cn/down/show.asp?id=1012",
    "http://x.edu.cn/news/show.asp?id=1012&lang=en",
    "http://x.edu.cn/news/show.asp?newsid=1012",
    "http://x.edu.cn/news/1012.html",
    "http://x.edu.cn/notice/1012.html",
    "http://x.edu.cn/news/1012.pdf",
    "http://x.edu.cn/news/Abc",
    "http://x.edu.cn/news/abc",
    "http://x.edu.cn/s/AbCdE12",
    "http://x.edu.cn/s/abCdE12",
]


@pytest.mark.parametrize("uris", SAME, ids=lambda uris: uris[0])
def test_one_article_has_one_record_id(uris: list[str]) -> None:
    assert len({record_id("x", uri) for uri in uris}) == 1


def test_two_articles_never_share_a_record_id() -> None:
    assert len({record_id("x", uri) for uri in DIFFERENT}) == len(DIFFERENT)
    assert record_id("x", DIFFERENT[0]) != record_id("y", DIFFERENT[0])


def test_record_ids_read_well() -> None:
    assert record_id("henu", "http://rsc.henu.edu.cn/info/1065/1012.htm") == "henu:rsc.henu.edu.cn/1065/1012"
    # SHA-256 of «/show.asp?id&» and of «cn,edu,x)/news/a-slug»
    assert record_id("x", "http://x.edu.cn/show.asp?id=9") == "x:x.edu.cn/9~0f7126db"
    assert record_id("x", "http://x.edu.cn/news/a-slug/") == "x:6706d5525b2467ca"


@pytest.mark.parametrize("uri", ["/24251/list.htm", "/24251/list2.htm", "/a/list_23_2.html", "/news/index.html",
                                 "/category/news/page/2", "/newslist.asp?id=3", "/bbs/x/artclList.do"])  # fmt: skip
def test_forms_of_listings(uri: str) -> None:
    assert is_listing_form(X + uri)
    assert not is_article_form(X + uri)


@pytest.mark.parametrize("uri", ["/c1a2/page.htm", "/info/1/2.htm", "/tzgg.htm", "/show.asp?id=1", "/news/a-slug/"])
def test_forms_of_no_listing(uri: str) -> None:
    assert not is_listing_form(X + uri)


@pytest.mark.parametrize("part", ["/", "1", "a1", "/info/1", "_1", "list", "%25", "&id=1", "(a)"])
def test_is_linear(part: str) -> None:
    uri = f"{X}/{part * 20_000}"
    article_id(uri)
    is_listing_form(uri)
    record_id("x", uri)
