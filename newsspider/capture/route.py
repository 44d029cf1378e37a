"""How a server is reached: directly or through an HTTP proxy, plain or over TLS.

Through a proxy a plain request goes out in absolute form (RFC 9112 §3.2.2), and TLS runs through a CONNECT tunnel
(RFC 9110 §9.3.6). The proxy resolves the names. Its credentials never come near the archive.
"""

import base64
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from OpenSSL import SSL
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.crawler import Crawler
from twisted.internet._sslverify import ClientTLSOptions
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import HostnameEndpoint, wrapClientTLS
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.internet.ssl import CertificateOptions, TLSVersion, platformTrust
from twisted.web.client import URI, Agent, ProxyAgent
from twisted.web.iweb import IAgentEndpointFactory, IPolicyForHTTPS
from zope.interface import implementer

from newsspider.capture.guard import GuardedReactor
from pipelines.http import Framing

REFUSALS = {
    407: "it wants a user name and password (give them as --proxy http://user:password@host:port)",
    403: "it does not let us through",
    502: "it could not reach the server",
    503: "it could not reach the server",
    504: "it got no answer from the server in time",
}
"""What the answers of a proxy to CONNECT mean."""
TLS_SETTINGS = ("DOWNLOADER_CLIENT_TLS_CIPHERS", "DOWNLOAD_TLS_MIN_VERSION", "DOWNLOAD_TLS_MAX_VERSION")
CONTEXTS: dict[tuple[object, ...], CertificateOptions] = {}
"""Certificate options by settings, for all crawlers of the process: an OpenSSL context takes almost a megabyte."""
LEGACY_SERVER_CONNECT = 0x4
"""``SSL_OP_LEGACY_SERVER_CONNECT``: servers that know nothing of secure renegotiation (RFC 5746 §4.1)."""


class TunnelError(Exception):
    """A proxy did not open the tunnel; the message is a sentence for people."""


class _LegacyOptions(CertificateOptions):
    """What was usual until 2018: TLS 1.0 and 1.1, their cipher suites, renegotiation of the old kind."""

    def _makeContext(self, skipCiphers: bool = False) -> SSL.Context:  # noqa: N802, N803  (Twisted's names)
        context = super()._makeContext(skipCiphers=True)
        context.set_options(LEGACY_SERVER_CONNECT)
        context.set_cipher_list(b"ALL:@SECLEVEL=0")  # TLS 1.0 signs with SHA-1, which level 1 refuses
        return context


class _Unverified(ClientTLSOptions):
    """Takes any certificate."""

    def clientConnectionForTLS(self, tlsProtocol: Any) -> SSL.Connection:  # noqa: N802, N803  (Twisted's names)
        connection = super().clientConnectionForTLS(tlsProtocol)
        connection.set_verify(SSL.VERIFY_NONE, lambda *_: True)  # without a callback the one before it stays
        return connection


