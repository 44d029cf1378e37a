"""``newsspider export``: packages that other tools accept, and targets that never stay half-written."""

import json
from pathlib import Path

import bagit
import pytest

from newsspider.archive import export as exporting
from newsspider.archive.folder import Archive, open_archive
from newsspider.archive.locks import lock
from newsspider.capture import disk
from pipelines.errors import DiskFullError, InputError
from tests.commandline import newsspider
from tests.foreign import DAYS, ORIGIN, pages, title, write_with_warcio
from tests.newsspider.archive.sites import NOW, crawl, folder_of, lines, records, take, titles, verify
from tests.newsspider.capture.test_warcfile import names
from tests.wacz import check_wacz

RUN = "20260401-120000-aaaaaaaa"
PAGES = [page for page in pages() if page[0].startswith(ORIGIN)]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An archive with a run of our own and a foreign file."""
    crawl(tmp_path / "a", PAGES, run=RUN)
    write_with_warcio(tmp_path / "b.warc.gz", date="2026-04-02T00:00:00Z", more="又及。")
    take(tmp_path / "a", tmp_path / "b.warc.gz", run="20260403-120000-bbbbbbbb")
    return tmp_path / "a"


def test_both_targets_at_once(home: Path, tmp_path: Path) -> None:
    (home / "newsspider.toml").write_text('operator = "A library"\n')
    ran = newsspider("export", "--archive", "a", "--wacz", "x.wacz", "--bagit", "bag", home=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert [line.partition(":")[0] for line in ran.out.splitlines()] == ["x.wacz", "bag"]
    described = check_wacz(tmp_path / "x.wacz")
    assert described["title"] == "青山大学新闻网"
    bag = bagit.Bag(str(tmp_path / "bag"))
    bag.validate()
    assert bag.info["Source-Organization"] == "A library"
    payload = set(bag.payload_files())
    assert {
        "data/README.md",
        "data/record.schema.json",
        "data/newsspider.toml",
        "data/catalogue/hill.toml",
    } < payload
    assert {f"data/sites/hill/records/{name}" for name in lines(home)} < payload
    assert not any("ledger" in name or "lock" in name for name in payload)


def test_the_pages_of_a_package_are_the_newest_captures_of_the_articles(home: Path) -> None:
    found = list(exporting.find_pages(Archive(home), ["hill"]))
    assert sorted(page.title or "" for page in found) == [title(day) for day in DAYS]
    assert {page.ts for page in found} == {"2026-04-02T00:00:00Z"}


def test_the_payload_of_a_bag_is_an_archive(home: Path, tmp_path: Path) -> None:
    for _ in exporting.export_bag(Archive(home), ["hill"], tmp_path / "bag", now=NOW):
        pass
    assert titles(tmp_path / "bag" / "data") == titles(home)
    assert records(tmp_path / "bag" / "data", revisions=True) == records(home, revisions=True)
    assert lines(tmp_path / "bag" / "data") == lines(home)
    assert verify(tmp_path / "bag" / "data") == []


def test_a_package_can_be_imported_elsewhere(home: Path, tmp_path: Path) -> None:
    """Whoever gets the WARC files of a package derives the same text from them."""
    warcs = sorted((folder_of(home) / "warc").glob("*.warc.gz"))
    take(tmp_path / "c", *warcs)
    mine, theirs = (
        {record.url: record.text_digest for record in open_archive(root).records()}
        for root in (home, tmp_path / "c")
    )
    assert mine == theirs


def test_what_exists_is_left_alone(home: Path, tmp_path: Path) -> None:
    (tmp_path / "x.wacz").write_bytes(b"mine")
    (tmp_path / "bag").mkdir()
    for option, target in (("--wacz", "x.wacz"), ("--bagit", "bag")):
        ran = newsspider("export", "--archive", "a", option, target, home=tmp_path)
        assert ran.code == 2
        assert ran.err == f"newsspider: {target}: exists already; remove it, or choose another name.\n"
    assert (tmp_path / "x.wacz").read_bytes() == b"mine"
    assert list((tmp_path / "bag").iterdir()) == []


def test_wrong_use(home: Path, tmp_path: Path) -> None:
    ran = newsspider("export", "--archive", "a", home=tmp_path)
    assert (ran.code, ran.err) == (2, "newsspider: name the target: --wacz FILE or --bagit DIR.\n")
    ran = newsspider("export", "--archive", "a", "--wacz", "x.zip", home=tmp_path)
    assert ran.code == 2
    assert "x.zip: a WACZ file must have a name that ends with .wacz" in ran.err
    ran = newsspider("export", "dale", "--archive", "a", "--wacz", "x.wacz", home=tmp_path)
    assert ran.code == 2
    assert "does not hold this site" in ran.err
    held = lock(folder_of(home) / "lock", wait=False)
    assert held is not None
    with held:
        assert newsspider("export", "--archive", "a", "--wacz", "x.wacz", home=tmp_path).code == 3
    assert names(tmp_path) == ["a", "b.warc.gz"]


def test_json(home: Path, tmp_path: Path) -> None:
    ran = newsspider("export", "hill", "--archive", "a", "--wacz", "x.wacz", "--json", home=tmp_path)
    told = json.loads(ran.out)
    assert (told["target"], told["sites"], told["warc_files"]) == ("x.wacz", ["hill"], 2)


@pytest.mark.parametrize("target", ["x.wacz", "bag"])
@pytest.mark.parametrize("failing", [1, 3, 4])
def test_a_full_disk_leaves_nothing(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str, failing: int
) -> None:
    write = exporting.export_wacz if target == "x.wacz" else exporting.export_bag
    real, calls = disk.sync, 0

    def full(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls == failing or target == "x.wacz":
            raise OSError(28, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(disk, "sync", full)
    with pytest.raises(DiskFullError, match="there is no room to write"):
        for _ in write(Archive(home), ["hill"], tmp_path / target, now=NOW):
            pass
    assert names(tmp_path) == ["a", "b.warc.gz"]


def test_what_a_kill_left_of_a_target_is_replaced(home: Path, tmp_path: Path) -> None:
    (tmp_path / "x.wacz.partial").write_bytes(b"half")
    (tmp_path / "bag.partial" / "data").mkdir(parents=True)
    for write, name in ((exporting.export_wacz, "x.wacz"), (exporting.export_bag, "bag")):
        for _ in write(Archive(home), ["hill"], tmp_path / name, now=NOW):
            pass
    assert names(tmp_path) == ["a", "b.warc.gz", "bag", "x.wacz"]
    check_wacz(tmp_path / "x.wacz")


def test_a_site_of_which_nothing_is_held(tmp_path: Path) -> None:
    folder_of(tmp_path / "a").mkdir(parents=True)
    with pytest.raises(InputError, match="hill: nothing is held yet"):
        list(exporting.export_wacz(Archive(tmp_path / "a"), ["hill"], tmp_path / "x.wacz", now=NOW))
