"""The values that flow from the wire to the dataset.

::

    Exchange ─► Capture ─► Document ─► Article ─► Record
                                └────► Reading (links, listing items, and the record if there is one)

All are frozen and know nothing of each other's making; the functions that turn one into the next live in the
modules named like the step (``document``, ``classify``, ``extract``, ``normalise``, ``read``, ``revise``).
Times are aware ``datetime`` in UTC; offsets into text count code points; sizes are bytes.
"""

import mmap
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from lxml.html import HtmlElement

T = TypeVar("T")

Block = bytes | mmap.mmap
"""Bytes of a message. A large one is the mapping of a temporary file, so that memory stays flat."""

Header = tuple[str, str]
"""One header field as received (latin-1 text): its case kept, its order the order of the tuple it stands in."""


# ── what a fetch came to ───────────────────────────────────────────────────────────────────────────────────


class Outcome(StrEnum):
    """What a fetch came to. Every fetch ends in exactly one; nothing is bypassed."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    REDIRECTED = "redirected"
    GONE = "gone"
    SOFT_404 = "soft_404"
    REDIRECTED_HOME = "redirected_home"
    CAMPUS_ONLY = "campus_only"
    LOGIN_REQUIRED = "login_required"
    CHALLENGE = "challenge"
    NEEDS_JAVASCRIPT = "needs_javascript"
    BLOCKED = "blocked"
    MAINTENANCE = "maintenance"
    SERVER_ERROR = "server_error"
    TIMEOUT = "timeout"
    DNS_ERROR = "dns_error"
    CONNECTION_ERROR = "connection_error"
    TLS_ERROR = "tls_error"
    TOO_LARGE = "too_large"
    TRUNCATED = "truncated"
    NOT_HTML = "not_html"
    ROBOTS_DENIED = "robots_denied"
    ROBOTS_UNREACHABLE = "robots_unreachable"
    OUT_OF_SCOPE = "out_of_scope"


class PageKind(StrEnum):
    """What a page is for. Only an ``ARTICLE`` becomes a record."""

    ARTICLE = "article"
    LISTING = "listing"
    HOME = "home"
    SEARCH = "search"
    FEED = "feed"
    """RSS, Atom or a sitemap: a listing for machines."""
    OTHER = "other"
    """A page of the site that is none of these: a map of the campus, a form, an album."""


class FoundBy(StrEnum):
    """How the crawl came to know a URI."""

    SEED = "seed"
    LISTING = "listing"
    """An item of a listing: its text and date are the strongest witness for the article behind it."""
    PAGING = "paging"
    """The next page of a listing, or of a paged article."""
    LINK = "link"
    """Any other link of a page: a menu, a side column."""
    NEIGHBOUR = "neighbour"
    """The previous or next article of an article."""
    ATTACHMENT = "attachment"
    IMAGE = "image"
    REDIRECT = "redirect"
    SITEMAP = "sitemap"
    FEED = "feed"
    ROBOTS = "robots"
    IMPORT = "import"


# ── from the wire to the archive ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What the crawl knew when it asked for a page. Stored with the exchange, so that a rebuild knows it too."""

    found_by: FoundBy = FoundBy.SEED
    found_on: str | None = None
    """Target URI of the page that held the link."""
    text: str | None = None
    """Text of the link; the ``title`` attribute where the text is cut short."""
    date: str | None = None
    """Date printed beside the link on its listing, as ISO 8601 (``2020-02-21``)."""
    section: str | None = None
    """Name of the section whose listing held the link."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """What is known of the TLS connection of an exchange."""

    protocol: str
    """As OpenSSL names it: ``TLSv1.3``."""
    cipher: str
    certificate_sha256: str
    """Hexadecimal SHA-256 of the server's certificate (DER)."""
    verified: bool
    """False where the site file makes an exception from certificate verification."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and what came back, as the bytes crossed the wire. What the WARC keeps."""

    target_uri: str
    started_at: datetime
    """When the request was sent (UTC, whole milliseconds); the WARC-Date of its records."""
    request: bytes = b""
    """The request as sent, without proxy credentials; empty where none was sent."""
    response: Block = b""
    """The final response as received, transfer coding and all; empty where none came."""
    interim: bytes = b""
    """Interim (1xx) responses that came before it (RFC 9110 §15.2)."""
    outcome: Outcome = Outcome.OK
    """What the transport says: ``OK`` for any complete response, whatever its status."""
    error: str | None = None
    """One sentence on what went wrong, for people."""
    truncated: str | None = None
    """Why the response is not whole, in the words of WARC 1.1 §5.15: length, time, disconnect, unspecified."""
    ip: str | None = None
    """Address of the server; None through a proxy."""
    tls: Tls | None = None
    proxied: bool = False
    redacted: bool = False
    """True where proxy credentials were cut from the request."""
    seconds: float = 0.0
    """From sending the request to the last byte received."""
    hints: Hints = Hints()


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Place:
    """Where a WARC record stands."""

    warc: str
    """Final file name, never with ``.open``."""
    offset: int
    """First byte of the record's gzip member."""
    length: int
    """Length of the gzip member."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One archived exchange, read from the archive or just written to it: the two are equal."""

    target_uri: str
    captured_at: datetime
    status: int | None = None
    """None where no response came."""
    headers: tuple[Header, ...] = ()
    payload: Block = b""
    """Entity body without transfer coding, content coding kept (WARC 1.1 §5.9)."""
    payload_digest: str | None = None
    """``sha256:`` and lower-case Base16, as in WARC-Payload-Digest."""
    outcome: Outcome = Outcome.OK
    """What the transport said; the page may say otherwise."""
    truncated: str | None = None
    profile: str | None = None
    """``identical-payload-digest`` or ``server-not-modified`` for a revisit, else None."""
    refers_to: str | None = None
    """WARC-Record-ID of the capture that a revisit refers to, where it is known."""
    refers_to_date: datetime | None = None
    """Its WARC-Date."""
    hints: Hints = Hints()
    run: str | None = None
    """Id of the run that made it, or that imported it."""
    imported: bool = False
    """True where the WARC was made elsewhere: the order of its captures says nothing of time."""
    declared_digest: str | None = None
    """WARC-Payload-Digest of an imported record as it stands there: what revisits in foreign files refer to."""
    record_id: str | None = None
    """WARC-Record-ID of its last record, without angle brackets."""
    place: Place | None = None
    """Where its last record stands: ``response`` or ``revisit``, or ``metadata`` where no response came."""

    def header(self, name: str) -> str | None:
        """Return the last field of that name, case-insensitively, or None."""
        wanted = name.lower()
        return next((value for key, value in reversed(self.headers) if key.lower() == wanted), None)


