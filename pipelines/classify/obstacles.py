"""Finds what stands in the way of a page: an error in its place, a gate before it, a page that only sends on."""

from collections.abc import Iterable

from pipelines.classify.marks import DAY, FOOT, HEAD_DAY, TODAY
from pipelines.classify.redirects import find_refresh, find_script_redirect
from pipelines.classify.signs import LOGIN, NEEDS_JAVASCRIPT, SIGNS, Sign
from pipelines.classify.text import MESSAGE, META_LINES, PASSAGE, SENTENCES, PageText
from pipelines.extract.links import width
from pipelines.model import Document, Outcome, PageKind, Verdict
from pipelines.uri import host_of, is_start

FRAME = 5
"""Links of a page that stands in its site's frame; a bare error page has fewer."""
SENTENCE = 60
"""Characters of the longest message on what may be a notice: 限校园网用户访问 also ends the sentences of libraries."""
LOGIN_PAGE = 300
"""Characters, links included, of a page that is little more than a form."""
SHELL = 60
"""Characters of a page whose text is yet to come."""
SHORT = 60
"""Characters of the longest line that prints the day of a notice."""
OWN_DAYS = 2
"""Days that a page prints of its own: that of its publication, and that of its last change. A list prints more."""
SEARCHED = 100_000
"""Characters of the source in which tokens are looked for."""

NEWS = frozenset({Outcome.MAINTENANCE, Outcome.SERVER_ERROR, Outcome.BLOCKED, Outcome.CHALLENGE})
"""What a notice with a title and a date may be about: 系统维护通知."""


def find_obstacle(document: Document, text: PageText) -> Verdict | None:
    """Return what came instead of the page, or None where nothing did."""
    framed = text.links >= FRAME
    if text.passage >= PASSAGE or (framed and 0 < text.meta_lines <= META_LINES):
        return None  # an article; words of errors are what it is about
    notice = framed and has_day(text)
    lines = _join(text.lines, SENTENCE if notice else MESSAGE)
    for sign in SIGNS:
        if text.size <= sign.most and not (notice and sign.outcome in NEWS):
            found = _match(sign, document, text, lines)
            if found:
                target = None if framed else find_refresh(document) or find_script_redirect(document)
                evidence = f"{sign.where}: {found}"
                return Verdict(kind=PageKind.OTHER, outcome=sign.outcome, evidence=evidence, target=target)
    if text.asks_password and text.size + text.link_size <= LOGIN_PAGE:
        return Verdict(kind=PageKind.OTHER, outcome=Outcome.LOGIN_REQUIRED, evidence="a field for a password")
    return None


def find_excuse(body: str) -> Verdict | None:
    """Return the verdict on a body that only says why there is no article, or None where it says something else."""
    lines = _join(body.splitlines(), MESSAGE)
    for sign in SIGNS:
        if sign.where == "line" and (line := _match_lines(sign, lines)):
            return Verdict(kind=PageKind.OTHER, outcome=sign.outcome, evidence=f"body: {line}")
    return None


def has_day(text: PageText) -> bool:
    """Tell whether a short line prints a day as notices do."""
    days = [line for line in text.lines if len(line) <= SHORT and DAY.search(line)]
    return any(FOOT.search(line) is None and TODAY.search(line) is None for line in days)


def count_days(text: PageText) -> int:
    """Return how many short lines print a day in any form, the foot of the site left out."""
    return sum(len(line) <= SHORT and bool(HEAD_DAY.search(line)) and not FOOT.search(line) for line in text.lines)


def _join(lines: Iterable[str], longest: int) -> str:
    """Return the lines that may be a message as one text: a search of all is three times as fast as one of each."""
    return "\n".join([line for line in lines if len(line) <= longest])


def _match(sign: Sign, document: Document, text: PageText, lines: str) -> str | None:
    """Return what of the page a sign matches, or None. ``lines`` are those that may be a message."""
    if sign.where == "line":
        line = _match_lines(sign, lines)
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


def _match_lines(sign: Sign, lines: str) -> str | None:
    if not sign.pattern.search(lines):
        return None
    return next((line for line in lines.split("\n") if sign.pattern.search(line)), None)


def find_stub(document: Document, text: PageText) -> Verdict | None:
    """Return the verdict on a page that only sends its reader on, or that a script must fill."""
    if text.links > FRAME or text.size > LOGIN_PAGE:
        return None
    kind = PageKind.HOME if is_start(document.uri) else PageKind.OTHER
    if target := find_refresh(document) or (find_script_redirect(document) if text.size <= SHELL else None):
        outcome = Outcome.REDIRECTED
        if any(sign.where == "uri" and sign.pattern.search(target) for sign in LOGIN):
            outcome = Outcome.LOGIN_REQUIRED
        elif kind is PageKind.OTHER and is_start(target) and host_of(target) == host_of(document.uri):
            outcome = Outcome.REDIRECTED_HOME
        return Verdict(kind=kind, outcome=outcome, evidence="the page only sends its reader on", target=target)
    scripted = NEEDS_JAVASCRIPT.search(document.text[:SEARCHED]) or any(
        script.get("src") or script.text for script in document.root.iter("script")
    )
    if text.size <= SHELL and scripted:
        return Verdict(kind=kind, outcome=Outcome.NEEDS_JAVASCRIPT, evidence="scripts and no text")
    return None
