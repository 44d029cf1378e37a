"""What commands print: tables and trees for people, one JSON object a line for machines."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

GAP = 2
"""Columns between two columns of a table."""

LEAST = 12
"""Columns that the widest column keeps, however narrow the terminal."""

WIDE = 400
"""Columns where the output goes to a file or a pipe: nothing is cut."""

out = Console(highlight=False, emoji=False, width=None if sys.stdout.isatty() else WIDE)
err = Console(stderr=True, highlight=False, emoji=False)


def counted(number: int, noun: str) -> str:
    """Return a number with what it counts.

    >>> counted(1, "record"), counted(1204, "record")
    ('1 record', '1,204 records')
    """
    return f"{number:,} {noun}{'s' * (number != 1)}"


def print_json(value: Any) -> None:
    """Print one JSON object on one line of stdout."""
    print(json.dumps(value, ensure_ascii=False))


def print_table(heads: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None) -> None:
    """Print a table for people."""
    out.print(make_table(heads, rows, title=title, width=out.width))


def make_table(
    heads: Sequence[str], rows: Iterable[Sequence[object]], *, width: int, title: str | None = None
) -> Table:
    """Return a table; numbers stand on the right, and where it is too wide the widest column is cut."""
    cells = [tuple(map(str, row)) for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(heads, *cells, strict=True)]
    room = width - sum(widths) + max(widths) - GAP * (len(widths) - 1)
    table = Table(
        title=title, title_justify="left", box=None, pad_edge=False, header_style="bold", padding=(0, GAP, 0, 0)
    )
    for number, head in enumerate(heads):
        numeric = bool(cells) and all(row[number].replace(",", "").isdigit() for row in cells)
        table.add_column(
            head,
            justify="right" if numeric else "left",
            overflow="ellipsis",
            no_wrap=True,
            max_width=max(min(widths[number], room), LEAST) if widths[number] == max(widths) else None,
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
