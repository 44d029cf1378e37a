"""``newsspider text``: damage undone, scripts converted, and what was done told."""

import json
from pathlib import Path

import pytest

from tests.commandline import newsspider

DAMAGED = "學(xué)校召開視頻會(huì)議,學(xué)校領(lǐng)導(dǎo)參加了會(huì)議。\n會(huì)議指出,學(xué)校領(lǐng)導(dǎo)要重視。\n"
REPAIRED = "學校召開視頻會議,學校領導參加了會議。\n會議指出,學校領導要重視。\n"


@pytest.mark.parametrize(
    ("options", "printed"),
    [
        ([], REPAIRED),
        (["--hans"], "学校召开视频会议,学校领导参加了会议。\n会议指出,学校领导要重视。\n"),
        (["--hant", "tw"], REPAIRED),
    ],
    ids=["repaired", "hans", "hant"],
)
def test_a_damaged_text_comes_out_whole(options: list[str], printed: str, tmp_path: Path) -> None:
    ran = newsspider("text", "-", *options, home=tmp_path, stdin=DAMAGED.encode())
    assert (ran.code, ran.out) == (0, printed)


def test_a_text_in_another_charset_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("我校召开网络视频会议，研究部署有关工作。".encode("gb18030"))
    ran = newsspider("text", "a.txt", "--hant", "generic", home=tmp_path)
    assert ran.out == "我校召開網絡視頻會議，研究部署有關工作。"


def test_the_report_gives_the_raw_text_back(tmp_path: Path) -> None:
    ran = newsspider("text", "-", "--report", home=tmp_path, stdin=DAMAGED.encode())
    summary, *edits = map(json.loads, ran.err.splitlines())
    assert (summary["grade"], summary["counts"], summary["charset"]) == (
        "repaired_exact",
        {"pinyin": len(edits)},
        "utf-8",
    )
    text = ran.out
    for edit in reversed(edits):
        assert DAMAGED[edit["start"] : edit["end"]] == edit["old"]
    shift = 0
    for edit in edits:
        place = edit["start"] - shift
        assert text[place : place + len(edit["new"])] == edit["new"]
        shift += len(edit["old"]) - len(edit["new"])


@pytest.mark.parametrize("data", [b"", b"\x00\x00", b"plain English text\n", bytes(range(256))])
def test_any_bytes_give_a_text(data: bytes, tmp_path: Path) -> None:
    assert newsspider("text", "-", "--hans", "--report", home=tmp_path, stdin=data).code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["text", "nowhere.txt"], "nowhere.txt: cannot be read"),
        (["text", "-", "--hant", "cn"], "choose one of generic, hk, tw"),
        (["text", "-", "--hant", "tw", "--hans"], "choose one of --hans and --hant"),
        (["text", "-", "--model", "a.txt"], "a.txt: is no text model"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_wrong_use_is_one_sentence_and_exit_code_2(words: list[str], said: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("not a model", "utf-8")
    ran = newsspider(*words, home=tmp_path)
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert said in ran.err
