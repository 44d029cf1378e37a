"""Content codings that lie, and payloads that explode."""

import gzip
import zlib

import brotli

from pipelines.content_coding import zstd
from pipelines.model import Outcome
from tests.hostile.cases.case import faulty
from tests.hostile.web import Page, article_html, html, reply

PAGE = article_html(3).encode()
ZEROS = b"<html>" + bytes(80_000_000)
TYPE = "Content-Type: text/html; charset=utf-8"

GZIPPED = gzip.compress(ZEROS, compresslevel=9, mtime=0)


def coded(body: bytes, coding: str) -> Page:
    return reply(body, TYPE, f"Content-Encoding: {coding}")


CASES = (
    faulty("gzip bomb", coded(GZIPPED, "gzip"), Outcome.TOO_LARGE),
    faulty("deflate bomb", coded(zlib.compress(ZEROS, 9), "deflate"), Outcome.TOO_LARGE),
    faulty("Brotli bomb", coded(brotli.compress(ZEROS, quality=1), "br"), Outcome.TOO_LARGE),
    faulty("Zstandard bomb", coded(zstd.compress(ZEROS), "zstd"), Outcome.TOO_LARGE),
    faulty("gzip bomb in gzip", coded(gzip.compress(GZIPPED, mtime=0), "gzip, gzip"), Outcome.TOO_LARGE),
    faulty("gzip bomb in Brotli in gzip", coded(gzip.compress(brotli.compress(GZIPPED), mtime=0), "gzip, br, gzip"),
           Outcome.TOO_LARGE),
    faulty("twenty codings", coded(PAGE, ", ".join(["gzip"] * 20)), Outcome.TOO_LARGE),
    faulty("gzip in two fields", reply(gzip.compress(gzip.compress(PAGE)), TYPE, "Content-Encoding: gzip",
           "Content-Encoding: gzip"), Outcome.OK),
    faulty("gzip cut off", coded(gzip.compress(PAGE)[:-40], "gzip"), Outcome.TRUNCATED),
    faulty("gzip with a broken middle", coded(gzip.compress(PAGE)[:80] + b"\xff" * 99, "gzip"), Outcome.TRUNCATED),
    faulty("gzip declared, not applied", coded(PAGE, "gzip"), Outcome.OK),
    faulty("Brotli declared, not applied", coded(PAGE, "br"), Outcome.OK),
    faulty("a charset for a coding", html(article_html(3), "Content-Encoding: utf-8"), Outcome.OK),
    faulty("gzip applied, not declared", reply(gzip.compress(PAGE), TYPE), Outcome.NOT_HTML),
)  # fmt: skip
