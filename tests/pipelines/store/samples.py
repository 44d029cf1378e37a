"""Exchanges of every kind, and the WARC file that holds them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pipelines.model import Capture, Exchange, FoundBy, Hints, Outcome, Tls
from pipelines.store.exchange import Revisited, to_capture, write_exchange, write_warcinfo
from pipelines.store.record import digest

STARTED = datetime(2024, 3, 5, 1, 2, 3, 456000, UTC)
BODY = "<html><title>学校要闻</title><p>新闻</p></html>".encode("gb18030")
PLAIN = (
    b"HTTP/1.1 200 OK\r\nserver: Old  \r\nContent-Type: text/html; charset=gb2312\r\n"
    b'Content-Length: %d\r\nETag: "1"\r\n\r\n' % len(BODY) + BODY
)
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\n"
    b"%x;ext=1\r\n" % len(BODY) + BODY + b"\r\n0\r\nX-Trailer: 1\r\n\r\n"
)
NOT_MODIFIED = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
PREVIOUS = Revisited(
    captured_at=datetime(2024, 3, 1, 0, 0, 0, 1000, UTC),
    payload_digest=digest(BODY),
    record_id="urn:uuid:aaaaaaaa-0000-5000-8000-000000000000",
)
FULL_HINTS = Hints(
    found_by=FoundBy.LISTING,
    found_on="http://news.example.edu.cn/list.htm?a=b",
    text='  "我校"召开\n大会\u2028',
    date="2024-03-05",
    section="学校要闻",
)
TLS = Tls(protocol="TLSv1.2", cipher="ECDHE-RSA-AES256-GCM-SHA384", certificate_sha256="ab" * 32, verified=True)


def exchange(path: str, response: bytes = PLAIN, **more: object) -> Exchange:
    """Return an exchange about ``http://news.example.edu.cn/<path>``."""
    plain = Exchange(
        target_uri=f"http://news.example.edu.cn/{path}",
        started_at=STARTED,
        request=f"GET /{path} HTTP/1.1\r\nHost: news.example.edu.cn\r\n\r\n".encode(),
        response=response,
        ip="202.112.7.13",
        seconds=0.123,
    )
    return replace(plain, **more)  # type: ignore[arg-type]


SAMPLES: dict[str, tuple[Exchange, Revisited | None]] = {
    "response": (exchange("info/1.htm?cid=7&ID=8&utm_source=x"), None),
    "chunked": (exchange("chunked", CHUNKED, hints=FULL_HINTS), None),
    "interim": (exchange("interim", interim=b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"), None),
    "identical": (exchange("same"), PREVIOUS),
    "changed": (exchange("changed"), replace(PREVIOUS, payload_digest=digest(b"older"))),
    "not modified": (exchange("304", NOT_MODIFIED), PREVIOUS),
    "not modified, original without id": (exchange("304b", NOT_MODIFIED), replace(PREVIOUS, record_id=None)),
    "not modified, nothing held": (exchange("304c", NOT_MODIFIED), None),
    "redirect": (exchange("moved", b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n"), None),
    "truncated": (
        exchange(
            "cut", PLAIN[:-3], outcome=Outcome.TRUNCATED, truncated="disconnect", error="closed after 40 bytes"
        ),
        PREVIOUS,
    ),
    "tls": (
        exchange("x", target_uri="https://news.example.edu.cn/tls", tls=TLS, ip="2001:da8:201::13"),
        None,
    ),
    "proxied": (exchange("proxied", ip=None, proxied=True, redacted=True), None),
    "robots": (exchange("robots.txt", hints=Hints(found_by=FoundBy.ROBOTS)), None),
    "time-out": (exchange("slow", b"", outcome=Outcome.TIMEOUT, error="no answer"), None),
    "name error": (
        exchange("dns", b"", request=b"", ip=None, outcome=Outcome.DNS_ERROR, error="no such name"),
        None,
    ),
    "not HTTP": (exchange("ssh", b"SSH-2.0-x\r\n", outcome=Outcome.CONNECTION_ERROR, hints=FULL_HINTS), None),
}


def write_samples(path: Path, names: list[str] | None = None) -> list[Capture]:
    """Write a WARC file with these samples, all by default; return their captures."""

    def write() -> Iterator[Capture]:
        with path.open("wb") as file:
            about = {"software": "newsspider/0.1.0", "siteFile": "id = 'x'\nname = '新闻'\n"}
            warcinfo_id, _ = write_warcinfo(file.write, about, run="run-1", warc=path.name, created_at=STARTED)
            for name in names or SAMPLES:
                sample, previous = SAMPLES[name]
                yield write_exchange(
                    file.write,
                    sample,
                    to_capture(sample, run="run-1", previous=previous),
                    warcinfo_id=warcinfo_id,
                    warc=path.name,
                    offset=file.tell(),
                )

    return list(write())
