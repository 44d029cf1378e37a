"""Decides what a page is: an article, a listing, a home or search page; or what came instead of it.

What is certain and cheap comes first: a page with an article's marks is one. The rest is read as a whole, tried
against the signs of :mod:`pipelines.classify.signs`, and told apart by what it is made of: sentences, or rows of
links. :func:`confirm_article` looks again when the article's fields are known.
"""

import re
from collections.abc import Iterable

from pipelines.classify.marks import ARTICLE_MARKS, DAY, FOOT, SEARCH_TITLE, SEARCH_URI, TODAY
from pipelines.classify.redirects import find_refresh, find_script_redirect
from pipelines.classify.signs import LOGIN, NEEDS_JAVASCRIPT, SIGNS, Sign
from pipelines.classify.text import MESSAGE, PageText, measure_passage, read_page_text
from pipelines.extract.groups import count_rows
from pipelines.extract.links import width
from pipelines.extract.listing import measure_listing
from pipelines.extract.page import Page
from pipelines.model import Article, Document, FoundBy, Outcome, PageKind, Verdict
from pipelines.uri import article_id, host_of, is_article_form, is_listing_form

_OUTCOMES = {
    304: Outcome.NOT_MODIFIED,
    401: Outcome.LOGIN_REQUIRED,
    403: Outcome.BLOCKED,
    404: Outcome.GONE,
    407: Outcome.LOGIN_REQUIRED,
    410: Outcome.GONE,
    412: Outcome.CHALLENGE,
    429: Outcome.BLOCKED,
    521: Outcome.CHALLENGE,
}
"""What a status says where the page says nothing. Riversecurity asks for a script with 412, Jiasule with 521."""

PASSAGE = 400
"""Width of uninterrupted sentences that no listing, error page or home page has."""
STORY = 1000
"""Width of a passage that no summary in the row of a listing has."""
SENTENCES = 150
"""Width of sentences outside the rows of a listing that make a page an article."""
FEW_SENTENCES = 30
"""The same where the page has a meta line, or a listing led to it."""
HOME_LINKS = 20
"""Links of a start page."""
LISTS = 3
"""Lists that make a start page."""
ROWS = 4
"""Rows that make a listing."""
META_LINES = 4
"""More lines with labels like 发布时间: are the rows of a listing."""
FRAME = 5
"""Links of a page that stands in its site's frame; a bare error page has fewer."""
EXCUSE = 150
"""Characters of a body that may say no more than why it is missing."""
SENTENCE = 60
"""The same on a page that may be a notice: 限校园网用户访问 also ends the sentences of libraries."""
LOGIN_PAGE = 300
"""Characters, links included, of a page that is little more than a form."""
SHELL = 60
"""Characters of a page whose text is yet to come."""
SEARCHED = 100_000
"""Characters of the source in which tokens are looked for."""


def classify(document: Document, *, status: int | None = 200, page: Page | None = None) -> Verdict:
    """Return what a page is and whether access to it succeeded.

    ``status`` is that of the response; None for a loose file. ``page`` is the document laid out, if the caller has
    it already: most articles are then recognised at next to no cost. A page with the marks of an article always is;
    any other costs about as much as two times parsing, a listing more.
    """
    if status is not None and not 200 <= status < 300:
        return _classify_failure(document, status)
    if not (_is_root(document.uri) or is_listing_form(document.uri)):
        if _is_marked(document):
            return _ok(PageKind.ARTICLE, "the mark of an article")
        passage, prose = measure_passage(page) if page else (0.0, 0.0)
        if _is_told(passage, prose):
            return _ok(PageKind.ARTICLE, f"{passage:.0f} characters of sentences in a row")
    text = _read(document)
    return _find_obstacle(document, text) or _find_stub(document, text) or _find_kind(document, text)


def _read(document: Document) -> PageText:
    return read_page_text(document.root, scripted="onclick" in document.text)


def confirm_article(document: Document, article: Article, verdict: Verdict) -> Verdict:
    """Return the verdict on a page taken for an article, now that its fields are known.

    A body that only says why there is no article (仅限校内访问) is none, and neither is a page without any – unless
    it has a title and a date: articles were seen of which the CMS printed nothing more.
    """
    if verdict.kind is not PageKind.ARTICLE:
        return verdict
    body = article.body.value if article.body else ""
    dated = article.title is not None and article.published is not None
    if not (dated or body or article.images or article.attachments or article.pages):
        return _ok(PageKind.OTHER, "neither body nor picture nor file")
    if len(body) <= EXCUSE and not article.attachments and (excuse := _find_excuse(body)):
        return verdict if dated and excuse.outcome in _NEWS else excuse
    return verdict


