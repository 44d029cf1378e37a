"""Which parts of a page are furniture, told by tag, class and id."""

import re
from collections.abc import Iterator
from functools import lru_cache

from pipelines.extract.page import Page

NOISE = frozenset(
    "share sharing social sns related relate recommend recommended recommendation comment comments respond disqus sidebar footer copyright breadcrumb "
    "breadcrumbs crumb crumbs nav navigation navbar menu pager pagination prevnext prev next newsletter subscribe promo advert advertisement ads adsense ad "
    "banner cookie popup modal login signup toolbar tags taglist tagcloud authorbox bio rating hot rank foot "
    "attach attachment attachments annex fujian bdsharebuttonbox jiathis topbar header masthead search digg newdigg pagelist toc boxoff".split()
)
FURNITURE = re.compile(
    r"版权所有|版權所有|all rights reserved|icp[备備證证]|copyright|©|公网安备|技术支持[:：]|网站备案|备案号|建议使用.{0,20}浏览器"
    r"|powered by|\bcookies?\b|您是第.{0,12}位|访问统计|^(?:通讯|联系|学校|单位)?地址[:：]",
    re.IGNORECASE,
)
_TAGS = frozenset(("footer", "nav", "aside"))
_TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


@lru_cache(maxsize=4096)
def tokens(name: str) -> frozenset[str]:
    """Return the words in a class or id: ``postMeta_share-box`` holds post, meta, share and box.

    >>> sorted(tokens("padding postMeta_share-box"))
    ['box', 'meta', 'padding', 'post', 'share']
    """
    return frozenset(word.lower() for word in _TOKEN.findall(name))


@lru_cache(maxsize=4096)
def is_noise(name: str) -> bool:
    """Tell whether a class or id names furniture. Whole words count: ``ad`` is none in ``padding``."""
    return not NOISE.isdisjoint(tokens(name))


def noise_nodes(page: Page) -> Iterator[int]:
    """Yield the nodes whose tag, class or id says that they are furniture."""
    for name, nodes in page.named.items():
        if is_noise(name):
            yield from nodes
    for name, node in page.ids.items():
        if is_noise(name):
            yield node
    for node, tag in enumerate(page.tags):
        if tag in _TAGS:
            yield node
