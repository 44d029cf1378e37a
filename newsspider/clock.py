"""The time of the crawl. What waits or stamps asks a clock, so that a test can run a year in a minute."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """The machine's clock, in UTC and whole milliseconds: what a WARC-Date and a ledger can hold."""

    def now(self) -> datetime:
        """Return the present moment."""
        moment = datetime.now(UTC)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)

    def call_later(self, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
        """Call something after a while; return what calls it off."""
        return asyncio.get_running_loop().call_later(seconds, call).cancel


class SimulatedClock(Clock):
    """A clock that stands still but for its sleepers: a wait takes no time and moves it forward."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def move_to(self, moment: datetime) -> None:
        """Move forward to a moment; never back."""
        self._now = max(self._now, moment)

    async def sleep(self, seconds: float) -> None:
        self.move_to(self._now + timedelta(seconds=max(seconds, 0)))
        await asyncio.sleep(0)
