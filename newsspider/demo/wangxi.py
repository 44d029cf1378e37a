"""The site of 望溪师范学院: DedeCMS (织梦) in nested tables, GBK, listings called ``list_2_1.html``."""

from collections.abc import Sequence
from html import escape

from newsspider.demo.design import (
    NOT_FOUND,
    Column,
    DemoSite,
    Expected,
    Origins,
    Page,
    attachment,
    file_page,
    fill,
    paged,
    printed_date,
    static_pages,
)
from newsspider.demo.files import make_document, make_picture
from newsspider.demo.stories import Paragraph, Picture, Story, Table, in_column, neighbours, to_lines
from pipelines.model import Image, Link

ID = "demo-wangxi"
COLUMNS = {
    column.key: column
    for column in (
        Column(key="xinwen", name="校园新闻", number=2),
        Column(key="tongzhi", name="通知公告", number=3),
        Column(key="zhaopin", name="招聘信息", number=4),
    )
}
PER_LISTING = 4
ON_HOME = 6
SHOWN_TITLE = 18
"""Characters of a title that the listings show before they cut it short."""
HTML = "text/html"  # the server names no charset: that is left to the page
# DedeCMS forbids robots its scripts.
ROBOTS = b"""User-agent: *
Disallow: /plus/search.php
Disallow: /plus/erraddsave.php
Disallow: /include
Disallow: /templets
"""


# ── addresses ──────────────────────────────────────────────────────────────────────────────────────────────


def article_path(story: Story) -> str:
    year, month, day = story.date[:10].split("-")
    return f"/a/{story.column}/{year}/{month}{day}/{story.id}.html"


def column_path(column: Column) -> str:
    return f"/a/{column.key}/"


def listing_name(column: Column, number: int) -> str:
    return f"list_{column.number}_{number}.html"


def file_path(story: Story, name: str) -> str:
    """Return the path of a document: DedeCMS names what its editors upload by day and number."""
    number = (*story.attachments, *story.lost).index(name) + 1
    return f"/uploads/soft/{story.date[2:10].replace('-', '')}/{number}-{story.id}.{name.rpartition('.')[2]}"


def picture_path(story: Story, name: str) -> str:
    return f"/uploads/allimg/{story.date[2:10].replace('-', '')}/1-{name}"


# ── pages ──────────────────────────────────────────────────────────────────────────────────────────────────


def make_pages(stories: Sequence[Story], origins: Origins) -> dict[str, Page]:
    origin = origins[ID]
    pages = static_pages("wangxi")
    pages["/"] = pages["/index.html"] = _page(_home(stories, origin))
    pages[NOT_FOUND] = _page(_frame("找不到网页", fill("wangxi/missing.html"), origin))
    pages["/plus/search.php"] = _page(_frame("站内搜索", fill("wangxi/search.html"), origin))
    pages["/robots.txt"] = Page(body=ROBOTS, content_type="text/plain")
    pages["/templets/wangxi/top.png"] = file_page("top.png", make_picture("wangxi top", 389, 55))
    pages["/templets/wangxi/dot.png"] = file_page("dot.png", make_picture("wangxi dot", 6, 6))
    for column in COLUMNS.values():
        listing = paged(in_column(stories, column.key), PER_LISTING)
        for number in range(1, len(listing) + 1):
            page = _page(_listing(column, number, listing, origin))
            pages[column_path(column) + listing_name(column, number)] = page
            if number == 1:
                pages[column_path(column)] = pages[column_path(column) + "index.html"] = page
    for story in stories:
        html = _article(story, stories, origin)
        served = f"{HTML}; charset={story.served_as}" if story.served_as else HTML
        pages[article_path(story)] = Page(body=html.encode("gbk"), content_type=served)
        pages.update(_files(story))
    return pages


def _page(html: str) -> Page:
    return Page(body=html.encode("gbk"), content_type=HTML)


def _files(story: Story) -> dict[str, Page]:
    """Return what an article's page asks for: its documents, its pictures and its click counter."""
    clicks = Page(body=b"document.write('%d');\r\n" % (story.id * 7 % 400), content_type="application/javascript")
    pages = {f"/plus/count.php?view=yes&aid={story.id}&mid=1": clicks}
    for name in story.attachments:
        lines = (name.rpartition(".")[0], story.title, f"{story.source} {story.date[:10]}")
        pages[file_path(story, name)] = file_page(name, make_document(name, lines))
    for block in story.blocks:
        if isinstance(block, Picture):
            pages[picture_path(story, block.name)] = file_page(block.name, make_picture(block.name))
    return pages


def _frame(title: str, main: str, origin: str, keywords: str = "") -> str:
    return fill("wangxi/frame.html", title=title, keywords=keywords, origin=origin, main=main)


def _home(stories: Sequence[Story], origin: str) -> str:
    boxes = {
        column.key: fill(
            "wangxi/box.html",
            column=column.key,
            column_name=column.name,
            rows=_rows(in_column(stories, column.key)[:ON_HOME], date_from=5),
        )
        for column in COLUMNS.values()
    }
    return _frame("望溪师范学院", fill("wangxi/home.html", **boxes), origin)


