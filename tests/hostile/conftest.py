"""The crawl of the hostile web: one for all tests of a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.hostile.cases import CASES
from tests.hostile.whole import Web, crawl_cases

if TYPE_CHECKING:
    from tests.hostile.cases.case import Case


def chosen(session: pytest.Session) -> list[Case]:
    """Return the cases that the tests of this session ask about."""
    functions = [item for item in session.items if isinstance(item, pytest.Function) and hasattr(item, "callspec")]
    asked = {id(item.callspec.params.get("case")) for item in functions}
    return [case for case in CASES if id(case) in asked]


@pytest.fixture(scope="session")
def web(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Web:
    """Crawl the chosen cases and the neighbours."""
    return crawl_cases(tmp_path_factory.mktemp("hostile"), chosen(request.session))
