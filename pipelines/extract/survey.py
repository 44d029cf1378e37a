"""How much each line of a page looks like running text, and which lines stand in furniture."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from pipelines.extract.noise import FURNITURE, is_wholly_noise, noise_nodes
from pipelines.extract.page import Line, Page, is_headline
from pipelines.extract.statements import Statements
from pipelines.extract.title import Printed

SENTENCE = 28.0
"""What a line is worth at least that is a sentence."""
_TEASERS = 3
"""How many rows at least make a box of other articles, each a link and how the article begins."""
_TEASER_LINES = 5
"""How many lines such a row has at most: a link, a date, the text, «read more»."""
_BESIDE = 12
"""How many lines before and behind such a box are looked at for paragraphs."""
_SHORTEST_TEASER = 18
"""Characters of the shortest, where they are Chinese; words of letters are longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A page, measured."""

    page: Page
    statements: Statements
    weights: Sequence[float]
    """What each line is worth as text; 0 for links and furniture."""
    noise: bytearray
    """1 for each line that stands in furniture."""

    def mass(self, node: int) -> float:
        """Return what the lines of a node are worth together."""
        return sum(self.weights[self.page.first[node] : self.page.last[node]])


_OWNER = re.compile(r"版[权權]所有|ICP[备備證证]|icp[备備證证]|[Aa]ll [Rr]ights [Rr]eserved|Copyright|COPYRIGHT")
"""Wording of the line behind which nothing but the foot of a page is left."""
_FOOT_LINES = 12
_ADDRESS = re.compile("邮编|邮政编码|郵遞區號|郵政編碼")
"""What an institution's own address has in it."""


def survey(page: Page, title: Printed | None, statements: Statements, *, clean: bool = False) -> Survey:
    """Return the page, measured. ``clean`` says that its container is known to hold no furniture."""
    weights = weigh(page)
    if clean:
        return Survey(page=page, statements=statements, weights=weights, noise=bytearray(len(weights)))
    noise = _mark_noise(page, title, weights)
    calm = [0.0 if noise[number] else weight for number, weight in enumerate(weights)]
    return Survey(page=page, statements=statements, weights=calm, noise=noise)


def weigh(page: Page) -> list[float]:
    """Return what each line is worth as running text: long, with punctuation, without links."""
    furniture = set(page.lines_with(FURNITURE))
    if "邮" in page.text or "郵" in page.text:  # far sooner answered than the search
        furniture.update(page.lines_with(_ADDRESS))
    foot = max(0, len(page.lines) - _FOOT_LINES)
    if (owner := next(page.lines_with(_OWNER, foot), None)) is not None:
        furniture.update(range(owner, len(page.lines)))
    weights = []
    for number, (text, _, linked, _) in enumerate(page.lines):
        own = len(text) - linked
        if linked > own or (len(text) < 300 and number in furniture):
            weights.append(0.0)
        elif marks := count_marks(text):
            weights.append(own + 8.0 * marks)
        else:
            weights.append(float(own) if own >= 25 else own * 0.2)
    return weights


def count_marks(text: str) -> int:
    """Return how many marks of punctuation a text holds as sentences do. Never counted by words: Chinese has none.

    >>> count_marks("会议指出，学校党委高度重视。"), count_marks("Well, it works. Really.")
    (2, 3)
    """
    count = text.count
    if text.isascii():
        return count(", ") + count(". ") + text.endswith((".", "!", "?", ":", ";"))
    return (
        count("，") + count("。") + count("、") + count("；") + count("：") + count("！") + count("？")
        + count(", ") + count(". ") + text.endswith((".", "!", "?"))
    )  # fmt: skip


def _mark_noise(page: Page, title: Printed | None, weights: Sequence[float]) -> bytearray:
    """Return which lines stand in furniture: told by class and tag, unless that would take the text too."""
    sums = [0.0, *accumulate(weights)]
    noise = bytearray(len(page.lines))
    if title is not None:
        for box in find_teasers(page):
            first, last = page.first[box], page.last[box]
            if not first <= title.line < last and not _is_in_flow(page, box, weights):
                noise[first:last] = b"\1" * (last - first)
    for node in (*noise_nodes(page), *_find_forms(page)):
        first, last = page.first[node], page.last[node]
        if first == last or node == 0 or (title is not None and first <= title.line < last):
            continue
        mass = sums[last] - sums[first]
        is_much = mass > 60 and mass > 0.35 * sums[-1]
        if not is_much or (is_wholly_noise(page.names(node)) and sums[-1] - mass >= 200):
            noise[first:last] = b"\1" * (last - first)
    return noise


def find_teasers(page: Page) -> list[int]:
    """Return the boxes that hold other articles row by row: the title as a link, and below it how the text begins."""
    lines, parents = page.lines, page.parents
    rows: dict[int, list[int]] = {}
    for number, ((_, _, linked, _), (_, _, linked_behind, _)) in enumerate(pairwise(lines)):
        if not linked or linked_behind or not is_headline(lines[number]):
            continue
        # the date may stand between both
        behind = next(
            (near for near in range(number + 1, min(number + 3, len(lines))) if _is_beginning(lines[near])), -1
        )
        if behind < 0:
            continue
        row = lines[number].node
        while page.last[row] <= behind:
            row = parents[row]
        if row > 0 and page.last[row] - page.first[row] <= _TEASER_LINES:
            rows.setdefault(parents[row], []).append(row)
    return [
        box
        for box, own in rows.items()
        if len(own) >= _TEASERS
        and sum(page.last[row] - page.first[row] for row in own) >= 0.7 * (page.last[box] - page.first[box])
    ]


def _is_beginning(line: Line) -> bool:
    return not line.linked and len(line.text) >= (2 if line.text.isascii() else 1) * _SHORTEST_TEASER


def _is_in_flow(page: Page, box: int, weights: Sequence[float]) -> bool:
    """Tell whether a box stands amid paragraphs: a list of books in the text, with links to each."""
    while box and page.last[page.parents[box]] - page.first[page.parents[box]] == page.last[box] - page.first[box]:
        box = page.parents[box]
    around, first, last = page.parents[box], page.first[box], page.last[box]
    before = range(max(page.first[around], first - _BESIDE), first)
    behind = range(last, min(page.last[around], last + _BESIDE))
    return any(
        weights[number] >= SENTENCE
        and (node == around or (page.tags[node] == "p" and page.parents[node] == around))
        for number in (*before, *behind)
        if (node := page.lines[number].node)
    )


def _find_forms(page: Page) -> list[int]:
    """Return the forms that a reader fills in; VSB and ASP.NET also wrap whole articles in one."""
    return [
        form
        for form in page.listed["form"]
        if next(page.elements[form].iter("input", "textarea", "select"), None) is not None
    ]
