"""How the families of content management systems lay out an article. Data, and the code that recognises a family.

A family is told by marks that its templates leave in the source, never by date or address. What a layout names goes
before what the generic way finds; a field that it does not name, or names in vain, is found the generic way.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from cssselect import SelectorError
from lxml.cssselect import CSSSelector

from pipelines.errors import SiteError
from pipelines.extract.page import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where one family of pages keeps its fields: selectors as :meth:`Page.select` reads them, the best first."""

    name: str
    names: tuple[str, ...] = ()
    """Classes and ids, or pieces of them, each of which only this family writes."""
    marks: tuple[str, ...] = ()
    """Pieces of the head's source, each of which only this family writes."""
    address: str | None = None
    """Regular expression of an article's address, where only this family has that form."""
    body: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    meta: tuple[str, ...] = ()
    """The block of the meta line."""
    published: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    editor: tuple[str, ...] = ()
    breadcrumb: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    """Blocks of attachments outside the body."""
    certain: bool = False
    """True where ``body`` holds what the editor wrote and nothing else, whatever else the page is full of."""
    joined: bool = False
    """True where all elements that ``body`` names make up the body together (TYPO3's teaser and text)."""


LAYOUTS = (
    # 博达 Visual SiteBuilder: the article is one form, its parts are named by the component's number.
    Layout(
        name="vsb",
        names=("v_news_content", "vsb_content"),
        marks=("Visual SiteBuilder", "/_sitegray/", "/system/resource/js/"),
        address=r"/info/\d{4}/\d+\.htm",
        title=(*(f"form[name=_newscontent_fromname] h{size}" for size in (1, 2, 3)), ".Article_Title", ".arc-tit"),
        body=("#vsb_content*", ".v_news_content"),
        certain=True,
    ),
    # Sudy WebPlus
    Layout(
        name="webplus",
        names=("wp_articlecontent", "arti_metas", "arti_title"),
        marks=("/_js/sudy", "/_css/_system/system.css", "/_js/_portletPlugs/"),
        address=r"/\d{4}/\d{4}/c\d+a\d+/page\.(?:htm|psp)",
        title=(".arti_title", ".arti-title"),
        body=(".wp_articlecontent",),
        certain=True,
        meta=(".arti_metas", ".arti-metas"),
        published=(".arti_update", ".arti-update"),
        author=(".arti_publisher", ".arti-publisher"),
    ),
    # 拓尔思 TRS WCM
    Layout(
        name="trs",
        names=("TRS_Editor", "trs_editor_view", "TRS_UEDITOR", "trs_web"),
        body=(".trs_editor_view", ".TRS_UEDITOR", ".TRS_Editor"),
        certain=True,
    ),
    # 织梦 DedeCMS
    Layout(
        name="dedecms",
        marks=("dedeajax2", "dedecms", "/templets/default/"),
        title=(".viewbox .title",),
        body=(".viewbox .content", "#contentText"),
        meta=(".viewbox .info",),
        breadcrumb=(".place",),
    ),
    Layout(
        name="phpcms",
        marks=("phpcms", "/statics/js/", "/statics/css/"),
        title=("#Article h1",),
        body=("#Article .content",),
    ),
    # 帝国 EmpireCMS
    Layout(
        name="empirecms",
        marks=("/e/data/js/ajax.js", "/skin/default/", "EmpireCMS"),
        title=(".title_info h1",),
        body=("#news_content", "td#text"),
        meta=(".info_text",),
    ),
    Layout(
        name="siteserver",
        marks=("/sitefiles/", "SiteFiles/bairong", "siteserver.cn"),
    ),
    # 大汉 hanweb JCMS: the parts are fenced by comments
    Layout(
        name="hanweb",
        marks=("hanweb", "/jcms/", "/script/0/"),
        address=r"/art/\d{4}/\d\d?/\d\d?/art_\d+_\d+\.html",
        body=("#zoom",),
    ),
    # 通元 Gpower
    Layout(
        name="gpower",
        marks=("gpowersoft", "/gpower/", "GPOWER"),
        body=("#zoomcon", "#ContentRegion"),
    ),
    # RPage, many universities of Taiwan
    Layout(
        name="rpage",
        names=("mpgdetail", "module-detail", "ptinfoproperty", "cmb-detail"),
        address=r"/p/40[46]-\d+-\d+",
        title=(".mpgtitle", ".hdline", ".module-detail h2"),
        body=(".mpgdetail .meditor", ".meditor", ".mpgdetail .mcont"),
        certain=True,
        published=(".mdate",),
        attachments=(".mptattach",),
    ),
    # K2Web, many universities of Korea
    Layout(
        name="k2web",
        names=("_fnctWrap", "artclView"),
        address=r"/bbs/\w+/\d+/\d+/artclView\.do",
        title=(".artclViewTitle", "h2.view-title"),
        body=(".artclView", ".view-con"),
        certain=True,
        meta=(".artclViewHead", ".view-util"),
        attachments=(".artclInsert", ".view-file"),
    ),
    Layout(
        name="wordpress",
        marks=("/wp-content/", "/wp-includes/", "\nWordPress "),
        title=("h1.entry-title", "h1.wp-block-post-title", ".entry-title"),
        body=(".wp-block-post-content", ".entry-content"),
        published=("time.published", "time.entry-date", ".entry-date", ".wp-block-post-date", ".posted-on time"),
        author=(
            ".entry-author", ".author.vcard", ".wp-block-post-author-name", ".wp-block-post-author__name",
            ".byline .author",
        ),
    ),
    Layout(
        name="drupal",
        names=("field--name-body", "field-name-body"),
        marks=("/sites/default/files/", "/core/misc/", "www.drupal.org)", "//drupal.org)"),
        title=("h1.page-title", "h1.page-header"),
        body=(".field--name-body", ".field-name-body"),
    ),
    Layout(
        name="typo3",
        marks=("/typo3conf/", "/typo3temp/", "TYPO3 CMS"),
        title=(".news-single h1", ".news-single h2"),
        body=(".news-single .teaser-text", ".news-single .news-text-wrap"),
        joined=True,
    ),
    Layout(
        name="joomla",
        marks=("/media/jui/", "com_content", "/media/system/js/core"),
        title=(".item-page h1", ".item-page h2"),
        body=("[itemprop=articleBody]", ".item-page"),
    ),
)  # fmt: skip


