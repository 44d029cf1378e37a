"""What a power cut leaves of an archive, by the journal of the runs since the last one.

The model is as harsh as POSIX allows. Of a file only the bytes are safe that ``fsync`` has seen; the rest may be
whole, cut at any length, or have holes of zeros. Of a folder only the names are safe that stood in it at its last
``fsync``: what was created, renamed or removed since may be undone, the last first. A cut that was not synced may be
undone too. SQLite looks after its own files; its log is cut at any length, or the database is gone as a whole.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

BLOCK = 4096
"""Bytes that a disk writes as one; holes begin and end at its multiples."""

Step = dict[str, Any]


@dataclass(slots=True)
class Cut:
    """What a power cut did."""

    tails: int = 0
    """Files that lost bytes, or have holes."""
    names: int = 0
    """Creations, renames and removals undone."""
    acknowledged: set[str] = field(default_factory=set)
    """Record ids of the captures that the runs had called safe before it."""


def read_journal(path: Path) -> list[Step]:
    """Return the steps of a journal; empty without one."""
    return [json.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []


def points_of_last_run(steps: list[Step]) -> list[tuple[str, str]]:
    """Return kind and file of each point of the last run of a journal."""
    begin = max((number for number, step in enumerate(steps) if step["op"] == "begin"), default=0)
    return [(step["kind"], step["path"]) for step in steps[begin:] if step["op"] == "point"]


def acknowledged(steps: list[Step], *, only_safe: bool) -> set[str]:
    """Return the captures that a run acknowledged: wrote, or with ``only_safe`` wrote and then called safe."""
    found: set[str] = set()
    waiting: list[str] = []
    for step in steps:
        if step["op"] == "appended":
            waiting.append(step["id"])
        elif step["op"] == "acknowledged":
            found.update(waiting)
            waiting = []
        elif step["op"] == "begin" and only_safe:
            waiting = []
    return found if only_safe else found | set(waiting)


def cut_power(site: Path, journal: Path, random: Random) -> Cut:
    """Leave of a site's folder what a power cut might; what is left is safe, and the journal begins anew."""
    steps = read_journal(journal)
    done = Cut(acknowledged=acknowledged(steps, only_safe=True))
    _lose_names(steps, random, done)
    _lose_bytes(site, steps, random, done)
    _hurt_database(site, random)
    forget(journal)
    return done


def forget(journal: Path) -> None:
    """Begin a journal anew."""
    journal.unlink(missing_ok=True)
    shutil.rmtree(journal.with_name(journal.name + ".saved"), ignore_errors=True)


def _lose_names(steps: list[Step], random: Random, done: Cut) -> None:
    """Undo, in each folder, some of the last changes of names since its last sync."""
    unsafe: dict[str, list[int]] = {}
    for number, step in enumerate(steps):
        if step["op"] in ("create", "mkdir", "remove", "rename"):
            unsafe.setdefault(str(Path(step.get("to", step["path"])).parent), []).append(number)
        elif step["op"] == "sync_folder":
            unsafe.pop(step["path"], None)
    undone = [number for numbers in unsafe.values() for number in numbers[random.randint(0, len(numbers)) :]]
    for number in sorted(undone, reverse=True):
        done.names += _undo(steps[number])


def _undo(step: Step) -> bool:
    """Undo a change of names, if it was done and nothing that was kept stands against it."""
    path = Path(step["path"])
    match step["op"]:
        case "create" if path.is_file():
            path.unlink()
        case "mkdir" if path.is_dir():
            shutil.rmtree(path)
        case "remove" if step["saved"] and path.parent.is_dir() and not path.exists():
            path.hardlink_to(step["saved"])
        case "rename":
            target = Path(step["to"])
            if not target.exists() or target.stat().st_ino != step["inode"] or not path.parent.is_dir():
                return False
            target.rename(path)
            if step["saved"]:
                target.hardlink_to(step["saved"])
        case _:
            return False
    return True


def _lose_bytes(site: Path, steps: list[Step], random: Random, done: Cut) -> None:
    """Cut or blank, in each file written since the journal began, bytes behind those last synced."""
    safe: dict[int, int] = {}
    cuts: dict[int, Step] = {}
    for step in steps:
        match step["op"]:
            case "write":
                safe.setdefault(step["inode"], 0)
                cuts.pop(step["inode"], None)
            case "sync":
                safe[step["inode"]] = step["size"]
                cuts.pop(step["inode"], None)
            case "cut":
                safe[step["inode"]] = min(safe.get(step["inode"], step["to"]), step["to"])
                cuts[step["inode"]] = step
    for path in sorted(site.rglob("*")):
        if not path.is_file() or (inode := path.stat().st_ino) not in safe:
            continue
        if inode in cuts and cuts[inode]["to"] == path.stat().st_size and random.random() < 0.5:
            with path.open("ab") as file:
                file.write(bytes.fromhex(cuts[inode]["tail"]))
        done.tails += _lose_tail(path, safe[inode], random)


def _lose_tail(path: Path, safe: int, random: Random) -> bool:
    """Cut and blank at random behind byte ``safe``."""
    data = bytearray(path.read_bytes())
    before = bytes(data)
    if random.random() < 0.6:
        del data[random.randint(safe, len(data)) :]
    if random.random() < 0.6:
        for start in range(safe, len(data), BLOCK):
            end = min(start // BLOCK * BLOCK + BLOCK, len(data))
            if random.random() < 0.5:
                data[start:end] = bytes(end - start)
    if bytes(data) == before:
        return False
    path.write_bytes(data)
    return True


def _hurt_database(site: Path, random: Random) -> None:
    ledger, log, shared = (site / f"ledger.sqlite{suffix}" for suffix in ("", "-wal", "-shm"))
    shared.unlink(missing_ok=True)
    if random.random() < 0.2:
        ledger.unlink(missing_ok=True)
        log.unlink(missing_ok=True)
    elif log.exists() and random.random() < 0.7:
        with log.open("r+b") as file:
            file.truncate(random.randint(0, log.stat().st_size))
