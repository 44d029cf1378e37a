"""One exchange while it happens: its bytes as they cross the wire, its times, and what went wrong first."""

import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

from OpenSSL import SSL
from service_identity import VerificationError
from twisted.internet.error import ConnectionDone

from newsspider.capture import disk
from pipelines.http import MAX_HEAD, Framing, cut_field
from pipelines.model import Exchange, Hints, Outcome, Tls
from pipelines.store.spool import Spool

CHUNKING = 2
"""Times that a body may grow on the wire by being sent in chunks: an extension of 16 KiB fits on each (RFC 9112 §7.1.1)."""
IN_FLIGHT = 64 << 20
"""Bytes of responses held in memory by the whole process; above it, what grows goes to a temporary file."""


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
        self.on_answered: Callable[[], None] = lambda: None
        """Called when the first byte of an answer comes in: now the server is known to have the request."""
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
            self.on_answered()
        surplus = self.framing.surplus
        self.framing.feed(data)
        self._beginning += data[: len(data) - (self.framing.surplus - surplus)]
        if self.framing.head is not None:
            if not self._spool:
                self._interim = bytes(self._beginning[: self.framing.interim_end])
                del self._beginning[: self.framing.interim_end]
            self._keep(bytes(self._beginning))
            self._beginning.clear()
        self._limit()

    def _limit(self) -> None:
        """Note that more came, or is announced, than is wanted."""
        framing, most = self.framing, self._max_bytes
        announced = 0 if self.wants_beginning else framing.length or 0
        if most and max(announced, framing.payload_length) > most:
            self.fail(Outcome.TOO_LARGE, f"the body is larger than {most} bytes", "length")
        elif most and framing.end > CHUNKING * most + MAX_HEAD:
            self.fail(Outcome.TOO_LARGE, f"the chunks of the body take more than {CHUNKING * most} bytes", "length")

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
