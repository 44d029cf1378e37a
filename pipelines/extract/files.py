"""Finds the images of a body and the files that an article offers."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from pipelines.extract.layouts import Layout, find_nodes
from pipelines.extract.links import address_of
from pipelines.extract.neighbours import LABEL
from pipelines.extract.noise import FURNITURE, is_noise
from pipelines.extract.page import Page, collapse
from pipelines.extract.trim import Body, is_file
from pipelines.model import Attachment, Finding, Image
from pipelines.uri import resolve

_NAME = re.compile(
    r"\.(pdf|docx?|xlsx?|pptx?|ppsx?|wps|et|dps|ofd|od[tsp]|rtf|txt|csv|zip|rar|7z|tar|gz|caj|epub|hwpx?|mp[34]|wmv|avi|flv)"
    r"(?=[?#&)\]】）”\"'\s]|\Z)",
    re.IGNORECASE,
)
"""The end of a file's name."""
_DOWNLOAD = re.compile(
    r"download\.(?:jsp|asp|php|do)|wbfileid=|/download/|downloadfile|filedown|/attach|attachment|fileid=|/file/[0-9a-f]{16}"
    r"|virtual_attach_file"
)
"""Addresses, lower case, of files without a name: download.jsp?wbfileid= (VSB), download.do (K2Web), virtual_attach_file."""
_VIEWER = re.compile(
    r"(?:showVsbpdfIframe|pdfsrc|showPdf\w{0,20})\s?[(=]\s?[\"']([^\"']{1,500}\.pdf[^\"']{0,200})[\"']",
    re.IGNORECASE,
)
_TITLE = re.compile(r"['\"]title['\"]\s?:\s?['\"]([^'\"]{1,300})['\"]")
"""The name in WebPlus's ``sudyfile-attr``."""
_LAZY = ("data-src", "data-original", "data-lazy-src", "data-echo", "_src", "original")
_BLANK = re.compile(
    r"data:|(?:.*[/_-])?(?:blank|loading|lazy|lazyload|placeholder|grey|1x1|pixel)\.(?:gif|png|svg|jpg)\Z",
    re.IGNORECASE,
)
"""What stands in ``src`` until a script puts the image there."""
_LABEL = re.compile(
    r"\W{0,3}(?:첨부\s?(?:파일)?|附\s?件|附加檔案|相關附件|添付ファイル|attachments?)\s?(?:[:：(（\d]|\Z)",
    re.IGNORECASE,
)
"""What heads a list of files."""
_ABOVE = 12
"""How many lines above the text such a list may begin."""
_AFTER = 30
"""How many lines behind the body a list of attachments may begin."""
_FAR = 90


def find_images(page: Page, body: Body) -> Finding[tuple[Image, ...]] | None:
    """Return the images inside the body in order, icons of attachments included."""
    found: dict[str, Image] = {}
    nodes = page.listed["img"]
    texts = frozenset(body.lines)
    for node in nodes[bisect_left(nodes, body.node) : bisect_left(nodes, page.ends[body.node])]:
        if not _is_within(page, body, node, texts) or _is_of_furniture(page, body, node, texts):
            continue
        get = page.elements[node].get
        raw = (get("src") or "").strip()
        if not raw or _BLANK.match(raw):
            raw = next((value for name in _LAZY if (value := get(name))), raw)
        if raw and not raw.startswith("data:") and (src := _resolve(page, raw)):
            found.setdefault(src, Image(src=src, alt=collapse(get("alt") or "") or None))
    if not found:
        return None
    place = page.place(body.node)
    return Finding(
        value=tuple(found.values()), raw=str(len(found)), rule="images:body", place=place, confidence=0.95
    )


def _is_of_furniture(page: Page, body: Body, node: int, texts: frozenset[int]) -> bool:
    """Tell whether an image is of a box within the container that holds no text: the author's portrait."""
    for around in page.ancestors(node):
        if around <= body.node:
            return False
        if is_noise(page.names(around)) and texts.isdisjoint(range(page.first[around], page.last[around])):
            return True
    return False


def _is_within(page: Page, body: Body, node: int, texts: frozenset[int]) -> bool:
    """Tell whether an image stands in the body: not before it or behind it, nor in a row of the files below."""
    number = page.first[node]
    if number == page.last[body.node]:
        return True
    line = page.lines[number]
    if number == body.end:
        return node < line.node or number == body.start
    is_below = number not in texts and page.is_inside(node, line.node) and is_file(page, line)
    return body.start <= number < body.end and not is_below


