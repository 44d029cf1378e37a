"""Names that resolve as a test says, for Twisted's reactor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver, IHostResolution
from zope.interface import implementer

from tests import reactor


@implementer(IHostResolution)
class _Resolution:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Nothing is under way."""


@implementer(IHostnameResolver)
class Resolver:
    """Answers each name with its next address; the last one stays. Other names do not exist."""

    def __init__(self, addresses: Mapping[str, str | list[str]]) -> None:
        self.left = {name: [each] if isinstance(each, str) else list(each) for name, each in addresses.items()}
        self.asked: list[str] = []

    def resolveHostName(self, receiver: Any, name: str, portNumber: int = 0, *_: Any, **__: Any) -> Any:  # noqa: N802, N803
        self.asked.append(name)
        receiver.resolutionBegan(_Resolution(name))
        if addresses := self.left.get(name):
            address = addresses.pop(0) if len(addresses) > 1 else addresses[0]
            kind = IPv6Address if ":" in address else IPv4Address
            receiver.addressResolved(kind("TCP", address, portNumber))
        receiver.resolutionComplete()
        return _Resolution(name)


@contextmanager
def resolving(addresses: Mapping[str, str | list[str]]) -> Iterator[Resolver]:
    """Resolve names so while the block runs."""
    resolver = Resolver(addresses)

    async def install(new: Any) -> Any:
        from twisted.internet import reactor as installed

        return installed.installNameResolver(new)  # type: ignore[attr-defined]

    before = reactor.run(install, resolver)
    try:
        yield resolver
    finally:
        reactor.run(install, before)
