"""Access guards: no request reaches a machine that is not on the public Internet.

A page can name any address, and a name can resolve to any: what counts is the address that is connected to. Through
a proxy, which resolves names itself, only literal addresses and local names can be told.
"""

import ipaddress
import socket
from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import (
    IHostnameResolver,
    IReactorPluggableNameResolver,
    IReactorTCP,
    IReactorTime,
    IResolutionReceiver,
)
from zope.interface import implementer

LOCAL_NAMES = ("localhost", "local", "internal", "home.arpa", "lan")
"""Top-level names that never leave a local network (RFC 6761, 6762, 8375), and two that are used as if."""
NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""RFC 6052 §2.1: the last 32 bits are the IPv4 address that is reached."""


ONLY_WITH_LEAVE = "which only --allow-private lets the crawl reach"
"""What a person is told after the reason."""


def refuse_address(address: str) -> str | None:
    """Return why a numeric address is refused, or None for one of the public Internet.

    >>> refuse_address("169.254.169.254"), refuse_address("::ffff:10.0.0.1"), refuse_address("202.112.7.13")
    ('169.254.169.254 is a link-local address', '10.0.0.1 is a private address', None)
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        embedded = (
            ip.ipv4_mapped or ip.sixtofour or (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in NAT64 else None)
        )
        ip = embedded or ip
    kind = next(
        (
            name
            for name, applies in (
                ("loopback", ip.is_loopback),
                ("link-local", ip.is_link_local),
                ("multicast", ip.is_multicast),
                ("private", ip.is_private),
                ("reserved", not ip.is_global),
            )
            if applies
        ),
        None,
    )
    return f"{ip} is a {kind} address" if kind else None


def refuse_name(host: str) -> str | None:
    """Return why a host, name or number in any notation, is refused where somebody else resolves it.

    >>> refuse_name("0x7f.1"), refuse_name("nas.local"), refuse_name("news.example.edu.cn")
    ('127.0.0.1 is a loopback address', 'nas.local is a name of a local network', None)
    """
    name = host.strip("[]").rstrip(".").lower()
    try:
        return refuse_address(name)
    except ValueError:
        pass
    try:
        return refuse_address(socket.inet_ntoa(socket.inet_aton(name)))
    except OSError:
        pass
    if name.rpartition(".")[2] in LOCAL_NAMES or name.endswith(".home.arpa"):
        return f"{host} is a name of a local network"
    return None


@implementer(IReactorTCP, IReactorTime, IReactorPluggableNameResolver)
class GuardedReactor:
    """A reactor whose name resolver leaves out addresses that are refused; in all else the reactor itself."""

    def __init__(self, reactor: Any, on_refusal: Callable[[str], None]) -> None:
        """``on_refusal`` is told why, if no address of a name is left."""
        self._reactor = reactor
        self._on_refusal = on_refusal

    @property
    def nameResolver(self) -> Any:  # noqa: N802  (Twisted's name)
        """The resolver of the reactor, guarded."""
        return _GuardedResolver(self._reactor.nameResolver, self._on_refusal)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)


@implementer(IHostnameResolver)
class _GuardedResolver:
    def __init__(self, resolver: Any, on_refusal: Callable[[str], None]) -> None:
        self._resolver = resolver
        self._on_refusal = on_refusal

    def resolveHostName(self, receiver: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N802  (Twisted's name)
        return self._resolver.resolveHostName(_GuardedReceiver(receiver, self._on_refusal), *args, **kwargs)


@implementer(IResolutionReceiver)
class _GuardedReceiver:
    """Passes on the addresses that are not refused."""

    def __init__(self, receiver: Any, on_refusal: Callable[[str], None]) -> None:
        self._receiver = receiver
        self._on_refusal = on_refusal
        self._refusal: str | None = None
        self._passed = 0

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802  (Twisted's name)
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        refusal = refuse_address(address.host)
        if refusal is None:
            self._passed += 1
            self._receiver.addressResolved(address)
        else:
            self._refusal = refusal

    def resolutionComplete(self) -> None:  # noqa: N802
        if self._refusal is not None and not self._passed:
            self._on_refusal(self._refusal)
        self._receiver.resolutionComplete()
