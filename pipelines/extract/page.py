"""A page laid out once, as a reader sees it: its elements in document order, and the lines of text they hold.

Every rule works on these tables instead of the tree: the text of an element is a run of lines, «inside» is a
comparison of two numbers, and nothing is walked twice. This is the one place where time is spent on every element.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from lxml.html import HtmlElement

from pipelines.model import Document

_FLOW, _BREAK, _HIDDEN, _LINK, _BLOCK, _PRE = range(6)

_KINDS = {
    **dict.fromkeys(
        "html body div p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption thead tbody tfoot tr td th form "
        "fieldset legend section article main header footer nav aside figure figcaption blockquote address center "
        "hr details summary menu dir hgroup search".split(),
        _BLOCK,
    ),
    **dict.fromkeys(
        "head title script style noscript template select option datalist textarea button iframe frame frameset "
        "noframes object embed applet audio video canvas svg math map area param source track dialog".split(),
        _HIDDEN,
    ),
    **dict.fromkeys("pre listing xmp plaintext".split(), _PRE),
    "br": _BREAK,
    "a": _LINK,
}
"""How the text of an element is set (WHATWG HTML §15.3); what is not named flows with the text around it."""

_NAMELESS = frozenset(
    "a br img font b strong i em u sub sup small big tr tbody meta link script input option hr".split()
)
"""Elements whose class and style no rule asks for; reading both costs a quarter of the walk."""

_LISTED = frozenset("footer nav aside header form img iframe embed object video audio script table tr hr".split())

_SORTS = {
    tag: (_KINDS.get(tag, _FLOW), tag not in _NAMELESS, tag in _LISTED) for tag in {*_KINDS, *_NAMELESS, *_LISTED}
}
_OTHER = (_FLOW, True, False)

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
_TO_VISIBLE = dict.fromkeys(map(ord, _INVISIBLE))
_NOT_SHOWN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)(?!\w)", re.IGNORECASE)
_HIDDEN_CLASS = re.compile(
    r"(?<![\w-])(?:sr-only|screen-reader(?:-text)?|visually-?hidden|element-invisible|d-none)(?![\w-])"
)
"""Classes of text for screen readers only (Bootstrap, WordPress, Drupal)."""

_SIMPLE = re.compile(r"([a-z][a-z0-9]*)?(#[\w-]+\*?)?((?:\.[\w-]+)*)(?:\[([\w-]+)=([^\]]*)\])?")


class Line(NamedTuple):
    """One line of the page as it is set: a block's text, or a part of it up to a line break."""

    text: str
    """White space collapsed, invisible characters left out; never empty."""
    node: int
    """The innermost block that holds it."""
    linked: int
    """How many of its characters are those of links."""
    links: tuple[int, int]
    """The links that begin in it, as a range in :attr:`Page.links`."""


_SHORTEST_NAME, _SHORTEST_TITLE = 4, 8
_LONGEST_DATE = 20


def is_headline(line: Line) -> bool:
    """Tell whether a line is one link, or a link with a date, long enough to be the title of an article."""
    return (
        line.linked >= _SHORTEST_NAME
        and line.links[1] - line.links[0] == 1
        and line.linked * 10 >= (len(line.text) - _LONGEST_DATE) * 9
    )


