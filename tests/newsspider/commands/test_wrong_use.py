"""Whatever a person gets wrong, every command says it in one sentence: what, where, what to do next."""

from pathlib import Path

import pytest

from tests.commandline import newsspider

WITHOUT_ARCHIVE = [
    ("status",),
    ("report",),
    ("sections",),
    ("verify",),
    ("recover",),
    ("rebuild",),
    ("replay",),
    ("history", "http://hill.example/1.htm"),
    ("politeness", "hill.example"),
    ("why", "http://hill.example/1.htm"),
    ("export", "--wacz", "x.wacz"),
]
PAGE = "http://hill.example/1.htm"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a file, a folder, an empty file, a binary one, and an archive that holds nothing."""
    (tmp_path / "file.html").write_text("<!DOCTYPE html><html><body><p>学校召开会议。</p></body></html>", "utf-8")
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty").touch()
    (tmp_path / "binary").write_bytes(bytes(range(256)) * 4)
    (tmp_path / "data" / "archive" / "sites").mkdir(parents=True)
    return tmp_path


def refuse(home: Path, *words: str, code: int = 2) -> str:
    """Run a command that is refused; return its one sentence."""
    ran = newsspider(*words, home=home)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith("newsspider: ")
    assert ran.err.endswith(".\n")
    assert ran.err.count("\n") == 1
    return ran.err.removeprefix("newsspider: ").rstrip()


@pytest.mark.parametrize("words", WITHOUT_ARCHIVE, ids=" ".join)
def test_no_archive_is_there(words: tuple[str, ...], home: Path) -> None:
    said = refuse(home, *words, "--archive", "missing")
    assert said == "missing: is not an archive (it has no folder sites/); check the path."


@pytest.mark.parametrize("archive", ["folder", "file.html"])
def test_what_is_there_is_no_archive(archive: str, home: Path) -> None:
    said = refuse(home, "status", "--archive", archive)
    assert said == f"{archive}: is not an archive (it has no folder sites/); check the path."


@pytest.mark.parametrize("words", [("extract",), ("why",), ("text",), ("check-warc",)], ids=" ".join)
@pytest.mark.parametrize(
    ("file", "why"),
    [("missing", "No such file or directory"), ("folder", "Is a directory")],
    ids=["missing", "folder"],
)
def test_no_file_is_there(words: tuple[str, ...], file: str, why: str, home: Path) -> None:
    more = ("--url", PAGE) if words[0] in ("extract", "why") else ()
    assert refuse(home, *words, file, *more).startswith(f"{file}: cannot be read ({why}); give the path of a ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("extract", "empty", "--url", PAGE), "empty: is empty; give"),
        (("extract", "binary", "--url", PAGE), "binary: is not HTML; give"),
        (("extract", "file.html", "--url", "http://[::1"), "http://[::1: is no address; give one"),
        (("why", "file.html", "--url", "hill.example/1.htm"), "hill.example/1.htm: is no address; give one"),
        (("why", "file.html"), "file.html: give --url URL"),
        (("text", "file.html", "--model", "binary"), "binary: is no text model of this version"),
        (("import", "binary", "--site", "nankai"), "binary: holds no WARC record that can be read; give"),
        (("politeness", PAGE, "--log", "--json"), "choose one of --log and --json"),
        (
            ("schedule", "--cron", "--prometheus", "folder"),
            "--prometheus folder: is a folder; give the name of a file",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_is_given_cannot_be_used(words: tuple[str, ...], said: str, home: Path) -> None:
    assert refuse(home, *words).startswith(said)


@pytest.mark.parametrize("option", ["--html", "--prometheus"])
@pytest.mark.parametrize("target", [".", "folder"])
def test_a_report_cannot_be_written_over_a_folder(option: str, target: str, home: Path) -> None:
    said = refuse(home, "report", option, target, code=1)
    assert said == f"{target}: Is a directory; give the name of a file."


def test_a_file_that_the_system_refuses_is_named(home: Path) -> None:
    (home / "data" / "archive" / "sites" / "hill" / "records" / "1.jsonl").mkdir(parents=True)
    said = refuse(home, "history", "hill:1", code=1)
    assert said == "data/archive/sites/hill/records/1.jsonl: Is a directory; check the path and its permissions."


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("operator = ", "cannot be read ("),
        ("place = 1", "key place is not known; the keys are contact, hant"),
        ('hant = "cn"', "key hant must be one of tw, hk, generic, but it is 'cn'"),
        ("contact = 1", "key contact must be a text of one line, but it is 1"),
        ('contact = "a\\nb"', "key contact must be a text of one line, but it is 'a\\nb'"),
        ("min_free_mb = true", "key min_free_mb must be a number, 0 or more, but it is True"),
        ("min_free_mb = -1", "key min_free_mb must be a number, 0 or more, but it is -1"),
        ("min_free_mb = nan", "key min_free_mb must be a number, 0 or more, but it is nan"),
        ('text_model = "../a"', "key text_model must be a SHA-256 in 64 digits"),
        (f'text_model = "{"0" * 64}"', "cannot be read (No such file or directory); put it there"),
    ],
)
def test_a_setting_of_the_archive_is_wrong(line: str, said: str, home: Path) -> None:
    (home / "data" / "archive" / "newsspider.toml").write_text(f"{line}\n", "utf-8")
    assert said in refuse(home, "verify")


def test_the_sites_that_can_be_read_are_listed(home: Path) -> None:
    (home / "folder" / "dale.toml").write_text('id = "dale\n', "utf-8")
    (home / "folder" / "hill.toml").write_text(f'id = "hill"\nname = "Hill"\nseeds = ["{PAGE}"]\n', "utf-8")
    ran = newsspider("sites", "list", "--sites", "folder", home=home)
    assert ran.code == 2
    assert ran.err.startswith("folder/dale.toml: not valid TOML")
    assert ran.out.startswith("1 site of folder ")
    assert f"hill  Hill  {PAGE}" in ran.out


def test_an_address_names_its_host(home: Path) -> None:
    assert refuse(home, "politeness", PAGE).startswith("hill.example: data/archive holds no request to it")
