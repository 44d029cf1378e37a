"""A page laid out once, as a reader sees it: its elements in document order, and the lines of text they hold.

Every rule works on this table instead of the tree: the text of an element is a run of lines, «inside» is a comparison
of two numbers, and nothing is walked twice. It is the one place where time is spent on every element of a page.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement

from pipelines.model import Document

_INLINE, _BLOCK, _BREAK, _HIDDEN, _LINK, _PRE = range(6)

_KINDS = {
    **dict.fromkeys(
        "html body div p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption thead tbody tfoot tr td th form fieldset legend "
        "section article main header footer nav aside figure figcaption blockquote address center hr details summary "
        "menu dir hgroup search ucapcontent founder-content".split(),
        _BLOCK,
    ),
    **dict.fromkeys("br wbr".split(), _BREAK),
    **dict.fromkeys(
        "head title script style noscript template select option datalist textarea button iframe frame frameset noframes object embed "
        "applet audio video canvas svg math map area param source track dialog".split(),
        _HIDDEN,
    ),
    "a": _LINK,
    **dict.fromkeys("pre listing xmp plaintext".split(), _PRE),
}
"""How an element's text is set (WHATWG HTML §15.3); whatever is not named flows with the text around it."""
del _KINDS["wbr"]

_SIMPLE = re.compile(r"([a-z][a-z0-9]*)?(#[\w-]+\*?)?((?:\.[\w-]+)*)(?:\[([\w-]+)=([^\]]*)\])?")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_NOT_SHOWN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)(?!\w)", re.IGNORECASE)
_HIDDEN_CLASSES = ("sr-only", "screen-reader", "visually-hidden", "visuallyhidden", "element-invisible", "d-none")
"""Classes of text for screen readers only (Bootstrap, WordPress, Drupal)."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as tables. A *node* is the number of an element in document order; 0 is the root."""

    document: Document
    elements: list[HtmlElement]
    tags: list[str]
    parents: list[int]
    """Parent of each node; -1 for the root."""
    ends: list[int]
    """One past the last descendant of each node."""
    first: list[int]
    """Number of the first line that can hold text of the node."""
    last: list[int]
    """One past the last such line. A node that is no block may share its lines with its neighbours."""
    lines: list[Line]
    links: list[int]
    """The nodes of ``a`` elements."""
    named: dict[str, list[int]] = field(default_factory=dict)
    """Nodes by the whole value of their ``class`` attribute."""
    ids: dict[str, int] = field(default_factory=dict)
    """First node of each ``id``."""
    hidden: list[int] = field(default_factory=list)
    """Nodes that a style or class keeps from view."""

    def is_inside(self, node: int, ancestor: int) -> bool:
        """Tell whether a node is an element or one of its descendants."""
        return ancestor <= node < self.ends[ancestor]

    def ancestors(self, node: int) -> Iterator[int]:
        """Yield a node's parent, its parent, and so on up to the root."""
        node = self.parents[node]
        while node >= 0:
            yield node
            node = self.parents[node]

    def text(self, node: int) -> str:
        """Return the text of a node on one line, what is hidden left out for blocks."""
        if _KINDS.get(self.tags[node]) == _BLOCK:
            return " ".join(line.text for line in self.lines[self.first[node] : self.last[node]])
        return collapse("".join(self.elements[node].itertext()))

    def with_class(self, name: str) -> Iterator[int]:
        """Yield the nodes that carry a class, by document order within each distinct ``class`` value."""
        for value, nodes in self.named.items():
            if name in value and name in value.split():
                yield from nodes

    def select(self, selector: str) -> list[int]:
        """Return the nodes that a selector of a layout names, in document order.

        A small part of CSS, read from the tables: ``tag``, ``.class``, ``#id``, ``#id*`` (ids that begin so),
        ``[name=value]``, joined (``h1.title``) and nested by spaces (``form[name=f] h1``).
        """
        *outer, last = selector.split()
        nodes = self._select_simple(last)
        for part in reversed(outer):
            around = set(self._select_simple(part))
            nodes = [node for node in nodes if any(above in around for above in self.ancestors(node))]
        return nodes

    def _select_simple(self, part: str) -> list[int]:
        parsed = _SIMPLE.fullmatch(part)
        assert parsed, f"{part!r} is beyond what Page.select reads"
        tag, identity, classes, name, value = parsed.groups()
        if identity and identity.endswith("*"):
            nodes = [node for known, node in self.ids.items() if known.startswith(identity[1:-1])]
        elif identity:
            nodes = [self.ids[identity[1:]]] if identity[1:] in self.ids else []
        elif classes:
            nodes = sorted(self.with_class(classes[1:].split(".")[0]))
        elif tag:
            nodes = [node for node, known in enumerate(self.tags) if known == tag]
        else:
            nodes = list(range(len(self.tags)))
        if tag:
            nodes = [node for node in nodes if self.tags[node] == tag]
        if name:
            nodes = [node for node in nodes if self.elements[node].get(name) == value]
        return sorted(nodes)

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


