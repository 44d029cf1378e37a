"""``make bench-scale``: many sites in one process, and one site with a million known addresses.

Prints how much memory the process held, and how many files it had open, over the course of the crawl. The server
is a process of its own and answers on every address of 127.0.0.0/8, so each site has its own host and budget.
"""

import argparse
import asyncio
import multiprocessing
import os
import re
import resource
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from newsspider.archive.folder import Archive
from newsspider.archive.views import SCHEMA
from newsspider.crawl.process import Result, crawl_all, run_reactor
from newsspider.crawl.run import begin_run
from newsspider.frontier.ledger import Ledger
from newsspider.sites import parse_site
from pipelines.model import Capture, FoundBy, Hints, Item, Listing, Outcome, PageKind, Reading

OPEN_FILES = 1024
"""The usual limit of a process (``ulimit -n``)."""

LAST_YEAR = datetime(2025, 3, 1, tzinfo=UTC)

POINTS = 12
"""Lines of the printed curve."""

SITE = 'id = "{id}"\nname = "{id}"\nseeds = ["{seed}"]\n[politeness]\ndelay = 0\n'

HEAD = '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}-青山大学新闻网</title></head><body>'
TEXT = "会议强调，各学院要认真学习贯彻会议精神，结合实际制定工作方案，把第{number}项任务落到实处，确保取得实效。"


def answer(path: str, rows: int, pages: int) -> bytes | None:
    """Return the page at a path: a listing of so many pages with so many rows each, or one of its articles."""
    if match := re.fullmatch(r"/list(\d*)\.htm", path):
        page = int(match[1] or 1)
        items = "".join(
            f'<li><span>20{26 - number % 10}-03-0{1 + number % 9}</span><a href="/info/{number}.htm">第{number}次会议召开</a></li>'
            for number in range((page - 1) * rows, page * rows)
        )
        following = f'<a href="/list{page + 1}.htm">下一页</a>' if page < pages else ""
        return f"{HEAD.format(title='新闻')}<ul class='list'>{items}</ul><div class='page'>{following}</div></body></html>".encode()
    if match := re.fullmatch(r"/info/(\d+)\.htm", path):
        number = int(match[1])
        text = "".join(f"<p>{TEXT.format(number=number + part)}</p>" for part in range(6))
        return (
            f"{HEAD.format(title=f'第{number}次会议召开')}<h1>第{number}次会议召开</h1>"
            f"<p>发布时间：2026-03-0{1 + number % 9} 来源：宣传部</p><div class='content'>{text}</div></body></html>"
        ).encode()
    return None


