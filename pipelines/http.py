"""HTTP/1.1 responses as bytes: where one begins and ends, its header fields, its payload (RFC 9112).

The same :class:`Framing` decides while the bytes arrive and when they are read back from the archive, so that a
capture means the same on both occasions. It is as lenient as browsers are where real servers need it (a bare LF,
a line without a colon, a chunk size padded with blanks) and says what is wrong where no boundary can be trusted.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipelines.model import Block, Header

MAX_HEAD = 256 * 1024
"""Largest header section, with interim responses before it. The largest seen on a real site is under 16 KiB."""
MAX_CHUNK_LINE = 16 * 1024
MAX_TRAILERS = 64 * 1024
PIECE = 1 << 20
"""A mapped file is read in pieces of this size."""

STATUS_LINE = re.compile(rb"HTTP/(\d\.\d) +(\d{3})(?: ([^\n]*?))?\r?\n")
"""RFC 9112 §4; some servers leave out the reason phrase and the blank before it."""
CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\n]*)?\r?\n")
"""RFC 9112 §7.1, with the padding after the size that older servers send; extensions are ignored (§7.1.1)."""

NUMBER = re.compile(r"[0-9]{1,18}")

Sink = Callable[[bytes], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Status line and header fields of a response."""

    version: str
    """``1.1`` or ``1.0``."""
    status: int
    reason: str
    headers: tuple[Header, ...]

    def values(self, name: str) -> list[str]:
        """Return the comma-separated members of all fields of that name (lower case), stripped, in lower case."""
        joined = ",".join(value for key, value in self.headers if key.lower() == name)
        return [member.strip().lower() for member in joined.split(",") if member.strip()]


def parse_head(data: bytes) -> Head | None:
    """Read a status line and header section; None where the bytes do not begin with a status line.

    A line without a colon is passed over, and a folded line joins the one before (RFC 9112 §5.2), as browsers do.

    >>> parse_head(b"HTTP/1.1 200 OK\\r\\nX-Odd: a\\r\\n  b\\r\\nno colon\\r\\n\\r\\n").headers
    (('X-Odd', 'a b'),)
    """
    match = STATUS_LINE.match(data)
    if match is None:
        return None
    version, status, reason = match.groups(default=b"")
    return Head(
        version=version.decode("ascii"),
        status=int(status),
        reason=reason.decode("latin-1"),
        headers=tuple(parse_fields(data[match.end() :].decode("latin-1"))),
    )


def parse_fields(text: str) -> Iterator[Header]:
    """Yield the fields of a header section, up to its blank line."""
    name, value = "", ""
    for line in text.split("\n"):
        line = line.removesuffix("\r")
        if not line:
            break
        if line[0] in " \t":
            value = f"{value} {line.strip()}"
            continue
        if name:
            yield name, value
        name, colon, value = line.partition(":")
        name, value = (name.strip() if colon else ""), value.strip(" \t")
    if name:
        yield name, value


