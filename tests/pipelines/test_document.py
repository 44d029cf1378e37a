"""Any bytes open as a page, whole, parsed once."""

import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.document import decode_content, is_html, open_capture, open_document, parse
from pipelines.errors import ContentError
from pipelines.model import Capture, FoundBy, Hints, Outcome

URI = "http://x.edu.cn/a/b.htm"


def text_of(payload: bytes) -> str:
    return " ".join(open_document(payload, uri=URI).root.xpath("string()").split())


def test_opens_a_capture() -> None:
    hints = Hints(found_by=FoundBy.LISTING, text="标题")
    captured_at = datetime(2024, 5, 21, tzinfo=UTC)
    capture = Capture(
        target_uri=URI,
        captured_at=captured_at,
        status=200,
        headers=(("Content-Type", "text/html; charset=gbk"), ("content-encoding", "gzip")),
        payload=gzip.compress("<title>通知</title><p>会议通知全文</p>".encode("gbk")),
        hints=hints,
    )
    document = open_capture(capture)
    assert document.root.findtext(".//p") == "会议通知全文"
    assert document.charset.reason == "header"
    assert (document.uri, document.captured_at, document.hints) == (URI, captured_at, hints)


def test_says_what_is_wrong_with_a_capture() -> None:
    capture = Capture(
        target_uri=URI,
        captured_at=datetime(2024, 5, 21, tzinfo=UTC),
        headers=(("Content-Encoding", "gzip"),),
        payload=gzip.compress(b"<p>text</p>" * 100)[:-20],
    )
    with pytest.raises(ContentError) as raised:
        open_capture(capture)
    assert raised.value.outcome is Outcome.TRUNCATED
    assert decode_content(b"<p>", None) == b"<p>"


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        (b"", ""),
        (b" \n ", ""),
        (b"<!-- only a comment -->", ""),
        (b"plain text", "plain text"),
        (b"<p>a\0b</p>", "ab"),
        (b"\xef\xbb\xbf\xef\xbb\xbf<p>two marks</p>", "two marks"),
        ('<?xml version="1.0" encoding="gb2312"?><html><p>中</p></html>'.encode("gbk"), "中"),
        (b"<p>one<!-- <p>two</p> -->three</p>", "onethree"),
        # a page in a page: included headers
        (b"<html><body><p>one</p></body></html> <div>two</div></body></html>", "one two"),
        (b"<html><p>one</p></HTML><html><body><p>two</p></body></html>", "onetwo"),
        (b"<p>one</p></body></html><!-- 0.1 s --><script>x</script>", "onex"),
        # titles that a CMS cuts short with their markup
        (b"<a href=1><strong>title</stro</a><span> date</span>", "title date"),
        # what swallows the rest of the page
        (b"<title>head<body><p>text</p></body>", "headtext"),
        (b"<body><p>one</p><!-- open" + b"<p>two</p>" * 60, "one open" + "two" * 60),
    ],
)
def test_loses_no_text(payload: bytes, text: str) -> None:
    assert text_of(payload) == text


@pytest.mark.parametrize("part", ["<div>", "<p><font>x", "<table><tr><td>x", "<b><i>x", "<ul><li>x"])
def test_loses_no_text_in_the_depths(part: str) -> None:
    found = text_of((part * 3_000 + "<p>the end</p>").encode())
    assert found.endswith("the end")
    assert found.count("x") == 3_000 * part.count("x")


def test_keeps_the_source_and_the_frames() -> None:
    document = open_document(b"<html><frameset><frame src=a.htm></frameset></html>", uri=URI)
    assert document.text.startswith("<html><frameset>")
    assert [frame.get("src") for frame in document.root.iter("frame")] == ["a.htm"]


@pytest.mark.parametrize(
    ("head", "base"),
    [
        (b"", URI),
        (b"<base href='/c/'>", "http://x.edu.cn/c/"),
        (b"<BASE target=_blank><base href=http://y.edu.cn/d>", "http://y.edu.cn/d"),
        (b"<base href='javascript:'>", URI),
    ],
)
def test_base(head: bytes, base: str) -> None:
    assert open_document(b"<head>" + head + b"</head>", uri=URI).base == base


HTML = ("Content-Type", "text/html")


@pytest.mark.parametrize(
    ("payload", "headers", "expected"),
    [
        (b"<!DOCTYPE html><p>", (HTML,), True),
        (b"\xef\xbb\xbf \n<HTML>", (), True),
        (b"<!-- generated --><html>", (), True),
        (b"<?xml version='1.0'?><html xmlns='x'>", (("content-type", "application/xhtml+xml"),), True),
        ("<html>".encode("utf-16"), (HTML,), True),
        ("栏目不存在!".encode("gbk"), (HTML,), True),
        (b"plain", (), True),
        (b"", (), True),
        (b"<html>login</html>", (("Content-Type", "application/pdf"),), True),
        (b"<script>location='/'</script>", (("Content-Type", "application/octet-stream"),), True),
        # other things under .html
        (b"%PDF-1.4\n", (HTML,), False),
        (b"PK\x03\x04", (HTML,), False),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", (HTML,), False),
        (b"\xff\xd8\xff\xe0", (HTML,), False),
        (b"\x89PNG\r\n\x1a\n", (), False),
        (b"GIF89a", (), False),
        (b"\0\0\0 ftypmp42", (), False),
        (bytes(range(32)) * 20, (HTML,), False),
        (b"<?xml version='1.0'?><rss version='2.0'>", (("Content-Type", "text/xml"),), False),
        (b"<urlset>", (HTML,), False),
        (b"User-agent: *", (("Content-Type", "text/plain"),), False),
        (b'{"a": 1}', (("Content-Type", "application/json"),), False),
    ],
)
def test_is_html(payload: bytes, headers: tuple[tuple[str, str], ...], expected: bool) -> None:
    assert is_html(payload, headers) is expected


@given(st.binary(max_size=400))
def test_opens_any_bytes(payload: bytes) -> None:
    document = open_document(payload, uri=URI)
    assert document.root.tag == "html"
    is_html(payload)


@given(st.text(alphabet="<>/!-ab \"'=&;p\0中", max_size=200))
def test_parses_any_markup(source: str) -> None:
    assert parse(source).tag == "html"


@pytest.mark.parametrize(
    "part",
    ["<", "&", "(", "<a href='", "<p", "<!--", "</", "<!", "<?", "<script>", "<title>", "<div>", "</html>",
     "</body>a", "<font>x", "<base href=x>", "9", "</a</a", "<table><tr><td>x"],
)  # fmt: skip
def test_is_linear(part: str) -> None:
    payload = (part * (5_000_000 // len(part))).encode()
    open_document(payload, uri=URI)
    is_html(payload)
