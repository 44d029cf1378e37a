"""The project deploys to Scrapyd and runs there as it is: the real daemon, a real egg, a real job."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from newsspider.archive.folder import open_archive
from newsspider.demo import DemoWeb, write_site_files
from tests.commandline import environment

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).parents[2]
DEPLOYED = ("newsspider", "pipelines", "scrapy.cfg", "pyproject.toml", "MANIFEST.in", "README.md", "LICENSE")
PATIENCE = 120.0

pytestmark = pytest.mark.skipif(
    find_spec("scrapyd") is None or find_spec("scrapyd_client") is None,
    reason="needs the packages scrapyd and scrapyd-client, which are no dependencies of newsspider",
)


class Daemon:
    """A Scrapyd at work in a folder."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}/"
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def ask(self, service: str, **fields: str) -> dict[str, Any]:
        """Call a service of its API that only tells."""
        return self._open(f"{service}.json?{urllib.parse.urlencode(fields)}", None)

    def schedule(self, **fields: str | list[str]) -> str:
        """Have a spider run; return the id of the job."""
        data = urllib.parse.urlencode(fields, doseq=True).encode()
        return str(self._open("schedule.json", data)["jobid"])

    def _open(self, what: str, data: bytes | None) -> dict[str, Any]:
        with self._opener.open(self.address + what, data, timeout=60) as response:
            answer: dict[str, Any] = json.load(response)
        assert answer["status"] == "ok", answer
        return answer

    def wait_until_up(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self.ask("daemonstatus")
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
            else:
                return

    def wait_for_job(self, job: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while self.ask("status", job=job)["currstate"] != "finished":
            assert time.monotonic() < deadline
            time.sleep(0.1)


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (tmp_path / "scrapyd.conf").write_text(f"[scrapyd]\nhttp_port = {port}\npoll_interval = 0.2\n")
    with (tmp_path / "scrapyd.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "scrapyd"], cwd=tmp_path, env=environment(tmp_path), stdout=log, stderr=log
        )
        try:
            started = Daemon(port)
            started.wait_until_up()
            yield started
        finally:
            process.terminate()
            process.wait()


def test_the_project_deploys_and_crawls_on_scrapyd(daemon: Daemon, tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    for name in DEPLOYED:
        source = PROJECT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, checkout / name)
    with (checkout / "scrapy.cfg").open("a") as config:
        config.write(f"url = {daemon.address}\n")
    deployed = subprocess.run(
        [sys.executable, "-m", "scrapyd_client.deploy", "--version", "1"],
        cwd=checkout, env=environment(tmp_path), capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert deployed.returncode == 0, deployed.stderr
    assert daemon.ask("listspiders", project="newsspider")["spiders"] == ["news"]
    with DemoWeb(ports=(0, 0, 0)) as web:
        (tmp_path / "sites").mkdir()
        write_site_files(tmp_path / "sites", web.ports)
        settings = [
            f"NEWSSPIDER_SITES={tmp_path / 'sites'}",
            f"NEWSSPIDER_ARCHIVE={tmp_path / 'archive'}",
            "NEWSSPIDER_ALLOW_PRIVATE=1",
        ]
        job = daemon.schedule(project="newsspider", spider="news", site="demo-mirror", setting=settings)
        daemon.wait_for_job(job)
    records = list(open_archive(tmp_path / "archive").records("demo-mirror"))
    log = (tmp_path / "logs" / "newsspider" / "news" / f"{job}.log").read_text("utf-8")
    assert len(records) == 15, log
