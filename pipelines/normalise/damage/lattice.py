"""The lattice of a search: what may have been there, character by character, and how probable it is as a whole.

Paths that agree in where they are, in the bytes that wait and in the last characters go on alike: they share a node.
A node knows its best path, and how probable all paths to it are together, so that nothing that is merged is lost to
the margin of the winner.
"""

import math
from collections.abc import Iterable

from pipelines.normalise.charmodel import RECENT, Reader, State
from pipelines.normalise.damage.alphabet import Candidate

BEAM = 24
"""Nodes kept at each place, and how many nats they may stay behind the best."""
WIDTH = 12.0

NOTHING = -math.inf


class Node:
    """A character restored, and the paths that end with it."""

    __slots__ = (
        "at", "char", "dropped", "figure", "folded", "guessed", "marked", "parent", "recent", "score", "state",
        "swallowed", "total", "waiting",
    )  # fmt: skip

    def __init__(self, parent: "Node | None", at: int, waiting: frozenset[int], char: str, folded: str) -> None:
        self.parent = parent
        """Node of the character before, on the best path."""
        self.at = at
        """How far the shown text is read."""
        self.waiting = waiting
        """Lead bytes that may wait for their partner; none: back in step."""
        self.char = char
        self.folded = folded
        before = parent.recent if parent is not None else ""
        self.recent: str = (before + folded)[-RECENT:]
        self.state: State | None = None
        self.score = 0.0
        """Log probability of the best path."""
        self.total = 0.0
        """Log probability of all paths together."""
        self.dropped = 0
        """Pairs dropped on the best path."""
        self.swallowed = False
        self.marked = False
        """Pinyin on the way agrees with a character restored: a checksum."""
        self.guessed = False
        """One byte of some character is lost, so that the model chose it;"""
        self.figure = False
        """and one so chosen is a numeral."""

    def text(self) -> str:
        """Return the characters of the best path."""
        return "".join(node.char for node in self.path())

    def path(self) -> "list[Node]":
        """Return the nodes of the best path, the first first."""
        nodes: list[Node] = []
        node: Node | None = self
        while node is not None:
            nodes.append(node)
            node = node.parent
        return nodes[::-1]


def extended(
    parent: Node, one: Candidate, at: int, waiting: frozenset[int], weight: float, *, dropped: int = 0,
    swallowed: bool = False, marked: bool = False, guessed: bool = False, figure: bool = False,
) -> Node:  # fmt: skip
    """Return a node for one more character; ``weight`` is its log probability."""
    node = Node(parent, at, waiting, one.char, one.folded)
    node.score = parent.score + weight
    node.total = parent.total + weight
    node.dropped = parent.dropped + dropped
    node.swallowed = parent.swallowed or swallowed
    node.marked = parent.marked or marked
    node.guessed = parent.guessed or guessed
    node.figure = parent.figure or figure
    return node


def settle(node: Node, reader: Reader) -> State:
    """Return the state of the model after a node; worked out only for the nodes that are kept."""
    if node.state is None:
        assert node.parent is not None
        node.state = reader.after(settle(node.parent, reader), node.folded)
    return node.state


def best(nodes: list[Node], in_step: float) -> list[Node]:
    """Return the best nodes of one place, those that go on alike merged.

    ``in_step`` is the score of the best path that is back in step already: far behind it none is kept.
    """
    nodes.sort(key=lambda node: -node.score)
    worst = max(nodes[0].score, in_step) - WIDTH
    kept: dict[tuple[frozenset[int], str], Node] = {}
    for node in nodes:
        if node.score < worst:
            break
        alike = kept.get((node.waiting, node.recent))
        if alike is not None:
            alike.total = log_sum((alike.total, node.total))
        elif len(kept) < BEAM:
            kept[node.waiting, node.recent] = node
    return list(kept.values())


def log_sum(logs: Iterable[float]) -> float:
    """Return the logarithm of a sum, the terms as logarithms.

    >>> round(log_sum([math.log(2), math.log(3)]), 9) == round(math.log(5), 9)
    True
    """
    logs = list(logs)
    top = max(logs, default=NOTHING)
    return top + math.log(sum(math.exp(log - top) for log in logs)) if top > NOTHING else top
