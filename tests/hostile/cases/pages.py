"""Answers that look like pages and are something else, and pages that are hard to read."""

from pipelines.model import Outcome
from tests.hostile.cases.case import Case, faulty
from tests.hostile.web import Page, article_html, html, listing, plain, reply

CHALLENGE = (
    "<html><head><script>var arg1='3000176000856006061501533003690027800375';</script></head><body></body></html>"
)
JUST_A_MOMENT = (
    "<html><head><title>Just a moment...</title></head><body>Checking your browser"
    '<script src="/cdn-cgi/challenge-platform/h/b/orchestrate"></script></body></html>'
)
GONE = "<html><head><title>提示信息</title></head><body><p>您访问的页面不存在或已被删除</p><a href='/'>返回首页</a></body></html>"
CAMPUS = "<html><head><title>提示</title></head><body><div class='wp_error_msg'>您当前ip并非校内地址，该信息仅允许校内地址访问</div></body></html>"
LOGIN = "<html><head><title>统一身份认证平台</title></head><body><form><input name=user><input type=password></form></body></html>"
EMPTY_SHELL = '<html><head><script src="/js/app.js"></script></head><body><div id="app"></div></body></html>'

BIG5 = article_html(3).replace("学校召开", "學校召開").replace("青山大学新闻网", "青山大學新聞網")


def encoded(charset: str, declared: str, *, header: str = "text/html") -> Page:
    body = article_html(3).replace("utf-8", declared).encode(charset)
    return reply(body, f"Content-Type: {header}")


def readable(name: str, page: Page) -> Case:
    """Return the case of an article in an odd charset: it becomes a record whose title is whole."""
    return Case(
        name=f"charset: {name}",
        pages={"/": listing("/case.htm"), "/case.htm": page},
        outcomes={"/case.htm": Outcome.OK},
        records=1,
    )


CASES = (
    faulty("challenge, 200", html(CHALLENGE), Outcome.CHALLENGE),
    faulty("challenge, 503", html(JUST_A_MOMENT, status=503), Outcome.CHALLENGE),
    faulty("challenge, 412", html("<html><script>$_ts=window['$_ts'];</script></html>", status=412), Outcome.CHALLENGE),
    faulty("soft 404", html(GONE), Outcome.SOFT_404),
    faulty("campus only", html(CAMPUS), Outcome.CAMPUS_ONLY),
    faulty("login page", html(LOGIN), Outcome.LOGIN_REQUIRED),
    faulty("empty shell", html(EMPTY_SHELL), Outcome.NEEDS_JAVASCRIPT),
    faulty("a PDF for a page", reply(b"%PDF-1.4\n" + bytes(99), "Content-Type: text/html"), Outcome.NOT_HTML),
    faulty("random bytes for a page", reply(bytes(range(256)) * 99, "Content-Type: text/html"), Outcome.NOT_HTML),
    # ── charset roulette: what header, page and bytes say ──
    readable("GBK declared as UTF-8", encoded("gbk", "utf-8", header="text/html; charset=utf-8")),
    readable("UTF-8 declared as GBK", encoded("utf-8", "gb2312", header="text/html; charset=gbk")),
    readable("GBK, header says Latin-1", encoded("gbk", "gbk", header="text/html; charset=iso-8859-1")),
    readable("GBK, nothing declared", reply(article_html(3).replace('<meta charset="utf-8">', "").encode("gbk"))),
    readable("UTF-8 with a mark, declared as GBK", encoded("utf-8-sig", "gbk", header="text/html; charset=gbk")),
    readable("UTF-16", encoded("utf-16", "utf-16")),
    readable("a charset that does not exist", encoded("utf-8", "x-nothing", header="text/html; charset=x-none")),
    readable("two charsets in one header", encoded("gbk", "gbk", header="text/html; charset=utf-8; charset=gbk")),
    readable("GB18030 with four bytes", reply(
        article_html(3).replace("utf-8", "gb18030").replace("校长", "校长㐂𠮷").encode("gb18030"), "Content-Type: text/html"
    )),
    # ── heavy pages ──
    faulty("a hundred thousand links", html("<html>" + "".join(f"<a href=/x{n}.htm>{n}</a>" for n in range(100_000))),
           Outcome.TOO_LARGE),
    faulty("a hundred thousand attributes", html("<html><p " + " ".join(f"a{n}" for n in range(100_000)) + ">x"), Outcome.OK, is_article=False),
    faulty("a hundred thousand open tags", html("<html>" + "<div>" * 90_000), Outcome.OK, is_article=False),
    faulty("eight megabytes of text", html("<html><p>" + "新闻" * 1_400_000), Outcome.TOO_LARGE),
    faulty("NUL and control characters", html(article_html(3).replace("学校", "\0学\x01校")), Outcome.OK),
    faulty("plain text", plain("no page at all"), Outcome.NOT_HTML),
)  # fmt: skip
