"""Decides what a page is: an article, a listing, a home or search page; or what came instead of it.

What is certain and cheap comes first: a page with an article's marks is one. The rest is read as a whole, tried
against the signs of :mod:`pipelines.classify.signs`, and told apart by what it is made of: sentences, or rows of
links. :func:`confirm_article` looks again when the article's fields are known.
"""

import re
from collections.abc import Iterable

from pipelines.classify.marks import ARTICLE_MARKS, FOOT, META_LINE, SEARCH_TITLE, SEARCH_URI
from pipelines.classify.redirects import find_refresh, find_script_redirect
from pipelines.classify.signs import LOGIN, NEEDS_JAVASCRIPT, SIGNS, Sign
from pipelines.classify.text import PageText, read_page_text
from pipelines.extract.listing import measure_listing
from pipelines.model import Article, Document, FoundBy, Outcome, PageKind, Verdict
from pipelines.uri import article_id, host_of, is_article_form

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
SENTENCES = 150
"""Width of sentences outside the rows of a listing that make a page an article."""
FEW_SENTENCES = 40
"""The same where the page has a meta line, or a listing led to it."""
ROWS = 4
"""Rows that make a listing."""
META_LINES = 4
"""More lines with labels like 发布时间: are the rows of a listing."""
FRAME = 5
"""Links of a page that stands in its site's frame; a bare error page has fewer."""
EXCUSE = 150
"""Characters of a body that may say no more than why it is missing."""
MESSAGE = 160
"""Characters of the longest line that is a message; longer ones tell a story."""
LOGIN_PAGE = 300
SHELL = 60
SEARCHED = 100_000
"""Characters of the source in which tokens are looked for."""


def classify(document: Document, *, status: int | None = 200) -> Verdict:
    """Return what a page is and whether access to it succeeded.

    ``status`` is that of the response; None for a loose file. Costs next to nothing on pages with the marks of an
    article, and about as much as parsing on others.
    """
    if status is not None and not 200 <= status < 300:
        return _classify_failure(document, status)
    root = _is_root(document.uri)
    if not root and _is_marked(document):
        return Verdict(kind=PageKind.ARTICLE, outcome=Outcome.OK, evidence="the mark of an article")
    text = _read(document)
    return _find_obstacle(document, text) or _find_stub(document, text) or _find_kind(document, text)


def _read(document: Document) -> PageText:
    return read_page_text(document.root, scripted="onclick" in document.text)


def confirm_article(document: Document, article: Article, verdict: Verdict) -> Verdict:
    """Return the verdict on a page taken for an article, now that its fields are known.

    A body that only says why there is no article (仅限校内访问) is none, and neither is a page without any.
    """
    if verdict.kind is not PageKind.ARTICLE:
        return verdict
    body = article.body.value if article.body else ""
    if not (body or article.images or article.attachments or article.pages):
        return _ok(PageKind.OTHER, "neither body nor picture nor file")
    if len(body) <= EXCUSE and not article.attachments and (excuse := _find_excuse(body)):
        dated = article.title is not None and article.published is not None
        if not (dated and excuse.outcome in _NEWS):
            return excuse
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
    if text.passage >= PASSAGE or (text.links >= FRAME and 0 < _count_meta_lines(text) <= META_LINES):
        return None  # an article; words of errors are what it is about
    for sign in SIGNS:
        if text.size <= sign.most and (found := _match(sign, document, text)):
            target = find_refresh(document) or find_script_redirect(document)
            evidence = f"{sign.where}: {found}"
            return Verdict(kind=PageKind.OTHER, outcome=sign.outcome, evidence=evidence, target=target)
    if text.asks_password and text.size + text.link_size <= LOGIN_PAGE:
        return Verdict(kind=PageKind.OTHER, outcome=Outcome.LOGIN_REQUIRED, evidence="a field for a password")
    return None


