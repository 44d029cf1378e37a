"""Runs the command line as a user does: a process of its own, its own state directory, no terminal."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Ran:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return the environment of a user whose state lies in ``home``: no proxy, no archive, no colours."""
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    kept.pop("NEWSSPIDER_ARCHIVE", None)
    return {**kept, "XDG_STATE_HOME": str(home / "state"), "COLUMNS": "200", "NO_COLOR": "1", **more}


def newsspider(*words: str | Path, home: Path, stdin: bytes | None = None, **more: str) -> Ran:
    """Run ``newsspider`` in ``home`` and wait for its end; it never prints a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "newsspider", *map(str, words)],
        cwd=home,
        env=environment(home, PYTHONPATH=str(Path(__file__).parents[1]), **more),
        input=stdin if stdin is not None else b"",
        capture_output=True,
        timeout=300,
        check=False,
    )
    ran = Ran(code=done.returncode, out=done.stdout.decode(), err=done.stderr.decode())
    assert "Traceback" not in ran.err, ran.err
    return ran
