"""What the command prints, and what it ends with."""

import gzip
import json
from pathlib import Path

import pytest

from newsspider.commands.check_warc import check_files
from pipelines.errors import InputError
from tests.pipelines.store.samples import write_samples


def test_a_good_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.warc.gz"
    write_samples(path, ["response", "identical", "time-out"])
    assert check_files([path]) == 0
    assert capsys.readouterr() == ("", f"{path}: keeps to WARC 1.1\n")


def test_a_recommendation_not_followed_is_no_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.warc.gz"
    write_samples(path, ["proxied"])
    assert check_files([path]) == 0
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 2
    assert err == f"{path}: keeps to WARC 1.1; 2 recommendations not followed\n"


def test_a_broken_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "a.warc.gz", tmp_path / "b.warc.gz"
    write_samples(good, ["response"])
    write_samples(bad, ["response"])
    text = gzip.decompress(bad.read_bytes()).replace(b"HTTP/1.1 200 OK", b"HTTP/1.1 201 OK")
    bad.write_bytes(b"".join(gzip.compress(b"WARC/1.1" + record) for record in text.split(b"WARC/1.1")[1:]))
    assert check_files([good, bad]) == 4
    out, err = capsys.readouterr()
    (line,) = out.splitlines()
    place, clause, level, message = line.split("\t")
    assert place.startswith(f"{bad}:")
    assert (clause, level) == ("5.8", "shall")
    assert message.startswith("WARC-Block-Digest is sha256:")
    assert err == f"{good}: keeps to WARC 1.1\n{bad}: breaks WARC 1.1 in 1 place\n"


def test_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"garbage")
    assert check_files([path], json=True) == 4
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line) == {
        "file": str(path),
        "offset": 0,
        "record_id": "",
        "clause": "4",
        "level": "shall",
        "message": "a.warc.gz: no WARC record begins at byte 0; what stands before is sound.",
    }


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"gone\.warc\.gz: cannot be read \(No such file or directory\); give the path"
    ):
        check_files([tmp_path / "gone.warc.gz"])
