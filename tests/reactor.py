"""Scrapy's reactor in a thread of its own, so that tests can drive what needs one, as often as they like."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

T = TypeVar("T")

_started: list[threading.Thread] = []


def run(function: Callable[..., Awaitable[T]], *args: Any, **kwargs: Any) -> T:
    """Run a coroutine function in the reactor's thread and return what it returns, or raise what it raises."""
    _start()
    from scrapy.utils.defer import deferred_from_coro
    from twisted.internet import reactor
    from twisted.internet.threads import blockingCallFromThread

    return blockingCallFromThread(reactor, lambda: deferred_from_coro(function(*args, **kwargs)))


def _start() -> None:
    if _started:
        return
    from twisted.internet import asyncioreactor

    asyncioreactor.install(asyncio.new_event_loop())
    from twisted.internet import reactor

    thread = threading.Thread(target=reactor.run, kwargs={"installSignalHandlers": False}, daemon=True)
    thread.start()
    _started.append(thread)
