"""``newsspider sites``: the catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsspider.commands.options import AllowPrivateOption, JsonOption, SitesOption
from pipelines.errors import SiteError

if TYPE_CHECKING:
    from pipelines.model import Site

sites = typer.Typer(help="List, show and check the site files of the catalogue.", no_args_is_help=True)


@sites.command("list")
def list_sites(sites_dir: SitesOption = None, json: JsonOption = False) -> None:
    """List the sites of the catalogue. Ends with exit code 2 where a site file is wrong: the others are listed."""
    from newsspider.printing import counted, print_json, print_table
    from newsspider.sites import find_catalogue

    folder = find_catalogue(sites_dir)
    found, wrong = _read_all(sorted(folder.glob("*.toml")), allow_private=True)
    if json:
        for site in found:
            print_json({"id": site.id, "name": site.name, "seeds": site.seeds, "checked": site.checked})
    else:
        rows = [(site.id, site.name, site.seeds[0], "yes" if site.checked else "no") for site in found]
        print_table(
            ("id", "name", "first seed", "checked"), rows, title=f"{counted(len(found), 'site')} of {folder}"
        )
    if wrong:
        raise typer.Exit(SiteError.exit_code)


def _read_all(paths: list[Path], *, allow_private: bool) -> tuple[list[Site], int]:
    """Read site files, print what is wrong with them; return the sites, and the number of files that are none."""
    from newsspider.sites import read_site_file

    found: list[Site] = []
    for path in paths:
        try:
            found.append(read_site_file(path, allow_private=allow_private))
        except SiteError as error:
            typer.echo(str(error), err=True)
    return found, len(paths) - len(found)


@sites.command("show")
def show(
    site_id: Annotated[str, typer.Argument(metavar="ID")], sites_dir: SitesOption = None, json: JsonOption = False
) -> None:
    """Show one site with everything that its file leaves at the default."""
    from dataclasses import replace

    from newsspider.printing import print_json, print_tree
    from newsspider.sites import find_catalogue, load_site
    from pipelines.store.records import to_dict

    site = to_dict(replace(load_site(site_id, find_catalogue(sites_dir), allow_private=True), text=""))
    del site["text"]
    if json:
        print_json(site)
    else:
        print_tree(site)


@sites.command("check")
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="Default: the whole catalogue.")
    ] = None,
    sites_dir: SitesOption = None,
    allow_private: AllowPrivateOption = False,
) -> None:
    """Check site files; every mistake is named with file, key and remedy."""
    from newsspider.printing import counted
    from newsspider.sites import find_catalogue

    paths = files or sorted(find_catalogue(sites_dir).glob("*.toml"))
    if not paths:
        raise SiteError(f"{find_catalogue(sites_dir)}: holds no site files.")
    found, wrong = _read_all(paths, allow_private=allow_private)
    typer.echo(f"Right: {len(found)} of {counted(len(paths), 'site file')}.")
    if wrong:
        raise typer.Exit(SiteError.exit_code)
