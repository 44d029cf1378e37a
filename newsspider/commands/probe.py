"""``newsspider probe``: the first contact with a site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsspider.commands.options import AllowPrivateOption, SitesOption

if TYPE_CHECKING:
    from newsspider.crawl.process import Result
    from newsspider.operation.probe import Contact
    from pipelines.model import Reading

MOST_SECTIONS = 15
MOST_SAMPLES = 10
SHOWN = ("title", "published", "source", "author", "editor", "body")


def probe(
    url: Annotated[str, typer.Argument(metavar="URL", help="The address of the site, best its home page.")],
    write: Annotated[bool, typer.Option("--write", help="Write the site file into the catalogue.")] = False,
    site_id: Annotated[str | None, typer.Option("--id", help="Id of the site; default made from its host.")] = None,
    sites_dir: SitesOption = None,
    allow_private: AllowPrivateOption = False,
) -> None:
    """Say in about a minute what a new site is, from some 40 polite requests.

    Whether it answers, TLS, robots, charset, CMS family, the sections found with the direction of their paging and
    the span of their dates, ten sample articles with each field and its confidence; and the site file for it.
    """
    import tempfile

    from newsspider.archive.folder import Archive
    from newsspider.commands.crawl import run_crawl
    from newsspider.commands.loose import check_address
    from newsspider.crawl.run import begin_run
    from newsspider.operation.probe import look_at, plan, write_toml
    from newsspider.operation.probe import site_id as make_id
    from newsspider.sites import parse_site
    from pipelines.errors import InputError, UnreachableError

    check_address(url)
    id = site_id or make_id(url)
    target = (sites_dir or Path("data/sites")) / f"{id}.toml"
    if write and target.exists():
        raise InputError(f"{target}: exists already; choose another id with --id, or remove it.")
    first = parse_site(f'id = "{id}"\nname = "{id}"\nseeds = ["{url}"]\n', name=url, allow_private=allow_private)
    with tempfile.TemporaryDirectory(prefix="newsspider-") as folder:
        archive = Archive(Path(folder))
        run = begin_run(archive, allow_private=allow_private, plan=plan)
        (result,) = run_crawl(run, [first])
        if result.error is not None:
            raise result.error
        contact = look_at(archive, first, run.models)
        _print_site(contact, result)
        if not result.tally.answers:
            raise UnreachableError(f"{url}: does not answer; check the address, or try again later.")
        _print_sections(contact)
        _print_samples(contact)
    text = write_toml(contact, id=id, name=contact.title or id)
    parse_site(text, name=str(target), allow_private=allow_private)
    print(f"\n{target}\n\n{text}", end="")
    if write:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
        print(f"\nWritten. Try it: newsspider crawl {id} --budget 100")
    else:
        print("\nNothing was written; --write puts it into the catalogue.")


def _print_site(contact: Contact, result: Result) -> None:
    tally = result.tally
    print(f"{contact.uri}  {contact.title or ''}".rstrip())
    counts = ", ".join(f"{count} {outcome}" for outcome, count in contact.outcomes.most_common())
    seconds = tally.seconds / tally.answers if tally.answers else 0.0
    print(f"  answers      {counts or 'nothing'}; {seconds:.2f} s a page, {tally.bytes // 1024} KiB in all")
    tls = (
        f"{tally.tls.protocol}, certificate {'verified' if tally.tls.verified else 'not verified'}"
        if tally.tls
        else "none"
    )
    print(f"  TLS          {tls}")
    print(f"  robots.txt   {contact.robots}")
    print(f"  charset      {_most(contact.charsets)}")
    print(f"  layout       {_most(contact.layouts)}")
    if contact.other_hosts:
        print(f"  also links   {_most(contact.other_hosts)}")


def _most(counts: dict[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: -item[1])[:4]
    return ", ".join(f"{name} {count}×" for name, count in ordered) or "–"


def _print_sections(contact: Contact) -> None:
    print(f"\n{len(contact.sections)} sections")
    for one in contact.sections[:MOST_SECTIONS]:
        paging = f", pages counted {one.direction}" if one.direction else ", one page"
        total = f", says it has {one.total}" if one.total else ""
        dates = f", {one.oldest} to {one.newest}" if one.newest else ", no dates"
        print(f"  {one.name or 'without a name'}: {one.items} rows{dates}{paging}{total}\n    {one.uri}")


def _print_samples(contact: Contact) -> None:
    shown = contact.articles[:MOST_SAMPLES]
    print(f"\n{len(shown)} sample articles, and how sure each field is")
    for uri, reading in shown:
        print(f"  {uri}")
        print("    " + "; ".join(f"{name} {_cell(reading, name)}" for name in SHOWN))


def _cell(reading: Reading, name: str) -> str:
    finding = getattr(reading.article, name)
    if finding is None:
        return "absent"
    if name == "body":
        return f"{len(finding.value)} characters ({finding.confidence:.0%})"
    value = finding.value.value if name == "published" else finding.value
    return f"{value[:40]} ({finding.confidence:.0%})"
