"""Sites without an end: sessions, calendars, sort orders, mazes of relative links, listings that repeat themselves."""

import itertools

from newsspider.frontier.traps import MOST_BARREN
from pipelines.model import Outcome
from tests.hostile.cases.case import Case
from tests.hostile.web import HEAD, Page, article, html, listing, listing_html, message
from tests.rawserver import Connection

FOOT = "</body></html>"


def page_of(links: str) -> str:
    return HEAD.format(title="栏目") + f"<div class='nav'>{links}</div><p>栏目首页</p>" + FOOT


def sends(connection: Connection, text: str) -> bool:
    connection.send(message(text.encode(), "Content-Type: text/html; charset=utf-8"))
    return True


def trap(name: str, page: Page, *, start: str, most: int, reported: str = "") -> Case:
    """Return the case of a trap that begins at ``start``, beside a listing with an article.

    ``reported`` is what it is reported as, where it is not avoided before it shows itself.
    """
    return Case(
        name=f"trap: {name}",
        pages={
            "/": listing("/good.htm", more=f"<p><a href='{start}'>更多</a></p>"),
            "/good.htm": article(7),
            "*": page,
        },
        outcomes={"/": Outcome.OK, "/good.htm": Outcome.OK},
        asked={"/good.htm": 1},
        most=most,
        records=1,
        trap=reported,
    )


def sessions(connection: Connection, path: str) -> bool:
    """Give every visitor a new session in every link."""
    session = f"{len(path) * 7919 + len(connection.requests):032X}"
    return sends(
        connection,
        page_of(f"<a href='/a.jsp;jsessionid={session}'>a</a><a href='/b.jsp?PHPSESSID={session}'>b</a>"),
    )


def calendar(connection: Connection, path: str) -> bool:
    """Show a month, and the ones before and after it, for ever."""
    parts = path.rstrip("/").split("/")
    month = int(parts[2]) * 12 + int(parts[3]) if len(parts) > 3 else 2026 * 12
    links = "".join(f"<a href='/calendar/{m // 12}/{m % 12}'>月</a>" for m in (month - 1, month + 1))
    return sends(connection, page_of(links))


ORDERS = [
    f"/list?sort={sort}&order={order}&view={view}&size={size}"
    for sort, order, view, size in itertools.product(range(9), range(9), range(9), range(9))
]


def sort_orders(connection: Connection, path: str) -> bool:
    """Offer the same list in 6,561 orders, a dozen on each page."""
    here = ORDERS.index(path) if path in ORDERS else 0
    links = "".join(f"<a href='{order.replace('&', '&amp;')}'>排序</a>" for order in ORDERS[here + 1 : here + 13])
    return sends(connection, page_of(links))


def relative_maze(connection: Connection, path: str) -> bool:
    """Link to folders that are relative to a wrong base."""
    return sends(
        connection, page_of("<a href='xw/'>新闻</a><a href='xw/gg/'>公告</a><a href='../xw/gg/index.htm'>更多</a>")
    )


def repeating_pager(connection: Connection, path: str) -> bool:
    """Show the last page for every page beyond it, with a link to the next."""
    number = int(path.rpartition("=")[2]) if "=" in path else 1
    more = f"<div class='page'><a href='/list?page={number + 1}'>下一页</a></div>"
    return sends(connection, listing_html("/good.htm", more=more))


def copies(connection: Connection, path: str) -> bool:
    """Show the same listing under every name, and name ten more."""
    links = "".join(f"<a href='{path.rstrip('/')}{n}/'>栏目</a>" for n in range(10))
    return sends(connection, listing_html("/good.htm", more=f"<p>{links}</p>"))


def growing(connection: Connection, path: str) -> bool:
    """Link to itself with a query that grows."""
    return sends(connection, page_of(f"<a href='{path}{'&' if '?' in path else '?'}from=list'>返回</a>"))


ODD_LINKS = "".join(
    f"<a href='{href}'>{number}</a>"
    for number, href in enumerate(
        (
            "file:///etc/passwd", "javascript:void(0)", "javascript:location.href='file:///etc/shadow'", "data:text/html,<p>x",
            "mailto:a@b.example", "tel:+86", "ftp://127.0.0.1/a", "gopher://127.0.0.1/", "view-source:http://127.0.0.1/",
            "blob:http://127.0.0.1/1", "http://[::1", "http://127.0.0.1:99999/", "http://a:b@127.0.0.1/", "//", "http://", "http:///x",
            "http://169.254.169.254/latest/meta-data/", "http://localhost/", "http://xn--/", "http://a..b/", "http://%00/", "?", "#", "",
            "/x\x01y", "\\\\127.0.0.1\\share", "http://127.0.0.1:22/", "/" + "long" * 3000, "/%", "/%zz%", "/a b", "/[", "/|{}",
            "/?a[]=1&b[]=2", "/ok.htm?", "http://0x7f.1/", "http://2130706433/", "http://①②⑦.0.0.1/",
        )
    )
)  # fmt: skip

CASES = (
    trap("sessions in every link", sessions, start="/a.jsp;jsessionid=0123456789ABCDEF0123456789ABCDEF", most=8),
    trap("calendar", calendar, start="/calendar/2026/5", most=MOST_BARREN + 20, reported="/calendar/0/0"),
    trap("sort orders", sort_orders, start="/list?sort=0", most=MOST_BARREN + 20, reported="/list?sort=0&order=0&view=0&size=0"),
    trap("relative links", relative_maze, start="/xw/", most=60),
    trap("pager that repeats its last page", repeating_pager, start="/list?page=2", most=MOST_BARREN + 20, reported="/list?page=0"),
    trap("copies of a listing", copies, start="/copy/", most=2 * MOST_BARREN, reported="/copy0/"),
    trap("query that grows", growing, start="/grow.htm", most=60),
    Case(
        name="a thousand links on a page",
        pages={"/": listing(*(f"/gone/{n}.htm" for n in range(1000)), "/good.htm"), "/good.htm": article(7)},
        outcomes={"/": Outcome.OK, "/gone/7.htm": Outcome.GONE, "/good.htm": Outcome.OK},
        site="[scope]\ndeny = ['/gone/[1-9]..?[.]htm']\n",
        most=20,
        records=1,
    ),
    Case(
        name="links that lead nowhere",
        pages={"/": listing("/good.htm", more=f"<p>{ODD_LINKS}</p>"), "/good.htm": article(7), "/ok.htm": html(page_of(""))},
        outcomes={"/": Outcome.OK, "/good.htm": Outcome.OK},
        asked={"/good.htm": 1},
        most=20,
        records=1,
    ),
)  # fmt: skip
