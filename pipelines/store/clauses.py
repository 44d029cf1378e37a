"""The clauses of WARC 1.1 (ISO 28500:2017) that a program can check, each a :class:`Rule`.

``shall`` is the standard's own word for what is required; ``should`` stands for what it recommends, or the IIPC's
community annotations do. WARC 1.0 files are held to the same rules but where 1.0 differs.
"""

import base64
import ipaddress
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pipelines.http import Framing
from pipelines.store.exchange import IDENTICAL, NOT_MODIFIED, PROFILES
from pipelines.store.record import WarcRecord, from_warc_date, unbracket

SHALL, SHOULD = "shall", "should"

WITHOUT_PAYLOAD = {"warcinfo", "metadata"}
NOT_CAPTURED = {"warcinfo", "conversion", "continuation"}
ALL_BUT_REVISIT = {"warcinfo", "response", "metadata", "conversion", "resource", "request", "continuation"}
ALL_BUT_WARCINFO = ALL_BUT_REVISIT - {"warcinfo"} | {"revisit"}
ALL_BUT_CONTINUATION = ALL_BUT_REVISIT - {"continuation"} | {"revisit"}

NOT_ALLOWED_ON: tuple[tuple[str, str, set[str]], ...] = (
    ("5.7", "WARC-Concurrent-To", NOT_CAPTURED),
    ("5.9", "WARC-Payload-Digest", WITHOUT_PAYLOAD),
    ("5.10", "WARC-IP-Address", NOT_CAPTURED),
    ("5.11", "WARC-Refers-To", ALL_BUT_REVISIT - {"metadata", "conversion"}),
    ("5.12", "WARC-Refers-To-Target-URI", ALL_BUT_REVISIT),
    ("5.13", "WARC-Refers-To-Date", ALL_BUT_REVISIT),
    ("5.14", "WARC-Target-URI", {"warcinfo"}),
    ("5.16", "WARC-Warcinfo-ID", {"warcinfo"}),
    ("5.17", "WARC-Filename", ALL_BUT_WARCINFO),
    ("5.18", "WARC-Profile", ALL_BUT_REVISIT),
    ("5.19", "WARC-Identified-Payload-Type", WITHOUT_PAYLOAD),
    ("5.21", "WARC-Segment-Origin-ID", ALL_BUT_CONTINUATION),
    ("5.22", "WARC-Segment-Total-Length", ALL_BUT_CONTINUATION),
    ("WARC-Protocol", "WARC-Protocol", NOT_CAPTURED),
    ("WARC-Cipher-Suite", "WARC-Cipher-Suite", NOT_CAPTURED),
)
"""Clause, field, and the record types that shall not have it. The last two are adopted extensions of the IIPC."""
MANDATORY: tuple[tuple[str, str, set[str] | None], ...] = (
    ("5.2", "WARC-Record-ID", None),
    ("5.4", "WARC-Date", None),
    ("5.5", "WARC-Type", None),
    ("5.14", "WARC-Target-URI", {"response", "resource", "request", "revisit", "conversion", "continuation"}),
    ("5.18", "WARC-Profile", {"revisit"}),
    ("5.20", "WARC-Segment-Number", {"continuation"}),
    ("5.21", "WARC-Segment-Origin-ID", {"continuation"}),
)
"""Clause, field, and the record types that shall have it; None: all."""
REPEATABLE = {"warc-concurrent-to", "warc-protocol"}
IDS = {
    "5.2": "WARC-Record-ID",
    "5.7": "WARC-Concurrent-To",
    "5.11": "WARC-Refers-To",
    "5.16": "WARC-Warcinfo-ID",
    "5.21": "WARC-Segment-Origin-ID",
}
"""Fields whose value is a URI in angle brackets (in 1.0, with or without)."""

NAME = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
FIELD = re.compile(rf"{NAME}:.*")
ID = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>]+>")
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[\x21-\x7e]*")
NOT_IN_URI = re.compile(r"[<>\"{}|\\^`]")
"""Printable characters that RFC 3986 §2 has no place for."""
MEDIA_TYPE = re.compile(rf"{NAME}/{NAME}(?:[ \t]*;[ \t]*{NAME}=(?:{NAME}|\"(?:[^\"\\]|\\.)*\"))*")
DATE_10 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
DATE_11 = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?Z)?)?)?")
DIGEST = re.compile(rf"({NAME}):([^\s]+)")
TRUNCATIONS = {"length", "time", "disconnect", "unspecified"}
PROTOCOLS = re.compile(
    r"dns|ftp|gemini|gopher|http/(?:0\.9|1\.0|1\.1)|h2c?|h3|quic/[12]|spdy/[123]|ssl/[23]|tls/1\.[0-3]"
)
REQUEST_LINE = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+ \S+(?: HTTP/\d(?:\.\d)?)?\r?\n")


