"""WACZ 1.1.1: WARC files, their index and their pages in one ZIP file that replays in a browser.

Everything is written in pieces: no file is held in memory. What a reader must reach by its offset
(WARC files, the compressed index) is stored, the rest deflated (WACZ 1.1.1, Zip Compression).
"""

import hashlib
import heapq
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any

from pipelines.http import PIECE
from pipelines.model import Block
from pipelines.store.record import write_member
from pipelines.store.spool import Spool

VERSION = "1.1.1"
BLOCK = 1024
"""Lines of the index that are compressed together: what a reader fetches to look up one address."""
MOST_OPEN = 200
"""Index files read side by side; more are merged in two steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One entry of the list of pages."""

    id: str
    url: str
    ts: str
    """When it was captured, RFC 3339."""
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What ``datapackage.json`` says of the whole."""

    title: str
    description: str
    """Markdown."""
    software: str
    created: datetime


def write_wacz(
    target: IO[bytes], warcs: Sequence[Path], indexes: Sequence[Path], pages: Iterable[Page], about: About
) -> Iterator[int]:
    """Write a WACZ file; yield the number of bytes taken in, again and again, for whoever shows progress.

    ``indexes``: the sorted CDXJ files of the WARC files.
    """
    with zipfile.ZipFile(target, "w") as package, ExitStack() as stack:
        resources: list[dict[str, Any]] = []
        for warc in warcs:
            yield from _add(package, resources, f"archive/{warc.name}", warc, about.created)
        entries: list[str] = []
        blocks = _spooled(_index_blocks(_merged(indexes, stack), entries))
        yield from _add(package, resources, "indexes/index.cdx.gz", blocks, about.created)
        for path, block in (
            ("indexes/index.idx", "".join(entries).encode()),
            ("pages/pages.jsonl", _spooled(_page_lines(pages))),
        ):
            yield from _add(package, resources, path, block, about.created, dense=False)
        data = _datapackage(resources, about)
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
        yield from _add(package, [], "datapackage.json", data, about.created, dense=False)
        yield from _add(package, [], "datapackage-digest.json", _json(digest), about.created, dense=False)


def _add(
    package: zipfile.ZipFile,
    resources: list[dict[str, Any]],
    path: str,
    content: Path | Block,
    created: datetime,
    *,
    dense: bool = True,
) -> Iterator[int]:
    """Write one file of the package, and note its size and digest among the resources."""
    entry = zipfile.ZipInfo(path, created.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_STORED if dense else zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    size = content.stat().st_size if isinstance(content, Path) else len(content)
    hasher = hashlib.sha256()
    # ReplayWeb.page takes an entry without an extra field in the directory to have none before its bytes either, so
    # the field for large files may stand in neither place or in both: only where the size asks for it.
    with package.open(entry, "w", force_zip64=size > zipfile.ZIP64_LIMIT) as file:
        for piece in _pieces(content):
            file.write(piece)
            hasher.update(piece)
            yield len(piece)
    name = path.rpartition("/")[2]
    resources.append({"name": name, "path": path, "hash": f"sha256:{hasher.hexdigest()}", "bytes": size})


def _spooled(pieces: Iterable[bytes]) -> Block:
    spool = Spool()
    for piece in pieces:
        spool.write(piece)
    return spool.finish()


def _pieces(content: Path | Block) -> Iterator[bytes]:
    if isinstance(content, Path):
        with content.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
        return
    for start in range(0, len(content), PIECE):
        yield content[start : start + PIECE]


def _merged(paths: Sequence[Path], stack: ExitStack) -> Iterator[bytes]:
    """Yield the lines of sorted files in one order."""
    if len(paths) <= MOST_OPEN:
        return heapq.merge(*(stack.enter_context(path.open("rb")) for path in paths))
    files: list[IO[bytes]] = []
    rest = iter(paths)
    while some := list(islice(rest, MOST_OPEN)):
        file: IO[bytes] = stack.enter_context(tempfile.TemporaryFile(prefix="newsspider-"))  # noqa: SIM115  (is one)
        with ExitStack() as inner:
            file.writelines(heapq.merge(*(inner.enter_context(path.open("rb")) for path in some)))
        file.seek(0)
        files.append(file)
    return heapq.merge(*files)


def _index_blocks(lines: Iterator[bytes], entries: list[str]) -> Iterator[bytes]:
    """Yield the compressed blocks of the index; ``entries`` is filled with the index of the blocks.

    The form is pywb's «ZipNum»: one line a block, with the key of its first line and the block's place.
    """
    entries.append(f"!meta 0 {json.dumps({'format': 'cdxj-gzip-1.0', 'filename': 'index.cdx.gz'})}\n")
    offset = 0
    while block := list(islice(lines, BLOCK)):
        members: list[bytes] = []
        length = write_member(members.append, *block)
        data = b"".join(members)
        key = block[0].decode().partition("{")[0].strip()
        place = {"offset": offset, "length": length, "digest": f"sha256:{hashlib.sha256(data).hexdigest()}"}
        entries.append(f"{key} {json.dumps(place)}\n")
        offset += length
        yield data


def _page_lines(pages: Iterable[Page]) -> Iterator[bytes]:
    yield _json({"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}) + b"\n"
    for page in pages:
        yield _json({"id": page.id, "url": page.url, "ts": page.ts, "title": page.title or page.url}) + b"\n"


def _datapackage(resources: list[dict[str, Any]], about: About) -> bytes:
    described = {
        "profile": "data-package",
        "wacz_version": VERSION,
        "title": about.title,
        "description": about.description,
        "created": about.created.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "software": about.software,
        "resources": resources,
    }
    return json.dumps(described, ensure_ascii=False, indent=1).encode()


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
