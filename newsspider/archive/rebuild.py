"""Makes the views of a site anew from its WARC alone, beside the old ones, and puts them in their place.

The old views stay as they are until the new ones are complete; a rebuild that is cut short leaves them so. The
exchange of old for new is itself put right, if it was cut short, when the site is opened next.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newsspider.archive.dataset import OPEN
from newsspider.archive.views import Views
from newsspider.capture import disk
from newsspider.capture.warcfile import recover
from newsspider.frontier.database import seal_path
from pipelines.store.records import read_lines
from pipelines.store.sound import Damage

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.model import Site
    from pipelines.normalise.record import Models

MAKING = "rebuild"
"""Folder in which the new views grow; worthless until it is complete."""

MADE = "rebuilt"
"""The same folder when it is complete: from here on the new views are the site's."""

OLD = "records.old"

MOST_SAMPLES = 3


@dataclass(slots=True)
class Difference:
    """How two datasets of a site differ, line by line."""

    same: int = 0
    only_old: int = 0
    cited_by_old: set[str] = field(default_factory=set)
    """WARC files that the lines cite which only the old dataset has."""
    only_new: int = 0
    damaged: int = 0
    """Lines of the old dataset that are no records."""
    changed: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    """How many changed lines differ in each field."""
    samples: dict[str, list[tuple[str, Any, Any]]] = field(default_factory=dict)
    """For each field the first few: article's address, old value, new value."""

    @property
    def is_any(self) -> bool:
        """Whether taking the new dataset would change anything."""
        return bool(self.changed or self.only_old or self.only_new or self.damaged)


def make_views(folder: Path, site: Site, models: Models, *, records: bool) -> tuple[int, list[Damage]]:
    """Make new views of a site in its folder ``rebuild``; return the number of captures read, and what cannot be.

    Without ``records`` the lines stay as they are, and only the ledger with their index is made anew. The caller
    holds the site's lock.
    """
    finish(folder)
    recover(folder / "warc")
    making = folder / MAKING
    lines = making / "records"
    disk.make_folder(lines, within=folder)
    if not records:
        with disk.explained(lines):
            for path in (folder / "records").glob("*.jsonl*"):
                (lines / path.name).hardlink_to(path)
    with Views(making, folder / "warc", site, models) as views:
        return views.catch_up(), views.damage


def take_views(folder: Path) -> None:
    """Put complete new views in the place of the old ones."""
    disk.sync_folder(folder / MAKING / "records")
    disk.sync_folder(folder / MAKING)
    disk.rename(folder / MAKING, folder / MADE)
    disk.sync_folder(folder)
    finish(folder)


def finish(folder: Path) -> None:
    """Finish putting complete new views in place, if that was cut short, and remove what is left of a rebuild.

    Every step may be done twice.
    """
    made, old = folder / MADE, folder / OLD
    if (made / "records").is_dir():
        if (folder / "records").is_dir() and not old.exists():
            disk.rename(folder / "records", old)
        disk.rename(made / "records", folder / "records")
    ledger = made / "ledger.sqlite"
    if ledger.exists():
        for suffix in ("-wal", "-shm"):  # of the old one: SQLite would take them for the new one's
            disk.remove(folder / f"{ledger.name}{suffix}")
        for path in (seal_path(ledger), ledger):
            if path.exists():
                disk.rename(path, folder / path.name)
    disk.sync_folder(folder)
    for leftover in (made, old, folder / MAKING):
        disk.remove_tree(leftover)


def compare(old: Path, new: Path) -> Difference:
    """Compare the lines of two folders of records, file by file: a capture gives its line to the file of its run."""
    difference = Difference()
    before, after = _files(old), _files(new)
    for name in sorted(before.keys() | after.keys()):
        _compare_files(before.get(name), after.get(name), difference)
    return difference


def _files(folder: Path) -> dict[str, Path]:
    return {path.name.removesuffix(OPEN): path for path in folder.glob("*.jsonl*")}


def _compare_files(old: Path | None, new: Path | None, difference: Difference) -> None:
    """Compare two files; in both the lines stand in the order of the captures."""
    left, right = _lines(old, difference), _lines(new, difference)
    one, other = next(left, None), next(right, None)
    while one is not None or other is not None:
        if other is None or (one is not None and one[0] < other[0]):
            assert one is not None
            difference.only_old += 1
            difference.cited_by_old.add(one[0][0])
            one = next(left, None)
        elif one is None or other[0] < one[0]:
            difference.only_new += 1
            other = next(right, None)
        else:
            _compare_lines(one[1], other[1], difference)
            one, other = next(left, None), next(right, None)


def _lines(path: Path | None, difference: Difference) -> Iterator[tuple[tuple[str, int, str], bytes]]:
    """Yield each line with its key: the place of the capture that gave it, and the article."""
    for _, line in read_lines(path) if path is not None else ():
        try:  # not as a record: the line may be of another version
            record = json.loads(line)
            warc, offset = max((ref["warc"], ref["offset"]) for ref in record["captures"])
            key = (warc, offset, record["id"])
        except (ValueError, LookupError, TypeError):
            difference.damaged += 1
            continue
        yield key, line


def find_missing(warcs: Path, difference: Difference) -> list[Damage]:
    """Return the WARC files that are not there any more, though lines that only the old dataset has came from them."""
    missing = [path for name in sorted(difference.cited_by_old) if not (path := warcs / name).exists()]
    return [
        Damage(warc=path.name, start=0, end=0, message=f"{path}: is not there; put it back from a copy.")
        for path in missing
    ]


def _compare_lines(old: bytes, new: bytes, difference: Difference) -> None:
    if old == new:
        difference.same += 1
        return
    difference.changed += 1
    before, after = json.loads(old), json.loads(new)
    for name in after:
        if before.get(name) != after[name]:
            difference.fields[name] += 1
            samples = difference.samples.setdefault(name, [])
            if len(samples) < MOST_SAMPLES:
                samples.append((after["url"], before.get(name), after[name]))
