"""Reads everything that an archive holds of a site again, and says what does not agree.

WARC files against the standard and their own digests, the index beside each against its WARC, records against
the captures that they cite, and the ledger against one made anew. By default a run takes the WARC files that no
run has verified, and those whose last verification lies longest back, so that all are read again in turn.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

from newsspider.archive.dataset import Dataset
from newsspider.archive.imports import has_origin
from newsspider.archive.listings import Listings
from newsspider.archive.rebuild import MAKING, make_views
from newsspider.archive.recovery import open_views
from newsspider.capture import disk
from newsspider.capture.warcfile import OPEN, index_path, warc_files
from newsspider.frontier.ledger import Ledger
from pipelines.errors import DamagedError
from pipelines.model import Place, Record
from pipelines.read import join, read
from pipelines.store.cdxj import to_cdxj, to_index
from pipelines.store.clauses import SHALL
from pipelines.store.conformance import check_warc
from pipelines.store.records import decode_record, read_lines
from pipelines.store.sound import Damage
from pipelines.store.warc import ORIGIN, read_about, read_capture, read_sound

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.completeness import Section
    from pipelines.model import Site
    from pipelines.normalise.record import Models

STATE = "verified.json"
"""When each WARC file was verified last, and its SHA-256 then: a journal, not a view."""

TURN = 30
"""Runs after which every WARC file has been read again."""


MOST_NAMED = 5
"""Captures in a damaged place that are named one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that does not agree."""

    where: str
    """File, and byte where there is one: ``warc/hill-…warc.gz:1234``."""
    what: str
    """What is wrong, in a sentence."""
    affects: str
    """What it means for the archive."""


@dataclass(slots=True)
class Verification:
    """What was read, and what does not agree."""

    warcs: int = 0
    warcs_held: int = 0
    captures: int = 0
    records: int = 0
    reread: int = 0
    """Records whose captures were read again by the same extractor, site file and model."""
    faults: list[Fault] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    """How complete each section is."""


def verify_site(folder: Path, site: Site, models: Models, *, now: datetime, full: bool) -> Verification:
    """Verify a site, after putting right what a crash left; the caller holds its lock."""
    found = Verification()
    damage: tuple[Damage, ...] = ()
    try:
        views, recovery = open_views(folder, site, models)
        with views:
            damage = recovery.damage
            found.sections = list(views.listings.sections())
    except DamagedError as error:
        found.faults.append(Fault(where=".", what=str(error), affects="all further crawls of the site"))
    state = _read_state(folder)
    files = [path for path in warc_files(folder / "warc") if not path.name.endswith(OPEN)]
    chosen = files if full else choose(files, state)
    found.warcs, found.warcs_held = len(chosen), len(files)
    for path in chosen:
        digest = _sha256(path)
        faults = list(_verify_warc(folder, path, digest, found, state.get(path.name)))
        found.faults += faults
        if not faults:
            state[path.name] = {"at": now.isoformat(timespec="seconds"), "sha256": digest}
    found.faults += _not_named(damage, folder, found.faults)
    for name in sorted(set(state) - {path.name for path in files}):
        found.faults.append(
            Fault(where=f"warc/{name}", what="was verified before and is not there any more",
                  affects="all captures in it; put the file back from a copy")
        )  # fmt: skip
    skipped = {path.name for path in files} - {path.name for path in chosen}
    found.faults += _verify_records(folder, site, models, skipped, found)
    if full and not found.faults:
        found.faults += _verify_ledger(folder, site, models)
    disk.write_file(folder / STATE, json.dumps(state, indent=1).encode())
    return found


def choose(files: list[Path], state: dict[str, Any]) -> list[Path]:
    """Return the files that no run has verified, and a thirtieth of the others: those verified longest ago."""
    new = [path for path in files if path.name not in state]
    old = sorted((path for path in files if path.name in state), key=lambda path: str(state[path.name]["at"]))
    return sorted(new + old[: -(-len(old) // TURN)])


def _verify_warc(
    folder: Path, path: Path, digest: str, found: Verification, before: dict[str, str] | None
) -> Iterator[Fault]:
    where = path.relative_to(folder)
    index = index_path(path)
    damage: list[Damage] = []
    lines: list[str] = []
    for capture in read_sound(path, damage.append):
        found.captures += 1
        lines += filter(None, [to_cdxj(capture)])
    yield from (_to_fault(one, folder) for one in damage)
    known = {("4", one.start) for one in damage}
    for problem in check_warc(path) if ORIGIN not in read_about(path) else ():
        if problem.level == SHALL and (problem.clause, problem.offset) not in known:
            what = f"{problem.message} (WARC 1.1 {problem.clause})"
            yield Fault(where=f"{where}:{problem.offset}", what=what, affects="the record there")
    if not has_origin(path):
        yield Fault(where=str(where), what="does not hold the bytes that were imported", affects="everything in it")
    if before is not None and before["sha256"] != digest:
        yield Fault(
            where=str(where), what=f"has other bytes than when it was verified on {before['at']}",
            affects="everything in it: a closed WARC file never changes",
        )  # fmt: skip
    if not damage and (not index.exists() or index.read_bytes() != to_index(lines)):
        yield Fault(
            where=str(index.relative_to(folder)), what="does not agree with its WARC file",
            affects="look-up and replay only; delete it, and the next crawl makes it anew",
        )  # fmt: skip


def _not_named(damage: Iterable[Damage], folder: Path, faults: list[Fault]) -> list[Fault]:
    """Return the places that the views could not read, as far as they are in files that were not read now."""
    named = {fault.where for fault in faults}
    return [fault for one in damage if (fault := _to_fault(one, folder)).where not in named]


def _to_fault(damage: Damage, folder: Path) -> Fault:
    path = folder / "warc" / damage.warc
    return Fault(
        where=f"warc/{damage.warc}:{damage.start}",
        what=damage.message,
        affects=_captures_in(index_path(path), damage.start, damage.end),
    )


def _captures_in(index: Path, start: int, end: int) -> str:
    """Say which captures stand in a part of a WARC file, by the index that was made while it was whole."""
    if not index.exists():
        return "all captures in it; put the file back from a copy"
    entries = [json.loads(line.split(" ", 2)[2]) for line in index.read_text("utf-8").splitlines()]
    uris = [entry["url"] for entry in entries if start <= int(entry["offset"]) < end]
    if not uris:
        return "no capture that its index knows"
    more = f" and {len(uris) - MOST_NAMED} more" if len(uris) > MOST_NAMED else ""
    return f"the capture of {', '.join(uris[:MOST_NAMED])}{more}; put the file back from a copy"


def _verify_records(
    folder: Path, site: Site, models: Models, skipped: set[str], found: Verification
) -> Iterator[Fault]:
    """Check the records but those that cite captures in WARC files that this run skips."""
    for path in sorted((folder / "records").glob("*.jsonl")):
        for offset, line in read_lines(path):
            where = f"records/{path.name}:{offset}"
            try:
                record = decode_record(line)
            except ValueError:
                yield Fault(
                    where=where, what="is no record", affects=f"the line; run «newsspider rebuild {site.id}»"
                )
                continue
            if not all(ref.warc in skipped for ref in record.captures):
                found.records += 1
                yield from _verify_record(folder, where, record, site, models, found)


def _verify_record(
    folder: Path, where: str, record: Record, site: Site, models: Models, found: Verification
) -> Iterator[Fault]:
    readings = []
    for ref in record.captures:
        path = folder / "warc" / ref.warc
        try:
            capture = read_capture(path, Place(warc=ref.warc, offset=ref.offset, length=ref.length))
        except DamagedError as error:
            yield Fault(
                where=where, what=f"cites a capture that is not there: {error}", affects=f"record {record.id}"
            )
            return
        if (f"{capture.captured_at:%Y%m%d%H%M%S}/{capture.target_uri}", capture.payload_digest) != (
            ref.uri_m,
            ref.payload_digest,
        ):
            yield Fault(where=where, what=f"cites another capture than {ref.uri_m}", affects=f"record {record.id}")
            return
        readings.append(read(capture, site, models))
    again = join(readings).record
    if record.kind == "revision" and again is not None and again.extractor == record.extractor:
        found.reread += 1
        if said(again) != said(record):
            yield Fault(
                where=where, what="says something else than its captures, read again by the same extractor",
                affects=f"record {record.id}; run «newsspider rebuild {site.id} --diff»",
            )  # fmt: skip


def said(record: Record) -> dict[str, Any]:
    """Return what a record says of its captures, without its place among the revisions."""
    plain: dict[str, Any] = record.to_dict()
    return {key: value for key, value in plain.items() if key not in ("kind", "revision", "reason", "changes")}


def _verify_ledger(folder: Path, site: Site, models: Models) -> Iterator[Fault]:
    """Check the ledger against one made anew from the WARC."""
    make_views(folder, site, models, records=False)
    anew = _dump(folder / MAKING, site)
    disk.remove_tree(folder / MAKING)
    try:
        what = "does not agree with the WARC" if _dump(folder, site) != anew else None
    except DamagedError as error:
        what = f"cannot be read: {error}"
    if what is not None:
        yield Fault(
            where="ledger.sqlite", what=what,
            affects=f"what is fetched next; run «newsspider rebuild {site.id} --ledger»",
        )  # fmt: skip


def _dump(folder: Path, site: Site) -> str:
    """Return the digest of a ledger's canonical dump."""
    digest = hashlib.sha256()
    ledger = Ledger(folder / "ledger.sqlite", site)
    index = Dataset(folder / "records", site, ledger.connection)
    for row in chain(ledger.dump(), Listings(site, ledger).dump(), index.dump()):
        digest.update(repr(row).encode("utf-8", "surrogatepass"))
    ledger.close()
    return digest.hexdigest()


def _read_state(folder: Path) -> dict[str, Any]:
    path = folder / STATE
    if not path.exists():
        return {}
    try:
        state: dict[str, Any] = json.loads(path.read_bytes())
    except ValueError as error:
        message = f"{path}: is not readable ({error}); delete it, and everything is verified anew."
        raise DamagedError(message) from error
    return state


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