# ── the page ───────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Charset:
    """How bytes became text."""

    name: str
    """Name of the Python codec used: ``gb18030``, ``utf-8``."""
    reason: str
    """Which witness decided: ``bom``, ``header``, ``meta``, ``measured``, ``default``."""
    declared: tuple[str, ...] = ()
    """Labels that header and page declared, as written."""
    undecodable: int = 0
    """Number of characters that had to be replaced by U+FFFD."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A page, decoded and parsed once. Treat the tree as read-only."""

    uri: str
    base: str
    """What relative links resolve against."""
    text: str
    """The decoded source of the page."""
    charset: Charset
    root: "HtmlElement"
    captured_at: datetime | None = None
    """The page's «now»: relative dates count from it and later dates are impossible. None for a loose file."""
    hints: Hints = Hints()
    site: "Site | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """Another source's word on a field."""

    rule: str
    value: str
    agrees: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Generic[T]):
    """A value with its evidence."""

    value: T
    raw: str
    """The text of the page that it was read from."""
    rule: str
    """The rule that found it: ``vsb:title``, ``meta:PubDate``, ``metaline:来源``."""
    place: str | None = None
    """XPath of the element in the parsed page."""
    confidence: float = 1.0
    """From 0 to 1: how often such a finding is right, as far as the labelled pages tell."""
    witnesses: tuple[Witness, ...] = ()
    placeholder: bool = False
    """The CMS filled the field in (未知, admin, 佚名): printed, but no news."""
    note: str | None = None
    """What a reader must know: ``year inferred from the URL``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A hyperlink: resolved address and the text that names it."""

    title: str | None
    """None where the text is only a label (上一篇)."""
    href: str | None
    """Absolute URI; None where the page prints the name without a link."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An image of the body."""

    src: str
    alt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that the article offers."""

    title: str | None
    href: str
    type: str | None = None
    """Extension in lower case (``pdf``), from the name or the address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributor:
    """Somebody who had a part in the article."""

    role: str
    """``author``, ``photographer``, ``editor``, ``reviewer``, ``correspondent``, ``translator``, ``source``."""
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedDate:
    """A date as precise as the page prints it."""

    value: str
    """ISO 8601: ``2020``, ``2020-02``, ``2020-02-21``, ``2020-02-21T09:05+08:00``, ``…T09:05:07+08:00``."""
    precision: str
    """``year``, ``month``, ``day``, ``minute`` or ``second``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What the page says of itself, field by field, before normalisation: text as printed.

    A field is None where the page does not have it; ``absent`` says why where there is something to say.
    """

    title: Finding[str] | None = None
    published: Finding[PrintedDate] | None = None
    modified: Finding[PrintedDate] | None = None
    source: Finding[str] | None = None
    author: Finding[str] | None = None
    editor: Finding[str] | None = None
    contributors: Finding[tuple[Contributor, ...]] | None = None
    section: Finding[str] | None = None
    breadcrumb: Finding[tuple[Link, ...]] | None = None
    previous: Finding[Link] | None = None
    next: Finding[Link] | None = None
    related: Finding[tuple[Link, ...]] | None = None
    body: Finding[str] | None = None
    """One line per block or line break, white space collapsed; the empty string for a body without text."""
    images: Finding[tuple[Image, ...]] | None = None
    attachments: Finding[tuple[Attachment, ...]] | None = None
    pages: Finding[tuple[Link, ...]] | None = None
    """The other pages of an article that is split over several, in reading order."""
    layout: str | None = None
    """Name of the layout that the page was recognised as."""
    absent: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One row of a listing."""

    title: str
    href: str
    """Absolute URI."""
    date: str | None = None
    """ISO 8601 day, or None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a listing page says."""

    items: tuple[Item, ...] = ()
    section: str | None = None
    next: str | None = None
    """Absolute URI of the next page; None on the last one."""
    pages: tuple[str, ...] = ()
    """Absolute URIs of all other pages that the pager names."""
    total: int | None = None
    """Number of articles that the listing says it has (共 123 条)."""
    note: str | None = None
    """``pager needs POST`` and the like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a page is, and whether access to it succeeded."""

    kind: PageKind
    outcome: Outcome
    evidence: str
    """The sign that decided, for people: ``div.wp_error_msg: 您当前ip并非校内地址``."""
    target: str | None = None
    """Where a meta refresh or a script sends the reader, absolute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that one capture says."""

    outcome: Outcome
    kind: PageKind | None = None
    """None where the capture holds no page (a file, a failure, a revisit)."""
    evidence: str = ""
    """Why kind and outcome are what they are."""
    target: str | None = None
    """Where the capture sends the reader: a Location header, a meta refresh, a script."""
    links: tuple[Link, ...] = ()
    """Every hyperlink of the page, in order, each address once."""
    feeds: tuple[str, ...] = ()
    """Absolute URIs of feeds that the page names, or of sitemaps that robots.txt does."""
    reservations: tuple[str, ...] = ()
    """What the publisher reserves: ``noarchive``, ``noindex``, ``tdm-reservation``, with where it says so."""
    listing: Listing | None = None
    article: Article | None = None
    record: "Record | None" = None
    charset: Charset | None = None


# ── the dataset ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One repair of a text. Edits of a text are ordered and do not overlap; raw + edits ⇄ text, exactly."""

    start: int
    """First code point of ``old`` in the raw text."""
    end: int
    """One past the last."""
    old: str
    new: str
    kind: str
    """``entity``, ``mojibake``, ``invisible``, ``radical``, ``pua``, ``mark``, ``slip``, ``pinyin``, ``label``…"""
    margin: float | None = None
    """How much better the repair reads than the next best choice, in nats; None where no model was asked."""
    evidence: tuple[str, ...] = ()
    certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """An :class:`Edit` with the name of the record's field that it was made in."""

    field: str
    start: int
    end: int
    old: str
    new: str
    kind: str
    margin: float | None
    certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorSignal:
    """A sign that the page is a copy on a foreign host."""

    kind: str
    """``foreign_host``, ``substituted_name``, ``spam_banner``…"""
    text: str
    """The words or address that show it."""
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """How the ``*_hans`` and ``*_hant`` fields were made."""

    hans: str | None
    """Configuration: ``t2s``; None where nothing was converted."""
    hant: str | None
    """Configuration: ``s2tw``, ``s2hk``, ``s2t``; None unless the archive asks for it."""
    overrides: str
    """Digest of the list of overrides put on top."""
    changed: int
    """Number of characters of title, source, section and body that the conversion to Hans changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A :class:`Finding` as the record keeps it."""

    rule: str
    raw: str
    place: str | None
    confidence: float
    placeholder: bool
    note: str | None
    witnesses: tuple[Witness, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldEvidence:
    """Evidence for each extracted field; None where the page does not have the field."""

    title: Evidence | None = None
    published: Evidence | None = None
    modified: Evidence | None = None
    source: Evidence | None = None
    author: Evidence | None = None
    editor: Evidence | None = None
    contributors: Evidence | None = None
    section: Evidence | None = None
    breadcrumb: Evidence | None = None
    previous: Evidence | None = None
    next: Evidence | None = None
    related: Evidence | None = None
    body: Evidence | None = None
    images: Evidence | None = None
    attachments: Evidence | None = None
    language: Evidence | None = None
    outcome: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Navigation:
    """Where the article stands on its site."""

    breadcrumb: tuple[Link, ...] = ()
    previous: Link | None = None
    next: Link | None = None
    related: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRef:
    """The capture that a record was read from: enough to find its bytes, and to cite it as a URI-M."""

    uri_m: str
    """14-digit UTC timestamp, a slash, the target URI (RFC 7089)."""
    captured_at: str
    """ISO 8601, UTC."""
    status: int | None
    charset: str | None
    warc: str
    offset: int
    length: int
    payload_digest: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extractor:
    """What made a record: the same bytes, extractor, site file and model give the same record."""

    version: str
    """Version of newsspider and of its rules."""
    site_file: str | None
    """SHA-256 of the site file, hexadecimal; None without one."""
    text_model: str | None
    """SHA-256 of the character model of the text repair; None where none was in use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One line of the dataset: a revision of an article, or the tombstone of one."""

    schema: int = 1
    """Number of the record's form; a field never changes its meaning or type under the same number."""
    id: str
    """Site and the CMS's own article id where the URL has one, else site and a digest of the urlkey."""
    kind: str = "revision"
    """``revision`` or ``tombstone``."""
    revision: int = 1
    """1 for the first revision of the article; a tombstone takes the next number too."""
    reason: str | None = None
    """Why this line was written: ``new``, ``edited``, and for a tombstone ``removed``, ``moved``, ``host_gone``."""
    changes: tuple[str, ...] = ()
    """Fields that differ from the previous revision."""
    url: str
    """Target URI, untouched."""
    site: str
    institution: str | None = None
    title: str | None = None
    title_hans: str | None = None
    title_hant: str | None = None
    published: str | None = None
    """ISO 8601, as precise as printed; times carry their offset."""
    published_precision: str | None = None
    """``year``, ``month``, ``day``, ``minute`` or ``second``."""
    modified: str | None = None
    source: str | None = None
    source_hans: str | None = None
    author: str | None = None
    editor: str | None = None
    contributors: tuple[Contributor, ...] = ()
    section: str | None = None
    section_hans: str | None = None
    navigation: Navigation = Navigation()
    body: str | None = None
    """Repaired text in the page's own script, one line per paragraph; empty where the body has no text."""
    body_hans: str | None = None
    body_hant: str | None = None
    language: str | None = None
    """BCP 47: ``zh``, ``en``, ``ko``."""
    script: str | None = None
    """``Hans``, ``Hant``, ``Hant-TW``, ``Hant-HK``, ``Hant-CN-careless``, ``mixed``, ``Hani``; None without Han."""
    conversion: Conversion | None = None
    images: tuple[Image, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    repairs: tuple[Repair, ...] = ()
    mirror: tuple[MirrorSignal, ...] = ()
    evidence: FieldEvidence = FieldEvidence()
    outcome: Outcome | PageKind = Outcome.OK
    """Of the access. A loose page that was reached and is no article has its kind here; it enters no archive."""
    captures: tuple[CaptureRef, ...] = ()
    """The captures read, one for each page of the article; empty for a loose file."""
    text_digest: str | None = None
    """``sha256:`` and hexadecimal digest of title and body as a reader compares them."""
    layout: str | None = None
    extractor: Extractor

    def to_dict(self) -> dict[str, Any]:
        """Return the record as plain values, in the order of the dataset's keys."""
        from pipelines.store.records import to_dict

        plain: dict[str, Any] = to_dict(self)
        return plain

    def to_json(self) -> str:
        """Return the record as one line of JSON, without the line's end."""
        from pipelines.store.records import encode_record

        return encode_record(self)


# ── the catalogue ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which addresses of a site's domains belong to the crawl. Regular expressions, searched in the URI."""

    allow: tuple[str, ...] = ()
    """Where given, a page must match one of these (seeds always may be fetched)."""
    deny: tuple[str, ...] = ()
    """A page that matches one of these is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Politeness:
    """How gently a site is asked."""

    delay: float = 1.0
    """Seconds between two requests to one registrable domain."""
    concurrency: int = 1
    """Requests under way at once."""
    timeout: float = 60.0
    """Seconds until an answer must be complete."""
    quiet_hours: tuple[str, ...] = ()
    """Times of day, in the site's zone, at which it is not asked: ``08:00-18:00``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Exceptions from how connections to the site's own hosts must be secured. The archive records each."""

    verify: bool = True
    """False: take any certificate, also one that has expired or that nobody vouches for."""
    legacy_tls: bool = False
    """True: speak TLS 1.0 and 1.1 too, and the cipher suites of their time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revisit:
    """When a page that is already held is asked for again. Days."""

    listing_days: float = 0.5
    """For the first page of a listing, a home page, a feed."""
    deep_days: float = 180.0
    """For the pages behind it, beyond what the first page calls for."""
    article_days: float = 1.0
    """First interval after an article's publication or edit; the intervals grow while it stays the same."""
    article_max_days: float = 3650.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Which files of an article are fetched."""

    attachments: bool = True
    images: bool = False
    types: tuple[str, ...] = (
        "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "et", "dps", "odt", "ods", "odp",
        "rtf", "txt", "csv", "zip", "rar", "7z",
    )  # fmt: skip
    """Extensions of attachments, lower case."""
    max_mb: float = 50.0
    """Largest file, in units of 10^6 bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One entry of the catalogue: a university news site."""

    id: str
    """Lower-case letters, digits and hyphens; names the folder in the archive."""
    name: str
    seeds: tuple[str, ...]
    """Listing pages, feeds, sitemaps, or just the home page."""
    name_en: str | None = None
    institution: str | None = None
    domains: tuple[str, ...] = ()
    """Hosts that belong to the site (a port is part of it when not the scheme's own)."""
    control: str | None = None
    """A page that must answer before anything is declared gone."""
    timezone: str = "Asia/Shanghai"
    """IANA name; the zone of times that the pages print without one."""
    scope: Scope = Scope()
    politeness: Politeness = Politeness()
    access: Access = Access()
    revisit: Revisit = Revisit()
    files: Files = Files()
    reservations: str = "record"
    """``record`` only notes what a publisher reserves (noarchive, TDM); ``respect`` also makes no record of it."""
    layout: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Selectors that only this site's template needs, by field name; they go before the family's."""
    checked: bool = False
    """True where a person has looked at what the crawl brings."""
    notes: str = ""
    text: str = ""
    """The site file as read; it stands in ``warcinfo``. Filled in by the loader."""
    digest: str | None = None
    """SHA-256 of the site file, hexadecimal. Filled in by the loader."""
