"""The demo's server speaks HTTP as the crawl needs it, and its log says what it was asked."""

import gzip
import http.client
import socket
from collections.abc import Iterator

import pytest

from newsspider.demo import PORTS, DemoWeb
from pipelines.errors import InputError

ANY_PORTS = (0, 0, 0)
LANSHAN, WANGXI, MIRROR = range(3)


@pytest.fixture(scope="module")
def web() -> Iterator[DemoWeb]:
    with DemoWeb(ports=ANY_PORTS) as web:
        yield web


def ask(
    web: DemoWeb, site: int, path: str, *, method: str = "GET", headers: dict[str, str] | None = None
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", web.ports[site], timeout=10)
    try:
        connection.request(method, path, headers=headers or {})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("site", "path", "content_type", "charset", "words"),
    [
        (LANSHAN, "/index.htm", "text/html; charset=UTF-8", "utf-8", "澜山要闻"),
        (WANGXI, "/a/xinwen/2019/1226/163.html", "text/html", "gbk", "周喆"),
        (WANGXI, "/a/tongzhi/2022/0321/199.html", "text/html; charset=utf-8", "gbk", "线上教学"),
        (MIRROR, "/Item/5127.html", "text/html; charset=utf-8", "utf-8", "會(huì)議指出"),
        (LANSHAN, "/style/style.css", "text/css", "ascii", "body"),
        (LANSHAN, "/robots.txt", "text/plain", "ascii", "User-agent: *"),
        (WANGXI, "/robots.txt", "text/plain", "ascii", "Disallow: /plus/search.php"),
        (MIRROR, "/robots.txt", "text/plain", "ascii", "Disallow: /User/"),
    ],
)
def test_a_page_comes_in_its_sites_charset(
    web: DemoWeb, site: int, path: str, content_type: str, charset: str, words: str
) -> None:
    response, body = ask(web, site, path)
    assert response.status == 200
    assert response.getheader("Content-Type") == content_type
    assert words in body.decode(charset)


def test_the_wrongly_declared_page_is_not_the_charset_it_claims(web: DemoWeb) -> None:
    response, body = ask(web, WANGXI, "/a/tongzhi/2022/0321/199.html")
    assert response.getheader("Content-Type") == "text/html; charset=utf-8"
    assert b"charset=gb2312" in body
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")


@pytest.mark.parametrize(
    ("site", "sent", "condition"),
    [
        (LANSHAN, "ETag", "If-None-Match"),
        (LANSHAN, "Last-Modified", "If-Modified-Since"),
        (WANGXI, "Last-Modified", "If-Modified-Since"),
        (MIRROR, "ETag", "If-None-Match"),
    ],
)
def test_an_unchanged_page_is_answered_with_304(web: DemoWeb, site: int, sent: str, condition: str) -> None:
    first, _ = ask(web, site, "/")
    validator = first.getheader(sent)
    assert validator is not None
    second, body = ask(web, site, "/", headers={condition: validator})
    assert (second.status, body) == (304, b"")
    assert second.getheader(sent) == validator
    assert second.getheader("Content-Type") is None


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": '"other"'},
        {"If-Modified-Since": "Thu, 11 Jun 2026 10:30:00 GMT"},
        {"If-Modified-Since": "yesterday"},
        {"If-None-Match": '"other"', "If-Modified-Since": "Fri, 12 Jun 2026 10:30:00 GMT"},  # the tag decides
    ],
)
def test_a_page_is_sent_when_the_condition_does_not_hold(web: DemoWeb, headers: dict[str, str]) -> None:
    assert ask(web, LANSHAN, "/index.htm", headers=headers)[0].status == 200


@pytest.mark.parametrize("tags", ['"other", {}', "W/{}", "*"])
def test_tags_are_compared_weakly_one_by_one(web: DemoWeb, tags: str) -> None:
    tag = ask(web, LANSHAN, "/index.htm")[0].getheader("ETag")
    assert ask(web, LANSHAN, "/index.htm", headers={"If-None-Match": tags.format(tag)})[0].status == 304


def test_a_site_sends_only_its_own_validators(web: DemoWeb) -> None:
    responses = [ask(web, site, "/")[0] for site in (LANSHAN, WANGXI, MIRROR)]
    assert [response.getheader("ETag") is not None for response in responses] == [True, False, True]
    assert [response.getheader("Last-Modified") is not None for response in responses] == [True, True, False]


def test_head_has_the_headers_of_get_and_no_body(web: DemoWeb) -> None:
    get, page = ask(web, LANSHAN, "/tzgg.htm")
    head, body = ask(web, LANSHAN, "/tzgg.htm", method="HEAD")
    assert (head.status, body) == (200, b"")
    assert head.getheader("Content-Length") == str(len(page))
    assert head.getheader("ETag") == get.getheader("ETag")


