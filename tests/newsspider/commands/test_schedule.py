"""``newsspider schedule``: what cron and systemd make of the units."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commandline import newsspider

NASTY = "my 100% archive"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "sites").mkdir()
    return tmp_path


def print_units(kind: str, home: Path, *more: str) -> str:
    ran = newsspider("schedule", kind, "--archive", NASTY, "--sites", "sites", *more, home=home)
    assert (ran.code, ran.err) == (0, "")
    return ran.out


def find_command(crontab: str) -> str:
    """Return the command of the one line, as cron hands it to the shell (crontab(5))."""
    (line,) = [line for line in crontab.splitlines() if re.match(r"\d", line)]
    minute, hours, *rest, command = line.split(" ", 5)
    assert 0 <= int(minute) < 60
    assert (hours, rest) == ("0,6,12,18", ["*", "*", "*"])
    command, *stdin = re.split(r"(?<!\\)%", command)
    assert not stdin
    return command.replace(r"\%", "%")


def test_the_crontab_runs_the_crawl_with_absolute_paths(home: Path) -> None:
    command = find_command(print_units("--cron", home))
    archive = home / NASTY
    words = shlex.split(command)
    assert words[words.index("crawl") :] == [
        "crawl", "--all", "--archive", str(archive), "--sites", str(home / "sites"), f">>{archive}/crawl.log", "2>&1",
    ]  # fmt: skip
    assert archive.is_dir()  # else the shell could not open the log, and nothing would ever run


def test_the_crontab_writes_metrics_whatever_became_of_the_crawl(home: Path) -> None:
    command = find_command(print_units("--cron", home, "--prometheus", "newsspider.prom"))
    script = command.replace(shlex.join([sys.executable, "-m", "newsspider"]), "echo").replace(
        "echo crawl", "false"
    )
    subprocess.run(["/bin/sh", "-c", script], cwd="/", check=True)
    log = home / NASTY / "crawl.log"
    assert log.read_text() == f"report --archive {home / NASTY} --prometheus {home / 'newsspider.prom'}\n"


def test_cron_finds_the_state_where_the_user_has_it(home: Path) -> None:
    assert f"\nXDG_STATE_HOME={home / 'state'}\n" in print_units("--cron", home)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze on this machine")
@pytest.mark.parametrize("more", [(), ("--prometheus", "metrics.prom")], ids=["plain", "with metrics"])
def test_systemd_takes_the_units(more: tuple[str, ...], home: Path, tmp_path: Path) -> None:
    units = re.split(r"^# (newsspider\S*)\n", print_units("--systemd", home, *more), flags=re.MULTILINE)[1:]
    names = units[::2]
    assert names == ["newsspider.service", "newsspider.timer", "newsspider-failed@.service"]
    for name, text in zip(names, units[1::2], strict=True):
        (tmp_path / name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / name) for name in names)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert f'"{home / NASTY}"'.replace("%", "%%") in units[1]


def test_one_kind_of_unit_is_chosen(home: Path) -> None:
    for words in ((), ("--cron", "--systemd")):
        ran = newsspider("schedule", *words, home=home)
        assert (ran.code, ran.err) == (2, "newsspider: choose one of --cron and --systemd.\n")
