"""BagIt 1.0 (RFC 8493): files in a folder, with manifests that prove them whole wherever they are carried.

Each file is read once: copied, and hashed for both manifests, in pieces. SHA-512 because the RFC has it as the
default (§2.4), SHA-256 because everything else of an archive is named by it.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.http import PIECE

ALGORITHMS = ("sha256", "sha512")

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
"""§2.1.1."""

Write = Callable[[Path, Iterable[bytes]], object]
"""Writes a new file from its pieces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """One file of the payload."""

    path: str
    """Within the bag's folder ``data``."""
    source: Path | bytes
    """The file to copy, or what is to stand in it."""


def write_bag(
    folder: Path, payload: Iterable[Payload], info: Mapping[str, str], *, bagged_on: date, write: Write
) -> Iterator[int]:
    """Write a bag into an empty folder; yield the number of bytes of each file copied.

    ``info``: fields of ``bag-info.txt`` (§2.2.2) beside the date and the sums.
    """
    digests: dict[str, dict[str, str]] = {}
    size = 0
    for one in payload:
        name = f"data/{one.path}"
        counted = _write(folder, name, _pieces(one.source), digests, write)
        size += counted
        yield counted
    tags: dict[str, dict[str, str]] = {}
    described = {**info, "Bagging-Date": bagged_on.isoformat(), "Payload-Oxum": f"{size}.{len(digests)}"}
    lines = "".join(f"{name}: {_one_line(value)}\n" for name, value in described.items())
    _write(folder, "bagit.txt", [DECLARATION], tags, write)
    _write(folder, "bag-info.txt", [lines.encode()], tags, write)
    for algorithm in ALGORITHMS:
        _write(folder, f"manifest-{algorithm}.txt", _manifest(digests, algorithm), tags, write)
    listed = dict(tags)
    for algorithm in ALGORITHMS:
        _write(folder, f"tagmanifest-{algorithm}.txt", _manifest(listed, algorithm), tags, write)


def _write(
    folder: Path, name: str, pieces: Iterable[bytes], digests: dict[str, dict[str, str]], write: Write
) -> int:
    """Write one file, note its digests, and return its size."""
    hashers = {algorithm: hashlib.new(algorithm) for algorithm in ALGORITHMS}
    size = 0

    def hashed() -> Iterator[bytes]:
        nonlocal size
        for piece in pieces:
            size += len(piece)
            for hasher in hashers.values():
                hasher.update(piece)
            yield piece

    write(folder / name, hashed())
    digests[name] = {algorithm: hasher.hexdigest() for algorithm, hasher in hashers.items()}
    return size


def _pieces(source: Path | bytes) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    with source.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _manifest(digests: Mapping[str, Mapping[str, str]], algorithm: str) -> Iterator[bytes]:
    for name, known in sorted(digests.items()):
        yield f"{known[algorithm]}  {escape(name)}\n".encode()


def escape(name: str) -> str:
    """Return a path as manifests have it: line ends and the percent sign are escaped (§2.1.3).

    >>> escape("data/100%\\n.txt")
    'data/100%25%0A.txt'
    """
    return name.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _one_line(value: str) -> str:
    """A long value may be folded (§2.2.2); one without line ends need not be."""
    return " ".join(value.split())
