"""Resolves the addresses that a page writes, as a browser does."""

import functools
import re
from urllib.parse import quote, quote_from_bytes

from pipelines.uri.parts import DEFAULT_PORTS, split, split_authority, to_ascii

SCHEMES = frozenset({"http", "https", "ftp"})
"""What a link may lead to; mailto:, javascript:, tel: and the like name no page."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_PLAIN = re.compile(
    r"/?[A-Za-z0-9_~!$&()*+,;=@-][A-Za-z0-9_~!$&()*+,;=@./-]*(?:\?[A-Za-z0-9_~!$&()*+,;=@:./?%-]*)?"
)
"""A relative address that joins by concatenation: no scheme, no host, nothing to escape."""
_PLAIN_ABSOLUTE = re.compile(
    r"https?://[a-z0-9.-]+/[A-Za-z0-9_~!$&()*+,;=@./-]*(?:\?[A-Za-z0-9_~!$&()*+,;=@:./?%-]*)?"
)
_DOT = re.compile(r"\.|%2e", re.IGNORECASE)
_DOUBLE_DOT = re.compile(r"(?:\.|%2e){2}", re.IGNORECASE)

# WHATWG URL §1.3: what the path and the special-query percent-encode sets leave alone, besides letters and digits;
# but not \ ^ ` { | }, which browsers send as they are and RFC 3986 §2 has no place for: a WARC could not name the page.
_PATH_SAFE = "!$%&'()*+,-./:;=@[]_~"
_QUERY_SAFE = "!$%&()*+,-./:;=?@[]_~"
_CHARACTER_REFERENCE = re.compile(rb"&#(\d+);")

MAX_LENGTH = 8192
"""Longest address taken for one, in characters; RFC 9110 §4.1 asks for 8000 octets at least."""


def resolve(base: str, href: str, *, charset: str = "utf-8") -> str | None:
    """Return the absolute URI that ``href`` means on a page at ``base``, or None where it names no page.

    Follows the WHATWG URL standard: white space and line breaks inside are dropped, ``\\`` reads as ``/``,
    non-ASCII is percent-encoded, in the path as UTF-8 and in the query in the page's ``charset`` (a Python
    codec). The fragment is dropped; the query is never altered otherwise.

    >>> resolve("http://a.edu.cn/x/list.htm", "../info/1/2.htm#top")
    'http://a.edu.cn/info/1/2.htm'
    """
    if len(href) > MAX_LENGTH:
        return None
    up = 0
    rest = href
    while rest.startswith("../"):
        rest = rest[3:]
        up += 1
    if _PLAIN.fullmatch(rest) and "/." not in rest:
        origin, folders = _folders(base)
        if origin:
            if not rest.startswith("/"):
                return folders[max(len(folders) - 1 - up, 0)] + rest
            if not up:
                return origin + rest
    elif _PLAIN_ABSOLUTE.fullmatch(href) and "/." not in href:
        return href
    return _resolve_by_the_book(base, href, charset)


def is_page_address(uri: str) -> bool:
    """Tell whether an address names a page of the web by itself.

    >>> is_page_address("http://x.edu.cn/1.htm"), is_page_address("x.edu.cn/1.htm"), is_page_address("ftp://x.cn/")
    (True, False, False)
    >>> is_page_address("http://[::1/"), is_page_address("http://x edu.cn/")
    (False, False)
    """
    return uri.startswith(("http://", "https://")) and to_ascii(split(uri).host) is not None


@functools.lru_cache(maxsize=256)
def _folders(base: str) -> tuple[str, tuple[str, ...]]:
    """Return the origin of ``base`` and the addresses of its folders, from the root down to its own."""
    parts = split(base)
    if not parts.host or not parts.scheme:
        return "", ()
    origin = f"{parts.scheme}://{parts.host}" + (f":{parts.port}" if parts.port else "")
    folders = [origin + "/"]
    for name in _normal_path(parts.path).split("/")[1:-1]:
        folders.append(f"{folders[-1]}{name}/")
    return origin, tuple(folders)


def _resolve_by_the_book(base: str, href: str, charset: str) -> str | None:
    href = href.strip("".join(map(chr, range(0x21)))).translate({9: None, 10: None, 13: None})
    href, _, _ = href.partition("#")
    scheme = _SCHEME.match(href)
    if scheme and scheme[1].lower() not in SCHEMES:
        return None
    before_query, question, query = href.partition("?")
    before_query = before_query.replace("\\", "/")
    if scheme:
        own, rest = scheme[1].lower(), before_query[scheme.end() :]
        if rest.startswith("//") or own != split(base).scheme:
            return _absolute(own, rest.lstrip("/"), question, query, charset)
        before_query = rest  # «http:news.htm» is relative, WHATWG URL §4.4, special relative or authority state
    origin, folders = _folders(base)
    if not origin:
        return None
    parts = split(base)
    if before_query.startswith("//"):
        return _absolute(parts.scheme, before_query.lstrip("/"), question, query, charset)
    if before_query:
        folder = "" if before_query.startswith("/") else folders[-1][len(origin) :]
        path = _normal_path(folder + before_query)
    else:
        path = _normal_path(parts.path)
        if not question:
            question, query = ("?", parts.query) if parts.query is not None else ("", "")
    return origin + path + question + _quote_query(query, charset)


def _absolute(scheme: str, rest: str, question: str, query: str, charset: str) -> str | None:
    authority, _, path = rest.partition("/")
    host, port = split_authority(authority)
    ascii_host = to_ascii(host)
    if ascii_host is None:
        return None
    port = "" if port == DEFAULT_PORTS[scheme] else port
    if port and int(port[:6]) > 65535:
        return None
    origin = f"{scheme}://{ascii_host}" + (f":{port}" if port else "")
    return origin + _normal_path("/" + path) + question + _quote_query(query, charset)


def _normal_path(path: str) -> str:
    """Resolve dot segments (RFC 3986 §5.2.4) and percent-encode what may not stand in a path."""
    if "." in path or "%" in path:
        kept: list[str] = []
        segments = path.split("/")[1:]
        for index, segment in enumerate(segments, 1):
            if double := _DOUBLE_DOT.fullmatch(segment):
                del kept[-1:]
            if not double and not _DOT.fullmatch(segment):
                kept.append(segment)
            elif index == len(segments):
                kept.append("")
        path = "/" + "/".join(kept)
    return quote(path, safe=_PATH_SAFE, errors="replace") if path else "/"


def _quote_query(query: str, charset: str) -> str:
    if query.isascii():
        return quote(query, safe=_QUERY_SAFE)
    # WHATWG URL §1.3, percent-encode after encoding: UTF-16 pages send UTF-8, and what the page's charset lacks
    # goes as a numeric character reference. No «&#» can stand in a query otherwise: the fragment is gone.
    codec = "utf-8" if charset.startswith("utf") else charset
    data = query.encode("utf-8", "replace").decode("utf-8").encode(codec, "xmlcharrefreplace")
    return quote_from_bytes(_CHARACTER_REFERENCE.sub(rb"%26%23\1%3B", data), safe=_QUERY_SAFE)
