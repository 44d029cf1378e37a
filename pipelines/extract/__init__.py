"""What a page says of itself: from a :class:`pipelines.model.Document` to an :class:`pipelines.model.Article`."""

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

from pipelines.extract.body import find_body, to_finding
from pipelines.extract.breadcrumb import find_breadcrumb, find_section
from pipelines.extract.credits import find_account, find_author, find_contributors, find_editor, find_source
from pipelines.extract.files import find_attachments, find_images
from pipelines.extract.imprint import Imprint, find_imprint
from pipelines.extract.layouts import find_nodes, recognise
from pipelines.extract.metadata import read_metadata
from pipelines.extract.neighbours import Neighbours, find_neighbours, find_pages, find_related
from pipelines.extract.page import Page, lay_out
from pipelines.extract.published import find_modified, find_published
from pipelines.extract.statements import Statements
from pipelines.extract.title import find_above_body, find_printed, find_title
from pipelines.model import Article, Document

__all__ = ["extract"]


_LITTLE = 60
"""A body shorter than this is looked for among what a style hides, too."""


def extract(document: Document, *, layouts: bool = True, page: Page | None = None) -> Article:
    """Return what a page says of itself, field by field.

    The family of its layout is recognised by the page itself; the site file's selectors go before the family's, and
    what neither names is found the generic way. ``layouts=False`` leaves only that. ``page`` is the document laid
    out, if the caller has it already.
    """
    page = page or lay_out(document)
    article = _extract(page, layouts=layouts)
    if page.hidden and article.body is not None and len(article.body.value) < _LITTLE:
        revealed = _extract(lay_out(document, reveal=True), layouts=layouts)
        if revealed.body is not None and len(revealed.body.value) > 4 * _LITTLE:
            return revealed
    return article


def _extract(page: Page, *, layouts: bool) -> Article:
    document = page.document
    layout = recognise(page) if layouts else None
    head = read_metadata(document)
    statements = Statements(page=page)
    title = find_printed(page, head, statements, find_nodes(page, layout, "title"))
    body = find_body(
        page, title, statements, find_nodes(page, layout, "body"), certain=layout is not None and layout.certain
    )
    if title is not None and head.titles() and body.lines and body.lines[0] < title.line < body.lines[-1]:
        title = None  # a heading within the text: the page does not print its title
    elif title is None and body.lines and (title := find_above_body(page, body.lines, statements)):
        body = replace(body, lines=tuple(line for line in body.lines if line > title.line))
    imprint = find_imprint(page, title, body, statements)
    breadcrumb = find_breadcrumb(page, layout, title)
    neighbours = find_neighbours(page, body)
    return Article(
        title=find_title(page, head, title),
        published=find_published(page, layout, head, title, imprint, body, statements),
        modified=find_modified(page, head, imprint),
        source=find_source(page, layout, head, imprint),
        author=find_author(page, layout, head, imprint, title, body),
        editor=find_editor(page, layout, imprint),
        contributors=find_contributors(imprint),
        section=find_section(page, head, imprint, breadcrumb),
        breadcrumb=breadcrumb,
        previous=neighbours.previous,
        next=neighbours.next,
        related=find_related(page, body),
        body=to_finding(page, body),
        images=find_images(page, body),
        attachments=find_attachments(page, layout, body),
        pages=find_pages(page, body),
        layout=layout.name if layout else None,
        absent=MappingProxyType(dict(_find_absences(imprint, neighbours))),
    )


def _find_absences(imprint: Imprint, neighbours: Neighbours) -> Iterator[tuple[str, str]]:
    """Yield why a field is absent, where the page says something that is none."""
    for side in sorted(neighbours.none):
        yield side, "the page says that there is none"
    if account := find_account(imprint):
        yield "editor", f"the account that filed it: {account}"
