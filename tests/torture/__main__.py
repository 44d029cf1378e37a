"""The torture in full: ``make torture``, or ``python -m tests.torture [--jobs N] [--only NAME] [--seed N] [--keep DIR]``.

Prints what was done and what was found; the exit code is 1 where anything was lost, twice there, or invalid.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random

from newsspider.capture.warcfile import warc_files
from tests.torture.campaign import (
    DAMAGES,
    FEW,
    SMALL,
    Arena,
    Result,
    arena,
    damage_ledger,
    fill_disk,
    kill_at_random,
    put_faults,
)
from tests.torture.powercut import points_of_last_run, read_journal
from tests.torture.tap import Fault

MANY = 80
"""Articles of the site whose crawl is killed at random instants."""

SERIES, KILLS = 14, 7
"""How often all editions of it are crawled, and how often the crawl of each is killed: some of these kills come
too late, and more than 200 are left."""

LARGE = {"commit_every": 16, "rotate_at": 120_000}

EDITIONS = (1, 2, 3)

OF_A_WRITE = ("tear", "torn", "short")
"""Faults that at other points than a write are those without them."""


def every_point(edition: int, how: str, seed: int, *, power_cut: bool = False) -> Result:
    """Put a fault at every point of the crawl of an edition."""
    random = Random(seed)
    with arena(FEW, EDITIONS[:edition], **SMALL) as site:
        return total(
            put_faults(
                site,
                edition,
                Fault(at=at, how=how),
                power_cut=random if power_cut else None,
                quick=how != "kill",
                **SMALL,
            )
            for at, (kind, _) in enumerate(site.points[edition], 1)
            if kind == "write" or how not in OF_A_WRITE
        )


def every_point_of(command: tuple[str, ...], how: str, seed: int, *, power_cut: bool = False) -> Result:
    """Put a fault at every point of a command that runs on an archive whose last crawl was killed."""
    random = Random(seed)
    with arena(FEW, EDITIONS[:2], **SMALL) as site:
        ground = site.ground(2)
        ground.crawl(edition=2, fault=Fault(at=len(site.points[2]) // 2), **SMALL)
        ground.run(*command, edition=2, **SMALL)
        points = len(points_of_last_run(read_journal(ground.journal)))
        killed = _killed_half_way(site, 2)
        return total(
            put_faults(
                killed, 2, Fault(at=at, how=how), words=command, power_cut=random if power_cut else None, **SMALL
            )
            for at in range(1, points + 1)
        )


def every_point_of_an_import(seed: int, *, power_cut: bool) -> Result:
    """Kill at every point of the import of another archive's WARC files; then import again, crawl, and check."""
    random = Random(seed)
    with arena(FEW, EDITIONS[:2], **SMALL) as site:
        words = ("import", "--site", "hill", *map(str, warc_files(site.unbroken[1].site / "warc")))
        ground = site.unbroken[0].copy(site.folder / "imported")
        ground.run(*words, edition=2, **SMALL)
        points = len(points_of_last_run(read_journal(ground.journal)))
        ground.crawl(edition=2, **SMALL)
        unbroken = replace(site, unbroken={1: site.unbroken[0]}, reference={2: ground.records()})
        return total(
            put_faults(
                unbroken, 2, Fault(at=at), words=words, again=True,
                power_cut=random if power_cut else None, **SMALL,
            )
            for at in range(1, points + 1)
        )  # fmt: skip


