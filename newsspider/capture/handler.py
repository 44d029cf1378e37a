"""The download handler: every request becomes exactly one exchange, kept before Scrapy sees the response.

What a request may say in its ``meta``: ``hints`` (:class:`~pipelines.model.Hints`), ``verify`` (False where the
site file makes an exception from certificate verification), ``legacy_tls`` (True where it allows TLS 1.0), and
Scrapy's own ``proxy``, ``download_timeout`` (seconds until the last byte), ``download_maxsize`` (bytes of body),
``bindaddress``; ``download_beginning`` (True: receive as much of a larger body), ``on_sent`` and ``on_answered``
(called when the request goes out, and when an answer begins to come in). The handler puts there ``capture``, the
archived :class:`~pipelines.model.Capture`, and ``download_latency``.
"""

import asyncio
import ipaddress
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from OpenSSL import SSL
from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from scrapy.utils._download_handlers import normalize_bind_address
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import CancelledError, maybeDeferred
from twisted.internet.error import (
    ConnectError,
    ConnectingCancelledError,
    DNSLookupError,
    NoRouteError,
)
from twisted.internet.error import ConnectionRefusedError as RefusedError
from twisted.internet.error import TimeoutError as ConnectTimeoutError
from twisted.web.client import FileBodyProducer
from twisted.web.http_headers import Headers as WireHeaders

from newsspider.capture.addresses import ONLY_WITH_LEAVE, is_host_name, refuse_address, refuse_name
from newsspider.capture.recording import Recording
from newsspider.capture.route import Route, TrustPolicy, TunnelError, to_proxy
from newsspider.capture.wire import RecordingPool, WirePool
from pipelines.model import Capture, Exchange, FoundBy, Hints, Outcome
from pipelines.store.exchange import to_capture

BODY = 4 << 20
"""Largest payload handed to Scrapy as the body of a response; a larger one is only in the capture."""

Keep = Callable[[Exchange, Request], Capture]
"""Archives the exchange of a request. What it raises ends the download: no capture, no record."""


def default_keep(exchange: Exchange, request: Request) -> Capture:
    """Archive nothing: what ``scrapy shell`` does."""
    return to_capture(exchange)


FAILURES: tuple[tuple[type[Exception], Outcome, str | None], ...] = (
    (DNSLookupError, Outcome.DNS_ERROR, "the host name does not resolve"),
    (UnicodeError, Outcome.DNS_ERROR, "the host name is not valid"),
    (ValueError, Outcome.DNS_ERROR, "the host name is not valid"),
    (ConnectTimeoutError, Outcome.TIMEOUT, "the server did not answer the attempt to connect"),
    (RefusedError, Outcome.CONNECTION_ERROR, "the server refused the connection"),
    (NoRouteError, Outcome.CONNECTION_ERROR, "there is no route to the server"),
    (ConnectError, Outcome.CONNECTION_ERROR, None),
    (TunnelError, Outcome.CONNECTION_ERROR, None),
    (SSL.Error, Outcome.TLS_ERROR, None),
    (CancelledError, Outcome.TIMEOUT, None),
    (ConnectingCancelledError, Outcome.TIMEOUT, None),
)
"""What can go wrong before the request is sent; None: the error says it in its own words."""


class NoResponse(IgnoreRequest):
    """A request got no readable response. The attempt is archived; Scrapy tells the errback, and logs no error."""

    def __init__(self, capture: Capture, error: str | None) -> None:
        super().__init__(f"{capture.target_uri}: {error or capture.outcome}")
        self.capture = capture


