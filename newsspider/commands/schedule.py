"""``newsspider schedule``: units that keep the mirrors fresh."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from newsspider.commands.options import ArchiveOption, SitesOption

CRON = """\
# newsspider: keep the mirrors fresh. Install with: newsspider schedule --cron | crontab -
# A run that finds another one at work exits with 3; what it leaves is taken up by the next.
{minute} */{hours} * * *  {command} >>{log} 2>&1
"""

SERVICE = """\
# {name}.service
[Unit]
Description=newsspider: fetch what is new or due
Documentation=man:systemd.service(5)
Wants=network-online.target
After=network-online.target
OnFailure={name}-failed@%n.service

[Service]
Type=oneshot
ExecStart={command}
# 3: another run is at work; 1: some page failed, the next run asks again. Neither is for a person at night.
SuccessExitStatus=1 3
WorkingDirectory={folder}
Environment=NEWSSPIDER_ARCHIVE={archive}
Nice=10
IOSchedulingClass=idle
TimeoutStartSec=infinity
KillSignal=SIGTERM
TimeoutStopSec=120
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths={archive} {state}
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
LockPersonality=yes
MemoryMax=1G
LimitNOFILE=1024

# {name}.timer
[Unit]
Description=newsspider: every {hours} hours

[Timer]
OnCalendar=*-*-* 00/{hours}:{minute:02}:00
RandomizedDelaySec=10m
Persistent=yes

[Install]
WantedBy=timers.target

# {name}-failed@.service
[Unit]
Description=newsspider: say that %i failed

[Service]
Type=oneshot
ExecStart={program} status --archive {archive}
"""


def schedule(
    cron: Annotated[bool, typer.Option("--cron", help="Print a crontab line.")] = False,
    systemd: Annotated[
        bool, typer.Option("--systemd", help="Print systemd units: service, timer, OnFailure.")
    ] = False,
    hours: Annotated[int, typer.Option("--hours", min=1, max=24, help="Hours between two runs.")] = 6,
    archive: ArchiveOption = None,
    sites_dir: SitesOption = None,
) -> None:
    """Print ready units that run «newsspider crawl --all», which is all that freshness needs."""
    from zlib import crc32

    from newsspider.archive.folder import find_archive
    from newsspider.frontier.budget import state_directory
    from pipelines.errors import InputError

    if cron == systemd:
        raise InputError("choose one of --cron and --systemd.")
    root = find_archive(archive).resolve()
    program = Path(sys.argv[0]).resolve()
    words = [str(program), "crawl", "--all", "--archive", str(root)]
    if sites_dir is not None:
        words += ["--sites", str(sites_dir.resolve())]
    # Not everybody at the full hour; the same machine always at the same minute.
    minute = crc32(str(root).encode()) % 60
    values = {
        "name": "newsspider",
        "program": shlex.quote(str(program)),
        "command": shlex.join(words),
        "archive": shlex.quote(str(root)),
        "state": shlex.quote(str(state_directory())),
        "folder": shlex.quote(str(Path.cwd())),
        "log": shlex.quote(str(root / "crawl.log")),
        "hours": hours,
        "minute": minute,
    }
    print((CRON if cron else SERVICE).format(**values), end="")
