"""Tells apart what pages are for: articles, listings, start pages, search pages, others."""

import re

from pipelines.classify.marks import ARTICLE_MARKS, DAY, SEARCH_TITLE, SEARCH_URI
from pipelines.classify.obstacles import OWN_DAYS, SHORT, count_days, has_day
from pipelines.classify.text import META_LINES, PASSAGE, SENTENCES, PageText, measure_prose
from pipelines.extract.listing import Lists, find_row_lines, measure_listing
from pipelines.model import Document, FoundBy, Outcome, PageKind, Verdict
from pipelines.uri import article_id, is_article_form, is_listing_form, is_start

_PERSON = re.compile(
    r"/(?:people|persons?|staff|profiles?|our-team|faculty|personen|mitarbeiter(?:innen)?|mitarbeitende|personal"
    r"|personer|medarbetare|ansatte|medewerkers|docenti|annuaire|teacher|szdw)/[^/?]+/?\Z"
)
"""Addresses of the pages of people."""
STORY = 1000
"""Width of a passage that no summary in the row of a listing has."""
FEW_SENTENCES = 30
"""Width of sentences that make an article where a meta line, or the listing that led here, speaks for one."""
HOME_LINKS = 20
"""Links of a start page."""
LISTS = 3
"""Lists that make a start page."""
ROWS = 4
"""Rows that make a listing."""


def find_kind(document: Document, text: PageText, lists: Lists) -> Verdict:
    """Return what a page is that nothing stands in the way of. ``lists`` is what it lists."""
    if not text.size and not text.link_size:
        return ok(PageKind.OTHER, "no text")
    if SEARCH_TITLE.match(text.title) or (SEARCH_URI.search(document.uri) and text.passage < PASSAGE):
        return ok(PageKind.SEARCH, f"title «{text.title}», address {document.uri}")
    labelled = 0 < text.meta_lines <= META_LINES
    if not labelled and is_person(document.uri) and not count_days(text):
        return ok(PageKind.OTHER, f"the address of a person, and no day: {document.uri}")
    if is_start(document.uri) or is_listing_form(document.uri):
        # WebPlus puts a section's only article at its list.htm; a home page may carry a passage on its institution.
        if text.passage >= (SENTENCES if labelled else PASSAGE) and (labelled or is_marked(document)):
            return ok(PageKind.ARTICLE, "sentences and the marks of an article, although at a listing's address")
        if is_start(document.uri):
            return ok(PageKind.HOME, "the root of its site")
        return _weigh(document, text, lists, told=False)
    if text.is_headed:
        return ok(PageKind.ARTICLE, "a title, and under it a line with its day")
    hinted = document.hints.found_by in (FoundBy.LISTING, FoundBy.NEIGHBOUR)
    if not (labelled or hinted or text.passage >= PASSAGE or is_marked(document)) and _is_start_page(lists):
        named = is_article_form(document.uri) or article_id(document.uri) is not None
        outcome = Outcome.REDIRECTED_HOME if named else Outcome.OK
        return Verdict(kind=PageKind.HOME, outcome=outcome, evidence="several lists and no article")
    if is_article_form(document.uri) and (labelled or has_day(text) or text.prose >= SENTENCES):
        return ok(PageKind.ARTICLE, f"the form of the address: {document.uri}")
    if is_told(text.passage, text.prose, enough=SENTENCES if labelled else PASSAGE):
        return ok(PageKind.ARTICLE, f"{text.passage:.0f} characters of sentences in a row")
    labelled = labelled and text.row_lines < text.meta_lines  # a row at the head of a listing is labelled, too
    if labelled and sum(DAY.search(line) is not None for line in text.lines if len(line) <= SHORT) < ROWS:
        return ok(PageKind.ARTICLE, "a meta line, and no rows with dates")
    return _weigh(document, text, lists, told=labelled or hinted)


def is_person(uri: str) -> bool:
    """Tell whether an address is of what a university says of one who works there: news there have a day."""
    return _PERSON.search(uri) is not None


def is_told(passage: float, prose: float, enough: float = PASSAGE) -> bool:
    """Tell whether a passage is a story: the better part of all sentences, or longer than any summary in a row."""
    return passage >= enough and (passage * 2 >= prose or passage >= STORY)


def _is_start_page(lists: Lists) -> bool:
    """Tell whether a page holds several lists of which none is the main one."""
    counts = lists.counts
    return len(counts) >= LISTS and counts[1] >= ROWS and counts[0] <= 3 * counts[2]


def _weigh(document: Document, text: PageText, lists: Lists, *, told: bool) -> Verdict:
    """Tell an article from a listing by the sentences outside the rows and by the rows.

    ``told`` says that a meta line, or the listing that led here, speaks for an article.
    """
    shape = measure_listing(lists)
    enough = FEW_SENTENCES if told else max(SENTENCES, shape.width / 3)
    rows = shape.rows
    is_parted = _is_parted(lists, text)
    is_listed = (rows >= ROWS or (0 < rows == shape.dated and shape.paged)) and not is_parted
    sentences = text.prose
    if not is_parted and (not is_listed or sentences >= enough):
        sentences -= measure_prose(lists.page, find_row_lines(lists))
    if is_listed and sentences < enough:
        return ok(PageKind.LISTING, f"{rows} rows of links, {shape.dated} of them dated")
    if is_listing_form(document.uri):
        home = text.links >= HOME_LINKS and text.link_size >= text.prose / 2
        return ok(PageKind.HOME if home else PageKind.OTHER, "the start of a section, without rows of links")
    is_likely = article_id(document.uri) is not None or 0 < count_days(text) <= OWN_DAYS
    enough = FEW_SENTENCES if has_day(text) else SENTENCES / 2 if is_likely else SENTENCES
    if told or sentences >= enough:
        return ok(PageKind.ARTICLE, f"{sentences:.0f} characters of sentences")
    return ok(PageKind.OTHER, "neither sentences nor rows of links")


def _is_parted(lists: Lists, text: PageText) -> bool:
    """Tell whether the rows are the parts of a page that holds an article: one of them has two sentences or more,
    which no summary in a row is as long as, and nearly all of the page's."""
    if lists.is_island or lists.best is None or text.prose < SENTENCES:
        return False
    page = lists.page
    for node in lists.best.nodes:
        widths = [measure_prose(page, (number,)) for number in range(page.first[node], page.last[node])]
        if sum(map(bool, widths)) > 1 and sum(widths) >= max(SENTENCES, text.prose * 0.8):
            return True
    return False


def is_marked(document: Document) -> bool:
    """Tell whether a page carries the marks of an article."""
    source = document.text
    return any(mark in source for mark in ARTICLE_MARKS)


def ok(kind: PageKind, evidence: str) -> Verdict:
    """Return the verdict on a page that is what was asked for."""
    return Verdict(kind=kind, outcome=Outcome.OK, evidence=evidence)
