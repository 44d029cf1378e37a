"""The bytes of an exchange as they cross the wire.

:class:`WireProtocol` stands where Twisted's own HTTP/1.1 client protocol would, below every HTTP object: it sends
what Twisted's request serialises and keeps what comes back. Where the response ends is decided by
:class:`pipelines.http.Framing`, as it will be when the archive is read.
"""

import hashlib
import tempfile
from collections.abc import Callable, Hashable, Iterable
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any, ClassVar

from cryptography.hazmat.primitives.serialization import Encoding
from OpenSSL import SSL
from service_identity import VerificationError
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IHandshakeListener, ITCPTransport
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.python.failure import Failure
from twisted.web.client import HTTPConnectionPool
from zope.interface import implementer

from newsspider.capture import disk
from newsspider.capture.guard import ONLY_WITH_LEAVE
from pipelines.errors import ArchiveError
from pipelines.http import MAX_HEAD, Framing, cut_field
from pipelines.model import Exchange, Hints, Outcome, Tls
from pipelines.store.spool import Spool

IN_FLIGHT = 64 << 20
"""Bytes of responses held in memory by the whole process; above it, what grows goes to a temporary file."""
IDLE = 15
"""Seconds that an idle connection is kept: no longer than most servers do, or requests meet a closing one."""
MAX_IDLE = 200
"""Idle connections of the whole process: a thousand sites must fit under the usual limit of open files."""
GOODBYE = 5.0
"""Seconds that a peer has to end a connection in good order."""


