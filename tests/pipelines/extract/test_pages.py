"""Pages made by hand in the markup of each family and for each trap: every field, with and without layouts."""

from functools import cache
from pathlib import Path

import pytest

from bench.extraction.labels import EXACT, GRADED, Labelled, compare, read_labels
from pipelines.extract import extract
from pipelines.model import Article
from pipelines.uri import resolve

PAGES = {page.id: page for page in read_labels(Path(__file__).parent / "pages")}

LAYOUTS = {
    "vsb-notice": "vsb", "vsb-table": "vsb", "vsb-pdf": "vsb", "webplus": "webplus", "webplus-pdf": "webplus",
    "trs": "trs", "dedecms-paged": "dedecms", "phpcms": "phpcms", "empirecms": "empirecms", "hanweb": "hanweb",
    "siteserver": "siteserver", "rpage": "rpage", "k2web": "k2web", "wordpress": "wordpress", "drupal": "drupal",
    "typo3": "typo3", "joomla": "joomla", "asp-table": None, "mirror-seed": None, "poster": None,
}  # fmt: skip
"""The family that each page is made after."""


@cache
def read(page: str, *, layouts: bool) -> Article:
    return extract(PAGES[page].open(), layouts=layouts)


def fields(page: Labelled) -> list[str]:
    has_time = len(page.label["date"] or "") > 10
    return [name for name in (*EXACT, *GRADED) if has_time or name != "time"]


@pytest.mark.parametrize("layouts", [True, False], ids=["layouts", "generic"])
@pytest.mark.parametrize(("page", "field"), [(page, field) for page in PAGES for field in fields(PAGES[page])])
def test_field(page: str, field: str, layouts: bool) -> None:
    article = read(page, layouts=layouts)
    scores = compare(article, PAGES[page], PAGES[page].open().base)
    assert scores[field] == 1.0, f"found {getattr(article, 'published' if field in ('date', 'time') else field)}"


@pytest.mark.parametrize("page", PAGES)
def test_body_is_the_label_line_by_line(page: str) -> None:
    article = read(page, layouts=True)
    assert article.body is not None
    assert article.body.value == PAGES[page].label["body_text"]


@pytest.mark.parametrize(("page", "layout"), LAYOUTS.items())
def test_recognises_the_family(page: str, layout: str | None) -> None:
    assert read(page, layouts=True).layout == layout


@pytest.mark.parametrize("page", [page for page in PAGES if "contributors" in PAGES[page].label])
def test_names_everybody_with_their_parts(page: str) -> None:
    found = read(page, layouts=True).contributors
    assert found is not None
    assert [[one.role, one.name] for one in found.value] == PAGES[page].label["contributors"]


@pytest.mark.parametrize("page", [page for page in PAGES if "placeholders" in PAGES[page].label])
def test_marks_what_the_cms_filled_in(page: str) -> None:
    article = read(page, layouts=True)
    for name in ("source", "author", "editor"):
        finding = getattr(article, name)
        if finding is not None:
            assert finding.placeholder == (name in PAGES[page].label["placeholders"]), name


@pytest.mark.parametrize("page", [page for page in PAGES if "related" in PAGES[page].label])
def test_finds_related_articles(page: str) -> None:
    related = read(page, layouts=True).related
    assert related is not None
    assert [link.title for link in related.value] == PAGES[page].label["related"]


@pytest.mark.parametrize("page", PAGES)
def test_finds_the_other_pages_of_a_split_article_and_no_others(page: str) -> None:
    pages = read(page, layouts=True).pages
    base = PAGES[page].open().base
    wanted = [resolve(base, href) for href in PAGES[page].label.get("pages", [])]
    assert [link.href for link in pages.value] == wanted if pages else wanted == []


@pytest.mark.parametrize("page", [page for page in PAGES if "modified" in PAGES[page].label])
def test_parts_the_last_change_from_publication(page: str) -> None:
    modified = read(page, layouts=True).modified
    assert modified is not None
    assert modified.value.value[:10] == PAGES[page].label["modified"]


@pytest.mark.parametrize("page", PAGES)
def test_gives_evidence_for_what_it_finds(page: str) -> None:
    document = PAGES[page].open()
    article = extract(document)
    for name in ("title", "published", "source", "author", "editor", "breadcrumb", "previous", "next", "body"):
        finding = getattr(article, name)
        if finding is None:
            continue
        assert finding.rule
        assert 0 < finding.confidence <= 1
        if finding.place is not None:
            assert document.root.xpath(finding.place), f"{name}: nothing stands at {finding.place}"


def test_says_why_a_field_is_absent() -> None:
    assert read("vsb-notice", layouts=True).absent["next"] == "the page says that there is none"


def test_prefers_what_the_page_prints_and_keeps_the_other_witnesses() -> None:
    published = read("wordpress", layouts=True).published
    assert published is not None
    assert published.rule == "wordpress:published"
    assert {witness.rule for witness in published.witnesses} >= {"meta:article:published_time", "uri:month"}
    assert all(witness.agrees for witness in published.witnesses)
