"""``newsspider history``: the revisions of an article."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsspider.commands.options import ArchiveOption, JsonOption

if TYPE_CHECKING:
    from pipelines.model import Record


def history(
    url: Annotated[str, typer.Argument(metavar="URL|ID", help="The article's address, or the id of its records.")],
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """Show every revision of an article, and what each changed."""
    from newsspider.archive.folder import find_archive, open_archive
    from newsspider.printing import print_json
    from pipelines.errors import InputError

    held = open_archive(find_archive(archive))
    found = (record for site_id in held.site_ids() for record in held.lines_of(site_id, url))
    lines = sorted(found, key=lambda record: record.revision)
    if not lines:
        raise InputError(f"{url}: the archive {held.root} has no record of it; check the address and --archive.")
    if json:
        for record in lines:
            print_json(record.to_dict())
        return
    print(f"{lines[0].url}\n{lines[0].id}")
    previous: Record | None = None
    for record in lines:
        _print_revision(record, previous)
        previous = record


def _print_revision(record: Record, previous: Record | None) -> None:
    from newsspider.printing import out

    captured = record.captures[-1].captured_at
    out.print(f"\n[bold]{record.kind} {record.revision}[/]  {record.reason}  captured {captured}", highlight=False)
    for ref in record.captures:
        print(f"  {ref.uri_m}  {ref.warc} at byte {ref.offset}")
    if record.kind == "tombstone":
        return
    if previous is None:
        print(f"  {record.title}")
        return
    for name in record.changes:
        for line in diff(getattr(previous, name), getattr(record, name)):
            style = {"+": "green", "-": "red"}.get(line[:1], "dim")
            out.print(f"  {name}: {line}", style=style, markup=False, soft_wrap=True)


def diff(old: Any, new: Any) -> list[str]:
    """Return the lines that differ between two values of a field, with ``-`` and ``+`` before them.

    >>> diff("一\\n二", "一\\n三")
    ['- 二', '+ 三']
    """
    before, after = _lines(old), _lines(new)
    return [line for line in difflib.ndiff(before, after) if line[0] in "+-"]


def _lines(value: Any) -> list[str]:
    from pipelines.store.records import to_dict

    if value is None:
        return []
    return value.split("\n") if isinstance(value, str) else [str(to_dict(item)) for item in value]
