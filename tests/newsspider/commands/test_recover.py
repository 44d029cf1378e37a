"""``newsspider recover``, as a user sees it."""

import json
from pathlib import Path

from newsspider.archive.locks import lock
from newsspider.capture.warcfile import warc_files
from tests.commandline import newsspider
from tests.foreign import ORIGIN, pages
from tests.newsspider.archive.sites import crawl, folder_of

RUN = "20260401-120000-aaaaaaaa"
PAGES = [page for page in pages() if page[0].startswith(ORIGIN)]
RECOVER = ("recover", "--archive", "a")


def test_what_a_kill_left(tmp_path: Path) -> None:
    home = tmp_path / "a"
    crawl(home, PAGES, run=RUN, close=False)
    (open_file,) = (folder_of(home) / "warc").iterdir()
    with open_file.open("ab") as file:
        file.write(b"half an exchange")
    ran = newsspider(*RECOVER, home=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "hill: hill-20260401120000-00001.warc.gz: 16 bytes of an unfinished exchange cut off, closed;"
        " 5 captures replayed\n"
    )
    assert newsspider(*RECOVER, home=tmp_path).out == "hill: nothing to put right\n"


def test_a_damaged_file(tmp_path: Path) -> None:
    home = tmp_path / "a"
    crawl(home, PAGES, run=RUN)
    (path,) = warc_files(folder_of(home) / "warc")
    path.write_bytes(path.read_bytes()[:-50])
    for leftover in folder_of(home).glob("ledger.sqlite*"):
        leftover.unlink()
    ran = newsspider(*RECOVER, "--json", home=tmp_path)
    assert ran.code == 4
    told = json.loads(ran.out)
    assert (told["site"], told["replayed"]) == ("hill", 4)
    assert told["damage"][0]["warc"] == path.name
    rebuilt = newsspider("rebuild", "--archive", "a", home=tmp_path)
    assert rebuilt.code == 4
    assert "Nothing was replaced: the old records hold what cannot be read" in rebuilt.out


def test_a_locked_site_and_one_that_is_not_held(tmp_path: Path) -> None:
    home = tmp_path / "a"
    crawl(home, PAGES, run=RUN)
    ran = newsspider(*RECOVER, "dale", home=tmp_path)
    assert ran.code == 2
    assert "does not hold this site" in ran.err
    held = lock(folder_of(home) / "lock", wait=False)
    assert held is not None
    with held:
        ran = newsspider(*RECOVER, home=tmp_path)
    assert ran.code == 3
    assert ran.err.startswith("newsspider: hill: another process is writing to this site")
