"""The command line: puts the commands together, and turns errors into one sentence and an exit code.

Exit codes: 0 done · 1 degraded: some site or page failed, a file not readable or writable, disk full · 2 wrong usage,
also an archive or file that is not there · 3 locked by another process · 4 archive damaged · 5 nothing reachable, try
again · 130 interrupted (a crawl that is interrupted ends cleanly, with 0).
"""

import errno
import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

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
    if sys.stdout is None:  # closed by whoever started this (>&-): no file of ours may get its number
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115  (for as long as the process lives)
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except NewsspiderError as error:
        _fail(str(error), error.exit_code)
    except OSError as error:
        _fail_by_system(error)
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # typer has made 1 of it
            _fail_by_system(end.__context__)
        raise


def _fail(message: str, exit_code: int) -> NoReturn:
    print(f"newsspider: {message}", file=sys.stderr)
    sys.exit(exit_code)


def _fail_by_system(error: OSError) -> NoReturn:
    """End with what the operating system refused to do: for a file it names the file, for the output none."""
    if error.filename is not None:
        _fail(f"{error.filename}: {error.strerror}; check the path and its permissions.", 1)
    if isinstance(error, BrokenPipeError):
        _close_output()
        sys.exit(0)  # the reader of the output has gone (| head): it has what it wanted
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
        _close_output()
        _fail(f"the output cannot be written ({error.strerror}); free some space there.", 1)
    raise error


def _close_output() -> None:
    """Let what is still to be printed go nowhere, or the interpreter complains when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