def _listing(column: Column, number: int, listing: Sequence[Sequence[Story]], origin: str) -> str:
    main = fill(
        "wangxi/listing.html",
        origin=origin,
        column=column.key,
        column_name=column.name,
        rows=_rows(listing[number - 1]),
        pager=_pager(column, number, listing),
    )
    return _frame(f"{column.name}_望溪师范学院", main, origin)


def _pager(column: Column, number: int, listing: Sequence[Sequence[Story]]) -> str:
    count, total = len(listing), sum(map(len, listing))
    if count == 1:
        return f'<li><span class="pageinfo">共 <strong>1</strong>页<strong>{total}</strong>条记录</span></li>'

    def button(label: str, target: int) -> str:
        return f"<li><a href='{listing_name(column, target)}'>{label}</a></li>"

    numbers = [
        f'<li class="thisclass">{other}</li>' if other == number else button(str(other), other)
        for other in range(1, count + 1)
    ]
    before = ["<li>首页</li>"] if number == 1 else [button("首页", 1), button("上一页", number - 1)]
    after = ["<li>末页</li>"] if number == count else [button("下一页", number + 1), button("末页", count)]
    info = f'<li><span class="pageinfo">共 <strong>{count}</strong>页<strong>{total}</strong>条</span></li>'
    return "\n".join([*before, *numbers, *after, info])


def _rows(stories: Sequence[Story], *, date_from: int = 0) -> str:
    return "\n".join(
        fill(
            "wangxi/row.html",
            href=article_path(story),
            title=escape(story.title),
            shown=escape(_shorten(story.title)),
            date=story.date[date_from:10],
        )
        for story in stories
    )


def _shorten(title: str) -> str:
    return title if len(title) <= SHOWN_TITLE else f"{title[:SHOWN_TITLE]}..."


def _article(story: Story, stories: Sequence[Story], origin: str) -> str:
    column = COLUMNS[story.column]
    newer, older = neighbours(story, stories)
    main = fill(
        "wangxi/article.html",
        origin=origin,
        column=column.key,
        column_name=column.name,
        aid=story.id,
        title=escape(story.title),
        date=story.date.replace("T", " "),
        source=story.source,
        author=story.author,
        editor=story.editor,
        body=_body(story),
        older=_neighbour(older),
        newer=_neighbour(newer),
    )
    return _frame(f"{story.title}_望溪师范学院", main, origin, keywords=column.name)


def _neighbour(story: Story | None) -> str:
    if story is None:
        return "没有了"
    return fill("wangxi/neighbour.html", href=article_path(story), title=escape(story.title))


def _body(story: Story) -> str:
    # Two fashions of typing: a paragraph each, indented by two wide spaces, or one run of lines.
    line = "&nbsp;&nbsp;&nbsp;&nbsp;{}<br>" if story.markup == "br" else "<p>　　{}</p>"
    centred = '<p align="center">{}</p>'
    blocks = []
    for block in story.blocks:
        match block:
            case Paragraph(text=text, is_subheading=is_subheading):
                blocks.append(line.format(f"<b>{escape(text)}</b>" if is_subheading else escape(text)))
            case Picture(name=name):
                blocks.append(centred.format(f'<img src="{picture_path(story, name)}" width="400" border="0">'))
            case Table(rows=rows):
                cells = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
                table = "\n".join(f"<tr>{row}</tr>" for row in cells)
                blocks.append(f'<table border="1" align="center" cellpadding="4" cellspacing="0">{table}</table>')
    links = ((file_path(story, name), name) for name in (*story.attachments, *story.lost))
    blocks += (line.format(fill("wangxi/attachment.html", href=href, name=name)) for href, name in links)
    return "\n".join(blocks)


# ── truth ──────────────────────────────────────────────────────────────────────────────────────────────────


def describe(stories: Sequence[Story], origins: Origins) -> list[Expected]:
    origin = origins[ID]

    def link(story: Story | None) -> Link | None:
        return Link(title=story.title, href=origin + article_path(story)) if story else None

    expected = []
    for story in stories:
        column = COLUMNS[story.column]
        newer, older = neighbours(story, stories)
        offered = (*story.attachments, *story.lost)
        paragraphs = (*to_lines(story), *(f"附件：{name}" for name in offered))
        pictures = (block.name for block in story.blocks if isinstance(block, Picture))
        expected.append(
            Expected(
                site=ID,
                url=origin + article_path(story),
                title=story.title,
                title_hans=story.title,
                published=printed_date(story.date),
                source=story.source,
                source_hans=story.source,
                author=story.author,
                editor=story.editor,
                section=column.name,
                breadcrumb=(
                    Link(title="主页", href=f"{origin}/"),
                    Link(title=column.name, href=origin + column_path(column)),
                ),
                paragraphs=paragraphs,
                paragraphs_hans=paragraphs,
                previous=link(older),
                next=link(newer),
                attachments=tuple(attachment(name, origin + file_path(story, name)) for name in offered),
                images=tuple(Image(src=origin + picture_path(story, name)) for name in pictures),
            )
        )
    return expected


SITE = DemoSite(
    id=ID,
    port=8792,
    server="Microsoft-IIS/6.0",
    make_pages=make_pages,
    describe=describe,
    dead=("/plus/list.php?tid=9", "/uploads/soft/200819/1-178.rar"),
    validators=("Last-Modified",),
)
