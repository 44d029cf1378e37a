"""``newsspider verify``: proof of what the archive holds."""

from __future__ import annotations

from typing import Annotated

import typer

from newsspider.commands.options import ArchiveOption, JsonOption, SitesArgument, SitesOption


def verify(
    site_ids: SitesArgument = None,
    full: Annotated[bool, typer.Option("--full", help="Read everything, not only what is new or due.")] = False,
    archive: ArchiveOption = None,
    sites_dir: SitesOption = None,
    json: JsonOption = False,
) -> None:
    """Read the archive again and say what does not agree.

    WARC files by the standard and their digests, indexes, every record against the bytes that it cites, with
    --full the ledger too. Says for each section how complete it is. Ends with exit code 4 where anything is damaged.
    """
    from newsspider.archive.folder import find_archive, held_site, open_archive
    from newsspider.archive.locks import lock_site
    from newsspider.archive.verify import verify_site
    from newsspider.clock import Clock
    from newsspider.crawl.run import load_models
    from newsspider.printing import counted, print_json
    from pipelines.completeness import say
    from pipelines.errors import DamagedError
    from pipelines.store.records import to_dict

    held = open_archive(find_archive(archive))
    models = load_models(held)
    faults = 0
    for site_id in site_ids or held.site_ids():
        folder = held.site_folder(site_id)
        site = held_site(held, site_id, sites_dir)
        with lock_site(folder, site_id):
            found = verify_site(folder, site, models, now=Clock().now(), full=full)
        faults += len(found.faults)
        if json:
            print_json({"site": site_id, **to_dict(found)})
            continue
        print(
            f"{site_id}: {found.warcs} of {counted(found.warcs_held, 'WARC file')}, {counted(found.captures, 'capture')},"
            f" {counted(found.records, 'record')} ({found.reread} read again): "
            + (counted(len(found.faults), "fault") if found.faults else "everything agrees")
        )
        for fault in found.faults:
            print(f"  {fault.where}: {fault.what}. Affects {fault.affects}.")
        for section in found.sections:
            print(f"  {section.name or section.uri}: {say(section)}")
    if faults:
        raise typer.Exit(DamagedError.exit_code)