@dataclass(slots=True, kw_only=True)
class Look:
    """One record as the rules see it, with what they must know of its bytes and of the records before."""

    record: WarcRecord
    name: str
    """Of the file."""
    first: bool
    dates: dict[str, str]
    """WARC-Date of the records before, by id."""
    framing: Framing | None = None
    """Of the block, where it should be an HTTP response."""
    digests: dict[str, str] = field(default_factory=dict)
    """What each digest field should be (hexadecimal, without label), where that can be computed."""
    undecoded: str | None = None
    """What the payload digest would be with the chunks left in."""
    unknown: tuple[str, ...] = ()
    """The digest fields whose algorithm is not known here."""

    @property
    def kind(self) -> str:
        """WARC-Type."""
        return self.record.kind

    @property
    def version(self) -> str:
        """``1.0`` or ``1.1``."""
        return self.record.head.partition(b"\n")[0].strip().decode("latin-1").removeprefix("WARC/")

    @property
    def is_http(self) -> bool:
        """Whether the block is a message of HTTP, or should be."""
        uri = unbracket(self.record.field("WARC-Target-URI") or "").lower()
        media_type = (self.record.field("Content-Type") or "application/http").lower()
        return uri.startswith(("http:", "https:")) and media_type.startswith("application/http")

    def every(self, *names: str) -> Iterator[tuple[str, str]]:
        """Yield name and value of all fields of these names."""
        for name in names:
            for value in self.record.every(name):
                yield name, value


Check = Callable[[Look], Iterator[str]]
"""Yields what is wrong, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that the standard asks of every record."""

    clause: str
    """Of WARC 1.1, or the name of an IIPC extension."""
    level: str
    """``shall`` or ``should``."""
    text: str
    check: Check


def is_same_digest(written: str, computed: str) -> bool:
    """Compare a labelled digest in Base16, Base32 or Base64 with a hexadecimal value (§5.8, notes).

    >>> is_same_digest("sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", "da39a3ee5e6b4b0d3255bfef95601890afd80709")
    True
    """
    expected = bytes.fromhex(computed)
    spellings = {base64.b32encode(expected).rstrip(b"=").lower(), computed.encode()}
    exact = {base64.b64encode(expected).rstrip(b"="), base64.urlsafe_b64encode(expected).rstrip(b"=")}
    value = written.partition(":")[2].encode("utf-8", "replace").rstrip(b"=")
    return value.lower() in spellings or value in exact


def _version(look: Look) -> Iterator[str]:
    line = look.record.head.partition(b"\n")[0].rstrip(b"\r")
    if line not in (b"WARC/1.0", b"WARC/1.1"):
        yield f"the version line is {line[:40]!r}"


def _line_ends(look: Look) -> Iterator[str]:
    if look.record.head.count(b"\n") != look.record.head.count(b"\r\n"):
        yield "a header line does not end with CRLF"


def _two_newlines(look: Look) -> Iterator[str]:
    if look.record.tail != b"\r\n\r\n":
        yield f"{look.record.tail!r} follows the block instead of two line ends: is Content-Length right?"


def _utf8(look: Look) -> Iterator[str]:
    try:
        look.record.head.decode("utf-8")
    except UnicodeDecodeError as error:
        yield f"the header is not UTF-8: {error.reason} at byte {error.start}"


def _lines(look: Look) -> list[str]:
    return look.record.head.decode("utf-8", "replace").replace("\r\n", "\n").rstrip("\n").split("\n")[1:]


def _named_fields(look: Look) -> Iterator[str]:
    for line in _lines(look):
        if line[:1] not in (" ", "\t") and not FIELD.fullmatch(line):
            yield f"not a named field: {line[:60]!r}"


def _folding(look: Look) -> Iterator[str]:
    if any(line[:1] in (" ", "\t") for line in _lines(look)):
        yield "a field is folded over several lines, which many readers do not understand"


def _repetition(look: Look) -> Iterator[str]:
    names = [name.lower() for name, _ in look.record.fields]
    for name in sorted({name for name in names if names.count(name) > 1} - REPEATABLE):
        if name.startswith("warc-") or name in ("content-type", "content-length"):
            yield f"{name} stands more than once"


def _mandatory(look: Look) -> Iterator[tuple[str, str]]:
    for clause, name, kinds in MANDATORY:
        if (kinds is None or look.kind in kinds) and not look.record.field(name):
            yield clause, f"{name} is missing"


