"""Servers that say they are asked too much, or that they do not want us."""

from email.utils import format_datetime

from pipelines.model import Outcome
from tests.hostile.cases.case import Case
from tests.hostile.crawling import START
from tests.hostile.web import Page, article, html, in_turn, listing, not_found

SOON = format_datetime(START.replace(minute=1), usegmt=True)
"""A minute after the crawl begins."""


def busy(status: int, *fields: str) -> Page:
    return html("<html>busy", *fields, status=status)


def refusing(name: str, page: Page, outcome: Outcome, asked: int, *, records: int = 2) -> Case:
    """Return the case of a page that refuses; ``asked``: how often one run asks for it."""
    return Case(
        name=name,
        pages={
            "/": listing("/case.htm", "/good.htm", "/last.htm"),
            "/case.htm": page,
            "/good.htm": article(7),
            "/last.htm": article(8),
        },
        outcomes={"/case.htm": outcome, "/good.htm": Outcome.OK, "/last.htm": Outcome.OK},
        asked={"/case.htm": asked, "/good.htm": 1, "/last.htm": 1},
        records=records,
    )


CASES = (
    refusing("429", busy(429), Outcome.BLOCKED, 3),
    refusing("429 once, Retry-After in seconds", in_turn(busy(429, "Retry-After: 30"), article(3)), Outcome.OK, 2, records=3),
    refusing("503 once, Retry-After as a date", in_turn(busy(503, f"Retry-After: {SOON}"), article(3)), Outcome.OK, 2, records=3),
    refusing("503 with Retry-After: 0, always", busy(503, "Retry-After: 0"), Outcome.SERVER_ERROR, 3),
    refusing("503 with a Retry-After that says nothing", busy(503, "Retry-After: soon"), Outcome.SERVER_ERROR, 3),
    refusing("404 with Retry-After", html("<html>404", "Retry-After: 5", status=404), Outcome.GONE, 1),
    refusing("403", busy(403), Outcome.BLOCKED, 1),
    refusing("401", html("<html>", 'WWW-Authenticate: Basic realm="x"', status=401), Outcome.LOGIN_REQUIRED, 1),
    refusing("500", busy(500), Outcome.SERVER_ERROR, 3),
    Case(
        name="429 with a Retry-After of thirty years",
        pages={"/": listing("/case.htm", "/good.htm"), "/case.htm": busy(429, "Retry-After: 1000000000"), "/good.htm": article(7)},
        outcomes={"/": Outcome.OK, "/case.htm": Outcome.BLOCKED},
        asked={"/case.htm": 1, "/good.htm": 0},
        records=0,
    ),
    Case(
        name="503 for every page",
        pages={"/robots.txt": not_found, "/": listing(*(f"/{number}.htm" for number in range(50))), "*": busy(503)},
        outcomes={"/": Outcome.OK, "/0.htm": Outcome.SERVER_ERROR},
        most=8,
        records=0,
    ),
    Case(
        name="429 for every page but one in three",
        pages={
            "/": listing(*(f"/{number}.htm" for number in range(1, 10))),
            **{f"/{number}.htm": article(number) for number in (3, 6, 9)},
            "/robots.txt": not_found,
            "*": busy(429),
        },
        outcomes={"/": Outcome.OK, "/3.htm": Outcome.OK, "/9.htm": Outcome.OK},
        most=25,
        records=3,
    ),
)  # fmt: skip
