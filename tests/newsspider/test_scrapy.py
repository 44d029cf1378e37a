"""For people who live in Scrapy: the project's commands work, and records are items."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from newsspider.archive.locks import lock_site
from newsspider.demo import DemoWeb, write_site_files
from tests.commandline import environment
from tests.names import write_names
from tests.rawserver import RawServer, answer

PROJECT = Path(__file__).parents[2]


def scrapy(
    *words: str | Path, home: Path, largest_file: int | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    limit = f"ulimit -f {largest_file // 512}; " if largest_file else ""
    return subprocess.run(
        ["sh", "-c", f'{limit}exec "$@"', "sh", sys.executable, "-m", "scrapy", *map(str, words)],
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


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "no site is named: scrapy crawl news -a site=ID"),
        (["-a", "sight=nankai"], "no site is named: scrapy crawl news -a site=ID"),
        (["-a", "site=nankay"], "did you mean nankai"),
        (["-a", "site=nankai", "-s", "NEWSSPIDER_SITES=nowhere"], "nowhere: there is no such folder of site files"),
        (["-a", "site=nankai", "-s", "NEWSSPIDER_ARCHIVE=README.md"], "README.md: is a file"),
    ],
    ids=["no site", "another argument", "unknown site", "no catalogue", "no archive"],
)
def test_wrong_use_of_scrapy_crawl_is_one_sentence(words: list[str], said: str, tmp_path: Path) -> None:
    done = scrapy("crawl", "news", *words, home=tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("newsspider: ")
    assert said in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_scrapy_crawl_of_a_site_in_use_ends_with_exit_code_3(tmp_path: Path) -> None:
    write_site_files(tmp_path, (8791, 8792, 8793))
    with lock_site(tmp_path / "a" / "sites" / "demo-mirror", "demo-mirror"):
        done = scrapy(
            *("crawl", "news", "-a", "site=demo-mirror", "-s", "NEWSSPIDER_ALLOW_PRIVATE=1"),
            *("-s", f"NEWSSPIDER_SITES={tmp_path}", "-s", f"NEWSSPIDER_ARCHIVE={tmp_path / 'a'}"),
            home=tmp_path,
        )
    assert done.returncode == 3
    assert "another process is writing to this site" in done.stderr.splitlines()[-1]


def test_scrapy_crawl_that_fails_on_its_way_ends_with_exit_code_1(tmp_path: Path) -> None:
    # The files of the archive may grow to 120 kB: enough to open the site, too little for its pages.
    with DemoWeb(ports=(0, 0, 0)) as web:
        write_site_files(tmp_path, web.ports)
        done = scrapy(
            *("crawl", "news", "-a", "site=demo-mirror", "-s", "NEWSSPIDER_ALLOW_PRIVATE=1"),
            *("-s", f"NEWSSPIDER_SITES={tmp_path}", "-s", f"NEWSSPIDER_ARCHIVE={tmp_path / 'a'}"),
            home=tmp_path,
            largest_file=120_000,
        )
    assert done.returncode == 1
    assert "Spider opened" in done.stderr
    assert re.fullmatch(r"newsspider: \S+: .*(cannot be written|no room to write).*", done.stderr.splitlines()[-1])


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
