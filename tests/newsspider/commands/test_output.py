"""What happens where the output of a command cannot be written."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.commandline import environment

PROJECT = Path(__file__).parents[3]
FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", [("sites", "list"), ("text", "-"), ("sites", "show", "nankai-cyber")])
def test_a_full_disk_is_one_sentence(words: tuple[str, ...], tmp_path: Path) -> None:
    with FULL.open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "newsspider", *words],
            cwd=PROJECT, env=environment(tmp_path), input="文".encode() * 10_000, stdout=full, stderr=subprocess.PIPE,
            check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.decode().startswith("newsspider: the output cannot be written (No space left on device)")
    assert done.stderr.count(b"\n") == 1
