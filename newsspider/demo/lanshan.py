"""The site of 澜山大学: Visual SiteBuilder (博达), UTF-8, listings numbered backwards."""

import hashlib
import re
from collections.abc import Sequence
from html import escape
from urllib.parse import quote

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

ID = "demo-lanshan"
COLUMNS = {
    column.key: column
    for column in (
        Column(key="lsyw", name="澜山要闻", number=1043),
        Column(key="tzgg", name="通知公告", number=1044),
        Column(key="xsjz", name="学术讲座", number=1045),
    )
}
PER_LISTING = 4
ON_HOME = 5
HTML = "text/html; charset=UTF-8"
FILE = "/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1572900184&wbfileid={}"
# An old address of an article: VSB answers it with the way to the page that it has published.
REDIRECTED = "/content.jsp?urltype=news.NewsContentUrl&wbtreeid=1043&wbnewsid=3790"


# ── addresses ──────────────────────────────────────────────────────────────────────────────────────────────


def article_path(story: Story) -> str:
    return f"info/{COLUMNS[story.column].number}/{story.id}.htm"


def listing_path(column: Column, number: int, count: int) -> str:
    """Return the path of the listing's page: of three, the second is called 2 and the last one 1."""
    return f"{column.key}.htm" if number == 1 else f"{column.key}/{count - number + 1}.htm"


def picture_path(name: str) -> str:
    """Return the path of a picture: VSB names what its editors upload by digest."""
    digest = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest().upper()
    return f"/__local/{digest[0]}/{digest[1:3]}/{digest[3:5]}/{digest[5:]}_{digest[:8]}_{digest[8:12]}.png"


def file_number(story: Story, name: str) -> int:
    return story.id * 1000 + (*story.attachments, *story.lost).index(name)


def root_of(path: str) -> str:
    return "../" * path.count("/")


# ── pages ──────────────────────────────────────────────────────────────────────────────────────────────────


def make_pages(stories: Sequence[Story], origins: Origins) -> dict[str, Page]:
    pages = static_pages("lanshan")
    pages["/"] = pages["/index.htm"] = _page(_home(stories, origins))
    pages[NOT_FOUND] = _page(_frame("", "404", fill("lanshan/missing.html")))
    pages["/robots.txt"] = Page(
        body=b"User-agent: *\nDisallow: /ssjg.jsp\nDisallow: /system/login/\n", content_type="text/plain"
    )
    pages["/images/logo.png"] = file_page("logo.png", make_picture("lanshan logo"))
    pages["/images/banner.png"] = file_page("banner.png", make_picture("lanshan banner", 480, 120))
    moved = next(story for story in stories if story.id == 3790)
    pages[REDIRECTED] = Page(status=302, content_type=HTML, headers=(("Location", "/" + article_path(moved)),))
    for column in COLUMNS.values():
        listing = paged(in_column(stories, column.key), PER_LISTING)
        for number in range(1, len(listing) + 1):
            path = listing_path(column, number, len(listing))
            pages["/" + path] = _page(_listing(path, column, number, listing))
    for story in stories:
        pages["/" + article_path(story)] = _page(_article(story, stories))
        pages.update(_files(story))
    return pages


def _page(html: str) -> Page:
    return Page(body=html.encode(), content_type=HTML)


def _files(story: Story) -> dict[str, Page]:
    """Return what an article offers: its documents and its pictures."""
    pages = {
        FILE.format(file_number(story, name)): file_page(
            name,
            make_document(name, (name.rpartition(".")[0], story.title, f"{story.source} {story.date[:10]}")),
            ("Content-Disposition", f"attachment; filename*=UTF-8''{quote(name)}"),
        )
        for name in story.attachments
    }
    pictures = [block.name for block in story.blocks if isinstance(block, Picture)]
    return pages | {picture_path(name): file_page(name, make_picture(name)) for name in pictures}


def _frame(path: str, title: str, main: str, *, column: Column | None = None, newsid: int = -1) -> str:
    kind = "content" if newsid > 0 else "list" if column else "index"
    return fill(
        "lanshan/frame.html",
        root=root_of(path),
        title=f"{title}-澜山大学新闻网" if title else "澜山大学新闻网",
        keywords=column.name if column else "",
        treeid=column.number if column else 1001,
        newsid=newsid,
        jsp=f"{kind}.jsp",
        main=main,
    )


def _home(stories: Sequence[Story], origins: Origins) -> str:
    boxes = (
        fill(
            "lanshan/box.html",
            column=column.name,
            href=f"{column.key}.htm",
            rows=_rows(in_column(stories, column.key)[:ON_HOME], "", date_from=5),
        )
        for column in COLUMNS.values()
    )
    return _frame("", "", fill("lanshan/home.html", boxes="\n".join(boxes), wangxi=origins["demo-wangxi"]))


def _listing(path: str, column: Column, number: int, listing: Sequence[Sequence[Story]]) -> str:
    root, count = root_of(path), len(listing)

    def button(label: str, kind: str, target: int, *, works: bool) -> str:
        if not works:
            return f'<span class="{kind}Disabled">{label}</span>'
        return f'<a href="{root}{listing_path(column, target, count)}" class="{kind}">{label}</a>'

    main = fill(
        "lanshan/listing.html",
        root=root,
        column=column.name,
        column_path=f"{column.key}.htm",
        rows=_rows(listing[number - 1], root),
        total=sum(map(len, listing)),
        page=number,
        pages=count,
        first=button("首页", "Prev", 1, works=number > 1),
        newer=button("上页", "Prev", number - 1, works=number > 1),
        older=button("下页", "Next", number + 1, works=number < count),
        last=button("尾页", "Next", count, works=number < count),
    )
    return _frame(path, column.name, main, column=column)


