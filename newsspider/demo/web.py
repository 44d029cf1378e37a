"""Serves the demo web on loopback: three sites on three ports, in one of two versions, and logs what was asked."""

import errno
import gzip
import hashlib
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any, Self

from newsspider.demo import lanshan, mirror, wangxi
from newsspider.demo.design import NOT_FOUND, DemoSite, Expected, Origins, Page
from newsspider.demo.stories import Story, read_stories
from pipelines.errors import InputError

HOST = "127.0.0.1"
SITES = (lanshan.SITE, wangxi.SITE, mirror.SITE)
PORTS = tuple(site.port for site in SITES)
"""Fixed, so that a second run on the same archive meets the same addresses."""

VERSIONS = {1: datetime(2026, 6, 12, 10, 30, tzinfo=UTC), 2: datetime(2026, 6, 19, 9, 15, tzinfo=UTC)}
"""When each version went online. The second differs by one article new, one edited, one removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One line of the log."""

    time: datetime
    host: str
    """Address and port."""
    method: str
    path: str
    """Path and query."""
    status: int
    conditional: bool
    """Whether it came with a validator (If-None-Match, If-Modified-Since)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A page with the validators it is served under."""

    page: Page
    etag: str | None
    last_modified: datetime | None


def origins_of(ports: tuple[int, ...]) -> Origins:
    """Return where each site is served, by its id."""
    return {site.id: f"http://{HOST}:{port}" for site, port in zip(SITES, ports, strict=True)}


def expected(version: int = 1, ports: tuple[int, ...] = PORTS) -> tuple[Expected, ...]:
    """Return what a reader finds on the article pages of that version: the truth for the crawl's records."""
    origins = origins_of(ports)
    return tuple(found for site in SITES for found in site.describe(_stories(site, version), origins))


def render(site: DemoSite, version: int, origins: Origins) -> dict[str, Answer]:
    """Return all answers of a site in that version, by path and query."""
    pages = [site.make_pages(_stories(site, number), origins) for number in range(1, version + 1)]
    answers = {}
    for path, page in pages[-1].items():
        since = version
        while since > 1 and pages[since - 2].get(path) == page:
            since -= 1
        digest = hashlib.sha256(page.body).hexdigest()[:16]
        # Who compresses sends the same weak tag with either coding of a page (RFC 9110 §8.8.3.3).
        tag = f'W/"{digest}"' if site.compresses else f'"{digest}"'
        answers[path] = Answer(
            page=page,
            etag=tag if "ETag" in site.validators else None,
            last_modified=VERSIONS[since] if "Last-Modified" in site.validators else None,
        )
    return answers


def _stories(site: DemoSite, version: int) -> tuple[Story, ...]:
    return read_stories(site.id.removeprefix("demo-"), version)


