"""``newsspider sections``, as a user sees it."""

import json
from pathlib import Path

from tests.commandline import newsspider
from tests.foreign import ORIGIN, article, title
from tests.newsspider.archive.sites import crawl, listing

RUN = "20260401-120000-aaaaaaaa"
HTML = "text/html; charset=utf-8"


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    articles = [(f"{ORIGIN}/info/1001/{day}.htm", HTML, article(day)) for day in (1, 3, 4, 5, 6)]
    crawl(tmp_path / "a", [(f"{ORIGIN}/list.htm", HTML, listing(range(1, 7))), *articles], run=RUN)
    ran = newsspider("sections", "--archive", "a", home=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    head, statement, missing = ran.out.splitlines()
    assert head == "hill: 1 section"
    assert statement.endswith("5 of 6 listed articles held; 1 missing: 1 not fetched yet")
    assert missing == f"    not fetched yet  2026-03-02  {title(2)}  {ORIGIN}/info/1001/2.htm"
    told = json.loads(newsspider("sections", "hill", "--archive", "a", "--json", home=tmp_path).out)
    (section,) = told["sections"]
    assert section["statement"] == "5 of 6 listed articles held; 1 missing: 1 not fetched yet"
    assert [row["uri"] for row in section["missing"]] == [f"{ORIGIN}/info/1001/2.htm"]
    verified = json.loads(newsspider("verify", "--archive", "a", "--json", home=tmp_path).out)
    assert verified["sections"][0]["held"] == 5


def test_nothing_listed(tmp_path: Path) -> None:
    crawl(tmp_path / "a", [(f"{ORIGIN}/x.png", "image/png", b"\x89PNG")], run=RUN)
    ran = newsspider("sections", "--archive", "a", home=tmp_path)
    assert ran.out == "hill: no listing is held yet\n"
