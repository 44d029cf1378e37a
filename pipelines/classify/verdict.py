"""Decides what a page is: an article, a listing, a home or search page; or what came instead of it.

What is certain and cheap comes first: a page with an article's marks is one. The rest is read as a whole, tried
against the signs of :mod:`pipelines.classify.signs`, and told apart by what it is made of: sentences, or rows of
links. :func:`confirm_article` looks again when the article's fields are known.
"""

from pipelines.classify.kinds import find_kind, is_marked, is_person, is_told, ok
from pipelines.classify.obstacles import NEWS, SENTENCE, find_excuse, find_obstacle, find_stub
from pipelines.classify.text import measure_passage, read_page_text
from pipelines.extract.listing import Lists
from pipelines.extract.page import Page, lay_out
from pipelines.model import Article, Document, Outcome, PageKind, Verdict
from pipelines.uri import is_listing_form, is_start

OUTCOMES = {
    304: Outcome.NOT_MODIFIED,
    401: Outcome.LOGIN_REQUIRED,
    404: Outcome.GONE,
    407: Outcome.LOGIN_REQUIRED,
    410: Outcome.GONE,
    412: Outcome.CHALLENGE,
    413: Outcome.TOO_LARGE,
    521: Outcome.CHALLENGE,
}
"""What single statuses mean (RFC 9110 §15). Riversecurity (瑞数) asks for a script with 412, Jiasule with 521."""

EXCUSE = 150
"""Characters of a body that may say no more than why it is missing."""


def classify(
    document: Document, *, status: int | None = 200, page: Page | None = None, lists: Lists | None = None
) -> Verdict:
    """Return what a page is and whether access to it succeeded.

    ``status`` is that of the response; None for a loose file. ``page`` is the document laid out, if the caller has
    it already: most articles are then recognised at next to no cost. A page with the marks of an article always is;
    any other costs about as much as two times parsing, a listing more. ``lists`` keeps what is found out about the
    rows of a listing, for a caller that asks for them next.
    """
    if status is not None and not 200 <= status < 300:
        return _classify_failure(document, status, page)
    is_listed = is_start(document.uri) or is_listing_form(document.uri)
    if not is_listed and is_marked(document):
        return ok(PageKind.ARTICLE, "the mark of an article")
    page = page or lay_out(document)
    passage, prose = measure_passage(page)
    if not is_listed and is_told(passage, prose) and not is_person(document.uri):
        return ok(PageKind.ARTICLE, f"{passage:.0f} characters of sentences in a row")
    text = read_page_text(page, measured=(passage, prose))
    return (
        find_obstacle(document, text)
        or find_stub(document, text)
        or find_kind(document, text, lists or Lists(document, page=page))
    )


def _classify_failure(document: Document, status: int, page: Page | None) -> Verdict:
    outcome = status_outcome(status)
    if not 300 <= status < 400 and outcome is not Outcome.GONE:
        obstacle = find_obstacle(document, read_page_text(page or lay_out(document)))
        if obstacle is not None and obstacle.outcome is not Outcome.SOFT_404:
            return obstacle
    return Verdict(kind=PageKind.OTHER, outcome=outcome, evidence=f"HTTP {status}")


def status_outcome(status: int) -> Outcome:
    """Return what a status alone says.

    >>> status_outcome(503), status_outcome(403)
    (<Outcome.SERVER_ERROR: 'server_error'>, <Outcome.BLOCKED: 'blocked'>)
    """
    if status in OUTCOMES:
        return OUTCOMES[status]
    if status < 200 or status >= 500:  # no final answer, or one of a number that no standard knows
        return Outcome.SERVER_ERROR
    return Outcome.OK if status < 300 else Outcome.REDIRECTED if status < 400 else Outcome.BLOCKED


def confirm_article(document: Document, article: Article, verdict: Verdict) -> Verdict:
    """Return the verdict on a page taken for an article, now that its fields are known.

    A body that only says why there is no article (仅限校内访问) is none. Neither is a page with a short body that
    nothing speaks for: no date, no picture or file, no mark, no listing that called it so – an error page in words
    that nobody foresaw. An article of which the CMS printed only title and date is one.
    """
    if verdict.kind is not PageKind.ARTICLE:
        return verdict
    body = article.body.value if article.body else ""
    dated = article.title is not None and article.published is not None
    if len(body) > EXCUSE or article.attachments or article.pages:
        return verdict
    if excuse := find_excuse(body):
        is_news = dated and (excuse.outcome in NEWS or len(body) > SENTENCE or "\n" in body)
        return verdict if is_news else excuse
    if dated or article.images or _is_as_called(article, document) or (body and is_marked(document)):
        return verdict
    return ok(PageKind.OTHER, "a short text, and nothing that speaks for an article")


def _is_as_called(article: Article, document: Document) -> bool:
    """Tell whether the title is what the listing that led here calls it."""
    called = (document.hints.text or "").rstrip(" .…")
    return bool(called) and article.title is not None and article.title.value.startswith(called[:12])
