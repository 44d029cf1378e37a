"""Between Scrapy's engine and the wire: robots.txt, the politeness budget, then the capture."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import IgnoreRequest

from newsspider.capture.handler import NoResponse, WireDownloadHandler
from newsspider.frontier.robots import Rules, fetch_rules, robots_uri
from pipelines.model import Exchange, FoundBy, Outcome
from pipelines.uri import host_of, registrable_domain

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from newsspider.archive.session import Session
    from pipelines.model import Capture, Reading


class PoliteDownloadHandler(WireDownloadHandler):
    """Waits for a turn of the domain's budget, then downloads and captures."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._session: Session | None = getattr(crawler.spider, "session", None)
        if self._session is not None:
            self._clock = self._session.clock.now

    async def download_request(self, request: Request) -> Response:
        if self._session is None:
            return await super().download_request(request)
        rules = self._session.site.politeness
        domain = registrable_domain(host_of(request.url))
        delay = max(rules.delay, self._session.delays.get(domain, 0.0))
        async with self._session.budget.turn(
            domain, delay=delay, concurrency=rules.concurrency, timeout=rules.timeout
        ):
            return await super().download_request(request)


class RobotsMiddleware:
    """Asks the robots.txt of each origin before its first page, and leaves alone what it forbids."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._rules: dict[str, asyncio.Task[Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        session: Session | None = getattr(self.crawler.spider, "session", None)
        hints = request.meta.get("hints")
        if session is None or hints is None or hints.found_by is FoundBy.ROBOTS:
            return
        rules = await self._rules_for(request.url, session)
        domain = registrable_domain(host_of(request.url))
        asked = rules.delay(self.crawler.settings["USER_AGENT"])
        session.delays[domain] = max(session.delays.get(domain, 0.0), asked)
        outcome = rules.judge(request.url, self.crawler.settings["USER_AGENT"])
        if outcome is not Outcome.OK:
            error = f"{robots_uri(request.url)} " + (
                "forbids it" if outcome is Outcome.ROBOTS_DENIED else "cannot be reached, so nothing may be fetched"
            )
            now = session.clock.now()
            session.keep(
                Exchange(target_uri=request.url, started_at=now, outcome=outcome, error=error, hints=hints)
            )
            raise IgnoreRequest(error)

    async def _rules_for(self, uri: str, session: Session) -> Rules:
        """Return the rules of an address's origin; all requests to it wait for one fetch."""
        origin = robots_uri(uri)
        task = self._rules.get(origin)
        if task is not None and task.done() and not task.result().is_fresh(session.clock.now()):
            task = None
        if task is None:
            task = asyncio.ensure_future(fetch_rules(uri, self._fetch, session.clock.now()))
            self._rules[origin] = task
        return await asyncio.shield(task)

    async def _fetch(self, request: Request) -> tuple[Capture, Reading]:
        """Fetch a robots.txt through the engine, captured like any page."""
        with suppress(NoResponse):  # the capture says what came instead
            await self.crawler.engine.download_async(request)
        return request.meta["capture"], request.meta["reading"]