class Framing:
    """Finds the end of one response in the bytes that follow a request.

    Feed it the bytes as they come, then :meth:`close` it if the connection ends. It is ``done`` when the message is
    complete or hopeless; ``fault`` says what is wrong with it. Offsets count from the first byte fed.
    """

    def __init__(self, *, method: str = "GET", sink: Sink | None = None) -> None:
        """``sink`` takes the payload, piece by piece, without transfer coding."""
        self.interim_end = 0
        """Where the final response begins: after the interim (1xx) ones (RFC 9110 §15.2)."""
        self.head: Head | None = None
        self.head_end = 0
        self.end = 0
        """One past the last byte that belongs to the message, as far as it was read."""
        self.surplus = 0
        """Bytes fed after the end of the message."""
        self.done = False
        self.fault: str | None = None
        self.length: int | None = None
        """Content-Length, where that is what frames the body."""
        self.payload_length = 0
        self.chunked = False
        self.unchunked = False
        """The header says ``chunked``, and the body does not begin with a chunk."""
        self.delimited_by_close = False
        self._method = method.upper()
        self._sink = sink
        self._read = self._read_head
        self._line = bytearray()
        """The beginning of a header section or line that is not complete yet."""
        self._remaining = 0
        self._trailers = 0

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        position = 0
        while position < len(data) and not self.done:
            position = self._read(data, position)
        self.end += position
        self.surplus += len(data) - position

    def close(self) -> None:
        """Say that no more bytes will come."""
        if self.done:
            return
        if self.delimited_by_close:
            self.done = True  # RFC 9112 §8: complete, however many bytes came
        elif self.head is None and bytes(self._line[:5]) not in (b"", b"HTTP/"):
            self._fail("the answer is not HTTP: it does not begin with a status line")
        elif self.head is None:
            self._fail("the connection was closed within the header section")
        elif self.length is not None:
            self._fail(f"the connection was closed after {self.payload_length} of {self.length} bytes of the body")
        else:
            size = bytes(self._line) + b"\n"
            self.unchunked = self.payload_length == 0 and len(size) > 1 and not CHUNK_SIZE.fullmatch(size)
            self._fail("the connection was closed before the last chunk")

    @property
    def is_reusable(self) -> bool:
        """Whether the connection stays open after this response, and nothing but it came (RFC 9112 §9.3)."""
        if self.head is None or self.fault or self.surplus or self.delimited_by_close:
            return False
        options = self.head.values("connection")
        return "close" not in options and (self.head.version == "1.1" or "keep-alive" in options)

    def _fail(self, fault: str) -> None:
        self.fault = fault
        self.done = True

    def _read_head(self, data: bytes, position: int) -> int:
        before = len(self._line)
        self._line += data[position : position + MAX_HEAD - self.interim_end - before + 1]
        end = _find_blank_line(self._line, max(0, before - 3))
        if end is None:
            if self.interim_end + len(self._line) > MAX_HEAD:
                self._fail(f"the header section is longer than {MAX_HEAD} bytes")
            return position + len(self._line) - before
        head = parse_head(bytes(self._line[:end]))
        self._line.clear()
        if head is None:
            self._fail("the answer is not HTTP: it does not begin with a status line")
        elif 100 <= head.status < 200 and head.status != 101:
            self.interim_end += end
        else:
            self.head = head
            self.head_end = self.interim_end + end
            self._choose_body(head)
        return position + end - before

    def _choose_body(self, head: Head) -> None:
        """RFC 9112 §6.3: how the length of the body is known."""
        lengths = {int(value) for value in head.values("content-length") if NUMBER.fullmatch(value)}
        codings = [coding for coding in head.values("transfer-encoding") if coding != "identity"]
        if self._method == "HEAD" or head.status in (101, 204, 304):
            self.done = True
        elif codings and codings[-1] == "chunked":
            self.chunked = True
            self._read = self._read_chunk_size
        elif codings or not lengths:
            self.delimited_by_close = True
            self._read = self._read_until_close
        elif len(lengths) > 1:
            self._fail(f"contradictory Content-Length fields: {', '.join(map(str, sorted(lengths)))}")
        else:
            self.length = self._remaining = lengths.pop()
            self.done = self.length == 0
            self._read = self._read_counted

    def _deliver(self, data: bytes) -> None:
        self.payload_length += len(data)
        if self._sink is not None:
            self._sink(data)

    def _read_until_close(self, data: bytes, position: int) -> int:
        self._deliver(data[position:])
        return len(data)

    def _deliver_remaining(self, data: bytes, position: int) -> int:
        piece = data[position : position + self._remaining]
        self._deliver(piece)
        self._remaining -= len(piece)
        return position + len(piece)

    def _read_counted(self, data: bytes, position: int) -> int:
        position = self._deliver_remaining(data, position)
        self.done = self._remaining == 0
        return position

    def _read_chunk(self, data: bytes, position: int) -> int:
        position = self._deliver_remaining(data, position)
        if self._remaining == 0:
            self._read = self._read_chunk_end
        return position

    def _take_line(self, data: bytes, position: int) -> tuple[bytes | None, int]:
        """Return a line with its LF, or None while it is not complete, and the position after what was taken."""
        stop = position + MAX_CHUNK_LINE - len(self._line)
        end = data.find(b"\n", position, stop) + 1 or min(stop, len(data))
        self._line += data[position:end]
        if not self._line.endswith(b"\n") and len(self._line) < MAX_CHUNK_LINE:
            return None, end
        line = bytes(self._line)
        self._line.clear()
        return line, end

    def _read_chunk_size(self, data: bytes, position: int) -> int:
        line, end = self._take_line(data, position)
        if line is None:
            return end
        match = CHUNK_SIZE.fullmatch(line)
        if match is None:
            self.unchunked = self.payload_length == 0
            self._fail(f"malformed chunk size {line[:40]!r}")
        else:
            self._remaining = int(match[1], 16)
            self._read = self._read_chunk if self._remaining else self._read_trailer
        return end

    def _read_chunk_end(self, data: bytes, position: int) -> int:
        line, end = self._take_line(data, position)
        if line in (b"\r\n", b"\n"):
            self._read = self._read_chunk_size
        elif line is not None:
            self._fail(f"a chunk is longer than its size says: {line[:40]!r}")
        return end

    def _read_trailer(self, data: bytes, position: int) -> int:
        line, end = self._take_line(data, position)
        self._trailers += end - position
        if line in (b"\r\n", b"\n"):
            self.done = True
        elif self._trailers > MAX_TRAILERS or (line is not None and not line.endswith(b"\n")):
            self._fail("the trailer section is too long")
        return end


