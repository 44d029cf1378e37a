"""Replays an archive with pywb, which lives in an environment of its own, made when it is first asked for.

pywb pins old versions of what others need new, so it cannot share an environment with newsspider. It reads the
WARC files and their indexes where they lie: nothing is copied, and nothing is written to the archive.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from pipelines.errors import InputError, ReplayError

REQUIREMENTS = "replay.txt"
"""What is installed, every version pinned; stands beside this module."""

READY = "ready"
"""Holds the requirements that an environment was made from; written last."""

HOST = "127.0.0.1"

PATIENCE = 60
"""Seconds that pywb has to start, and to stop."""


def cache_directory() -> Path:
    """Return newsspider's folder for what can be fetched again (XDG Base Directory Specification)."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "newsspider"


def find_environment() -> Path:
    """Return where the environment of pywb is or will be: one for each version of Python."""
    return cache_directory() / f"replay-{sys.version_info.major}.{sys.version_info.minor}"


def requirements() -> str:
    """Return what is to be installed, in pip's form."""
    return (files("newsspider.operation") / REQUIREMENTS).read_text("utf-8")


def is_ready(folder: Path) -> bool:
    """Tell whether the environment of pywb is there, and of today's versions."""
    ready = folder / READY
    return ready.is_file() and ready.read_text("utf-8") == requirements()


def make_environment(folder: Path) -> None:
    """Make the environment of pywb anew. Raises :class:`ReplayError` where that is impossible."""
    wanted = requirements()
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        listed = folder / REQUIREMENTS
        listed.write_text(wanted, "utf-8")
    except OSError as error:
        raise ReplayError(f"{folder}: pywb cannot be installed there ({error.strerror}).") from error
    _run([sys.executable, "-m", "venv", str(folder)], "make an environment for pywb")
    pip = [
        str(folder / "bin" / "python"),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--retries",
        "2",
    ]
    _run([*pip, "--requirement", str(listed)], "install pywb")
    (folder / READY).write_text(wanted, "utf-8")


def _run(command: list[str], aim: str) -> None:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        said = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        errors = [line for line in said if "error" in line.lower()] or said or [f"exit code {done.returncode}"]
        raise ReplayError(
            f"newsspider could not {aim}: {errors[-1].strip()}; it needs the network once, and on Debian and Ubuntu the"
            " package python3-venv."
        )


def write_settings(folder: Path, archive: Path) -> None:
    """Write pywb's settings: one collection for each site of the archive, and ``all`` over all of them."""
    settings = {
        "collections_root": str(archive.resolve() / "sites"),
        "index_paths": "warc",
        "archive_paths": "warc",
        "collections": {"all": "$all"},
        "framed_replay": True,
        "enable_auto_fetch": False,
    }
    (folder / "config.yaml").write_text(json.dumps(settings), "utf-8")  # JSON is YAML


@contextmanager
def serving(archive: Path, *, port: int, environment: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Serve an archive on a port of this machine while the block runs; it answers when the block begins.

    Raises :class:`InputError` where the port is taken, :class:`ReplayError` where pywb does not start.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise InputError(f"port {port} of {HOST}: {error.strerror}; choose another one with --port.") from error
    with tempfile.TemporaryDirectory(prefix="newsspider-") as name:
        write_settings(Path(name), archive)
        command = [str(environment / "bin" / "python"), str(environment / "bin" / "wayback")]
        command += ["--port", str(port), "--bind", HOST]
        with (Path(name) / "log").open("wb") as log:
            # A session of its own: Ctrl-C reaches newsspider alone, which then ends pywb in good order.
            process = subprocess.Popen(  # noqa: S603
                command, cwd=name, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        try:
            _wait_for(process, port, Path(log.name))
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Return when a server answers on the port."""
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    said = log.read_text("utf-8", "replace").strip().splitlines() or ["it said nothing"]
    raise ReplayError(f"pywb did not start ({said[-1]}); remove {find_environment()} and try again.")
