"""Finds the body of an article: the container that holds its text, and the lines of it that are text."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate

from pipelines.extract.labels import read_line
from pipelines.extract.page import Page

_SENTENCE = re.compile(r"[。，！？；：、…”]|[.,;:!?](?=\s|$)")
_FURNITURE = re.compile(
    r"版权所有|版權所有|All [Rr]ights [Rr]eserved|ICP备|ICP證|Copyright|©|公网安备|技术支持|邮政编码|邮编[:：]|"
    r"浏览器|Powered by|分享到|您的位置|当前位置|cookies?\b",
)
NOISE = frozenset(
    "share sharing social sns related relate recommend recommended recommendation comment comments respond disqus sidebar footer copyright breadcrumb "
    "breadcrumbs crumb nav navigation navbar menu pager pagination prevnext prev next newsletter subscribe promo advert advertisement ads adsense ad "
    "banner cookie popup modal login signup toolbar tags taglist tagcloud author-box authorbox bio byline rating widget toc hot rank"
    .split()
)
_TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


@lru_cache(maxsize=4096)
def tokens(name: str) -> frozenset[str]:
    """Return the words in a class or id: ``postMeta_share-box`` holds post, meta, share and box.

    >>> sorted(tokens("padding postMeta_share-box"))
    ['box', 'meta', 'padding', 'post', 'share']
    """
    return frozenset(word.lower() for word in _TOKEN.findall(name))


def weigh(page: Page) -> list[float]:
    """Return how much each line looks like running text."""
    weights = []
    for text, _, linked, _ in page.lines:
        own = len(text) - linked
        if linked > own or (len(text) < 300 and _FURNITURE.search(text)):
            weights.append(0.0)
            continue
        marks = len(_SENTENCE.findall(text))
        weights.append(own + 8.0 * marks if marks or own >= 25 else own * 0.2)
    return weights


def find_container(page: Page) -> tuple[int, list[float]]:
    weights = weigh(page)
    for node in noise_nodes(page):
        share = sum(weights[page.first[node]:page.last[node]])
        if share < 0.4 * sum(weights):
            for k in range(page.first[node],page.last[node]): weights[k]=0.0
    sums = [0.0, *accumulate(weights)]
    current, mass = 0, sums[-1]
    for node, tag in enumerate(page.tags):
        if tag in BLOCKS and node < page.ends[current]:
            own = sums[page.last[node]] - sums[page.first[node]]
            if own >= 0.7 * mass and own > 0 :
                current, mass = node, own
    return current, weights

BLOCKS = frozenset("body div td article section main form center table tbody tr ul ol dl dd li blockquote font span fieldset aside".split())

def noise_nodes(page: Page) -> Iterator[int]:
    for name, nodes in page.named.items():
        if not NOISE.isdisjoint(tokens(name)):
            yield from nodes
    for name, node in page.ids.items():
        if not NOISE.isdisjoint(tokens(name)):
            yield node
    for node, tag in enumerate(page.tags):
        if tag in ('footer','nav','aside','header'):
            yield node


END = re.compile(r"^[\W_]*(?:上一[篇条页则]|下一[篇条页则]|相关(?:新闻|阅读|文章|链接|报道|信息|内容|推荐)|推荐阅读|热门(?:文章|新闻)|延伸阅读|更多新闻|分享到|打印本页|关闭窗口|发表评论|网友评论|Related|You [Mm]ay|More (?:from|news|stories)|About the [Aa]uthor|Share this|Tags?:|Previous|Next\b|Leave a|Comments)")

def find_body(page: Page) -> list[int]:
    node, weights = find_container(page)
    a, b = page.first[node], page.last[node]
    drop = set()
    total = sum(weights[a:b])
    for n in noise_nodes(page):
        if page.first[n] >= a and page.last[n] <= b and (page.last[n]-page.first[n])<(b-a) and sum(weights[page.first[n]:page.last[n]])<.3*total+1:
            drop.update(range(page.first[n], page.last[n]))
    start = a
    for k in range(a, min(b, a+40)):
        if page.lines[k].text and page.tags[page.lines[k].node] in ('h1',):
            start = k+1
    k = start
    while k < b:
        l = page.lines[k]
        m = read_line(l.text) if len(l.text) < 200 else None
        if m and len(m.rest) <= 4 and (m.entries or re.search(r'\d',l.text)):
            k += 1; start = k
        elif k in drop or l.linked > len(l.text)/2 or END.match(l.text): 
            k += 1
            start=k
        elif weights[k] > 0 and k-start < 1:
            break
        else: break
    out = []
    for k in range(start, b):
        if k in drop: continue
        l = page.lines[k]
        if END.match(l.text) and len(l.text) < 200 and sum(weights[k:b]) < .3*total: break
        out.append(k)
    while out:
        l = page.lines[out[-1]]
        m = read_line(l.text) if len(l.text) < 120 else None
        if m and m.entries and len(m.rest) <= 4: out.pop()
        elif _FURNITURE.search(l.text) and len(l.text)<200: out.pop()
        else: break
    return out

def assemble(page, out):
    return "\n".join(page.lines[k].text for k in out)
