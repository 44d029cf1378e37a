"""Stopping a crawl at every moment of its start."""

import asyncio
from pathlib import Path

import pytest

from newsspider.archive.folder import Archive
from newsspider.crawl.process import Crawl, Result
from newsspider.crawl.run import begin_run
from newsspider.operation.report import read_last_report
from newsspider.operation.tally import Tally
from newsspider.sites import parse_site
from tests import reactor

SITE = 'id = "hill"\nname = "Hill"\nseeds = ["http://127.0.0.1:9/list.htm"]\n[politeness]\ndelay = 0\n'


@pytest.mark.parametrize("steps", range(8))
def test_a_stop_while_the_site_is_being_opened_ends_the_crawl(steps: int, tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    run = begin_run(archive, allow_private=True)
    told: list[dict[str, Tally]] = []

    async def main() -> list[Result]:
        crawl = Crawl(run, {"LOG_LEVEL": "ERROR"})
        site = parse_site(SITE, name="hill.toml", allow_private=True)
        crawling = asyncio.ensure_future(crawl.run_sites([site], told.append))
        while not (told and told[0]):
            await asyncio.sleep(0)
        for _ in range(steps):
            await asyncio.sleep(0)
        crawl.stop()
        return await asyncio.wait_for(crawling, 30)

    (result,) = reactor.run(main)
    run.budget.close()
    assert result.error is None
    assert (read_last_report(archive.site_folder("hill")) or {})["reason"] == "shutdown"
