"""The demo web: three sites on three ports of the loopback interface, in one of two versions."""

import errno
import hashlib
from datetime import UTC, datetime
from threading import Thread
from types import TracebackType
from typing import Self

from newsspider.demo import lanshan, mirror, wangxi
from newsspider.demo.design import DemoSite, Expected, Origins
from newsspider.demo.server import HOST, Answer, Request, Server
from newsspider.demo.stories import Story, read_stories
from pipelines.errors import InputError

SITES = (lanshan.SITE, wangxi.SITE, mirror.SITE)
PORTS = tuple(site.port for site in SITES)
"""Where the sites are unless another port is asked for."""

VERSIONS = {1: datetime(2026, 6, 12, 10, 30, tzinfo=UTC), 2: datetime(2026, 6, 19, 9, 15, tzinfo=UTC)}
"""When each version went online. The second differs by one article new, one edited, one removed."""


def origins_of(ports: tuple[int, ...]) -> Origins:
    """Return where each site is served, by its id."""
    return {site.id: f"http://{HOST}:{port}" for site, port in zip(SITES, ports, strict=True)}


def expected(version: int = 1, ports: tuple[int, ...] = PORTS) -> tuple[Expected, ...]:
    """Return what a reader finds on the article pages of that version: the truth for the crawl's records."""
    origins = origins_of(ports)
    return tuple(found for site in SITES for found in site.describe(_stories(site, version), origins))


def render(site: DemoSite, version: int, origins: Origins) -> dict[str, Answer]:
    """Return all answers of a site in that version, by path and query."""
    pages = [site.make_pages(_stories(site, number), origins) for number in range(1, version + 1)]
    answers = {}
    for path, page in pages[-1].items():
        since = version
        while since > 1 and pages[since - 2].get(path) == page:
            since -= 1
        digest = hashlib.sha256(page.body).hexdigest()[:16]
        # Who compresses sends the same weak tag with either coding of a page (RFC 9110 §8.8.3.3).
        tag = f'W/"{digest}"' if site.compresses else f'"{digest}"'
        answers[path] = Answer(
            page=page,
            etag=tag if "ETag" in site.validators else None,
            last_modified=VERSIONS[since] if "Last-Modified" in site.validators else None,
        )
    return answers


def _stories(site: DemoSite, version: int) -> tuple[Story, ...]:
    return read_stories(site.id.removeprefix("demo-"), version)


class DemoWeb:
    """The three sites, served by background threads between :meth:`start` and :meth:`stop`, or in a ``with`` block.

    ``ports`` are those of the three sites in the order of :data:`SITES`; 0 takes any free one.
    """

    def __init__(self, version: int = 1, *, ports: tuple[int, ...] = PORTS) -> None:
        self.requests: list[Request] = []
        """What was asked so far, in the order of the answers."""
        self._ports = ports
        self._version = _known(version)
        self._servers: list[Server] = []
        self._threads: list[Thread] = []

    @property
    def version(self) -> int:
        return self._version

    @property
    def ports(self) -> tuple[int, ...]:
        """The ports in use; while stopped, those asked for."""
        return tuple(server.server_port for server in self._servers) or self._ports

    @property
    def origins(self) -> Origins:
        return origins_of(self.ports)

    def start(self) -> None:
        """Bind the ports and serve; raise InputError where a port is taken."""
        for site, port in zip(SITES, self._ports, strict=True):
            try:
                self._servers.append(Server(port, site, self.requests))
            except OSError as error:
                self.stop()
                if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                    raise
                raise InputError(
                    f"The demo cannot serve on port {port} of {HOST} ({error.strerror}): "
                    "stop the program that uses it, or choose other ports with --port."
                ) from None
        self.switch(self._version)
        self._threads = [Thread(target=server.serve_forever, args=(0.05,)) for server in self._servers]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Close every connection and wait for the threads."""
        for server in self._servers:
            if self._threads:  # else start() failed, and nobody would hear it
                server.shutdown()
            server.hang_up()
            server.server_close()
        for thread in self._threads:
            thread.join()
        self._servers, self._threads = [], []

    def switch(self, version: int) -> None:
        """Serve another version of the sites from now on."""
        self._version = _known(version)
        for server in self._servers:
            server.answers = render(server.site, version, self.origins)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _known(version: int) -> int:
    if version not in VERSIONS:
        raise ValueError(f"the demo web has the versions {', '.join(map(str, VERSIONS))}, not {version}")
    return version
