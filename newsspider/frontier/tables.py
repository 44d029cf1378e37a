"""Reading and writing the tables of an open database, with errors that say what to do."""

import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from newsspider.frontier.database import failed

Row = tuple[Any, ...]


class Tables:
    """The tables of one SQLite file. Raises what :func:`failed` makes of an error of SQLite."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection = connection
        self.path = path

    def one(self, sql: str, values: Row = ()) -> Row | None:
        """Return the first row of an answer; None where there is none."""
        with closing(self.each(sql, values)) as rows:
            return next(rows, None)

    def all(self, sql: str, values: Row = ()) -> list[Row]:
        """Return all rows of an answer."""
        return list(self.each(sql, values))

    def each(self, sql: str, values: Row = ()) -> Generator[Row]:
        """Yield the rows of an answer, read as they are wanted."""
        with self._explained(), closing(self.connection.execute(sql, values)) as cursor:
            yield from cursor

    def write(self, sql: str, values: Row = ()) -> None:
        """Change one row, or what a statement says."""
        self.write_all(sql, [values])

    def write_all(self, sql: str, rows: list[Row]) -> None:
        """Change many rows in the same way."""
        with self._explained():
            self.connection.executemany(sql, rows)

    def commit(self) -> None:
        """Make what was written last, all of it or nothing."""
        with self._explained():
            self.connection.execute("COMMIT")
            self.connection.execute("BEGIN")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise failed(self.path, error) from error