def _count_meta_lines(text: PageText) -> int:
    lines = [line for line in text.lines if len(line) <= MESSAGE and META_LINE.search(line)]
    return sum(FOOT.search(line) is None for line in lines)


def _match(sign: Sign, document: Document, text: PageText) -> str | None:
    if sign.where == "line":
        return _match_lines(sign, text.lines)
    if sign.where == "source" and text.links > FRAME:
        return None
    searched = {"uri": document.uri, "title": text.title, "source": document.text[:SEARCHED]}[sign.where]
    match = sign.pattern.search(searched)
    return match[0] if match else None


def _match_lines(sign: Sign, lines: Iterable[str]) -> str | None:
    return next((line for line in lines if len(line) <= MESSAGE and sign.pattern.search(line)), None)


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

_LIST_URI = re.compile(
    r"/(?:(?:list|index|more)[_-]?\d*|page[_-]?\d+|[^/]{0,60}list\d*)\.(?:s?html?|psp|php|jsp|aspx?|do)(?:\?|$)"
    r"|/(?:lists?|category|tags?|archives?)/|/artclList",
    re.IGNORECASE,
)
"""Addresses that a CMS gives to listings; WebPlus puts a section's only article there, too."""
_ROOT = re.compile(r"[a-z]+://[^/]*(?:/(?:(?:index|default|main|home)\.\w{2,5})?)?", re.IGNORECASE)


def _is_root(uri: str) -> bool:
    return _ROOT.fullmatch(uri) is not None


def _is_marked(document: Document) -> bool:
    source = document.text
    return any(mark in source for mark in ARTICLE_MARKS) and not _LIST_URI.search(document.uri)


def _find_kind(document: Document, text: PageText) -> Verdict:
    if not text.size and not text.link_size:
        return _ok(PageKind.OTHER, "no text")
    if SEARCH_TITLE.match(text.title) or (SEARCH_URI.search(document.uri) and text.passage < PASSAGE):
        return _ok(PageKind.SEARCH, f"title «{text.title}», address {document.uri}")
    meta_lines = _count_meta_lines(text)
    labelled = 0 < meta_lines <= META_LINES
    if _is_root(document.uri):
        if text.passage >= (SENTENCES if labelled else PASSAGE) and (labelled or _is_marked(document)):
            return _ok(PageKind.ARTICLE, "sentences and the marks of an article, although at the root")
        return _ok(PageKind.HOME, "the root of its site")
    if is_article_form(document.uri):
        return _ok(PageKind.ARTICLE, f"the form of the address: {document.uri}")
    if text.passage >= (SENTENCES if labelled else PASSAGE) and text.passage * 2 >= text.prose:
        return _ok(PageKind.ARTICLE, f"{text.passage:.0f} characters of sentences in a row")
    return _weigh(document, text, labelled=labelled)


def _weigh(document: Document, text: PageText, *, labelled: bool) -> Verdict:
    """Tell an article from a listing by the sentences outside the rows and by the rows."""
    expected = labelled or document.hints.found_by in (FoundBy.LISTING, FoundBy.NEIGHBOUR)
    shape = measure_listing(document)
    sentences = text.prose - sum(read_page_text(row, scripted=True).prose for row in shape.elements)
    enough = FEW_SENTENCES if expected else max(SENTENCES, shape.width / 3)
    if len(shape.elements) >= ROWS and sentences < enough:
        return _ok(PageKind.LISTING, f"{len(shape.elements)} rows of links, {shape.dated} of them dated")
    if expected or sentences >= SENTENCES or (article_id(document.uri) and text.prose):
        return _ok(
            PageKind.ARTICLE, f"{sentences:.0f} characters of sentences, {'a' if labelled else 'no'} meta line"
        )
    return _ok(PageKind.OTHER, "neither sentences nor rows of links")


def _ok(kind: PageKind, evidence: str) -> Verdict:
    return Verdict(kind=kind, outcome=Outcome.OK, evidence=evidence)
