"""Mends markup that makes a parser stop early, so that no text of a page is lost.

Every function takes the source of a page and is linear in its length.
"""

import re
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

_END_OF_PAGE = re.compile(r"</(?:[Bb][Oo][Dd][Yy]|[Hh][Tt][Mm][Ll])\s*>")
_COUNTER = re.compile(r"</html>\s*<img\b", re.IGNORECASE)
_TOP = ("head", "body", "frameset", "noframes", "script")
_HIDDEN = re.compile(r"<(!--|script\b|style\b|noscript\b|template\b)", re.IGNORECASE)
_HIDDEN_END = {
    "!--": re.compile("-->"),
    **{name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("script", "style", "noscript", "template")},
}
_LINE_OF_TEXT = re.compile(r">([^<>&\r\n]*[^<>&\s][^<>&\r\n]*)")

TAIL = 4096
"""Characters at the end of a source that are searched for its last text."""
_NEAR = 100
"""Texts at the end of a tree among which the last one of the source mostly is."""
_MUCH = 500
"""Characters after an open comment that are more than a remark at the end of the page."""


def is_split(root: HtmlElement) -> bool:
    """Tell whether the page goes on behind its ``</body>`` or ``</html>``.

    A header included as a whole page of its own (DedeCMS, classic ASP) ends the page for libxml2, which puts the
    rest beside the body or beside the root; browsers read on (WHATWG HTML §13.2.6.4.19, «after body»).
    """
    return root.getnext() is not None or (len(root) > 0 and root[-1].tag not in _TOP)


def will_be_split(text: str) -> bool:
    """Tell whether a page will surely be split: WebPlus puts the picture that counts its readers behind the end."""
    return _COUNTER.search(text, max(len(text) - _MUCH, 0)) is not None


def join_pages(text: str) -> str:
    """Return the source without the end tags of a page that goes on behind them."""
    return _END_OF_PAGE.sub("", text)


def has_lost_text(text: str, root: HtmlElement) -> bool:
    """Tell whether the end of the source is missing from the tree: a parser that stops, stops for good."""
    comment = text.rfind("<!--")
    if comment >= 0 and len(text) - comment > _MUCH and text.find("-->", comment) < 0:
        return True
    if root.find("body") is None and root.find("frameset") is None and ("<body" in text or "<BODY" in text):
        return True
    tail = _without_hidden(text[-TAIL:].rpartition("</script>")[2] or text[-TAIL:])
    lines = _LINE_OF_TEXT.findall(tail)
    if not lines:
        return False
    last = lines[-1].strip()
    return not any(last in text for text in islice(_texts_from_end(root), _NEAR)) and last not in root.xpath(
        "string()"
    )


def _texts_from_end(root: HtmlElement) -> Iterator[str]:
    """Yield the texts of a tree, those of its last branches first."""
    pending = [root]
    while pending:
        element = pending.pop()
        yield element.tail or ""
        yield element.text or ""
        pending += element


def _without_hidden(text: str) -> str:
    """Drop comments, scripts and styles; one that does not end takes the rest with it."""
    kept, start = [], 0
    while hidden := _HIDDEN.search(text, start):
        kept.append(text[start : hidden.start()])
        end = _HIDDEN_END[hidden[1].lower()].search(text, hidden.end())
        if end is None:
            return "".join(kept)
        start = end.end()
    return "".join([*kept, text[start:]])


_SWALLOWING = ("title", "textarea", "script", "style", "iframe", "noframes", "noembed", "xmp", "select")
"""Elements that take everything up to their end tag for their text."""
_FORMATTING = ("font", "span", "b", "i", "u", "strong", "em", "center", "small", "big", "o:p")
"""Elements that pages forget to close; each one open makes the tree a level deeper, and parsers have a limit."""
_UNCLOSED = 100


def mend(text: str) -> str:
    """Return the source with the known causes of lost text removed."""
    if text.rfind("<!--") > text.rfind("-->"):
        text = text.replace("<!--", "")
    folded = text.lower() if text.isascii() else re.sub("[A-Z]+", lambda match: match[0].lower(), text)
    for name in _SWALLOWING:
        start = folded.rfind(f"<{name}")
        if start > folded.rfind(f"</{name}"):
            text = re.sub(rf"<{name}\b[^<>]*>?", "", text, flags=re.IGNORECASE)
    for name in _FORMATTING:
        if folded.count(f"<{name}") - folded.count(f"</{name}") > _UNCLOSED:
            text = re.sub(rf"</?{name}\b[^<>]*>", "", text, flags=re.IGNORECASE)
    return text
