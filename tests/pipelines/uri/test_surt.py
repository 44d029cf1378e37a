"""The urlkey is what cdxj-indexer and pywb make: the expected values come from the package ``surt`` 0.3.1."""

import pytest

from pipelines.uri import urlkey


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
    ],
)
def test_urlkey(uri: str, key: str) -> None:
    assert urlkey(uri) == key


def test_is_linear_in_escapes() -> None:
    assert urlkey("http://x.edu.cn/" + "%25" * 2_000 + "41").startswith("cn,edu,x)/")
