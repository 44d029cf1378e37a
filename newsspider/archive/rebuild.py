"""Makes the views of a site anew from its WARC alone, beside the old ones, and puts them in their place.

The old views stay as they are until the new ones are complete; a rebuild that is cut short leaves them so. The
exchange of old for new is itself put right, if it was cut short, when the site is opened next.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newsspider.archive.views import Views, remove_ledger
from newsspider.capture import disk
from newsspider.capture.warcfile import recover
from pipelines.store.records import read_lines

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.model import Site
    from pipelines.normalise.record import Models
    from pipelines.store.sound import Damage

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
    only_new: int = 0
    changed: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    """How many changed lines differ in each field."""
    samples: dict[str, list[tuple[str, Any, Any]]] = field(default_factory=dict)
    """For each field the first few: article's address, old value, new value."""


def make_views(folder: Path, site: Site, models: Models, *, records: bool) -> tuple[int, list[Damage]]:
    """Make new views of a site in its folder ``rebuild``; return the number of captures read, and what cannot be.

    Without ``records`` the lines stay as they are, and only the ledger with their index is made anew. The caller
    holds the site's lock.
    """
    finish(folder)
    recover(folder / "warc")
    making = folder / MAKING
    shutil.rmtree(making, ignore_errors=True)
    lines = making / "records"
    lines.mkdir(parents=True)
    if not records:
        for path in (folder / "records").glob("*.jsonl"):
            os.link(path, lines / path.name)
    views = Views(making, folder / "warc", site, models)
    try:
        return views.catch_up(), views.damage
    finally:
        views.close()


def take_views(folder: Path) -> None:
    """Put complete new views in the place of the old ones."""
    disk.rename(folder / MAKING, folder / MADE)
    disk.sync_folder(folder)
    finish(folder)


def finish(folder: Path) -> None:
    """Finish putting complete new views in place, if that was cut short. Every step may be done twice."""
    made, old = folder / MADE, folder / OLD
    if not made.is_dir():
        return
    if (made / "records").is_dir():
        if (folder / "records").is_dir() and not old.exists():
            disk.rename(folder / "records", old)
        disk.rename(made / "records", folder / "records")
    if (made / "ledger.sqlite").exists():
        remove_ledger(folder)
        disk.rename(made / "ledger.sqlite", folder / "ledger.sqlite")
    disk.sync_folder(folder)
    shutil.rmtree(made)
    shutil.rmtree(old, ignore_errors=True)
    disk.sync_folder(folder)


def compare(old: Path, new: Path) -> Difference:
    """Compare the lines of two folders of records; both stand in the order of the captures."""
    difference = Difference()
    left, right = _lines(old), _lines(new)
    one, other = next(left, None), next(right, None)
    while one is not None or other is not None:
        if other is None or (one is not None and one[0] < other[0]):
            difference.only_old += 1
            one = next(left, None)
        elif one is None or other[0] < one[0]:
            difference.only_new += 1
            other = next(right, None)
        else:
            _compare_lines(one[1], other[1], difference)
            one, other = next(left, None), next(right, None)
    return difference


def _lines(folder: Path) -> Iterator[tuple[tuple[str, int, str], bytes]]:
    """Yield each line with its key: the place of the capture that gave it, and the article."""
    for path in sorted(folder.glob("*.jsonl")):
        for _, line in read_lines(path):
            record = json.loads(line)
            warc, offset = max((ref["warc"], ref["offset"]) for ref in record["captures"])
            yield (warc, offset, record["id"]), line


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
