"""The links of a page as the rules of listings ask for them: each read once, with its text and its address."""

from typing import NamedTuple

from lxml.html import HtmlElement

from pipelines.extract.links import address_of, may_click_boxes, text_of
from pipelines.extract.page import Page


class Anchor(NamedTuple):
    """An element that may lead somewhere."""

    node: int
    element: HtmlElement
    text: str
    """White space collapsed; the first pieces of it where there are very many."""
    raw: str | None
    """Its address as written."""


def read_anchors(page: Page) -> list[Anchor]:
    """Return the links of a page in document order, hidden ones too, and the rows and boxes that lead on a click."""
    elements = page.elements
    nodes = [node for node, tag in enumerate(page.tags) if tag == "a"]
    if may_click_boxes(page.document.text):
        clicked = [node for node, tag in enumerate(page.tags) if tag != "a" and elements[node].get("onclick")]
        nodes = sorted(nodes + clicked)
    return [Anchor(node, element := elements[node], text_of(element), address_of(element)) for node in nodes]
