"""Links resolve as in a browser (WHATWG URL), and never in any other way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.uri import host_of, resolve

BASE = "http://x.edu.cn/a/b/c.htm?q=1"


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        # what joins by concatenation
        ("d.htm", "http://x.edu.cn/a/b/d.htm"),
        ("../info/1/2.htm", "http://x.edu.cn/a/info/1/2.htm"),
        ("../../../../x.htm", "http://x.edu.cn/x.htm"),
        ("/d.htm", "http://x.edu.cn/d.htm"),
        ("show.asp?id=1&cid=2", "http://x.edu.cn/a/b/show.asp?id=1&cid=2"),
        ("http://y.edu.cn/a.htm", "http://y.edu.cn/a.htm"),
        # what needs the standard
        ("?page=2", "http://x.edu.cn/a/b/c.htm?page=2"),
        ("//y.edu.cn/a", "http://y.edu.cn/a"),
        ("./d/../e.htm", "http://x.edu.cn/a/b/e.htm"),
        ("%2e%2E/e.htm", "http://x.edu.cn/a/e.htm"),
        ("e/..", "http://x.edu.cn/a/b/"),
        ("../", "http://x.edu.cn/a/"),
        ("..", "http://x.edu.cn/a/"),
        ("/", "http://x.edu.cn/"),
        ("", BASE),
        ("d.htm#top", "http://x.edu.cn/a/b/d.htm"),
        ("#top", BASE),
        (" d.htm\n", "http://x.edu.cn/a/b/d.htm"),
        ("d\n.h\ttm", "http://x.edu.cn/a/b/d.htm"),
        ("\\d\\e.htm", "http://x.edu.cn/d/e.htm"),
        ("http:d.htm", "http://x.edu.cn/a/b/d.htm"),
        ("https:/y.edu.cn/d.htm", "https://y.edu.cn/d.htm"),
        ("HTTP://Y.Edu.CN:80/D", "http://y.edu.cn/D"),
        ("http://y.edu.cn:8080/d", "http://y.edu.cn:8080/d"),
        ("http://user:secret@y.edu.cn/d", "http://y.edu.cn/d"),
        ("http://y.edu.cn", "http://y.edu.cn/"),
        ("http://大学.cn/新闻", "http://xn--pss25c.cn/%E6%96%B0%E9%97%BB"),
        ("新闻 1.htm", "http://x.edu.cn/a/b/%E6%96%B0%E9%97%BB%201.htm"),
        ("a%20b.htm", "http://x.edu.cn/a/b/a%20b.htm"),
        ("a|{b}^[c].htm?q=d|{e}\\`[f]", "http://x.edu.cn/a/b/a%7C%7Bb%7D%5E[c].htm?q=d%7C%7Be%7D%5C%60[f]"),
        ("f.do?a=%3d&b=c+d&&e", "http://x.edu.cn/a/b/f.do?a=%3d&b=c+d&&e"),
        ("http://[2001:DB8::1]/a", "http://[2001:db8::1]/a"),
        ("ftp://x.edu.cn/a.zip", "ftp://x.edu.cn/a.zip"),
    ],
)
def test_resolves(href: str, expected: str) -> None:
    assert resolve(BASE, href) == expected


@pytest.mark.parametrize(
    "href",
    [
        "mailto:a@x.edu.cn", "javascript:void(0)", "JavaScript:;", "tel:123", "data:text/html,x", "about:blank",
        "http://", "http://a b/", "http://x:99999999/", "http://[::1", "http://x.edu.cn:0x50/", "a" * 10_000,
    ],
)  # fmt: skip
def test_names_no_page(href: str) -> None:
    assert resolve(BASE, href) is None


def test_has_no_base_to_join_with() -> None:
    assert resolve("", "a.htm") is None
    assert resolve("", "http://x.edu.cn/a.htm") == "http://x.edu.cn/a.htm"


@pytest.mark.parametrize(
    ("charset", "expected"),
    [
        ("gb18030", "http://x.edu.cn/a/b/s.asp?k=%D0%C2%CE%C5"),
        ("big5hkscs", "http://x.edu.cn/a/b/s.asp?k=%B7s%26%2338395%3B"),  # Big5 has 新 and no 闻
        ("utf-16-le", "http://x.edu.cn/a/b/s.asp?k=%E6%96%B0%E9%97%BB"),
        ("utf-8", "http://x.edu.cn/a/b/s.asp?k=%E6%96%B0%E9%97%BB"),
    ],
)
def test_encodes_queries_in_the_charset_of_the_page(charset: str, expected: str) -> None:
    assert resolve(BASE, "s.asp?k=新闻", charset=charset) == expected


@given(st.text(max_size=80), st.text(max_size=40))
def test_gives_an_address_with_a_host_or_nothing(href: str, base: str) -> None:
    for found in (resolve(BASE, href), resolve(base, href)):
        if found is not None:
            assert host_of(found)
            assert found.isascii()
            assert "#" not in found
            assert resolve(BASE, found) == found, "what is resolved stays as it is"
