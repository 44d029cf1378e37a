"""What is taken for a page of the site, and whether the runs keep up with the revisits."""

from datetime import UTC, datetime, timedelta

import pytest

from newsspider.frontier.policy import Past, is_page, is_recheck, most_rechecks, next_due
from pipelines.model import Capture, FoundBy, Hints, Outcome, PageKind, Reading, Site

SITE = Site(id="hill", name="Hill", seeds=("http://news.hill.example/",), domains=("news.hill.example",))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", True),
        ("xwzx/", True),
        ("xwzx/list", True),
        ("info/1001/2.htm", True),
        ("show.jsp?id=1", True),
        ("files/1.pdf", False),
        ("logo.png", False),
    ],
)
def test_folders_and_pages_are_followed_and_files_are_not(path: str, expected: bool) -> None:
    assert is_page(f"http://news.hill.example/{path}", SITE) is expected


def test_a_page_of_another_host_is_not_followed() -> None:
    assert not is_page("http://www.elsewhere.example/xwzx/", SITE)


def test_a_run_a_week_keeps_up_with_the_revisits_of_a_site_with_three_new_articles_a_day() -> None:
    week, now = timedelta(days=7), datetime(2026, 1, 1, tzinfo=UTC)
    changed: dict[str, datetime] = {}
    planned: dict[str, tuple[datetime, bool]] = {}
    for _ in range(3 * 52):
        for number in range(21):
            uri = f"http://news.hill.example/info/{len(changed)}.htm"
            changed[uri] = now - week * number / 21
            planned[uri] = now, False
        due = sorted((uri for uri, (at, _) in planned.items() if at <= now), key=lambda uri: planned[uri][0])
        rechecks = [uri for uri in due if planned[uri][1]]
        left = rechecks[most_rechecks(len(changed)) :]
        assert all(now - planned[uri][0] < 2 * week for uri in left), f"{len(left)} of {len(rechecks)} are left"
        for uri in set(due) - set(left):
            capture = Capture(target_uri=uri, captured_at=now, hints=Hints(found_by=FoundBy.LISTING), run="run")
            past = Past(changed_at=changed[uri], kind=PageKind.ARTICLE)
            following = next_due(capture, Reading(outcome=Outcome.OK), past, SITE, retry_after=None)
            assert following is not None
            planned[uri] = following, is_recheck(capture, following)
        now += week
