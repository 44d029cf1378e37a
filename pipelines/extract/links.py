"""Finds the hyperlinks of a page, also those that only a script follows."""

import re
from collections.abc import Iterable
from itertools import chain, islice
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

from pipelines.extract.embedded import open_rows
from pipelines.model import Document, Link
from pipelines.uri import resolve

_FRAMES = ("frame", "iframe")
_SCRIPTED = etree.XPath("//a|//area|//frame|//iframe|//*[@onclick]")
"""Union in document order, for pages where rows or boxes carry their address in a handler; it takes its time."""
_NO_BOX = re.compile(r"(?:a|area|script)[\s>]", re.IGNORECASE)
_LONGEST_TAG = 2000
"""Characters before a handler among which its tag begins."""

_SCRIPT_TARGETS = (
    # The page of Teleport Pro for a file it did not save: javascript:if(confirm('…'))window.location='http://…'
    re.compile(r"\blocation(?:\.href)?\s*=\s*(?P<quote>['\"])(?P<target>[^'\"]*)(?P=quote)"),
    re.compile(r"\blocation\.(?:replace|assign)\(\s*(?P<quote>['\"])(?P<target>[^'\"]*)(?P=quote)"),
    re.compile(r"\bopen\(\s*(?P<quote>['\"])(?P<target>[^'\"]*)(?P=quote)"),
    # A function of the site's own: toUrl('/info/1/2.htm')
    re.compile(
        r"\(\s*(?P<quote>['\"])(?P<target>[^'\"()\s]{0,512}\.(?:s?html?|jsp|php|aspx?|do|psp)(?:\?[^'\"]*)?)(?P=quote)"
    ),
)
"""Where a script leads to when it is clicked; the first that matches counts."""

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_CUT = ("…", "...", "..", "‥", "⋯", "。。。", "···")
"""What a listing ends a title with that it has cut short."""


def find_links(document: Document) -> tuple[Link, ...]:
    """Return every hyperlink of a page in document order, each address once, resolved, with the text that names it.

    Links, image maps, frames, and clickable rows; not what stays on the page (``#top``) or names no page
    (``mailto:``). The ``title`` attribute is the text where the text is cut short or missing.
    """
    found: dict[str, str | None] = {}
    base, charset = document.base, document.charset.name
    island = open_rows(document)
    for element in chain(find_link_elements(document), find_link_elements(island) if island else ()):
        raw = address_of(element)
        if not raw or (href := resolve(base, raw, charset=charset)) is None:
            continue
        known = found.get(href)
        if not known or is_cut(known):
            found[href] = link_text(element) or known
    return tuple(Link(title=title, href=href) for href, title in found.items())


def find_link_elements(document: Document) -> Iterable[HtmlElement]:
    """Return the elements of a page that may lead somewhere, in document order."""
    if may_click_boxes(document.text):
        return cast("list[HtmlElement]", _SCRIPTED(document.root))
    return document.root.iter("a", "area", *_FRAMES)


def may_click_boxes(source: str) -> bool:
    """Tell whether elements that are no links may have handlers for clicks: most pages have them on links alone."""
    at = source.find("onclick")
    while at >= 0:
        tag = source.rfind("<", max(at - _LONGEST_TAG, 0), at)
        if tag < 0 or not _NO_BOX.match(source, tag + 1):
            return True
        at = source.find("onclick", at + 7)
    return False


def address_of(element: HtmlElement) -> str | None:
    """Return the address that an element leads to when it is followed or clicked, as written; None without one."""
    raw = element.get("href")
    if raw is None and element.tag in _FRAMES:
        raw = element.get("src")
    if raw:
        raw = raw.strip()
        if raw[:1] in ("j", "J") and raw[:11].lower() == "javascript:":
            raw = find_script_target(raw) or ""
        if raw and raw[0] != "#":
            return raw
    if handler := element.get("onclick"):
        return find_script_target(handler)
    # Teleport Pro keeps the original address of what it saved here; it counts where the page has no other.
    return element.get("tppabs") if raw is not None else None


def find_script_target(script: str) -> str | None:
    """Return the address that a piece of JavaScript goes to, as written.

    >>> find_script_target("javascript:if(confirm('not saved'))window.location='http://x.edu.cn/1.htm'")
    'http://x.edu.cn/1.htm'
    """
    matches = (pattern.search(script) for pattern in _SCRIPT_TARGETS)
    return next((match["target"].strip() for match in matches if match and match["target"].strip()), None)


def link_text(element: HtmlElement) -> str | None:
    """Return the text that names a link, white space collapsed; an image's ``alt`` where there is no text."""
    text = _spaced_text(element) if len(element) else clean(element.text)
    if not text or is_cut(text):
        title = clean(element.get("title"))
        if title and title.startswith(text.rstrip(" .…‥⋯。·")):
            return title
    if not text:
        text = next((alt for image in element.iter("img") if (alt := clean(image.get("alt")))), "")
    return text or None


def text_of(element: HtmlElement) -> str:
    """Return the text below an element, white space collapsed; the first pieces of it where there are very many.

    Rows that are links may lie in one another; without a bound their texts would add up to the square of a page.
    """
    if len(element) == 0:
        return clean(element.text)
    return clean("".join(islice(element.itertext(), MAX_PIECES)))


MAX_PIECES = 200
"""Pieces of text that a link or a row is read for."""


def _spaced_text(element: HtmlElement) -> str:
    """Return the text below an element with a space where a line or a block ends, without scripts."""
    for node in islice(element.iter(), 1, MAX_PIECES):
        if node.tag in _SPACED:
            break
    else:
        return text_of(element)
    texts: list[str] = []
    for event, node in islice(etree.iterwalk(element, events=("start", "end")), 2 * MAX_PIECES):
        if node is not element and node.tag in _BREAKING:
            texts.append(" ")
        if event == "start":
            texts += [node.text] if node.text and node.tag not in _SILENT else []
        elif node is not element and node.tail:
            texts.append(node.tail)
    return clean("".join(texts))


_BREAKING = frozenset({"br", "p", "div", "li", "td", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "tr", "img"})
_SILENT = frozenset({"script", "style", "noscript", "template"})
_SPACED = _BREAKING | _SILENT


def clean(text: str | None) -> str:
    """Collapse white space (no-break and ideographic spaces too), drop it at both ends, and what has no width."""
    if not text:
        return ""
    words = " ".join(text.split())
    return words if words.isprintable() else " ".join(_INVISIBLE.sub("", words).split())


def is_cut(text: str) -> bool:
    """Tell whether a text was cut short.

    >>> is_cut("关于做好2024年..."), is_cut("Go?")
    (True, False)
    """
    return text.endswith(_CUT)


def width(text: str) -> float:
    """Return how wide a text is in Chinese characters: a Latin letter is half as wide.

    UTF-8 has three bytes for the one and one for the other, so characters and bytes tell it without a look at each.

    >>> width("通知"), width("news"), width("3月")
    (2.0, 2.0, 1.5)
    """
    return (len(text) + len(text.encode("utf-8", "replace"))) / 4
