"""Which article an address names, by the forms that the CMS families give their addresses."""

import functools
import hashlib
import re
from dataclasses import dataclass

from pipelines.uri.hosts import host_of
from pipelines.uri.parts import Parts, split
from pipelines.uri.surt import WWW, surt

PAGE = r"\.(?:s?html?|jhtml|do|php|aspx?|jsp|psp)(?:\.html?)?"
"""What a page's path ends in. A second ``.html`` was added by a tool that mirrored the site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PathForm:
    """How one family writes the path of an article.

    The groups of the pattern are ``id`` (``id1``, ``id2``… are joined by a slash) and ``space``, the part of the
    path that the id counts within (no such group: the id is unique on its host).
    """

    family: str
    pattern: re.Pattern[str]


def _form(family: str, pattern: str) -> PathForm:
    return PathForm(family=family, pattern=re.compile(pattern.replace("{page}", PAGE), re.IGNORECASE))


STATIC_FORMS = (
    # Sub-sites of one VSB host each count for themselves: /rsc/info/… and /jwc/info/… are two spaces.
    _form("vsb", r"(?P<space>.*/)info/(?P<id1>\d+)/(?P<id2>\d+)(?:_\d+)?{page}"),
    # One WebPlus installation numbers all its articles together; the column (c1234) is only where one is shown.
    _form("webplus", r".*/c\d+(?P<id>a\d+)/page\w*{page}"),
    _form("webplus 2", r"/s/\d+/t/.*/(?P<id>info\d+)(?:_\d+)?{page}"),  # /s/86/t/343/3a/5b/info15707.htm
    _form("trs", r".*/(?P<id>t\d{8}_\d+)(?:_\d{1,2})?{page}"),  # /xwzx/202002/t20200221_12345.html
    _form("hanweb", r".*/(?P<id>art_\d+_\d+)(?:_\d+)?{page}"),  # /art/2020/2/21/art_1234_56789.html
    _form("people", r".*/(?P<id>c\d+-\d+)(?:-\d+)?{page}"),  # /n1/2020/0221/c1001-31234567.html
    _form("rpage", r".*/p/(?P<id>40\d-\d+-\d+)(?:,[a-z]\d+)*{page}"),  # /p/406-1000-12345,r12.php
    _form("k2web", r".*/bbs/(?P<space>\w+)/(?P<id1>\d+)/(?P<id2>\d+)/artclView{page}"),
    # DedeCMS; generators that number the articles of each day anew use the same form, so the day belongs to the id.
    _form("dated", r"(?P<space>.*/)(?P<id1>(?:19|20)\d\d)[/-](?P<id2>\d\d-?\d\d)/(?P<id3>\d+)(?:_\d+)?{page}"),
)
"""Pages written to disk: whatever query such an address carries, the path alone names the article."""

FORMS = (
    _form("siteserver", r"(?P<space>.*/)contents?/(?P<id1>\d+)/(?P<id2>\d+)(?:_\d+)?{page}"),
    _form("phpcms", r"(?P<space>.*/)show-(?P<id1>\d+)-(?P<id2>\d+)-\d+{page}"),  # show-12-34-1.html, 1 is the page
    _form("drupal", r"(?P<space>.*/)node/(?P<id>\d+)"),
    _form("wordpress", r"(?P<space>.*/)archives/(?P<id>\d+)(?:{page})?/?"),
    _form("uuid", r"(?P<space>.*/)(?P<id>[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:{page})?"),
    _form(
        "number",
        r"(?P<space>.*/(?:(?:news|art|article|show|view|detail|content|info|item|doc|read|notice)[-_]?)?)"
        r"(?P<id>\d+){page}",
    ),
    _form("number", r"(?P<space>.*/(?:view|show|details?|articles?|news|info|posts?|read)/)(?P<id>\d+)/?"),
)

ID_KEYS = (
    "wbnewsid", "newsid", "news_id", "articleid", "article_id", "infoid", "info_id", "contentid", "content_id",
    "docid", "doc_id", "noticeid", "bulletinid", "postid", "artid", "art_id", "arcid", "itemid", "nttid", "nttsn",
    "articleno", "article_no", "boardseq", "board_seq", "bbsidx", "news", "id", "aid", "nid", "did", "guid", "uuid",
    "sn", "seq", "idx", "xh", "bh", "no", "num", "p", "tid",
)  # fmt: skip
"""Keys that name an article, the more telling first; compared in lower case. A ``cid``, ``catid``, ``classid`` or
``wbtreeid`` names a column and stays in the space that the id counts within."""

_LISTING_SCRIPT = re.compile(r"list|class|search|more|categor|column", re.IGNORECASE)
_ID_VALUE = re.compile(r"(?=[\w-]*\d)[\w-]{1,64}", re.ASCII)
_MATRIX_SESSION = re.compile(r";jsessionid=[^/;?]*", re.IGNORECASE)


def article_id(uri: str) -> str | None:
    """Return the CMS's own id of the article at ``uri``, as far as the address gives it away.

    >>> article_id("http://rsc.henu.edu.cn/info/1065/1012.htm")
    '1065/1012'
    >>> article_id("http://x.edu.cn/2020/0221/c1234a5678/page.htm"), article_id("http://x.edu.cn/show.asp?id=9")
    ('a5678', '9')
    >>> article_id("http://x.edu/news/a-slug-tells-no-id/")
    """
    identity = _identity(uri)
    return identity[0] if identity else None


@functools.lru_cache(maxsize=4096)  # asked of every link of a listing, several times
def is_article_form(uri: str) -> bool:
    """Tell whether the address has the form that one of the CMS families gives to articles, and to nothing else.

    >>> is_article_form("http://rsc.henu.edu.cn/info/1065/1012.htm"), is_article_form("http://x.edu.cn/tzgg/12.htm")
    (True, False)
    """
    return _path_identity(split(uri).path, STATIC_FORMS) is not None


_START = re.compile(r"[a-z]+://[^/]*(?:/(?:(?:index|default|main|home)\.\w{2,5})?)?", re.IGNORECASE)


def is_start(uri: str) -> bool:
    """Tell whether the address is that of a site's start page.

    >>> is_start("http://x.edu.cn"), is_start("http://x.edu.cn/index.htm"), is_start("http://x.edu.cn/zh/")
    (True, True, False)
    """
    return _START.fullmatch(uri) is not None


LISTING_FORM = re.compile(
    r".*/(?:list[\d_-]*|(?:index|default|main|more)(?:[_-]?\d{1,4})?|page[\d_-]+|[^/]{0,60}list\d*|artclList)"
    r"\.(?:s?html?|psp|php|jsp|aspx?|do)|.*/(?:lists?|category|tags?|archives?)/.*",
    re.IGNORECASE | re.DOTALL,
)


def is_listing_form(uri: str) -> bool:
    """Tell whether the address has a form that CMS families give to listings and to the start pages of sections.

    >>> is_listing_form("http://x.edu.cn/24251/list2.htm"), is_listing_form("http://x.edu.cn/c1a2/page.htm")
    (True, False)
    """
    return LISTING_FORM.fullmatch(split(uri).path) is not None


def record_id(site_id: str, uri: str) -> str:
    """Return the id of the record of the article at ``uri``: stable over revisions, schemes and ``www``.

    ``site:host/id`` where the CMS's id is unique on its host, ``site:host/id~digest`` where it counts only
    within a folder, a script or other query fields (those are digested), ``site:digest`` without an id.
    The host is part of it because each installation counts for itself. Digests are SHA-256 of the urlkey,
    before its case is folded, cut to 8 or 16 hexadecimal digits.

    >>> record_id("henu-rsc", "https://rsc.henu.edu.cn/info/1065/1012.htm")
    'henu-rsc:rsc.henu.edu.cn/1065/1012'
    """
    identity = _identity(uri)
    if identity is None:
        return f"{site_id}:{_digest(surt(_MATRIX_SESSION.sub('', uri)))[:16]}"
    id, space = identity
    host = WWW.sub("", host_of(uri))
    within = f"~{_digest(space)[:8]}" if space else ""
    return f"{site_id}:{host}/{id}{within}"


def _identity(uri: str) -> tuple[str, str] | None:
    """Return an article's id and the space it is unique within (empty: the host)."""
    parts = split(_MATRIX_SESSION.sub("", uri))
    if static := _path_identity(parts.path, STATIC_FORMS):
        return static
    return _query_identity(parts) if parts.query else _path_identity(parts.path, FORMS)


def _path_identity(path: str, forms: tuple[PathForm, ...]) -> tuple[str, str] | None:
    for form in forms:
        if match := form.pattern.fullmatch(path):
            groups = match.groupdict()
            space = groups.pop("space", "/")
            return "/".join(groups.values()), "" if space == "/" else space
    return None


def _query_identity(parts: Parts) -> tuple[str, str] | None:
    fields = [tuple(field.split("=", 1)) for field in (parts.query or "").split("&") if "=" in field]
    values = {key.lower(): value for key, value in fields}
    folder, slash, script = parts.path.rpartition("/")
    if values.get("wbtreeid", "").isdigit() and values.get("wbnewsid", "").isdigit():
        # VSB's dynamic address (content.jsp?…) of what is also info/<column>/<id>.htm
        return f"{values['wbtreeid']}/{values['wbnewsid']}", folder + slash if folder else ""
    key = next((key for key in ID_KEYS if _ID_VALUE.fullmatch(values.get(key, ""))), None)
    if key is None or _LISTING_SCRIPT.search(script) or (key == "p" and parts.path not in ("/", "/index.php")):
        return None
    others = sorted("=".join(field) for field in fields if field[0].lower() != key)
    return values[key], f"{parts.path}?{key}&{'&'.join(others)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
