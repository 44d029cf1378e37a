"""``newsspider demo``: the main job on three small sites of its own."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsspider.archive.folder import Archive
    from newsspider.crawl.process import Result

DEFAULT = Path("demo-archive")


def demo(
    archive: Annotated[
        Path, typer.Option("--archive", metavar="DIR", help="Where to keep what is crawled.")
    ] = DEFAULT,
    port: Annotated[
        int,
        typer.Option(
            min=1, max=65533, metavar="N", help="The first of three ports to serve on; a later run keeps them."
        ),
    ] = 8791,
) -> None:
    """Crawl three small university news sites that newsspider itself serves on this machine.

    Run it twice: before the second run the sites change – one article new, one edited, one removed – and the
    crawl fetches only what it must and names exactly these three.
    """
    from newsspider.archive.folder import Archive
    from newsspider.commands.crawl import exit_code, run_crawl, write_page
    from newsspider.crawl.run import begin_run
    from newsspider.demo import DemoWeb, demo_sites

    target = Archive(archive)
    held = held_ports(target)
    ports = held or (port, port + 1, port + 2)
    with DemoWeb(version=2 if held else 1, ports=ports):
        run = begin_run(target, allow_private=True)
        results = run_crawl(run, demo_sites(ports))
    code = exit_code(results)
    if code == 0:
        write_page(run)
    show(target, results, is_first=not held, is_whole=code == 0)
    raise typer.Exit(code)


def held_ports(archive: Archive) -> tuple[int, ...]:
    """Return the ports that the archive's first run of the demo served on: its articles are known by them."""
    from newsspider.archive.folder import site_file
    from newsspider.demo import demo_sites, find_port

    files = [text for site in demo_sites() if (text := site_file(archive, site.id))]
    return tuple(map(find_port, files)) if len(files) == len(demo_sites()) else ()


def show(archive: Archive, results: Sequence[Result], *, is_first: bool, is_whole: bool) -> None:
    """Print what the demo brought, and if it could do its work, where that is and what to try next."""
    from newsspider.printing import err, print_table

    for result in results:
        if result.error is not None:
            err.print(f"newsspider: {result.error}", markup=False, soft_wrap=True)
    records = list(archive.records(*(result.site.id for result in results)))
    if is_first:
        rows = [
            (one.site.removeprefix("demo-"), one.title or "", (one.published or "")[:10], one.source or "",
             one.script or "", count_words(one.body or ""))
            for one in sorted(records, key=lambda one: (one.site, one.published or ""))
        ]  # fmt: skip
        print_table(("site", "title", "date", "source", "script", "words"), rows)
    requests = sum(result.tally.requests for result in results)
    outcomes = [(str(outcome), count) for result in results for outcome, count in result.tally.outcomes.items()]
    unchanged = sum(count for outcome, count in outcomes if outcome == "not_modified")
    changes = [change for result in results for change in result.tally.changes]
    print()
    if is_first:
        print(f"{len(records)} articles with {requests} requests.")
    else:
        print(f"{requests} requests, {unchanged} answered «not modified»; changed since the last run:")
        for change in changes:
            named = {"missing": "removed"}.get(change.kind, change.kind)
            what = f" ({', '.join(change.changes)})" if change.changes else ""
            print(f"  {named:8} {change.title}{what}")
        if not changes:
            print("  nothing")
    if not is_whole:
        return
    place = shlex.quote(str(archive.root))
    example = next((record.url for record in records if record.mirror or record.repairs), None)
    print(f"\nThe archive is {archive.root}/: WARC in sites/*/warc/, the dataset in sites/*/records/*.jsonl.")
    if (archive.root / "report.html").is_file():
        print("How the run went stands in report.html there.")
    print("Next:")
    if is_first:
        again = "" if archive.root == DEFAULT else f" --archive {place}"
        print(f"  newsspider demo{again}    # again: the sites have changed meanwhile")
    if example is not None:
        print(f"  newsspider why {shlex.quote(example)} --archive {place}")


def count_words(text: str) -> int:
    """Return the length of a text as a reader counts it: Chinese by characters, other scripts by words.

    >>> count_words("我校召開 COVID 會議")
    7
    """
    import re

    return len(re.findall("[\u3400-\u9fff]|[^\\W\u3400-\u9fff]+", text))
