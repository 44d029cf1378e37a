"""``newsspider import``: WARC files that somebody else made."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsspider.commands.options import ArchiveOption, JsonOption, SitesOption

if TYPE_CHECKING:
    from newsspider.archive.imports import Imported


def import_(
    files: Annotated[
        list[Path], typer.Argument(metavar="WARC...", help="Files: .warc, .warc.gz, .warc.zst or .wacz.")
    ],
    site_id: Annotated[str, typer.Option("--site", metavar="ID", help="The site that they belong to.")],
    archive: ArchiveOption = None,
    sites_dir: SitesOption = None,
    json: JsonOption = False,
) -> None:
    """Take WARC files of any crawler into the archive, and make records of what they hold.

    Every byte is kept; records come from the pages that the site file has in its scope. A file that was taken in
    before is known again. Ends with exit code 1 where a file is damaged: what is sound in it is taken.
    """
    from newsspider.archive.folder import Archive, find_archive
    from newsspider.archive.imports import find_sources, import_file, unpacked
    from newsspider.archive.locks import lock_site
    from newsspider.archive.recovery import open_views
    from newsspider.archive.warcinfo import describe
    from newsspider.capture import disk
    from newsspider.clock import Clock
    from newsspider.crawl.run import load_models, new_run_id
    from newsspider.printing import print_json
    from newsspider.sites import find_catalogue, load_site

    held, clock = Archive(find_archive(archive)), Clock()
    site = load_site(site_id, find_catalogue(sites_dir), allow_private=True)
    settings, models = held.settings(), load_models(held)
    folder = held.site_folder(site_id)
    about = describe(site, settings.operator)
    with ExitStack() as stack:
        sources = find_sources(stack.enter_context(unpacked(files)), folder / "warc")
        stack.enter_context(lock_site(folder, site_id))
        disk.make_folder(folder / "warc", within=held.root)
        disk.check_room(folder, settings.min_free_mb, needed=sum(source.survey.size for source in sources))
        views, _ = open_views(folder, site, models)
        stack.enter_context(views)
        run = new_run_id(clock.now())
        for source in sources:
            imported = import_file(views, source, about=about, run=run, now=clock.now())
            print_json(_plain(imported)) if json else _print(imported)
    if any(source.survey.damage for source in sources):
        raise typer.Exit(1)


def _plain(imported: Imported) -> dict[str, Any]:
    return {
        "file": imported.source.name,
        "warc": imported.warc,
        "was_known": imported.was_known,
        "is_copy": imported.source.survey.is_by_record,
        "captures": imported.captures,
        "changed": dict(imported.changes),
        "damage": [
            {"start": one.start, "end": one.end, "message": one.message} for one in imported.source.survey.damage
        ],
    }


def _print(imported: Imported) -> None:
    if imported.was_known:
        print(f"{imported.source.name}: is in the archive already, as {imported.warc}")
    else:
        from newsspider.printing import counted

        kinds = ("new", "edited", "restored", "missing", "removed")
        changed = ", ".join(f"{imported.changes[kind]} {kind}" for kind in kinds if imported.changes[kind])
        form = "copied" if imported.source.survey.is_by_record else "its records copied, each compressed by itself"
        print(
            f"{imported.source.name}: {form}, as {imported.warc}; {counted(imported.captures, 'capture')},"
            f" {changed or 'nothing new'} in the dataset"
        )
    for damage in imported.source.survey.damage:
        print(f"  damaged: bytes {damage.start} to {damage.end}, kept beside it: {damage.message}")