def collapse(text: str) -> str:
    """Return the text on one line, invisible characters left out.

    >>> collapse(" 学\u200b院\u3000 新闻\\n")
    '学院 新闻'
    """
    return " ".join((_INVISIBLE.sub("", text) if _INVISIBLE.search(text) else text).split())


def lay_out(document: Document, *, reveal: bool = False) -> Page:
    """Return the page's tables. ``reveal`` shows what a style hides, for bodies that only a script unfolds."""
    elements: list[HtmlElement] = []
    tags: list[str] = []
    parents: list[int] = []
    ends: list[int] = []
    first: list[int] = []
    last: list[int] = []
    lines: list[Line] = []
    links: list[int] = []
    named: dict[str, list[int]] = {}
    ids: dict[str, int] = {}
    hidden: list[int] = []

    kind_of = _KINDS.get
    buffer: list[str] = []  # pieces of the line being set, the first of them not blank
    linked = 0  # characters of links in it
    links_before = 0  # links that began before it
    block = parent = -1  # the innermost open block, the innermost open element
    open_kinds: list[int] = []
    open_blocks: list[int] = []  # of each open element, the block around it
    unseen = in_link = in_pre = 0  # how many open elements hide, link, keep their line breaks
    unseen_classes: dict[str, bool] = {}

    for event, element in etree.iterwalk(document.root, events=("start", "end")):
        if event == "start":
            node = len(elements)
            tag = element.tag
            kind = kind_of(tag, _INLINE)
            get = element.get
            if (name := get("class")) is not None:
                if name in named:
                    named[name].append(node)
                else:
                    named[name] = [node]
                    if any(word in name for word in _HIDDEN_CLASSES):
                        unseen_classes[name] = True
                if name in unseen_classes:
                    kind = _HIDDEN
            if (identity := get("id")) is not None and identity not in ids:
                ids[identity] = node
            if (
                (style := get("style")) is not None
                and ("none" in style or "hidden" in style)
                and not reveal
                and _NOT_SHOWN.search(style)
            ):
                kind = _HIDDEN
                hidden.append(node)
            elements.append(element)
            tags.append(tag)
            parents.append(parent)
            ends.append(node)
            last.append(0)
            open_kinds.append(kind)
            open_blocks.append(block)
            parent = node
            if kind == _BLOCK or kind >= _BREAK:
                if buffer and kind != _HIDDEN and kind != _LINK:
                    links_before = _set_line(lines, buffer, in_pre, block, linked, links_before, len(links))
                    linked = 0
                if kind == _BLOCK:
                    block = node
                elif kind == _LINK:
                    if unseen:
                        open_kinds[-1] = _INLINE
                    else:
                        in_link += 1
                        links.append(node)
                elif kind == _HIDDEN:
                    unseen += 1
                elif kind == _PRE:
                    block = node
                    in_pre += 1
            first.append(len(lines))
            if (text := element.text) is not None and not unseen and (buffer or not text.isspace()):
                buffer.append(text)
                if in_link:
                    linked += len(text.strip())
        else:
            node = parent
            parent = parents[node]
            ends[node] = len(elements)
            kind = open_kinds.pop()
            around = open_blocks.pop()
            if kind == _INLINE:
                last[node] = len(lines) + (1 if buffer else 0)
            elif kind == _BLOCK or kind == _PRE:
                if buffer:
                    links_before = _set_line(lines, buffer, in_pre, block, linked, links_before, len(links))
                    linked = 0
                block = around
                if kind == _PRE:
                    in_pre -= 1
                last[node] = len(lines)
            else:
                last[node] = len(lines) + (1 if buffer else 0)
                if kind == _HIDDEN:
                    unseen -= 1
                elif kind == _LINK:
                    in_link -= 1
            if (text := element.tail) is not None and not unseen and (buffer or not text.isspace()):
                buffer.append(text)
                if in_link:
                    linked += len(text.strip())
    if buffer:
        _set_line(lines, buffer, in_pre, 0, linked, links_before, len(links))
    if _INVISIBLE.search("".join([line[0] for line in lines])):
        lines = [line._replace(text=collapse(line.text)) for line in lines]
    return Page(
        document=document, elements=elements, tags=tags, parents=parents, ends=ends, first=first, last=last,
        lines=lines, links=links, named=named, ids=ids, hidden=hidden,
    )  # fmt: skip


def _set_line(
    lines: list[Line], buffer: list[str], in_pre: int, block: int, linked: int, links_before: int, links: int
) -> int:
    """Move what the buffer holds into a line, or into one per line break; return the links begun so far."""
    text = "".join(buffer)
    buffer.clear()
    for piece in text.split("\n") if in_pre else (text,):
        if text := " ".join(piece.split()):
            lines.append(Line(text, block, linked, (links_before, links)))
            links_before, linked = links, 0
    return links_before
