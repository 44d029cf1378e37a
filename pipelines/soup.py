"""Asks Beautiful Soup about markup that lxml gives up on."""

import html
from collections.abc import Iterator

from bs4 import BeautifulSoup, NavigableString, PageElement, Tag
from bs4.element import PreformattedString, Script, Stylesheet

_MAX_SOUP = 500_000
_MAX_DECLARATIONS = 5_000
"""Python's parser searches the rest of the page for the end of each ``<!``, ``<?`` and ``</``: a bound on both."""
_MAX_DEPTH = 200
"""Levels that are kept; libxml2 gives up at 2048, and what lies deeper is no structure any more."""


def read_with_soup(text: str) -> str | None:
    """Return the source as Beautiful Soup understands it, flattened to a depth that any parser takes.

    None for sources too large or too strange to be read in bounded time.
    """
    if len(text) > _MAX_SOUP or sum(map(text.count, ("<!", "<?", "</"))) > _MAX_DECLARATIONS:
        return None
    return "".join(_flatten(BeautifulSoup(text, "html.parser")))


def _flatten(soup: BeautifulSoup) -> Iterator[str]:
    pending: list[tuple[PageElement | str, int]] = [(node, 0) for node in reversed(soup.contents)]
    while pending:
        node, depth = pending.pop()
        if isinstance(node, Tag):
            if depth < _MAX_DEPTH:
                yield _start_tag(node)
                if not node.is_empty_element:
                    pending.append((f"</{node.name}>", depth))
            pending += [(child, depth + 1) for child in reversed(node.contents)]
        elif isinstance(node, Script | Stylesheet) or not isinstance(node, NavigableString):
            yield str(node)
        elif not isinstance(node, PreformattedString):
            yield html.escape(node, quote=False)


def _start_tag(tag: Tag) -> str:
    attributes = ""
    for name, value in tag.attrs.items():
        whole = " ".join(value) if isinstance(value, list) else value or ""
        attributes += f' {name}="{html.escape(whole)}"'
    return f"<{tag.name}{attributes}>"
