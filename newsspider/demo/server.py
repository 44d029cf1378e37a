"""HTTP/1.1 for the demo web: what a request is answered with, and the log of it (RFC 9110, RFC 9112)."""

import gzip
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from newsspider.demo.design import NOT_FOUND, DemoSite, Page

HOST = "127.0.0.1"


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


class Server(ThreadingHTTPServer):
    """Serves one site from ``answers``, each conversation in a thread of its own."""

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
    server: Server

    def answer(self) -> None:
        host = f"{HOST}:{self.server.server_port}"
        path = self.path.removeprefix(f"http://{host}")  # absolute form: RFC 9112 §3.2.2
        none_match, modified_since = self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")
        answer = self.server.answers.get(path)
        if answer is None:
            status, page = HTTPStatus.NOT_FOUND, self.server.answers[NOT_FOUND].page
        elif is_current(answer, none_match, modified_since):
            status, page = HTTPStatus.NOT_MODIFIED, answer.page
        else:
            status, page = HTTPStatus(answer.page.status), answer.page
        self.server.requests.append(
            Request(
                time=datetime.now(UTC),
                host=host,
                method=self.command,
                path=path,
                status=status.value,
                conditional=none_match is not None or modified_since is not None,
            )
        )
        self._send(status, page, answer)

    do_GET = do_HEAD = answer  # noqa: N815 (the names that BaseHTTPRequestHandler calls)

    def _send(self, status: HTTPStatus, page: Page, answer: Answer | None) -> None:
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
