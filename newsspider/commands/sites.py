"""``newsspider sites``: the catalogue."""

from pathlib import Path
from typing import Annotated

import typer

from newsspider.commands.options import AllowPrivateOption, JsonOption, SitesOption

sites = typer.Typer(help="List, show and check the site files of the catalogue.", no_args_is_help=True)


@sites.command("list")
def list_sites(sites_dir: SitesOption = None, json: JsonOption = False) -> None:
    """List the sites of the catalogue."""
    from newsspider.printing import print_json, print_table
    from newsspider.sites import find_catalogue, read_site_file

    folder = find_catalogue(sites_dir)
    found = [read_site_file(path, allow_private=True) for path in sorted(folder.glob("*.toml"))]
    if json:
        for site in found:
            print_json({"id": site.id, "name": site.name, "seeds": site.seeds, "checked": site.checked})
        return
    rows = [(site.id, site.name, site.seeds[0], "yes" if site.checked else "no") for site in found]
    print_table(("id", "name", "first seed", "checked"), rows, title=f"{len(found)} sites of {folder}")


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
    from newsspider.sites import find_catalogue, read_site_file
    from pipelines.errors import SiteError

    paths = files or sorted(find_catalogue(sites_dir).glob("*.toml"))
    if not paths:
        raise SiteError(f"{find_catalogue(sites_dir)}: holds no site files.")
    wrong = 0
    for path in paths:
        try:
            read_site_file(path, allow_private=allow_private)
        except SiteError as error:
            wrong += 1
            typer.echo(str(error), err=True)
    typer.echo(f"Right: {len(paths) - wrong} of {counted(len(paths), 'site file')}.")
    if wrong:
        raise typer.Exit(SiteError.exit_code)
