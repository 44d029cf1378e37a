"""Finds the body of an article: the container that holds its text.

The generic way needs no layout. Each line is worth what it holds of running text; the container is the element
whose lines are worth most together, narrowed down to its sentences. Short notices are found from their title
instead. What in the container is not body is for :mod:`pipelines.extract.trim`.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from pipelines.extract.page import Page, tokens
from pipelines.extract.statements import Statements
from pipelines.extract.survey import SENTENCE, Survey, count_marks, survey
from pipelines.extract.title import Printed
from pipelines.extract.trim import ASIDE, END, HEAD_LINES, HEADS_LIST, Body, is_file, trim
from pipelines.model import Finding

_PARTS = frozenset("p li tr tbody thead tfoot table ul ol dl h1 h2 h3 h4 h5 h6 blockquote hr caption".split())
"""What is a paragraph, a list or a table rather than a box that holds them."""
_NO_CONTAINERS = frozenset("h1 h2 h3 h4 h5 h6 hr caption".split())
_CONTENT = frozenset(
    "content article entry body text zoom detail details con main news post story vsb zw nr wenzhang xwnr".split()
)
"""Words in class or id that name the content."""
_BOX_HEADINGS = frozenset("h2 h3 h4 h5 h6 dt".split())
_MEDIA = ("img", "iframe", "video", "embed", "object")

_SHORT = 240.0
"""What a body is worth at most that is looked for from its title."""
_LONG = 600.0
"""What a box beside a short notice is worth at most."""
_LITTLE = 300.0
"""What a page is worth at most of which no part is called dominant."""
_RUN = 1.5
"""How many times as much as the best element a run of lines must be worth to go before it."""
_SLACK = 20.0
"""What a smaller element may be worth less and still be preferred."""


def find_body(
    page: Page,
    title: Printed | None,
    statements: Statements,
    named: Sequence[tuple[int, str]] = (),
    *,
    certain: bool = False,
) -> Body:
    """Return where the body stands. ``named`` are the nodes that a layout says hold it, with the rule that says so;
    if that is ``certain``, or the site's own, they hold what an editor wrote, and nothing in them is furniture."""
    within = [node for node, _ in named]
    rule = named[0][1] if named else ""
    if within and (certain or rule.startswith("site:")):
        return trim(survey(page, title, statements, clean=True), within, rule, title)
    measured = survey(page, title, statements)
    worth = _weigh_lines(measured)
    node, most = _find_dominant(measured, worth)
    node = _narrow(measured, node, title)
    mass = measured.mass(node)
    if within and (sum(map(measured.mass, within)) >= 0.8 * mass or sum(measured.weights) < _LITTLE):
        return trim(measured, within, rule, title)
    if run := _find_run(page, worth, most):
        return trim(measured, run, "run", title)
    if title is not None and (mass < _LONG or page.last[node] <= title.line):
        anchored = _find_from_title(measured, title)
        is_apart = mass < _SHORT or page.last[node] <= title.line
        if anchored is not None and (is_apart or _is_beside(measured, node, anchored, title)):
            return trim(measured, (anchored,), "anchored", title)
    return trim(measured, (node,), "dominant", title)


def _weigh_lines(measured: Survey) -> list[float]:
    """Return what each line speaks for its element as the body's: text for it, links and furniture against."""
    weights, noise = measured.weights, measured.noise
    return [
        -0.5 * len(text) if noise[number] else weights[number] - linked if weights[number] else -float(len(text))
        for number, (text, _, linked, _) in enumerate(measured.page.lines)
    ]


def _find_run(page: Page, worth: Sequence[float], most: float) -> list[int]:
    """Return the elements side by side that are worth far more than any one element: text that shares its container
    with long lists of links. Nothing where one element holds the text, as nearly everywhere."""
    best, start, end, own, begin = 0.0, 0, 0, 0.0, 0
    for number, value in enumerate(worth):  # the run of lines that is worth most (Kadane)
        if own <= 0.0:
            own, begin = 0.0, number
        own += value
        if own > best:
            best, start, end = own, begin, number + 1
    if best < _RUN * most + _LITTLE:
        return []
    around = page.lines[start].node
    while page.last[around] < end or page.first[around] > start:
        around = page.parents[around]
    return [child for child in page.children(around) if page.first[child] < end and page.last[child] > start]


def _find_dominant(measured: Survey, worth: Sequence[float]) -> tuple[int, float]:
    """Return the element whose lines are worth most together, and how much that is."""
    page = measured.page
    sums = [0.0, *accumulate(worth)]
    best, most = 0, sums[-1]
    for node in page.blocks:
        if page.tags[node] not in _NO_CONTAINERS:
            own = sums[page.last[node]] - sums[page.first[node]]
            if own > most + _SLACK or (own >= most - _SLACK and node < page.ends[best]):
                best, most = node, max(most, own)
    return _widen(page, best), most


def _is_cell(page: Page, node: int) -> bool:
    """Tell whether a node is a cell of one line: a paragraph of pages that are set as tables."""
    return page.tags[node] == "td" and page.last[node] - page.first[node] == 1


def _widen(page: Page, best: int) -> int:
    """Return the box around a paragraph or a cell that holds the only sentence: the short lines beside it are text."""
    if page.tags[best] == "p":
        around = page.parents[best]
    elif _is_cell(page, best):
        around = next((node for node in page.ancestors(best) if page.tags[node] == "table"), 0)
    else:
        return best
    lines = page.lines[page.first[around] : page.last[around]]
    return around if around > 0 and sum(line.linked for line in lines) < len(page.text_of(best)) else best


