"""Foreign WARC files in an archive: every byte kept, records of what is in scope, and the views hold."""

import gzip
import json
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pytest

from newsspider.archive.folder import Archive
from newsspider.archive.imports import AS, DIGEST, WITHOUT, has_origin
from newsspider.frontier.ledger import Ledger
from pipelines.errors import InputError
from pipelines.model import FoundBy
from pipelines.store.foreign import file_digest
from pipelines.store.warc import ORIGIN, read_captures, read_warcinfo
from tests.foreign import DAYS, FORMS, article, content, heritrix_records, title, write_with_warcio
from tests.newsspider.archive.sites import (
    SITE,
    folder_of,
    lines,
    names,
    rebuild,
    records,
    recover,
    take,
    titles,
    verify,
)  # fmt: skip
from tests.static_site import served

RECORDS = heritrix_records()
TITLES = [title(day) for day in DAYS]


def written(path: Path, form: str = "gzip by record") -> Path:
    target = path / FORMS[form][0]
    target.write_bytes(FORMS[form][1](RECORDS))
    return target


def ledger(home: Path) -> Ledger:
    return Ledger(folder_of(home) / "ledger.sqlite", SITE)


@pytest.mark.parametrize("form", FORMS)
def test_files_of_every_form_give_records_and_keep_their_bytes(tmp_path: Path, form: str) -> None:
    source, home = written(tmp_path, form), tmp_path / "a"
    (imported,) = take(home, source)
    assert imported.captures == 6
    assert dict(imported.changes) == {"new": 3}
    assert imported.warc == "hill-20260401120000-00001.warc.gz"
    assert titles(home) == TITLES
    assert [record.evidence.title is not None for record in records(home)] == [True] * 3
    path = folder_of(home) / "warc" / imported.warc
    about = read_warcinfo(path)
    assert (about[ORIGIN], about[DIGEST]) == (source.name, file_digest(source))
    assert about[AS] == ("bytes" if form == "gzip by record" else "records")
    assert about["siteFile"] == SITE.text
    assert content(path.read_bytes()).partition(b"WARC/1.0")[2] == b"".join(RECORDS).partition(b"WARC/1.0")[2]
    assert verify(home) == []
    before = lines(home)
    rebuild(home)
    assert lines(home) == before


def test_a_copy_has_the_bytes_of_its_origin_and_a_changed_one_is_noticed(tmp_path: Path) -> None:
    source, home = written(tmp_path), tmp_path / "a"
    (imported,) = take(home, source)
    path = folder_of(home) / "warc" / imported.warc
    assert path.read_bytes().endswith(source.read_bytes())
    assert has_origin(path)
    other = gzip.compress(RECORDS[-1].replace(b"hopsFromSeed: L", b"hopsFromSeed: X"), mtime=0)
    last = gzip.compress(RECORDS[-1], mtime=0)
    path.write_bytes(path.read_bytes().removesuffix(last) + other)
    assert not has_origin(path)
    assert any("does not hold the bytes that were imported" in fault.what for fault in verify(home))


def test_captures_say_that_they_are_imported(tmp_path: Path) -> None:
    source, home = tmp_path / "b.warc.gz", tmp_path / "a"
    write_with_warcio(source)
    take(home, source)
    captures = list(Archive(home).captures("hill"))
    assert len(captures) == 6
    for capture in captures:
        assert capture.imported
        assert capture.hints.found_by is FoundBy.IMPORT
        assert capture.run == "20260401-120000-aaaaaaaa"  # not the «../../x» of the file
        assert (capture.payload_digest or "").startswith("sha256:")
        assert (capture.declared_digest or "").startswith("sha1:")
    assert names((folder_of(home) / "records").iterdir()) == ["20260401-120000-aaaaaaaa.jsonl"]


def test_the_index_has_the_digests_that_revisits_of_the_file_name(tmp_path: Path) -> None:
    source, home = tmp_path / "b.warc.gz", tmp_path / "a"
    write_with_warcio(source)
    (imported,) = take(home, source)
    index = folder_of(home) / "warc" / imported.warc.replace(".warc.gz", ".cdxj")
    entries = [json.loads(line.split(" ", 2)[2]) for line in index.read_text("utf-8").splitlines()]
    assert len(entries) == 6
    assert {entry["filename"] for entry in entries} == {imported.warc}
    assert all(entry["digest"].startswith("sha1:") for entry in entries)


