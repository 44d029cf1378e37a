"""How the families of content management systems lay out an article. Data, and the code that recognises a family.

A family is told by marks that its templates leave in the source, never by date or address. What a layout names goes
before what the generic way finds; a field that it does not name, or names in vain, is found the generic way.
"""

from dataclasses import dataclass

from pipelines.extract.page import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where one family of pages keeps its fields: selectors as :meth:`Page.select` reads them, the best first."""

    name: str
    marks: tuple[str, ...]
    """Pieces of source, each of which only this family writes."""
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
        marks=("_newscontent_fromname", "v_news_content", "vsb_content", "_showDynClicks(", "Visual SiteBuilder"),
        title=("form[name=_newscontent_fromname] h1", "form[name=_newscontent_fromname] h2", "form[name=_newscontent_fromname] h3", ".Article_Title", ".arc-tit"),
        body=("#vsb_content*", ".v_news_content"),
        certain=True,
    ),
    # Sudy WebPlus
    Layout(
        name="webplus",
        marks=("wp_articlecontent", "arti_metas", "arti_title", "/_upload/article/", "/_js/sudy"),
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
        marks=("TRS_Editor", "trs_editor_view", "TRS_UEDITOR", "trs_web"),
        body=(".trs_editor_view", ".TRS_UEDITOR", ".TRS_Editor"),
        certain=True,
    ),
    # 织梦 DedeCMS
    Layout(
        name="dedecms",
        marks=("dedeajax2", "dedecms", "/plus/count.php", "/plus/digg_ajax.php"),
        title=(".viewbox .title",),
        body=(".viewbox .content", "#contentText"),
        meta=(".viewbox .info",),
        breadcrumb=(".place",),
    ),
    Layout(
        name="phpcms",
        marks=("/phpcms/", "phpcms_", "api.php?op=count", "index.php?m=content"),
        title=("#Article h1",),
        body=("#Article .content",),
    ),
    # 帝国 EmpireCMS
    Layout(
        name="empirecms",
        marks=("/e/public/ViewClick", "/e/public/onclick", "/e/tool/feed", "/e/data/js/ajax.js", "/e/pl/?classid", "EmpireCMS"),
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
        marks=("ZJEG_RSS.content.begin", "/script/0/", "hanweb", "/jcms/"),
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
        marks=("mpgdetail", "module-detail", "ptinfoproperty", "cmb-detail"),
        title=(".mpgtitle", ".hdline", ".module-detail h2"),
        body=(".mpgdetail .meditor", ".meditor", ".mpgdetail .mcont"),
        certain=True,
        published=(".mdate",),
        attachments=(".mptattach",),
    ),
    # K2Web, many universities of Korea
    Layout(
        name="k2web",
        marks=("_fnctWrap", "artclView", "K2Web"),
        title=(".artclViewTitle", "h2.view-title"),
        body=(".artclView", ".view-con"),
        certain=True,
        meta=(".artclViewHead", ".view-util"),
        attachments=(".artclInsert", ".view-file"),
    ),
    Layout(
        name="wordpress",
        marks=("/wp-content/", "/wp-includes/"),
        title=("h1.entry-title", "h1.wp-block-post-title", ".entry-title"),
        body=(".wp-block-post-content", ".entry-content"),
        published=("time.published", "time.entry-date", ".entry-date", ".wp-block-post-date", ".posted-on time"),
        author=(".entry-author", ".author.vcard", ".wp-block-post-author-name", ".wp-block-post-author__name", ".byline .author"),
    ),
    Layout(
        name="drupal",
        marks=("drupal-settings-json", "Drupal.settings", "data-drupal-selector", "/sites/default/files/"),
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


def recognise(page: Page) -> Layout | None:
    """Return the family that a page belongs to, or None."""
    source = page.document.text
    return next((layout for layout in LAYOUTS if any(mark in source for mark in layout.marks)), None)


def select(page: Page, selectors: tuple[str, ...]) -> list[int]:
    """Return what the first of the selectors finds that finds anything."""
    return next((nodes for selector in selectors if (nodes := page.select(selector))), [])
