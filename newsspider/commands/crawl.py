"""``newsspider crawl``: the main job."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from newsspider.commands.options import AllowPrivateOption, ArchiveOption, JsonOption, SitesOption

if TYPE_CHECKING:
    from pathlib import Path

    from newsspider.crawl.process import Result
    from newsspider.crawl.run import Run
    from pipelines.errors import SiteError
    from pipelines.model import Site

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

MOST_SECONDS = 10 * 365 * 86400
"""The longest budget: with a longer one the end of the run would be no date."""

MOST_NAMED = 20
"""Changes of a site that are named one by one; with more, the table has their number."""


def crawl(
    site_ids: Annotated[
        list[str] | None, typer.Argument(metavar="SITE...", help="Ids of sites of the catalogue.")
    ] = None,
    all_sites: Annotated[bool, typer.Option("--all", help="Crawl every site of the catalogue.")] = False,
    archive: ArchiveOption = None,
    sites_dir: SitesOption = None,
    budget: Annotated[
        str | None,
        typer.Option(
            "--budget", metavar="30m|N", help="Stop after a time (90s, 30m, 2h), or after N requests a site."
        ),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=0, show_default=False, help="The same as --budget N.")
    ] = 0,
    allow_private: AllowPrivateOption = False,
    proxy: Annotated[
        str | None, typer.Option("--proxy", metavar="URL", help="HTTP proxy; default from http_proxy, https_proxy.")
    ] = None,
    json: JsonOption = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what Scrapy does.")] = False,
) -> None:
    """Crawl sites: fetch what is new or due, archive every exchange as WARC, write new records.

    Asks politely: robots.txt, one request a second to a domain unless the site file says otherwise. Stop with
    Ctrl-C at any time; the next run goes on where this one stopped.
    """
    from newsspider.archive.folder import Archive, find_archive
    from newsspider.crawl.run import begin_run
    from newsspider.sites import find_catalogue
    from pipelines.errors import ArchiveError, InputError

    if bool(site_ids) == all_sites:
        raise InputError("name the sites to crawl, or give --all; «newsspider sites list» shows them.")
    sites, wrong = load_sites(site_ids, find_catalogue(sites_dir), allow_private=allow_private)
    duration, requests = parse_budget(budget)
    run = begin_run(
        Archive(find_archive(archive)),
        allow_private=allow_private,
        limit=requests or limit,
        duration=duration,
    )
    results = run_crawl(run, sites, proxy=proxy, verbose=verbose)
    for error in wrong:
        typer.echo(f"newsspider: {error}", err=True)
    report(results, json=json, run=run)
    code = exit_code(results) or bool(wrong)
    try:
        write_page(run)
    except ArchiveError:
        if code == 0:
            raise
        # What kept a site from being written keeps the page from it too, and has been said.
    raise typer.Exit(code)


def load_sites(
    site_ids: Sequence[str] | None, catalogue: Path, *, allow_private: bool
) -> tuple[list[Site], list[SiteError]]:
    """Load the sites named, or all of the catalogue; return them, and what is wrong with site files.

    Raises :class:`SiteError` where a site is wrong that was named, or all are: one file that somebody is at work on
    must not keep the mirrors of the others from being fresh.
    """
    from newsspider.sites import load_site
    from newsspider.sites import site_ids as catalogue_ids
    from pipelines.errors import SiteError

    sites: list[Site] = []
    wrong: list[SiteError] = []
    for site_id in dict.fromkeys(site_ids or catalogue_ids(catalogue)):
        try:
            sites.append(load_site(site_id, catalogue, allow_private=allow_private))
        except SiteError as error:
            wrong.append(error)
    if wrong and (site_ids or not sites):
        raise SiteError("\n".join(map(str, wrong)))
    if not sites:
        raise SiteError(f"{catalogue}: holds no site files; «newsspider probe URL --write» makes one.")
    return sites, wrong


def parse_budget(budget: str | None) -> tuple[timedelta | None, int]:
    """Return the time and the number of requests that a budget allows; None and 0 stand for no limit.

    >>> parse_budget("30m"), parse_budget("500")
    ((datetime.timedelta(seconds=1800), 0), (None, 500))
    """
    from pipelines.errors import InputError

    if budget is None:
        return None, 0
    match = re.fullmatch(r"([1-9]\d{0,8})([smhd]?)", budget)
    if match is None or int(match[1]) * UNITS.get(match[2], 0) > MOST_SECONDS:
        raise InputError(
            f"--budget {budget}: give a time like 90s, 30m, 2h or 1d, or a number of requests like 500."
        )
    number = int(match[1])
    return (timedelta(seconds=number * UNITS[match[2]]), 0) if match[2] else (None, number)


def run_crawl(run: Run, sites: Sequence[Site], *, proxy: str | None = None, verbose: bool = False) -> list[Result]:
    """Crawl with a progress display; returns what was done at each site."""
    import logging

    from newsspider.crawl.process import crawl_sites
    from newsspider.operation.progress import show_progress

    logging.basicConfig(
        level=logging.INFO if verbose else logging.ERROR, format="%(levelname)s %(name)s: %(message)s"
    )
    if proxy is not None:
        use_proxy(proxy)
    with show_progress() as watch:
        return crawl_sites(run, sites, settings={"LOG_LEVEL": "INFO" if verbose else "ERROR"}, watch=watch)


def use_proxy(proxy: str) -> None:
    """Send every request of this process through a proxy. Raises :class:`InputError` for what is no address."""
    import os
    from urllib.parse import urlsplit

    from pipelines.errors import InputError

    parts = urlsplit(proxy)
    if parts.scheme != "http" or not parts.hostname:
        raise InputError(f"--proxy {proxy}: must be the address of an HTTP proxy, like http://127.0.0.1:3128.")
    os.environ.update(http_proxy=proxy, https_proxy=proxy)
    for name in ("no_proxy", "NO_PROXY"):
        os.environ.pop(name, None)


def report(results: Sequence[Result], *, json: bool, run: Run) -> None:
    """Print what was done: a table and what changed for people, one object for each site for machines."""
    from newsspider.operation.report import read_last_report
    from newsspider.printing import err, print_json, print_table

    for result in results:
        if result.error is not None:
            err.print(f"newsspider: {result.error}", markup=False, soft_wrap=True)
        elif is_unreachable(result):
            err.print(f"newsspider: {say_unreachable(result)}", markup=False, soft_wrap=True)
    if json:
        for result in results:
            last = read_last_report(run.archive.site_folder(result.site.id))
            known = last if last is not None and last["run"] == run.id else {"site": result.site.id}
            print_json({**known, "error": str(result.error) if result.error is not None else None})
        return
    rows = [
        (
            result.site.id, result.tally.requests, result.tally.articles, *count_changes(result),
            len(result.tally.failing),
        )
        for result in results
    ]  # fmt: skip
    print_table(("site", "requests", "articles read", "new", "edited", "gone", "failed"), rows)
    for result in results:
        for change in result.tally.changes if result.tally.changed.total() <= MOST_NAMED else ():
            print(f"{change.kind:8}  {change.title}  {change.url}")


def write_page(run: Run) -> None:
    """Write the page for people, ``report.html`` of the archive. Raises :class:`ArchiveError` where it cannot be."""
    from newsspider.capture.disk import write_file
    from newsspider.operation.page import to_html
    from newsspider.operation.standing import find_standings

    root, now = run.archive.root, run.clock.now()
    if run.archive.site_ids():
        page = to_html(find_standings(run.archive, None, now), archive=str(root.resolve()), now=now)
        write_file(root / "report.html", page.encode())


def count_changes(result: Result) -> tuple[int, int, int]:
    """Return how many articles are new, edited (or back), and gone."""
    kinds = result.tally.changed
    return kinds["new"], kinds["edited"] + kinds["restored"], kinds["missing"] + kinds["removed"]


def is_unreachable(result: Result) -> bool:
    """Return whether a site was asked and nothing of it answered."""
    return bool(result.tally.outcomes) and result.tally.answers == 0


def say_unreachable(result: Result) -> str:
    """Return one sentence on a site that did not answer: what was asked, and what came of it."""
    tally = result.tally
    why = ", ".join(str(outcome).replace("_", " ") for outcome in (tally.robots or tally.outcomes))
    return (
        f"{result.site.id}: {result.site.control} does not answer ({why}); check the address, or try again later."
    )


def exit_code(results: Sequence[Result]) -> int:
    """Return the exit code of a crawl (see ``newsspider.cli``)."""
    from pipelines.errors import DamagedError, LockedError, UnreachableError

    errors = [result.error for result in results if result.error is not None]
    if any(isinstance(error, DamagedError) for error in errors):
        return DamagedError.exit_code
    if errors and len(errors) == len(results) and all(isinstance(error, LockedError) for error in errors):
        return LockedError.exit_code
    asked = [result for result in results if result.error is None and result.tally.outcomes]
    if asked and not errors and all(map(is_unreachable, asked)):
        return UnreachableError.exit_code
    degraded = any(not isinstance(error, LockedError) for error in errors)
    return 1 if degraded or any(result.tally.failing for result in results) else 0