class WireDownloadHandler(HTTP11DownloadHandler):
    """Downloads over HTTP/1.1 and hands each exchange, successful or not, to the spider's ``keep``.

    A spider without ``keep`` (``scrapy shell``) gets its responses unarchived. Settings: ``CAPTURE_ALLOW_PRIVATE``
    lets requests reach private and loopback addresses; ``DOWNLOAD_TIMEOUT`` and ``DOWNLOAD_MAXSIZE`` are Scrapy's.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        from twisted.internet import reactor

        self._reactor: Any = reactor
        self._pool = WirePool(reactor)
        self._pool.maxPersistentPerHost = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self._policy = TrustPolicy.from_crawler(crawler)
        self._timeout = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        self._allow_private = crawler.settings.getbool("CAPTURE_ALLOW_PRIVATE")
        self._keep: Keep = getattr(crawler.spider, "keep", default_keep)
        self._clock = lambda: datetime.now(UTC)
        self._cuts: set[Callable[[], None]] = set()

    async def close(self) -> None:
        """Close the connections that are kept open; a server that does not let go is not waited for.

        Scrapy's own timer may fire after the last connection was closed, where the process is busy with other sites.
        """
        closing = asyncio.ensure_future(maybe_deferred_to_future(self._pool.closeCachedConnections()))
        await asyncio.wait({closing}, timeout=self._disconnect_timeout)

    async def download_request(self, request: Request) -> Response:
        """Return the response; raise :class:`NoResponse` where there is none, or what ``keep`` raises."""
        uri = request.url.partition("#")[0]  # RFC 9110 §7.1: the fragment is no part of the target URI
        is_robots = urlsplit(uri).path == "/robots.txt"
        recording = Recording(
            uri,
            method=request.method,
            hints=request.meta.get("hints") or Hints(found_by=FoundBy.ROBOTS if is_robots else FoundBy.SEED),
            max_bytes=request.meta.get("download_maxsize", self._default_maxsize),
            clock=self._clock,
        )
        recording.wants_beginning = request.meta.get("download_beginning", False)
        recording.on_sent = request.meta.get("on_sent", recording.on_sent)
        recording.on_answered = request.meta.get("on_answered", recording.on_answered)
        try:
            await self._record(request, recording)
        finally:
            exchange = recording.to_exchange()  # in any case: it gives back the memory
        capture = self._keep(exchange, request)
        request.meta["capture"] = capture
        request.meta["download_latency"] = recording.latency
        if capture.status is None:
            raise NoResponse(capture, exchange.error)
        return _to_response(capture, exchange, capture.status)

    async def _record(self, request: Request, recording: Recording) -> None:
        """Send the request and wait for the end of its exchange, whatever it is."""
        seconds = float(request.meta.get("download_timeout") or self._timeout)
        route = self._to_route(request, recording, seconds)
        if recording.failed:
            return
        headers = WireHeaders(request.headers)
        if recording.secure:
            headers.removeHeader("Proxy-Authorization")  # the tunnel has it
        sending = maybeDeferred(
            self._to_agent(route, recording).request,
            request.method.encode("ascii"),
            recording.target_uri.encode("ascii"),
            headers,
            FileBodyProducer(BytesIO(request.body)) if request.body else None,
        )

        def expire() -> None:
            recording.expire(seconds)
            sending.cancel()

        def cut() -> None:
            recording.fail(Outcome.TRUNCATED, "the crawl was stopped", "unspecified")
            sending.cancel()

        call_off = self._call_later(seconds, expire)
        self._cuts.add(cut)
        try:
            await maybe_deferred_to_future(sending)
        except tuple(kind for kind, _, _ in FAILURES) as error:
            outcome, words = next((outcome, words) for kind, outcome, words in FAILURES if isinstance(error, kind))
            recording.fail(outcome, words or str(error))
        finally:
            self._cuts.discard(cut)
            call_off()

    def _call_later(self, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
        """Call something after a while; return what calls it off."""
        timer = self._reactor.callLater(seconds, call)
        return lambda: timer.cancel() if timer.active() else None

    def cut(self) -> None:
        """End what is under way: what has come of it is kept."""
        for cut in tuple(self._cuts):
            cut()

    def _to_route(self, request: Request, recording: Recording, seconds: float) -> Route:
        """Return how the server is reached; the recording fails where it may not, or cannot, be."""
        proxy = request.meta.get("proxy")
        route = Route(
            reactor=self._reactor,
            policy=self._policy,
            verify=request.meta.get("verify", True),
            legacy_tls=request.meta.get("legacy_tls", False),
            proxy=to_proxy(proxy, request.headers.get("Proxy-Authorization")) if proxy else None,
            timeout=seconds,
            bind_address=normalize_bind_address(request.meta.get("bindaddress") or self._bind_address),
            on_refusal=None if self._allow_private else partial(_refuse, recording),
        )
        recording.proxied, recording.verified = route.proxy is not None, route.verify
        host = urlsplit(recording.target_uri).hostname or ""
        if not is_host_name(host):
            recording.fail(Outcome.DNS_ERROR, f"{host!r} is not a valid host name")
        elif not self._allow_private:
            recording.refuse = refuse_address
            if route.proxy is not None and (refusal := refuse_name(host)):
                _refuse(recording, refusal)
        return route

    def _to_agent(self, route: Route, recording: Recording) -> Any:
        parts = urlsplit(recording.target_uri)
        # Through a proxy every plain request may share its connections; a tunnel leads to one server only.
        server = None if route.proxy and parts.scheme == "http" else (parts.scheme, parts.netloc)
        key = (server, route.proxy, route.verify, route.legacy_tls, route.bind_address)
        return route.to_agent(parts.scheme, RecordingPool(self._pool, key, recording))


def _refuse(recording: Recording, refusal: str) -> None:
    recording.fail(Outcome.OUT_OF_SCOPE, f"{refusal}, {ONLY_WITH_LEAVE}")


def _to_response(capture: Capture, exchange: Exchange, status: int) -> Response:
    """Return Scrapy's view of a capture."""
    payload = to_capture(exchange).payload if capture.profile else capture.payload
    flags = [] if capture.outcome == Outcome.OK else [str(capture.outcome)]
    # All at once: adding one field of a name takes as long as there are others, and a server may send 60,000.
    headers = Headers([(name, value.encode("latin-1")) for name, value in capture.headers])
    if len(payload) > BODY:
        payload, flags = b"", [*flags, "body only in capture"]
        headers.pop("Content-Encoding", None)  # HttpCompressionMiddleware must not try to decode nothing
    body = bytes(payload)
    response_type = responsetypes.from_args(headers=headers, url=capture.target_uri, body=body)
    return response_type(
        url=capture.target_uri,
        status=status,
        headers=headers,
        body=body,
        flags=flags,
        ip_address=ipaddress.ip_address(exchange.ip) if exchange.ip else None,
        protocol="HTTP/1.1",
    )
