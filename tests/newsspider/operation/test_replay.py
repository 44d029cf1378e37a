"""Replay of one record of each type, by pywb itself in the environment that the command makes for it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from newsspider.operation.replay import (
    HOST,
    find_environment,
    is_ready,
    make_environment,
    requirements,
    serving,
    write_settings,
)
from pipelines.errors import InputError, ReplayError
from tests.commandline import environment, newsspider
from tests.foreign import ORIGIN, article, title, write_with_warcio
from tests.newsspider.archive.sites import NOW, crawl, listing, take

RUN, LATER = "20260401-120000-aaaaaaaa", "20260402-120000-bbbbbbbb"
HTML = "text/html; charset=utf-8"
PDF = b"%PDF-1.4\n" + bytes(range(256)) * 20
GBK = article(2, charset="gbk")
FIRST = [
    (f"{ORIGIN}/list.htm", HTML, listing(range(1, 7))),
    (f"{ORIGIN}/info/1001/1.htm", HTML, article(1)),
    (f"{ORIGIN}/info/1001/2.htm", "text/html; charset=gb2312", GBK),
    (f"{ORIGIN}/info/1001/3.htm?utm_source=x&b=2&A=1", HTML, article(3)),
    (f"{ORIGIN}/moved.htm", "", b"HTTP/1.1 302 Found\r\nLocation: /info/1001/1.htm\r\nContent-Length: 0\r\n\r\n"),
    (f"{ORIGIN}/files/1.pdf", "application/pdf", PDF),
    (
        f"{ORIGIN}/chunked.htm",
        "",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"%x\r\n" % len(article(5)) + article(5) + b"\r\n0\r\n\r\n",
    ),
]  # fmt: skip
SECOND = [
    (f"{ORIGIN}/list.htm", HTML, listing(range(1, 7))),
    (f"{ORIGIN}/info/1001/1.htm", "", b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'),
]


@pytest.fixture(scope="module")
def pywb() -> Path:
    folder = find_environment()
    if not is_ready(folder):
        try:
            make_environment(folder)
        except ReplayError as error:
            pytest.skip(str(error))
    return folder


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with every type of record: two runs of our own, and a foreign file."""
    home = tmp_path_factory.mktemp("archive") / "a"
    crawl(home, FIRST, run=RUN)
    crawl(home, SECOND, run=LATER, at=NOW + timedelta(days=1))
    foreign = home.parent / "b.warc.gz"
    write_with_warcio(foreign, date="2026-04-03T00:00:00Z", more="又及。")
    take(home, foreign, run="20260404-120000-cccccccc", now=NOW + timedelta(days=2))
    return home


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def port(archive: Path, pywb: Path) -> Iterator[int]:
    number = free_port()
    with serving(archive, port=number, environment=pywb):
        yield number


