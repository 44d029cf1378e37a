"""The seal of a database: what is believed at the next opening, and what is not."""

from contextlib import closing
from pathlib import Path

import pytest

from newsspider.frontier.database import (
    SEAL,
    break_seal,
    check_structure,
    is_sealed,
    open_database,
    remove_database,
    seal,
)
from pipelines.errors import DamagedError

SCHEMA = "CREATE TABLE words (word TEXT PRIMARY KEY) WITHOUT ROWID;"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database of some pages, sealed."""
    path = tmp_path / "words.sqlite"
    with closing(open_database(path, SCHEMA, 1)) as connection:
        connection.executemany("INSERT INTO words VALUES (?)", ((f"word {number}",) for number in range(2000)))
        connection.execute("COMMIT")
        connection.execute("BEGIN")
        seal(connection, path)
    return path


def flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def test_a_sealed_database_is_believed(path: Path) -> None:
    assert is_sealed(path)
    with closing(open_database(path, SCHEMA, 1)):
        break_seal(path)
    assert not is_sealed(path)


def test_every_flipped_bit_breaks_the_seal(path: Path) -> None:
    for place in range(0, path.stat().st_size, 997):
        flip(path, place)
        with pytest.raises(DamagedError, match="has other bytes than when it was closed"):
            is_sealed(path)
        flip(path, place)
    assert is_sealed(path)


def test_without_a_seal_the_structure_is_checked(path: Path) -> None:
    break_seal(path)
    with closing(open_database(path, SCHEMA, 1)) as connection:
        check_structure(connection, path)
    data = bytearray(path.read_bytes())
    data[3 * 4096] = 0  # no type of page
    path.write_bytes(data)
    with closing(open_database(path, SCHEMA, 1)) as connection, pytest.raises(DamagedError):
        check_structure(connection, path)


def test_a_database_is_removed_with_all_that_belongs_to_it(path: Path) -> None:
    path.with_name(path.name + "-wal").write_bytes(b"")
    remove_database(path)
    assert list(path.parent.iterdir()) == []
    assert not is_sealed(path)
    assert SEAL not in "".join(one.name for one in path.parent.iterdir())