def test_what_is_out_of_scope_is_kept_but_enters_no_view(tmp_path: Path) -> None:
    home = tmp_path / "a"
    take(home, written(tmp_path))
    uris = {capture.target_uri for capture in Archive(home).captures("hill")}
    assert {"http://news.hill.example/logo.png", "http://www.elsewhere.example/info/1001/9.htm"} < uris
    known = ledger(home)
    assert known.outcome("http://news.hill.example/info/1001/1.htm") == "ok"
    assert not known.knows("http://news.hill.example/logo.png")
    assert not known.knows("http://www.elsewhere.example/info/1001/9.htm")
    known.close()


def test_the_same_file_is_known_again(tmp_path: Path) -> None:
    source, home = written(tmp_path), tmp_path / "a"
    take(home, source)
    before = lines(home), names((folder_of(home) / "warc").iterdir())
    renamed = source.rename(tmp_path / "another-name.warc.gz")
    (again,) = take(home, renamed, run="20260402-120000-bbbbbbbb")
    assert again.was_known
    assert again.warc == "hill-20260401120000-00001.warc.gz"
    assert (lines(home), names((folder_of(home) / "warc").iterdir())) == before


def test_an_older_capture_makes_no_revision_and_a_newer_one_does(tmp_path: Path) -> None:
    home = tmp_path / "a"
    files = {}
    for year, more in (("2027", "今年。"), ("2026", "去年。"), ("2028", "明年。")):
        files[year] = tmp_path / f"{year}.warc.gz"
        write_with_warcio(files[year], date=f"{year}-04-05T01:02:03Z", more=more)
    for number, year in enumerate(files):
        take(home, files[year], run=f"20260401-12000{number}-aaaaaaaa")
    kept = [record for record in records(home, revisions=True) if record.title == TITLES[0]]
    assert [(one.revision, one.reason, (one.body or "")[-3:]) for one in kept] == [
        (1, "new", "今年。"),
        (2, "edited", "明年。"),
    ]
    assert len(list(Archive(home).captures("hill"))) == 18
    assert verify(home) == []
    before = lines(home)
    rebuild(home)
    assert lines(home) == before


def test_files_taken_together_are_taken_in_the_order_of_time(tmp_path: Path) -> None:
    home = tmp_path / "a"
    for name, year, more in (("a", "2027", "明年。"), ("b", "2026", "今年。")):
        write_with_warcio(tmp_path / f"{name}.warc.gz", date=f"{year}-04-05T01:02:03Z", more=more)
    imported = take(home, tmp_path / "a.warc.gz", tmp_path / "b.warc.gz")
    assert [one.source.path.name for one in imported] == ["b.warc.gz", "a.warc.gz"]
    kept = [record for record in records(home, revisions=True) if record.title == TITLES[0]]
    assert [(one.body or "")[-3:] for one in kept] == ["今年。", "明年。"]


def test_a_damaged_file_is_taken_as_far_as_it_is_sound(tmp_path: Path) -> None:
    home = tmp_path / "a"
    members = [gzip.compress(record, mtime=0) for record in RECORDS]
    number = next(
        at for at, record in enumerate(RECORDS) if b"info/1001/1.htm\r\n" in record and b"response\r\n" in record
    )
    start = sum(map(len, members[:number]))
    data = bytearray(b"".join(members))
    data[start + 40] ^= 4
    source = tmp_path / "b.warc.gz"
    source.write_bytes(data)
    (imported,) = take(home, source)
    (damage,) = imported.source.survey.damage
    assert (damage.start, damage.end) == (start, start + len(members[number]))
    assert titles(home) == TITLES[1:]
    warcs = folder_of(home) / "warc"
    assert read_warcinfo(warcs / imported.warc)[WITHOUT] == f"{damage.start}-{damage.end}"
    assert (warcs / f"{imported.warc}.damaged-{start}").read_bytes() == bytes(data[damage.start : damage.end])
    assert verify(home) == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "holds no WARC record"),
        (b"<html></html>", "holds no WARC record"),
        (b"filedesc://a.arc 0.0.0.0 20050101000000 text/plain 76\n1 0 x\n", "is an ARC file"),
        (
            gzip.compress(b"filedesc://a.arc 0.0.0.0 20050101000000 text/plain 76\n1 0 x\n", mtime=0),
            "is an ARC file",
        ),
    ],
)
def test_what_is_no_warc_file_is_refused_before_anything_is_written(
    tmp_path: Path, data: bytes, words: str
) -> None:
    (tmp_path / "b.warc.gz").write_bytes(data)
    with pytest.raises(InputError, match=words):
        take(tmp_path / "a", written(tmp_path), tmp_path / "b.warc.gz")
    assert not list((folder_of(tmp_path / "a") / "warc").iterdir())


