"""The one way to recover: whoever writes to a site begins here, after a clean end as after a crash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsspider.archive.rebuild import finish
from newsspider.archive.views import Views
from newsspider.capture import disk
from newsspider.capture.warcfile import recover

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.model import Site
    from pipelines.normalise.record import Models


def open_views(folder: Path, site: Site, models: Models) -> Views:
    """Put right what a crash left, and return the views, which have then seen every capture.

    The WARC files are cut back to their last whole exchange and closed, a rebuild that was cut short is finished,
    and the views enter what they have not seen. The caller holds the site's lock. Raises :class:`DamagedError`
    where a file cannot be read, :class:`ArchiveError` or :class:`DiskFullError` where one cannot be written.
    """
    warcs = folder / "warc"
    recover(warcs)
    finish(folder)
    for leftover in (*folder.glob("*.new"), *folder.glob("*/*.new")):
        disk.remove(leftover)
    views = Views(folder, warcs, site, models)
    try:
        views.catch_up()
    except BaseException:
        views.abandon()
        raise
    return views