def _not_allowed(look: Look) -> Iterator[tuple[str, str]]:
    for clause, name, kinds in NOT_ALLOWED_ON:
        if look.kind in kinds and look.record.field(name) is not None:
            yield clause, f"{name} is not allowed on a {look.kind} record"


def _of(table: Callable[[Look], Iterator[tuple[str, str]]], clause: str) -> Check:
    """Return the part of a tabled check that belongs to one clause."""

    def check(look: Look) -> Iterator[str]:
        yield from (message for found, message in table(look) if found == clause)

    return check


def _id_syntax(clause: str) -> Check:
    def check(look: Look) -> Iterator[str]:
        for name, value in look.every(IDS[clause]):
            bracketed = value if look.version == "1.1" else f"<{unbracket(value)}>"
            if not ID.fullmatch(bracketed):
                yield f"{name} is not a URI in angle brackets: {value[:80]!r}"

    return check


def _unique_id(look: Look) -> Iterator[str]:
    if look.record.id and look.record.id in look.dates:
        yield "another record of this file has the same WARC-Record-ID"


def _dates(*names: str) -> Check:
    def check(look: Look) -> Iterator[str]:
        pattern = DATE_11 if look.version == "1.1" else DATE_10
        for name, value in look.every(*names):
            if not pattern.fullmatch(value) or not _is_date(value):
                yield f"{name} is not a UTC time as WARC {look.version} has it: {value[:40]!r}"

    return check


def _is_date(value: str) -> bool:
    try:
        from_warc_date(value)
    except ValueError:
        return False
    return True


def _same_date(look: Look) -> Iterator[str]:
    for _, value in look.every("WARC-Concurrent-To"):
        date = look.dates.get(unbracket(value))
        if date is not None and date != look.record.field("WARC-Date"):
            yield f"WARC-Date differs from that of {value}, which belongs to the same capture event"


def _content_type(look: Look) -> Iterator[str]:
    if len(look.record.block) > 0 and look.kind != "continuation" and not look.record.field("Content-Type"):
        yield "Content-Type is missing"


def _media_types(*names: str) -> Check:
    def check(look: Look) -> Iterator[str]:
        for name, value in look.every(*names):
            if not MEDIA_TYPE.fullmatch(value):
                yield f"{name} is not a media type: {value[:80]!r}"

    return check


def _digest_syntax(name: str) -> Check:
    def check(look: Look) -> Iterator[str]:
        for _, value in look.every(name):
            if not DIGEST.fullmatch(value):
                yield f"{name} is not a labelled digest: {value[:80]!r}"

    return check


def _digest_known(look: Look) -> Iterator[str]:
    for name in look.unknown:
        yield f"{name} cannot be checked: its algorithm is not known here"


def _digest_right(name: str) -> Check:
    def check(look: Look) -> Iterator[str]:
        written, computed = look.record.field(name) or "", look.digests.get(name)
        if computed is None or is_same_digest(written, computed):
            return
        if look.undecoded and name == "WARC-Payload-Digest" and is_same_digest(written, look.undecoded):
            yield f"{name} is that of the body with its chunks: the transfer coding must be removed first"
        else:
            yield f"{name} is {written}, and the bytes give {computed} in Base16"

    return check


def _address(look: Look) -> Iterator[str]:
    for name, value in look.every("WARC-IP-Address"):
        try:
            ipaddress.ip_address(value)
        except ValueError:
            yield f"{name} is not a numeric address: {value[:60]!r}"


def _uris(*names: str) -> Check:
    def check(look: Look) -> Iterator[str]:
        for name, value in look.every(*names):
            if value.startswith("<"):
                yield f"{name} stands in angle brackets, which are only for record ids"
            elif not URI.fullmatch(value) or NOT_IN_URI.search(value):
                yield f"{name} is not a URI as RFC 3986 has it: {value[:80]!r}"

    return check


def _truncation(look: Look) -> Iterator[str]:
    for name, value in look.every("WARC-Truncated"):
        if value not in TRUNCATIONS:
            yield f"{name} gives a reason that the standard does not know: {value[:40]!r}"


def _file_name(look: Look) -> Iterator[str]:
    for name, value in look.every("WARC-Filename"):
        if value.strip('"') != look.name.removesuffix(".open"):
            yield f"{name} is {value}, and the file is called {look.name}"


def _numbers(*names: str) -> Check:
    def check(look: Look) -> Iterator[str]:
        for name, value in look.every(*names):
            if not (value.isascii() and value.isdigit()):
                yield f"{name} is not a number: {value[:40]!r}"

    return check


