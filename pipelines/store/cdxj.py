"""The index beside each WARC: sorted CDXJ lines as pywb reads them.

A line is ``urlkey timestamp {json}``. The urlkey is only for look-up: it forgets case, ``www.``, session ids, and
the order of the query.
"""

import json
import re
from collections.abc import Iterable
from urllib.parse import quote_from_bytes, unquote_to_bytes

from pipelines.model import Capture

PRINTABLE = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"
"""What need not be escaped in a urlkey: printable ASCII but ``#`` and ``%``."""
WWW = re.compile(r"www\d*\.")
SESSION_QUERY = re.compile(
    r"(?:(?:jsession|phpsess|s)id=[0-9a-z]{32}|aspsessionid[a-z]{8}=[a-z]{24}|cfid=[^&]{1,64}&cftoken=[^&]{1,64})(?:&|$)"
)
SESSION_PATH = re.compile(r"/\((?:[a-z]\([0-9a-z]{24}\))+\)(?=/)|/\([0-9a-z]{24}\)(?=/)")
"""ASP.NET puts the session into the path: ``/(S(4hqa0555fwsecu455xqckv45))/page.aspx``."""
DEFAULT_PORTS = {"http": "80", "https": "443"}
ROUNDS = 8
"""How often a doubly escaped address is unescaped."""


def to_urlkey(uri: str) -> str:
    """Return the SURT form of a URI, as the Internet Archive's tools and pywb compute it.

    >>> to_urlkey("https://www.News.example.edu.cn:443/info/1021//3456.htm?b=2&A=1#top")
    'cn,edu,example,news)/info/1021/3456.htm?a=1&b=2'
    """
    scheme, _, rest = uri.partition("#")[0].partition("://")
    end = min((at for mark in "/?" if (at := rest.find(mark)) >= 0), default=len(rest))
    authority = rest[:end].rpartition("@")[2]
    path, _, query = rest[end:].partition("?")
    host, port = _split_port(authority)
    if port == DEFAULT_PORTS.get(scheme.lower()):
        port = ""
    key = f"{_reversed_host(host)}{':' if port else ''}{port}){_plain_path(path)}"
    query = _plain_query(query)
    return f"{key}?{query}" if query else key


def _split_port(authority: str) -> tuple[str, str]:
    host, colon, port = authority.rpartition(":")
    return (host, port) if colon and port.isdecimal() else (authority.removesuffix(":"), "")


def _escaped(text: str) -> str:
    data = text.encode("utf-8", "surrogatepass")
    for _ in range(ROUNDS):
        if (plainer := unquote_to_bytes(data)) == data:
            break
        data = plainer
    return quote_from_bytes(data, safe=PRINTABLE).lower()


def _reversed_host(host: str) -> str:
    host = host.removeprefix("[").removesuffix("]")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            host = _escaped(host)
    host = _escaped(host).replace("..", ".").strip(".")
    if match := WWW.match(host):
        host = host[match.end() :]
    return ",".join(reversed(host.split(".")))


def _plain_path(path: str) -> str:
    kept: list[str] = []
    for part in _escaped(path).split("/")[1:]:
        if part == ".." and kept:
            kept.pop()
        elif part != ".":
            kept.append(part)
    plain = "/" + "/".join([part for part in kept[:-1] if part] + kept[-1:])
    if ".aspx" in plain:
        plain = SESSION_PATH.sub("", plain, count=1)
    return plain.removesuffix("/") or "/"


def _plain_query(query: str) -> str:
    plain = SESSION_QUERY.sub("", _escaped(query), count=1)
    return "&".join(sorted(plain.split("&"), key=lambda pair: pair.replace("=", "\0", 1)))


def to_cdxj(capture: Capture) -> str | None:
    """Return the index line of a capture; None for an attempt without a response."""
    if capture.place is None or capture.status is None:
        return None
    mime = (capture.header("Content-Type") or "").partition(";")[0].strip().lower()
    fields = {
        "url": capture.target_uri,
        "mime": "warc/revisit" if capture.profile else mime if mime and " " not in mime else "unk",
        "status": str(capture.status),
        "digest": capture.payload_digest or "-",
        "length": str(capture.place.length),
        "offset": str(capture.place.offset),
        "filename": capture.place.warc,
    }
    return f"{to_urlkey(capture.target_uri)} {capture.captured_at:%Y%m%d%H%M%S} {json.dumps(fields)}\n"


def to_index(lines: Iterable[str]) -> bytes:
    """Return the index: its lines in the order of their bytes, which is what a binary search in it expects."""
    return "".join(sorted(lines)).encode()
