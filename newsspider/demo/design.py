"""What a site of the demo web is made of, and how its pages are filled in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template

from newsspider.demo.files import MEDIA_TYPES
from newsspider.demo.stories import Story
from pipelines.model import Attachment, Image, Link, PrintedDate

ROOT = files("newsspider.demo")
NOT_FOUND = "/404.html"
"""Path of the page that a site answers with where it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a site answers under one path."""

    body: bytes = b""
    content_type: str
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    """Further header fields: ``Location``, ``Content-Disposition``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column (栏目) of a site."""

    key: str
    name: str
    number: int
    """The CMS's id of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a reader sees on an article's page: the truth that records are compared with.

    ``*_hans`` is what the university wrote, before the mirror got at it; on the other sites it is the same text.
    """

    site: str
    url: str
    title: str
    title_hans: str
    published: PrintedDate
    source: str | None
    source_hans: str | None
    author: str | None
    editor: str | None
    section: str
    breadcrumb: tuple[Link, ...]
    """The location bar's links; empty where the page has none."""
    paragraphs: tuple[str, ...]
    """A line for each block of the body and each row of a table, cells joined by a space."""
    paragraphs_hans: tuple[str, ...]
    previous: Link | None
    """What the page calls 上一条 or 上一篇: the newer article on one site, the older one on another."""
    next: Link | None
    attachments: tuple[Attachment, ...]
    images: tuple[Image, ...]


Origins = Mapping[str, str]
"""Where each site is served, by its id: ``http://127.0.0.1:8791``, without a slash at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSite:
    """One of the three sites."""

    id: str
    port: int
    """Default port."""
    server: str
    """What it calls itself in the Server header."""
    make_pages: Callable[[Sequence[Story], Origins], dict[str, Page]]
    """All its pages, by path and query; one of them is :data:`NOT_FOUND`."""
    describe: Callable[[Sequence[Story], Origins], list[Expected]]
    dead: tuple[str, ...]
    """Paths that its pages link to and that it does not have."""
    validators: tuple[str, ...]
    """The validator fields that it sends: ``ETag``, ``Last-Modified``."""
    compresses: bool = False
    """Whether it sends gzip to those who accept it."""


@cache
def read_template(path: str) -> Template:
    """Return a file of the folder ``templates``, without its last newline."""
    return Template((ROOT / "templates" / path).read_text("utf-8").removesuffix("\n"))


def fill(path: str, **fields: object) -> str:
    """Fill in a template."""
    return read_template(path).substitute(fields)


def static_pages(site: str) -> dict[str, Page]:
    """Return style sheets and scripts of a site, the files of the folder ``static/<site>``, by path."""
    pages = {}
    folders = [("/", ROOT / "static" / site)]
    for path, folder in folders:
        for entry in folder.iterdir():
            if entry.is_dir():
                folders.append((f"{path}{entry.name}/", entry))
            else:
                pages[path + entry.name] = file_page(entry.name, entry.read_bytes())
    return pages


def file_page(name: str, body: bytes, *headers: tuple[str, str]) -> Page:
    """Return the page that offers a file under its own media type."""
    return Page(body=body, content_type=MEDIA_TYPES[name.rpartition(".")[2]], headers=headers)


def paged(stories: Sequence[Story], size: int) -> list[Sequence[Story]]:
    """Cut the stories of a column into listing pages, in order; a column without stories has one empty page."""
    return [stories[start : start + size] for start in range(0, max(len(stories), 1), size)]


def printed_date(date: str) -> PrintedDate:
    """Return the date of a story as a record has it: with China's offset where it has a time."""
    if "T" in date:
        return PrintedDate(value=date + "+08:00", precision="minute")
    return PrintedDate(value=date, precision="day")


def attachment(name: str, href: str) -> Attachment:
    """Return the attachment of that file name."""
    return Attachment(title=name, href=href, type=name.rpartition(".")[2])