def stands_in_list(lines: Sequence[Line], number: int) -> bool:
    """Tell whether a line with a date is of a list of other articles: a row of it, or the date beside a row's link."""
    before, line, behind = (
        lines[near] if 0 <= near < len(lines) else None for near in (number - 1, number, number + 1)
    )
    if line is None or len(line.text) > line.linked + _LONGEST_DATE:
        return False
    if line.linked:  # more than a category beside the date, or one of several rows
        rows = [near for near in (before, behind) if near and is_headline(near) and near.linked < len(near.text)]
        return is_headline(line) and (line.linked >= _SHORTEST_TITLE or bool(rows))
    if before is None or not is_headline(before):
        return behind is not None and is_headline(behind) and behind.linked >= _SHORTEST_TITLE
    two = lines[number - 2] if number > 1 else None
    is_alternating = (
        two is not None and not two.linked and len(two.text) <= _LONGEST_DATE and two.text[-1].isdecimal()
    )
    return before.linked >= _SHORTEST_TITLE or is_alternating


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as tables. A *node* is the number of an element in document order; 0 is ``body``."""

    document: Document
    elements: list[HtmlElement]
    tags: list[str]
    parents: list[int]
    """Parent of each node; -1 for ``body``."""
    ends: list[int]
    """One past the last descendant of each node."""
    first: list[int]
    """Number of the first line that can hold text of the node."""
    last: list[int]
    """One past the last such line. A node that is no block may share its lines with its neighbours."""
    lines: list[Line]
    links: list[int]
    """The nodes of ``a`` elements."""
    blocks: list[int]
    """The nodes of blocks, and of what holds blocks."""
    named: dict[str, list[int]]
    """Nodes by the whole value of their ``class`` attribute."""
    ids: dict[str, int]
    """First node of each ``id``."""
    listed: dict[str, list[int]]
    """Nodes by tag, for the tags that rules ask for."""
    hidden: list[int]
    """Nodes that a style keeps from view."""
    text: str = field(repr=False)
    """All lines, one per line."""
    starts: list[int]
    """Where in :attr:`text` each line starts."""
    _by_word: dict[str, list[str]] = field(default_factory=dict, repr=False)
    """Values of ``class`` and ``id`` by the words in them, once they are asked for."""

    def is_inside(self, node: int, ancestor: int) -> bool:
        """Tell whether a node is an element or one of its descendants."""
        return ancestor <= node < self.ends[ancestor]

    def has_children(self, node: int) -> bool:
        """Tell whether a node holds elements."""
        return self.ends[node] > node + 1

    def ancestors(self, node: int) -> Iterator[int]:
        """Yield a node's parent, its parent, and so on up to the root."""
        node = self.parents[node]
        while node >= 0:
            yield node
            node = self.parents[node]

    def children(self, node: int) -> Iterator[int]:
        """Yield the children of a node."""
        child = node + 1
        while child < self.ends[node]:
            yield child
            child = self.ends[child]

    def text_of(self, node: int) -> str:
        """Return the text of a node on one line; of a block what is seen of it."""
        if _KINDS.get(self.tags[node]) == _BLOCK:
            return " ".join(line.text for line in self.lines[self.first[node] : self.last[node]])
        element = self.elements[node]
        if self.ends[node] == node + 1:
            return collapse(element.text or "")
        return collapse("".join(element.itertext()))

    def nodes_named(self, words: frozenset[str]) -> list[int]:
        """Return the nodes with one of these words in class or id, in document order."""
        known = self._by_word
        if not known:
            for name in {**self.named, **self.ids}:
                for word in tokens(name):
                    known.setdefault(word, []).append(name)
        names = {name for word in words & known.keys() for name in known[word]}
        nodes = {node for name in names for node in self.named.get(name, ())}
        return sorted(nodes.union(self.ids[name] for name in names if name in self.ids))

    def names(self, node: int) -> str:
        """Return the class and id of a node as one text."""
        get = self.elements[node].get
        return f"{get('class') or ''} {get('id') or ''}"

    def place(self, node: int) -> str:
        """Return the XPath of a node."""
        element = self.elements[node]
        return element.getroottree().getpath(element)

    def links_in(self, node: int) -> list[int]:
        """Return the links inside a node."""
        return self.links[bisect_left(self.links, node) : bisect_left(self.links, self.ends[node])]

    def blocks_in(self, node: int) -> list[int]:
        """Return the blocks inside a node, without itself."""
        return self.blocks[bisect_right(self.blocks, node) : bisect_left(self.blocks, self.ends[node])]

    def line_at(self, offset: int) -> int:
        """Return the number of the line that holds an offset of :attr:`text`."""
        return bisect_right(self.starts, offset) - 1

    def lines_with(self, pattern: re.Pattern[str], start: int = 0) -> Iterator[int]:
        """Yield the numbers of the lines from ``start`` on in which a pattern is found.

        It must not match a line break, and is fast if each of its ways begins with a character of its own.
        """
        at = self.starts[start] if start < len(self.starts) else len(self.text)
        while match := pattern.search(self.text, at):
            number = self.line_at(match.start())
            yield number
            at = self.starts[number] + len(self.lines[number].text)

    def select(self, selector: str) -> list[int]:
        """Return the nodes that a selector of a layout names, in document order.

        A small part of CSS, read from the tables: ``tag``, ``.class``, ``#id``, ``#id*`` (ids that begin so),
        ``[name=value]``, joined (``h1.title``) and nested by spaces (``form[name=f] h1``).
        """
        *outer, last = selector.split()
        nodes = self._select_simple(last)
        for part in reversed(outer):
            around = set(self._select_simple(part)) if nodes else set()
            nodes = [node for node in nodes if any(above in around for above in self.ancestors(node))]
        return nodes

    def _select_simple(self, part: str) -> list[int]:
        parsed = _SIMPLE.fullmatch(part)
        assert parsed, f"{part!r} is beyond what Page.select reads"
        tag, identity, classes, attribute, value = parsed.groups()
        nodes: list[int] | range = range(len(self.tags))
        if identity and identity.endswith("*"):
            nodes = sorted(node for name, node in self.ids.items() if name.startswith(identity[1:-1]))
        elif identity:
            nodes = [self.ids[identity[1:]]] if identity[1:] in self.ids else []
        elif classes:
            wanted = classes[1:].split(".")
            known = [name for name in self.named if wanted[0] in name and set(wanted) <= set(name.split())]
            nodes = sorted(node for name in known for node in self.named[name])
        if tag:
            nodes = [node for node in nodes if self.tags[node] == tag]
        if attribute:
            nodes = [node for node in nodes if self.elements[node].get(attribute) == value]
        return list(nodes)


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of some words."""
    return re.compile("|".join(map(re.escape, words)))


def collapse(text: str) -> str:
    """Return the text on one line, invisible characters left out.

    >>> collapse(" 学\u200b院\u3000 新闻\\n")
    '学院 新闻'
    """
    words = " ".join(text.split())
    return words if words.isprintable() else " ".join(words.translate(_TO_VISIBLE).split())


_TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")

REMEMBERED = 32_768
"""Names and styles that are remembered with what they mean: those of some hundred sites, which are crawled at once."""


@lru_cache(maxsize=REMEMBERED)
def tokens(name: str) -> frozenset[str]:
    """Return the words in a class or id: ``postMeta_share-box`` holds post, meta, share and box.

    >>> sorted(tokens("padding postMeta_share-box"))
    ['box', 'meta', 'padding', 'post', 'share']
    """
    return frozenset(word.lower() for word in _TOKEN.findall(name))


@lru_cache(maxsize=REMEMBERED)
def _is_hidden(name: str) -> bool:
    return _HIDDEN_CLASS.search(name) is not None


@lru_cache(maxsize=REMEMBERED)
def _is_unseen(style: str) -> bool:
    return _NOT_SHOWN.search(style) is not None


def lay_out(document: Document, *, reveal: bool = False) -> Page:
    """Return the page's tables. ``reveal`` shows what a style hides, for bodies that only a script unfolds."""
    # One loop, long and flat: it runs for every element, and whatever it calls it pays for some four hundred times.
    root = document.root.find("body")
    elements = list((document.root if root is None else root).iter())
    tags = [tag if (tag := element.tag).__class__ is str else "script" for element in elements]
    count = len(elements)
    parents = [-1] * count
    ends = list(range(1, count + 1))
    first = [0] * count
    last = [0] * count
    lines: list[Line] = []
    links: list[int] = []
    blocks: list[int] = []
    named: dict[str, list[int]] = {}
    ids: dict[str, int] = {}
    listed: dict[str, list[int]] = {tag: [] for tag in _LISTED}
    hidden: list[int] = []
    wide: list[int] = []  # elements that flow and hold lines nevertheless: an unclosed <font> around everything

    buffer: list[str] = []  # pieces of the line being set, the first of them not blank
    linked = 0  # characters of links in it
    links_before = 0  # links that began before it
    block = node = parent = -1  # the innermost open block, the current and the innermost open element
    top: HtmlElement = document.root  # that element itself
    left = 0  # how many of its children are still to come
    # of open elements: the element and the node around each, its kind, the block around it, what is left of that
    stack: list[tuple[HtmlElement, int, int, int, int]] = []
    unseen = in_link = in_pre = 0  # how many open elements hide, link, keep their line breaks
    unseen_names: set[str] = set()
    sort_of = _SORTS.get

    def set_line() -> None:
        """Move what the buffer holds into a line, or into one per line break."""
        nonlocal linked, links_before
        text = buffer[0] if len(buffer) == 1 else "".join(buffer)
        buffer.clear()
        for piece in text.split("\n") if in_pre else (text,):
            if words := " ".join(piece.split()):
                lines.append(Line(words, block, linked, (links_before, len(links))))
                links_before, linked = len(links), 0

    for element, tag in zip(elements, tags, strict=True):
        node += 1
        kind, is_named, is_listed = sort_of(tag, _OTHER)
        if is_named and (attributes := element.items()):
            for name, value in attributes:
                if name == "class":
                    if value in named:
                        named[value].append(node)
                    else:
                        named[value] = [node]
                        if _is_hidden(value):
                            unseen_names.add(value)
                    if unseen_names and value in unseen_names:
                        kind = _HIDDEN
                elif name == "id":
                    ids.setdefault(value, node)
                elif name == "style" and not reveal and _is_unseen(value):
                    kind = _HIDDEN
                    hidden.append(node)
        if is_listed:
            listed[tag].append(node)
        parents[node] = parent
        outer = block
        if kind >= _BLOCK:
            if buffer:
                set_line()
            blocks.append(node)
            block = node
            in_pre += kind == _PRE
        elif kind == _LINK:
            if unseen:
                kind = _FLOW
            else:
                links.append(node)
                in_link += 1
        elif kind == _HIDDEN:
            unseen += 1
        elif kind == _BREAK and buffer and not unseen:
            set_line()
        first[node] = len(lines)
        if not unseen and (text := element.text) is not None and (buffer or not text.isspace()):
            buffer.append(text)
            if in_link:
                linked += len(text.strip())
        if children := len(element):
            stack.append((top, parent, kind, outer, left))
            top, parent, left = element, node, children
            continue
        # A leaf ends where it begins, and with it every element of which it is the last.
        closed = node
        while True:
            if kind >= _BLOCK:
                if buffer:
                    set_line()
                block = outer
                in_pre -= kind == _PRE
                last[closed] = len(lines)
            else:
                last[closed] = len(lines) + (1 if buffer else 0)
                if kind == _HIDDEN:
                    unseen -= 1
                elif kind == _LINK:
                    in_link -= 1
                elif len(lines) > first[closed] + 1:
                    wide.append(closed)
            if not stack:
                break
            # The tail of an element is text of the one around it.
            if not unseen and (tail := element.tail) is not None and (buffer or not tail.isspace()):
                buffer.append(tail)
                if in_link:
                    linked += len(tail.strip())
            left -= 1
            if left:
                break
            element, closed = top, parent
            ends[closed] = node + 1
            top, parent, kind, outer, left = stack.pop()
    if buffer:
        set_line()
    joined = "\n".join([line[0] for line in lines])
    if any(char in joined for char in _INVISIBLE):
        lines = [line._replace(text=collapse(line.text) or " ") for line in lines]
        joined = "\n".join([line[0] for line in lines])
    return Page(
        document=document, elements=elements, tags=tags, parents=parents, ends=ends, first=first, last=last,
        lines=lines, links=links, blocks=sorted([*blocks, *wide]), named=named, ids=ids,
        listed=listed, hidden=hidden, text=joined,
        starts=list(accumulate([len(line[0]) + 1 for line in lines[:-1]], initial=0)) if lines else [],
    )  # fmt: skip
