"""A download handler that runs in the reactor's thread and keeps what it hands over."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from newsspider.capture.handler import NoResponse, WireDownloadHandler
from newsspider.capture.recording import Recording
from pipelines.model import Capture, Exchange
from pipelines.store.exchange import to_capture
from tests import reactor


class Keeper(Spider):
    """A spider that archives in memory."""

    name = "keeper"

    def keep(self, exchange: Exchange, request: Request) -> Capture:
        kept: list[Exchange] = self.crawler.settings["KEPT"]
        kept.append(exchange)
        return to_capture(exchange)


@dataclass
class Client:
    """Fetches one address after the other."""

    handler: WireDownloadHandler
    kept: list[Exchange] = field(default_factory=list)

    def response(
        self, uri: str, *, method: str = "GET", body: bytes = b"", headers: Any = None, **meta: Any
    ) -> Response:
        """Return Scrapy's response, or raise what the handler raises."""
        request = Request(uri, method=method, body=body, headers=headers, meta=meta)
        return reactor.run(self.handler.download_request, request)

    def exchange(self, uri: str, **options: Any) -> Exchange:
        """Return the one exchange that a request made, whether or not there was a response."""
        before = len(self.kept)
        with suppress(NoResponse):
            self.response(uri, **options)
        assert len(self.kept) == before + 1
        return self.kept[-1]


@pytest.fixture
def make_client() -> Iterator[Callable[..., Client]]:
    """Return a function that makes a client with these settings; it may reach loopback."""
    clients: list[Client] = []

    def make(**settings: Any) -> Client:
        kept: list[Exchange] = []
        told = {"CAPTURE_ALLOW_PRIVATE": True, "DOWNLOAD_TIMEOUT": 30, "KEPT": None, **settings}

        async def build() -> WireDownloadHandler:
            crawler = get_crawler(Keeper, told)
            crawler.settings.frozen = False
            crawler.settings.set("KEPT", kept)
            crawler.spider = crawler._create_spider()
            return WireDownloadHandler.from_crawler(crawler)

        client = Client(reactor.run(build), kept)
        clients.append(client)
        return client

    yield make
    for client in clients:
        reactor.run(client.handler.close)
    assert Recording.in_memory == 0


@pytest.fixture
def client(make_client: Callable[..., Client]) -> Client:
    """Return a client with the usual settings."""
    return make_client()
