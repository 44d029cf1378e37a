"""``newsspider why``: each field with its evidence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsspider.commands.options import ArchiveOption, SitesOption

if TYPE_CHECKING:
    from pipelines.model import Article, Finding, Reading


def why(
    page: Annotated[
        str, typer.Argument(metavar="URL|FILE", help="An address that the archive holds, or an HTML file.")
    ],
    field: Annotated[str | None, typer.Argument(metavar="[FIELD]", help="Only this field.")] = None,
    url: Annotated[
        str | None, typer.Option("--url", metavar="URL", help="For a FILE: the address that it was fetched from.")
    ] = None,
    site_id: Annotated[str | None, typer.Option("--site", metavar="ID", help="For a FILE: its site.")] = None,
    archive: ArchiveOption = None,
    sites_dir: SitesOption = None,
) -> None:
    """Show what a page says and why: value, rule, place, raw text, confidence, and the other witnesses.

    For an address, the newest capture in the archive is read again, with the listing's word about it.
    """
    from dataclasses import fields

    from pipelines.errors import InputError
    from pipelines.model import Article

    names = [one.name for one in fields(Article) if one.name not in ("layout", "absent")]
    if field is not None and field not in names:
        raise InputError(f"{field}: is no field; the fields are {', '.join(names)}.")
    is_address = page.startswith(("http://", "https://"))
    reading = _read_archived(page, archive, sites_dir) if is_address else _read_file(page, url, site_id, sites_dir)
    _print_page(page if is_address else url or page, reading)
    if reading.article is not None:
        for name in [field] if field else names:
            _print_field(name, reading.article)


def _read_file(file: str, url: str | None, site_id: str | None, sites_dir: Path | None) -> Reading:
    from newsspider.commands.loose import check_address, check_page, find_site, read_input
    from pipelines.errors import InputError
    from pipelines.read import read_loose

    data = read_input(file)
    check_page(data, file)
    if url is None:
        raise InputError(f"{file}: give --url URL, the address that the page was fetched from.")
    check_address(url)
    return read_loose(data, url=url, site=find_site(site_id, sites_dir))


def _read_archived(url: str, archive: Path | None, sites_dir: Path | None) -> Reading:
    from newsspider.archive.folder import find_archive, find_capture, held_site, open_archive
    from newsspider.crawl.run import load_models
    from pipelines.errors import InputError
    from pipelines.read import read

    held = open_archive(find_archive(archive))
    found = find_capture(held, url)
    if found is None:
        raise InputError(
            f"{url}: the archive {held.root} holds no response from it; check the address and --archive."
        )
    site_id, capture = found
    return read(capture, held_site(held, site_id, sites_dir), load_models(held))


def _print_page(page: str, reading: Reading) -> None:
    from newsspider.printing import out

    out.print(page, style="bold", markup=False)
    kind = f"{reading.kind}, " if reading.kind else ""
    out.print(f"{kind}{reading.outcome}: {reading.evidence or 'nothing against it'}", markup=False)
    if reading.charset is not None:
        charset = reading.charset
        lost = f", {charset.undecodable} characters lost" if charset.undecodable else ""
        out.print(f"charset {charset.name}, by {charset.reason}{lost}", markup=False)
    if reading.article is not None:
        out.print(f"layout {reading.article.layout or 'none: the generic way'}\n", markup=False)


def _print_field(name: str, article: Article) -> None:
    from newsspider.printing import out

    finding: Finding[Any] | None = getattr(article, name)
    if finding is None:
        out.print(f"[bold]{name}[/]  [dim]absent[/]  ", article.absent.get(name, "the page does not have it"))
        return
    placeholder = "  [yellow]placeholder of the CMS[/]" if finding.placeholder else ""
    out.print(f"[bold]{name}[/]  {finding.confidence:.0%} sure{placeholder}")
    out.print(f"  value    {_short(finding.value)}", markup=False)
    out.print(f"  rule     {finding.rule}", markup=False)
    if finding.place:
        out.print(f"  place    {finding.place}", markup=False)
    out.print(f"  raw      {_short(finding.raw)}", markup=False)
    if finding.note:
        out.print(f"  note     {finding.note}", markup=False)
    for witness in finding.witnesses:
        mark = "agrees " if witness.agrees else "against"
        out.print(f"  {mark}  {witness.rule}: {_short(witness.value)}", markup=False)


def _short(value: Any) -> str:
    from pipelines.store.records import to_dict

    plain = to_dict(value)
    if isinstance(plain, dict) and "value" in plain:
        text = str(plain["value"])
    elif isinstance(plain, dict):
        text = ", ".join(f"{key} {item}" for key, item in plain.items() if item is not None)
    elif isinstance(plain, list):
        text = f"{len(plain)}: " + "; ".join(_short(item) for item in plain)
    else:
        text = str(plain)
    text = text.replace("\n", " ⏎ ")
    return text if len(text) <= 200 else f"{text[:197]}… ({len(text)} characters)"
