"""Scrapy's scheduler, as a thin adapter over the ledger: the ledger is the queue."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from scrapy import Request
from scrapy.core.scheduler import BaseScheduler

from newsspider.crawl.stop import Stopped
from newsspider.frontier.agenda import Due
from newsspider.frontier.keys import look_up_key

if TYPE_CHECKING:
    from scrapy.spiders import Spider

    from newsspider.crawl.session import Session

PATIENCE = timedelta(seconds=120)
"""A run waits this long for a page that is due soon (a retry, a Retry-After); beyond it the next run asks."""

BATCH = 64
"""Addresses read from the ledger at once."""


class LedgerScheduler(BaseScheduler):
    """Hands out what the ledger says is due, never more at once than the site allows."""

    def __init__(self) -> None:
        self._batch: deque[Due] = deque()
        self._extra: deque[Request] = deque()
        self._spider: Any
        self._waiting: asyncio.Future[None] | None = None

    def open(self, spider: Spider) -> None:
        self._spider = spider

    @property
    def _session(self) -> Session | None:
        """The open site; None in a shell and for a spider of somebody's own."""
        return getattr(self._spider, "session", None)

    def enqueue_request(self, request: Request) -> bool:
        """Take a request that does not come from the ledger (one of a user's own callback)."""
        self._extra.append(request)
        return True

    def next_request(self) -> Request | None:
        if self._extra:
            return self._extra.popleft()
        session = self._session
        if session is None or session.pace.is_spent():
            return None
        in_flight = session.pace.in_flight
        if len(in_flight) >= session.site.politeness.concurrency or session.pace.awaits_control():
            return None
        due = self._next_due(session)
        if due is not None:
            session.pace.begin(due)
            return cast("Request", self._spider.request(due))
        if not in_flight and self._waiting is None:
            self._waiting = asyncio.ensure_future(self._wait(session))
        return None

    def _next_due(self, session: Session) -> Due | None:
        pace = session.pace
        if not self._batch:
            batch = pace.due(BATCH + len(pace.in_flight))
            self._batch.extend(due for due in batch if look_up_key(due.uri) not in pace.in_flight)
        while self._batch:
            if pace.why_not_now(self._batch[0].uri) is None:
                return self._batch.popleft()
            self._batch.popleft()
        return None

    async def _wait(self, session: Session) -> None:
        """Wake the engine when something is due: it looks by itself only every five seconds."""
        try:
            moment = session.pace.wait_until()
            if moment is None or moment - session.clock.now() > PATIENCE:
                return
            wait = (moment - session.clock.now()).total_seconds()
            with suppress(Stopped):
                await session.stop.unless_asked(session.clock.sleep(wait))
        finally:
            self._waiting = None
        if (slot := self._spider.crawler.engine._slot) is not None:  # Scrapy has no public way to say it
            slot.nextcall.schedule()

    def close(self, reason: str) -> None:
        if self._waiting is not None:
            self._waiting.cancel()

    def has_pending_requests(self) -> bool:
        """Tell whether the run has something to fetch now or within its patience."""
        session = self._session
        if self._extra:
            return True
        if session is None or session.pace.is_spent():
            return False
        moment = session.pace.wait_until()
        return moment is not None and moment - session.clock.now() <= PATIENCE
