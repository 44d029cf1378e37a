"""``newsspider rebuild``: the views anew from the WARC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsspider.commands.options import ArchiveOption, JsonOption, SitesArgument, SitesOption

if TYPE_CHECKING:
    from newsspider.archive.rebuild import Difference
    from pipelines.store.sound import Damage


def rebuild(
    site_ids: SitesArgument = None,
    ledger: Annotated[bool, typer.Option("--ledger", help="Only the ledger: the records stay as written.")] = False,
    records: Annotated[
        bool, typer.Option("--records", help="The records, and the ledger that indexes them.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Only show which records would change, in which fields.")
    ] = False,
    archive: ArchiveOption = None,
    sites_dir: SitesOption = None,
    json: JsonOption = False,
) -> None:
    """Make ledger and records anew from the WARC alone.

    With the same version, site file and model the records are the same, byte for byte. After an update of
    newsspider look at --diff first: the old dataset stays until the new one is complete. Ends with exit code 4
    where a WARC file cannot be read; records that would be lost with it stay.
    """
    from newsspider.archive.folder import find_archive, held_site, open_archive
    from newsspider.archive.locks import lock_site
    from newsspider.archive.rebuild import MAKING, compare, find_missing, make_views, take_views
    from newsspider.capture import disk
    from newsspider.crawl.run import load_models
    from newsspider.printing import print_json
    from pipelines.errors import DamagedError, InputError

    if ledger and (records or diff):
        raise InputError("--ledger leaves the records as they are; leave out --records and --diff, or --ledger.")
    held = open_archive(find_archive(archive))
    models = load_models(held)
    is_damaged = False
    for site_id in site_ids or held.site_ids():
        site = held_site(held, site_id, sites_dir)
        folder = held.site_folder(site_id)
        with lock_site(folder, site_id):
            captures, damage = make_views(folder, site, models, records=not ledger)
            difference = compare(folder / "records", folder / MAKING / "records")
            damage += find_missing(folder / "warc", difference)
            # What cannot be read any more may stand in the old records: they are not given up for the rest.
            is_loss = bool(damage) and difference.only_old > 0
            if diff or is_loss:
                disk.remove_tree(folder / MAKING)
            else:
                take_views(folder)
        is_damaged |= bool(damage)
        if json:
            print_json(_plain(site_id, captures, difference, damage, taken=not diff and not is_loss))
        else:
            _print(site_id, captures, difference)
            for one in damage:
                print(f"  {one.warc}, bytes {one.start} to {one.end}: {one.message}")
            if is_loss:
                print(
                    "  Nothing was replaced: the old records hold what cannot be read; put the WARC back from a copy."
                )
            elif diff and difference.is_any:
                print("  Nothing was replaced; run again without --diff to take the new records.")
    if is_damaged:
        raise typer.Exit(DamagedError.exit_code)


def _plain(
    site_id: str, captures: int, difference: Difference, damage: list[Damage], *, taken: bool
) -> dict[str, Any]:
    from pipelines.store.records import to_dict

    return {
        "site": site_id,
        "captures": captures,
        "same": difference.same,
        "changed": difference.changed,
        "only_old": difference.only_old,
        "only_new": difference.only_new,
        "damaged": difference.damaged,
        "fields": dict(difference.fields.most_common()),
        "samples": difference.samples,
        "damage": to_dict(damage),
        "taken": taken,
    }


def _print(site_id: str, captures: int, difference: Difference) -> None:
    from newsspider.printing import counted

    total = difference.same + difference.changed + difference.only_new
    print(
        f"{site_id}: {counted(captures, 'capture')} read, {counted(total, 'record')}: {difference.same} the same,"
        f" {difference.changed} changed, {difference.only_new} new, {difference.only_old} gone."
    )
    if difference.damaged:
        print(f"  {counted(difference.damaged, 'line')} of the old dataset cannot be read")
    for name, count in difference.fields.most_common():
        print(f"  {name}: {count}")
        for url, old, new in difference.samples[name]:
            print(f"    {url}\n      - {_short(old)}\n      + {_short(new)}")


def _short(value: Any) -> str:
    text = str(value).replace("\n", "⏎")
    return text if len(text) <= 160 else text[:157] + "…"
