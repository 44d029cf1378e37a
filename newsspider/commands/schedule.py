"""``newsspider schedule``: units that keep the mirrors fresh."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from newsspider.commands.options import ArchiveOption, SitesOption

CRON = """\
# newsspider: keep the mirrors fresh. Install with: newsspider schedule --cron | crontab -
# A run that finds another one at work exits with 3; what it leaves is taken up by the next.
{variables}{minute} {hours} * * * {command} >>{log} 2>&1
"""

SYSTEMD = """\
# newsspider.service
[Unit]
Description=newsspider: fetch what is new or due
Documentation=man:systemd.service(5)
Wants=network-online.target
After=network-online.target
OnFailure=newsspider-failed@%n.service

[Service]
Type=oneshot
User={user}
ExecStart={command}
{after}# 3: another run is at work; 1: some page failed, the next run asks again. Neither is for a person at night:
# «newsspider status» and the metrics tell what is wrong for longer.
SuccessExitStatus=1 3
WorkingDirectory={folder}
Environment={state_home}
Nice=10
IOSchedulingClass=idle
TimeoutStartSec=infinity
KillSignal=SIGTERM
TimeoutStopSec=120
MemoryMax=1G
LimitNOFILE=1024
ReadWritePaths={writable}
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
ProtectProc=invisible
NoNewPrivileges=yes
CapabilityBoundingSet=
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service

# newsspider.timer
[Unit]
Description=newsspider: every {every} hours

[Timer]
OnCalendar=*-*-* {hours}:{minute:02}:00
RandomizedDelaySec=10m
Persistent=yes

[Install]
WantedBy=timers.target

# newsspider-failed@.service
[Unit]
Description=newsspider: say that %i failed, and how the sites stand

[Service]
Type=oneshot
User={user}
ExecStart={status}
"""


def schedule(
    cron: Annotated[bool, typer.Option("--cron", help="Print a crontab line.")] = False,
    systemd: Annotated[
        bool, typer.Option("--systemd", help="Print systemd units: service, timer, OnFailure.")
    ] = False,
    hours: Annotated[int, typer.Option("--hours", metavar="N", min=1, max=24, help="Hours between two runs.")] = 6,
    prometheus: Annotated[
        Path | None, typer.Option("--prometheus", metavar="FILE.prom", help="Write metrics there after each run.")
    ] = None,
    archive: ArchiveOption = None,
    sites_dir: SitesOption = None,
) -> None:
    """Print ready units that run «newsspider crawl --all», which is all that freshness needs.

    Makes the folders that the units write to. For systemd, cut the output at its «# name» lines into
    /etc/systemd/system/, then: systemctl enable --now newsspider.timer
    """
    from getpass import getuser
    from zlib import crc32

    from newsspider.archive.folder import find_archive
    from newsspider.capture.disk import make_folder
    from newsspider.frontier.budget import state_directory
    from newsspider.sites import find_catalogue
    from pipelines.errors import InputError

    if cron == systemd:
        raise InputError("choose one of --cron and --systemd.")
    if prometheus is not None and prometheus.is_dir():
        raise InputError(f"--prometheus {prometheus}: is a folder; give the name of a file, like newsspider.prom.")
    root, state = find_archive(archive).resolve(), state_directory().resolve()
    for folder in (root, state):
        make_folder(folder, within=Path(folder.anchor))
    # Cron and systemd begin elsewhere than here: every path is absolute.
    archive_words = ["--archive", str(root)]
    crawl = [*_program(), "crawl", "--all", *archive_words, "--sites", str(find_catalogue(sites_dir).resolve())]
    textfile = prometheus.resolve() if prometheus else None
    metrics = [*_program(), "report", *archive_words, "--prometheus", str(textfile)] if textfile else []
    values = {
        "minute": crc32(str(root).encode()) % 60,  # not everybody at the full hour; a machine always at the same
        "hours": ",".join(map(str, range(0, 24, hours))),
        "every": hours,
    }
    if cron:
        command = f"{{ {shlex.join(crawl)}; {shlex.join(metrics)}; }}" if metrics else shlex.join(crawl)
        state_home = f"XDG_STATE_HOME={state.parent}\n" if "XDG_STATE_HOME" in os.environ else ""
        log = shlex.quote(str(root / "crawl.log"))
        values |= {"variables": state_home, "command": _in_cron(command), "log": _in_cron(log)}
        print(CRON.format(**values), end="")
        return
    writable = [root, state, *([textfile.parent] if textfile else [])]
    values |= {
        "user": getuser(),
        "command": _in_systemd(crawl),
        "after": f"ExecStopPost={_in_systemd(metrics)}\n" if metrics else "",
        "status": _in_systemd([*_program(), "status", *archive_words]),
        "folder": str(Path.cwd()).replace("%", "%%"),
        "state_home": _in_systemd([f"XDG_STATE_HOME={state.parent}"]),
        "writable": _in_systemd(map(str, writable)),
    }
    print(SYSTEMD.format(**values), end="")


def _program() -> list[str]:
    """Return the words that start newsspider as it was started now."""
    started = Path(sys.argv[0]).resolve()
    return [sys.executable, "-m", "newsspider"] if started.name == "__main__.py" else [str(started)]


def _in_cron(command: str) -> str:
    """Return a shell command as a crontab wants it: a per cent sign would end it (crontab(5))."""
    return command.replace("%", r"\%")


def _in_systemd(words: Iterable[str]) -> str:
    """Return words as systemd wants them: quoted, and without specifiers and variables (systemd.service(5))."""
    return " ".join(_quoted(word) for word in words)


def _quoted(word: str) -> str:
    plain = word.replace("%", "%%").replace("$", "$$")
    if plain and not any(character in plain for character in " \t\"'\\;"):
        return plain
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
