"""Gathers what the lines around an article say of its making: between title and text, and at its foot."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipelines.extract.labels import kinds_of_label
from pipelines.extract.page import Page, stands_in_list
from pipelines.extract.statements import Statement, Statements, is_stating
from pipelines.extract.title import Printed
from pipelines.extract.trim import Body

_BEFORE_TITLE = 4
_AFTER_TITLE = 24
_AFTER_BODY = 14
_LATE = 8
"""Lines among which a byline may stand behind the beginning of the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """What the page says of the article's making, in the order of trust."""

    head: tuple[Statement, ...] = ()
    """Between title and text, and right above the title."""
    foot: tuple[Statement, ...] = ()
    """Behind the text."""

    def __iter__(self) -> Iterator[Statement]:
        yield from self.head
        yield from self.foot


def find_imprint(page: Page, title: Printed | None, body: Body, statements: Statements) -> Imprint:
    """Return the statements around an article."""
    first_text = body.lines[0] if body.lines else body.end
    last_text = body.lines[-1] + 1 if body.lines else body.start
    if title is not None and title.line < first_text:
        above = range(max(0, title.line - _BEFORE_TITLE), title.line)
        head = range(title.line + 1, min(first_text, title.line + _AFTER_TITLE))
    else:
        above = range(max(0, body.start - _AFTER_TITLE // 2), first_text)
        head = range(first_text, first_text)
    texts = frozenset(body.lines)
    late = [number for number in range(first_text, min(first_text + _LATE, last_text)) if number not in texts]
    foot = range(max(last_text, head.stop), min(len(page.lines), last_text + _AFTER_BODY))
    return Imprint(
        head=tuple(
            _read(
                page,
                [
                    *(number for number in above if not stands_in_list(page.lines, number)),
                    *head,
                    *(number for number in late if statements[number].is_meta()),
                ],
                statements,
            )
        ),
        foot=tuple(one for one in _read(page, foot, statements) if len(one.rest) <= 8),
    )


def _read(page: Page, numbers: Iterable[int], statements: Statements) -> Iterator[Statement]:
    for number in numbers:
        line = page.lines[number]
        if len(line.text) > 300 or (line.linked * 2 > len(line.text) and len(line.text) > 40):
            continue
        if is_stating(line.text) or kinds_of_label(line.text):
            statement = statements[number]
            if statement.entries or statement.dates:
                yield statement
