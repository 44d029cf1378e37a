"""Splits addresses into their parts."""

import ipaddress
import re
from dataclasses import dataclass

DEFAULT_PORTS = {"http": "80", "https": "443", "ftp": "21"}

# RFC 3986 appendix B, with the parts we need in named groups. Linear: every class excludes its terminator.
_PARTS = re.compile(
    r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):)?(?://(?P<authority>[^/?#]*))?"
    r"(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#.*)?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of an address that tell something."""

    scheme: str
    host: str
    port: str
    """Empty where it is the scheme's own."""
    path: str
    query: str | None


def split(uri: str) -> Parts:
    """Split any string; what is missing is empty. The fragment is dropped."""
    match = _PARTS.match(uri)
    assert match is not None  # every group is optional
    scheme = (match["scheme"] or "").lower()
    host, port = split_authority(match["authority"] or "")
    if port == DEFAULT_PORTS.get(scheme):
        port = ""
    return Parts(scheme=scheme, host=host, port=port, path=match["path"], query=match["query"])


def split_authority(authority: str) -> tuple[str, str]:
    """Return host (lower case, an IPv6 address in its brackets) and port; user information is dropped."""
    authority = authority.rpartition("@")[2].lower()
    host, colon, port = authority.rpartition(":")
    if colon and port.isdecimal():
        return host, port.lstrip("0") or "0"
    return (host if colon and not port else authority), ""


_FORBIDDEN_HOST = re.compile(r"[\x00-\x20#%/<>?@\[\\\]^|\x7f]")  # WHATWG URL §3.1, forbidden domain code points


def to_ascii(host: str) -> str | None:
    """Return a host (lower case) as it stands in an address, international names in Punycode; None if invalid."""
    if host.startswith("[") and host.endswith("]"):
        return host if is_ip(host) else None
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    return host if host and ":" not in host and not _FORBIDDEN_HOST.search(host) else None


def is_ip(host: str) -> bool:
    """Tell whether a host is an IP literal, with or without the brackets of IPv6."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
