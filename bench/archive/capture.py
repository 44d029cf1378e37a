"""What capture costs: processor time per page against Scrapy's own handler, and per exchange of the WARC store.

Usage: ``python -m bench.archive.capture [--pages N] [--rounds N] [--html DIR]``. Everything is measured in the same run, on
loopback; each figure is the least of its rounds. ``--html``: a folder of pages to serve; without it one page is made.
"""

import argparse
import asyncio
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

PAGE = (
    "<html><head><title>学校要闻</title></head><body>"
    + "<p class=a>大学新闻 <a href=/info/1021/%d.htm>详情</a></p>" * 400
).encode()


def pages(folder: Path | None) -> list[bytes]:
    """Return the pages to serve."""
    if folder is None:
        return [PAGE.replace(b"%d", b"%d" % number) for number in range(50)]
    return [path.read_bytes() for path in sorted(folder.rglob("*.htm*"))]


def to_response(body: bytes) -> bytes:
    """Return the bytes of a response."""
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def serve(folder: Path | None) -> None:
    """Serve the pages on loopback, one after the other; the port is the first line printed."""
    responses = [to_response(body) for body in pages(folder)]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                writer.write(responses[int(request.split(b" ")[1][1:]) % len(responses)])
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def run() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    asyncio.run(run())


def crawl(mode: str, port: int, count: int) -> None:
    """Fetch the pages in this process, and print the processor milliseconds per page."""
    import scrapy
    from scrapy.crawler import CrawlerProcess

    from newsspider.capture.warcfile import WarcWriter

    class Visitor(scrapy.Spider):
        name = "visitor"

        async def start(self):
            for number in range(count):
                yield scrapy.Request(f"http://127.0.0.1:{port}/{number}", dont_filter=True)

        def parse(self, response):
            assert response.status == 200

    settings = {
        "LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False, "CONCURRENT_ITEMS": 4, "COOKIES_ENABLED": False,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16, "DOWNLOAD_DELAY": 0, "ROBOTSTXT_OBEY": False, "RETRY_ENABLED": False,
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        writer = WarcWriter(Path(folder), "bench", run="bench", about={}, clock=lambda: datetime.now(UTC))
        if mode == "capture and WARC":
            Visitor.keep = lambda self, exchange, request: writer.append(exchange)
        if mode != "Scrapy's own handler":
            handler = "newsspider.capture.handler.WireDownloadHandler"
            settings |= {"DOWNLOAD_HANDLERS": {"http": handler, "https": handler}, "CAPTURE_ALLOW_PRIVATE": True}
        process = CrawlerProcess(settings)
        process.crawl(Visitor)
        start = process_time()
        process.start()
        print((process_time() - start) / count * 1000)
        writer.close()


def store(folder: Path | None, rounds: int) -> None:
    """Print what writing and reading exchanges takes, beside warcio and FastWARC reading the same file."""
    from fastwarc.warc import ArchiveIterator
    from warcio.archiveiterator import ArchiveIterator as WarcioIterator

    from newsspider.capture.warcfile import WarcWriter, warc_files
    from pipelines.model import Exchange
    from pipelines.store.conformance import check_warc
    from pipelines.store.warc import read_captures

    bodies = pages(folder)
    exchanges = [
        Exchange(
            target_uri=f"http://news.example/{number}",
            started_at=datetime(2024, 1, 1, tzinfo=UTC),
            request=b"GET /%d HTTP/1.1\r\nHost: news.example\r\n\r\n" % number,
            response=to_response(bodies[number % len(bodies)]),
            ip="192.0.2.1",
        )
        for number in range(1000)
    ]
    with tempfile.TemporaryDirectory() as name:
        target = Path(name)

        def write() -> None:
            for leftover in target.iterdir():
                leftover.unlink()
            writer = WarcWriter(target, "bench", run="bench", about={}, clock=lambda: datetime.now(UTC))
            for exchange in exchanges:
                writer.append(exchange)
            writer.close()

        def warcio() -> None:
            with warc_files(target)[0].open("rb") as file:
                for record in WarcioIterator(file):
                    record.content_stream().read()

        def fastwarc() -> None:
            with warc_files(target)[0].open("rb") as file:
                for record in ArchiveIterator(file, parse_http=True):
                    record.reader.read()

        for title, work in (
            ("write, with digests and index", write),
            ("read as captures, with payload digests", lambda: list(read_captures(warc_files(target)[0]))),
            ("check every clause", lambda: list(check_warc(warc_files(target)[0]))),
            ("warcio: read records", warcio),
            ("FastWARC: read records", fastwarc),
        ):
            times = []
            for _ in range(rounds):
                start = process_time()
                work()
                times.append(process_time() - start)
            print(f"{title:45}{min(times) / len(exchanges) * 1000:8.3f} ms/exchange")


def main() -> None:
    """Run the benchmark, or the part of it that a process of its own does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--html", type=Path)
    parser.add_argument("--part", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part == ["serve"]:
        serve(options.html)
        return
    if options.part:
        mode, port = options.part
        crawl(mode, int(port), options.pages)
        return
    html = ["--html", str(options.html)] if options.html else []
    command = [sys.executable, __file__, "--pages", str(options.pages), *html, "--part"]
    with subprocess.Popen([*command, "serve"], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = server.stdout.readline().strip()
        modes = ("Scrapy's own handler", "capture", "capture and WARC")
        figures: dict[str, list[float]] = {mode: [] for mode in modes}
        try:
            for mode in modes * options.rounds:
                told = subprocess.run([*command, mode, port], stdout=subprocess.PIPE, text=True, check=True).stdout
                figures[mode].append(float(told))
        finally:
            server.terminate()
    for mode, times in figures.items():
        print(f"{mode:45}{min(times):8.3f} ms/page")
    store(options.html, options.rounds)


if __name__ == "__main__":
    main()