def test_the_mirror_compresses_for_those_who_ask(web: DemoWeb) -> None:
    plain, page = ask(web, MIRROR, "/")
    packed, body = ask(web, MIRROR, "/", headers={"Accept-Encoding": "br, gzip;q=0.8"})
    refused, _ = ask(web, MIRROR, "/", headers={"Accept-Encoding": "gzip;q=0"})
    assert [response.getheader("Content-Encoding") for response in (plain, packed, refused)] == [None, "gzip", None]
    assert gzip.decompress(body) == page
    assert packed.getheader("Vary") == "Accept-Encoding"


def test_the_old_address_leads_to_the_article(web: DemoWeb) -> None:
    old = "/content.jsp?urltype=news.NewsContentUrl&wbtreeid=1043&wbnewsid=3790"
    response, _ = ask(web, LANSHAN, old)
    assert (response.status, response.getheader("Location")) == (302, "/info/1043/3790.htm")
    assert ask(web, LANSHAN, "/info/1043/3790.htm")[0].status == 200


@pytest.mark.parametrize(
    ("site", "charset", "words"),
    [(LANSHAN, "utf-8", "页面不存在"), (WANGXI, "gbk", "无法找到该页"), (MIRROR, "utf-8", "不存在或已被刪除")],
)
def test_what_a_site_does_not_have_is_a_404_page(web: DemoWeb, site: int, charset: str, words: str) -> None:
    response, body = ask(web, site, "/nowhere.htm")
    assert response.status == 404
    assert words in body.decode(charset)


def test_the_mirrors_mobile_edition_is_a_soft_404(web: DemoWeb) -> None:
    gone, missing = ask(web, MIRROR, "/m/"), ask(web, MIRROR, "/nowhere.html")
    assert gone[0].status == 200
    assert gone[1] == missing[1]


def test_a_connection_is_kept_alive(web: DemoWeb) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", web.ports[LANSHAN], timeout=10)
    try:
        for path in ("/index.htm", "/nowhere.htm", "/tzgg.htm"):
            connection.request("GET", path)
            connection.getresponse().read()
            assert connection.sock is not None
    finally:
        connection.close()


def test_the_log_says_what_was_asked() -> None:
    with DemoWeb(ports=ANY_PORTS) as web:
        ask(web, WANGXI, "/a/xinwen/")
        ask(
            web, WANGXI, "/a/xinwen/", method="HEAD", headers={"If-Modified-Since": "Fri, 12 Jun 2026 10:30:00 GMT"}
        )
        ask(web, MIRROR, "/nowhere.html")
        wangxi, mirror = (f"127.0.0.1:{web.ports[site]}" for site in (WANGXI, MIRROR))
        assert [(r.host, r.method, r.path, r.status, r.conditional) for r in web.requests] == [
            (wangxi, "GET", "/a/xinwen/", 200, False),
            (wangxi, "HEAD", "/a/xinwen/", 304, True),
            (mirror, "GET", "/nowhere.html", 404, False),
        ]
        times = [request.time for request in web.requests]
        assert times == sorted(times)
        assert all(time.utcoffset() is not None for time in times)


def test_switching_puts_the_other_version_online() -> None:
    with DemoWeb(ports=ANY_PORTS) as web:
        new, edited, removed = (
            (LANSHAN, "/info/1044/3851.htm"),
            (WANGXI, "/a/tongzhi/2026/0312/251.html"),
            (MIRROR, "/Item/8033.html"),
        )
        assert [ask(web, *page)[0].status for page in (new, edited, removed)] == [404, 200, 200]
        before = ask(web, *edited)[0].getheader("Last-Modified")
        web.switch(2)
        assert web.version == 2
        assert [ask(web, *page)[0].status for page in (new, edited, removed)] == [200, 200, 404]
        held = {"If-Modified-Since": before or ""}
        assert ask(web, *edited, headers=held)[0].status == 200
        assert ask(web, WANGXI, "/a/tongzhi/2018/0615/125.html", headers=held)[0].status == 304


def test_a_taken_port_is_named_in_one_sentence_and_the_others_are_let_go() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.create_server(("127.0.0.1", 0)) as free:
        ports = (free.getsockname()[1], taken.getsockname()[1], 0)
        free.close()
        web = DemoWeb(ports=ports)
        with pytest.raises(
            InputError, match=rf"port {ports[1]} of 127\.0\.0\.1.*choose other ports with --port\.$"
        ):
            web.start()
        with socket.create_server(("127.0.0.1", ports[0])):
            assert web.ports == ports


def test_stopping_ends_open_connections_and_frees_the_ports() -> None:
    web = DemoWeb(ports=ANY_PORTS)
    web.start()
    ports = web.ports
    with socket.create_connection(("127.0.0.1", ports[LANSHAN]), timeout=10) as idle:
        idle.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert idle.recv(4096).startswith(b"HTTP/1.1 200 ")
        web.stop()
        assert idle.recv(4096) == b""
    with DemoWeb(ports=ports) as again:
        assert again.ports == ports


def test_there_are_two_versions() -> None:
    with pytest.raises(ValueError, match="versions 1, 2, not 3"):
        DemoWeb(3)


def test_the_default_ports_are_fixed() -> None:
    assert PORTS == (8791, 8792, 8793)
