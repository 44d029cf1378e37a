"""Finds the images of a body and the files that an article offers."""

import re
from collections.abc import Iterator

from pipelines.extract.body import Body
from pipelines.extract.navigation import NEIGHBOUR
from pipelines.extract.noise import FURNITURE
from pipelines.extract.layouts import Layout, select
from pipelines.extract.links import address_of
from pipelines.extract.page import Page, collapse
from pipelines.model import Attachment, Finding, Image
from pipelines.uri import resolve

_TYPES = "pdf docx? xlsx? pptx? ppsx? wps et dps ofd odt ods odp rtf txt csv zip rar 7z tar gz caj epub hwp hwpx mp3 mp4 wmv avi flv".split()
_NAME = re.compile(rf"\.({'|'.join(_TYPES)})(?=[?#&)\]】）”\"'\s]|$)", re.IGNORECASE)
_DOWNLOAD = re.compile(
    r"download\.(?:jsp|asp|php|do)|wbfileid=|/download/|downloadfile|filedown|/attach|attachment|fileid=|/file/[0-9a-f]{16}|virtual_attach_file",
    re.IGNORECASE,
)
_VIEWER = re.compile(
    r"(?:showVsbpdfIframe|pdfsrc|showPdf\w*)\s*[(=]\s*[\"']([^\"']+\.pdf[^\"']*)[\"']", re.IGNORECASE
)
_TITLE_ATTRIBUTE = re.compile(r"['\"]title['\"]\s*:\s*['\"]([^'\"]+)['\"]")
_LAZY = ("data-src", "data-original", "data-lazy-src", "data-echo", "_src", "original")
_BLANK = re.compile(
    r"^data:|(?:blank|loading|lazy|placeholder|grey|1x1|pixel)[\w.-]*\.(?:gif|png|svg|jpg)$", re.IGNORECASE
)


def _resolve(page: Page, raw: str) -> str | None:
    return resolve(page.document.base, raw, charset=page.document.charset.name)


def find_images(page: Page, body: Body) -> Finding[tuple[Image, ...]] | None:
    """Return the images inside the body, icons of attachments included, in order."""
    found: dict[str, Image] = {}
    for node in _inside(page, body):
        if page.tags[node] != "img":
            continue
        get = page.elements[node].get
        raw = (get("src") or "").strip()
        if not raw or _BLANK.search(raw):
            raw = next((value for name in _LAZY if (value := get(name))), raw)
        if raw and not raw.startswith("data:") and (src := _resolve(page, raw)):
            found.setdefault(src, Image(src=src, alt=collapse(get("alt") or "") or None))
    if not found:
        return None
    return Finding(
        value=tuple(found.values()), raw=str(len(found)), rule="body", place=page.place(body.node), confidence=0.95
    )


def _inside(page: Page, body: Body) -> Iterator[int]:
    """Yield the nodes of the body's part of its container."""
    for node in range(body.node, page.ends[body.node]):
        if (
            page.first[node] >= body.start
            and page.first[node] < max(body.end, body.start + 1)
            or (page.first[node] == body.end and page.last[node] == body.end and body.end == page.last[body.node])
        ):
            yield node


def find_attachments(page: Page, layout: Layout | None, body: Body) -> Finding[tuple[Attachment, ...]] | None:
    """Return the files that the article offers: in its text, in the list below it, in a viewer."""
    found: dict[str, Attachment] = {}
    for node in _near(page, layout, body):
        for title, raw in _files_of(page, node):
            href = _resolve(page, raw)
            if href and (href not in found or not found[href].title):
                named = _NAME.search(title or "") or _NAME.search(raw.partition("?")[0])
                found[href] = Attachment(title=title or None, href=href, type=named[1].lower() if named else None)
    if not found:
        return None
    return Finding(
        value=tuple(found.values()), raw=str(len(found)), rule="files", place=page.place(body.node), confidence=0.95
    )


def _near(page: Page, layout: Layout | None, body: Body) -> Iterator[int]:
    """Yield the nodes of the body, and those behind it up to where the page turns to other things."""
    yield from range(body.node, page.ends[body.node])
    last = body.lines[-1] if body.lines else body.start
    outer = body.node
    for above in page.ancestors(body.node):
        if page.tags[above] in ("body", "html"):
            break
        outer = above
        if page.last[above] > body.end + 1:
            break
    stop = _stop_of(page, page.last[body.node])
    for node in range(page.ends[body.node], page.ends[outer]):
        if page.first[node] < stop:
            yield node
    for node in select(page, layout.attachments) if layout else ():
        yield from range(node, page.ends[node])


def _stop_of(page: Page, start: int) -> int:
    """Return the first line behind the body that turns to other things, or that is far from it."""
    for number in range(start, min(start + 80, len(page.lines))):
        text = page.lines[number].text
        if len(text) < 160 and (FURNITURE.search(text) or NEIGHBOUR.match(text)):
            return number
    return min(start + 30, len(page.lines))


def _files_of(page: Page, node: int) -> Iterator[tuple[str, str]]:
    tag, element = page.tags[node], page.elements[node]
    get = element.get
    if tag == "a":
        raw = address_of(element)
        if raw is None:
            return
        text = collapse("".join(element.itertext()))
        path = raw.partition("?")[0]
        stated = get("sudyfile-attr")
        if stated is not None or _NAME.search(path) or _DOWNLOAD.search(raw) or _NAME.search(text):
            if not text and stated and (named := _TITLE_ATTRIBUTE.search(stated)):
                text = named[1]
            yield text, raw
    elif tag in ("iframe", "embed", "object"):
        raw = get("src") or get("data") or ""
        if ".pdf" in raw.lower():
            yield "", raw
    elif tag == "script":
        for match in _VIEWER.finditer(element.text or ""):
            yield "", match[1]
    elif raw := get("pdfsrc"):
        stated = _TITLE_ATTRIBUTE.search(get("sudyfile-attr") or "")
        yield stated[1] if stated else "", raw
