"""``newsspider sections``: how complete each section of a site is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsspider.commands.options import ArchiveOption, JsonOption, SitesArgument, SitesOption

if TYPE_CHECKING:
    from pipelines.completeness import Section

MOST_NAMED = 20
"""Missing articles of a section that are named one by one; --json names all."""


def sections(
    site_ids: SitesArgument = None,
    archive: ArchiveOption = None,
    sites_dir: SitesOption = None,
    json: JsonOption = False,
) -> None:
    """Say for each section how many of its articles are held, and which are missing and why.

    Joins what the site says of itself: the rows of its listings, the number of articles that they print, the
    previous and next links of articles, and the numbers that the CMS gave them.
    """
    from newsspider.archive.folder import find_archive, held_site, open_archive
    from newsspider.archive.locks import lock_site
    from newsspider.archive.recovery import open_views
    from newsspider.crawl.run import load_models
    from newsspider.printing import counted, print_json
    from pipelines.store.records import to_dict

    held = open_archive(find_archive(archive))
    models = load_models(held)
    for site_id in site_ids or held.site_ids():
        site = held_site(held, site_id, sites_dir)
        folder = held.site_folder(site_id)
        with lock_site(folder, site_id):
            views, _ = open_views(folder, site, models)
            with views:
                found = list(views.listings.sections())
        if json:
            print_json({"site": site_id, "sections": [_plain(to_dict(section), section) for section in found]})
            continue
        print(f"{site_id}: {counted(len(found), 'section') if found else 'no listing is held yet'}")
        for section in found:
            _print(section)


def _plain(plain: dict[str, Any], section: Section) -> dict[str, Any]:
    from pipelines.completeness import say

    return {"statement": say(section), **plain}


def _print(section: Section) -> None:
    from pipelines.completeness import say

    print(f"  {section.name or section.uri}: {say(section)}")
    rows = [*section.missing, *section.unlisted_missing]
    for row in rows[:MOST_NAMED]:
        print(f"    {row.why:12}  {row.date or '':10}  {row.title or ''}  {row.uri}")
    if len(rows) > MOST_NAMED:
        print(f"    and {len(rows) - MOST_NAMED} more: --json names all")
    for page in section.pages_missing[:MOST_NAMED]:
        print(f"    listing page  {page.outcome or 'not fetched yet'}  {page.uri}")