_NEWS = frozenset({Outcome.MAINTENANCE, Outcome.SERVER_ERROR, Outcome.BLOCKED, Outcome.CHALLENGE})
"""What a notice with a title and a date may be about: 系统维护通知."""


def _find_excuse(body: str) -> Verdict | None:
    lines = body.splitlines()
    for sign in SIGNS:
        if sign.where == "line" and (line := _match_lines(sign, lines)):
            return Verdict(kind=PageKind.OTHER, outcome=sign.outcome, evidence=f"body: {line}")
    return None


# ── obstacles ──────────────────────────────────────────────────────────────────────────────────────────────


def _classify_failure(document: Document, status: int) -> Verdict:
    outcome = _OUTCOMES.get(status)
    if status < 400:
        outcome = outcome or Outcome.REDIRECTED
    elif outcome is not Outcome.GONE:
        obstacle = _find_obstacle(document, _read(document))
        if obstacle is not None and obstacle.outcome is not Outcome.SOFT_404:
            return obstacle
        outcome = outcome or (Outcome.SERVER_ERROR if status >= 500 else Outcome.BLOCKED)
    return Verdict(kind=PageKind.OTHER, outcome=outcome, evidence=f"HTTP {status}")


def _find_obstacle(document: Document, text: PageText) -> Verdict | None:
    """Return what came instead of the page, or None where nothing did."""
    framed = text.links >= FRAME
    if text.passage >= PASSAGE or (framed and 0 < text.meta_lines <= META_LINES):
        return None  # an article; words of errors are what it is about
    notice = framed and _has_day(text)
    for sign in SIGNS:
        if text.size <= sign.most and not (notice and sign.outcome in _NEWS):
            found = _match(sign, document, text, longest=SENTENCE if notice else MESSAGE)
            if found:
                target = None if framed else find_refresh(document) or find_script_redirect(document)
                evidence = f"{sign.where}: {found}"
                return Verdict(kind=PageKind.OTHER, outcome=sign.outcome, evidence=evidence, target=target)
    if text.asks_password and text.size + text.link_size <= LOGIN_PAGE:
        return Verdict(kind=PageKind.OTHER, outcome=Outcome.LOGIN_REQUIRED, evidence="a field for a password")
    return None


def _has_day(text: PageText) -> bool:
    """Tell whether a short line prints a day as notices do."""
    days = [line for line in text.lines if len(line) <= SHELL and DAY.search(line)]
    return any(FOOT.search(line) is None and TODAY.search(line) is None for line in days)


def _match(sign: Sign, document: Document, text: PageText, *, longest: int) -> str | None:
    """Return what of the page a sign matches, or None."""
    if sign.where == "line":
        line = _match_lines(sign, text.lines, longest)
        return line if line and text.prose - width(line) <= SENTENCES else None
    if sign.where == "source" and text.links > FRAME:
        return None
    if sign.where == "title" and sign.outcome is Outcome.LOGIN_REQUIRED and not _may_ask_to_log_in(text):
        return None
    searched = {"uri": document.uri, "title": text.title, "source": document.text[:SEARCHED]}[sign.where]
    match = sign.pattern.search(searched)
    return match[0] if match else None


def _may_ask_to_log_in(text: PageText) -> bool:
    return text.asks_password or text.links <= 2 * FRAME


def _match_lines(sign: Sign, lines: Iterable[str], longest: int = MESSAGE) -> str | None:
    return next((line for line in lines if len(line) <= longest and sign.pattern.search(line)), None)


def _find_stub(document: Document, text: PageText) -> Verdict | None:
    """Return the verdict on a page that only sends its reader on, or that a script must fill."""
    if text.links > FRAME or text.size > LOGIN_PAGE:
        return None
    kind = PageKind.HOME if _is_root(document.uri) else PageKind.OTHER
    if target := find_refresh(document) or (find_script_redirect(document) if text.size <= SHELL else None):
        outcome = Outcome.REDIRECTED
        if any(sign.where == "uri" and sign.pattern.search(target) for sign in LOGIN):
            outcome = Outcome.LOGIN_REQUIRED
        elif kind is PageKind.OTHER and _is_root(target) and host_of(target) == host_of(document.uri):
            outcome = Outcome.REDIRECTED_HOME
        return Verdict(kind=kind, outcome=outcome, evidence="the page only sends its reader on", target=target)
    scripted = NEEDS_JAVASCRIPT.search(document.text[:SEARCHED]) or any(
        script.get("src") or script.text for script in document.root.iter("script")
    )
    if text.size <= SHELL and scripted:
        return Verdict(kind=kind, outcome=Outcome.NEEDS_JAVASCRIPT, evidence="scripts and no text")
    return None


