"""What any command that writes does first: put right what a crash left, and enter what the views have not seen.

It does so after a clean end as after a crash: there is no other way to begin.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsspider.archive.rebuild import finish
from newsspider.archive.views import Views
from newsspider.capture import disk
from newsspider.capture.warcfile import Recovered, recover

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.model import Site
    from pipelines.normalise.record import Models
    from pipelines.store.sound import Damage


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """What was put right."""

    closed: tuple[Recovered, ...]
    """WARC files that a crash left open."""
    lines_cut: int
    """Bytes cut off the records: a line that was not written to its end."""
    renewed: str | None
    """Why the ledger was begun anew, in one sentence; None where it was not."""
    replayed: int
    """Captures that the views had not seen."""
    damage: tuple[Damage, ...]
    """Places in WARC files that could not be read."""


def open_views(folder: Path, site: Site, models: Models) -> tuple[Views, Recovery]:
    """Open the views of a site, whole and up to date. The caller holds the site's lock.

    The WARC files are cut back to their last whole exchange and closed, a rebuild that was cut short is finished,
    and the views enter what they have not seen.

    Raises :class:`ArchiveError` where files cannot be written, :class:`DamagedError` where WARC files came in from
    elsewhere that only a rebuild can take in.
    """
    closed = recover(folder / "warc")
    finish(folder)
    for leftover in (*folder.glob("*.new"), *folder.glob("*/*.new")):
        disk.remove(leftover)
    views = Views(folder, folder / "warc", site, models)
    try:
        replayed = views.catch_up()
    except BaseException:
        views.abandon()
        raise
    return views, Recovery(
        closed=tuple(closed),
        lines_cut=views.bytes_cut,
        renewed=views.renewed,
        replayed=replayed,
        damage=tuple(views.damage),
    )
