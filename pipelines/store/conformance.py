"""Checks any WARC file against the standard, record by record: see :mod:`pipelines.store.clauses`.

Payload digests are computed with the transfer coding removed (WARC 1.1 §6.3.2, RFC 2616 §7.2). A digest of the
chunks as received, which several tools write and check, is told apart from a wrong one.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import DamagedError
from pipelines.http import read_response, request_method
from pipelines.store.clauses import DIGEST, RULES, SHALL, SHOULD, Look
from pipelines.store.record import read_records, unbracket

HASHES = {
    **{f"sha-{bits}": f"sha{bits}" for bits in (1, 224, 256, 384, 512)},
    **{f"sha3-{bits}": f"sha3_{bits}" for bits in (224, 256, 384, 512)},
    "sha512-224": "sha512_224",
    "sha512-256": "sha512_256",
}
"""Labels that hashlib spells otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One rule that one record breaks."""

    offset: int
    """Where in the file the record begins."""
    record_id: str
    """Empty where it has none."""
    clause: str
    """Of WARC 1.1, or the name of an IIPC extension: ``5.8``, ``Annex D.2``."""
    level: str
    """``shall`` or ``should``."""
    message: str


def check_warc(path: Path) -> Iterator[Problem]:
    """Yield what a WARC file does not do as the standard has it; nothing for a perfect one.

    A file that cannot be read on ends with a problem of clause 4 that says where. Raises OSError.
    """
    dates: dict[str, str] = {}
    heads: set[str] = set()
    """Ids of the responses to HEAD requests, which have no body (RFC 9110 §9.3.2)."""
    end, first = 0, True
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            yield _problem(0, "4", SHALL, "the file is empty: it has no record")
        if not path.name.removesuffix(".open").endswith((".warc", ".warc.gz", ".warc.zst")):
            yield _problem(0, "Annex D.3", SHOULD, f"the name {path.name} does not end with .warc or .warc.gz")
        try:
            for record in read_records(file, path.name):
                look = Look(record=record, name=path.name, first=first, dates=dates)
                _read_block(look, method="HEAD" if record.id in heads else "GET")
                for rule in RULES:
                    for message in rule.check(look):
                        yield _problem(record.offset, rule.clause, rule.level, message, record.id)
                first, end = False, record.offset + record.length
                if record.id:
                    dates[record.id] = record.field("WARC-Date") or ""
                if record.kind == "request" and request_method(bytes(record.block[:32])) == "HEAD":
                    heads.update(map(unbracket, record.every("WARC-Concurrent-To")))
        except DamagedError as error:
            yield _problem(end, "4", SHALL, str(error))


def _problem(offset: int, clause: str, level: str, message: str, record_id: str = "") -> Problem:
    return Problem(offset=offset, record_id=record_id, clause=clause, level=level, message=message)


def _read_block(look: Look, *, method: str) -> None:
    """Compute what the rules want to know of the block."""
    record = look.record
    block_hash, payload_hash = _hasher(look, "WARC-Block-Digest"), _hasher(look, "WARC-Payload-Digest")
    if block_hash:
        block_hash.update(record.block)
        look.digests["WARC-Block-Digest"] = block_hash.hexdigest()
    if look.kind == "response" and look.is_http:
        look.framing = read_response(record.block, payload_hash.update if payload_hash else _ignore, method=method)
        undecoded = _hasher(look, "WARC-Payload-Digest") if payload_hash and look.framing.chunked else None
        if undecoded:
            undecoded.update(memoryview(record.block)[look.framing.head_end :])
            look.undecoded = undecoded.hexdigest()
    elif look.kind in ("resource", "conversion") and payload_hash:
        payload_hash.update(record.block)
    else:
        return
    # In a segmented record the digest is that of the whole, of which this is a part (WARC 1.1 §7).
    if payload_hash and not record.field("WARC-Segment-Number"):
        look.digests["WARC-Payload-Digest"] = payload_hash.hexdigest()


def _hasher(look: Look, name: str) -> "hashlib._Hash | None":
    match = DIGEST.fullmatch(look.record.field(name) or "")
    if match is None:
        return None
    label = HASHES.get(match[1].lower(), match[1].lower())
    if label not in hashlib.algorithms_available or label.startswith("shake"):
        look.unknown = (*look.unknown, name)
        return None
    return hashlib.new(label, usedforsecurity=False)


def _ignore(_: bytes) -> None:
    """Take a payload whose digest nobody asks for."""
