"""TLS that fails, and certificates that nobody should trust."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from pipelines.model import Outcome
from tests.certificates import Authority
from tests.hostile.cases.case import Case
from tests.hostile.web import article, listing

if TYPE_CHECKING:
    from collections.abc import Callable

PAGES = {"/": listing("/good.htm"), "/good.htm": article(7)}


def refused(name: str, tls: Callable[[Authority], ssl.SSLContext], said: str) -> Case:
    """Return the case of a host that cannot be trusted: its robots.txt cannot be reached, nothing else is asked."""
    return Case(
        name=name,
        pages=PAGES,
        tls=tls,
        outcomes={"/": Outcome.ROBOTS_UNREACHABLE},
        robots=Outcome.TLS_ERROR,
        said=said,
        most=0,
        records=0,
    )


def excepted(name: str, tls: Callable[[Authority], ssl.SSLContext], site: str) -> Case:
    return Case(
        name=name,
        pages=PAGES,
        tls=tls,
        outcomes={"/": Outcome.OK, "/good.htm": Outcome.OK},
        site=f"[access]\n{site}\n",
    )


def expired(authority: Authority) -> ssl.SSLContext:
    return authority.server("127.0.0.1", days=-1)[0]


def wrong_name(authority: Authority) -> ssl.SSLContext:
    return authority.server("news.other.example")[0]


def self_signed(authority: Authority) -> ssl.SSLContext:
    return authority.self_signed("127.0.0.1")


def incomplete_chain(authority: Authority) -> ssl.SSLContext:
    """A certificate of an intermediate authority, which the server should send along and does not."""
    return authority.intermediate("Intermediate").server("127.0.0.1")[0]


def whole_chain(authority: Authority) -> ssl.SSLContext:
    return authority.intermediate("Intermediate whole").server("127.0.0.1", with_chain=True)[0]


FAILED = "certificate verify failed"

CASES = (
    refused("expired certificate", expired, FAILED),
    refused("self-signed certificate", self_signed, FAILED),
    refused("incomplete chain", incomplete_chain, FAILED),
    refused("certificate of another host", wrong_name, "not for this host name"),
    excepted("whole chain", whole_chain, ""),
    excepted("expired, by exception", expired, "verify = false"),
    excepted("self-signed, by exception", self_signed, "verify = false"),
    excepted("certificate of another host, by exception", wrong_name, "verify = false"),
)