def _killed_half_way(site: Arena, edition: int) -> Arena:
    """Return the arena with an archive to begin with whose crawl of that edition was killed half way."""
    ground = site.unbroken[edition - 1].copy(site.folder / "killed")
    ground.crawl(edition=edition, fault=Fault(at=len(site.points[edition]) // 2), **SMALL)
    site.unbroken[edition - 1] = ground
    return site


def faults_in_recovery(edition: int, count: int, seed: int, *, power_cut: bool) -> Result:
    """Kill a crawl anywhere, then the next two runs while they recover."""
    random = Random(seed)
    with arena(FEW, EDITIONS[:edition], **SMALL) as site:
        points = len(site.points[edition])
        return total(
            put_faults(
                site, edition, Fault(at=random.randint(1, points)),
                *(Fault(at=random.randint(1, 30)) for _ in range(2)),
                power_cut=random if power_cut else None, **SMALL,
            )
            for _ in range(count)
        )  # fmt: skip


def damages(edition: int, count: int, seed: int) -> Result:
    """Damage each file of SQLite in each way, after a kill at any point and after a clean end."""
    random = Random(seed)
    with arena(FEW, EDITIONS[:edition], **SMALL) as site:
        points = len(site.points[edition])
        return total(
            damage_ledger(
                site, edition, damage, random, kill=random.choice((0, random.randint(1, points))), **SMALL
            )
            for damage in DAMAGES
            for _ in range(count)
        )


def full_disks(edition: int) -> Result:
    """Let the kernel refuse bytes beyond ever longer files."""
    with arena(FEW, EDITIONS[:edition], **SMALL) as site:
        return total(fill_disk(site, edition, size, **SMALL) for size in range(500, 60_000, 2_500))


def kills_at_random(seed: int) -> Result:
    """Kill processes of a larger site at random instants."""
    random = Random(seed)
    with arena(MANY, EDITIONS, **LARGE) as site:
        began = time.monotonic()
        site.ground(1).crawl(**LARGE)
        # What a kill leaves is less to do for the next run, so they come early.
        return kill_at_random(site, random, KILLS, seconds=(time.monotonic() - began) / 4, **LARGE)


def controls(seed: int) -> Result:
    """Tortures that must fail, with something switched off; wrong is each that does not."""
    result = Result()
    random = Random(seed)
    with arena(FEW, EDITIONS[:1], **SMALL) as site:
        points = len(site.points[1])
        for without in ("sync:warc", "sync:records", "sync_folder", "replay"):
            cut = random if without != "replay" else None
            found = total(
                put_faults(site, 1, Fault(at=at), power_cut=cut, without=(without,), **SMALL)
                for at in range(points // 3, points, 7)
            )
            result.add(Result(runs=found.runs, faults=found.faults, hits=found.hits, losses=found.losses))
            if not found.wrong:
                result.wrong.append(f"without {without} nothing was found wrong")
    return result


def total(results: Iterator[Result]) -> Result:
    """Return the sum of results."""
    summed = Result()
    for result in results:
        summed.add(result)
    return summed


def campaigns(seed: int) -> dict[str, Callable[[], Result]]:
    """Return every campaign by its name."""
    made: dict[str, Callable[[], Result]] = {}
    for number in range(SERIES):
        made[f"random kills {number + 1}"] = partial(kills_at_random, seed + number)
    for edition in EDITIONS:
        made[f"kill at every point, edition {edition}"] = partial(every_point, edition, "kill", seed)
        made[f"power cut at every point, edition {edition}"] = partial(
            every_point, edition, "kill", seed, power_cut=True
        )
    for how in ("full", "error", *OF_A_WRITE):
        where = "write" if how in OF_A_WRITE else "point"
        made[f"{how} at every {where}, edition 2"] = partial(every_point, 2, how, seed)
    for edition in EDITIONS[1:]:
        for power_cut in (False, True):
            made[f"{'power cuts' if power_cut else 'kills'} in recovery, edition {edition}"] = partial(
                faults_in_recovery, edition, 25, seed, power_cut=power_cut
            )
        made[f"damage to the ledger, edition {edition}"] = partial(damages, edition, 4, seed)
    made["full for the kernel, edition 2"] = partial(full_disks, 2)
    rebuild, ledger, verify = ("rebuild", "hill"), ("rebuild", "hill", "--ledger"), ("verify", "hill", "--full")
    for how, words in (
        *((how, rebuild) for how in ("kill", "full", "error", "power cut")),
        ("power cut", ledger),
        *((how, verify) for how in ("kill", "power cut")),
    ):
        made[f"{how} at every point of {' '.join(words)}"] = partial(
            every_point_of, words, how.replace("power cut", "kill"), seed, power_cut=how == "power cut"
        )
    for how in ("kill", "power cut"):
        made[f"{how} at every point of import"] = partial(
            every_point_of_an_import, seed, power_cut=how == "power cut"
        )
    made["controls"] = partial(controls, seed)
    return made


def main() -> int:
    """Run all campaigns, or those whose name begins with ``--only``."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="campaigns at once")
    parser.add_argument("--only", default="", help="only campaigns whose name begins so")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="no torture: only leave the archive of an unbroken crawl there")
    options = parser.parse_args()
    if options.keep:
        with arena(MANY, EDITIONS, **LARGE) as site:
            shutil.copytree(site.unbroken[EDITIONS[-1]].home / "archive", options.keep)
        return 0
    chosen = {name: run for name, run in campaigns(options.seed).items() if name.startswith(options.only)}
    began = time.monotonic()
    summed, killed = Result(), Result()
    with ProcessPoolExecutor(options.jobs) as pool:
        waiting = {pool.submit(run): name for name, run in chosen.items()}
        for future in as_completed(waiting):
            name, result = waiting[future], future.result()
            faults = ", ".join(f"{count} {kind}" for kind, count in sorted(result.faults.items()))
            print(f"{name}: {result.runs} runs, {faults}: {len(result.wrong)} wrong", flush=True)
            for problem in result.wrong:
                print(f"  {problem}", flush=True)
            summed.add(result)
            if name.startswith("random kills"):
                killed.add(result)
    print_summary(summed, killed, time.monotonic() - began)
    return 1 if summed.wrong else 0


def print_summary(summed: Result, killed: Result, seconds: float) -> None:
    """Print the figures of all campaigns, and at what phase the random kills met the crawl."""
    lost, doubled = (sum(f": {word}:" in problem for problem in summed.wrong) for word in ("lost", "too many"))
    faults = sum(count for kind, count in summed.faults.items() if kind != "too late")
    print(f"\n{summed.runs} runs, {faults} faults, {summed.losses} files and names taken by power cuts")
    print(", ".join(f"{kind}: {count}" for kind, count in summed.faults.most_common()))
    print(f"lost: {lost}, doubled: {doubled}, wrong in all: {len(summed.wrong)}, in {seconds / 60:.0f} minutes")
    if killed.hits:
        print(f"\n{killed.faults['kill']} kills at random instants hit a live crawl:")
        most = max(killed.hits.values())
        for phase, count in killed.hits.most_common():
            print(f"  {phase:10} {count:4} {'█' * round(40 * count / most)}")


if __name__ == "__main__":
    sys.exit(main())