class DemoWeb:
    """The three sites, served by background threads between :meth:`start` and :meth:`stop`, or in a ``with`` block.

    ``ports`` are those of the three sites in the order of :data:`SITES`; 0 takes any free one.
    """

    def __init__(self, version: int = 1, *, ports: tuple[int, ...] = PORTS) -> None:
        self.requests: list[Request] = []
        """What was asked so far, in the order of the answers."""
        self._ports = ports
        self._version = _known(version)
        self._servers: list[_Server] = []
        self._threads: list[Thread] = []

    @property
    def version(self) -> int:
        return self._version

    @property
    def ports(self) -> tuple[int, ...]:
        """The ports in use; while stopped, those asked for."""
        return tuple(server.server_port for server in self._servers) or self._ports

    @property
    def origins(self) -> Origins:
        return origins_of(self.ports)

    def start(self) -> None:
        """Bind the ports and serve; raise InputError where a port is taken."""
        for site, port in zip(SITES, self._ports, strict=True):
            try:
                self._servers.append(_Server(port, site, self.requests))
            except OSError as error:
                self.stop()
                if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                    raise
                raise InputError(
                    f"The demo cannot serve on port {port} of {HOST} ({error.strerror}): "
                    "stop the program that uses it, or choose other ports."
                ) from None
        self.switch(self._version)
        self._threads = [Thread(target=server.serve_forever, args=(0.05,)) for server in self._servers]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Close every connection and wait for the threads."""
        for server in self._servers:
            if self._threads:  # else start() failed, and nobody would hear it
                server.shutdown()
            server.hang_up()
            server.server_close()
        for thread in self._threads:
            thread.join()
        self._servers, self._threads = [], []

    def switch(self, version: int) -> None:
        """Serve another version of the sites from now on."""
        self._version = _known(version)
        for server in self._servers:
            server.answers = render(server.site, version, self.origins)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _known(version: int) -> int:
    if version not in VERSIONS:
        raise ValueError(f"the demo web has the versions {', '.join(map(str, VERSIONS))}, not {version}")
    return version


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # server_close() waits for the conversations
    answers: Mapping[str, Answer]

    def __init__(self, port: int, site: DemoSite, requests: list[Request]) -> None:
        self.site = site
        self.requests = requests
        self._connections: set[socket.socket] = set()
        super().__init__((HOST, port), _Conversation)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self._connections.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End the conversations that clients keep alive."""
        for connection in list(self._connections):
            with suppress(OSError):  # the client was quicker
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report what went wrong in a conversation, but not that the client left."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Conversation(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body leave in one piece
    server: _Server

    def answer(self) -> None:
        host = f"{HOST}:{self.server.server_port}"
        path = self.path.removeprefix(f"http://{host}")  # absolute form: RFC 9112 §3.2.2
        answer = self.server.answers.get(path)
        if answer is None:
            missing = self.server.answers[NOT_FOUND].page
            self._send(HTTPStatus.NOT_FOUND, missing)
        elif is_current(answer, self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")):
            self._send(HTTPStatus.NOT_MODIFIED, answer.page, answer)
        else:
            self._send(answer.page.status, answer.page, answer)
        self.server.requests.append(
            Request(
                time=datetime.now(UTC),
                host=host,
                method=self.command,
                path=path,
                status=self._status,
                conditional="If-None-Match" in self.headers or "If-Modified-Since" in self.headers,
            )
        )

    do_GET = do_HEAD = answer  # noqa: N815 (the names that BaseHTTPRequestHandler calls)

    def _send(self, status: int, page: Page, answer: Answer | None = None) -> None:
        self._status = int(status)
        self.send_response(status)
        if answer and answer.etag:
            self.send_header("ETag", answer.etag)
        if answer and answer.last_modified:
            self.send_header("Last-Modified", format_datetime(answer.last_modified, usegmt=True))
        if self.server.site.compresses:
            self.send_header("Vary", "Accept-Encoding")
        body = page.body
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", page.content_type)
            for name, value in page.headers:
                self.send_header(name, value)
            if self.server.site.compresses and accepts_gzip(self.headers.get("Accept-Encoding", "")):
                self.send_header("Content-Encoding", "gzip")
                body = gzip.compress(body, mtime=0)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and status != HTTPStatus.NOT_MODIFIED:
            self.wfile.write(body)

    def version_string(self) -> str:
        return self.server.site.server

    def log_message(self, *_: Any) -> None:
        """Say nothing on stderr: the log is :attr:`DemoWeb.requests`."""


def is_current(answer: Answer, if_none_match: str | None, if_modified_since: str | None) -> bool:
    """Tell whether the client already holds the page (RFC 9110 §13.2.2): the tag decides where it sent one."""
    if answer.page.status != HTTPStatus.OK:
        return False
    if if_none_match is not None:
        tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
        return answer.etag is not None and (if_none_match.strip() == "*" or answer.etag.removeprefix("W/") in tags)
    if if_modified_since is None or answer.last_modified is None:
        return False
    try:
        held = parsedate_to_datetime(if_modified_since)
    except ValueError:  # not a date: the field is ignored (§13.1.3)
        return False
    return held.tzinfo is not None and answer.last_modified <= held


def accepts_gzip(accept_encoding: str) -> bool:
    """Tell whether an Accept-Encoding field names gzip, and not with a weight of zero (RFC 9110 §12.5.3)."""
    for coding in accept_encoding.split(","):
        name, _, weight = coding.partition(";")
        if name.strip().lower() == "gzip":
            return weight.strip().rstrip("0.") != "q="
    return False
