"""The demo's articles as their authors wrote them; ``articles/lanshan.toml`` explains the form they are kept in."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby
from typing import Any

ARTICLES = files("newsspider.demo") / "articles"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph, or a subheading."""

    text: str
    is_subheading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture of the body, by the name of its file."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of the body; its first row holds the headings."""

    rows: tuple[tuple[str, ...], ...]


Block = Paragraph | Picture | Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article. Empty strings stand for what the page leaves blank."""

    id: int
    column: str
    """Key of the column that it stands in."""
    title: str
    date: str
    """ISO 8601, as precise as the page prints it: ``2020-02-21``, ``2026-05-18T09:26``; local time."""
    blocks: tuple[Block, ...]
    source: str = ""
    author: str = ""
    editor: str = ""
    credit: str = ""
    """Line at the end of the text that names the author and the editor; the line below the title then does not."""
    attachments: tuple[str, ...] = ()
    """File names; the files themselves are generated."""
    lost: tuple[str, ...] = ()
    """File names of attachments whose links are dead."""
    markup: str = "plain"
    """How the body was typed: ``plain``, ``word`` (pasted from a word processor), ``br`` (lines, no paragraphs)."""
    served_as: str | None = None
    """Charset that the Content-Type header claims by mistake."""
    readings: int = 0
    """Number of characters that the mirror annotates with their reading."""
    printed: str | None = None
    """File with the page's text as the mirror prints it; title and body are taken from there word by word."""
    since: int = 1
    until: int | None = None


def read_stories(site: str, version: int) -> tuple[Story, ...]:
    """Return the articles of a site in that version of the web, newest first."""
    entries = tomllib.loads((ARTICLES / f"{site}.toml").read_text("utf-8"))["story"]
    stories = (_to_story(**entry) for entry in entries)
    current = (s for s in stories if s.since <= version and (s.until is None or version <= s.until))
    return tuple(sorted(current, key=lambda story: (story.date, story.id), reverse=True))


def read_seed(name: str) -> tuple[str, tuple[str, ...]]:
    """Return title and paragraphs of the seed page, as printed."""
    lines = (ARTICLES / name).read_text("utf-8").split("\n")
    return lines[6], tuple(lines[10:20:2])


def to_lines(story: Story) -> tuple[str, ...]:
    """Return the text of the body, a line for each paragraph and each row of a table."""
    return tuple(_lines(story.blocks))


def in_column(stories: Sequence[Story], column: str) -> tuple[Story, ...]:
    """Return the stories of a column, in the order given."""
    return tuple(story for story in stories if story.column == column)


def neighbours(story: Story, stories: Sequence[Story]) -> tuple[Story | None, Story | None]:
    """Return the next newer and the next older story of the same column."""
    column = in_column(stories, story.column)
    place = column.index(story)
    newer = column[place - 1] if place else None
    older = column[place + 1] if place + 1 < len(column) else None
    return newer, older


def _to_story(*, text: str, **fields: Any) -> Story:
    """Return the story of a TOML entry, whose keys are the field names."""
    fields = {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
    return Story(blocks=tuple(_blocks(text)), **fields)


def _blocks(text: str) -> Iterator[Block]:
    for is_table, lines in groupby(text.splitlines(), key=lambda line: line.startswith("|")):
        if is_table:
            yield Table(rows=tuple(tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines))
        else:
            yield from map(_block, lines)


def _block(line: str) -> Block:
    if line.startswith("![]("):
        return Picture(name=line.removeprefix("![](").removesuffix(")"))
    if line.startswith("# "):
        return Paragraph(text=line.removeprefix("# "), is_subheading=True)
    return Paragraph(text=line)


def _lines(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, Table):
            yield from (" ".join(row) for row in block.rows)
