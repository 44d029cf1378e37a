"""How the sites of an archive stand, from their reports."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from newsspider.operation.report import read_last_report
from newsspider.operation.status import RANKS, Report, Verdict, judge
from pipelines.errors import InputError

if TYPE_CHECKING:
    from newsspider.archive.folder import Archive

Standing = tuple[str, Verdict, Report | None]
"""A site, the verdict on it, and its last report."""


def find_standings(archive: Archive, site_ids: Iterable[str] | None, now: datetime) -> list[Standing]:
    """Return how sites stand, the worst first; all of the archive where none is named.

    Raises :class:`InputError` for a site that the archive does not hold.
    """
    held = archive.site_ids()
    wanted = list(site_ids or held)
    if unknown := set(wanted) - set(held):
        names = ", ".join(sorted(unknown))
        raise InputError(f"{names}: the archive {archive.root} does not hold this site.")
    standings = []
    for site_id in wanted:
        last = read_last_report(archive.site_folder(site_id))
        standings.append((site_id, judge(last, now), last))
    return sorted(standings, key=lambda one: (RANKS.index(one[1].verdict), one[0]))
