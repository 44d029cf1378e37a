"""Captures out of WARC files: in order, one by its place, and how far a file is whole.

What :mod:`pipelines.store.exchange` writes comes back as the value it returned when it wrote.
"""

import base64
import mmap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.errors import DamagedError
from pipelines.http import parse_head, read_response, request_method
from pipelines.model import Capture, FoundBy, Hints, Outcome, Place
from pipelines.store.exchange import BEFORE, from_line
from pipelines.store.members import GZIP
from pipelines.store.record import (
    WarcRecord,
    decode_fields,
    digest,
    from_warc_date,
    read_records,
    unbracket,
)
from pipelines.store.sound import Damage, Report, final_name, read_sound_records
from pipelines.store.spool import Spool

ORIGIN = "importedFrom"
"""Field of the ``warcinfo`` that an imported file is given: the name under which the file came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """A record that stands for itself, with those of its exchange that came before it."""

    last: WarcRecord
    request: WarcRecord | None = None
    metadata: WarcRecord | None = None
    run: str | None = None


def read_captures(path: Path, *, start: int = 0, stop: int | None = None) -> Iterator[Capture]:
    """Yield the captures of a WARC file in order, from the exchange that begins at ``start`` up to offset ``stop``.

    Foreign files are read too: any ``response``, ``revisit`` and ``resource`` record of an HTTP address, found by
    ``import``. Raises DamagedError where the file cannot be read on.
    """
    about = read_about(path)
    with path.open("rb") as file:
        records = read_records(file, str(path), start=start)
        for group in _groups(records if stop is None else _until(records, stop), about.get("isPartOf")):
            if (capture := _to_capture(group, path, about)) is not None:
                yield capture


def read_sound(path: Path, report: Report, *, start: int = 0) -> Iterator[Capture]:
    """Yield the captures of a file that may be damaged; ``report`` is told of each place that cannot be read."""
    about = read_about(path)
    for group in _groups(read_sound_records(path, report, start=start), about.get("isPartOf")):
        try:
            capture = _to_capture(group, path, about)
        except DamagedError as error:
            start, end = group.last.offset, group.last.offset + group.last.length
            report(Damage(warc=final_name(path), start=start, end=end, message=str(error)))
        else:
            if capture is not None:
                yield capture


def read_capture(path: Path, place: Place) -> Capture:
    """Return the capture whose last record stands at that place.

    Raises DamagedError where no capture stands there.
    """
    try:
        about = read_about(path)
        with path.open("rb") as file:
            last = next(read_records(file, str(path), start=place.offset), None)
            if last is None or last.length != place.length:
                raise DamagedError(f"{path}: no record of {place.length} bytes stands at byte {place.offset}.")
            records, distance = [last], last.field(BEFORE) or ""
            if distance.isascii() and distance.isdigit() and 0 < int(distance[:18]) <= place.offset:
                before = read_records(file, str(path), start=place.offset - int(distance))
                records = [*_until(before, place.offset), last]
    except FileNotFoundError as error:
        raise DamagedError(f"{path}: is not there; put it back from a copy.") from error
    groups = (group for group in _groups(records, about.get("isPartOf")) if group.last is last)
    capture = next((_to_capture(group, path, about) for group in groups), None)
    if capture is None:
        raise DamagedError(f"{path}: the {last.kind} record at byte {place.offset} is no capture.")
    return capture


def _until(records: Iterator[WarcRecord], stop: int) -> Iterator[WarcRecord]:
    """Yield the records that end at or before ``stop``, and read no further than that."""
    end = 0
    while end < stop and (record := next(records, None)) is not None:
        end = record.offset + record.length
        if end <= stop:
            yield record


def read_warcinfo(path: Path) -> dict[str, str]:
    """Return the fields of the ``warcinfo`` record that a file begins with; empty where it begins otherwise."""
    with path.open("rb") as file:
        first = next(read_records(file, str(path)), None)
    if first is None or first.kind != "warcinfo":
        return {}
    return _fields(first)


def read_about(path: Path) -> dict[str, str]:
    """Return the ``warcinfo`` that a file begins with; empty where it cannot be read: who reads on meets that."""
    try:
        return read_warcinfo(path)
    except DamagedError:
        return {}


def last_complete(path: Path) -> int:
    """Return how many bytes of a file are whole exchanges: where recovery cuts it.

    A record cut short, garbage, zeros, and an exchange without its last record all count as not there.
    """
    end = 0
    with path.open("rb") as file:
        try:
            for group in _groups(read_records(file, str(path)), None):
                end = group.last.offset + group.last.length
        except DamagedError:
            return end
    return end


def find_exchange(path: Path, start: int) -> int | None:
    """Return the offset of the first whole exchange at or behind ``start``: what stands behind a damaged place.

    Only for files compressed by record with gzip, which ours are.
    """
    with path.open("rb") as file:
        if start >= path.stat().st_size:
            return None
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            while (start := data.find(GZIP + b"\x08", start)) >= 0:
                try:
                    if next(_groups(read_records(file, str(path), start=start), None), None) is not None:
                        return start
                except DamagedError:
                    pass  # chance bytes, or the damaged place itself
                start += 1
    return None


def _groups(records: Iterable[WarcRecord], run: str | None) -> Iterator[_Group]:
    request = metadata = None
    runs: dict[str, str | None] = {}
    for record in records:
        kind = record.kind
        if kind == "warcinfo":
            run = runs[record.id] = _fields(record).get("isPartOf")
        if kind == "request":
            request = record
        elif kind == "metadata" and record.field("WARC-Concurrent-To"):
            metadata = record
        else:
            named = unbracket(record.field("WARC-Warcinfo-ID") or "")
            yield _Group(last=record, request=request, metadata=metadata, run=runs.get(named, run))
            request = metadata = None


def _fields(record: WarcRecord) -> dict[str, str]:
    return {name: from_line(value) for name, value in decode_fields(bytes(record.block))}


def _to_capture(group: _Group, path: Path, about: Mapping[str, str]) -> Capture | None:
    """Return the capture that a group of records stands for; None where they stand for none.

    ``about`` is the ``warcinfo`` that the file begins with.
    """
    last = group.last
    try:
        capture = _understand(group, final_name(path))
    except ValueError as error:
        raise DamagedError(
            f"{path}: the {last.kind} record at byte {last.offset} makes no sense: {error}."
        ) from error
    if capture is None or ORIGIN not in about:
        return capture
    declared = last.field("WARC-Payload-Digest")
    return replace(capture, imported=True, run=about.get("isPartOf"), declared_digest=declared)


def _understand(group: _Group, warc: str) -> Capture | None:
    last = group.last
    uri = unbracket(last.field("WARC-Target-URI") or "")
    concurrent = set(map(unbracket, last.every("WARC-Concurrent-To")))
    request, metadata = (
        record
        if record and (record.id in concurrent or last.id in map(unbracket, record.every("WARC-Concurrent-To")))
        else None
        for record in (group.request, group.metadata)
    )
    told = _fields(metadata) if metadata else _fields(last) if last.kind == "metadata" else {}
    if not uri.lower().startswith(("http:", "https:")) or (last.kind == "metadata" and "outcome" not in told):
        return None
    capture = Capture(
        target_uri=uri,
        captured_at=from_warc_date(last.field("WARC-Date") or ""),
        outcome=Outcome(told["outcome"]) if "outcome" in told else Outcome.OK,
        hints=_to_hints(told),
        run=group.run,
        record_id=last.id,
        place=Place(warc=warc, offset=last.offset, length=last.length),
    )
    if last.kind == "metadata":
        return capture
    if last.kind == "revisit":
        return _to_revisit(last, told, capture)
    if last.kind == "resource":
        headers = (("Content-Type", last.field("Content-Type") or "application/octet-stream"),)
        return replace(capture, status=200, headers=headers, payload=last.block, payload_digest=digest(last.block))
    if last.kind != "response":
        return None
    spool = Spool()
    method = request_method(bytes(request.block[:32])) if request else "GET"
    head = read_response(last.block, spool.write, method=method).head
    payload, truncated = spool.finish(), last.field("WARC-Truncated")
    if "outcome" not in told and (truncated or head is None):
        capture = replace(capture, outcome=Outcome.TRUNCATED if head else Outcome.CONNECTION_ERROR)
    return replace(
        capture,
        status=head.status if head else None,
        headers=head.headers if head else (),
        payload=payload,
        payload_digest=digest(payload),
        truncated=truncated,
    )


def _to_revisit(last: WarcRecord, told: Mapping[str, str], capture: Capture) -> Capture:
    head = parse_head(bytes(last.block) or base64.b64decode(told.get("bytesReceived", "")))
    referred = last.field("WARC-Refers-To-Date")
    return replace(
        capture,
        status=head.status if head else None,
        headers=head.headers if head else (),
        payload_digest=last.field("WARC-Payload-Digest"),
        profile=(last.field("WARC-Profile") or "").rpartition("/")[2] or None,
        refers_to=unbracket(last.field("WARC-Refers-To") or "") or None,
        refers_to_date=from_warc_date(referred) if referred else None,
    )


def _to_hints(told: Mapping[str, str]) -> Hints:
    if "foundBy" not in told:
        return Hints(found_by=FoundBy.IMPORT, found_on=told.get("via"))
    return Hints(
        found_by=FoundBy(told["foundBy"]),
        found_on=told.get("via"),
        text=told.get("linkText"),
        date=told.get("linkDate"),
        section=told.get("section"),
    )