# ── kinds ──────────────────────────────────────────────────────────────────────────────────────────────────

_ROOT = re.compile(r"[a-z]+://[^/]*(?:/(?:(?:index|default|main|home)\.\w{2,5})?)?", re.IGNORECASE)


def _is_root(uri: str) -> bool:
    return _ROOT.fullmatch(uri) is not None


def _is_marked(document: Document) -> bool:
    source = document.text
    return any(mark in source for mark in ARTICLE_MARKS)


def _find_kind(document: Document, text: PageText) -> Verdict:
    if not text.size and not text.link_size:
        return _ok(PageKind.OTHER, "no text")
    if SEARCH_TITLE.match(text.title) or (SEARCH_URI.search(document.uri) and text.passage < PASSAGE):
        return _ok(PageKind.SEARCH, f"title «{text.title}», address {document.uri}")
    labelled = 0 < text.meta_lines <= META_LINES
    if _is_root(document.uri) or is_listing_form(document.uri):
        # WebPlus puts a section's only article at its list.htm; a home page may carry a passage on its institution.
        if text.passage >= (SENTENCES if labelled else PASSAGE) and (labelled or _is_marked(document)):
            return _ok(PageKind.ARTICLE, "sentences and the marks of an article, although at a listing's address")
        if _is_root(document.uri):
            return _ok(PageKind.HOME, "the root of its site")
        return _weigh(document, text, told=False)
    hinted = document.hints.found_by in (FoundBy.LISTING, FoundBy.NEIGHBOUR)
    if not (labelled or hinted or text.passage >= PASSAGE or _is_marked(document)) and _is_start_page(document):
        named = is_article_form(document.uri) or article_id(document.uri) is not None
        outcome = Outcome.REDIRECTED_HOME if named else Outcome.OK
        return Verdict(kind=PageKind.HOME, outcome=outcome, evidence="several lists and no article")
    if is_article_form(document.uri):
        return _ok(PageKind.ARTICLE, f"the form of the address: {document.uri}")
    if _is_told(text.passage, text.prose, enough=SENTENCES if labelled else PASSAGE):
        return _ok(PageKind.ARTICLE, f"{text.passage:.0f} characters of sentences in a row")
    if labelled and sum(DAY.search(line) is not None for line in text.lines if len(line) <= SHELL) < ROWS:
        return _ok(PageKind.ARTICLE, "a meta line, and no rows with dates")
    return _weigh(document, text, told=labelled or hinted)


def _is_told(passage: float, prose: float, enough: float = PASSAGE) -> bool:
    """Tell whether a passage is a story: the better part of all sentences, or longer than any summary in a row."""
    return passage >= enough and (passage * 2 >= prose or passage >= STORY)


def _is_start_page(document: Document) -> bool:
    """Tell whether a page holds several lists of which none is the main one."""
    counts = count_rows(document)
    return len(counts) >= LISTS and counts[1] >= ROWS and counts[0] <= 3 * counts[2]


def _weigh(document: Document, text: PageText, *, told: bool) -> Verdict:
    """Tell an article from a listing by the sentences outside the rows and by the rows.

    ``told`` says that a meta line, or the listing that led here, speaks for an article.
    """
    shape = measure_listing(document)
    sentences = text.prose - sum(read_page_text(row, scripted=True).prose for row in shape.elements)
    enough = FEW_SENTENCES if told else max(SENTENCES, shape.width / 3)
    rows = len(shape.elements)
    if (rows >= ROWS or (0 < rows == shape.dated and shape.paged)) and sentences < enough:
        return _ok(PageKind.LISTING, f"{rows} rows of links, {shape.dated} of them dated")
    if is_listing_form(document.uri):
        home = text.links >= HOME_LINKS and text.link_size >= text.prose / 2
        return _ok(PageKind.HOME if home else PageKind.OTHER, "the start of a section, without rows of links")
    enough = FEW_SENTENCES if _has_day(text) or article_id(document.uri) else SENTENCES
    if told or sentences >= enough:
        return _ok(PageKind.ARTICLE, f"{sentences:.0f} characters of sentences")
    return _ok(PageKind.OTHER, "neither sentences nor rows of links")


def _ok(kind: PageKind, evidence: str) -> Verdict:
    return Verdict(kind=kind, outcome=Outcome.OK, evidence=evidence)