_MOST_IN_HEAD = 200


def recognise(page: Page) -> Layout | None:
    """Return the family that a page belongs to, or None."""
    head = _read_head(page)
    names = "\n".join((*page.named, *page.ids))
    for layout in LAYOUTS:
        if any(name in names for name in layout.names) or any(mark in head for mark in layout.marks):
            return layout
    uri = page.document.uri
    return next((layout for layout in LAYOUTS if layout.address and re.search(layout.address, uri)), None)


def _read_head(page: Page) -> str:
    """Return where a page's head leads, and what it says of its generator: there the families leave their marks."""
    head = page.document.root.find("head")
    said: list[str] = []
    for element in () if head is None else islice(head.iter("link", "script", "meta"), _MOST_IN_HEAD):
        get = element.get
        said.append(get("href") or get("src") or get("content") or element.text or "")
    return "\n".join(said)


def find_nodes(page: Page, layout: Layout | None, field: str) -> list[tuple[int, str]]:
    """Return the nodes that hold a field, each with the rule that says so: the site's own, else the family's.

    ``field`` is the name of a field of :class:`Layout`. The site's selectors are CSS, all of it.
    """
    site = page.document.site
    if site is not None and (selector := site.layout.get(field)):
        found = set(_compile(selector)(page.document.root))
        nodes = [node for node, element in enumerate(page.elements) if element in found]
        if nodes:
            return [(node, f"site:{field}") for node in nodes]
    if layout is None:
        return []
    selected = (nodes for selector in getattr(layout, field) if (nodes := page.select(selector)))
    if field == "body" and layout.joined:
        return sorted((node, f"{layout.name}:{field}") for nodes in selected for node in nodes)
    return [(node, f"{layout.name}:{field}") for node in next(selected, [])]


@lru_cache(maxsize=1024)
def _compile(selector: str) -> CSSSelector:
    try:
        return CSSSelector(selector)
    except SelectorError as error:
        raise SiteError(f"{selector!r} under [layout] is no CSS selector ({error}): mend the site file") from error
