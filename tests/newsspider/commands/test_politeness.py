"""The report for webmasters says what stands in the server's own log."""

import json
import re
from pathlib import Path

import pytest

from newsspider import __version__
from newsspider.clock import Clock
from tests.commandline import newsspider
from tests.hostile.crawling import PatientClock, crawl, site_of
from tests.hostile.web import Host, article, html, in_turn, listing, plain, running


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    """A host that was crawled: it forbids one page, and refuses once for 90 seconds."""
    clock = PatientClock(Clock().now())
    host = Host(
        {
            "/robots.txt": plain("User-agent: *\nDisallow: /1.htm\n"),
            "/": listing("/1.htm", "/2.htm", "/3.htm"),
            "/2.htm": in_turn(html("<html>busy", "Retry-After: 90", status=503), article(2)),
            "/3.htm": article(3),
        },
        clock,
    )
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "newsspider.toml").write_text('contact = "archive@library.example"\n', "utf-8")
    with running([host]):
        crawl(tmp_path, [site_of(host, "hill")], clock)
    return host


def test_the_report_agrees_with_the_log_of_the_server(host: Host, tmp_path: Path) -> None:
    ran = newsspider("politeness", host.name, "--json", "--archive", "archive", home=tmp_path)
    told = json.loads(ran.out)["all"]
    assert told == json.loads(ran.out)["hosts"][host.name]
    assert told["requests"] == len(host.log) == 5
    assert (told["shortest_gap"], told["shortest_wait"]) == (min(host.gaps()), 90.0) == (1.0, 90.0)
    assert told["answers"] == {"200": 4, "503": 1}
    assert (told["refusals"], told["robots"], told["forbidden"]) == (1, 1, 1)
    assert (told["busiest_minute"], told["busiest_hour"]) == (3, 5)
    assert told["bytes"] == len(host.server.sent)


def test_each_request_is_a_line_as_in_a_log(host: Host, tmp_path: Path) -> None:
    ran = newsspider("politeness", host.name, "--log", "--archive", "archive", home=tmp_path)
    lines = ran.out.splitlines()
    found = [re.search(r'"GET (\S+) HTTP/1.1" (\d+)', line) for line in lines]
    assert [match[1] for match in found if match] == [asked.path for asked in host.log]
    assert [match[2] for match in found if match] == ["200", "200", "503", "200", "200"]
    assert all(f"{asked.at:[%d/%b/%Y:%H:%M:%S %z]}" in line for asked, line in zip(host.log, lines, strict=True))


def test_people_read_who_asked_how_often_and_how_fast(host: Host, tmp_path: Path) -> None:
    ran = newsspider("politeness", "127.0.0.1", "--archive", "archive", home=tmp_path)
    assert (host.log[0].field("From"), host.log[0].field("User-Agent")) == (
        "archive@library.example",
        f"newsspider/{__version__} (+archive@library.example)",
    )
    for words in (
        "(+archive@library.example), archive@library.example",
        "5 on 1 day; 3 in the busiest minute, 5 in the busiest hour",
        "1.0 s at least, 1.0 s in the median",
        "1; the host was then left alone for 90.0 s at least",
        "asked for 1 time; 1 not sent because it forbids them",
    ):
        assert words in ran.out


def test_a_host_that_was_never_asked(host: Host, tmp_path: Path) -> None:
    ran = newsspider("politeness", "www.elsewhere.example", "--archive", "archive", home=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "holds no request to it of the last 30 days" in ran.err