def _segments(look: Look) -> Iterator[str]:
    for name, value in look.every("WARC-Segment-Number"):
        if value.isdigit() and (int(value) < 2 if look.kind == "continuation" else int(value) != 1):
            yield f"{name} is {value} on a {look.kind} record"


def _begins_with_warcinfo(look: Look) -> Iterator[str]:
    if look.first and look.kind != "warcinfo":
        yield "the file does not begin with a warcinfo record"


def _warc_fields(look: Look) -> Iterator[str]:
    media_type = (look.record.field("Content-Type") or "").partition(";")[0].strip().lower()
    if look.kind in WITHOUT_PAYLOAD and media_type == "application/warc-fields":
        for line in bytes(look.record.block).decode("utf-8", "replace").splitlines():
            if line and line[0] not in " \t" and not FIELD.fullmatch(line):
                yield f"not a field of application/warc-fields: {line[:60]!r}"
                return


def _fields_type(look: Look) -> Iterator[str]:
    media_type = look.record.field("Content-Type") or ""
    if look.kind in WITHOUT_PAYLOAD and media_type and not media_type.startswith("application/warc-fields"):
        yield f"a {look.kind} record has the type {media_type}"


def _http_type(kind: str) -> Check:
    def check(look: Look) -> Iterator[str]:
        value = (look.record.field("Content-Type") or "").replace(" ", "").lower()
        if look.kind == kind and look.is_http and value != f"application/http;msgtype={kind}":
            yield f"Content-Type is {value or 'missing'}"

    return check


def _http_address(kind: str) -> Check:
    def check(look: Look) -> Iterator[str]:
        if look.kind == kind and look.is_http and not look.record.field("WARC-IP-Address"):
            yield "WARC-IP-Address is missing (right only where a proxy made the connection)"

    return check


def _http_response(look: Look) -> Iterator[str]:
    if look.framing is not None and look.framing.head is None:
        yield f"the block is not an HTTP response: {look.framing.fault}"


def _whole_response(look: Look) -> Iterator[str]:
    framing = look.framing
    if framing is None or framing.head is None or look.record.field("WARC-Segment-Number"):
        return
    if framing.unchunked:
        yield "the header section says chunked, and the chunks are not there: the block is not what was received"
    elif framing.fault and not look.record.field("WARC-Truncated"):
        yield f"the response is not whole, and WARC-Truncated does not say so: {framing.fault}"


def _http_request(look: Look) -> Iterator[str]:
    if look.kind == "request" and look.is_http and not REQUEST_LINE.match(bytes(look.record.block[:65536])):
        yield "the block is not an HTTP request"


def _profile(look: Look) -> str:
    return (look.record.field("WARC-Profile") or "").rpartition("/")[2] if look.kind == "revisit" else ""


def _known_profile(look: Look) -> Iterator[str]:
    if _profile(look) and _profile(look) not in PROFILES:
        yield f"WARC-Profile is none that the standard defines: {look.record.field('WARC-Profile')}"


def _identical_digest(look: Look) -> Iterator[str]:
    if _profile(look) == IDENTICAL and not look.record.field("WARC-Payload-Digest"):
        yield "WARC-Payload-Digest is missing"


def _identical_truncated(look: Look) -> Iterator[str]:
    said = look.record.field("WARC-Truncated") == "length"
    if _profile(look) == IDENTICAL and len(look.record.block) > 0 and not said:
        yield "the body is left out, and WARC-Truncated does not say length"


def _refers(profile: str) -> Check:
    def check(look: Look) -> Iterator[str]:
        for name in ("WARC-Refers-To-Target-URI", "WARC-Refers-To-Date"):
            if _profile(look) == profile and not look.record.field(name):
                yield f"{name} is missing, without which the original cannot be found for replay"

    return check


def _alone(look: Look) -> Iterator[str]:
    if not look.record.alone:
        yield "the record shares its gzip member with others, so that it cannot be reached by its offset"


def _protocols(look: Look) -> Iterator[str]:
    for name, value in look.every("WARC-Protocol"):
        if not PROTOCOLS.fullmatch(value):
            yield f"{name} is none of the list: {value[:40]!r}"


def _rule(clause: str, level: str, text: str, check: Check) -> Rule:
    return Rule(clause=clause, level=level, text=text, check=check)


