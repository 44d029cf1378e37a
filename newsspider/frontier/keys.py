"""What addresses are compared by. A key is for looking up; the target URI that is asked for is never altered."""

import re
from urllib.parse import urlsplit

SESSION = re.compile(
    r";jsessionid=[^?#]*|(?<=[?&])(?:jsessionid|phpsessid|aspsessionid\w*|sessionid|sid)=[0-9a-z._-]{16,}&?",
    re.IGNORECASE,
)
"""A session in the address: every visit sees another one, and the page is the same."""

NUMBER = re.compile(r"\d+")

VALUE = re.compile(r"=[^&]*\d[^&]*")


def look_up_key(uri: str) -> str:
    """Return what makes two addresses one page: http and https answer alike, sessions do not count.

    >>> look_up_key("https://A.example:443/x.jsp;jsessionid=0123456789ABCDEF?b=1&a=2")
    'a.example/x.jsp?b=1&a=2'
    """
    parts = urlsplit(SESSION.sub("", uri))
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    query = f"?{parts.query.rstrip('&')}" if parts.query else ""
    return f"{parts.hostname}{port}{parts.path or '/'}{query}"


def shape_of(uri: str) -> str:
    """Return what addresses have in common that differ only in their numbers.

    >>> shape_of("https://a.example/calendar/2026/05?day=2026-05-01&view=list")
    'a.example/calendar/0/0?day=0&view=list'
    """
    path, question, query = look_up_key(uri).partition("?")
    host, slash, rest = path.partition("/")
    return f"{host}{slash}{NUMBER.sub('0', rest)}{question}{VALUE.sub('=0', query)}"
