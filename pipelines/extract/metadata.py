"""What a page's head says of the article: ``title``, ``meta`` tags, JSON-LD. Witnesses, not the page's words."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines.extract.page import collapse
from pipelines.model import Document

TITLE_TAGS = ("articletitle", "og:title", "citation_title")
"""``meta`` names in the order of trust, lower case. ``ArticleTitle`` and its like are those of Chinese government
sites, which TRS and others write on university pages too."""
DATE_TAGS = (
    "pubdate", "publishdate", "article:published_time", "publishtime", "og:pubdate", "og:release_date",
    "datepublished", "publish_date", "dc.date.issued", "dcterms.created", "dcterms.date", "citation_date",
    "citation_publication_date", "parsely-pub-date", "sailthru.date", "article.published",
    "weibo:article:create_at", "date",
)  # fmt: skip
"""Without ``DC.Date``, which is the last change where Klickmeister writes it."""
MODIFIED_TAGS = (
    "article:modified_time", "og:updated_time", "lastmodified", "datemodified", "dcterms.modified",
    "weibo:article:update_at",
)  # fmt: skip
SOURCE_TAGS = ("contentsource", "source")
AUTHOR_TAGS = (
    "author",
    "article:author",
    "dc.creator",
    "parsely-author",
    "sailthru.author",
    "byl",
    "citation_author",
)
SECTION_TAGS = ("columnname", "article:section")

_ARTICLE_TYPES = frozenset("article newsarticle blogposting reportagenewsarticle scholarlyarticle report".split())
_SCRIPT = "script:ld+json"
"""The ``meta`` that Remix writes for a description in JSON-LD before it is made a script of in the browser."""
_LARGEST = 200_000
"""Longest JSON-LD that is read, in code points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The head of a page."""

    title: str = ""
    """Text of the first ``title`` element."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """Content of ``meta`` elements by lower-case ``name`` or ``property``; of several the first with content."""
    article: Mapping[str, Any] = field(default_factory=dict)
    """The JSON-LD object of an article."""

    def find(self, names: tuple[str, ...]) -> tuple[str, str] | None:
        """Return the first of these tags that has content, as name and content."""
        return next(((name, self.tags[name]) for name in names if name in self.tags), None)

    def titles(self) -> list[str]:
        """Return every title that the head states, the most trusted first."""
        stated = [self.tags[name] for name in TITLE_TAGS if name in self.tags]
        headline = self.article.get("headline")
        return [*stated, self.title, *([headline] if isinstance(headline, str) else [])]


def read_metadata(document: Document) -> Metadata:
    """Return what a page's head says."""
    tags: dict[str, str] = {}
    title = ""
    article: Mapping[str, Any] = {}
    for element in document.root.iter("meta", "title", "script"):
        tag, get = element.tag, element.get
        if tag == "meta":
            name = get("name") or get("property") or get("itemprop")
            content = get("content")
            if name and content and (name := name.lower()) not in tags and (content := collapse(content)):
                tags[name] = content
                if name == _SCRIPT and not article:
                    article = _find_article(content)
        elif tag == "title":
            title = title or collapse("".join(element.itertext()))
        elif not article and "ld+json" in (get("type") or ""):
            article = _find_article(element.text or "")
    return Metadata(title=title, tags=tags, article=article)


def _find_article(source: str) -> Mapping[str, Any]:
    if len(source) > _LARGEST:
        return {}
    try:
        data = json.loads(source.strip(), strict=False)
    except (ValueError, RecursionError):
        return {}
    return next(_articles(data, depth=4), {})


def _articles(data: object, *, depth: int) -> Iterator[Mapping[str, Any]]:
    """Yield the article objects of a JSON-LD document: at the top, in a list, in ``@graph``."""
    if isinstance(data, list) and depth:
        for one in data:
            yield from _articles(one, depth=depth - 1)
    elif isinstance(data, dict) and depth:
        types = data.get("@type")
        if any(isinstance(name, str) and name.lower() in _ARTICLE_TYPES for name in _listed(types)):
            yield data
        yield from _articles(data.get("@graph"), depth=depth - 1)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def names_of(value: object) -> list[str]:
    """Return the names that a JSON-LD ``author`` states.

    >>> names_of([{"@type": "Person", "name": "Ann Lee"}, "Bo Li"])
    ['Ann Lee', 'Bo Li']
    """
    names = (one.get("name") if isinstance(one, dict) else one for one in _listed(value)[:20])
    return [collapse(name) for name in names if isinstance(name, str) and name.strip()]
