"""The dataset of one site: ``records/*.jsonl``, a view of the WARC that only grows.

The lines are the truth of this view. Its index (where the last line of each article stands) lives in the
ledger's file and may be lost: then the captures are replayed, and the lines that they once gave are adopted
instead of written again.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from newsspider.capture import disk
from newsspider.frontier.database import failed
from pipelines.cite import capture_ref
from pipelines.errors import DamagedError
from pipelines.model import Capture, CaptureRef, Outcome, Reading, Record, Site
from pipelines.revise import bury, revise
from pipelines.store.records import decode_record, encode_record, read_line, read_lines, read_record, to_dict
from pipelines.uri import record_id

SCHEMA = """
CREATE TABLE articles (
    id          TEXT PRIMARY KEY,
    file        TEXT NOT NULL,      -- of the last line, without .open
    offset      INTEGER NOT NULL,
    gone_run    TEXT,               -- first run in a row that found it gone
    gone_at     TEXT                -- the capture that shows it, as JSON
) WITHOUT ROWID;
CREATE TABLE control (one INTEGER PRIMARY KEY CHECK (one = 1), run TEXT);   -- last run whose control page answered
CREATE TABLE record_files (name TEXT PRIMARY KEY, length INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE adoptable (
    warc        TEXT NOT NULL,      -- where the capture stands that gave the line
    place       INTEGER NOT NULL,
    id          TEXT NOT NULL,
    file        TEXT NOT NULL,
    offset      INTEGER NOT NULL,
    PRIMARY KEY (warc, place)
) WITHOUT ROWID;
"""

ADOPT_REST = """
INSERT OR REPLACE INTO articles (id, file, offset)
SELECT id, file, offset FROM
    (SELECT *, row_number() OVER (PARTITION BY id ORDER BY warc DESC, place DESC) AS age FROM adoptable)
WHERE age = 1 AND id NOT IN     -- articles with a line that was written since
    (SELECT articles.id FROM articles LEFT JOIN adoptable USING (id, file, offset) WHERE adoptable.id IS NULL)
"""

OPEN = ".open"

FOREIGN = "foreign"
"""File of the lines from captures of no run of ours: of a WARC file that was put into the folder by hand."""

RUN = re.compile(r"[\w-]{1,100}", re.ASCII)
"""A run's id; of a foreign file it may be anything, and a file is named by it."""

ANSWERED = (Outcome.OK, Outcome.NOT_MODIFIED)

Reread = Callable[[Record], Record | None]
"""Gives the record that the current extractor makes of the captures of an older one, so that a revision never
comes from a new extractor alone; None where those captures are no article any more."""


def last_place(record: Record) -> tuple[str, int]:
    """Return where the capture stands that completed a record. Names of WARC files sort in order of writing."""
    return max((ref.warc, ref.offset) for ref in record.captures)


def _is_held(line: bytes, warcs: Mapping[str, int]) -> bool:
    """Tell whether a line is that of a record whose capture the WARC files hold."""
    try:
        warc, offset = last_place(decode_record(line))
    except ValueError:
        return False
    return offset < warcs.get(warc, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a capture changed in the dataset."""

    kind: str
    """``new``, ``edited``, ``restored``, ``missing`` (gone for the first time: no line yet) or ``removed``."""
    record: Record
    """The line written; for ``missing`` the last line of the article."""


class Dataset:
    """The records of one site, open for appending."""

    def __init__(self, folder: Path, site: Site, database: sqlite3.Connection) -> None:
        self.folder = folder
        self.site = site
        self._db = database
        self._name: str | None = None
        """Final name of the file being written: that of the run whose captures are entered."""
        self._length = self._synced = 0
        """Bytes of it that are written, and that are safe."""
        self._adopt_until: tuple[str, int] | None = None

    # ── filling ──

    def apply(self, capture: Capture, reading: Reading, *, reread: Reread) -> Change | None:
        """Enter what a capture says of an article; return what it changed, if anything."""
        assert capture.place is not None
        here = (capture.place.warc, capture.place.offset)
        writes = self._adopt_until is None or here > self._adopt_until
        if capture.target_uri == self.site.control and reading.outcome in ANSWERED:
            self._run("INSERT OR REPLACE INTO control VALUES (1, ?)", (capture.run,))
        if not writes:
            self._adopt(here)
        article = reading.record.id if reading.record else record_id(self.site.id, capture.target_uri)
        if capture.imported and self._is_older(capture, article):
            return None
        if reading.record is not None:
            self._run("UPDATE articles SET gone_run = NULL, gone_at = NULL WHERE id = ?", (article,))
            return self._revise(reading.record, capture.run, reread) if writes else None
        if reading.outcome is Outcome.NOT_MODIFIED:
            self._run("UPDATE articles SET gone_run = NULL, gone_at = NULL WHERE id = ?", (article,))
        elif reading.outcome in (Outcome.GONE, Outcome.SOFT_404):
            return self._bury(article, capture, writes=writes)
        return None

    def _is_older(self, capture: Capture, article: str) -> bool:
        """Tell whether an imported capture is older than what the last line of its article says."""
        last = self.last(article)
        return last is not None and datetime.fromisoformat(last.captures[-1].captured_at) > capture.captured_at

    def _revise(self, record: Record, run: str | None, reread: Reread) -> Change | None:
        previous = self.last(record.id)
        if previous is not None and previous.extractor != record.extractor and previous.kind == "revision":
            again = reread(previous)
            previous = replace(again, revision=previous.revision) if again is not None else previous
        revision = revise(previous, record)
        if revision is None:
            return None
        self._append(revision, run)
        return Change(kind=revision.reason or "", record=revision)

    def _bury(self, article: str, capture: Capture, *, writes: bool) -> Change | None:
        """Take a witness that an article is gone; two, on two runs whose control page answered, bury it."""
        row = self._run("SELECT gone_run, gone_at FROM articles WHERE id = ?", (article,)).fetchone()
        control = self._run("SELECT run FROM control").fetchone()
        if row is None or control is None or control[0] != capture.run:
            return None
        previous = self.last(article)
        if previous is None or previous.kind == "tombstone":
            return None
        if row[0] is None:
            witness = json.dumps(to_dict(capture_ref(capture, charset=None)))
            self._run("UPDATE articles SET gone_run = ?, gone_at = ? WHERE id = ?", (capture.run, witness, article))
            return Change(kind="missing", record=previous)
        if row[0] == capture.run or not writes:
            return None
        first = CaptureRef(**json.loads(row[1]))
        tombstone = bury(previous, "removed", (first, capture_ref(capture, charset=None)))
        self._append(tombstone, capture.run)
        return Change(kind="removed", record=tombstone)

    def _append(self, record: Record, run: str | None) -> None:
        name = f"{run if run and RUN.fullmatch(run) else FOREIGN}.jsonl"
        if name != self._name:
            self.close()
            self._begin(name)
        line = encode_record(record).encode() + b"\n"
        with disk.opened(self.folder / (name + OPEN)) as descriptor:
            try:
                disk.write(descriptor, line)
            except OSError:
                disk.cut(descriptor, self._length)
                raise
        self._enter(record.id, name, self._length)
        self._length += len(line)

    def _begin(self, name: str) -> None:
        disk.make_folder(self.folder, within=self.folder.parent)
        path = self.folder / (name + OPEN)
        if path.with_name(name).exists():
            disk.rename(path.with_name(name), path)
        with disk.opened(path, new=not path.exists()) as descriptor:
            self._name, self._length = name, disk.size(descriptor)
        self._synced = self._length
        disk.sync_folder(self.folder)

    def _enter(self, article: str, file: str, offset: int) -> None:
        self._run("INSERT OR REPLACE INTO articles (id, file, offset) VALUES (?, ?, ?)", (article, file, offset))

    def last(self, article: str) -> Record | None:
        """Return the last line of an article, or None."""
        row = self._run("SELECT file, offset FROM articles WHERE id = ?", (article,)).fetchone()
        if row is None:
            return None
        name = row[0] + OPEN if row[0] == self._name else row[0]
        return read_line(self.folder / name, row[1])

    def dump(self) -> Iterator[tuple[Any, ...]]:
        """Yield every row of the index in canonical order: two indexes of the same captures are equal."""
        yield from self._run("SELECT * FROM articles ORDER BY id")
        yield from self._run("SELECT * FROM control")

    # ── keeping ──

    def sync(self) -> None:
        """Make the lines last; to be called before the index is committed."""
        if self._synced == self._length:
            return
        with disk.opened(self.folder / f"{self._name}{OPEN}") as descriptor:
            try:
                disk.sync(descriptor)
            except OSError:
                disk.cut(descriptor, self._synced)  # as for a WARC file: the bytes must not be read again
                raise
        self._run("INSERT OR REPLACE INTO record_files VALUES (?, ?)", (self._name, self._length))
        self._synced = self._length

    def close(self) -> None:
        """Make the lines last and give the run's file its final name."""
        self.sync()
        if self._name is not None:
            disk.rename(self.folder / (self._name + OPEN), self.folder / self._name)
            disk.sync_folder(self.folder)
            self._name = None

    # ── recovery ──

    def recover(self, warcs: Mapping[str, int]) -> int:
        """Put the files in order after an unclean end, and note the lines that the index does not know.

        ``warcs`` are the names of the WARC files and how many bytes each holds. Cut off are a line without its
        end and what stands behind it, and lines whose capture the WARC does not hold: a power cut may take the
        exchange and leave the line. Returns the number of bytes cut. Raises :class:`DamagedError` where the index
        knows more than the files hold, which no crash leaves.
        """
        known = dict(self._run("SELECT name, length FROM record_files").fetchall())
        left = sorted(self.folder.glob(f"*.jsonl{OPEN}"))
        bytes_cut = sum(
            self._close_after_crash(path, known.get(path.name.removesuffix(OPEN), 0), warcs) for path in left
        )
        found = {path.name: path for path in sorted(self.folder.glob("*.jsonl"))}
        for name, length in known.items():
            if name not in found or found[name].stat().st_size < length:
                raise DamagedError(
                    f"{self.folder / name}: is shorter than the ledger says; put it back from a copy, or make it"
                    f" anew with «newsspider rebuild {self.site.id} --records»."
                )
        for name, path in found.items():
            self._note_lines(name, path, known.get(name, 0))
        last = "SELECT warc, place FROM adoptable ORDER BY warc DESC, place DESC LIMIT 1"
        self._adopt_until = self._run(last).fetchone()
        return bytes_cut

    def _close_after_crash(self, path: Path, known: int, warcs: Mapping[str, int]) -> int:
        """Close a file of which ``known`` bytes were safe; return how many were cut off."""
        size = path.stat().st_size
        end = min(known, size)
        for offset, line in read_lines(path, start=end):
            if not _is_held(line, warcs):
                break
            end = offset + len(line)
        if end == 0:
            disk.remove(path)
        else:
            with disk.opened(path) as descriptor:
                disk.cut(descriptor, end)
                disk.sync(descriptor)
            disk.rename(path, path.with_name(path.name.removesuffix(OPEN)))
        disk.sync_folder(self.folder)
        return size - end

    def _note_lines(self, name: str, path: Path, start: int) -> None:
        end = start
        for offset, line in read_lines(path, start=start):
            record = read_record(path, offset, line)
            self._run(
                "INSERT OR REPLACE INTO adoptable VALUES (?, ?, ?, ?, ?)",
                (*last_place(record), record.id, name, offset),
            )
            end = offset + len(line)
        if end > start:
            self._run("INSERT OR REPLACE INTO record_files VALUES (?, ?)", (name, end))

    def _adopt(self, here: tuple[str, int]) -> None:
        row = self._run("SELECT id, file, offset FROM adoptable WHERE warc = ? AND place = ?", here).fetchone()
        if row is not None:
            self._enter(*row)

    def adopt_rest(self) -> None:
        """Take the last line of each article that was noted, where the capture that gave it cannot be read.

        So its next revision gets the next number, whatever became of the WARC file.
        """
        self._run(ADOPT_REST)

    def _run(self, sql: str, values: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        try:
            return self._db.execute(sql, values)
        except sqlite3.Error as error:
            raise failed(self.folder, error) from error
