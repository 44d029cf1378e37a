"""``newsspider extract``: what one HTML file says."""

from typing import Annotated

import typer

from newsspider.commands.options import SitesOption


def extract(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="The HTML file; - for standard input.")],
    url: Annotated[str, typer.Option("--url", metavar="URL", help="The address that the page was fetched from.")],
    site_id: Annotated[
        str | None, typer.Option("--site", metavar="ID", help="A site of the catalogue whose rules go first.")
    ] = None,
    sites_dir: SitesOption = None,
    hant: Annotated[
        str | None,
        typer.Option("--hant", metavar="tw|hk|generic", help="Fill the fields in traditional script too."),
    ] = None,
) -> None:
    """Print the record of one HTML file as JSON; for a page that is no article, its kind and access outcome.

    Uses no network and no archive. «newsspider why FILE --url URL» shows where each field comes from.
    """
    import json
    import sys

    from newsspider.commands.loose import check_address, check_page, find_site, read_input
    from pipelines.errors import InputError
    from pipelines.normalise.hant import CONFIGURATIONS
    from pipelines.normalise.record import Models
    from pipelines.read import read_loose

    check_address(url)
    data = read_input(file)
    check_page(data, file)
    site = find_site(site_id, sites_dir)
    if hant is not None and hant not in CONFIGURATIONS:
        raise InputError(f"--hant {hant}: choose one of {', '.join(sorted(CONFIGURATIONS))}.")
    reading = read_loose(data, url=url, site=site, models=Models(hant=hant))
    if reading.record is not None:
        said = reading.record.to_dict()
    else:
        said = {"url": url, "kind": reading.kind, "outcome": reading.outcome, "evidence": reading.evidence}
    # One line for a pipe, readable for a person.
    print(json.dumps(said, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None))