def _rows(stories: Sequence[Story], root: str, *, date_from: int = 0) -> str:
    return "\n".join(
        fill(
            "lanshan/row.html",
            number=number,
            date=story.date[date_from:10],
            href=root + article_path(story),
            title=escape(story.title),
        )
        for number, story in enumerate(stories)
    )


def _article(story: Story, stories: Sequence[Story]) -> str:
    path, column = article_path(story), COLUMNS[story.column]
    newer, older = neighbours(story, stories)
    main = fill(
        "lanshan/article.html",
        root=root_of(path),
        column=column.name,
        column_path=f"{column.key}.htm",
        newsid=story.id,
        title=escape(story.title),
        date="{}年{}月{}日 {}".format(*re.split("[-T]", story.date)),
        author="" if story.credit else story.author,
        source=story.source,
        body=_body(story),
        editor=f'<p class="zrbj">责任编辑：{story.editor}</p>' if story.editor and not story.credit else "",
        attachments="\n".join(_attachments(story)),
        newer=_neighbour("上一条", newer),
        older=_neighbour("下一条", older),
    )
    return _frame(path, story.title, main, column=column, newsid=story.id)


def _attachments(story: Story) -> list[str]:
    numbers = [(name, file_number(story, name)) for name in story.attachments]
    return [fill("lanshan/attachment.html", name=name, href=FILE.format(n), fileid=n) for name, n in numbers]


def _neighbour(label: str, story: Story | None) -> str:
    if story is None:
        return ""
    title = escape(story.title)
    return fill("lanshan/neighbour.html", label=label, href=f"../../{article_path(story)}", title=title)


def _body(story: Story) -> str:
    pasted = story.markup == "word"
    blocks = []
    for block in story.blocks:
        match block:
            case Paragraph(text=text, is_subheading=True):
                blocks.append(f'<p style="text-indent: 2em;"><strong>{escape(text)}</strong></p>')
            case Paragraph(text=text) if pasted:
                blocks.append(_word_paragraph(text))
            case Paragraph(text=text):
                blocks.append(f'<p style="text-indent: 2em; line-height: 2em;">{escape(text)}</p>')
            case Picture(name=name):
                src = picture_path(name)
                image = f'<img src="{src}" width="480" vsbhref="vurl" orisrc="{src}" class="img_vsb_content" />'
                blocks.append(f'<p style="text-align: center">{image}</p>')
            case Table(rows=rows):
                cells = ("".join(f"<td><p>{escape(cell)}</p></td>" for cell in row) for row in rows)
                blocks.append(
                    "<table><tbody>{}</tbody></table>".format("".join(f"<tr>{row}</tr>" for row in cells))
                )
    if story.credit:
        blocks.append(f'<p style="text-align: right">{escape(story.credit)}</p>')
    return "\n".join(blocks)


def _word_paragraph(text: str) -> str:
    """Return a paragraph as a word processor writes it: Latin letters and digits in spans of their own."""
    runs = re.sub(
        r"[0-9A-Za-z.%]+",
        r'</span><span lang="EN-US" style="font-family: Calibri">\g<0></span><span>',
        escape(text),
    )
    return f'<p class="MsoNormal" style="text-indent: 24pt"><span style="font-family: 宋体">{runs}</span></p>'


# ── truth ──────────────────────────────────────────────────────────────────────────────────────────────────


def describe(stories: Sequence[Story], origins: Origins) -> list[Expected]:
    origin = origins[ID]

    def link(title: str, path: str) -> Link:
        return Link(title=title, href=f"{origin}/{path}")

    expected = []
    for story in stories:
        column = COLUMNS[story.column]
        newer, older = neighbours(story, stories)
        pictures = (block.name for block in story.blocks if isinstance(block, Picture))
        expected.append(
            Expected(
                site=ID,
                url=f"{origin}/{article_path(story)}",
                title=story.title,
                title_hans=story.title,
                published=printed_date(story.date),
                source=story.source or None,
                source_hans=story.source or None,
                author=story.author or None,
                editor=story.editor or None,
                section=column.name,
                breadcrumb=(link("首页", "index.htm"), link(column.name, f"{column.key}.htm")),
                paragraphs=to_lines(story),
                paragraphs_hans=to_lines(story),
                previous=link(newer.title, article_path(newer)) if newer else None,
                next=link(older.title, article_path(older)) if older else None,
                attachments=tuple(
                    attachment(name, origin + FILE.format(file_number(story, name))) for name in story.attachments
                ),
                images=tuple(Image(src=origin + picture_path(name)) for name in pictures),
            )
        )
    return expected


SITE = DemoSite(
    id=ID,
    port=8791,
    server="nginx",
    make_pages=make_pages,
    describe=describe,
    dead=("/xxgk/xxjj.htm", "/info/1043/2788.htm"),
    validators=("ETag", "Last-Modified"),
)
