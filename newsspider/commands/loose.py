"""Reads a page that a person names: a file, standard input, or an address that the archive holds."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import InputError

if TYPE_CHECKING:
    from pipelines.model import Site


def read_input(file: str) -> bytes:
    """Return the bytes of a file, or of standard input for ``-``. Raises :class:`InputError`."""
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        data = Path(file).read_bytes()
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror}); give the path of a file.") from error
    return data


def check_address(url: str) -> None:
    """Raise :class:`InputError` where ``url`` is not the address of a page."""
    from pipelines.uri import is_page_address

    if not is_page_address(url):
        raise InputError(f"{url}: is no address; give one that begins with http:// or https://.")


def check_page(data: bytes, file: str) -> None:
    """Raise :class:`InputError` where bytes are no page at all."""
    from pipelines.document import is_html

    file = "standard input" if file == "-" else file
    if not data.strip():
        raise InputError(f"{file}: is empty; give a file with the HTML of a page.")
    if not is_html(data, ()):
        raise InputError(f"{file}: is not HTML; give the page itself, not a file that it links to.")


def find_site(site_id: str | None, sites_dir: Path | None) -> Site | None:
    """Return the catalogue entry of an id, or None without one."""
    from newsspider.sites import find_catalogue, load_site

    return load_site(site_id, find_catalogue(sites_dir), allow_private=True) if site_id else None
