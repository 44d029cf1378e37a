"""A torture ground: a site file, an archive, ways to run the command line on it, and what must hold of it in the end."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from newsspider.archive.folder import Archive
from newsspider.capture.warcfile import warc_files
from pipelines.errors import DamagedError
from pipelines.store.warc import read_captures
from tests.commandline import environment
from tests.torture.child import PHASES, Job
from tests.torture.website import Website

PROJECT = Path(__file__).parents[2]
CRAWL = ("crawl", "hill", "--allow-private")
DAYS = {1: 0.0, 2: 3.0, 3: 6.0}
"""Day of the simulated calendar on which each edition is crawled."""

LEFTOVERS = (".open", ".new", ".lines", ".old")

Records = Counter[str]
"""Canonical records, and how often each is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How a command ended, and what it printed."""

    code: int
    """Exit code; negative: the signal that killed it."""
    out: str
    err: str


class Nursery:
    """Runs command lines in forks of one process that has imported everything."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.torture.nursery"],
            cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def begin(self, words: tuple[str, ...], home: Path, variables: dict[str, str], job: Job) -> int:
        """Begin to run a command line; return the pid. One runs at a time."""
        assert self._process.stdin is not None
        told = {"words": words, "home": str(home), "environment": variables, "job": job.to_json()}
        self._process.stdin.write(json.dumps(told) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def end(self) -> int:
        """Wait until it has ended; return its exit code, negative for a signal."""
        return self._answer()

    def run(self, words: tuple[str, ...], home: Path, variables: dict[str, str], job: Job) -> int:
        """Run a command line to its end; return its exit code, negative for a signal."""
        self.begin(words, home, variables, job)
        return self.end()

    def _answer(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


@dataclass(slots=True)
class Ground:
    """A home with one site and its archive."""

    home: Path
    website: Website
    origin: str
    nursery: Nursery
    job: Job = field(init=False)
    """What every run here is tampered with."""
    concurrency: int = 2

    def __post_init__(self) -> None:
        (self.home / "sites").mkdir(parents=True)
        (self.home / "archive").mkdir()
        text = self.website.write_site_file(self.origin, concurrency=self.concurrency)
        (self.home / "sites" / "hill.toml").write_text(text, "utf-8")
        (self.home / "archive" / "newsspider.toml").write_text("min_free_mb = 0\n", "utf-8")
        self.job = Job(root=str(self.home / "archive"), journal=str(self.home / "journal"))
        self.phase_file.write_bytes(bytes(1))

    @property
    def site(self) -> Path:
        return self.home / "archive" / "sites" / "hill"

    @property
    def journal(self) -> Path:
        return Path(self.job.journal)

    @property
    def phase_file(self) -> Path:
        return Path(self.job.journal + ".phase")

    def phase(self) -> str:
        """Return what the last run is at, or was at when it ended."""
        return PHASES[self.phase_file.read_bytes()[0]]

    def begin(self, *words: str, edition: int = 1, **more: Any) -> int:
        """Begin to run a command line; return the pid. ``more`` are fields of the job."""
        self._prepare(edition)
        job = replace(self.job, days=DAYS[edition], **more)
        return self.nursery.begin(self._words(words), self.home, self._variables(), job)

    def end(self) -> Ran:
        """Wait until it has ended."""
        code = self.nursery.end()
        out, err = ((self.home / name).read_text("utf-8") for name in ("stdout", "stderr"))
        return Ran(code=code, out=out, err=err)

    def run(self, *words: str, edition: int = 1, **more: Any) -> Ran:
        """Run a command line to its end."""
        self.begin(*words, edition=edition, **more)
        return self.end()

    def crawl(self, *, edition: int = 1, **more: Any) -> Ran:
        """Crawl the site in that edition."""
        return self.run(*CRAWL, edition=edition, **more)

    def start(self, *, edition: int = 1, **more: Any) -> subprocess.Popen[bytes]:
        """Start a crawl as a process of its own, from nothing, as a user does."""
        self._prepare(edition)
        job = replace(self.job, days=DAYS[edition], **more)
        return subprocess.Popen(
            [sys.executable, "-m", "tests.torture.child", *self._words(CRAWL)],
            cwd=self.home,
            env={**self._variables(), "TORTURE": job.to_json()},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def _prepare(self, edition: int) -> None:
        self.website.edition = edition
        self.phase_file.write_bytes(bytes(1))

    def _words(self, words: tuple[str, ...]) -> tuple[str, ...]:
        return (*words, "--archive", str(self.home / "archive"), "--sites", "sites")

    def _variables(self) -> dict[str, str]:
        """Return an environment with a budget of politeness that nobody has used: each run has a fresh one."""
        shutil.rmtree(self.home / "state", ignore_errors=True)
        return environment(self.home, PYTHONPATH=str(PROJECT))

    def records(self) -> Records:
        """Return the canonical records, every revision and tombstone."""
        archive = Archive(self.home / "archive")
        return Counter(canonical(record.to_dict()) for record in archive.records("hill", revisions=True))

    def lines(self) -> dict[str, bytes]:
        """Return the files of the dataset."""
        return {path.name: path.read_bytes() for path in sorted((self.site / "records").glob("*"))}

    def copy(self, home: Path) -> Ground:
        """Return a copy of this ground in another home."""
        other = Ground(home, self.website, self.origin, self.nursery, concurrency=self.concurrency)
        shutil.rmtree(home / "archive")
        shutil.copytree(self.home / "archive", home / "archive")
        return other


def canonical(record: dict[str, Any]) -> str:
    """Return what a record says without when and where: no times, no run, no place in a WARC file."""
    captures = [
        (ref["uri_m"].partition("/")[2], ref["status"], ref["payload_digest"]) for ref in record["captures"]
    ]
    return json.dumps({**record, "captures": captures}, ensure_ascii=False)


def check(
    ground: Ground, reference: Records, acknowledged: set[str], *, edition: int, quick: bool = False
) -> list[str]:
    """Return everything that is wrong with an archive after its last run has ended well; nothing if it is sound.

    ``reference`` are the records of an unbroken crawl, ``acknowledged`` the captures that must be there. ``quick``
    leaves it at that and ``verify --full``, which reads everything; else ``check-warc`` and ``rebuild`` must agree.
    """
    wrong = [
        *_compare_records(ground, reference),
        *_find_captures(ground.site, acknowledged),
        *_find_leftovers(ground.site),
    ]
    verified = ground.run("verify", "hill", "--full", edition=edition)
    if verified.code != 0:
        wrong.append(f"verify: exit code {verified.code}: {verified.out}{verified.err}")
    return wrong if quick else [*wrong, *_check_by_other_commands(ground, edition)]


def _check_by_other_commands(ground: Ground, edition: int) -> Iterator[str]:
    files = [str(path) for path in warc_files(ground.site / "warc")]
    checked = ground.nursery.run(("check-warc", *files), ground.home, environment(ground.home), ground.job)
    if checked != 0:
        yield f"check-warc: exit code {checked}: {(ground.home / 'stdout').read_text('utf-8')[:500]}"
    before = ground.lines()
    rebuilt = ground.run("rebuild", "hill", edition=edition)
    if rebuilt.code != 0:
        yield f"rebuild: exit code {rebuilt.code}: {rebuilt.err}"
    elif ground.lines() != before:
        yield f"rebuild gives other lines: {rebuilt.out}"


def _compare_records(ground: Ground, reference: Records) -> Iterator[str]:
    try:
        found = ground.records()
    except DamagedError as error:
        yield f"records: {error}"
        return
    for kind, difference in (("lost", reference - found), ("too many", found - reference)):
        for line, count in difference.items():
            record = json.loads(line)
            yield f"{kind}: {count} × {record['kind']} {record['revision']} of {record['url']} ({record['reason']})"


def _find_captures(site: Path, acknowledged: set[str]) -> Iterator[str]:
    held = Counter(capture.record_id for path in warc_files(site / "warc") for capture in read_captures(path))
    for capture in sorted(acknowledged - set(held)):
        yield f"lost: capture {capture}, which had been acknowledged"
    for capture, count in held.items():
        if count > 1:
            yield f"too many: {count} × capture {capture}"


def _find_leftovers(site: Path) -> Iterator[str]:
    for path in sorted(site.rglob("*")):
        if path.name.endswith(LEFTOVERS) or path.name in ("rebuild", "rebuilt"):
            yield f"left over: {path.relative_to(site)}"


def is_complete(ran: Ran) -> bool:
    """Tell whether a crawl ended as an unbroken one does."""
    return ran.code == 0 and ran.err == ""


def wait_for_phase(ground: Ground, wanted: str, seconds: float) -> None:
    """Wait until a run is at a phase, or done, or the time is over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and ground.phase() not in (wanted, "done"):
        time.sleep(0.0005)
