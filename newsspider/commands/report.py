"""``newsspider report``: what the last runs did, for people and for Prometheus."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsspider.commands.options import ArchiveOption, JsonOption

if TYPE_CHECKING:
    from newsspider.operation.standing import Standing


def report(
    site_ids: Annotated[
        list[str] | None, typer.Argument(metavar="SITE...", help="Sites; default all of the archive.")
    ] = None,
    archive: ArchiveOption = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write the page for people there.")
    ] = None,
    prometheus: Annotated[
        Path | None,
        typer.Option(
            "--prometheus", metavar="FILE.prom", help="Write metrics there, for node_exporter's textfiles."
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Tell what the last run of each site did: found, new, changed, gone, failed, coverage, fields, politeness, time.

    A crawl writes the page for people by itself: report.html in the archive.
    """
    from newsspider.archive.folder import find_archive, open_archive
    from newsspider.clock import Clock
    from newsspider.operation.metrics import to_textfile
    from newsspider.operation.page import to_html
    from newsspider.operation.standing import find_standings
    from newsspider.printing import print_json

    held = open_archive(find_archive(archive))
    standings = find_standings(held, site_ids, Clock().now())
    if html is not None:
        _write(html, to_html(standings, archive=str(held.root), now=Clock().now()))
    if prometheus is not None:
        _write(prometheus, to_textfile(standings))
    if json:
        for _, _, one in standings:
            if one is not None:
                print_json(one)
    elif html is None and prometheus is None:
        _print_table(standings)


def _print_table(standings: list[Standing]) -> None:
    from newsspider.printing import print_table

    rows = [
        (
            site, last["started_at"][:16].replace("T", " "), last["requests"], last["articles"],
            *(last["changed"].get(kind, 0) for kind in ("new", "edited", "removed")),
            last["failed"], verdict.verdict,
        )
        for site, verdict, last in standings
        if last is not None
    ]  # fmt: skip
    heads = ("site", "last run (UTC)", "requests", "articles read", "new", "edited", "gone", "failed", "verdict")
    print_table(heads, rows)


def _write(path: Path, text: str) -> None:
    from newsspider.capture.disk import write_file

    if str(path) == "-":
        print(text, end="")
    else:
        write_file(path, text.encode())
