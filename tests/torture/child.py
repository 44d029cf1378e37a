"""Runs the command line with a tap: ``python -m tests.torture.child WORD…``, or by a fork of :mod:`nursery`.

What to do comes in the environment variable TORTURE, as JSON; only this module reads it.
"""

from __future__ import annotations

import json
import mmap
import os
import resource
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.torture.tap import NO_FAULT, Fault, Tap

PHASES = ("start-up", "recovery", "robots", "between", "WARC write", "views", "commit", "closing", "done")
"""What a run is at; ``between``: it waits for the server, or chooses what is next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """How a run of the command line is tampered with."""

    root: str
    """Folder whose files are watched."""
    journal: str
    fault: Fault = NO_FAULT
    days: float = 0.0
    """Added to the clock."""
    saves: bool = False
    without: tuple[str, ...] = ()
    """See :class:`Tap`; ``replay``: the views are not caught up."""
    commit_every: int = 64
    rotate_at: int = 10**9
    """Bytes after which a WARC file is closed."""
    file_size: int = 0
    """Bytes that a file may have, beyond which the kernel refuses more; 0 for no limit."""
    index_lines: int = 64
    """Lines of an index that a crawl keeps in memory."""

    def to_json(self) -> str:
        return json.dumps(asdict(self))


def read_job(text: str) -> Job:
    told = json.loads(text)
    return Job(**{**told, "fault": Fault(**told["fault"]), "without": tuple(told["without"])})


def main(text: str) -> None:
    """Tap this process as the job says, and run the command line in it."""
    job = read_job(text)
    shorten(job)
    with Path(job.journal + ".phase").open("r+b") as file:
        publish_phases(mmap.mmap(file.fileno(), 1))
    tap = Tap(Path(job.root), Path(job.journal), job.fault, saves=job.saves, without=job.without)
    tap.install()
    note_acknowledged(tap)
    if job.file_size:
        resource.setrlimit(resource.RLIMIT_FSIZE, (job.file_size, job.file_size))
    from newsspider.cli import main as run

    run()


def shorten(job: Job) -> None:
    """Make a small site do what a large one does: commit often, close WARC files by size, live for days."""
    from newsspider.archive import views
    from newsspider.capture import warcfile
    from newsspider.clock import Clock
    from newsspider.crawl import session

    session.COMMIT_EVERY = job.commit_every
    warcfile.WarcWriter.__init__.__kwdefaults__["max_bytes"] = job.rotate_at  # type: ignore[index]
    warcfile.LINES = job.index_lines
    now = Clock.now
    later = timedelta(days=job.days)
    Clock.now = lambda clock: now(clock) + later  # type: ignore[method-assign]
    if "replay" in job.without:
        views.Views.catch_up = lambda _: 0  # type: ignore[method-assign]


def publish_phases(shared: mmap.mmap) -> None:
    """Keep in the shared byte what the process is at."""
    from newsspider.archive import views
    from newsspider.capture.warcfile import WarcWriter
    from newsspider.crawl import download
    from newsspider.crawl.session import Session

    def during(phase: str, owner: Any, name: str, *, then: str | None = None) -> None:
        real: Callable[..., Any] = getattr(owner, name)

        def tapped(*args: Any, **more: Any) -> Any:
            before = shared[0]
            shared[0] = PHASES.index(phase)
            try:
                return real(*args, **more)
            finally:
                shared[0] = PHASES.index(then) if then else before

        setattr(owner, name, tapped)

    shared[0] = 0
    during("recovery", Session, "__init__", then="between")
    during("WARC write", WarcWriter, "append")
    during("views", views.Views, "read")
    during("views", views.Views, "enter")
    during("commit", Session, "commit")
    during("closing", Session, "close", then="done")
    fetch = download.fetch_rules

    async def fetch_rules(*args: Any, **more: Any) -> Any:
        shared[0] = PHASES.index("robots")
        try:
            return await fetch(*args, **more)
        finally:
            shared[0] = PHASES.index("between")

    download.fetch_rules = fetch_rules


def note_acknowledged(tap: Tap) -> None:
    """Write to the journal which captures were written, and when they were acknowledged as safe."""
    from newsspider.capture.warcfile import WarcWriter

    append, sync = WarcWriter.append, WarcWriter.sync

    def tapped_append(writer: WarcWriter, *args: Any) -> Any:
        capture = append(writer, *args)
        tap.log("appended", id=capture.record_id)
        return capture

    def tapped_sync(writer: WarcWriter) -> None:
        sync(writer)
        tap.log("acknowledged")

    WarcWriter.append, WarcWriter.sync = tapped_append, tapped_sync  # type: ignore[method-assign]


if __name__ == "__main__":
    main(os.environ["TORTURE"])
    sys.exit()
