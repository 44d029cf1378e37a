"""How much each line of a page looks like running text, and which lines stand in furniture."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from pipelines.extract.noise import FURNITURE, is_wholly_noise, noise_nodes
from pipelines.extract.page import Page
from pipelines.extract.statements import Statements
from pipelines.extract.title import Printed

SENTENCE = 28.0
"""What a line is worth at least that is a sentence."""


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
    for node in (*noise_nodes(page), *_find_forms(page)):
        first, last = page.first[node], page.last[node]
        if first == last or node == 0 or (title is not None and first <= title.line < last):
            continue
        mass = sums[last] - sums[first]
        is_much = mass > 60 and mass > 0.35 * sums[-1]
        if not is_much or (is_wholly_noise(page.names(node)) and sums[-1] - mass >= 200):
            noise[first:last] = b"\1" * (last - first)
    return noise


def _find_forms(page: Page) -> list[int]:
    """Return the forms that a reader fills in; VSB and ASP.NET also wrap whole articles in one."""
    return [
        form
        for form in page.listed["form"]
        if next(page.elements[form].iter("input", "textarea", "select"), None) is not None
    ]
