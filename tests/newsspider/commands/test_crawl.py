"""``newsspider crawl``: wrong use, locks, unreachable hosts, stops, and what is left behind."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from newsspider.archive.folder import open_archive
from newsspider.archive.locks import lock
from tests.commandline import environment, newsspider
from tests.static_site import served

SITE = """
id = "hill"
name = "Hill University News"
seeds = ["{seed}"]
[politeness]
delay = 0
"""

ARTICLE = (
    '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}-青山大学新闻网</title></head>'
    '<body><div class="nav"><a href="/list.htm">新闻</a></div><h1>{title}</h1><p>发布时间：2026-03-0{day} 来源：宣传部</p>'
    '<div class="content"><p>{text}</p><p>{text}</p></div></body></html>'
)
TEXT = "3月{day}日上午，学校在行政楼会议室召开工作会议，研究部署本学期重点工作。会议由校长主持，各学院负责同志参加了会议，并就有关问题进行了讨论。"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with three articles and their listing."""
    folder = tmp_path / "www"
    (folder / "info" / "1001").mkdir(parents=True)
    rows = []
    for day in (1, 2, 3):
        title = f"学校召开第{day}次工作会议"
        page = ARTICLE.format(title=title, day=day, text=TEXT.format(day=day))
        (folder / "info" / "1001" / f"{day}.htm").write_text(page, "utf-8")
        rows.append(f'<li><span>2026-03-0{day}</span><a href="info/1001/{day}.htm">{title}</a></li>')
    head = '<!DOCTYPE html><html><head><meta charset="utf-8"><title>新闻-青山大学新闻网</title></head><body><ul class="list">'
    (folder / "list.htm").write_text(head + "".join(rows) + "</ul></body></html>", "utf-8")
    return folder


def write_site(home: Path, seed: str) -> None:
    (home / "sites").mkdir(exist_ok=True)
    (home / "sites" / "hill.toml").write_text(SITE.format(seed=seed), "utf-8")


CRAWL = ("crawl", "hill", "--archive", "a", "--sites", "sites", "--allow-private")


def test_a_crawl_keeps_everything_and_says_what_it_did(site: Path, tmp_path: Path) -> None:
    with served(site) as origin:
        write_site(tmp_path, f"{origin}/list.htm")
        ran = newsspider(*CRAWL, "--json", home=tmp_path)
    assert ran.code == 0, ran.err
    report = json.loads(ran.out)
    assert (report["site"], report["articles"], report["changed"], report["error"]) == ("hill", 3, {"new": 3}, None)
    archive = open_archive(tmp_path / "a")
    assert sorted(record.title or "" for record in archive.records()) == [
        f"学校召开第{day}次工作会议" for day in (1, 2, 3)
    ]
    uris = [capture.target_uri.removeprefix(origin) for capture in archive.captures()]
    assert uris[0] == "/robots.txt"
    assert sorted(uris[1:]) == ["/info/1001/1.htm", "/info/1001/2.htm", "/info/1001/3.htm", "/list.htm"]


def test_a_second_run_at_once_has_nothing_to_do_but_to_ask_the_control_page(site: Path, tmp_path: Path) -> None:
    with served(site) as origin:
        write_site(tmp_path, f"{origin}/list.htm")
        newsspider(*CRAWL, home=tmp_path)
        ran = newsspider(*CRAWL, "--json", home=tmp_path)
    assert json.loads(ran.out)["outcomes"] == {"not_modified": 1}  # robots.txt is known for a day


def test_a_budget_of_requests_is_kept_and_the_next_run_goes_on(site: Path, tmp_path: Path) -> None:
    with served(site) as origin:
        write_site(tmp_path, f"{origin}/list.htm")
        assert json.loads(newsspider(*CRAWL, "--json", "--budget", "3", home=tmp_path).out)["requests"] == 3
        newsspider(*CRAWL, home=tmp_path)
    assert len(list(open_archive(tmp_path / "a").records())) == 3


def test_a_second_process_on_the_same_site_is_refused(site: Path, tmp_path: Path) -> None:
    folder = tmp_path / "a" / "sites" / "hill"
    held = lock(folder / "lock", wait=False)
    assert held is not None
    with held, served(site) as origin:
        write_site(tmp_path, f"{origin}/list.htm")
        ran = newsspider(*CRAWL, home=tmp_path)
    assert ran.code == 3
    assert "hill: another process is writing to this site" in ran.err
    assert [path.name for path in folder.iterdir()] == ["lock"]


