"""Which parts of a page are furniture, told by tag, class, id and wording."""

import re
from collections.abc import Iterator
from functools import lru_cache

from pipelines.extract.page import REMEMBERED, Page, tokens

NOISE = frozenset(
    "share sharing sharedaddy social sns bdshare bdsharebuttonbox jiathis related relatedposts relate "
    "partage teilen recommend recommended recommendation comment comments respond disqus sidebar footer foot pie fuss fusszeile pied copyright "
    "breadcrumb breadcrumbs crumb crumbs nav navigation navbar menu topbar header masthead search login signup "
    "pager pagination pagelist prevnext prev next newsletter subscribe promo advert advertisement ads adsense "
    "ad banner cookie popup modal toolbar tags taglist tagcloud authorbox bio rating hot rank toc digg newdigg "
    "boxoff commentlist trackback trackbacks adjacentposts saboxplugin yarpp taboola outbrain addtoany addthis".split()
)
"""Words in class or id that name furniture."""
ANNEX = frozenset("attach attachs attachment attachments annex fujian fj enclosure".split())
"""Words that name the list of attachments below a body."""
_BOXES = frozenset("box about bio card profile description".split())
"""Words that make a box of what is said of the author."""
_EMBEDDED = "wp-embedded-content"
"""WordPress's card of another post, set into the text."""
_WHOLE = frozenset("comment comments respond disqus sidebar footer foot copyright".split())
"""Furniture that may well be longer than the text."""
_TAGS = ("footer", "nav", "aside")

FURNITURE = re.compile(
    r"版[权權]所有|All [Rr]ights [Rr]eserved|all rights reserved|ALL RIGHTS RESERVED|ICP[备備證证]|icp[备備證证]"
    r"|Copyright|copyright|COPYRIGHT|©|公网安备|技术支持[:：]|网站备案|备案号|建议使用.{0,20}浏览器"
    r"|Powered by|powered by|Cookies?\b|cookies?\b|您是第.{0,12}位|访问统计"
)
"""Wording of footers and banners. Each way begins with a character of its own, so that a search skips to those."""


@lru_cache(maxsize=REMEMBERED)
def is_noise(name: str) -> bool:
    """Tell whether a class or id names furniture. Whole words count: ``ad`` is none in ``padding``."""
    words = tokens(name)
    if _EMBEDDED in name:
        return True
    if "author" in words and not _BOXES.isdisjoint(words):
        return True
    return not (NOISE.isdisjoint(words) and ANNEX.isdisjoint(words))


def is_annex(name: str) -> bool:
    """Tell whether a class or id names a list of attachments."""
    return not ANNEX.isdisjoint(tokens(name))


def is_wholly_noise(name: str) -> bool:
    """Tell whether a class or id names furniture that may be longer than the text."""
    return not _WHOLE.isdisjoint(tokens(name))


def noise_nodes(page: Page) -> Iterator[int]:
    """Yield the nodes whose tag, class or id says that they are furniture."""
    for name, nodes in page.named.items():
        if is_noise(name):
            yield from nodes
    for name, node in page.ids.items():
        if is_noise(name):
            yield node
    for tag in _TAGS:
        yield from page.listed[tag]
