"""Undoes the content codings of HTTP (RFC 9110 §8.4.1), within limits."""

import re
import sys
import zlib
from collections.abc import Callable, Generator, Iterator

import brotli

from pipelines.errors import ContentError
from pipelines.model import Block, Outcome

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAX_SIZE = 64_000_000
"""Bytes that a payload may decode to."""
MAX_RATIO = 500
"""Times that a payload may grow, once it has grown past ``FREE_SIZE``; pages reach 20, repeated filler 100."""
FREE_SIZE = 1_000_000
MAX_CODINGS = 4
"""Codings one upon another; real servers nest two where a proxy compresses once more."""

_CHUNK = 1 << 18
_MAGIC = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd")  # RFC 1952 §2.3.1, RFC 8878 §3.1.1; the others have none


def decode_content(
    payload: Block, content_encoding: str | None, *, max_size: int = MAX_SIZE, max_ratio: int = MAX_RATIO
) -> bytes:
    """Return the payload without the codings that ``content_encoding`` (the field's value) lists.

    A coding that is unknown, or that was declared and not applied, leaves the bytes as they are: servers send
    «utf-8» here, and plain pages under «gzip». Raises :class:`ContentError` with its outcome: ``TOO_LARGE`` for
    what outgrows the limits, ``TRUNCATED`` for what ends or breaks in the middle.
    """
    data = bytes(payload)
    codings = [name.strip().lower() for name in (content_encoding or "").split(",") if name.strip()]
    if len(codings) > MAX_CODINGS:
        raise ContentError(f"more than {MAX_CODINGS} content codings: {content_encoding}", Outcome.TOO_LARGE)
    for name in reversed(codings):  # listed in the order applied
        expand = _CODINGS.get(name)
        if expand is not None:
            data = _limited(data, name, expand, max_size, max_ratio)
    return data


def _limited(
    data: bytes, name: str, expand: Callable[[bytes], Iterator[bytes]], max_size: int, max_ratio: int
) -> bytes:
    parts: list[bytes] = []
    size = 0
    limit = min(max_size, max(FREE_SIZE, max_ratio * len(data)))
    try:
        for part in expand(data):
            parts.append(part)
            size += len(part)
            if size > limit:
                raise ContentError(f"{name} content grows beyond {limit} bytes", Outcome.TOO_LARGE)
    except (zlib.error, brotli.error, zstd.ZstdError, EOFError) as error:
        if not size and not data.startswith(_MAGIC):
            return data  # declared, not applied
        raise ContentError(f"{name} content breaks after {size} bytes: {error}", Outcome.TRUNCATED) from error
    return b"".join(parts) if parts else data


def _gunzip(data: bytes) -> Iterator[bytes]:
    """Yield the content of all gzip members (RFC 1952 §2.2); what follows the last one is padding."""
    while data[:2] == b"\x1f\x8b":
        data = yield from _inflate(data, zlib.MAX_WBITS | 16)
        data = data.lstrip(b"\0")


def _inflate_either(data: bytes) -> Iterator[bytes]:
    """Undo «deflate»: zlib (RFC 9110 §8.4.1.2), or the bare stream that some servers send."""
    is_zlib = re.match(rb"[\x08-\x78]", data[:1]) and int.from_bytes(data[:2], "big") % 31 == 0  # RFC 1950 §2.2
    yield from _inflate(data, zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)


def _inflate(data: bytes, window: int) -> Generator[bytes, None, bytes]:
    """Yield what the stream holds, return what follows it."""
    stream = zlib.decompressobj(window)
    while not stream.eof:
        part = stream.decompress(data, _CHUNK)
        data = stream.unconsumed_tail
        if not part and not data and not stream.eof:
            raise EOFError("the stream is cut off")
        yield part
    return stream.unused_data


def _unbrotli(data: bytes) -> Iterator[bytes]:
    stream = brotli.Decompressor()
    yield stream.process(data, output_buffer_limit=_CHUNK)
    while not stream.is_finished():
        part = stream.process(b"", output_buffer_limit=_CHUNK)
        if not part and stream.can_accept_more_data():
            raise EOFError("the stream is cut off")
        yield part


def _unzstd(data: bytes) -> Iterator[bytes]:
    while data:
        stream = zstd.ZstdDecompressor()
        yield stream.decompress(data, _CHUNK)
        while not stream.eof:
            if stream.needs_input:
                raise EOFError("the stream is cut off")
            yield stream.decompress(b"", _CHUNK)
        data = stream.unused_data


_CODINGS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate_either,
    "br": _unbrotli,
    "zstd": _unzstd,
}
