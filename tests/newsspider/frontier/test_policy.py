"""What is taken for a page of the site."""

import pytest

from newsspider.frontier.policy import is_page
from pipelines.model import Site

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
