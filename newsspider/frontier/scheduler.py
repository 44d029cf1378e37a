"""Scrapy's scheduler, as a thin adapter over the ledger: the ledger is the queue."""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from scrapy import Request
from scrapy.core.scheduler import BaseScheduler

from newsspider.frontier.keys import look_up_key
from newsspider.frontier.ledger import Due
from newsspider.frontier.politeness import quiet_until

if TYPE_CHECKING:
    from scrapy.spiders import Spider

    from newsspider.archive.session import Session

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
        if session is None or len(session.in_flight) >= session.site.politeness.concurrency or session.is_spent():
            return None
        due = self._next_due(session)
        if due is None:
            return None
        session.in_flight.add(look_up_key(due.uri))
        return cast("Request", self._spider.request(due))

    def _next_due(self, session: Session) -> Due | None:
        now = session.clock.now()
        if quiet_until(now, session.site) is not None:
            return None
        if not self._batch:
            limit = BATCH + len(session.in_flight)
            batch = session.due(limit)
            self._batch.extend(due for due in batch if look_up_key(due.uri) not in session.in_flight)
        while self._batch:
            due = self._batch.popleft()
            if not session.is_paused(due.uri):
                return due
        return None

    def has_pending_requests(self) -> bool:
        """Tell whether the run has something to fetch now or within its patience."""
        session = self._session
        if self._extra:
            return True
        if session is None or session.is_spent():
            return False
        if self._batch:
            return True
        moment = session.wait_until()
        return moment is not None and moment - session.clock.now() <= PATIENCE
