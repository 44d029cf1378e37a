"""Every hostile host."""

from tests.hostile.cases import codings, pages, redirects, refusals, robots, secure, transport, traps
from tests.hostile.cases.case import Case

CASES: tuple[Case, ...] = (
    *transport.CASES,
    *codings.CASES,
    *secure.CASES,
    *redirects.CASES,
    *robots.CASES,
    *refusals.CASES,
    *pages.CASES,
    *traps.CASES,
)
