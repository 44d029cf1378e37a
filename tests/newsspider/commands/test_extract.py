"""``newsspider extract`` and ``why`` on files: good ones, and everything that is none."""

import json
from pathlib import Path

import pytest

import newsspider as package
from tests.commandline import newsspider
from tests.shared import SHARED, needs_shared

URL = "https://news.hill.example/info/1001/2002.htm"
PAGE = (
    '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>学校召开工作会议-青山大学新闻网</title></head>'
    "<body><h1>学校召开工作会议</h1><p>发布时间：2026-03-01　来源：宣传部</p><div class='content'>"
    "<p>3月1日上午，学校在行政楼会议室召开工作会议，研究部署本学期重点工作。会议由校长主持。</p>"
    "<p>会议强调，各学院要认真贯彻会议精神，结合实际制定方案，把各项任务落到实处，确保取得实效。</p></div></body></html>"
)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(PAGE, "utf-8")
    return path


def test_a_file_gives_its_record(page: Path, tmp_path: Path) -> None:
    ran = newsspider("extract", page, "--url", URL, home=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    record = json.loads(ran.out)
    assert (record["title"], record["published"], record["source"]) == ("学校召开工作会议", "2026-03-01", "宣传部")
    assert record["captures"] == []
    assert record == package.extract(PAGE.encode(), url=URL).to_dict()


def test_standard_input_gives_the_same(page: Path, tmp_path: Path) -> None:
    ran = newsspider("extract", "-", "--url", URL, home=tmp_path, stdin=PAGE.encode())
    assert json.loads(ran.out) == json.loads(newsspider("extract", page, "--url", URL, home=tmp_path).out)


def test_a_page_that_is_no_article_says_what_it_is(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '<html><head><meta charset="utf-8"><title>提示信息</title></head><body>您访问的页面不存在</body></html>',
        "utf-8",
    )
    ran = newsspider("extract", page, "--url", URL, home=tmp_path)
    assert ran.code == 0
    assert json.loads(ran.out)["outcome"] == "soft_404"
    record = package.extract(page.read_bytes(), url=URL)
    assert (record.outcome, record.title, record.body) == ("soft_404", None, None)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b"%PDF-1.4 ...", "is not HTML"),
        (bytes(range(256)) * 40, "is not HTML"),
    ],
    ids=["empty", "white", "pdf", "binary"],
)
def test_what_is_no_page_is_one_sentence(data: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(data)
    for words in (["extract", "page.html", "--url", URL], ["why", "page.html", "--url", URL]):
        ran = newsspider(*words, home=tmp_path)
        assert ran.code == 2
        assert said in ran.err
        assert len(ran.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["extract", "nowhere.html", "--url", URL], "nowhere.html: cannot be read"),
        (["extract", "page.html", "--url", "hill"], "is no address"),
        (["extract", "page.html", "--url", "ftp://hill.example/"], "is no address"),
        (["extract", "page.html"], "--url"),
        (["extract", "page.html", "--url", URL, "--site", "hil"], "no such site"),
        (["why", "page.html"], "give --url URL"),
        (["why", "page.html", "colour", "--url", URL], "the fields are title, published"),
        (["why", URL, "--archive", "nowhere"], "is not an archive"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_wrong_use_is_one_sentence_and_exit_code_2(words: list[str], said: str, page: Path, tmp_path: Path) -> None:
    ran = newsspider(*words, home=tmp_path)
    assert ran.code == 2
    assert said in ran.err


def test_an_empty_standard_input_is_called_that(tmp_path: Path) -> None:
    ran = newsspider("extract", "-", "--url", URL, home=tmp_path)
    assert (ran.code, ran.err) == (
        2, "newsspider: standard input: is empty; give a file with the HTML of a page.\n"
    )  # fmt: skip


def test_why_shows_a_field_with_its_evidence(page: Path, tmp_path: Path) -> None:
    ran = newsspider("why", page, "title", "--url", URL, home=tmp_path)
    assert ran.code == 0
    for words in ("title", "学校召开工作会议", "rule", "place", "raw"):
        assert words in ran.out
    assert "published" not in ran.out


def test_a_page_of_50_megabytes_is_read(tmp_path: Path) -> None:
    row = "<p>会议强调，各学院要认真贯彻会议精神，把各项任务落到实处。</p>\n"
    page = tmp_path / "page.html"
    page.write_text(PAGE.replace("</div>", row * 600_000 + "</div>"), "utf-8")
    assert page.stat().st_size > 50_000_000
    ran = newsspider("extract", page, "--url", URL, home=tmp_path)
    assert ran.code == 0
    assert json.loads(ran.out)["title"] == "学校召开工作会议"


@needs_shared
def test_every_labelled_page_is_what_it_is() -> None:
    """At least 57 of the 60 articles give records, none of the 39 other pages does."""
    assert SHARED is not None
    kinds: dict[str, list[bool]] = {"articles": [], "lists": [], "notarticles": []}
    for folder, found in kinds.items():
        for path in sorted((SHARED / "pages" / folder).glob("*.html")):
            label = json.loads(path.with_suffix(".json").read_text("utf-8"))
            record = package.extract(path.read_bytes(), url=label["url"] or "https://www.example.edu.cn/page.htm")
            found.append(record.body is not None)
    assert len(kinds["articles"]) == 60
    assert sum(kinds["articles"]) >= 57
    assert kinds["lists"] == [False] * 16
    assert kinds["notarticles"] == [False] * 23