@implementer(IPolicyForHTTPS)
class TrustPolicy(_ScrapyClientContextFactory):
    """Certificates are verified against those that the system trusts, over TLS 1.2 or newer.

    Scrapy's own factory verifies nothing by default, allows the old renegotiation, and reads the trusted
    certificates anew for each connection, which takes longer than the handshake.
    """

    _settings: tuple[str | None, ...] = ()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Return the policy that a crawler's settings ask for."""
        policy = super().from_crawler(crawler, *args, **kwargs)
        policy._settings = tuple(crawler.settings.get(name) for name in TLS_SETTINGS)
        return policy

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802  (Twisted's name)
        """Return what makes the TLS side of a connection to that host."""
        return self.creator(hostname)

    def creator(self, hostname: bytes, *, verify: bool = True, legacy: bool = False) -> Any:
        """Return the same, for a site whose file makes an exception from verification or allows legacy TLS too."""
        # OpenSSL looks at these two variables beside its built-in folders.
        trusted = (os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")) if verify else ()
        key = (*self._settings, *trusted, verify, legacy)
        if key not in CONTEXTS:
            CONTEXTS[key] = self._options(verify=verify, legacy=legacy)
        form = ClientTLSOptions if verify else _Unverified
        return form(CONTEXTS[key]._makeTLSConnection, hostname.decode("ascii"))

    def _options(self, *, verify: bool, legacy: bool) -> CertificateOptions:
        trust = platformTrust() if verify else None
        if legacy:
            lowest = TLSVersion.TLSv1_0
            return _LegacyOptions(trustRoot=trust, fixBrokenPeers=True, insecurelyLowerMinimumTo=lowest)
        return CertificateOptions(trustRoot=trust, **self._get_cert_options_kwargs())


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """An HTTP proxy."""

    host: str
    port: int
    secure: bool
    """True where the proxy itself is reached over TLS."""
    credentials: bytes | None
    """Value of Proxy-Authorization."""


def to_proxy(address: str, credentials: bytes | None = None) -> Proxy:
    """Read the address of a proxy; user and password may stand in it (RFC 9110 §11.7.2, RFC 7617).

    >>> to_proxy("http://me:pw@proxy.example:3128").credentials
    b'Basic bWU6cHc='
    """
    parts = urlsplit(address if "://" in address else f"http://{address}")
    if parts.username is not None:
        user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        credentials = b"Basic " + base64.b64encode(user.encode())
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    return Proxy(host=parts.hostname or "", port=port, secure=secure, credentials=credentials)


@implementer(IAgentEndpointFactory)
@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The endpoints of one request."""

    reactor: Any
    policy: TrustPolicy
    verify: bool
    legacy_tls: bool
    proxy: Proxy | None
    timeout: float
    bind_address: tuple[str, int] | None
    on_refusal: Callable[[str], None] | None
    """Told why, where all addresses of the server are refused; None where every address may be reached."""

    def to_agent(self, scheme: str, pool: Any) -> Any:
        """Return a Twisted agent that sends requests of that scheme along this route."""
        if self.proxy is not None and scheme == "http":
            return ProxyAgent(self._proxy_endpoint(self.proxy), self.reactor, pool)
        return Agent.usingEndpointFactory(self.reactor, self, pool)

    def endpointForURI(self, uri: URI) -> Any:  # noqa: N802  (Twisted's name)
        """Return the endpoint of a server."""
        host = uri.host.decode("ascii")
        endpoint: Any
        if self.proxy is not None:
            endpoint = TunnelEndpoint(self._proxy_endpoint(self.proxy), self.proxy, host, uri.port)
        else:
            guarded = self.reactor if self.on_refusal is None else GuardedReactor(self.reactor, self.on_refusal)
            endpoint = HostnameEndpoint(guarded, host, uri.port, self.timeout, self.bind_address)
        if uri.scheme != b"https":
            return endpoint
        creator = self.policy.creator(uri.host, verify=self.verify, legacy=self.legacy_tls)
        return wrapClientTLS(creator, endpoint)

    def _proxy_endpoint(self, proxy: Proxy) -> Any:
        endpoint: Any = HostnameEndpoint(self.reactor, proxy.host, proxy.port, self.timeout, self.bind_address)
        if not proxy.secure:
            return endpoint
        return wrapClientTLS(self.policy.creatorForNetloc(proxy.host.encode("idna"), proxy.port), endpoint)


@implementer(IStreamClientEndpoint)
@dataclass(frozen=True, slots=True)
class TunnelEndpoint:
    """Reaches a server through a proxy's CONNECT tunnel."""

    endpoint: Any
    """Of the proxy."""
    proxy: Proxy
    host: str
    port: int

    def connect(self, factory: Any) -> Any:
        """Return a Deferred of the protocol that ``factory`` makes, connected to the server."""
        tunnels = Factory.forProtocol(lambda: Tunnel(self, factory))
        tunnels.noisy = False
        return self.endpoint.connect(tunnels).addCallback(lambda tunnel: tunnel.ready)


class Tunnel(Protocol):
    """A connection to a proxy: asks for the tunnel, then stands between transport and inner protocol."""

    transport: Any

    def __init__(self, target: TunnelEndpoint, factory: Any) -> None:
        self._target, self._inner_factory = target, factory
        self._inner: Any = None
        self._answer = bytearray()
        self._framing = Framing(method="HEAD")  # a 2xx answer to CONNECT has no body (RFC 9110 §9.3.6)
        self.ready: Deferred[Any] = Deferred(lambda _: self.transport.abortConnection())
        """Fires with the inner protocol when the tunnel is open."""

    def connectionMade(self) -> None:  # noqa: N802  (Twisted's name)
        """Ask for the tunnel."""
        host = f"[{self._target.host}]" if ":" in self._target.host else self._target.host
        authority = f"{host}:{self._target.port}".encode("ascii")
        request = b"CONNECT " + authority + b" HTTP/1.1\r\nHost: " + authority + b"\r\n"
        if self._target.proxy.credentials:
            request += b"Proxy-Authorization: " + self._target.proxy.credentials + b"\r\n"
        self.transport.write(request + b"\r\n")

    def dataReceived(self, data: bytes) -> None:  # noqa: N802  (Twisted's name)
        """Read the proxy's answer; after it, pass everything on."""
        if self._inner is not None:
            self._inner.dataReceived(data)
            return
        self._framing.feed(data)
        if not self._framing.done:
            return
        head = self._framing.head
        if head is None:
            self._refuse(f"{self._framing.fault}")
        elif not 200 <= head.status < 300:
            self._refuse(f"{head.status} {head.reason}: {REFUSALS.get(head.status, 'no reason given')}")
        elif not self.ready.called:
            self._inner = self._inner_factory.buildProtocol(self.transport.getPeer())
            self._inner.makeConnection(self.transport)
            self.ready.callback(self._inner)

    def _refuse(self, why: str) -> None:
        proxy = self._target.proxy
        self.transport.loseConnection()
        if not self.ready.called:
            self.ready.errback(TunnelError(f"the proxy {proxy.host}:{proxy.port} opened no tunnel: {why}"))

    def connectionLost(self, reason: Any = connectionDone) -> None:  # noqa: N802  (Twisted's name)
        """Pass it on."""
        if self._inner is not None:
            self._inner.connectionLost(reason)
        elif not self.ready.called:
            proxy = self._target.proxy
            self.ready.errback(TunnelError(f"the proxy {proxy.host}:{proxy.port} closed the connection"))
