"""The command line: puts the commands together, and turns errors into one sentence and an exit code.

Exit codes: 0 done · 1 degraded: some site or page failed, no archive there, not writable, disk full · 2 wrong usage ·
3 locked by another process · 4 archive damaged · 5 nothing reachable, try again.
"""

import errno
import os
import sys
from typing import Annotated

import typer

from newsspider import __version__
from newsspider.commands.check_warc import check_warc
from newsspider.commands.crawl import crawl
from newsspider.commands.demo import demo
from newsspider.commands.export import export
from newsspider.commands.extract import extract
from newsspider.commands.history import history
from newsspider.commands.import_ import import_
from newsspider.commands.politeness import politeness
from newsspider.commands.probe import probe
from newsspider.commands.rebuild import rebuild
from newsspider.commands.recover import recover
from newsspider.commands.replay import replay
from newsspider.commands.report import report
from newsspider.commands.schedule import schedule
from newsspider.commands.sections import sections
from newsspider.commands.sites import sites
from newsspider.commands.status import status
from newsspider.commands.text import text
from newsspider.commands.train_text_model import train_text_model
from newsspider.commands.verify import verify
from newsspider.commands.why import why
from pipelines.errors import NewsspiderError

app = typer.Typer(
    name="newsspider",
    help="Keeps university news: crawls politely, archives every byte as WARC, derives a dataset.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(demo)
app.command()(crawl)
app.command()(probe)
app.command()(extract)
app.command()(why)
app.command()(status)
app.command()(report)
app.command()(schedule)
app.command()(politeness)
app.command()(history)
app.command()(sections)
app.command()(recover)
app.command()(rebuild)
app.command()(verify)
app.command()(export)
app.command(name="import")(import_)
app.command()(replay)
app.command()(text)
app.command()(train_text_model)
app.command()(check_warc)
app.add_typer(sites, name="sites")


def _print_version(value: bool) -> None:
    if value:
        typer.echo(f"newsspider {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Keeps university news: crawls politely, archives every byte as WARC, derives a dataset."""


def main() -> None:
    """Run the command line."""
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except NewsspiderError as error:
        print(f"newsspider: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        _close_output()  # its reader has gone (| head): that is no error
        sys.exit(0)
    except OSError as error:
        if error.filename is not None or error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            raise
        _close_output()
        print(
            f"newsspider: the output cannot be written ({error.strerror}); free some space there.", file=sys.stderr
        )
        sys.exit(1)


def _close_output() -> None:
    """Let what is still to be printed go nowhere, or the interpreter complains when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
