"""``newsspider export``: sites handed over, as WACZ or as a bag."""

from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsspider.commands.options import ArchiveOption, JsonOption, SitesArgument, SitesOption

if TYPE_CHECKING:
    from collections.abc import Generator


def export(
    site_ids: SitesArgument = None,
    wacz: Annotated[
        Path | None,
        typer.Option(
            "--wacz", metavar="FILE", help="Write a WACZ file: WARC, index and pages, to replay anywhere."
        ),
    ] = None,
    bagit: Annotated[
        Path | None,
        typer.Option("--bagit", metavar="DIR", help="Write a BagIt bag: all that is held, to keep elsewhere."),
    ] = None,
    archive: ArchiveOption = None,
    sites_dir: SitesOption = None,
    json: JsonOption = False,
) -> None:
    """Hand sites over to others.

    A WACZ file opens in ReplayWeb.page and pywb. A bag has WARC, indexes, records, run reports, site files and the
    description of every field; its folder data is an archive that newsspider reads where it lies. A target that
    exists is left alone; one that could not be written to its end does not stay.
    """
    from rich.filesize import decimal

    from newsspider.archive.export import export_bag, export_wacz, size_of
    from newsspider.archive.folder import find_archive, held_site, open_archive
    from newsspider.archive.locks import lock_site
    from newsspider.archive.recovery import open_views
    from newsspider.clock import Clock
    from newsspider.crawl.run import load_models
    from newsspider.printing import counted, print_json
    from pipelines.errors import InputError

    if wacz is None and bagit is None:
        raise InputError("name the target: --wacz FILE or --bagit DIR.")
    held = open_archive(find_archive(archive))
    models = load_models(held)
    chosen = list(dict.fromkeys(site_ids or held.site_ids()))
    with ExitStack() as stack:
        for site_id in chosen:
            site = held_site(held, site_id, sites_dir)
            folder = held.site_folder(site_id)
            stack.enter_context(lock_site(folder, site_id))
            views, _ = open_views(folder, site, models)
            views.close()
        now, total = Clock().now(), size_of(held, chosen)
        for target, write in ((wacz, export_wacz), (bagit, export_bag)):
            if target is None:
                continue
            with closing(write(held, chosen, target, now=now)) as pieces:
                copied = _show(pieces, total, str(target))
            warcs = sum(len(held.warc_files(site_id)) for site_id in chosen)
            if json:
                print_json({"target": str(target), "sites": chosen, "warc_files": warcs, "bytes": copied})
            else:
                print(f"{target}: {counted(len(chosen), 'site')}, {counted(warcs, 'WARC file')}, {decimal(copied)}")


def _show(pieces: Generator[int], total: int, name: str) -> int:
    """Show the progress of an export; return the number of bytes it took."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    from newsspider.printing import err

    copied = 0
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task(name, total=total)
        for count in pieces:
            copied += count
            progress.update(task, completed=copied)
    return copied
