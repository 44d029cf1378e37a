"""What a page's head says of the article: ``title``, ``meta`` tags, JSON-LD. Witnesses, never the page's own words."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines.extract.page import Page, collapse

TITLE_TAGS = ("articletitle", "og:title", "twitter:title", "citation_title", "dcterms.title", "title")
"""``meta`` names in the order of trust. ``ArticleTitle`` and the like are those of TRS (GB/T 33190 has them so)."""
DATE_TAGS = (
    "pubdate", "publishdate", "article:published_time", "publishtime", "og:pubdate", "og:release_date", "datepublished",
    "publish_date", "dc.date.issued", "dcterms.created", "dcterms.date", "citation_date", "citation_publication_date",
    "parsely-pub-date", "sailthru.date", "article.published", "weibo:article:create_at", "date",
)  # fmt: skip
MODIFIED_TAGS = (
    "article:modified_time",
    "og:updated_time",
    "lastmodified",
    "datemodified",
    "dcterms.modified",
    "weibo:article:update_at",
)
SOURCE_TAGS = ("contentsource", "source", "mediaid")
AUTHOR_TAGS = (
    "author",
    "article:author",
    "dc.creator",
    "parsely-author",
    "sailthru.author",
    "byl",
    "citation_author",
)
EDITOR_TAGS = ("editor", "责任编辑")
SECTION_TAGS = ("columnname", "article:section", "catalogs", "channel")

_ARTICLE_TYPES = ("article", "newsarticle", "blogposting", "reportagenewsarticle", "scholarlyarticle", "report")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The head of a page."""

    title: str = ""
    """Text of the first ``title`` element."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """Content of ``meta`` elements by lower-case ``name`` or ``property``; of several the first that is not empty."""
    article: Mapping[str, Any] = field(default_factory=dict)
    """The JSON-LD object of an article."""

    def find(self, names: tuple[str, ...]) -> tuple[str, str] | None:
        """Return the first of these tags that has content, as name and content."""
        return next(((name, self.tags[name]) for name in names if name in self.tags), None)


def read_metadata(page: Page) -> Metadata:
    """Return what the page's head says."""
    tags: dict[str, str] = {}
    title = ""
    article: Mapping[str, Any] = {}
    for node, tag in enumerate(page.tags):
        if tag == "meta":
            get = page.elements[node].get
            name = get("name") or get("property") or get("itemprop")
            content = get("content")
            if name and content and (name := name.lower()) not in tags and (content := collapse(content)):
                tags[name] = content
        elif tag == "title" and not title:
            title = collapse("".join(page.elements[node].itertext()))
        elif tag == "script" and not article and "ld+json" in (page.elements[node].get("type") or ""):
            article = _find_article(page.elements[node].text or "")
    return Metadata(title=title, tags=tags, article=article)


def _find_article(source: str) -> Mapping[str, Any]:
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
    elif isinstance(data, dict):
        types = data.get("@type")
        names = types if isinstance(types, list) else [types]
        if any(isinstance(name, str) and name.lower() in _ARTICLE_TYPES for name in names):
            yield data
        yield from _articles(data.get("@graph"), depth=depth - 1)


def names_of(value: object) -> list[str]:
    """Return the names that a JSON-LD ``author`` or ``publisher`` states.

    >>> names_of([{"@type": "Person", "name": "Ann Lee"}, "Bo Li"])
    ['Ann Lee', 'Bo Li']
    """
    if isinstance(value, str):
        return [collapse(value)] if value.strip() else []
    if isinstance(value, list):
        return [name for one in value[:20] for name in names_of(one)]
    return names_of(value.get("name")) if isinstance(value, dict) else []
