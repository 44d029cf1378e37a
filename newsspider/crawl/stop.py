"""The end of a crawl before its time: what waits is woken at once, what is under way gets a moment to end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

GRACE = 3.0
"""Seconds that requests under way have to end by themselves: a server that drips would take a minute."""


class Stopped(Exception):  # noqa: N818  (no error: somebody asked for it)
    """The crawl is to end, and what was waited for will not come."""


class Stop:
    """The wish to end one site's crawl. Made anywhere, used within the event loop."""

    def __init__(self) -> None:
        self._asked = asyncio.Event()
        self._cuts: set[Callable[[], None]] = set()

    @property
    def is_asked(self) -> bool:
        """Whether the crawl is to end."""
        return self._asked.is_set()

    def ask(self) -> None:
        """End the crawl. A second call ends at once what the first left a moment's time."""
        if self.is_asked:
            self._cut()
            return
        self._asked.set()
        asyncio.get_running_loop().call_later(GRACE, self._cut)

    def add_cut(self, cut: Callable[[], None]) -> None:
        """Have ``cut`` called when what is under way must end."""
        self._cuts.add(cut)

    def _cut(self) -> None:
        for cut in self._cuts:
            cut()

    async def unless_asked(self, waiting: Awaitable[T]) -> T:
        """Wait for something. Raises :class:`Stopped` as soon as the crawl is to end."""
        task = asyncio.ensure_future(waiting)
        asked = asyncio.ensure_future(self._asked.wait())
        try:
            await asyncio.wait({task, asked}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            raise Stopped
        finally:
            asked.cancel()
            task.cancel()
