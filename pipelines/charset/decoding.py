"""Decodes the bytes of a page: which charset, why, and what could not be read.

A browser believes the declaration (WHATWG HTML §13.2.3), and its reader mends the page that lies. Here nobody looks
on, so a declaration is believed where the text that it gives looks like text, and the rest is measured. Bytes are
decoded again, never the text.
"""

import re

from pipelines.charset.labels import to_codec
from pipelines.charset.measure import cost, is_plausible, measure, take_sample
from pipelines.model import Charset

PRESCAN = 16384
"""Bytes searched for a declaration; browsers search 1024, many old pages declare below their scripts."""

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.IGNORECASE)
_META = re.compile(
    # Whatever the attribute is called: <meta httpequiv="Content-Type" content="text/html; charset=gb2312">
    rb"<meta\b[^<>]*?charset\s*=\s*[\"']?\s*([a-z0-9_.:-]+)"
)
_CHARSET = re.compile(rb"charset")
_XML = re.compile(rb"\s*<\?xml\b[^<>]*?encoding\s*=\s*[\"']([a-z0-9_.:-]+)")
_LEAD = re.compile(rb"[\xc2-\xf4]")

_SURELY_UTF8 = 12
"""So many characters in a row do not happen to be UTF-8: in GB2312 three characters in four break its rules."""
_EUC_JP_WITH_NEC = "euc_jis_2004"
"""EUC-JP as browsers read it has ① and ㈱ (NEC row 13), which Python's codec lacks and this one has."""

_DECLARED_BITS = 12.0
"""How much better (in bits) another reading must be than the declared one: one page in thousands lies."""


def decode(payload: bytes, *, content_type: str | None = None) -> tuple[str, Charset]:
    """Return the text of a page and how its charset was found.

    ``payload`` is the page after content decoding; ``content_type`` is the value of its Content-Type field.
    Witnesses in their order: a byte order mark, the header, the page's own declarations, measurement. Bytes that
    the charset has no character for become U+FFFD and are counted.
    """
    for bom, codec in _BOMS:
        if payload.startswith(bom):
            return _decoded(payload[len(bom) :], codec, "bom", _declarations(payload, content_type))
    declared = _declarations(payload, content_type)
    text = _read_utf8(payload)
    codec, reason = _choose(payload, declared, is_utf8=text is not None)
    return _decoded(payload, codec, reason, declared, text if codec == "utf-8" else None)


def _declarations(payload: bytes, content_type: str | None) -> tuple[tuple[str, str], ...]:
    """Return the labels declared and by whom, as written, in the order of their authority."""
    labels = []
    if header := _HEADER.search(content_type or ""):
        labels.append((header[1], "header"))
    head = payload[:PRESCAN]
    folded = head.lower()
    spans = [xml.span(1)] if (xml := _XML.match(folded)) else []
    tags = dict.fromkeys(folded.rfind(b"<", 0, word.start()) for word in _CHARSET.finditer(folded))
    spans += [
        meta.span(1)
        for tag in tags
        if tag >= 0
        and (meta := _META.match(folded, tag))
        and head.rfind(b"<!--", 0, tag) <= head.rfind(b"-->", 0, tag)
    ]
    labels += [(head[start:end].decode("ascii"), "meta") for start, end in spans]
    return tuple(labels)


def _choose(payload: bytes, declared: tuple[tuple[str, str], ...], *, is_utf8: bool) -> tuple[str, str]:
    """Return the codec and the reason for it."""
    claims = {codec: reason for label, reason in declared if (codec := to_codec(label))}
    if wide := _find_utf16(payload):
        return wide, claims.get(wide, "measured")
    # A page whose declaration could be read byte by byte is not in UTF-16 (WHATWG HTML §13.2.3.2).
    claims = {"utf-8" if codec.startswith("utf-16") else codec: reason for codec, reason in claims.items()}
    if payload.isascii():
        return _choose_for_ascii(payload, claims)
    if is_utf8 and (not claims or "utf-8" in claims or len(_LEAD.findall(payload)) >= _SURELY_UTF8):
        return "utf-8", claims.get("utf-8", "measured")
    sample = take_sample(payload)
    for codec, reason in claims.items():
        if is_plausible(sample, codec):
            return codec, reason
    costs = measure(sample)
    for codec in claims:
        costs[codec] = costs.get(codec, cost(sample, codec)) - _DECLARED_BITS
    best = min(costs, key=lambda codec: costs[codec])
    return best, claims.get(best, "measured")


def _find_utf16(payload: bytes) -> str | None:
    """Tell UTF-16 without a byte order mark by the NUL bytes beside its ASCII characters."""
    start = payload[:256]
    if not len(start) / 4 <= start.count(0) < len(start) * 3 / 4 or not start:
        return None
    return "utf-16-be" if start[::2].count(0) > start[1::2].count(0) else "utf-16-le"


def _choose_for_ascii(payload: bytes, claims: dict[str, str]) -> tuple[str, str]:
    if b"\x1b$" in payload:  # ISO-2022-JP writes Japanese in seven bits
        return "iso2022_jp", claims.get("iso2022_jp", "measured")
    return next(iter(claims.items()), ("utf-8", "default"))


def _read_utf8(payload: bytes) -> str | None:
    """Return the text if the payload is UTF-8 throughout; its end may be cut off."""
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and error.start > 0:
            return payload.decode("utf-8", "replace")
    return None


def _decoded(
    payload: bytes, codec: str, reason: str, declared: tuple[tuple[str, str], ...], text: str | None = None
) -> tuple[str, Charset]:
    """Return the text and its charset; ``text`` is the payload decoded, where that is done already."""
    if text is None:
        text = payload.decode(codec, "replace")
    if codec == "euc_jp" and "\ufffd" in text:
        text = min((text, payload.decode(_EUC_JP_WITH_NEC, "replace")), key=lambda text: text.count("\ufffd"))
    undecodable = text.count("\ufffd")
    if undecodable:  # pages may also hold the character itself
        undecodable = max(undecodable - payload.count("\ufffd".encode(codec, "ignore") or payload + b"."), 0)
    labels = tuple(label for label, _ in declared)
    return text, Charset(name=codec, reason=reason, declared=labels, undecodable=undecodable)
