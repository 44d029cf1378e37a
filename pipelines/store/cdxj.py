"""The index beside each WARC: sorted CDXJ lines as pywb reads them.

A line is ``urlkey timestamp {json}``.
"""

import json
from collections.abc import Iterable

from pipelines.model import Capture
from pipelines.uri import urlkey


def to_cdxj(capture: Capture) -> str | None:
    """Return the index line of a capture; None for an attempt without a response."""
    if capture.place is None or capture.status is None:
        return None
    mime = (capture.header("Content-Type") or "").partition(";")[0].strip().lower()
    fields = {
        "url": capture.target_uri,
        "mime": "warc/revisit" if capture.profile else mime if mime and " " not in mime else "unk",
        "status": str(capture.status),
        # Revisits in a foreign file name what they refer to by its own digests.
        "digest": capture.declared_digest or capture.payload_digest or "-",
        "length": str(capture.place.length),
        "offset": str(capture.place.offset),
        "filename": capture.place.warc,
    }
    return f"{urlkey(capture.target_uri)} {capture.captured_at:%Y%m%d%H%M%S} {json.dumps(fields)}\n"


def to_index(lines: Iterable[str]) -> bytes:
    """Return the index: its lines in the order of their bytes, which is what a binary search in it expects."""
    return "".join(sorted(lines)).encode()
