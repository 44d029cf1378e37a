"""The urlkey is the one that the Internet Archive's tools compute; the lines are those that pywb reads."""

import json
from pathlib import Path

import pytest

from pipelines.store.cdxj import to_cdxj, to_index, to_urlkey
from pipelines.store.record import digest
from tests.pipelines.store.samples import BODY, write_samples
from tests.timing import seconds

# Computed with surt 0.3.1, which pywb 2.10 uses.
URLKEYS = [
    ("http://www.pku.edu.cn", "cn,edu,pku)/"),
    ("https://WWW2.News.Example.COM:443/A/B/../c.htm", "com,example,news)/a/c.htm"),
    ("http://news.example.edu.cn:8080/info/1021/3456.htm", "cn,edu,example,news:8080)/info/1021/3456.htm"),
    ("http://127.0.0.1:8931/2?b=2&a=1", "1,0,0,127:8931)/2?a=1&b=2"),
    ("http://[::1]:8080/x", "::1:8080)/x"),
    ("http://user:pw@example.com/x/", "com,example)/x"),
    ("http://example.com/x//y/./z/", "com,example)/x/y/z"),
    ("http://example.com/x?", "com,example)/x"),
    ("http://example.com/x?b=2&a=1&A=0", "com,example)/x?a=0&a=1&b=2"),
    ("http://example.com/x?b&a=", "com,example)/x?a=&b"),
    ("http://example.com/x?phpsessid=0123456789abcdef0123456789abcdef&a=1", "com,example)/x?a=1"),
    ("http://example.com/x?a=1&sid=0123456789abcdef0123456789abcdef", "com,example)/x?&a=1"),
    ("http://example.com/x?ASPSESSIONIDABCDEFGH=ABCDEFGHIJKLMNOPQRSTUVWX&b=1", "com,example)/x?b=1"),
    ("http://example.com/x?CFID=123&CFTOKEN=456&z=1", "com,example)/x?z=1"),
    ("http://example.com/(S(012345678901234567890123))/page.aspx?id=3", "com,example)/page.aspx?id=3"),
    ("http://example.com/%E6%96%B0%E9%97%BB/a%20b.htm", "com,example)/%e6%96%b0%e9%97%bb/a%20b.htm"),
    ("http://example.com/新闻/a.htm?名=值", "com,example)/%e6%96%b0%e9%97%bb/a.htm?%e5%90%8d=%e5%80%bc"),
    ("http://example.com/%25E6", "com,example)/%e6"),
    ("http://example.com/a%2Fb", "com,example)/a/b"),
    ("http://example.com/a?x=%2F%26&y=%20+z", "com,example)/a?&x=/&y=%20+z"),
    ("http://大学.example.cn/", "cn,example,xn--pss25c)/"),
    ("http://example.com./x", "com,example)/x"),
    ("http://example.com/x#frag", "com,example)/x"),
    ("ftp://example.com/file", "com,example)/file"),
    ("http://example.com:80/", "com,example)/"),
    ("http://example.com/a/b/?q=/", "com,example)/a/b?q=/"),
    ("http://www/x", "www)/x"),
    ("http://wwwx.example.com/", "com,example,wwwx)/"),
    ("http://example.com/%zz", "com,example)/%25zz"),
    ("http://example.com/../a", "com,example)/../a"),
    ("http://example.com/x?&a=1&&", "com,example)/x?&&&a=1"),
    ("http://example.com/~user/%7Ex", "com,example)/~user/~x"),
    ("http://a_b.example.com/x", "com,example,a_b)/x"),
]


@pytest.mark.parametrize(("uri", "urlkey"), URLKEYS, ids=[uri for uri, _ in URLKEYS])
def test_urlkeys(uri: str, urlkey: str) -> None:
    assert to_urlkey(uri) == urlkey


@pytest.mark.parametrize(
    "uri", ["", "http:", "http://", "://", "http://[::1/x", "http://..../", "\ud800", "http://a:x/"]
)
def test_any_text_has_a_urlkey(uri: str) -> None:
    assert ")" in to_urlkey(uri)


@pytest.mark.parametrize("hostile", ["cfid=", "%25", "%2525252525", "/(", "/(a(", "a=1&", "../", "<", "1", "sid="])
@pytest.mark.parametrize("prefix", ["http://", "http://a/", "http://a/.aspx", "http://a/?"])
def test_time_grows_with_length_only(prefix: str, hostile: str) -> None:
    def compute(times: int) -> object:
        return to_urlkey(prefix + hostile * times)

    assert seconds(compute, 80_000) < 30 * seconds(compute, 10_000)


def test_lines_of_a_file(tmp_path: Path) -> None:
    captures = write_samples(
        tmp_path / "a.warc.gz", ["response", "identical", "not modified", "redirect", "time-out"]
    )
    lines = [to_cdxj(capture) for capture in captures]
    assert lines[-1] is None
    response = captures[0]
    assert response.place is not None
    assert lines[0] == (
        'cn,edu,example,news)/info/1.htm?cid=7&id=8&utm_source=x 20240305010203 {"url": '
        '"http://news.example.edu.cn/info/1.htm?cid=7&ID=8&utm_source=x", "mime": "text/html", "status": "200", '
        f'"digest": "{digest(BODY)}", "length": "{response.place.length}", "offset": "{response.place.offset}", '
        '"filename": "a.warc.gz"}\n'
    )
    told = [json.loads(line.split(" ", 2)[2]) for line in lines if line]
    assert [each["mime"] for each in told] == ["text/html", "warc/revisit", "warc/revisit", "unk"]
    assert [each["status"] for each in told] == ["200", "200", "304", "302"]
    assert told[1]["digest"] == told[2]["digest"] == digest(BODY)


def test_an_index_is_in_the_order_of_its_bytes() -> None:
    lines = ["b)/ 2 {}\n", "a)/é 1 {}\n", "a)/ 2 {}\n", "a)/ 1 {}\n", "a)/z 1 {}\n"]
    index = to_index(lines)
    assert index.splitlines() == sorted(index.splitlines())
    assert len(index.splitlines()) == 5
