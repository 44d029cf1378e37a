"""The pages of the demo web hang together, say what :func:`expected` promises, and change where they should."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import lxml.html
import pytest

from newsspider.demo import PORTS, Expected, expected
from newsspider.demo.server import Answer
from newsspider.demo.web import SITES, origins_of, render

ORIGINS = origins_of(PORTS)
VERSIONS = (1, 2)
WEB: dict[int, dict[str, Answer]] = {
    version: {
        ORIGINS[site.id] + path: answer for site in SITES for path, answer in render(site, version, ORIGINS).items()
    }
    for version in VERSIONS
}
CHARSETS = {"demo-lanshan": "utf-8", "demo-wangxi": "gbk", "demo-mirror": "utf-8"}
SITE_OF = {origin: site for site, origin in ORIGINS.items()}
DEAD = {ORIGINS[site.id] + path for site in SITES for path in site.dead}

NEW = "http://127.0.0.1:8791/info/1044/3851.htm"
EDITED = "http://127.0.0.1:8792/a/tongzhi/2026/0312/251.html"
REMOVED = "http://127.0.0.1:8793/Item/8033.html"


def origin_of(url: str) -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(url))


def parse(url: str, version: int = 1) -> lxml.html.HtmlElement:
    html = WEB[version][url].page.body.decode(CHARSETS[SITE_OF[origin_of(url)]])
    return lxml.html.document_fromstring(html, base_url=url)


def is_html(answer: Answer) -> bool:
    return answer.page.content_type.startswith("text/html") and bool(answer.page.body)


def text_of(url: str, version: int = 1) -> str:
    return re.sub(r"\s+", "", "".join(parse(url, version).text_content()))


def targets(url: str, version: int) -> Iterator[str]:
    """Every address of the demo web that a page names, in links, pictures, scripts and styles."""
    for element, attribute, address, _ in parse(url, version).iterlinks():
        if element.tag == "form" or attribute not in {"href", "src"} or address.startswith("javascript:"):
            continue
        target = urljoin(url, address)
        if origin_of(target) in SITE_OF:
            yield target


@pytest.mark.parametrize("version", VERSIONS)
def test_every_link_leads_somewhere_or_is_known_to_be_dead(version: int) -> None:
    web = WEB[version]
    named = {target for url in web if is_html(web[url]) for target in targets(url, version)}
    assert named - web.keys() - DEAD == set()
    assert named >= DEAD, "a dead link that no page names is none"


@pytest.mark.parametrize("version", VERSIONS)
def test_every_article_is_reached_from_the_home_pages(version: int) -> None:
    reached, frontier = set(), [origin + "/" for origin in SITE_OF]
    while frontier:
        url = frontier.pop()
        if url not in reached and url in WEB[version]:
            reached.add(url)
            if is_html(WEB[version][url]):
                frontier += targets(url, version)
    articles = {article.url for article in expected(version)}
    assert articles <= reached
    assert {file.href for article in expected(version) for file in article.attachments} <= reached | DEAD


def test_sixty_one_articles_on_many_listing_pages() -> None:
    assert [len(expected(version)) for version in VERSIONS] == [61, 61]
    listing = re.compile(r":8791/(?:\w+|\w+/\d+)\.htm$|/list_\d_\d\.html$|/Category_\d+/Index(?:_\d)?\.html$")
    listings = [url for url in WEB[1] if listing.search(url) and not url.endswith("/index.htm")]
    assert len(listings) == 8 + 6 + 5


def test_a_listing_of_three_pages_is_numbered_backwards() -> None:
    hrefs = {
        page: [a.get("href") for a in parse(f"http://127.0.0.1:8791/{page}").xpath("//a[@class='Next']")]
        for page in ("tzgg.htm", "tzgg/2.htm", "tzgg/1.htm")
    }
    assert hrefs == {
        "tzgg.htm": ["tzgg/2.htm", "tzgg/1.htm"],
        "tzgg/2.htm": ["../tzgg/1.htm"] * 2,
        "tzgg/1.htm": [],
    }


@pytest.mark.parametrize("article", expected(1), ids=lambda article: f"{article.site}-{urlsplit(article.url).path}")
def test_the_page_says_what_is_expected_of_it(article: Expected) -> None:
    text = text_of(article.url)
    wanted = [article.title, article.section, article.source, article.author, article.editor, *article.paragraphs]
    neighbours = [link for link in (article.previous, article.next) if link]
    wanted += [link.title for link in neighbours] + [file.title for file in article.attachments]
    assert [words for words in wanted if words and re.sub(r"\s+", "", words) not in text] == []
    links = {urljoin(article.url, a.get("href")) for a in parse(article.url).iter("a")}
    named = [link.href for link in (*article.breadcrumb, *neighbours)] + [file.href for file in article.attachments]
    assert [href for href in named if href not in links] == []
    pictures = {urljoin(article.url, image.get("src")) for image in parse(article.url).iter("img")}
    assert {image.src for image in article.images} <= pictures


@pytest.mark.parametrize("site", ["demo-lanshan", "demo-wangxi"])
def test_attachments_are_served_as_the_files_they_are_called(site: str) -> None:
    gbk_line = rb"(?:[\x81-\xfe][\x40-\xfe])+\r\n"
    beginnings = {"pdf": rb"%PDF-1", "docx": rb"PK\x03\x04", "xlsx": rb"PK\x03\x04", "txt": gbk_line}
    files = [file for article in expected(1) if article.site == site for file in article.attachments]
    held = [file for file in files if file.href not in DEAD]
    assert {file.type for file in held} == set(beginnings)
    for file in held:
        assert re.match(beginnings[file.type or ""], WEB[1][file.href].page.body)


def test_the_second_version_has_one_article_new_one_edited_one_removed() -> None:
    first, second = ({article.url: article for article in expected(version)} for version in VERSIONS)
    assert second.keys() - first.keys() == {NEW}
    assert first.keys() - second.keys() == {REMOVED}
    edited = {url for url in first.keys() & second.keys() if first[url].paragraphs != second[url].paragraphs}
    assert edited == {EDITED}


def test_nothing_else_changes_but_listings_neighbours_and_files() -> None:
    first, second = WEB[1], WEB[2]
    changed = {url for url in first.keys() & second.keys() if first[url].page != second[url].page}
    articles = {article.url for article in expected(2)}
    older_notice = "http://127.0.0.1:8791/info/1044/3835.htm"
    around_removed = {"http://127.0.0.1:8793/Item/8590.html", "http://127.0.0.1:8793/Item/7702.html"}
    assert changed & articles == {EDITED, older_notice, *around_removed}
    lists = r"//127.0.0.1:8791/(index\.htm|tzgg(/\d)?\.htm)?$|//127.0.0.1:8793/(Category_15/Index(_2)?\.html)?$"
    assert [url for url in changed - articles if not re.search(lists, url)] == []
    assert second.keys() - first.keys() == {NEW}
    assert first.keys() - second.keys() == {REMOVED}


def test_pages_that_stay_keep_their_validators() -> None:
    for url in WEB[1].keys() & WEB[2].keys():
        first, second = WEB[1][url], WEB[2][url]
        same = (first.etag, first.last_modified) == (second.etag, second.last_modified)
        assert same == (first.page == second.page), url


# ── the seed page ──────────────────────────────────────────────────────────────────────────────────────────

SEED_PAGE = "http://127.0.0.1:8793/Item/5127.html"
SEED_TEXT = (Path(__file__).parents[3] / "newsspider/demo/articles/seed.txt").read_text("utf-8")


def to_plain_text(body: lxml.html.HtmlElement) -> str:
    """Return the text as a text browser shows it: bullets before list items, a blank line around p and h1."""

    def to_breaks(run: re.Match[str]) -> str:
        return "\n\n" if "\f" in run.group() else "\n"

    return re.sub(r"[\n\f ]*[\n\f][\n\f ]*", to_breaks, render_text(body)).strip().replace("\t", "  ")


def render_text(element: lxml.html.HtmlElement, depth: int = -1) -> str:
    """Return the text; a line end is a newline, a blank line a form feed, a step of indentation a tab."""
    edge = "\f" if element.tag in {"p", "h1"} else "\n" if element.tag in {"div", "ul", "li"} else ""
    bullet = "\t" * depth + "• " if element.tag == "li" else ""
    text = edge + bullet + flatten(element.text)
    for child in element:
        text += render_text(child, depth + (element.tag == "ul")) + flatten(child.tail)
    return text + edge


def flatten(source: str | None) -> str:
    return re.sub(r"\s+", " ", source or "")


def test_the_seed_page_reads_as_the_seed_does() -> None:
    assert to_plain_text(parse(SEED_PAGE).find("body")) == SEED_TEXT


def test_the_seed_text_is_the_one_that_was_given() -> None:
    given = [path for parent in Path(__file__).parents for path in (parent / "shared" / "seed").glob("000_*.txt")]
    if not given:
        pytest.skip("no shared/seed beside the project")
    assert given[0].read_bytes().decode() == SEED_TEXT


def test_the_seed_article_is_described_as_printed_and_as_written() -> None:
    (seed,) = (article for article in expected(1) if article.url == SEED_PAGE)
    assert seed.title == "我校召開疫情防控工作網(wǎng)絡(luò)視頻會(huì)議"
    assert seed.title_hans == "我校召开疫情防控工作网络视频会议"
    assert (seed.published.value, seed.published.precision) == ("2020-02-21", "day")
    assert (seed.source, seed.source_hans) == ("遼寧科技學(xué)院", "辽宁科技学院")
    assert (seed.author, seed.editor, seed.section) == ("佚名", "遼寧科技學(xué)院", "遼寧高校")
    assert seed.previous is not None
    assert seed.previous.title == "我校再次召開電視電話會(huì)議研究疫情防控工作"
    assert seed.next is not None
    assert seed.next.title == "學(xué)校領(lǐng)導(dǎo)走訪慰問(wèn)困難黨員、 老黨員和老干部"
    assert len(seed.paragraphs) == len(seed.paragraphs_hans) == 5
    assert "做到“日?qǐng)?bào)告、零報(bào)告”" in seed.paragraphs[4]
    assert "做到“日报告、零报告”" in seed.paragraphs_hans[4]