def get(port: int, path: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, {name.lower(): value for name, value in response.getheaders()}, body


@pytest.mark.parametrize(
    ("when", "uri", "body"),
    [
        ("20260401120001", f"{ORIGIN}/info/1001/1.htm", article(1)),
        ("20260401120002", f"{ORIGIN}/info/1001/2.htm", GBK),
        ("20260401120003", f"{ORIGIN}/info/1001/3.htm?utm_source=x&b=2&A=1", article(3)),
        ("20260401120005", f"{ORIGIN}/files/1.pdf", PDF),
        ("20260401120006", f"{ORIGIN}/chunked.htm", article(5)),
        ("20260402120000", f"{ORIGIN}/list.htm", listing(range(1, 7))),
        ("20260402120001", f"{ORIGIN}/info/1001/1.htm", article(1)),
        ("20260403000000", f"{ORIGIN}/info/1001/3.htm", article(3, more="又及。")),
    ],
    ids=[
        "response", "GBK page", "query untouched", "attachment", "chunked", "identical payload", "not modified",
        "imported",
    ],
)  # fmt: skip
def test_the_bytes_of_a_record(port: int, when: str, uri: str, body: bytes) -> None:
    status, headers, found = get(port, f"/hill/{when}id_/{uri}")
    assert (status, found) == (200, body)
    assert headers["memento-datetime"].startswith(
        {"01": "Wed, 01 Apr", "02": "Thu, 02 Apr", "03": "Fri, 03 Apr"}[when[6:8]]
    )


def test_a_redirect(port: int) -> None:
    status, headers, _ = get(port, f"/hill/20260401120004id_/{ORIGIN}/moved.htm")
    assert status == 302
    assert headers["location"].endswith("/info/1001/1.htm")


def test_a_page_for_the_browser_keeps_its_charset(port: int) -> None:
    status, _, found = get(port, f"/hill/20260401120002mp_/{ORIGIN}/info/1001/2.htm")
    assert status == 200
    assert title(2).encode("gbk") in found


def test_all_sites_together_and_the_index(port: int) -> None:
    status, _, found = get(port, f"/all/20260401120001id_/{ORIGIN}/info/1001/1.htm")
    assert (status, found) == (200, article(1))
    status, _, found = get(port, f"/hill/cdx?url={ORIGIN}/*")
    assert status == 200
    assert len(found.splitlines()) == 14  # without the page of another site, that the foreign file holds
    assert get(port, f"/hill/20260401id_/{ORIGIN}/never-seen.htm")[0] == 404


def test_the_archive_is_not_written_to(port: int, archive: Path) -> None:
    before = sorted(archive.rglob("*"))
    get(port, f"/hill/20260401120001mp_/{ORIGIN}/info/1001/1.htm")
    get(port, "/")
    assert sorted(archive.rglob("*")) == before


def test_a_port_that_is_taken(archive: Path, pywb: Path) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        number = taken.getsockname()[1]
        with (
            pytest.raises(InputError, match=f"port {number} of {HOST}: .* choose another one with --port"),
            serving(archive, port=number, environment=pywb),
        ):
            pass


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_the_command_runs_until_it_is_interrupted(archive: Path, pywb: Path, number: signal.Signals) -> None:
    where = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "newsspider", "replay", "--archive", str(archive), "--port", str(where)],
        env=environment(archive.parent, PYTHONPATH=str(Path(__file__).parents[3])),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        first, second = process.stdout.readline(), process.stdout.readline()
        assert first == f"http://{HOST}:{where}/all/ shows all sites, and by itself each of:\n".encode()
        assert second == f"  http://{HOST}:{where}/hill/\n".encode()
        assert get(where, f"/hill/20260401120001id_/{ORIGIN}/info/1001/1.htm")[0] == 200
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
        assert process.returncode == 0, err.decode()
    finally:
        process.kill()
        process.communicate()
    with socket.socket() as probe:
        assert probe.connect_ex((HOST, where)) != 0


def test_a_folder_where_nothing_can_be_installed_is_one_sentence(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where a folder should be")
    ran = newsspider("replay", "--archive", archive, home=tmp_path, XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert ran.code == 1
    assert "pywb cannot be installed there" in ran.err
    assert len(ran.err.splitlines()) == 2


def test_an_environment_that_cannot_be_filled_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(
        ReplayError, match=r"newsspider could not install pywb: ERROR: .*; it needs the network once"
    ):
        make_environment(tmp_path / "env")
    assert not is_ready(tmp_path / "env")


def test_an_archive_that_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "a" / "sites").mkdir(parents=True)
    ran = newsspider("replay", "--archive", "a", home=tmp_path)
    assert (ran.code, ran.err) == (2, "newsspider: a: holds nothing yet, so there is nothing to replay.\n")


def test_every_version_is_pinned(tmp_path: Path) -> None:
    pins = [line for line in requirements().splitlines() if not line.startswith("#")]
    assert any(line.startswith("pywb==") for line in pins)
    assert all("==" in line for line in pins)
    write_settings(tmp_path, tmp_path)
    assert str(tmp_path / "sites") in (tmp_path / "config.yaml").read_text("utf-8")
