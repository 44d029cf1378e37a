"""What happens where the output of a command cannot be written, or nobody reads it to its end."""

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


@pytest.mark.parametrize("words", [("sites", "list"), ("text", "-"), ("--help",), ("sites", "--help")])
@pytest.mark.parametrize("redirection", ["| :", ">&-"], ids=["its reader has gone", "it was closed"])
def test_output_that_nobody_wants_is_no_error(words: tuple[str, ...], redirection: str, tmp_path: Path) -> None:
    # The shell's own status is that of the last command of a pipe: newsspider's is written to stderr.
    done = subprocess.run(
        ["sh", "-c", f'{{ "$@"; echo "$?" >&2; }} {redirection}', "sh", sys.executable, "-m", "newsspider", *words],
        cwd=PROJECT, env=environment(tmp_path), input="文".encode() * 100_000, capture_output=True,
        check=False,
    )  # fmt: skip
    assert done.stderr == b"0\n"
