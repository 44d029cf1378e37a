"""Scrapy's scheduler, as a thin adapter over the ledger: the ledger is the queue."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.core.scheduler import BaseScheduler

from newsspider.frontier.ledger import Due, look_up_key

if TYPE_CHECKING:
    from scrapy.spiders import Spider

    from newsspider.spiders.news import NewsSpider

PATIENCE = timedelta(seconds=120)
"""A run waits this long for a page that is due soon (a retry, a Retry-After); beyond it the next run asks."""

BATCH = 64
"""Addresses read from the ledger at once."""


class LedgerScheduler(BaseScheduler):
    """Hands out what the ledger says is due, never more at once than the site allows."""

    def __init__(self) -> None:
        self._asked = 0
        self._batch: deque[Due] = deque()
        self._extra: deque[Request] = deque()
        self._spider: NewsSpider

    def open(self, spider: Spider) -> None:
        self._spider = spider  # type: ignore[assignment]

    def enqueue_request(self, request: Request) -> bool:
        """Take a request that does not come from the ledger (one of a user's own callback)."""
        self._extra.append(request)
        return True

    def next_request(self) -> Request | None:
        if self._extra:
            return self._extra.popleft()
        session = self._spider.session
        if session is None or self._is_over() or len(session.in_flight) >= session.site.politeness.concurrency:
            return None
        now = session.clock.now()
        if session.resume_at is not None and now < session.resume_at:
            return None
        due = self._next_due(now)
        if due is None:
            return None
        self._asked += 1
        session.in_flight.add(look_up_key(due.uri))
        return self._spider.request(due)

    def _next_due(self, now: datetime) -> Due | None:
        session = self._spider.session
        assert session is not None
        if not self._batch:
            batch = session.ledger.due(now, not_since=session.started_at, limit=BATCH + len(session.in_flight))
            self._batch.extend(due for due in batch if look_up_key(due.uri) not in session.in_flight)
        return self._batch.popleft() if self._batch else None

    def _is_over(self) -> bool:
        limit = self._spider.session.run.limit if self._spider.session else 0
        return 0 < limit <= self._asked

    def has_pending_requests(self) -> bool:
        """Tell whether the run has something to fetch now or within its patience."""
        session = self._spider.session
        if self._extra:
            return True
        if session is None or self._is_over():
            return False
        now = session.clock.now()
        if session.resume_at is not None and session.resume_at - now > PATIENCE:
            return False
        if self._batch:
            return True
        moment = session.ledger.next_due(not_since=session.started_at)
        return moment is not None and moment - now <= PATIENCE