def test_a_host_that_does_not_answer_is_exit_code_5(tmp_path: Path) -> None:
    write_site(tmp_path, "http://127.0.0.1:9/list.htm")
    ran = newsspider(*CRAWL, home=tmp_path)
    assert ran.code == 5
    assert ran.err == (
        "newsspider: hill: http://127.0.0.1:9/list.htm does not answer (connection error); check the address, or try"
        " again later.\n"
    )
    outcomes = [str(capture.outcome) for capture in open_archive(tmp_path / "a").captures()]
    assert outcomes == ["connection_error", "robots_unreachable"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["crawl"], "name the sites to crawl, or give --all"),
        (["crawl", "hill", "--all"], "name the sites to crawl, or give --all"),
        (["crawl", "--all", "--sites", "empty"], "holds no site files"),
        (["crawl", "hil", "--sites", "sites"], "did you mean hill"),
        (["crawl", "hill", "--sites", "nowhere"], "check --sites"),
        (["crawl", "hill", "--sites", "sites"], "--allow-private"),
        (["crawl", "hill", "--sites", "sites", "--allow-private", "--budget", "soon"], "30m"),
        (["crawl", "hill", "--sites", "sites", "--allow-private", "--budget", "999999999d"], "30m"),
        (["crawl", "hill", "--sites", "sites", "--allow-private", "--proxy", "socks"], "must be the address"),
        (["crawl", "--nonsense"], "--nonsense"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_wrong_use_is_one_sentence_and_exit_code_2(words: list[str], said: str, tmp_path: Path) -> None:
    write_site(tmp_path, "http://127.0.0.1:9/list.htm")
    (tmp_path / "empty").mkdir()
    ran = newsspider(*words, home=tmp_path)
    assert ran.code == 2
    assert said in ran.err
    assert not (tmp_path / "data").exists()


def test_broken_toml_names_file_and_line(tmp_path: Path) -> None:
    write_site(tmp_path, "http://127.0.0.1:9/")
    (tmp_path / "sites" / "hill.toml").write_text('id = "hill\n', "utf-8")
    ran = newsspider(*CRAWL, home=tmp_path)
    assert ran.code == 2
    assert "hill.toml: not valid TOML" in ran.err


def test_a_wrong_site_file_does_not_keep_the_other_sites_from_being_crawled(site: Path, tmp_path: Path) -> None:
    with served(site) as origin:
        write_site(tmp_path, f"{origin}/list.htm")
        (tmp_path / "sites" / "dale.toml").write_text('id = "dale\n', "utf-8")
        ran = newsspider("crawl", "--all", *CRAWL[2:], home=tmp_path)
    assert ran.code == 1
    assert ran.err.startswith("newsspider: sites/dale.toml: not valid TOML")
    assert len(list(open_archive(tmp_path / "a").records())) == 3


def test_an_archive_that_is_none_is_wrong_use(tmp_path: Path) -> None:
    write_site(tmp_path, "http://127.0.0.1:9/")
    (tmp_path / "a").write_text("a file where the archive should be", "utf-8")
    ran = newsspider(*CRAWL, home=tmp_path)
    assert (ran.code, ran.err) == (2, "newsspider: a: is a file, not the folder of an archive; check --archive.\n")


def test_an_archive_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    write_site(tmp_path, "http://127.0.0.1:9/")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "sites").write_text("a file where the folder of the sites should be", "utf-8")
    ran = newsspider(*CRAWL, home=tmp_path)
    assert ran.code == 1
    assert len(ran.err.splitlines()) == 1
    assert "check --archive" in ran.err


def test_a_disk_that_is_too_full_stops_the_run_in_time(site: Path, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "newsspider.toml").write_text("min_free_mb = 1e12\n", "utf-8")
    with served(site) as origin:
        write_site(tmp_path, f"{origin}/list.htm")
        ran = newsspider(*CRAWL, home=tmp_path)
    assert ran.code == 1
    assert "MB are free, less than min_free_mb" in ran.err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_a_signal_stops_cleanly_and_the_next_run_goes_on(
    number: signal.Signals, site: Path, tmp_path: Path
) -> None:
    with served(site) as origin:
        write_site(tmp_path, f"{origin}/list.htm")
        slow = (tmp_path / "sites" / "hill.toml").read_text("utf-8").replace("delay = 0", "delay = 5")
        (tmp_path / "sites" / "hill.toml").write_text(slow, "utf-8")
        process = subprocess.Popen(
            [sys.executable, "-m", "newsspider", *CRAWL],
            cwd=tmp_path,
            env=environment(tmp_path, PYTHONPATH=str(Path(__file__).parents[3])),
            stderr=subprocess.PIPE,
        )
        warcs = tmp_path / "a" / "sites" / "hill" / "warc"
        while not list(warcs.glob("*.open")):
            assert process.poll() is None
            os.sched_yield()
        process.send_signal(number)
        _, err = process.communicate(timeout=30)
        assert process.returncode == 0, err.decode()
        assert not list(warcs.glob("*.open"))
        write_site(tmp_path, f"{origin}/list.htm")
        newsspider(*CRAWL, home=tmp_path)
    assert len(list(open_archive(tmp_path / "a").records())) == 3
