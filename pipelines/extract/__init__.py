"""What a page says of itself: from a :class:`pipelines.model.Document` to an :class:`pipelines.model.Article`."""

from pipelines.extract.body import find_body, set_text
from pipelines.extract.credits import find_author, find_contributors, find_editor, find_source
from pipelines.extract.files import find_attachments, find_images
from pipelines.extract.imprint import find_imprint
from pipelines.extract.layouts import recognise, select
from pipelines.extract.metadata import read_metadata
from pipelines.extract.navigation import find_breadcrumb, find_neighbours, find_related, find_section
from pipelines.extract.page import lay_out
from pipelines.extract.published import find_modified, find_published
from pipelines.extract.title import find_printed
from pipelines.model import Article, Document, Finding


def extract(document: Document, *, layouts: bool = True) -> Article:
    """Return what a page says of itself, field by field. ``layouts=False`` leaves only the generic way."""
    page = lay_out(document)
    head = read_metadata(page)
    layout = recognise(page) if layouts else None
    title = find_printed(page, head, select(page, layout.title) if layout else ())
    body = find_body(
        page,
        title,
        within=select(page, layout.body) if layout else (),
        certain=layout is not None and layout.certain,
    )
    imprint = find_imprint(page, title, body)
    breadcrumb = find_breadcrumb(page, layout, title)
    previous, next_ = find_neighbours(page, body)
    text = set_text(page, body)
    return Article(
        title=Finding(value=title.text, raw=title.text, rule=title.rule, place=page.place(title.node))
        if title
        else None,
        published=find_published(page, layout, head, imprint, body),
        modified=find_modified(page, head, imprint),
        source=find_source(page, layout, head, imprint),
        author=find_author(page, layout, head, imprint),
        editor=find_editor(page, layout, head, imprint),
        contributors=find_contributors(page, imprint),
        section=find_section(page, imprint, breadcrumb),
        breadcrumb=breadcrumb,
        previous=previous,
        next=next_,
        related=find_related(page, body),
        body=Finding(value=text, raw=text, rule=body.rule, place=page.place(body.node)),
        images=find_images(page, body),
        attachments=find_attachments(page, layout, body),
        layout=layout.name if layout else None,
    )
