"""``newsspider import``, as a user sees it."""

import json
from pathlib import Path

from tests.commandline import newsspider
from tests.foreign import ORIGIN, by_record, heritrix_records, write_with_warcio
from tests.newsspider.archive.sites import TEXT

HILL = ("--site", "hill", "--archive", "a", "--sites", "sites")


def write_site(home: Path) -> None:
    (home / "sites").mkdir()
    (home / "sites" / "hill.toml").write_text(TEXT, "utf-8")


def test_a_file_is_taken_once_and_shows_in_every_command(tmp_path: Path) -> None:
    write_site(tmp_path)
    write_with_warcio(tmp_path / "b.warc.gz")
    ran = newsspider("import", "b.warc.gz", *HILL, home=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("b.warc.gz: copied, as hill-")
    assert ran.out.endswith("-00001.warc.gz; 6 captures, 3 new in the dataset\n")
    ran = newsspider("import", "b.warc.gz", "b.warc.gz", *HILL, home=tmp_path)
    assert ran.code == 0
    assert ran.out.startswith("b.warc.gz: is in the archive already, as hill-")
    assert len(ran.out.splitlines()) == 1
    verified = newsspider("verify", "--full", "--archive", "a", "--sites", "sites", home=tmp_path)
    assert verified.code == 0
    assert verified.out.startswith(
        "hill: 1 of 1 WARC file, 6 captures, 3 records (3 read again): everything agrees\n"
    )
    rebuilt = newsspider("rebuild", "--archive", "a", "--sites", "sites", home=tmp_path)
    assert rebuilt.out == "hill: 6 captures read, 3 records: 3 the same, 0 changed, 0 new, 0 gone.\n"
    history = newsspider("history", f"{ORIGIN}/info/1001/2.htm", "--archive", "a", home=tmp_path)
    assert "revision 1" in history.out


def test_a_damaged_file(tmp_path: Path) -> None:
    write_site(tmp_path)
    (tmp_path / "b.warc.gz").write_bytes(by_record(heritrix_records())[:-30])
    ran = newsspider("import", "b.warc.gz", *HILL, "--json", home=tmp_path)
    assert ran.code == 1
    told = json.loads(ran.out)
    assert (told["captures"], told["changed"], told["is_copy"]) == (6, {"new": 3}, True)
    (damage,) = told["damage"]
    assert damage["end"] == (tmp_path / "b.warc.gz").stat().st_size
    ran = newsspider("import", "b.warc.gz", *HILL, home=tmp_path)
    assert ran.code == 1
    assert f"  damaged: bytes {damage['start']} to {damage['end']}" in ran.out


def test_a_package_of_our_own_or_of_browsertrix(tmp_path: Path) -> None:
    write_site(tmp_path)
    write_with_warcio(tmp_path / "b.warc.gz")
    newsspider("import", "b.warc.gz", *HILL, home=tmp_path)
    newsspider("export", "--archive", "a", "--sites", "sites", "--wacz", "x.wacz", home=tmp_path)
    ran = newsspider(
        "import", "x.wacz", "--site", "hill", "--archive", "b", "--sites", "sites", "--json", home=tmp_path
    )
    assert (ran.code, ran.err) == (0, "")
    told = json.loads(ran.out)
    assert told["file"].startswith("x.wacz/archive/hill-")
    assert told["changed"] == {"new": 3}
    (tmp_path / "y.wacz").write_bytes(b"no package")
    ran = newsspider("import", "y.wacz", *HILL, home=tmp_path)
    assert ran.code == 2
    assert ran.err == "newsspider: y.wacz: cannot be read as a WACZ package (File is not a zip file).\n"


def test_wrong_use(tmp_path: Path) -> None:
    write_site(tmp_path)
    (tmp_path / "page.html").write_text("<html></html>")
    ran = newsspider("import", "page.html", *HILL, home=tmp_path)
    assert ran.code == 2
    assert ran.err == (
        "newsspider: page.html: holds no WARC record that can be read; give the path of a WARC file.\n"
    )
    ran = newsspider("import", "gone.warc", *HILL, home=tmp_path)
    assert (ran.code, ran.err) == (2, "newsspider: gone.warc: cannot be read (No such file or directory).\n")
    ran = newsspider("import", "page.html", "--site", "dale", "--archive", "a", "--sites", "sites", home=tmp_path)
    assert ran.code == 2
    assert "dale: no such site" in ran.err
    assert not (tmp_path / "a").exists()
