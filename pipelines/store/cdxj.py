"""The index beside each WARC: sorted CDXJ lines as pywb reads them.

A line is ``urlkey timestamp {json}``.
"""

import json
import mmap
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipelines.errors import DamagedError
from pipelines.model import Capture, Place
from pipelines.uri import urlkey

REVISIT = "warc/revisit"


def to_cdxj(capture: Capture) -> str | None:
    """Return the index line of a capture; None for an attempt without a response."""
    if capture.place is None or capture.status is None:
        return None
    mime = (capture.header("Content-Type") or "").partition(";")[0].strip().lower()
    fields = {
        "url": capture.target_uri,
        "mime": REVISIT if capture.profile else mime if mime and " " not in mime else "unk",
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


def find_places(index: Path, uri: str) -> list[Place]:
    """Return where the whole responses from an address stand, in order of their writing, by an index file.

    Takes a binary search, whatever the length of the index. Raises :class:`DamagedError` where a line is no CDXJ.
    """
    if index.stat().st_size == 0:
        return []  # of a file that holds no response; nothing can be mapped of it
    places = []
    with index.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for line in _lines_of(data, urlkey(uri).encode() + b" "):
            try:
                told = json.loads(line.split(b" ", 2)[2])
                if told["url"] == uri and told["mime"] != REVISIT:
                    place = Place(warc=told["filename"], offset=int(told["offset"]), length=int(told["length"]))
                    places.append(place)
            except (ValueError, LookupError, TypeError) as error:
                raise DamagedError(
                    f"{index}: has a line that is no CDXJ; delete the file, it is made anew."
                ) from error
    return sorted(places, key=lambda place: place.offset)


def _lines_of(data: mmap.mmap, start: bytes) -> Iterator[bytes]:
    """Yield the lines that begin so; the lines are in the order of their bytes."""
    low, high = 0, len(data)
    while low < high:  # both are where a line begins
        middle = (low + high) // 2
        line = data.rfind(b"\n", low, middle) + 1 or low
        end = data.find(b"\n", middle) + 1 or len(data)
        if data[line:end] < start:
            low = end
        else:
            high = line
    data.seek(low)
    while (one := data.readline()).startswith(start):
        yield one
