"""Options that several commands share, under one name with one help text."""

from pathlib import Path
from typing import Annotated

import typer

SitesArgument = Annotated[list[str] | None, typer.Argument(metavar="[SITE]...", help="Default: all sites held.")]
ArchiveOption = Annotated[
    Path | None,
    typer.Option("--archive", metavar="DIR", help="The archive; default $NEWSSPIDER_ARCHIVE, else data/archive."),
]
SitesOption = Annotated[
    Path | None,
    typer.Option(
        "--sites", metavar="DIR", help="Folder of site files; default data/sites, else the packaged ones."
    ),
]
AllowPrivateOption = Annotated[
    bool, typer.Option("--allow-private", help="Allow addresses on private and loopback networks.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
