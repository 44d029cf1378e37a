"""What a site file says of the connections to its hosts, as the download handler wants to hear it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines.uri import in_domains

if TYPE_CHECKING:
    from pipelines.model import Site


def connection_meta(uri: str, site: Site) -> dict[str, Any]:
    """Return what the ``meta`` of a request says of its connection. Exceptions hold for the site's own hosts."""
    is_own = in_domains(uri, site.domains)
    return {
        "verbatim_url": True,  # a target URI is never altered, nor how it is escaped
        "download_timeout": site.politeness.timeout,
        "verify": site.access.verify or not is_own,
        "legacy_tls": site.access.legacy_tls and is_own,
    }
