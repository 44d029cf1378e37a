"""The mirror 高校资讯汇: it copies universities' news, carelessly (:mod:`newsspider.demo.spoil`). UTF-8.

Its templates are written in simplified characters, and so are the stories; every text goes through the mirror's
program on its way into a page, with as many annotated characters as that page has.
"""

import re
from collections.abc import Sequence
from functools import cache
from html import escape
from string import Template

from newsspider.demo.design import (
    NOT_FOUND,
    Column,
    DemoSite,
    Expected,
    Origins,
    Page,
    file_page,
    paged,
    printed_date,
    read_template,
    static_pages,
)
from newsspider.demo.files import make_picture
from newsspider.demo.spoil import spoil
from newsspider.demo.stories import Story, in_column, neighbours, read_seed, to_lines
from pipelines.model import Link

ID = "demo-mirror"
COLUMNS = {
    column.key: column
    for column in (
        Column(key="liaoning", name="辽宁高校", number=12),
        Column(key="huodong", name="校园活动", number=15),
    )
}
PER_LISTING = 4
READINGS_ON_LISTINGS = 30
HTML = "text/html; charset=utf-8"
NO_NEIGHBOUR = "没有了"
ICONS = ("small", "large", "zui", "re")
"""Pictures that stand for a word; 最 and 热 are two of them, so the headings' texts lack them."""


# ── addresses ──────────────────────────────────────────────────────────────────────────────────────────────


def article_path(story: Story) -> str:
    return f"/Item/{story.id}.html"


def listing_path(column: Column, number: int) -> str:
    return f"/Category_{column.number}/Index{'' if number == 1 else f'_{number}'}.html"


# ── pages ──────────────────────────────────────────────────────────────────────────────────────────────────


def make_pages(stories: Sequence[Story], origins: Origins) -> dict[str, Page]:
    pages = static_pages("mirror")
    pages["/"] = _page(_home(stories))
    pages["/map.html"] = _page(_fill("map.html", READINGS_ON_LISTINGS))
    # The mobile edition is gone, and the mirror says so with a 200: a soft 404.
    pages[NOT_FOUND] = pages["/m/"] = _page(_fill("missing.html", 0))
    pages["/robots.txt"] = Page(body=b"User-agent: *\nDisallow: /User/\n", content_type="text/plain")
    pages["/skin/logo.png"] = file_page("logo.png", make_picture("mirror logo"))
    pages |= {f"/skin/{name}.png": file_page(f"{name}.png", make_picture(name, 12, 12)) for name in ICONS}
    for column in COLUMNS.values():
        listing = paged(in_column(stories, column.key), PER_LISTING)
        for number in range(1, len(listing) + 1):
            pages[listing_path(column, number)] = _page(_listing(column, number, listing))
    return pages | {article_path(story): _page(_article(story, stories)) for story in stories}


def _page(html: str) -> Page:
    return Page(body=html.encode(), content_type=HTML)


def _fill(name: str, readings: int, **fields: object) -> str:
    return _spoilt_template(name, readings).substitute(fields)


@cache
def _spoilt_template(name: str, readings: int) -> Template:
    """Return a template whose texts, but not its tags, went through the mirror's program."""
    html = read_template(f"mirror/{name}").template
    return Template(re.sub(r"(?<=>)[^<>]+", lambda text: spoil(text.group(), readings), html))


def _home(stories: Sequence[Story]) -> str:
    boxes = (
        _fill(
            "box.html",
            READINGS_ON_LISTINGS,
            number=column.number,
            column=spoil(column.name, READINGS_ON_LISTINGS),
            rows=_rows(in_column(stories, column.key)[:PER_LISTING]),
        )
        for column in COLUMNS.values()
    )
    return _fill("home.html", READINGS_ON_LISTINGS, boxes="\n".join(boxes))


def _listing(column: Column, number: int, listing: Sequence[Sequence[Story]]) -> str:
    def button(label: str, target: int) -> str:
        shown = spoil(label, READINGS_ON_LISTINGS)
        if target == number or not 1 <= target <= len(listing):
            return shown
        return f'<a href="{listing_path(column, target)}">{shown}</a>'

    ends = (("首页", 1), ("上一页", number - 1), ("下一页", number + 1), ("尾页", len(listing)))
    return _fill(
        "listing.html",
        READINGS_ON_LISTINGS,
        number=column.number,
        column=spoil(column.name, READINGS_ON_LISTINGS),
        rows=_rows(listing[number - 1]),
        pager=" ".join(button(label, target) for label, target in ends),
    )


def _rows(stories: Sequence[Story]) -> str:
    return "\n".join(
        _fill(
            "row.html",
            READINGS_ON_LISTINGS,
            date=story.date,
            href=article_path(story),
            title=escape(spoil(story.title, READINGS_ON_LISTINGS)),
        )
        for story in stories
    )


def _article(story: Story, stories: Sequence[Story]) -> str:
    column = COLUMNS[story.column]
    title, paragraphs = _printed(story)
    newer, older = neighbours(story, stories)
    return _fill(
        "article.html",
        story.readings,
        id=story.id,
        number=column.number,
        column=spoil(column.name, story.readings),
        title=escape(title),
        date="{}年{}月{}日".format(*story.date.split("-")),
        source=spoil(story.source, story.readings),
        paragraphs="\n".join(_fill("paragraph.html", story.readings, text=escape(line)) for line in paragraphs),
        author=spoil(story.author, story.readings),
        editor=spoil(story.editor, story.readings),
        newer=_neighbour(newer, story.readings),
        older=_neighbour(older, story.readings),
    )


def _neighbour(story: Story | None, readings: int) -> str:
    if story is None:
        return spoil(NO_NEIGHBOUR, readings)
    return _fill("neighbour.html", readings, href=article_path(story), title=escape(spoil(story.title, readings)))


def _printed(story: Story) -> tuple[str, tuple[str, ...]]:
    """Return title and paragraphs as the mirror prints them."""
    if story.printed:
        return read_seed(story.printed)
    return spoil(story.title, story.readings), tuple(spoil(line, story.readings) for line in to_lines(story))


# ── truth ──────────────────────────────────────────────────────────────────────────────────────────────────


def describe(stories: Sequence[Story], origins: Origins) -> list[Expected]:
    origin = origins[ID]
    expected = []
    for story in stories:
        title, paragraphs = _printed(story)
        newer, older = (
            Link(title=spoil(other.title, story.readings), href=origin + article_path(other)) if other else None
            for other in neighbours(story, stories)
        )
        expected.append(
            Expected(
                site=ID,
                url=origin + article_path(story),
                title=title,
                title_hans=story.title,
                published=printed_date(story.date),
                source=spoil(story.source, story.readings),
                source_hans=story.source,
                author=spoil(story.author, story.readings),
                editor=spoil(story.editor, story.readings),
                section=spoil(COLUMNS[story.column].name, story.readings),
                breadcrumb=(),
                paragraphs=paragraphs,
                paragraphs_hans=to_lines(story),
                previous=newer,
                next=older,
                attachments=(),
                images=(),
            )
        )
    return expected


SITE = DemoSite(
    id=ID,
    port=8793,
    server="Apache",
    make_pages=make_pages,
    describe=describe,
    dead=("/m/", "/Item/4711.html"),
    validators=("ETag",),
    compresses=True,
)
