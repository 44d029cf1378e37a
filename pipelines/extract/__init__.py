"""What a page says of itself: from a :class:`pipelines.model.Document` to an :class:`pipelines.model.Article`."""

from dataclasses import replace
from types import MappingProxyType

from pipelines.extract.body import Body, find_body, set_text
from pipelines.extract.breadcrumb import find_breadcrumb, find_section
from pipelines.extract.credits import find_author, find_contributors, find_editor, find_source
from pipelines.extract.files import find_attachments, find_images
from pipelines.extract.imprint import find_imprint
from pipelines.extract.layouts import Layout, recognise, select
from pipelines.extract.metadata import read_metadata
from pipelines.extract.neighbours import find_neighbours, find_pages, find_related
from pipelines.extract.page import Page, lay_out
from pipelines.extract.published import find_modified, find_published
from pipelines.extract.statements import Statements
from pipelines.extract.title import find_above_body, find_printed, find_title
from pipelines.model import Article, Document, Finding

__all__ = ["extract"]


def extract(document: Document, *, layouts: bool = True) -> Article:
    """Return what a page says of itself, field by field. ``layouts=False`` leaves only the generic way."""
    page = lay_out(document)
    layout = recognise(page) if layouts else None
    head = read_metadata(document)
    statements = Statements(page=page)
    named = [(node, f"{layout.name}:title") for node in select(page, layout.title)] if layout else []
    title = find_printed(page, head, statements, named)
    body = find_body(
        page,
        title,
        statements,
        within=select(page, layout.body) if layout else (),
        rule=f"{layout.name}:body" if layout else "",
        certain=layout is not None and layout.certain,
    )
    if title is None and body.lines and (title := find_above_body(page, body.lines)):
        body = replace(body, lines=tuple(line for line in body.lines if line > title.line))
    imprint = find_imprint(page, title, body, statements)
    breadcrumb = find_breadcrumb(page, layout, title)
    neighbours = find_neighbours(page, body)
    text = set_text(page, body)
    return Article(
        title=find_title(page, head, title),
        published=find_published(page, layout, head, imprint, body, statements),
        modified=find_modified(page, head, imprint),
        source=find_source(page, head, imprint),
        author=find_author(page, layout, head, imprint),
        editor=find_editor(page, imprint),
        contributors=find_contributors(imprint),
        section=find_section(page, imprint, breadcrumb),
        breadcrumb=breadcrumb,
        previous=neighbours.previous,
        next=neighbours.next,
        related=find_related(page, body),
        body=Finding(value=text, raw=text, rule=body.rule, place=page.place(body.node)),
        images=find_images(page, body),
        attachments=find_attachments(page, layout, body),
        pages=find_pages(page, body),
        layout=layout.name if layout else None,
        absent=MappingProxyType({side: "the page says that there is none" for side in neighbours.none}),
    )
