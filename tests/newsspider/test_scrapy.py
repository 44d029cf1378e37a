"""For people who live in Scrapy: the project's commands work, and records are items."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from newsspider.demo import DemoWeb, write_site_files
from tests.commandline import environment
from tests.names import write_names
from tests.rawserver import RawServer, answer

PROJECT = Path(__file__).parents[2]


def scrapy(*words: str | Path, home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *map(str, words)],
        cwd=PROJECT,
        env=environment(home, **variables),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_scrapy_list_and_check(tmp_path: Path) -> None:
    assert scrapy("list", home=tmp_path).stdout.split() == ["news"]
    checked = scrapy("check", home=tmp_path)
    assert (checked.returncode, checked.stderr.splitlines()[-1]) == (0, "OK")


def test_scrapy_crawl_yields_records_as_items(tmp_path: Path) -> None:
    with DemoWeb(ports=(0, 0, 0)) as web:
        write_site_files(tmp_path, web.ports)
        done = scrapy(
            *("crawl", "news", "-a", "site=demo-mirror", "-O", tmp_path / "news.jsonl"),
            *("-s", f"NEWSSPIDER_SITES={tmp_path}", "-s", f"NEWSSPIDER_ARCHIVE={tmp_path / 'a'}"),
            *("-s", "NEWSSPIDER_ALLOW_PRIVATE=1"),
            home=tmp_path,
        )
    assert done.returncode == 0, done.stderr
    items = [json.loads(line) for line in (tmp_path / "news.jsonl").read_text("utf-8").splitlines()]
    (written,) = tmp_path.glob("a/sites/*/records/*.jsonl")
    lines = [json.loads(line) for line in written.read_text("utf-8").splitlines()]
    assert len(items) == 15
    assert sorted(item["id"] for item in items) == sorted(line["id"] for line in lines)
    assert list(items[0]) == list(lines[0])


@pytest.mark.parametrize(("words", "said"), [([], "no site is named: scrapy crawl news -a site=ID")])
def test_scrapy_crawl_without_a_site_says_so(words: list[str], said: str, tmp_path: Path) -> None:
    assert said in scrapy("crawl", "news", *words, home=tmp_path).stderr


def test_scrapy_shell_fetches_a_page(tmp_path: Path) -> None:
    with DemoWeb(ports=(0, 0, 0)) as web:
        done = scrapy(
            *("shell", f"http://127.0.0.1:{web.ports[2]}/", "-s", "CAPTURE_ALLOW_PRIVATE=1", "--nolog"),
            *("-c", "(response.status, len(response.text) > 1000)"),
            home=tmp_path,
        )
    assert done.stdout.strip() == "(200, True)", done.stderr


def test_scrapy_reaches_a_host_that_has_only_an_ipv6_address(tmp_path: Path) -> None:
    with RawServer(answer(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab"), address="::1") as server:
        done = scrapy(
            *("shell", server.uri(host="news.hill.example"), "-s", "CAPTURE_ALLOW_PRIVATE=1", "--nolog"),
            *("-c", "response.text"),
            home=tmp_path,
            PYTHONPATH=str(write_names(tmp_path, {"news.hill.example": "::1"})),
        )
    assert done.stdout.strip() == "ab", done.stderr
