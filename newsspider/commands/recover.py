"""``newsspider recover``: what a crash left, put right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from newsspider.commands.options import ArchiveOption, JsonOption, SitesArgument, SitesOption

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsspider.archive.recovery import Recovery


def recover(
    site_ids: SitesArgument = None,
    archive: ArchiveOption = None,
    sites_dir: SitesOption = None,
    json: JsonOption = False,
) -> None:
    """Put right what a killed process or a power cut left, as every command that writes does first.

    WARC files left open are cut back to their last whole exchange and closed; ledger and records then catch up
    with the WARC. Ends with exit code 4 where a WARC file cannot be read: what is sound in it is served.
    """
    from newsspider.archive.folder import find_archive, held_site, open_archive
    from newsspider.archive.locks import lock_site
    from newsspider.archive.recovery import open_views
    from newsspider.crawl.run import load_models
    from newsspider.printing import print_json
    from pipelines.errors import DamagedError

    held = open_archive(find_archive(archive))
    models = load_models(held)
    is_damaged = False
    for site_id in site_ids or held.site_ids():
        site = held_site(held, site_id, sites_dir)
        folder = held.site_folder(site_id)
        with lock_site(folder, site_id):
            views, recovery = open_views(folder, site, models)
            views.close()
        is_damaged |= bool(recovery.damage)
        if json:
            print_json({"site": site_id, **_plain(recovery)})
        else:
            words = list(say(recovery))
            print(f"{site_id}: {'; '.join(words) if words else 'nothing to put right'}")
            for damage in recovery.damage:
                print(f"  {damage.warc}, bytes {damage.start} to {damage.end}: {damage.message}")
    if is_damaged:
        raise typer.Exit(DamagedError.exit_code)


def _plain(recovery: Recovery) -> dict[str, Any]:
    from pipelines.store.records import to_dict

    plain: dict[str, Any] = to_dict(recovery)
    return plain


def say(recovery: Recovery) -> Iterator[str]:
    """Yield what was put right, in a person's words."""
    from newsspider.printing import counted

    for one in recovery.closed:
        done = "closed" if one.kept else "removed: it held no exchange"
        cut = f"{counted(one.cut, 'byte')} of an unfinished exchange cut off, " if one.cut and one.kept else ""
        aside = f" (kept as {one.set_aside.name})" if one.set_aside else ""
        yield f"{one.path.name}: {cut}{done}{aside}"
    if recovery.lines_cut:
        yield f"{counted(recovery.lines_cut, 'byte')} of an unfinished line of the records cut off"
    if recovery.renewed:
        yield f"the ledger was made anew ({recovery.renewed})"
    if recovery.replayed:
        yield f"{counted(recovery.replayed, 'capture')} replayed"
    if recovery.damage:
        yield f"{counted(len(recovery.damage), 'place')} in the WARC cannot be read, what is sound was read"
