"""WARC files as other tools make them, about three articles and their listing."""

import gc
import gzip
import warnings
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

ORIGIN = "http://news.hill.example"
ARTICLE = (
    '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="{charset}"><title>{title}-青山大学新闻网</title></head>'
    '<body><div class="nav"><a href="/list.htm">新闻</a></div><h1>{title}</h1>'
    '<p>发布时间：2026-03-0{day} 来源：宣传部</p><div class="content"><p>{text}</p><p>{text}</p></div></body></html>'
)
TEXT = "3月{day}日上午，学校在行政楼会议室召开工作会议，研究部署本学期重点工作。会议由校长主持，各学院负责同志参加了会议，并就有关问题进行了讨论。{more}"
DAYS = (1, 2, 3)

Pages = list[tuple[str, str, bytes]]
"""Target URI, Content-Type and body of each page."""


def title(day: int) -> str:
    return f"学校召开第{day}次工作会议"


def article(day: int, *, charset: str = "utf-8", more: str = "") -> bytes:
    text = TEXT.format(day=day, more=more)
    return ARTICLE.format(charset=charset, title=title(day), day=day, text=text).encode(charset)


def listing() -> bytes:
    rows = "".join(
        f'<li><span>2026-03-0{day}</span><a href="info/1001/{day}.htm">{title(day)}</a></li>' for day in DAYS
    )
    head = '<!DOCTYPE html><html><head><meta charset="utf-8"><title>新闻-青山大学新闻网</title></head><body>'
    return f'{head}<ul class="list">{rows}</ul></body></html>'.encode()


def pages(*, more: str = "") -> Pages:
    """Return a listing, three articles (one of them in GBK), a picture, and a page of another site."""
    html = "text/html; charset=utf-8"
    return [
        (f"{ORIGIN}/list.htm", html, listing()),
        (f"{ORIGIN}/info/1001/1.htm", html, article(1, more=more)),
        (f"{ORIGIN}/info/1001/2.htm", "text/html", article(2, charset="gbk", more=more)),
        (f"{ORIGIN}/logo.png", "image/png", b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
        ("http://www.elsewhere.example/info/1001/9.htm", html, article(9)),
        (f"{ORIGIN}/info/1001/3.htm", html, article(3, more=more)),
    ]


def write_with_warcio(path: Path, *, date: str = "2026-03-05T01:02:03Z", more: str = "") -> None:
    """Write a file as warcio (and so browsertrix's forebears, and many scripts) does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # warcio leaves its temporary files to the collector
        with path.open("wb") as file:
            _write_with_warcio(WARCWriter(file, gzip=True, warc_version="WARC/1.1"), path.name, date, more)
        gc.collect()


def _write_with_warcio(writer: WARCWriter, name: str, date: str, more: str) -> None:
    writer.write_record(writer.create_warcinfo_record(name, {"software": "a crawler", "isPartOf": "../../x"}))
    dated = {"WARC-Date": date}
    for uri, kind, body in pages(more=more):
        head = StatusAndHeaders(
            "200 OK", [("Content-Type", kind), ("Content-Length", str(len(body)))], protocol="HTTP/1.1"
        )
        request = StatusAndHeaders("GET / HTTP/1.1", [("Host", "news.hill.example")], is_http_request=True)
        response = writer.create_warc_record(
            uri, "response", payload=BytesIO(body), http_headers=head, warc_headers_dict=dict(dated)
        )
        asked = writer.create_warc_record(uri, "request", http_headers=request, warc_headers_dict=dict(dated))
        writer.write_request_response_pair(asked, response)


def write_record(kind: str, uri: str, block: bytes, *, number: int, more: str = "", version: str = "1.0") -> bytes:
    """Return a record with nothing but what must be there, and ``more`` fields."""
    return (
        f"WARC/{version}\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nWARC-Date: 2026-03-05T01:02:03Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012}>\r\n{more}"
        f"Content-Length: {len(block)}\r\n\r\n"
    ).encode() + block + b"\r\n\r\n"  # fmt: skip


def heritrix_records() -> list[bytes]:
    """Return records in the order of Heritrix: the response first, with chunks, then request and metadata."""
    about = b"software: Heritrix/3.5.0\r\nisPartOf: ../../x\r\n"
    records = [
        b"WARC/1.0\r\nWARC-Type: warcinfo\r\nWARC-Date: 2026-03-05T01:00:00Z\r\nWARC-Filename: x.warc.gz\r\n"
        b"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-999999999999>\r\n"
        b"Content-Type: application/warc-fields\r\nContent-Length: %d\r\n\r\n" % len(about) + about + b"\r\n\r\n"
    ]
    for number, (uri, kind, body) in enumerate(pages()):
        response = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        response += b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"
        to = f"WARC-Concurrent-To: <urn:uuid:00000000-0000-4000-8000-{3 * number:012}>\r\n"
        http = "Content-Type: application/http; msgtype="
        records += [
            write_record("response", uri, response, number=3 * number, more=f"{http}response\r\n"),
            write_record("request", uri, b"GET / HTTP/1.0\r\n\r\n", number=3 * number + 1, more=f"{to}{http}request\r\n"),
            write_record(
                "metadata", uri, b"via: http://x/\r\nhopsFromSeed: L\r\n\r\n", number=3 * number + 2,
                more=f"{to}Content-Type: application/warc-fields\r\n",
            ),
        ]  # fmt: skip
    return records


def by_record(records: list[bytes]) -> bytes:
    """Compress each record by itself."""
    return b"".join(gzip.compress(record, mtime=0) for record in records)


def as_a_whole(records: list[bytes]) -> bytes:
    """Compress all records in one gzip member."""
    return gzip.compress(b"".join(records), mtime=0)


def with_zstd(records: list[bytes]) -> bytes:
    """Compress each record in a zstd frame (IIPC, Zstandard Compression for WARC Files)."""
    from pipelines.store.members import zstd

    return b"".join(zstd.compress(record) for record in records)


FORMS: dict[str, tuple[str, Callable[[list[bytes]], bytes]]] = {
    "gzip by record": ("heritrix.warc.gz", by_record),
    "gzip as a whole": ("whole.warc.gz", as_a_whole),
    "zstd": ("modern.warc.zst", with_zstd),
    "not compressed": ("plain.warc", b"".join),
}
"""How a file of records may be compressed: its name, and what makes its bytes."""


def content(data: bytes) -> bytes:
    """Return the uncompressed bytes of gzip members."""
    parts = []
    while data:
        member = zlib.decompressobj(31)
        parts.append(member.decompress(data))
        data = member.unused_data
    return b"".join(parts)
