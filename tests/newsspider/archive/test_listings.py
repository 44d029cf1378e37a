"""What the listings of a site list: filled by captures, made again by a rebuild, and asked for sections."""

from itertools import chain
from pathlib import Path

from newsspider.archive.listings import Listings
from newsspider.archive.recovery import open_views
from newsspider.frontier.ledger import Ledger
from pipelines.completeness import Section, say
from tests.foreign import ORIGIN, article, title
from tests.newsspider.archive.sites import MODELS, SITE, crawl, folder_of, listing, rebuild

HTML = "text/html; charset=utf-8"
RUN, LATER = "20260401-120000-aaaaaaaa", "20260402-120000-bbbbbbbb"


def sections(home: Path) -> list[Section]:
    views, _ = open_views(folder_of(home), SITE, MODELS)
    found = list(views.listings.sections())
    views.close()
    return found


def dump(home: Path) -> list[tuple[object, ...]]:
    ledger = Ledger(folder_of(home) / "ledger.sqlite", SITE)
    rows = list(chain(ledger.dump(), Listings(SITE, ledger).dump()))
    ledger.close()
    return rows


def articles(days: range) -> list[tuple[str, str, bytes]]:
    return [(f"{ORIGIN}/info/1001/{day}.htm", HTML, article(day)) for day in days]


def test_a_complete_section(tmp_path: Path) -> None:
    crawl(tmp_path, [(f"{ORIGIN}/list.htm", HTML, listing(range(1, 7))), *articles(range(1, 7))], run=RUN)
    (section,) = sections(tmp_path)
    assert section.uri == f"{ORIGIN}/list.htm"
    assert say(section) == "6 of 6 listed articles held"


def test_two_pages_a_count_and_articles_that_were_not_fetched(tmp_path: Path) -> None:
    first = listing(range(4, 10), total=12, following="/list2.htm")
    second = listing(range(1, 4), total=12)
    pages = [(f"{ORIGIN}/list.htm", HTML, first), (f"{ORIGIN}/list2.htm", HTML, second)]
    crawl(tmp_path, [*pages, *articles(range(1, 8))], run=RUN)
    (section,) = sections(tmp_path)
    assert (section.pages, section.counted) == (2, 12)
    assert [(row.uri, row.title, row.date) for row in section.missing] == [
        (f"{ORIGIN}/info/1001/{day}.htm", title(day), f"2026-03-{day:02}") for day in (8, 9)
    ]
    assert say(section) == (
        "7 of 9 listed articles held; 2 missing: 2 not fetched yet;"
        " the listing counts 12, of which 3 were not on any page held"
    )


def test_a_page_of_the_listing_that_was_not_fetched(tmp_path: Path) -> None:
    crawl(tmp_path, [(f"{ORIGIN}/list.htm", HTML, listing(range(1, 7), following="/list2.htm"))], run=RUN)
    (section,) = sections(tmp_path)
    assert [page.uri for page in section.pages_missing] == [f"{ORIGIN}/list2.htm"]
    assert "1 of 2 listing pages not held" in say(section)


def test_a_row_that_leads_elsewhere_or_to_a_file(tmp_path: Path) -> None:
    more = (
        '<li><span>2026-03-08</span><a href="http://www.elsewhere.example/a/1.htm">媒体关注我校第八次工作会议召开</a></li>'
        '<li><span>2026-03-09</span><a href="/files/9.pdf">关于召开第九次工作会议的通知（附件）</a></li>'
    )
    page = (f"{ORIGIN}/list.htm", HTML, listing(range(1, 7), more=more))
    crawl(tmp_path, [page, *articles(range(1, 7))], run=RUN)
    (section,) = sections(tmp_path)
    assert section.reasons == {"elsewhere": 1, "a file": 1}
    assert say(section) == "6 of 8 listed articles held; 2 missing: 1 a file, 1 elsewhere"


def test_an_article_that_left_its_listing_stays_listed(tmp_path: Path) -> None:
    crawl(tmp_path, [(f"{ORIGIN}/list.htm", HTML, listing(range(1, 7))), *articles(range(1, 7))], run=RUN)
    crawl(tmp_path, [(f"{ORIGIN}/list.htm", HTML, listing(range(3, 9)))], run=LATER)
    (section,) = sections(tmp_path)
    assert say(section) == "6 of 8 listed articles held; 2 missing: 2 not fetched yet"


def test_an_article_that_only_its_neighbour_names(tmp_path: Path) -> None:
    link = '</div><div class="pn">下一篇：<a href="/info/1001/9.htm">学校召开第9次工作会议</a></div></body>'
    last = article(6).replace(b"</div></body>", link.encode())
    pages = [(f"{ORIGIN}/list.htm", HTML, listing(range(1, 7))), *articles(range(1, 6))]
    crawl(tmp_path, [*pages, (f"{ORIGIN}/info/1001/6.htm", HTML, last)], run=RUN)
    (section,) = sections(tmp_path)
    assert [row.uri for row in section.unlisted_missing] == [f"{ORIGIN}/info/1001/9.htm"]
    assert say(section) == "6 of 6 listed articles held; 1 more named only by its neighbours, not held"


def test_a_numbered_section_with_a_gap(tmp_path: Path) -> None:
    days = [*range(1, 12), *range(14, 29)]
    rows = [(f"{ORIGIN}/list.htm", HTML, listing(days))]  # type: ignore[arg-type]
    crawl(tmp_path, rows, run=RUN)
    (section,) = sections(tmp_path)
    assert section.gaps is not None
    assert (section.gaps.first, section.gaps.last, section.gaps.unseen) == (1, 28, 2)
    assert section.gaps.ranges == ((12, 13),)


def test_a_rebuild_makes_the_same_ledger(tmp_path: Path) -> None:
    first = listing(range(4, 10), total=12, following="/list2.htm")
    crawl(tmp_path, [(f"{ORIGIN}/list.htm", HTML, first), *articles(range(1, 8))], run=RUN)
    crawl(tmp_path, [(f"{ORIGIN}/list2.htm", HTML, listing(range(1, 4)))], run=LATER)
    before = dump(tmp_path)
    assert len(before) > 20
    rebuild(tmp_path, records=False)
    assert dump(tmp_path) == before
