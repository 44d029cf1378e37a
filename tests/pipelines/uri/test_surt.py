"""The urlkey is what cdxj-indexer and pywb make: the expected values come from the package ``surt`` 0.3.1."""

import pytest

from pipelines.uri import urlkey
from tests.timing import processor_limit


@pytest.mark.parametrize(
    ("uri", "key"),
    [
        ("http://x.edu.cn", "cn,edu,x)/"),
        ("http://x.edu.cn/?", "cn,edu,x)/"),
        ("http://WWW2.x.edu.cn/A/../b//c/./d/", "cn,edu,x)/b/c/d"),
        ("http://wwww.91cy.cn/mlt.asp", "cn,91cy,wwww)/mlt.asp"),
        ("https://x.edu.cn:443/%E4%B8%AD?b&a=&c=2", "cn,edu,x)/%e4%b8%ad?a=&b&c=2"),
        ("http://x.edu.cn/中文?键=值", "cn,edu,x)/%e4%b8%ad%e6%96%87?%e9%94%ae=%e5%80%bc"),
        ("http://x.edu.cn:8080/a%2520b?x=%26y", "cn,edu,x:8080)/a%20b?x=&y"),
        ("http://x.edu.cn/a.php?sid=abcdefabcdefabcdefabcdefabcdef12&b=1", "cn,edu,x)/a.php?b=1"),
        ("http://x.edu.cn/a?ID=2&boardID=1", "cn,edu,x)/a?boardid=1&id=2"),
        ("http://1.2.3.4/a", "4,3,2,1)/a"),
        ("http://大学.cn/", "cn,xn--pss25c)/"),
        ("http://x.edu.cn/a b?c d", "cn,edu,x)/a%20b?c%20d"),
        ("http://x.edu.cn/(abcdefghijklmnopqrstuvwx)/a.aspx", "cn,edu,x)/a.aspx"),
        ("http://u:p@x.edu.cn./#top", "cn,edu,x)/"),
        ("http://x.edu.cn/%zz?%", "cn,edu,x)/%25zz?%25"),
        ("http://www.pku.edu.cn/", "cn,edu,pku)/"),
        ("http://www.pku.edu.cn", "cn,edu,pku)/"),
        ("https://WWW2.News.Example.COM:443/A/B/../c.htm", "com,example,news)/a/c.htm"),
        (
            "http://example.com/info.jsp;jsessionid=0123456789abcdef0123456789ABCDEF",
            "com,example)/info.jsp;jsessionid=0123456789abcdef0123456789abcdef",
        ),
        (
            "http://example.com/info.jsp;jsessionid=0123456789abcdef0123456789ABCDEF?x=1",
            "com,example)/info.jsp;jsessionid=0123456789abcdef0123456789abcdef?x=1",
        ),
        ("http://example.com/x?phpsessid=0123456789abcdef0123456789abcdef&a=1", "com,example)/x?a=1"),
        ("http://example.com/x?a=1&sid=0123456789abcdef0123456789abcdef", "com,example)/x?&a=1"),
        ("http://example.com/x?ASPSESSIONIDABCDEFGH=ABCDEFGHIJKLMNOPQRSTUVWX&b=1", "com,example)/x?b=1"),
        ("http://example.com/x?CFID=123&CFTOKEN=456&z=1", "com,example)/x?z=1"),
        ("http://example.com/(S(012345678901234567890123))/page.aspx?id=3", "com,example)/page.aspx?id=3"),
        ("http://example.com/a%2Fb", "com,example)/a/b"),
        ("http://example.com/a?x=%2F%26&y=%20+z", "com,example)/a?&x=/&y=%20+z"),
        ("http://example.com/x#frag", "com,example)/x"),
        ("http://example.com/#frag", "com,example)/"),
        ("http://www.example.com:80/?", "com,example)/"),
        ("http://example.com/index.asp?ArticleID=12&ClassID=3", "com,example)/index.asp?articleid=12&classid=3"),
        ("http://www/x", "www)/x"),
        ("http://wwwx.example.com/", "com,example,wwwx)/"),
        ("http://www1.example.com/x", "com,example)/x"),
        ("http://example.com/x?&a=1&&", "com,example)/x?&&&a=1"),
        ("http://example.com/~user/%7Ex", "com,example)/~user/~x"),
        ("http://a_b.example.com/x", "com,example,a_b)/x"),
    ],
)
def test_urlkey(uri: str, key: str) -> None:
    assert urlkey(uri) == key


def test_is_linear_in_escapes() -> None:
    assert urlkey("http://x.edu.cn/" + "%25" * 2_000 + "41").startswith("cn,edu,x)/")


@pytest.mark.parametrize("hostile", ["cfid=", "%25", "%2525252525", "/(", "/(a(", "a=1&", "../", "<", "1", "sid="])
@pytest.mark.parametrize("prefix", ["http://", "http://a/", "http://a/.aspx", "http://a/?"])
def test_time_grows_with_length_only(prefix: str, hostile: str) -> None:
    with processor_limit():
        assert isinstance(urlkey(prefix + hostile * 300_000), str)
