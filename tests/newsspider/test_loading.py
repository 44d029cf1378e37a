"""The files of the dataset load in researchers' tools as they are."""

import os
from pathlib import Path

import pytest

from newsspider import arrow_schema, open_archive
from tests.commandline import newsspider
from tests.ports import find_ports

EXTRA = "the extra «dataset» is not installed: pip install 'newsspider[dataset]'"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("loading")
    assert newsspider("demo", "--archive", "x", "--port", str(find_ports()[0]), home=home).code == 0
    return home / "x"


@pytest.fixture(scope="module")
def titles(archive: Path) -> list[str]:
    return sorted(record.title or "" for record in open_archive(archive).records())


def test_pandas(archive: Path, titles: list[str]) -> None:
    pandas = pytest.importorskip("pandas", reason=EXTRA)
    files = sorted(archive.glob("sites/*/records/*.jsonl"))
    frame = pandas.concat(pandas.read_json(path, lines=True, dtype=False) for path in files)
    assert sorted(frame["title"]) == titles
    assert frame["published"].map(type).eq(str).all()


def test_polars(archive: Path, titles: list[str]) -> None:
    polars = pytest.importorskip("polars", reason=EXTRA)
    pytest.importorskip("pyarrow", reason=EXTRA)
    schema = polars.from_arrow(arrow_schema().empty_table()).schema
    frame = polars.read_ndjson(f"{archive}/sites/*/records/*.jsonl", schema=schema)
    assert frame["repairs"].list.len().sum() > 100
    assert sorted(frame["title"]) == titles


def test_duckdb(archive: Path, titles: list[str]) -> None:
    duckdb = pytest.importorskip("duckdb", reason=EXTRA)
    rows = duckdb.sql(f"SELECT title FROM read_json('{archive}/sites/*/records/*.jsonl')").fetchall()
    assert sorted(row[0] for row in rows) == titles


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_hugging_face_datasets(
    archive: Path, titles: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("HF_HUB_OFFLINE", "1"), ("HF_HOME", str(tmp_path)), ("HF_DATASETS_OFFLINE", "1")):
        monkeypatch.setitem(os.environ, name, value)
    datasets = pytest.importorskip("datasets", reason=EXTRA)
    files = [str(path) for path in sorted(archive.glob("sites/*/records/*.jsonl"))]
    loaded = datasets.load_dataset(
        "json",
        data_files=files,
        features=datasets.Features.from_arrow_schema(arrow_schema()),
        split="train",
        cache_dir=str(tmp_path / "cache"),
    )
    assert sum(map(len, loaded["repairs"])) > 100
    assert sorted(loaded["title"]) == titles
