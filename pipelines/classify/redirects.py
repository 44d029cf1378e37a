"""Finds where a page sends its reader without being asked: a meta refresh, or a script that does nothing else."""

import re

from pipelines.model import Document
from pipelines.uri import resolve

_REFRESH = re.compile(
    r"\s*(?P<delay>\d{0,4}(?:\.\d*)?)\s*[;,]?\s*(?:url\s*=)?\s*['\"]?(?P<target>[^'\"]*)['\"]?\s*", re.IGNORECASE
)
_SCRIPT_REDIRECT = re.compile(
    r"\blocation(?:\.href)?\s*=\s*(?P<quote>['\"])(?P<set>[^'\"]{1,2000})(?P=quote)"
    r"|\blocation\.(?:replace|assign)\(\s*(?P<quote2>['\"])(?P<call>[^'\"]{1,2000})(?P=quote2)"
)
MAX_DELAY = 30
"""Seconds; a page that refreshes later wants to stay fresh, not to send its reader on."""


def find_refresh(document: Document) -> str | None:
    """Return the absolute target of a meta refresh (WHATWG HTML §4.2.5.3) to another page, or None."""
    for meta in document.root.iter("meta"):
        if (meta.get("http-equiv") or "").lower() != "refresh":
            continue
        refresh = _REFRESH.fullmatch(meta.get("content") or "")
        if refresh and refresh["target"] and float(refresh["delay"] or 0) <= MAX_DELAY:
            target = resolve(document.base, refresh["target"], charset=document.charset.name)
            if target and target != document.uri:
                return target
    return None


def find_script_redirect(document: Document) -> str | None:
    """Return the absolute target of the first script that sets the location, or None."""
    for script in document.root.iter("script"):
        if script.text and (redirect := _SCRIPT_REDIRECT.search(script.text)):
            target = resolve(document.base, redirect["set"] or redirect["call"], charset=document.charset.name)
            if target and target != document.uri:
                return target
    return None
