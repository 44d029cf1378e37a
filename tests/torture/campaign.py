"""Ways to torture: a fault at a point, kills at random instants, damage to the ledger; each ends in the same check."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from tests.torture.child import PHASES
from tests.torture.ground import CRAWL, Ground, Nursery, Ran, Records, check, is_complete, wait_for_phase
from tests.torture.powercut import acknowledged, cut_power, forget, points_of_last_run, read_journal
from tests.torture.tap import Fault
from tests.torture.website import Website, served

FEW = 8
"""Articles of the first edition of a small site."""

SMALL = {"commit_every": 4, "rotate_at": 9_000, "index_lines": 3}
"""Makes the crawl of a small site commit several times, and close several WARC files."""


@dataclass(slots=True)
class Result:
    """What a campaign did, and everything that it found wrong."""

    runs: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    """How often each kind of fault was put."""
    hits: Counter[str] = field(default_factory=Counter)
    """Kills by what the run was at, or faults by the kind of point."""
    losses: int = 0
    """Files and names that power cuts took something from."""
    wrong: list[str] = field(default_factory=list)

    def add(self, other: Result) -> None:
        self.runs += other.runs
        self.faults += other.faults
        self.hits += other.hits
        self.losses += other.losses
        self.wrong += other.wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Arena:
    """A served site, and what an unbroken crawl makes of each of its editions."""

    folder: Path
    website: Website
    origin: str
    nursery: Nursery
    unbroken: dict[int, Ground]
    """The archive as it is after the crawl of each edition; 0: before the first."""
    reference: dict[int, Records]
    points: dict[int, list[tuple[str, str]]]
    """Kind and file of each point of the crawl of each edition."""

    def ground(self, edition: int) -> Ground:
        """Return a fresh copy of the archive as it is when the crawl of an edition begins."""
        home = self.folder / "ground"
        shutil.rmtree(home, ignore_errors=True)
        return self.unbroken[edition - 1].copy(home)


@contextmanager
def arena(articles: int, editions: tuple[int, ...] = (1, 2, 3), **more: Any) -> Iterator[Arena]:
    """Serve a site, and crawl its editions without a fault."""
    website = Website(articles)
    with TemporaryDirectory(prefix="torture-") as name, served(website) as origin, Nursery() as nursery:
        folder = Path(name)
        ground = Ground(folder / "0", website, origin, nursery)
        made = Arena(
            folder=folder, website=website, origin=origin, nursery=nursery,
            unbroken={0: ground}, reference={}, points={},
        )  # fmt: skip
        for edition in editions:
            ground = ground.copy(folder / str(edition))
            ran = ground.crawl(edition=edition, **more)
            assert is_complete(ran), ran
            steps = read_journal(ground.journal)
            made.points[edition] = points_of_last_run(steps)
            assert not [step for step in steps if step["op"] == "bypass"], "a file is written past the seam"
            forget(ground.journal)
            made.unbroken[edition], made.reference[edition] = ground, ground.records()
        yield made


def put_faults(
    arena: Arena,
    edition: int,
    *faults: Fault,
    words: tuple[str, ...] = CRAWL,
    power_cut: Random | None = None,
    quick: bool = True,
    again: bool = False,
    **more: Any,
) -> Result:
    """Run a command with a fault, as often as there are faults; then crawl without one, and check.

    ``power_cut``: the power fails at the end of each run. ``quick``: see :func:`check`. ``again``: the command is run
    once more before that crawl, as somebody does who has seen it fail. ``more``: fields of every job.
    """
    result = Result()
    ground = arena.ground(edition)
    kept: set[str] = set()
    where = "no fault"
    for fault in faults:
        ran = ground.run(*words, edition=edition, fault=fault, saves=power_cut is not None, **more)
        steps = read_journal(ground.journal)
        points = points_of_last_run(steps)
        result.runs += 1
        if len(points) < fault.at:
            continue  # the run had less to do
        kind, _ = points[fault.at - 1]
        result.faults[fault.how] += 1
        result.hits[kind] += 1
        where = f"{fault.how} at point {fault.at} ({kind}) of {words[0]}, edition {edition}"
        result.wrong += [f"{where}: {problem}" for problem in judge_end(ran, fault)]
        if power_cut is not None:
            where += " + power cut"
            cut = cut_power(ground.site, ground.journal, power_cut)
            kept |= cut.acknowledged
            result.losses += cut.tails + cut.names
        else:
            kept |= acknowledged(steps, only_safe=fault.how not in ("kill", "tear"))
    if again:
        ran = ground.run(*words, edition=edition, **more)
        result.runs += 1
        result.wrong += [] if is_complete(ran) else [f"{where}: run again: {ran}"]
    result.runs += 1
    result.wrong += [f"{where}: {problem}" for problem in finish(ground, arena, edition, kept, quick=quick, **more)]
    return result


def judge_end(ran: Ran, fault: Fault) -> Iterator[str]:
    """Yield what is wrong with how a run ended that met a fault."""
    if fault.how in ("kill", "tear"):
        if ran.code != -signal.SIGKILL:
            yield f"was not killed: {ran}"
    elif fault.how == "short":
        if ran.code != 0 or ran.err:
            yield f"a short write was not gone on with: {ran}"
    elif ran.code != 1 or len(ran.err.splitlines()) != 1 or not ran.err.startswith("newsspider: "):
        yield f"does not end with exit code 1 and one sentence: {ran}"


def finish(
    ground: Ground, arena: Arena, edition: int, kept: set[str], *, quick: bool = True, **more: Any
) -> list[str]:
    """Crawl to the end, and check."""
    ran = ground.crawl(edition=edition, **more)
    if not is_complete(ran):
        return [f"the next run: {ran}"]
    return check(ground, arena.reference[edition], kept, edition=edition, quick=quick)


def kill_at_random(arena: Arena, random: Random, kills: int, *, seconds: float, **more: Any) -> Result:
    """Crawl all editions, killing the crawl of each again and again.

    ``kills``: how many before each edition is let end; ``seconds``: how long to wait at most. Half of the kills come
    at a random instant, the others when the run is at a phase, so that the rare ones are met too.
    """
    result = Result()
    ground = arena.ground(1)
    kept: set[str] = set()
    for edition in arena.reference:
        for _ in range(kills):
            pid = ground.begin(*CRAWL, edition=edition, **more)
            time.sleep(random.uniform(0, seconds))
            if random.random() < 0.5:
                wait_for_phase(ground, random.choice(PHASES[1:-1]), seconds)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            ran = ground.end()
            result.runs += 1
            if ran.code != -signal.SIGKILL or ground.phase() == "done":
                result.faults["too late"] += 1
                if ran.code not in (0, -signal.SIGKILL):
                    result.wrong.append(f"edition {edition}: a run by itself: {ran}")
                continue
            result.faults["kill"] += 1
            result.hits[ground.phase()] += 1
        kept |= acknowledged(read_journal(ground.journal), only_safe=False)
        ran = ground.crawl(edition=edition, **more)
        result.runs += 1
        if not is_complete(ran):
            result.wrong.append(f"edition {edition}: the last run: {ran}")
        result.wrong += check(ground, arena.reference[edition], kept, edition=edition)
    return result


def fill_disk(arena: Arena, edition: int, size: int, **more: Any) -> Result:
    """Crawl where the kernel refuses bytes beyond a length of each file, of Python as of SQLite; then finish."""
    result = Result(runs=2, faults=Counter({"EFBIG": 1}))
    ground = arena.ground(edition)
    process = ground.start(
        edition=edition, file_size=size, **more
    )  # not a fork, which writes what it says to files
    out, err = process.communicate()
    ran = Ran(code=process.returncode, out=out.decode(), err=err.decode())
    result.hits["refused" if ran.code else "room enough"] += 1
    where = f"files of {size} bytes at most, edition {edition}"
    result.wrong += [f"{where}: {problem}" for problem in judge_end(ran, Fault(how="full")) if ran.code]
    kept = acknowledged(read_journal(ground.journal), only_safe=True)
    result.wrong += [f"{where}: {problem}" for problem in finish(ground, arena, edition, kept, **more)]
    return result


DAMAGES = (
    "ledger cut", "ledger flipped", "ledger gone", "log cut", "log flipped", "log gone", "shared memory gone",
    "seal gone", "seal cut",
)  # fmt: skip
"""What may happen to the files of SQLite; the log (``-wal``) is only there after a kill."""


def damage_ledger(arena: Arena, edition: int, damage: str, random: Random, *, kill: int, **more: Any) -> Result:
    """Damage the ledger between two runs, the first of them killed at a point (``kill``; 0: not killed)."""
    ground = arena.ground(edition)
    ran = ground.crawl(edition=edition, fault=Fault(at=kill), **more)
    kept = acknowledged(read_journal(ground.journal), only_safe=False)
    result = Result(runs=2, faults=Counter({damage: 1}))
    what, how = damage.rsplit(" ", 1)
    suffix = {"ledger": "", "log": "-wal", "shared memory": "-shm", "seal": ".sha256"}[what]
    path = ground.site / f"ledger.sqlite{suffix}"
    if path.exists():
        result.hits["after a kill" if ran.code else "after a clean end"] += 1
        _damage(path, how, random)
    wrong = finish(ground, arena, edition, kept, **more)
    result.wrong += [
        f"{damage} after {'a kill at' if ran.code else ''} point {kill}: {problem}" for problem in wrong
    ]
    return result


def _damage(path: Path, how: str, random: Random) -> None:
    if how == "gone":
        path.unlink()
        return
    data = bytearray(path.read_bytes())
    if how == "cut":
        del data[random.randint(0, len(data)) :]
    for _ in range(random.randint(1, 4) if how == "flipped" and data else 0):
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    path.write_bytes(data)