def serve(listening: socket.socket, rows: int, pages: int) -> None:
    """Answer until killed."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                body = answer(head.split(b" ", 2)[1].decode(), rows, pages)
                status, body = ("200 OK", body) if body is not None else ("404 Not Found", b"not found")
                writer.write(
                    f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                    + body
                )
        except (asyncio.IncompleteReadError, ConnectionResetError):
            writer.close()

    async def main() -> None:
        server = await asyncio.start_server(connected, sock=listening)
        await server.serve_forever()

    asyncio.run(main())


@contextmanager
def served(rows: int, pages: int) -> Iterator[int]:
    """Serve in another process while the block runs; yields the port."""
    # Every address of 127.0.0.0/8 is this machine.
    with socket.create_server(("0.0.0.0", 0), backlog=1000) as listening:
        process = multiprocessing.get_context("fork").Process(
            target=serve, args=(listening, rows, pages), daemon=True
        )
        process.start()
        yield listening.getsockname()[1]
        process.kill()
        process.join()


@dataclass(frozen=True, slots=True)
class Sample:
    seconds: float
    requests: int
    resident_mb: float
    open_files: int


class Watcher:
    """Samples the process from a thread of its own, so that nothing that blocks the crawl goes unseen."""

    def __init__(self) -> None:
        self.samples: list[Sample] = []
        self.requests = 0
        self._began = time.monotonic()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._ended.wait(1):
            status = Path("/proc/self/status").read_text()
            resident = int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024
            files = sum(1 for _ in Path("/proc/self/fd").iterdir())
            self.samples.append(Sample(time.monotonic() - self._began, self.requests, resident, files))

    def close(self) -> None:
        self._ended.set()
        self._thread.join()

    def show(self) -> None:
        """Print the curve, and the most of everything."""
        print(f"{'seconds':>8}  {'requests':>9}  {'resident MB':>11}  {'open files':>10}")
        step = -(-len(self.samples) // POINTS)
        for one in (*self.samples[::step], self.samples[-1]):
            print(f"{one.seconds:8.0f}  {one.requests:9,}  {one.resident_mb:11.0f}  {one.open_files:10}")
        most = max(one.resident_mb for one in self.samples)
        print(f"at most {most:.0f} MB resident, {max(one.open_files for one in self.samples)} files open")


def crawl(folder: Path, sites: list[tuple[str, str]], limit: int) -> list[Result]:
    """Crawl sites, id and seed each, and print the curve."""
    entries = [parse_site(SITE.format(id=id, seed=seed), name=id, allow_private=True) for id, seed in sites]
    run = begin_run(Archive(folder / "archive"), allow_private=True, limit=limit)
    watcher = Watcher()

    def watch(tallies: dict[str, object]) -> None:
        watcher.requests = sum(tally.requests for tally in tallies.values())

    try:
        results = run_reactor(lambda: crawl_all(run, entries, {"LOG_LEVEL": "ERROR"}, watch))
    finally:
        watcher.close()
    watcher.show()
    return results


def many_sites(folder: Path, count: int, articles: int) -> None:
    print(f"{count:,} sites of {articles} articles in one process, {OPEN_FILES} files allowed")
    with served(articles, 1) as port:
        hosts = [f"127.{1 + number // 62500}.{number // 250 % 250}.{1 + number % 250}" for number in range(count)]
        sites = [(f"s{number}", f"http://{host}:{port}/list.htm") for number, host in enumerate(hosts)]
        results = crawl(folder, sites, 0)
    done = sum(result.tally.articles == articles and result.error is None for result in results)
    print(f"{done:,} of {count:,} sites crawled whole; {sum(r.tally.articles for r in results):,} articles")
    for result in results:
        if result.error is not None:
            print(result.site.id, result.error)


def fill(folder: Path, seed: str, addresses: int, rows: int) -> None:
    """Enter listings with so many articles into the ledger of a site, as if they had been crawled last year."""
    site = parse_site(SITE.format(id="large", seed=seed), name="large", allow_private=True)
    path = folder / "archive" / "sites" / "large" / "ledger.sqlite"
    ledger = Ledger(path, site, more_schema=SCHEMA)
    origin = seed.rpartition("/")[0]
    for page in range(addresses // rows):
        items = tuple(
            Item(title=f"第{number}次会议召开", href=f"{origin}/info/{number}.htm", date="2026-03-01")
            for number in range(page * rows, (page + 1) * rows)
        )
        reading = Reading(outcome=Outcome.OK, kind=PageKind.LISTING, listing=Listing(section="新闻", items=items))
        hints = Hints(found_by=FoundBy.PAGING if page else FoundBy.SEED, found_on=seed if page else None)
        uri = f"{origin}/list{page + 1}.htm" if page else seed
        ledger.apply(Capture(target_uri=uri, captured_at=LAST_YEAR, status=200, hints=hints, run="r"), reading)
        ledger.commit()
    ledger.close()


def large_site(folder: Path, addresses: int, fetched: int) -> None:
    rows = 1000
    print(f"a site with {addresses:,} known addresses, of which {fetched:,} are fetched")
    with served(rows, addresses // rows) as port:
        seed = f"http://127.0.0.1:{port}/list.htm"
        fill(folder, seed, addresses, rows)
        print("known: the rest is the real spider")
        (result,) = crawl(folder, [("large", seed)], fetched)
    assert result.error is None, result.error
    ledger = folder / "archive" / "sites" / "large" / "ledger.sqlite"
    print(f"{result.tally.articles:,} articles; ledger {ledger.stat().st_size / 1e6:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("sites", "addresses"))
    parser.add_argument("--sites", type=int, default=1000)
    parser.add_argument("--articles", type=int, default=15, help="articles of each of the sites")
    parser.add_argument("--addresses", type=int, default=1_000_000, help="articles that the large site lists")
    parser.add_argument("--fetched", type=int, default=3000, help="articles of it that are fetched")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    sys.stdout.reconfigure(line_buffering=True)
    with tempfile.TemporaryDirectory() as name:
        os.environ["XDG_STATE_HOME"] = name
        if options.what == "sites":
            many_sites(Path(name), options.sites, options.articles)
        else:
            large_site(Path(name), options.addresses, options.fetched)


if __name__ == "__main__":
    main()
