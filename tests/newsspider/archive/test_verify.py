"""Verification: nothing to find in what a kill left, everything to find in what was damaged."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsspider.archive.verify import Verification, verify_site
from pipelines.normalise.record import Models
from tests.newsspider.archive.small_site import FIRST, SECOND, SITE, Crawl

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def verify(crawl: Crawl, *, full: bool = True) -> Verification:
    return verify_site(crawl.folder, SITE, Models(), now=NOW, full=full)


def test_what_a_kill_left_is_sound(crawl: Crawl) -> None:
    with crawl.run(close=False):
        crawl.fetch(SECOND, "二")
    found = verify(crawl)
    assert (found.faults, found.captures, found.records, found.reread) == ([], 2, 1, 1)
    assert verify(crawl, full=False).faults == []
    assert not list(crawl.folder.glob("rebuild*"))


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("warc/*.warc.gz", "ends within a record"),
        ("warc/*.cdxj", "does not agree with its WARC file"),
        ("records/*.jsonl", "is shorter than the ledger says"),
    ],
)
def test_a_file_cut_short_is_found(crawl: Crawl, name: str, what: str) -> None:
    with crawl.run():
        crawl.fetch(SECOND, "二")
    (path,) = crawl.folder.glob(name)
    path.write_bytes(path.read_bytes()[:-5])
    faults = verify(crawl).faults
    assert any(what in fault.what for fault in faults), faults


def test_a_closed_warc_file_that_is_gone_is_found(crawl: Crawl) -> None:
    for _ in range(2):
        with crawl.run():
            crawl.fetch(FIRST, "一")
            crawl.fetch(SECOND, "二")
        assert verify(crawl).faults == []
    path: Path = min((crawl.folder / "warc").glob("*.warc.gz"))
    path.unlink()
    faults = verify(crawl, full=False).faults
    assert [fault.where for fault in faults if "is not there any more" in fault.what] == [f"warc/{path.name}"]
