"""Opens a page: bytes → text → tree, parsed once.

lxml parses. Where its tree lacks the end of the page, the usual causes are mended in the source and it is parsed
again; where that does not help, Beautiful Soup is asked.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from lxml import etree
from lxml.html import HtmlElement, HTMLParser

from pipelines import charset
from pipelines.content_coding import decode_content
from pipelines.mending import has_lost_text, is_split, join_pages, mend, will_be_split
from pipelines.model import Capture, Document, Header, Hints, Site
from pipelines.uri import resolve
from pipelines.weight import cut_attributes

__all__ = ["decode_content", "decode_payload", "is_html", "open_capture", "open_document"]

# Comments are dropped because every rule would have to step over them: a row in a comment is no row of a listing,
# and a comment in the middle of a sentence does not split it.
_PARSER = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
# lxml's own look-up asks Python for the class of every element that is touched: a third of a walk over the tree.
_PARSER.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))

_BOMS = re.compile(b"(?:\xef\xbb\xbf)+")
_CUT_TAG = re.compile(rb"</[A-Za-z]{1,10}(?=</)")
"""An end tag cut off by a CMS that shortens titles with their markup: ``<a><strong>title</stro</a>`` (DedeCMS)."""


def open_document(
    payload: bytes,
    *,
    uri: str,
    headers: Sequence[Header] = (),
    captured_at: datetime | None = None,
    hints: Hints = Hints(),  # noqa: B008 (frozen)
    site: Site | None = None,
) -> Document:
    """Return the page in ``payload`` (content coding undone), whatever its bytes are.

    ``uri`` is where it was captured, ``headers`` those of the response. An empty payload gives an empty tree.
    """
    content_type = _find_header(headers, "content-type")
    text, how = charset.decode(payload, content_type=content_type)
    # Text that was strict UTF-8 need not be encoded again for the parser.
    root = parse(text, payload if how.name == "utf-8" and not how.undecodable else None)
    return Document(
        uri=uri,
        base=_find_base(root, uri),
        text=text,
        charset=how,
        root=root,
        captured_at=captured_at,
        hints=hints,
        site=site,
    )


def open_capture(capture: Capture, site: Site | None = None) -> Document:
    """Return the page that a capture holds. Raises :class:`pipelines.errors.ContentError`."""
    return open_document(
        decode_payload(capture),
        uri=capture.target_uri,
        headers=capture.headers,
        captured_at=capture.captured_at,
        hints=capture.hints,
        site=site,
    )


def decode_payload(capture: Capture) -> bytes:
    """Return the payload without its content codings. Raises :class:`pipelines.errors.ContentError`."""
    codings = ",".join(value for name, value in capture.headers if name.lower() == "content-encoding")
    return decode_content(capture.payload, codings)


def parse(text: str, data: bytes | None = None) -> HtmlElement:
    """Return the tree of a page's source: always one ``html`` element, without comments.

    ``data`` is the source in UTF-8, if the caller has it.
    """
    goes_on = will_be_split(text)
    if goes_on:
        text = join_pages(text)
    root = _parse(text if goes_on else data or text)
    if not goes_on and is_split(root):
        text = join_pages(text)
        root = _parse(text)
    if not has_lost_text(text, root):
        return root
    mended = mend(text)
    readings = [root, _parse(mended)]
    if not has_lost_text(mended, readings[1]):
        return readings[1]
    from pipelines.soup import read_with_soup  # few pages need it, and it is slow to import

    if (flat := read_with_soup(mended)) is not None:
        readings.append(_parse(flat))
    return max(readings, key=lambda reading: len(reading.xpath("string()")))


def _parse(source: str | bytes) -> HtmlElement:
    data = source if isinstance(source, bytes) else source.encode("utf-8")
    if marks := _BOMS.match(data):
        data = data[marks.end() :]
    # NUL means nothing in HTML text (WHATWG HTML §13.2.6.4.7), and older versions of libxml2 end the page there.
    data = cut_attributes(_CUT_TAG.sub(b"", data.replace(b"\0", b"")))
    root = etree.fromstring(data, _PARSER) if data.strip() else None
    return _PARSER.makeelement("html") if root is None else root


def _find_header(headers: Sequence[Header], name: str) -> str | None:
    return next((value for key, value in reversed(headers) if key.lower() == name), None)


def _find_base(root: HtmlElement, uri: str) -> str:
    """Return what relative links resolve against: the first ``base`` with an address (WHATWG HTML §4.2.3)."""
    for element in root.iter("base"):
        if href := element.get("href"):
            return resolve(uri, href) or uri
    return uri


# ── is it a page at all ────────────────────────────────────────────────────────────────────────────────────

_SIGNATURES = (
    b"%PDF-", b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b",
    b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"RIFF", b"\x00\x00\x01\x00", b"ID3", b"OggS", b"FLV", b"FWS",
    b"CWS", b"MZ", b"\x7fELF", b"BZh", b"\xfd7zXZ", b"wOFF", b"wOF2", b"\x1aE\xdf\xa3", b"%!PS",
)  # fmt: skip
"""First bytes of files (WHATWG MIME Sniffing §6 and the types of attachments); PDF as ``.html`` was seen."""
_BEFORE_MARKUP = r"\s*(?:<\?xml[^<>]*>\s*)?(?:<!--(?:(?!-->).){0,2048}-->\s*)*<"
_MARKUP = re.compile(
    # WHATWG MIME Sniffing §7.1, with more elements that fragments of pages begin with.
    f"{_BEFORE_MARKUP}(?:!doctype\\s+html|html|head|body|title|meta|link|base|script|style|iframe|frameset|h[1-6]|div|font|"
    r"table|a|b|br|p|span|center|img|form|ul|ol|section|article|main|header)\b".encode(),
    re.IGNORECASE | re.DOTALL,
)
_OTHER_MARKUP = re.compile(
    f"{_BEFORE_MARKUP}(?:rss|feed|rdf:rdf|urlset|sitemapindex|svg)\\b".encode(), re.IGNORECASE | re.DOTALL
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HTML_TYPES = ("text/html", "application/xhtml+xml")


def is_html(payload: bytes, headers: Sequence[Header] = ()) -> bool:
    """Tell whether a payload (content coding undone) is a page, by its bytes first and its Content-Type second."""
    start = payload[:8192]
    bare = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _MARKUP.match(bare):
        return True
    if bare.startswith(_SIGNATURES) or start[4:8] == b"ftyp" or _OTHER_MARKUP.match(bare):
        return False
    if not start.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")) and (
        len(_CONTROL.findall(start)) * 20 > len(start)
    ):
        return False
    content_type = (_find_header(headers, "content-type") or "text/html").partition(";")[0].strip().lower()
    return content_type in _HTML_TYPES
