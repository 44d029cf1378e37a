"""Bytes of unknown length: in memory while they are few, in an unlinked temporary file when they are many."""

import mmap
import tempfile
from typing import IO

from pipelines.model import Block

MEMORY = 4 << 20
"""Up to this many bytes stay in memory. No HTML page of the corpora comes near it."""


class Mapped(mmap.mmap):
    """A mapped file, equal to whatever holds the same bytes, so that captures compare by content."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, bytes | mmap.mmap):
            return NotImplemented
        return len(self) == len(other) and memoryview(self) == memoryview(other)

    __hash__ = None  # type: ignore[assignment]  # as for any value whose bytes may change


class Spool:
    """Collects bytes and gives them back as one :data:`~pipelines.model.Block`."""

    def __init__(self, memory: int = MEMORY) -> None:
        """``memory``: number of bytes above which they move to a temporary file."""
        self._limit = memory
        self._pieces: list[bytes] = []
        self._file: IO[bytes] | None = None
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def __del__(self) -> None:
        if self._file is not None:
            self._file.close()

    @property
    def in_memory(self) -> int:
        """Number of bytes held in memory."""
        return 0 if self._file else self._size

    def write(self, data: bytes) -> None:
        """Take the next bytes. Raises OSError where the temporary file cannot be written."""
        self._size += len(data)
        if self._file is None:
            self._pieces.append(data)
            if self._size > self._limit:
                self.spill()
        else:
            self._file.write(data)

    def spill(self) -> None:
        """Move the bytes to a temporary file, whose name is gone at once."""
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="newsspider-")  # noqa: SIM115  (closed by finish)
            self._file.writelines(self._pieces)
            self._pieces.clear()

    def finish(self) -> Block:
        """Return all bytes; the spool is empty afterwards."""
        file, size = self._file, self._size
        self._file, self._size = None, 0
        if file is None:
            data = b"".join(self._pieces)
            self._pieces.clear()
            return data
        with file:
            file.flush()
            return Mapped(file.fileno(), size, access=mmap.ACCESS_READ) if size else b""
