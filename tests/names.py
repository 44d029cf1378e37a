"""Names that resolve as a test says, in processes of their own: name servers are beyond a test's reach."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

CUSTOMIZE = """
import socket

NAMES = {names!r}
ask = socket.getaddrinfo


def getaddrinfo(host, *args, **kwargs):
    host = host.decode("ascii") if isinstance(host, bytes) else host
    return ask(NAMES.get(host, host), *args, **kwargs)


def gethostbyname(host):
    return getaddrinfo(host, None, socket.AF_INET)[0][4][0]


socket.getaddrinfo, socket.gethostbyname = getaddrinfo, gethostbyname
"""
"""Python runs a module of this name as it starts (documentation of ``site``)."""


def write_names(folder: Path, names: Mapping[str, str]) -> Path:
    """Return a folder for PYTHONPATH that makes these names resolve to these addresses."""
    (folder / "sitecustomize.py").write_text(CUSTOMIZE.format(names=dict(names)), "utf-8")
    return folder
