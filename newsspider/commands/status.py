"""``newsspider status``: how all sites do, at a glance."""

from __future__ import annotations

from newsspider.commands.options import ArchiveOption, JsonOption, SitesArgument

STYLES = {"healthy": "green", "quiet": "cyan", "degraded": "yellow", "broken": "red", "new": "dim"}


def status(
    site_ids: SitesArgument = None,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """Show how each site does, the worst first: healthy, quiet, degraded or broken, why, and since when."""
    from newsspider.archive.folder import find_archive, open_archive
    from newsspider.clock import Clock
    from newsspider.operation.standing import find_standings
    from newsspider.printing import out, print_json
    from pipelines.store.records import to_dict

    held = open_archive(find_archive(archive))
    verdicts = find_standings(held, site_ids, Clock().now())
    if json:
        for site_id, verdict, last in verdicts:
            print_json({"site": site_id, **to_dict(verdict), "last": last})
        return
    width = max((len(site_id) for site_id, _, _ in verdicts), default=0)
    for site_id, verdict, _ in verdicts:
        since = f" (since {verdict.since[:10]})" if verdict.since and verdict.verdict != "healthy" else ""
        style = STYLES[verdict.verdict]
        out.print(f"{site_id:{width}}  [{style}]{verdict.verdict:8}[/]  ", end="")
        print(f"{verdict.why}{since}")
