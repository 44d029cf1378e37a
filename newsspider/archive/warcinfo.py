"""What the ``warcinfo`` of an archive's WARC files says of the run that wrote them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.model import Site


def describe(site: Site, operator: str | None) -> dict[str, str]:
    """Return the fields of ``warcinfo`` (WARC 1.1 §6.2) that say what a rebuild needs to know of a run."""
    return {
        "robots": "obey",
        **({"operator": operator} if operator else {}),
        "site": site.id,
        "siteFileDigest": f"sha256:{site.digest}",
        "siteFile": site.text,
    }


def describe_exceptions(site: Site) -> dict[str, str]:
    """Return the fields of ``warcinfo`` that say what a run did not insist on."""
    return {
        **({} if site.access.verify else {"certificates": "not verified"}),
        **({"legacyTls": "allowed"} if site.access.legacy_tls else {}),
    }