class Recording:
    """One exchange while it happens: its bytes and times, the connection, and what went wrong first."""

    in_memory = 0
    """Bytes held in memory by all recordings of the process."""

    def __init__(
        self, target_uri: str, *, method: str, hints: Hints, max_bytes: int, clock: Callable[[], datetime]
    ) -> None:
        """``max_bytes`` of body are received at most; 0 means no limit."""
        self.target_uri = target_uri
        self.framing = Framing(method=method)
        self.outcome = Outcome.OK
        self.error: str | None = None
        self.truncated: str | None = None
        self.refuse: Callable[[str], str | None] = lambda address: None
        """Says why a numeric address may not be connected to."""
        self.on_sent: Callable[[], None] = lambda: None
        """Called when the request goes out."""
        self.wants_beginning = False
        """Whether to receive ``max_bytes`` of a body that is announced as larger."""
        self.proxied = False
        self.verified = True
        self.ip: str | None = None
        self.tls: Tls | None = None
        self._hints, self._max_bytes, self._clock = hints, max_bytes, clock
        self._sent = bytearray()
        self._interim = b""
        self._beginning = bytearray()
        """What was received, until the header section of the final response is complete."""
        self._spool = Spool()
        self._held = 0
        self.latency = 0.0
        """Seconds until the first byte came."""
        self.begin()

    def begin(self) -> None:
        """Start the clock: at first, and anew when the request is sent."""
        self._started_at, self._started = self._clock(), monotonic()
        self._ended = self._started

    @property
    def secure(self) -> bool:
        """Whether the exchange needs TLS."""
        return self.target_uri.startswith("https:")

    @property
    def failed(self) -> bool:
        """Whether something went wrong."""
        return self.outcome != Outcome.OK

    def fail(self, outcome: Outcome, error: str, truncated: str | None = None) -> None:
        """Note what went wrong; the first word stands."""
        if not self.failed:
            self.outcome, self.error, self._ended = outcome, error, monotonic()
            self.truncated = truncated if self.framing.head else None

    def expire(self, seconds: float) -> None:
        """Note that the time allowed is over."""
        if self.framing.head is not None:
            far = f"the body was not complete ({self.framing.payload_length} bytes)"
        elif self._beginning:
            far = "the header section was not complete"
        elif self.secure and self.tls is None and self._sent:
            far = "the TLS handshake was not finished"
        else:
            far = "the server had not answered" if self._sent else "no connection was made"
        self.fail(Outcome.TIMEOUT, f"{far} after {seconds:g} seconds", "time")

    def sent(self, data: bytes) -> None:
        """Note bytes given to the transport."""
        self._sent += data

    def received(self, data: bytes) -> None:
        """Note bytes of the response. Raises ArchiveError where a temporary file cannot be written."""
        self._ended = monotonic()
        if not (self._beginning or self._spool):
            self.latency = self._ended - self._started
        surplus = self.framing.surplus
        self.framing.feed(data)
        self._beginning += data[: len(data) - (self.framing.surplus - surplus)]
        if self.framing.head is not None:
            if not self._spool:
                self._interim = bytes(self._beginning[: self.framing.interim_end])
                del self._beginning[: self.framing.interim_end]
            self._keep(bytes(self._beginning))
            self._beginning.clear()
        announced = 0 if self.wants_beginning else self.framing.length or 0
        if self._max_bytes and max(announced, self.framing.payload_length) > self._max_bytes:
            self.fail(Outcome.TOO_LARGE, f"the body is larger than {self._max_bytes} bytes", "length")

    def _keep(self, data: bytes) -> None:
        with disk.explained(Path(tempfile.gettempdir())):
            self._spool.write(data)
            if Recording.in_memory + self._spool.in_memory - self._held > IN_FLIGHT:
                self._spool.spill()
        self._count()

    def _count(self) -> None:
        Recording.in_memory += self._spool.in_memory - self._held
        self._held = self._spool.in_memory

    def ended(self) -> None:
        """Note that the response is complete, or that nothing more can be made of it."""
        fault, framing = self.framing.fault, self.framing
        if fault and framing.head is None:
            too_large = framing.interim_end + len(self._beginning) > MAX_HEAD
            self.fail(Outcome.TOO_LARGE if too_large else Outcome.CONNECTION_ERROR, fault)
        elif fault:
            self.fail(Outcome.TRUNCATED, fault, "unspecified")
        elif framing.surplus and not self.failed:
            self.error = f"{framing.surplus} bytes came after the end of the response and were left out"

    def lost(self, reason: Any) -> None:
        """Note that the connection is gone before the response was known to be complete."""
        abrupt = not reason.check(ConnectionDone)
        if self.secure and self.tls is None:
            self.fail(Outcome.TLS_ERROR, _describe_tls_failure(reason))
        self.framing.close()
        fault = self.framing.fault
        if self.framing.head is None:
            how = "reset" if abrupt else "closed"
            empty = f"the connection was {how} before the server answered"
            self.fail(
                Outcome.CONNECTION_ERROR,
                fault if fault and len(self._beginning) > self.framing.interim_end else empty,
            )
        elif fault:
            self.fail(Outcome.TRUNCATED, fault, "disconnect")
        elif abrupt and self.secure:
            # RFC 9112 §8 calls it complete; §9.8 wants a close_notify before the end, which many servers leave out.
            self.error = "the server closed the connection without a TLS close_notify"
        elif abrupt:
            self.fail(Outcome.TRUNCATED, "the connection was reset before the end of the body", "disconnect")

    def to_exchange(self) -> Exchange:
        """Return what happened; the recording is empty afterwards."""
        request, redacted = cut_field(bytes(self._sent), "proxy-authorization")
        self._spool.write(bytes(self._beginning))
        response = self._spool.finish()
        self._count()
        if self.framing.head is None:
            end = self.framing.interim_end
            self._interim, response = response[:end], response[end:]
        started_at = self._started_at
        return Exchange(
            target_uri=self.target_uri,
            started_at=started_at.replace(microsecond=started_at.microsecond // 1000 * 1000),
            request=b"" if self.secure and self.tls is None else request,
            response=response,
            interim=self._interim,
            outcome=self.outcome,
            error=self.error,
            truncated=self.truncated,
            ip=self.ip,
            tls=self.tls,
            proxied=self.proxied,
            redacted=redacted,
            seconds=round(self._ended - self._started, 3),
            hints=self._hints,
        )


def _describe_tls_failure(reason: Any) -> str:
    error = reason.value
    if isinstance(error, VerificationError):
        return "the certificate is not for this host name"
    if isinstance(error, SSL.Error) and error.args and error.args[0]:
        return f"the TLS handshake failed: {error.args[0][-1][-1]}"
    return "the connection was closed during the TLS handshake"


class _Tee:
    """A transport that shows the recording what is written to it."""

    def __init__(self, transport: Any, recording: Recording) -> None:
        self._transport = transport
        self._recording = recording

    def write(self, data: bytes) -> None:
        self._recording.sent(data)
        self._transport.write(data)

    def writeSequence(self, pieces: Iterable[bytes]) -> None:  # noqa: N802  (Twisted's name)
        self.write(b"".join(pieces))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


@implementer(IHandshakeListener)
class WireProtocol(Protocol):
    """One connection, for one request after the other."""

    transport: Any
    idle: ClassVar[set["WireProtocol"]] = set()
    """All idle connections of the process."""

    def __init__(self, on_quiescent: Callable[["WireProtocol"], None]) -> None:
        self.state = "QUIESCENT"
        """The pool takes a connection that is QUIESCENT; the others are BUSY and CLOSED."""
        self.recording: Recording | None = None
        self._on_quiescent = on_quiescent
        self._tls: tuple[str, str, str] | None = None
        self._request: Any = None
        self._written = False
        self._done: Deferred[None] | None = None
        self._closed: list[Deferred[None]] = []
        self._goodbye: Any = None

    def connectionMade(self) -> None:  # noqa: N802  (Twisted's name)
        """Send small requests at once."""
        if ITCPTransport.providedBy(self.transport):
            self.transport.setTcpNoDelay(True)

    def handshakeCompleted(self) -> None:  # noqa: N802  (Twisted's name)
        """Note the facts of the TLS connection."""
        connection: SSL.Connection = self.transport.getHandle()
        certificate = connection.get_peer_certificate(as_cryptography=True)
        fingerprint = hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest() if certificate else ""
        self._tls = (connection.get_protocol_version_name(), connection.get_cipher_name() or "", fingerprint)
        self._tell_tls()

    def _tell_tls(self) -> None:
        if self._tls and self.recording and self.recording.secure:
            version, cipher, fingerprint = self._tls
            self.recording.tls = Tls(
                protocol=version, cipher=cipher, certificate_sha256=fingerprint, verified=self.recording.verified
            )

    def request(self, request: Any) -> Deferred[None]:
        """Send a Twisted request; the Deferred fires when the exchange has ended, well or not."""
        assert self.recording is not None
        recording = self.recording
        if not recording.proxied:
            recording.ip = self.transport.getPeer().host
            if refusal := recording.refuse(recording.ip):
                recording.fail(Outcome.OUT_OF_SCOPE, f"{refusal}, {ONLY_WITH_LEAVE}")
                self._end(reusable=False)
                return succeed(None)
        self.state = "BUSY"
        self.idle.discard(self)
        self._request, self._written = request, False
        self._tell_tls()
        recording.begin()
        recording.on_sent()
        done: Deferred[None] = Deferred(self._cancel)
        self._done = done
        request.writeTo(_Tee(self.transport, recording)).addCallbacks(self._note_written, self._fail)
        return done

    def _note_written(self, _: object) -> None:
        self._written = True

    def dataReceived(self, data: bytes) -> None:  # noqa: N802  (Twisted's name)
        """Keep the bytes; end the exchange with its last one."""
        recording = self.recording
        if self.state == "QUIESCENT":
            self._end(reusable=False)  # nobody asked: it could be taken for the answer to the next request
        if self.state != "BUSY" or recording is None:
            return
        try:
            recording.received(data)
        except ArchiveError:
            self._fail(Failure())
            return
        if recording.failed:
            self._abort()
            self._fire()
        elif recording.framing.done:
            recording.ended()
            self._end(reusable=self._written and not recording.failed and recording.framing.is_reusable)
            self._fire()

    def connectionLost(self, reason: Any = connectionDone) -> None:  # noqa: N802  (Twisted's name)
        """End the exchange that is under way."""
        if self._goodbye is not None and self._goodbye.active():
            self._goodbye.cancel()
        self.idle.discard(self)
        busy, self.state = self.state == "BUSY", "CLOSED"
        if busy and self.recording is not None:
            self.recording.lost(reason)
            self._fire()
        waiting, self._closed = self._closed, []
        for deferred in waiting:
            deferred.callback(None)

    def abort(self) -> Deferred[None]:
        """Close the connection at once; the Deferred fires when it is closed."""
        if self.state == "CLOSED":
            return succeed(None)
        closed: Deferred[None] = Deferred()
        self._closed.append(closed)
        self._abort()
        return closed

    def _fire(self, failure: Any = None) -> None:
        self.recording, self._request = None, None
        done, self._done = self._done, None
        if done is not None and not done.called:
            done.callback(None) if failure is None else done.errback(failure)

    def _fail(self, failure: Any) -> None:
        self._abort()
        self._fire(failure)

    def _cancel(self, _: Deferred[None]) -> None:
        self._abort()
        self.recording = None

    def _abort(self) -> None:
        self.state = "CLOSED"
        if self._request is not None and not self._written:
            self._request.stopWriting()
        self.transport.abortConnection()

    def _end(self, *, reusable: bool) -> None:
        if reusable and len(self.idle) < MAX_IDLE:
            self.state = "QUIESCENT"
            self.idle.add(self)
            self._on_quiescent(self)
            return
        self.idle.discard(self)
        self.state = "CLOSED"
        if not self._written and self._request is not None:
            self._request.stopWriting()
        self._goodbye = _reactor().callLater(GOODBYE, self.transport.abortConnection)
        self.transport.loseConnection()


def _reactor() -> Any:
    from twisted.internet import reactor  # importing it installs one, so not before Scrapy has chosen

    return reactor


class WireFactory(Factory):
    """Makes the connections of the pool."""

    noisy = False

    def __init__(self, on_quiescent: Callable[[WireProtocol], None], _: str) -> None:
        self._on_quiescent = on_quiescent

    def buildProtocol(self, addr: object) -> WireProtocol:  # noqa: N802  (Twisted's name)
        """Return a new connection."""
        return WireProtocol(self._on_quiescent)


class WirePool(HTTPConnectionPool):
    """The connections of the process. A request is never sent twice, and an idle connection not kept for long."""

    _factory = WireFactory  # type: ignore[assignment]
    retryAutomatically = False  # noqa: N815  (Twisted's name)
    cachedConnectionTimeout = IDLE  # noqa: N815

    def __init__(self, reactor: Any) -> None:
        super().__init__(reactor, persistent=True)  # type: ignore[no-untyped-call]


class RecordingPool:
    """The pool as one request sees it: the connection that it gets records into the right place."""

    persistent = True

    def __init__(self, pool: Any, key: Hashable, recording: Recording) -> None:
        """``key`` names connections that are interchangeable."""
        self._pool, self._key, self._recording = pool, key, recording

    def getConnection(self, _: Hashable, endpoint: object) -> Any:  # noqa: N802  (Twisted's name)
        """Return a Deferred of a connection, new or idle."""

        def attach(connection: WireProtocol) -> WireProtocol:
            connection.recording = self._recording
            return connection

        return self._pool.getConnection(self._key, endpoint).addCallback(attach)