def test_a_file_of_the_archive_itself_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "a"
    (imported,) = take(home, written(tmp_path))
    with pytest.raises(InputError, match="stands in the archive already"):
        take(home, folder_of(home) / "warc" / imported.warc)


def test_what_a_kill_leaves_of_an_import_is_removed(tmp_path: Path) -> None:
    home = tmp_path / "a"
    (imported,) = take(home, written(tmp_path))
    warcs = folder_of(home) / "warc"
    before = names(warcs.iterdir())
    (warcs / "hill-20260401120000-00002.warc.gz.new").write_bytes((warcs / imported.warc).read_bytes()[:-70])
    recover(home)
    assert names(warcs.iterdir()) == before


def test_a_kill_before_the_index_is_made_good(tmp_path: Path) -> None:
    home = tmp_path / "a"
    (imported,) = take(home, written(tmp_path))
    index = folder_of(home) / "warc" / imported.warc.replace(".warc.gz", ".cdxj")
    before = index.read_bytes()
    index.unlink()
    recover(home)
    assert index.read_bytes() == before


def test_a_kill_before_the_views_is_made_good(tmp_path: Path) -> None:
    home, other = tmp_path / "a", tmp_path / "b"
    (imported,) = take(home, written(tmp_path))
    shutil.copytree(folder_of(home) / "warc", folder_of(other) / "warc")
    assert recover(other).replayed == imported.captures
    assert lines(other) == lines(home)


def test_a_file_of_fastwarc(tmp_path: Path) -> None:
    warc = pytest.importorskip("fastwarc.warc")
    body = article(1)
    http = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(body)
        + body
    )
    record = warc.WarcRecord()
    record.init_headers(content_length=len(http), record_type=warc.WarcRecordType.response)
    record.headers["WARC-Target-URI"] = "http://news.hill.example/info/1001/1.htm"
    record.headers["Content-Type"] = "application/http; msgtype=response"
    record.set_bytes_content(http)
    out = BytesIO()
    record.write(out, checksum_data=True)
    source = tmp_path / "fast.warc"
    source.write_bytes(out.getvalue())
    take(tmp_path / "a", source)
    assert titles(tmp_path / "a") == TITLES[:1]


@pytest.mark.skipif(shutil.which("wget") is None, reason="wget is not installed")
@pytest.mark.parametrize("compression", [[], ["--no-warc-compression"]], ids=["gzip", "not compressed"])
def test_a_file_of_wget(tmp_path: Path, compression: list[str]) -> None:
    www = tmp_path / "www"
    www.mkdir()
    for day in DAYS:
        (www / f"{day}.htm").write_bytes(article(day))
    home = tmp_path / "a"
    with served(www) as origin:
        uris = [f"{origin}/{day}.htm" for day in DAYS]
        command = [
            "wget",
            "--quiet",
            "--no-proxy",
            "--no-config",
            "--delete-after",
            "--warc-file=of-wget",
            *compression,
        ]
        subprocess.run([*command, *uris], cwd=tmp_path, check=True)
    (source,) = [path for path in tmp_path.iterdir() if path.name.startswith("of-wget")]
    (imported,) = take(home, source)
    assert imported.captures == 3
    path = folder_of(home) / "warc" / imported.warc
    assert [capture.target_uri for capture in read_captures(path)] == uris
    assert verify(home) == []
