"""A university news site on loopback, made to be crawled under torture: listings, articles, files, three editions.

Between two editions articles are new, edited, removed and brought back. Every second article has an ETag, the
others are sent in full each time, some of them in chunks: so a crawl writes responses and both kinds of revisit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

EDITIONS = (1, 2, 3)

ROWS = 25
"""Articles on one page of the listing."""

SITE = """\
id = "hill"
name = "Hill University News"
seeds = ["{origin}/xw/list.htm"]
[politeness]
delay = 0
concurrency = {concurrency}
timeout = 20
[revisit]
listing_days = 1
deep_days = 1
article_days = 1
article_max_days = 1
"""
"""Everything is due again on the next day of the simulated calendar."""

PLACES = ("图书馆", "体育馆", "行政楼", "科技园", "实验楼", "大礼堂", "国际交流中心")
MATTERS = ("教学工作", "科研管理", "招生就业", "校园建设", "对外合作", "学风建设", "实验室安全", "文化传承")


class Website:
    """The site in its present edition. ``edition`` may be changed while it is served."""

    def __init__(self, articles: int) -> None:
        """``articles``: how many the first edition has."""
        self.articles = articles
        self.edition = 1

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """Return status, content type and body for a path."""
        return _pages(self.articles, self.edition).get(path, (404, "text/html", b"<h1>404 Not Found</h1>"))

    def write_site_file(self, origin: str, *, concurrency: int = 2) -> str:
        """Return the text of the site file."""
        return SITE.format(origin=origin, concurrency=concurrency)


def numbers(articles: int, edition: int) -> list[int]:
    """Return the numbers of the articles that an edition lists, the newest first."""
    held = range(1, articles + 1 + (edition - 1) * max(articles // 30, 1))
    return [number for number in reversed(held) if not _is_gone(number, edition)]


def _is_gone(number: int, edition: int) -> bool:
    """From the second edition on every 20th article is gone; half of these are back in the third."""
    return number % 20 == 7 and (edition == 2 or (edition == 3 and number % 40 == 7))


def _text_edition(number: int, edition: int) -> int:
    """Return in which edition the text was written that this edition shows."""
    return max(one for one in EDITIONS if one <= edition and (one == 1 or number % 9 == one))


@cache
def _pages(articles: int, edition: int) -> dict[str, tuple[int, str, bytes]]:
    listed = numbers(articles, edition)
    pages = {
        "/robots.txt": (200, "text/plain", b"User-agent: *\nDisallow: /private/\n"),
        "/moved.htm": (302, "/xw/list.htm", b""),
    }
    for number in listed:
        pages[f"/info/1001/{number}.htm"] = (200, "text/html; charset=utf-8", _article(number, edition).encode())
        if number % 10 == 3:
            pages[f"/files/{number}.pdf"] = (200, "application/pdf", b"%PDF-1.4\n" + b"%d " % number * 3000)
    parts = [listed[at : at + ROWS] for at in range(0, len(listed), ROWS)]
    for page, part in enumerate(parts):
        pages[_listing_path(page)] = (200, "text/html; charset=utf-8", _listing(part, page, len(parts)).encode())
    return pages


def _listing_path(page: int) -> str:
    return f"/xw/list{page + 1 if page else ''}.htm"


def _title(number: int) -> str:
    return f"学校在{PLACES[number % 7]}召开第{number}次{MATTERS[number % 8]}会议"


def _date(number: int) -> str:
    return f"2026-{number // 28 % 12 + 1:02}-{number % 28 + 1:02}"


def _listing(part: list[int], page: int, pages: int) -> str:
    rows = "".join(
        f'<li><span>{_date(number)}</span><a href="/info/1001/{number}.htm">{_title(number)}</a></li>'
        for number in part
    )
    following = f'<a href="{_listing_path(page + 1)}">下一页</a>' if page + 1 < pages else ""
    extra = (
        '<a href="/private/1.htm">内部通知公告汇总</a><a href="/moved.htm">学校新闻总览页面</a>'
        if page == 0
        else ""
    )
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>新闻-青山大学新闻网</title></head>'
        f'<body><div class="nav">{extra}</div><ul class="list">{rows}</ul>'
        f'<div class="pages">{following}</div></body></html>'
    )


def _article(number: int, edition: int) -> str:
    written = _text_edition(number, edition)
    place, matter = PLACES[number % 7], MATTERS[number % 8]
    paragraphs = [
        f"本网讯（第{written}版）{number % 12 + 1}月{number % 28 + 1}日上午，学校在{place}召开第{number}次{matter}会议，"
        f"研究部署本学期{matter}的重点任务。会议由校长主持，各学院负责同志参加了会议，并就有关问题进行了讨论。",
        f"会议听取了第{number * 7 % 101}号工作报告，审议通过了关于{matter}的{number * 3}项具体措施，要求各单位认真落实，"
        f"确保各项工作取得实效。与会人员还参观了{place}，对有关情况进行了实地调研，并提出了意见和建议。",
    ]
    file = f'<p>附件：<a href="/files/{number}.pdf">会议材料{number}.pdf</a></p>' if number % 10 == 3 else ""
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{_title(number)}-青山大学新闻网</title></head>'
        f'<body><div class="nav"><a href="/xw/list.htm">新闻</a></div><h1>{_title(number)}</h1>'
        f"<p>发布时间：{_date(number)} 来源：宣传部</p>"
        f'<div class="content"><p>{paragraphs[0]}</p><p>{paragraphs[1]}</p>{file}</div>'
        f'<div class="footer">版权所有 青山大学</div></body></html>'
    )


@contextmanager
def served(website: Website) -> Iterator[str]:
    """Serve a site while the block runs; yields the origin, ``http://127.0.0.1:<port>``."""

    class Conversation(_Conversation):
        site = website

    server = ThreadingHTTPServer(("127.0.0.1", 0), Conversation)
    server.daemon_threads = True  # clients that are killed never say good-bye
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Conversation(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    site: Website

    def do_GET(self) -> None:
        status, kind, body = self.site.answer(self.path)
        digest = hashlib.sha256(body).hexdigest()
        tag = f'"{digest[:16]}"' if status == 200 and int(digest, 16) % 2 else None
        if tag and self.headers.get("If-None-Match") == tag:
            status, body = 304, b""
        self.send_response(status)
        if tag:
            self.send_header("ETag", tag)
        self.send_header("Location" if status == 302 else "Content-Type", kind)
        if status == 304:
            self.end_headers()
        elif int(digest, 16) % 3 == 0 and body:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))
        else:
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except ConnectionError:  # the client was killed
            self.close_connection = True

    def finish(self) -> None:
        try:
            super().finish()
        except ConnectionError:
            self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Say nothing on the terminal."""
