"""The urlkey: addresses in the form that archives look them up by."""

import re
from urllib.parse import quote, quote_from_bytes, unquote_to_bytes

from pipelines.uri.parts import split, to_ascii

_SESSION_QUERY = re.compile(
    r"(?:(?:jsessionid|phpsessid|sid)=[0-9a-z]{32}|aspsessionid[a-z]{8}=[a-z]{24}"
    r"|cfid=[^&]{1,64}&cftoken=[^&]{1,64})(?:&|\Z)",
    re.IGNORECASE,
)
_SESSION_PATH = re.compile(r"/(?:\((?:[a-z]\([0-9a-z]{24}\))+\)|\([0-9a-z]{24}\))(?=/)", re.IGNORECASE)
"""ASP.NET puts the session into the path: ``/(S(4hqa0555fwsecu455xqckv45))/page.aspx``."""
_ROUNDS = 16
"""How many layers of percent-encoding are undone; no end to it would make the time grow with the square."""
WWW = re.compile(r"\Awww\d*\.")
_KEY_SAFE = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"


def urlkey(uri: str) -> str:
    """Return the SURT form that a CDXJ is sorted by: for look-up only, never to be asked for.

    Equals what cdxj-indexer and pywb make (package ``surt``, default canonicaliser) of http and https URIs.

    >>> urlkey("https://www.News.X.edu.cn/Info/1.htm?b=2&a=1#top")
    'cn,edu,x,news)/info/1.htm?a=1&b=2'
    """
    return surt(uri).lower()


def surt(uri: str) -> str:
    """Return the urlkey with the case of path and query kept."""
    parts = split(uri.strip().translate({9: None, 10: None, 13: None}))
    host = WWW.sub("", _unquote(parts.host).strip("."))
    if not host.isascii():
        host = to_ascii(host) or quote(host)
    key = host if host.startswith("[") else ",".join(reversed(host.split(".")))
    key += f":{parts.port})" if parts.port else ")"
    path = _key_path(parts.path)
    if ".aspx" in path.lower():
        path = _SESSION_PATH.sub("", path)
    key += path[:-1] if len(path) > 1 and path.endswith("/") else path
    if parts.query:
        query = _SESSION_QUERY.sub("", _unquote_and_quote(parts.query))
        if query:
            fields = sorted(query.split("&"), key=lambda field: field.lower().split("=", 1))
            key += "?" + "&".join(fields)
    return key


def _key_path(path: str) -> str:
    kept: list[str] = []
    *folders, name = _unquote_and_quote(path).split("/")[1:] or [""]
    for segment in folders:
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(segment)
    if name == "..":
        del kept[-1:]
    return "/" + "/".join([*kept, "" if name in (".", "..") else name])


def _unquote_and_quote(text: str) -> str:
    if text.isascii() and "%" not in text and " " not in text:
        return text
    return quote_from_bytes(_unquote_fully(text), safe=_KEY_SAFE)


def _unquote(text: str) -> str:
    return _unquote_fully(text).decode("utf-8", "replace") if "%" in text else text


def _unquote_fully(text: str) -> bytes:
    """Undo percent-encoding until nothing is left of it (%2525 → %), as SURT does."""
    data = text.encode("utf-8", "replace")
    for _ in range(_ROUNDS):
        if (plain := unquote_to_bytes(data)) == data:
            break
        data = plain
    return data
