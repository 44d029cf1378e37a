"""The connections: below every HTTP object, they send a request and record what comes back.

:class:`WireProtocol` stands where Twisted's own HTTP/1.1 client protocol would: it sends what Twisted's request
serialises. Where the response ends is decided by :class:`pipelines.http.Framing`, as it will be when the archive is
read: Twisted's parser rejects answers that browsers take (a padded chunk size), does not tell the bytes behind the
end of a response from its own, and would let them be taken for the next one.
"""

import hashlib
from collections.abc import Callable, Hashable, Iterable
from typing import Any, ClassVar

from cryptography.hazmat.primitives.serialization import Encoding
from OpenSSL import SSL
from twisted.internet.defer import Deferred, succeed
from twisted.internet.interfaces import IHandshakeListener, ITCPTransport
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.python.failure import Failure
from twisted.web.client import HTTPConnectionPool
from zope.interface import implementer

from newsspider.capture.addresses import ONLY_WITH_LEAVE
from newsspider.capture.recording import Recording
from pipelines.errors import ArchiveError
from pipelines.http import to_origin_form
from pipelines.model import Outcome, Tls

IDLE = 15
"""Seconds that an idle connection is kept: no longer than most servers do, or requests meet a closing one."""
MAX_IDLE = 200
"""Idle connections of the whole process: a thousand sites must fit under the usual limit of open files."""
GOODBYE = 5.0
"""Seconds that a peer has to end a connection in good order."""


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
        if not request.uri.startswith(b"http:"):  # the absolute form, for a proxy, is the target URI as it is
            request.uri = to_origin_form(recording.target_uri).encode("ascii")
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
        """Close the connection, an idle one in good order; the Deferred fires when it is closed."""
        if self.state == "CLOSED":
            return succeed(None)
        closed: Deferred[None] = Deferred()
        self._closed.append(closed)
        if self.state == "QUIESCENT":
            self._end(reusable=False)
        else:
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