def find_attachments(page: Page, layout: Layout | None, body: Body) -> Finding[tuple[Attachment, ...]] | None:
    """Return the files that the article offers: in its text, in the list below it, in a viewer."""
    found: dict[str, Attachment] = {}
    for title, raw in _files(page, layout, body):
        href = _resolve(page, raw)
        if href and (href not in found or not found[href].title):
            named = _NAME.search(title or "") or _NAME.search(raw.partition("?")[0])
            found[href] = Attachment(title=title or None, href=href, type=named[1].lower() if named else None)
    if not found:
        return None
    place = page.place(body.node)
    return Finding(
        value=tuple(found.values()), raw=str(len(found)), rule="attachments", place=place, confidence=0.95
    )


def _resolve(page: Page, raw: str) -> str | None:
    return resolve(page.document.base, raw, charset=page.document.charset.name)


def _files(page: Page, layout: Layout | None, body: Body) -> Iterator[tuple[str, str]]:
    """Yield the files in the body, those behind it up to where the page turns to other things, and the layout's."""
    # A body without text is a viewer perhaps, and stands anywhere.
    spans = [range(body.node, _end_of_files(page, body)) if body.lines else range(len(page.tags))]
    spans += [range(node, page.ends[node]) for node, _ in find_nodes(page, layout, "attachments")]
    for span in spans:
        for node in page.links[bisect_left(page.links, span.start) : bisect_left(page.links, span.stop)]:
            yield from _read_link(page, node)
        yield from _read_viewers(page, span)
    for number in _find_files_above(page, body):
        for node in page.links[slice(*page.lines[number].links)]:
            yield from _read_link(page, node)


def _find_files_above(page: Page, body: Body) -> Iterator[int]:
    """Yield the lines between title and text that list files under a label, as boards in Korea and Taiwan do."""
    is_list = False
    for number in range(max(0, body.start - _ABOVE), body.start):
        line = page.lines[number]
        if _LABEL.match(line.text):
            is_list = True
        is_list = is_list and (not line.linked or is_file(page, line))
        if is_list and line.linked:
            yield number


def _end_of_files(page: Page, body: Body) -> int:
    """Return the node behind the body at which its attachments end."""
    inside = page.ends[body.node]
    outer = body.node
    for above in page.ancestors(body.node):
        if above == 0:
            break
        outer = above
        if page.last[above] > body.end + 1:
            break
    last = page.last[body.node]
    stop = min(last + _AFTER, len(page.lines))
    for number in range(last, min(last + _FAR, len(page.lines))):
        text = page.lines[number].text
        if len(text) < 160 and (FURNITURE.search(text) or LABEL.match(text)):
            stop = number
            break
    return bisect_left(page.first, stop, inside, page.ends[outer])


def _read_link(page: Page, node: int) -> Iterator[tuple[str, str]]:
    element = page.elements[node]
    raw = address_of(element)
    if raw is None:
        return
    text = page.text_of(node)
    stated = element.get("sudyfile-attr")
    if stated is None and not (
        _NAME.search(raw.partition("?")[0]) or _DOWNLOAD.search(raw.lower()) or _NAME.search(text)
    ):
        return
    if not text and (named := _TITLE.search(stated or "")):
        text = named[1]
    yield text, raw


def _read_viewers(page: Page, span: range) -> Iterator[tuple[str, str]]:
    """Yield the PDF files that a viewer shows: WebPlus's player, VSB's script, a frame."""
    for tag in ("iframe", "embed", "object"):
        for node in page.listed[tag]:
            raw = page.elements[node].get("src") or page.elements[node].get("data") or ""
            if node in span and ".pdf" in raw.lower():
                yield "", raw
    for node in page.listed["script"]:
        if node in span:
            script = page.elements[node].text or ""
            if ".pdf" in script or ".PDF" in script:
                yield from (("", match[1]) for match in _VIEWER.finditer(script))
    for name, nodes in page.named.items():
        for node in nodes if "player" in name or "pdf" in name else ():
            if node in span and (source := page.elements[node].get("pdfsrc")):
                named = _TITLE.search(page.elements[node].get("sudyfile-attr") or "")
                yield named[1] if named else "", source