RULES: tuple[Rule, ...] = (
    _rule("4", SHALL, "a record begins with its version", _version),
    _rule("4", SHALL, "header lines end with CRLF", _line_ends),
    _rule("4", SHALL, "two line ends follow the block", _two_newlines),
    _rule("4", SHALL, "the header is UTF-8", _utf8),
    _rule("4", SHALL, "a header consists of named fields", _named_fields),
    _rule("4", SHOULD, "fields are not folded (IIPC recommendation #74)", _folding),
    _rule("4", SHALL, "application/warc-fields consists of fields", _warc_fields),
    _rule("5.1", SHALL, "fields are not repeated", _repetition),
    *(
        _rule(clause, SHALL, f"{name} stands where it must", _of(_mandatory, clause))
        for clause, name, _ in MANDATORY
    ),
    *(
        _rule(clause, SHALL, f"{name} stands nowhere else", _of(_not_allowed, clause))
        for clause, name, _ in NOT_ALLOWED_ON
    ),
    *(
        _rule(clause, SHALL, f"{name} is a URI in angle brackets", _id_syntax(clause))
        for clause, name in IDS.items()
    ),
    _rule("5.2", SHALL, "record ids are unique", _unique_id),
    _rule("5.4", SHALL, "WARC-Date is a UTC time of the W3C profile", _dates("WARC-Date")),
    _rule("5.4", SHALL, "the records of one capture event have one date", _same_date),
    _rule("5.5", SHOULD, "a file begins with warcinfo", _begins_with_warcinfo),
    _rule("5.6", SHOULD, "a block has a Content-Type", _content_type),
    _rule("5.6", SHALL, "Content-Type is a media type", _media_types("Content-Type")),
    _rule("5.8", SHALL, "WARC-Block-Digest is a labelled digest", _digest_syntax("WARC-Block-Digest")),
    _rule("5.8", SHALL, "WARC-Block-Digest is that of the block", _digest_right("WARC-Block-Digest")),
    _rule("5.8", SHOULD, "digests can be checked", _digest_known),
    _rule("5.9", SHALL, "WARC-Payload-Digest is a labelled digest", _digest_syntax("WARC-Payload-Digest")),
    _rule("5.9", SHALL, "WARC-Payload-Digest is that of the payload", _digest_right("WARC-Payload-Digest")),
    _rule("5.10", SHALL, "WARC-IP-Address is a numeric address", _address),
    _rule("5.12", SHALL, "WARC-Refers-To-Target-URI is a URI", _uris("WARC-Refers-To-Target-URI")),
    _rule("5.13", SHALL, "WARC-Refers-To-Date is a UTC time", _dates("WARC-Refers-To-Date")),
    _rule("5.14", SHALL, "WARC-Target-URI is a URI", _uris("WARC-Target-URI")),
    _rule("5.15", SHOULD, "WARC-Truncated gives one of four reasons", _truncation),
    _rule("5.17", SHOULD, "WARC-Filename is the name of the file", _file_name),
    _rule("5.19", SHALL, "the identified type is a media type", _media_types("WARC-Identified-Payload-Type")),
    _rule("5.20", SHALL, "WARC-Segment-Number is a number", _numbers("WARC-Segment-Number")),
    _rule("5.22", SHALL, "WARC-Segment-Total-Length is a number", _numbers("WARC-Segment-Total-Length")),
    _rule("6.3.2", SHOULD, "a response has the type application/http;msgtype=response", _http_type("response")),
    _rule("6.3.2", SHOULD, "a response has the address it came from", _http_address("response")),
    _rule("6.3.2", SHOULD, "a response record holds an HTTP response", _http_response),
    _rule("6.3.2", SHALL, "a response that is not whole says so", _whole_response),
    _rule("6.5.2", SHOULD, "a request has the type application/http;msgtype=request", _http_type("request")),
    _rule("6.5.2", SHOULD, "a request has the address it went to", _http_address("request")),
    _rule("6.5.2", SHOULD, "a request record holds an HTTP request", _http_request),
    _rule("6.7.1", SHOULD, "the profile of a revisit is one of the standard", _known_profile),
    _rule("6.7.2", SHALL, "a revisit with identical payload has its digest", _identical_digest),
    _rule("6.7.2", SHALL, "a revisit with identical payload says that it is cut", _identical_truncated),
    _rule("6.7.2", SHOULD, "a revisit with identical payload names its original", _refers(IDENTICAL)),
    _rule("6.7.3", SHOULD, "a server-not-modified revisit names its original", _refers(NOT_MODIFIED)),
    _rule("7", SHALL, "segments are numbered from 1", _segments),
    _rule("8", SHOULD, "warcinfo and metadata have the type application/warc-fields", _fields_type),
    _rule("Annex D.2", SHOULD, "each record is compressed by itself", _alone),
    _rule("WARC-Protocol", SHALL, "WARC-Protocol is one of the list", _protocols),
)
