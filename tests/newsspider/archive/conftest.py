"""The archive is tested with pages that are easier to read than HTML."""

from pathlib import Path

import pytest

from newsspider.archive import verify, views
from tests.newsspider.archive.small_site import Crawl, read


@pytest.fixture
def crawl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Crawl:
    for module in (views, verify):
        monkeypatch.setattr(module, "read", read)
    return Crawl(tmp_path)
