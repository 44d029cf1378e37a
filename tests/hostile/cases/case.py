"""What a hostile host does, and what a crawl of it must come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.model import Outcome
from tests.hostile.web import Greeting, Page, article, listing

if TYPE_CHECKING:
    import ssl

    from tests.certificates import Authority


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One host, crawled as a site of its own."""

    name: str
    pages: Mapping[str, Page]
    outcomes: Mapping[str, Outcome]
    """What the last fetch of each address comes to; those that are not named are not looked at."""
    asked: Mapping[str, int] = field(default_factory=dict)
    """How often the host is asked for an address, whatever its query or session: 0 for never."""
    most: int = 30
    """Requests that the host sees in all, at most."""
    records: int = 1
    site: str = ""
    """Lines of the site file."""
    robots: Outcome | None = None
    """What the last fetch of robots.txt comes to, where it matters."""
    said: str = ""
    """Words of the error that is archived with the last exchange of ``/case.htm`` or ``/robots.txt``."""
    trap: str = ""
    """Path of the addresses that are reported as a trap, 0 for their numbers; where there is one."""
    delay: float = 1.0
    """Seconds between two requests, at least."""
    tls: Callable[[Authority], ssl.SSLContext] | None = None
    greeting: Greeting | None = None
    is_begun_plain: bool = False
    """Whether the crawl of a host that has TLS begins without it."""


RETRIED = (
    Outcome.SERVER_ERROR, Outcome.TIMEOUT, Outcome.CONNECTION_ERROR, Outcome.DNS_ERROR, Outcome.TRUNCATED,
)  # fmt: skip


def faulty(
    name: str, page: Page, outcome: Outcome, said: str = "", *, site: str = "", is_article: bool = True
) -> Case:
    """Return the case of a host whose page ``/case.htm`` is faulty, and whose other pages are well.

    Where the fault does not matter, the page is the article that it is, unless ``is_article`` says otherwise.
    """
    return Case(
        name=name,
        pages={"/": listing("/case.htm", "/good.htm"), "/case.htm": page, "/good.htm": article(7)},
        outcomes={"/": Outcome.OK, "/case.htm": outcome, "/good.htm": Outcome.OK},
        asked={"/robots.txt": 1, "/": 1, "/case.htm": 3 if outcome in RETRIED else 1, "/good.htm": 1},
        records=1 + (outcome is Outcome.OK and is_article),
        said=said,
        site=site,
    )
