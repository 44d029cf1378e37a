"""Between Scrapy's engine and the wire: robots.txt, the politeness budget, then the capture."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Self

from scrapy import Request
from scrapy.exceptions import IgnoreRequest

from newsspider.capture.handler import NoResponse, WireDownloadHandler
from newsspider.crawl.access import connection_meta
from newsspider.crawl.stop import Stopped
from newsspider.frontier.robots import MOST_BYTES, Rules, fetch_rules, product_token, robots_uri
from pipelines.model import Exchange, FoundBy, Hints, Outcome
from pipelines.uri import host_of, registrable_domain

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from newsspider.crawl.session import Session
    from pipelines.model import Capture


class NotNow(IgnoreRequest):
    """A request was not sent, for a reason that is none of the page's: it stays due, and nothing is archived."""


class PoliteDownloadHandler(WireDownloadHandler):
    """Waits for a turn of the domain's budget, then downloads and captures."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._session: Session | None = getattr(crawler.spider, "session", None)
        if self._session is not None:
            self._clock = self._session.clock.now
            self._call_later = self._session.clock.call_later  # type: ignore[method-assign]
            self._session.stop.add_cut(self.cut)

    async def download_request(self, request: Request) -> Response:
        if self._session is None:
            return await super().download_request(request)
        rules, pace = self._session.site.politeness, self._session.pace
        domain = registrable_domain(host_of(request.url))
        try:
            async with self._session.run.budget.turn(
                domain,
                delay=pace.delay(domain),
                concurrency=rules.concurrency,
                timeout=rules.timeout,
                stop=self._session.stop,
            ) as turn:
                if reason := pace.why_not_now(request.url):  # the turn may have been long in coming
                    raise NotNow(f"{request.url}: {reason}")
                request.meta.update(on_sent=turn.sent, on_answered=turn.answered)
                return await super().download_request(request)
        except Stopped as stopped:
            raise NotNow(f"{request.url}: the crawl is about to end") from stopped


class RobotsMiddleware:
    """Asks the robots.txt of each origin before its first page, and leaves alone what it forbids."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._name = product_token(crawler.settings["USER_AGENT"])
        self._rules: dict[str, asyncio.Future[Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        session: Session | None = getattr(self.crawler.spider, "session", None)
        hints = request.meta.get("hints")
        if session is None or hints is None or hints.found_by is FoundBy.ROBOTS:
            return
        rules = await self._rules_for(request.url, session)
        session.pace.slow_down(request.url, rules.delay(self._name), rules.fetched_at)
        outcome = rules.judge(request.url, self._name)
        if outcome is Outcome.OK:
            return
        error = f"{robots_uri(request.url)} forbids it"
        if rules.failure is not None:
            error = f"{robots_uri(request.url)} cannot be had ({rules.failure}), so nothing may be fetched"
            session.pace.shun(request.url, rules.fresh_until)
        now = session.clock.now()
        session.keep(Exchange(target_uri=request.url, started_at=now, outcome=outcome, error=error, hints=hints))
        raise IgnoreRequest(error)

    async def _rules_for(self, uri: str, session: Session) -> Rules:
        """Return the rules of an address's origin; all requests to it wait for one fetch."""
        origin = robots_uri(uri)
        task = self._rules.get(origin)
        if task is None or (task.done() and not _is_fresh(task, session.clock.now())):
            fetch = partial(self._fetch, session)
            task = asyncio.ensure_future(fetch_rules(uri, fetch, name=self._name, now=session.clock.now))
            self._rules[origin] = task
        return await asyncio.shield(task)

    async def _fetch(self, session: Session, uri: str) -> Capture:
        """Fetch a robots.txt through the engine, captured like any page; from the archive where it is fresh."""
        if (held := session.held_robots(uri)) is not None:
            return held
        request = Request(
            uri,
            meta={
                **connection_meta(uri, session.site),
                "hints": Hints(found_by=FoundBy.ROBOTS),
                "download_maxsize": MOST_BYTES,
                "download_beginning": True,
            },
            dont_filter=True,
        )
        with suppress(NoResponse):  # the capture says what came instead
            await self.crawler.engine.download_async(request)
        capture: Capture = request.meta["capture"]
        return capture


def _is_fresh(task: asyncio.Future[Rules], now: datetime) -> bool:
    return task.exception() is None and now < task.result().fresh_until
