"""``newsspider replay``: the archive in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from newsspider.commands.options import ArchiveOption

if TYPE_CHECKING:
    from newsspider.archive.folder import Archive


def replay(
    archive: ArchiveOption = None,
    port: Annotated[int, typer.Option("--port", metavar="N", min=1, max=65535, help="Where to listen.")] = 8080,
) -> None:
    """Show the archive in a browser, as the sites were, with pywb; Ctrl-C ends it.

    pywb is installed when it is first asked for, in an environment of its own under ~/.cache. It reads the WARC
    files where they lie. A site that is being crawled is shown up to its last closed WARC file.
    """
    import signal

    from newsspider.archive.folder import find_archive, open_archive
    from newsspider.operation.replay import HOST, find_environment, is_ready, make_environment, serving
    from newsspider.printing import err
    from pipelines.errors import InputError, ReplayError

    held = open_archive(find_archive(archive))
    site_ids = [site_id for site_id in held.site_ids() if held.warc_files(site_id)]
    if not site_ids:
        raise InputError(f"{held.root}: holds nothing yet, so there is nothing to replay.")
    environment = find_environment()
    if not is_ready(environment):
        err.print(f"Installing pywb in {environment}: once, a minute or so …", markup=False)
        make_environment(environment)
    _close_files(held, site_ids)
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell has what it starts in the background ignore SIGINT
        signal.signal(number, signal.default_int_handler)
    try:
        with serving(held.root, port=port, environment=environment) as process:
            print(f"http://{HOST}:{port}/all/ shows all sites, and by itself each of:", flush=True)
            for site_id in site_ids:
                print(f"  http://{HOST}:{port}/{site_id}/", flush=True)
            err.print("Ctrl-C ends it.")
            process.wait()
            raise ReplayError(f"pywb ended by itself with exit code {process.returncode}; start it again.")
    except KeyboardInterrupt:
        return


def _close_files(held: Archive, site_ids: list[str]) -> None:
    """Close what a crash left open, and make indexes that are missing; a site in use is left as it is."""
    from newsspider.archive.locks import lock_site
    from newsspider.capture.warcfile import recover
    from newsspider.printing import err
    from pipelines.errors import ArchiveError, LockedError

    for site_id in site_ids:
        folder = held.site_folder(site_id)
        try:
            with lock_site(folder, site_id):
                recover(folder / "warc")
        except (LockedError, ArchiveError) as error:
            err.print(f"newsspider: {error} What is closed is shown.", markup=False)