def _find_blank_line(data: bytearray, start: int) -> int | None:
    """Return the offset after the first blank line; lines end with CRLF or a bare LF (RFC 9112 §2.2)."""
    ends = [at + len(mark) for mark in (b"\n\r\n", b"\n\n") if (at := data.find(mark, start)) >= 0]
    return min(ends, default=None)


def read_response(block: Block, sink: Sink, *, method: str = "GET") -> Framing:
    """Read a stored response; the payload goes to ``sink``.

    Many archives hold a body whose chunks were removed under a header section that still says ``chunked``: such a
    body is the payload as it stands.
    """
    framing = Framing(method=method, sink=sink)
    for start in range(0, len(block), PIECE):
        framing.feed(block[start : start + PIECE])
    framing.close()
    if framing.unchunked:
        for start in range(framing.head_end, len(block), PIECE):
            sink(block[start : start + PIECE])
        framing.payload_length = len(block) - framing.head_end
    return framing


def to_origin_form(uri: str) -> str:
    """Return what a request line asks for (RFC 9112 §3.2.1): path and query to the letter, even an empty query.

    >>> to_origin_form("http://a.example/x;y?"), to_origin_form("http://a.example?q")
    ('/x;y?', '/?q')
    """
    rest = uri.partition("://")[2].partition("#")[0]
    start = min((at for mark in "/?" if (at := rest.find(mark)) >= 0), default=len(rest))
    return rest[start:] if rest[start:].startswith("/") else f"/{rest[start:]}"


def request_method(block: bytes) -> str:
    """Return the method of a request (RFC 9112 §3.1), GET where there is none."""
    return bytes(block[:32]).partition(b" ")[0].decode("latin-1") or "GET"


def cut_field(request: bytes, name: str) -> tuple[bytes, bool]:
    """Return a request without the header field of that name, and whether it had it.

    >>> cut_field(b"GET / HTTP/1.1\\r\\nProxy-Authorization: Basic eA==\\r\\n\\r\\n", "proxy-authorization")
    (b'GET / HTTP/1.1\\r\\n\\r\\n', True)
    """
    head, blank, body = request.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    kept = [line for line in lines if line.partition(b":")[0].strip().lower() != name.encode("ascii")]
    return b"\r\n".join(kept) + blank + body, len(kept) < len(lines)
