"""A small university site on loopback that lives and breaks, and the real spider that visits it day by day."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from newsspider.archive.folder import Archive
from newsspider.clock import SimulatedClock
from newsspider.crawl.process import Crawl
from newsspider.crawl.run import begin_run
from newsspider.operation.report import read_last_report
from newsspider.operation.status import Verdict, judge
from newsspider.sites import parse_site
from tests import reactor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsspider.crawl.process import Result

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
ROWS = 10
TEXT = (
    "<p>3月{day}日上午，学校在行政楼会议室召开第{number}次工作会议，研究部署本学期重点工作。会议由校长主持，各学院负责同志参加。</p>"
    "<p>会议指出，要认真总结上一阶段的经验，进一步完善制度，把第{number}项任务落到实处，确保取得实效，推动学校事业发展。</p>"
)
HEAD = '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}-青山大学新闻网</title></head><body>'
MENU = '<div class="nav"><a href="/index.htm">首页</a><a href="/list.htm">要闻</a><a href="/tzgg.htm">通知公告</a></div>'
CHALLENGE = (
    '<html><head><script>$_ts=window["$_ts"];if(!$_ts)$_ts={};$_ts.nsd=1;</script>'
    '<script src="/c/FxJzG50F.js" r="m"></script></head><body></body></html>'
)


class LivingSite:
    """Two sections with articles of which some are new every day. ``state`` says what is wrong with it."""

    def __init__(self) -> None:
        self.state = "well"
        self.numbers = {"list": list(range(1, 26)), "tzgg": list(range(101, 111))}
        self.failing: set[str] = set()
        """Paths that are answered with an error."""
        self.elsewhere = ""
        """Where everything has moved to."""

    def publish(self, count: int) -> None:
        """Publish articles in the first section."""
        last = self.numbers["list"][-1]
        self.numbers["list"] += range(last + 1, last + 1 + count)

    def answer(self, path: str) -> tuple[int, dict[str, str], str]:
        """Return status, headers and body for a path."""
        if path == "/robots.txt":
            return 404, {}, "not found"
        if self.state == "wall":
            return 412, {}, CHALLENGE
        if self.state == "moved":
            return 301, {"Location": f"{self.elsewhere}{path}"}, ""
        if self.state == "down" or path in self.failing:
            return 500, {}, "error"
        if path == "/index.htm":
            return 200, {}, HEAD.format(title="首页") + MENU + "<h2>青山大学新闻网</h2></body></html>"
        if path.startswith("/info/"):
            return 200, {}, self._article(int(path.rpartition("/")[2].removesuffix(".htm")))
        section, _, page = path[1:].removesuffix(".htm").partition("-")
        if section in self.numbers and (self.state != "section-lost" or section != "tzgg"):
            return 200, {}, self._listing(section, int(page or 1))
        return 404, {}, "<html><head><title>404</title></head><body>not found</body></html>"

    def _article(self, number: int) -> str:
        title = f"学校召开第{number}次工作会议"
        text = TEXT.format(day=1 + number % 28, number=number)
        if self.state == "scripted":  # the text comes by script
            return f'{HEAD.format(title="新闻")}{MENU}<div id="app"></div><p>版权所有 青山大学</p></body></html>'
        if self.state == "no-articles":  # all that is left is a box of links
            links = "".join(f'<li><a href="/zt/{one}/">专题报道第{one}辑</a></li>' for one in range(30))
            return f"{HEAD.format(title='专题')}{MENU}<ul>{links}</ul><p>版权所有 青山大学</p></body></html>"
        if self.state == "redesign":  # date and source have gone into images
            return (
                f'{HEAD.format(title=title)}{MENU}<h1>{title}</h1><div class="content">{text}</div></body></html>'
            )
        line = f"<p>发布时间：2026-02-{1 + number % 28:02} 来源：宣传部</p>"
        return (
            f'{HEAD.format(title=title)}{MENU}<h1>{title}</h1>{line}<div class="content">{text}</div></body></html>'
        )

    def _listing(self, section: str, page: int) -> str:
        numbers = self.numbers[section][::-1]
        dated = self.state != "redesign"
        rows = "".join(
            f'<li>{f"<span>2026-02-{1 + number % 28:02}</span>" if dated else ""}<a href="/info/1001/{number}.htm">学校召开第{number}次工作会议</a></li>'
            for number in numbers[(page - 1) * ROWS : page * ROWS]
        )
        more = f'<a href="/{section}-{page + 1}.htm">下一页</a>' if page * ROWS < len(numbers) else ""
        if self.state == "dead-listings" or (self.state == "dead-pages" and page > 1):
            rows, more = '<li id="rows">加载中</li>', ""
        title = {"list": "要闻", "tzgg": "通知公告"}[section]
        return f'{HEAD.format(title=title)}{MENU}<ul class="list">{rows}</ul><div class="page">{more}</div></body></html>'


@contextmanager
def served(site: LivingSite) -> Iterator[str]:
    """Serve a site while the block runs; yields its origin."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            """Say nothing on the terminal."""

        def do_GET(self) -> None:
            status, headers, body = site.answer(self.path)
            data = body.encode()
            tag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
            if status == 200 and self.headers["If-None-Match"] == tag:
                status, data = 304, b""
            self.send_response(status)
            for name, value in {"Content-Type": "text/html", "ETag": tag, **headers}.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:
            """Mind no connection that the crawl closes."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Keeper:
    """Visits a site day by day with the real spider."""

    def __init__(self, folder: Path, origin: str, *, start: datetime = START) -> None:
        self.archive = Archive(folder / "archive")
        self.clock = SimulatedClock(start)
        text = (
            f'id = "hill"\nname = "青山大学"\nseeds = ["{origin}/list.htm"]\n[politeness]\ndelay = 0\ntimeout = 5\n'
        )
        self.site = parse_site(text, name="hill", allow_private=True)

    def run(self) -> Result:
        """Make one run."""
        run = begin_run(self.archive, clock=self.clock, allow_private=True)

        async def main() -> list[Result]:
            crawl = Crawl(run, {"LOG_LEVEL": "ERROR"})
            return await asyncio.wait_for(crawl.run_sites([self.site], lambda _: None), 60)

        (result,) = reactor.run(main)
        run.budget.close()
        return result

    def next_day(self) -> Result:
        """Make a run on the next day."""
        self.clock.move_to(self.clock.now() + timedelta(days=1))
        return self.run()

    @property
    def verdict(self) -> Verdict:
        """What ``newsspider status`` says now."""
        return judge(read_last_report(self.archive.site_folder("hill")), self.clock.now())