def _narrow(measured: Survey, best: int, title: Printed | None) -> int:
    """Return the innermost box inside an element that still holds all its sentences."""
    page, weights = measured.page, measured.weights
    first, last = page.first[best], page.last[best]
    heading = title.line if title else -1
    plain = [number for number in range(first, last) if weights[number] >= SENTENCE and number != heading]
    low = next((number for number in plain if _is_sentence(measured, number)), None)
    if low is None:
        return best
    high = next(number for number in reversed(plain) if _is_sentence(measured, number))
    sums = [0.0, *accumulate(weights[first:last])]
    for node in page.blocks_in(best):
        if page.tags[node] in _PARTS or page.first[node] > low or _is_cell(page, node):
            continue
        own = sums[page.last[node] - first] - sums[page.first[node] - first]
        if page.last[node] > high:
            if own >= 0.92 * sums[-1] - 60:
                best = node
        elif own >= 0.85 * sums[-1] and not _CONTENT.isdisjoint(tokens(page.names(node))):
            best = node  # what is lost follows the content: an invitation, a box on the author
            high = page.last[node] - 1
    return best


def _is_sentence(measured: Survey, number: int) -> bool:
    text = measured.page.lines[number].text
    if not count_marks(text):
        return False
    return len(text) > 160 or not (END.match(text) or ASIDE.match(text) or measured.statements[number].is_meta())


def _find_from_title(measured: Survey, title: Printed) -> int | None:
    """Return the smallest element around the title that holds something to read or to see behind it."""
    page = measured.page
    for node in page.ancestors(title.node):
        for number in range(title.line + 1, min(page.last[node], title.line + HEAD_LINES)):
            line = page.lines[number]
            if measured.noise[number]:
                continue
            if HEADS_LIST.match(line.text):
                return _find_content(measured, node, title)  # nothing to read: files, pictures, or nothing at all
            if END.match(line.text):
                break
            is_text = line.linked * 2 <= len(line.text) or is_file(page, line)
            if is_text and not measured.statements[number].is_meta():
                return _find_content(measured, node, title)
        if any(_has_between(page.listed[tag], title.node, page.ends[node]) for tag in _MEDIA):
            return _find_content(measured, node, title)
    return None


def _is_beside(measured: Survey, node: int, anchored: int, title: Printed) -> bool:
    """Tell whether the element worth most holds a box beside a short notice: the box has a heading of its own, and
    the notice is complete before it, from its meta line to the date under it."""
    page, statements = measured.page, measured.statements
    box = page.last[anchored]
    if node == anchored or not box < page.last[node]:
        return False
    heading = page.lines[box]
    if page.tags[heading.node] not in _BOX_HEADINGS or len(heading.text) > 16:
        return False
    signed = statements[box - 1]
    between = range(title.line + 1, box - 1)
    return (
        bool(signed.dates and signed.is_meta() and not signed.entries)
        and any(statements[number].dates and statements[number].is_meta() for number in between[:HEAD_LINES])
        and any(measured.weights[number] >= SENTENCE for number in between)
    )


def _has_between(nodes: Sequence[int], before: int, end: int) -> bool:
    """Tell whether one of the nodes, which are in order, stands behind one and before another."""
    index = bisect_right(nodes, before)
    return index < len(nodes) and nodes[index] < end


def _find_content(measured: Survey, node: int, title: Printed) -> int:
    """Return the part of an element that its class calls the content, where that holds what there is to read."""
    page, noise = measured.page, measured.noise
    lengths = [0, *accumulate(0 if noise[number] else len(line.text) for number, line in enumerate(page.lines))]
    total = sum(
        len(page.lines[number].text)
        for number in range(title.line + 1, min(page.last[node], title.line + HEAD_LINES))
        if not noise[number] and not measured.statements[number].is_meta()
    )
    best, most = node, 0.4 * total
    for inner in page.blocks_in(node):
        if inner <= title.node or page.first[inner] <= title.line or page.tags[inner] in _PARTS:
            continue
        own = lengths[page.last[inner]] - lengths[page.first[inner]]
        is_more = own > most or (own == most == 0 and best == node)
        if is_more and not _CONTENT.isdisjoint(tokens(page.names(inner))):
            best, most = inner, float(own)
    return best


# ── the text ───────────────────────────────────────────────────────────────────────────────────────────────


def to_finding(page: Page, body: Body) -> Finding[str]:
    """Return the body's text with its evidence."""
    text = set_text(page, body)
    trust = 0.99 if ":" in body.rule else 0.97 if body.rule == "dominant" else 0.9
    return Finding(value=text, raw=text, rule=body.rule, place=page.place(body.node), confidence=trust)


def set_text(page: Page, body: Body) -> str:
    """Return the body's text: one line per block or line break, a row of a table on one line."""
    rows = _find_rows(page, body)
    out: list[str] = []
    before = -1
    for number in body.lines:
        row = rows.get(number, -1)
        if row >= 0 and row == before:
            out[-1] += " " + page.lines[number].text
        else:
            out.append(page.lines[number].text)
        before = row
    return "\n".join(out)


def _find_rows(page: Page, body: Body) -> dict[int, int]:
    """Return the row that a line stands in, for the rows of data; the rows of a layout hold blocks."""
    rows: dict[int, int] = {}
    if not body.lines:
        return rows
    for row in page.listed["tr"]:
        first, last = page.first[row], page.last[row]
        if last - first < 2 or first > body.lines[-1] or last <= body.lines[0]:
            continue
        full = [cell for cell in page.children(row) if page.last[cell] > page.first[cell]]
        if len(full) < 2 or _has_between(page.listed["table"], row, page.ends[row]):
            continue
        if not any(page.last[cell] - page.first[cell] > 3 and len(page.text_of(cell)) > 300 for cell in full):
            rows.update(dict.fromkeys(range(first, last), row))
    return rows
