"""What commands print: tables and trees for people, one JSON object a line for machines."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False)


def print_json(value: Any) -> None:
    """Print one JSON object on one line of stdout."""
    print(json.dumps(value, ensure_ascii=False))


def print_table(heads: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None) -> None:
    """Print a table for people; a cell too long for the terminal is cut."""
    out.print(make_table(heads, rows, title=title))


def make_table(heads: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None) -> Table:
    """Return the table; numbers stand on the right, and where it is too wide the widest column gives way."""
    cells = [tuple(map(str, row)) for row in rows]
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    widths = [max(map(cell_len, column)) for column in zip(heads, *cells, strict=True)]
    for number, (head, width) in enumerate(zip(heads, widths, strict=True)):
        numeric = bool(cells) and all(row[number].replace(",", "").isdigit() for row in cells)
        table.add_column(
            head,
            justify="right" if numeric else "left",
            overflow="ellipsis",
            no_wrap=True,
            min_width=None if width == max(widths) else width,
        )
    for row in cells:
        table.add_row(*row)
    return table


def print_tree(value: Mapping[str, Any], indent: int = 0) -> None:
    """Print nested values as indented ``key: value`` lines."""
    for key, item in value.items():
        if isinstance(item, Mapping):
            out.print(f"{' ' * indent}{key}:", markup=False)
            print_tree(item, indent + 2)
        else:
            shown = ", ".join(map(str, item)) if isinstance(item, (list, tuple)) else item
            out.print(f"{' ' * indent}{key}: {shown}", markup=False)
