"""Access guards: no request reaches a machine that is not on the public Internet.

A page can name any address, and a name can resolve to any: what counts is the address that is connected to. Through
a proxy, which resolves names itself, only literal addresses and local names can be told.
"""

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

from newsspider.capture.addresses import refuse_address


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
