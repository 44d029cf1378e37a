"""Whose an address is: its host, its domain, what kind of file it names."""

import functools
import re
from collections.abc import Collection

from publicsuffixlist import PublicSuffixList

from pipelines.uri.parts import is_ip, split, split_authority


def host_of(uri: str) -> str:
    """Return the host in lower case, with the port where it is not the scheme's own; empty without a host.

    >>> host_of("HTTP://News.X.edu.cn:80/a"), host_of("http://127.0.0.1:8001/")
    ('news.x.edu.cn', '127.0.0.1:8001')
    """
    parts = split(uri)
    return f"{parts.host}:{parts.port}" if parts.port else parts.host


def in_domains(uri: str, domains: Collection[str]) -> bool:
    """Tell whether the URI's host is one of ``domains`` or lies below one; ports must be the same."""
    host = host_of(uri)
    return bool(host) and any(host == name or host.endswith("." + name) for name in map(str.lower, domains))


def registrable_domain(host: str) -> str:
    """Return the domain somebody registered (``henu.edu.cn``), by the Public Suffix List that is installed.

    ``host`` is as :func:`host_of` returns it. An IP literal keeps its port: what listens there is all that is
    known of it. A host that is itself a public suffix, or a bare name, stands for itself.
    """
    name, _ = split_authority(host)
    if is_ip(name):
        return host.lower()
    return _suffixes().privatesuffix(name.rstrip(".")) or name


@functools.cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


_EXTENSION = re.compile(r"\.([A-Za-z0-9]{1,8})\Z")


def extension(uri: str) -> str | None:
    """Return the extension of the path in lower case, without the dot.

    >>> extension("http://x.edu.cn/a/b.PDF?x=1.zip"), extension("http://x.edu.cn/a.b/c")
    ('pdf', None)
    """
    match = _EXTENSION.search(split(uri).path.rpartition("/")[2])
    return match[1].lower() if match else None
