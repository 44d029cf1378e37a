"""Crawls hosts in processes of their own, at the same time, as cron may happen to do."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.commandline import environment
from tests.hostile.web import Host
from tests.names import write_names

PROJECT = Path(__file__).parents[2]


def crawl_in_processes(folder: Path, hosts: Mapping[str, Host], *, delay: float) -> list[int]:
    """Crawl each host, a site under the name given, in a process of its own; return their exit codes."""
    sites = folder / "sites"
    sites.mkdir()
    for name, host in hosts.items():
        (sites / f"{_id(name)}.toml").write_text(
            f'id = "{_id(name)}"\nname = "{name}"\nseeds = ["{host.uri(name=name)}"]\n[politeness]\ndelay = {delay}\n',
            "utf-8",
        )
    names = write_names(folder, dict.fromkeys(hosts, "127.0.0.1"))
    options = ["--archive", str(folder / "archive"), "--sites", str(sites), "--allow-private"]
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "newsspider", "crawl", _id(name), *options],
            cwd=folder,
            env=environment(folder, PYTHONPATH=f"{PROJECT}:{names}"),
            stdout=subprocess.DEVNULL,
        )
        for name in hosts
    ]
    return [process.wait(600) for process in processes]


def _id(name: str) -> str:
    return name.replace(".", "-")
