"""Every rule is broken once, and caught; what we write breaks none."""

import gzip
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.store.clauses import IDS, MANDATORY, NOT_ALLOWED_ON, RULES, SHALL, SHOULD
from pipelines.store.conformance import check_warc
from tests.pipelines.store.samples import CHUNKED, PLAIN, write_samples

DATE = b"WARC-Date: 2024-03-05T01:02:03Z\r\n"
URI = b"WARC-Target-URI: http://a.edu/1\r\n"
IP = b"WARC-IP-Address: 1.2.3.4\r\n"
HTTP = b"Content-Type: application/http;msgtype="
FIELDS = b"Content-Type: application/warc-fields\r\n"
PROFILE = b"WARC-Profile: http://netpreserve.org/warc/1.1/revisit/"


def make(kind: bytes, fields: bytes, block: bytes, *, number: int = 1, version: bytes = b"1.1") -> bytes:
    """Return a record of that type, with type, id, date and length."""
    head = b"WARC/" + version + b"\r\nWARC-Type: " + kind + b"\r\nWARC-Record-ID: <urn:x:%d>\r\n" % number
    return head + DATE + fields + b"Content-Length: %d\r\n\r\n" % len(block) + block + b"\r\n\r\n"


WARCINFO = make(b"warcinfo", FIELDS, b"software: x\r\n")
REQUEST = make(b"request", URI + IP + HTTP + b"request\r\n", b"GET /1 HTTP/1.1\r\nHost: a.edu\r\n\r\n", number=2)
RESPONSE = make(b"response", URI + IP + HTTP + b"response\r\n", PLAIN, number=3)
METADATA = make(b"metadata", URI + FIELDS, b"via: http://a.edu/\r\n", number=4)
REFERS = b"WARC-Refers-To-Target-URI: http://a.edu/1\r\nWARC-Refers-To-Date: 2024-03-05T01:02:03Z\r\n"
HEAD = b"HTTP/1.1 200 OK\r\n\r\n"
IDENTICAL = make(
    b"revisit",
    URI + HTTP + b"response\r\n" + PROFILE + b"identical-payload-digest\r\n" + REFERS
    + b"WARC-Truncated: length\r\nWARC-Payload-Digest: sha1:3EF4GH5IJ6KL7MN8OPQAB2CD\r\n",
    HEAD,
    number=5,
)  # fmt: skip
UNMODIFIED = make(
    b"revisit", URI + HTTP + b"response\r\n" + PROFILE + b"server-not-modified\r\n" + REFERS, HEAD, number=6
)
RESOURCE = make(b"resource", URI + b"Content-Type: text/plain\r\n", b"text", number=7)
CONVERSION = make(
    b"conversion", URI + b"Content-Type: text/plain\r\nWARC-Refers-To: <urn:x:7>\r\n", b"txt", number=8
)
CONTINUATION = make(
    b"continuation", URI + b"WARC-Segment-Number: 2\r\nWARC-Segment-Origin-ID: <urn:x:3>\r\n", b"more", number=9
)
GOOD = {
    "warcinfo": WARCINFO, "request": REQUEST, "response": RESPONSE, "metadata": METADATA, "identical": IDENTICAL,
    "unmodified": UNMODIFIED, "resource": RESOURCE, "conversion": CONVERSION, "continuation": CONTINUATION,
}  # fmt: skip


def check(
    path: Path, records: list[bytes], pack: Callable[[bytes], bytes] = gzip.compress
) -> list[tuple[str, str]]:
    """Write the records, and return clause and message of each problem."""
    path.write_bytes(b"".join(map(pack, records)))
    return [(problem.clause, problem.message) for problem in check_warc(path)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "test.warc.gz"


@pytest.mark.parametrize("pack", [gzip.compress, bytes], ids=["gzip", "plain"])
def test_nothing_is_wrong_with_good_records(path: Path, pack: Callable[[bytes], bytes]) -> None:
    assert check(path, list(GOOD.values()), pack) == []


def test_nothing_is_wrong_with_good_records_of_1_0(path: Path) -> None:
    records = [record.replace(b"WARC/1.1", b"WARC/1.0") for record in GOOD.values()]
    assert check(path, [record.replace(b"<urn:x:9>", b"urn:x:9") for record in records]) == []


def test_what_we_write_breaks_no_rule(path: Path) -> None:
    write_samples(path)
    problems = list(check_warc(path))
    assert [problem for problem in problems if problem.level == SHALL] == []
    assert {(problem.clause, problem.message.split(" (")[0]) for problem in problems} == {
        ("6.3.2", "WARC-IP-Address is missing"),  # the exchange through a proxy
        ("6.5.2", "WARC-IP-Address is missing"),
    }


def add(line: bytes) -> Callable[[bytes], bytes]:
    return lambda record: record.replace(DATE, DATE + line + b"\r\n", 1)


def put(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(record: bytes) -> bytes:
        assert old in record
        return record.replace(old, new)

    return change


SHA1 = b"sha1:" + hashlib.sha1(PLAIN).hexdigest().encode()
BAD: list[tuple[str, str, Callable[[bytes], bytes], str, str]] = [
    ("4", "response", put(b"WARC/1.1", b"WARC/2.0"), SHALL, "the version line is b'WARC/2.0'"),
    ("4", "response", put(b"WARC/1.1\r\n", b"WARC/1.1\n"), SHALL, "a header line does not end with CRLF"),
    ("4", "response", lambda r: r[:-2], SHALL, "follows the block instead of two line ends"),
    ("4", "response", add(b"X: \xff"), SHALL, "the header is not UTF-8"),
    ("4", "response", add(b"no colon"), SHALL, "not a named field: 'no colon'"),
    ("4", "response", add(b"bad name: x"), SHALL, "not a named field: 'bad name: x'"),
    ("4", "response", add(b"X: a\r\n b"), SHOULD, "folded over several lines"),
    (
        "4",
        "metadata",
        put(b"via: http://a.edu/", b"http//a.edu no co"),
        SHALL,
        "not a field of application/warc-fields",
    ),
    ("5.1", "response", add(DATE.strip()), SHALL, "warc-date stands more than once"),
    ("5.1", "response", add(b"content-type: application/http;msgtype=response"), SHALL, "content-type stands more"),
    ("5.2", "response", put(b"WARC-Record-ID: <urn:x:3>\r\n", b""), SHALL, "WARC-Record-ID is missing"),
    ("5.2", "response", put(b"<urn:x:3>", b"urn:x:3"), SHALL, "WARC-Record-ID is not a URI in angle brackets"),
    ("5.2", "response", put(b"<urn:x:3>", b"<urn:x: 3>"), SHALL, "WARC-Record-ID is not a URI in angle brackets"),
    ("5.2", "response", put(b"<urn:x:3>", b"<no-scheme>"), SHALL, "WARC-Record-ID is not a URI in angle brackets"),
    ("5.2", "response", put(b"<urn:x:3>", b"<urn:x:1>"), SHALL, "another record of this file has the same"),
    ("5.4", "response", put(DATE, b""), SHALL, "WARC-Date is missing"),
    ("5.4", "response", put(b"03Z", b"03"), SHALL, "WARC-Date is not a UTC time as WARC 1.1 has it"),
    ("5.4", "response", put(b"03Z", b"03+08:00"), SHALL, "WARC-Date is not a UTC time"),
    ("5.4", "response", put(b"03-05T", b"02-30T"), SHALL, "WARC-Date is not a UTC time"),
    ("5.4", "response", put(b"03Z", b"03.1234567890Z"), SHALL, "WARC-Date is not a UTC time"),
    (
        "5.4",
        "request",
        lambda r: put(b"03Z", b"04Z")(add(b"WARC-Concurrent-To: <urn:x:1>")(r)),
        SHALL,
        "differs from that of",
    ),
    ("5.5", "response", put(b"WARC-Type: response\r\n", b""), SHALL, "WARC-Type is missing"),
    ("5.6", "resource", put(b"Content-Type: text/plain\r\n", b""), SHOULD, "Content-Type is missing"),
    ("5.6", "resource", put(b"text/plain", b"text"), SHALL, "Content-Type is not a media type: 'text'"),
    ("5.7", "response", add(b"WARC-Concurrent-To: urn:x:2"), SHALL, "WARC-Concurrent-To is not a URI in angle"),
    ("5.8", "response", add(b"WARC-Block-Digest: abc"), SHALL, "WARC-Block-Digest is not a labelled digest"),
    ("5.8", "response", add(b"WARC-Block-Digest: sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"), SHALL, "the bytes give"),
    ("5.8", "response", add(b"WARC-Block-Digest: nohash:00"), SHOULD, "its algorithm is not known here"),
    ("5.9", "response", add(b"WARC-Payload-Digest: abc"), SHALL, "WARC-Payload-Digest is not a labelled digest"),
    ("5.9", "response", add(b"WARC-Payload-Digest: md5:d41d8cd98f00b204e9800998ecf8427e"), SHALL, "the bytes give"),
    ("5.9", "resource", add(b"WARC-Payload-Digest: md5:d41d8cd98f00b204e9800998ecf8427e"), SHALL, "the bytes give"),
    ("5.10", "response", put(b"1.2.3.4", b"a.edu"), SHALL, "WARC-IP-Address is not a numeric address"),
    ("5.11", "conversion", put(b"<urn:x:7>", b"urn:x:7"), SHALL, "WARC-Refers-To is not a URI in angle"),
    (
        "5.12",
        "unmodified",
        put(b"To-Target-URI: http://a.edu/1", b"To-Target-URI: a b"),
        SHALL,
        "is not a URI as RFC 3986",
    ),
    ("5.13", "unmodified", put(b"To-Date: 2024", b"To-Date: 24"), SHALL, "WARC-Refers-To-Date is not a UTC time"),
    ("5.14", "response", put(URI, b""), SHALL, "WARC-Target-URI is missing"),
    ("5.14", "response", put(b"http://a.edu/1", b"<http://a.edu/1>"), SHALL, "stands in angle brackets"),
    ("5.14", "response", put(b"http://a.edu/1", b"http://a.edu/a b"), SHALL, "is not a URI as RFC 3986 has it"),
    ("5.14", "response", put(b"http://a.edu/1", b"http://a.edu/{1}"), SHALL, "is not a URI as RFC 3986 has it"),
    (
        "5.14",
        "response",
        put(b"http://a.edu/1", "http://a.edu/新".encode()),
        SHALL,
        "is not a URI as RFC 3986 has it",
    ),
    ("5.15", "response", add(b"WARC-Truncated: maybe"), SHOULD, "a reason that the standard does not know"),
    ("5.16", "response", add(b"WARC-Warcinfo-ID: urn:x:1"), SHALL, "WARC-Warcinfo-ID is not a URI in angle"),
    ("5.17", "warcinfo", add(b"WARC-Filename: other.warc.gz"), SHOULD, "and the file is called test.warc.gz"),
    ("5.18", "unmodified", put(PROFILE + b"server-not-modified\r\n", b""), SHALL, "WARC-Profile is missing"),
    ("5.19", "response", add(b"WARC-Identified-Payload-Type: html"), SHALL, "is not a media type"),
    ("5.20", "continuation", put(b"WARC-Segment-Number: 2\r\n", b""), SHALL, "WARC-Segment-Number is missing"),
    ("5.20", "continuation", put(b"Number: 2", b"Number: two"), SHALL, "WARC-Segment-Number is not a number"),
    (
        "5.21",
        "continuation",
        put(b"WARC-Segment-Origin-ID: <urn:x:3>\r\n", b""),
        SHALL,
        "WARC-Segment-Origin-ID is missing",
    ),
    ("5.21", "continuation", put(b"<urn:x:3>", b"urn:x:3"), SHALL, "WARC-Segment-Origin-ID is not a URI in angle"),
    (
        "5.22",
        "continuation",
        add(b"WARC-Segment-Total-Length: -1"),
        SHALL,
        "WARC-Segment-Total-Length is not a number",
    ),
    (
        "6.3.2",
        "response",
        put(b"msgtype=response", b"msgtype=reply"),
        SHOULD,
        "Content-Type is application/http;msgtype=reply",
    ),
    ("6.3.2", "response", put(IP, b""), SHOULD, "WARC-IP-Address is missing"),
    ("6.3.2", "response", put(b"HTTP/1.1 200", b"ICYY/1.1 200"), SHOULD, "the block is not an HTTP response"),
    (
        "6.3.2",
        "response",
        put(b"\nContent-Length: 47", b"\nContent-Length: 99"),
        SHALL,
        "WARC-Truncated does not say so",
    ),
    (
        "6.3.2",
        "response",
        put(b"\nContent-Length: 47", b"\nTransfer-Encoding: chunked"),
        SHALL,
        "the chunks are not there",
    ),
    (
        "6.5.2",
        "request",
        put(b"msgtype=request", b"msgtype=ask"),
        SHOULD,
        "Content-Type is application/http;msgtype=ask",
    ),
    ("6.5.2", "request", put(IP, b""), SHOULD, "WARC-IP-Address is missing"),
    ("6.5.2", "request", put(b"GET /1", b"GET:/1"), SHOULD, "the block is not an HTTP request"),
    (
        "6.7.1",
        "unmodified",
        put(b"server-not-modified", b"guess"),
        SHOULD,
        "WARC-Profile is none that the standard",
    ),
    (
        "6.7.2",
        "identical",
        put(b"WARC-Payload-Digest", b"X-Payload-Digest"),
        SHALL,
        "WARC-Payload-Digest is missing",
    ),
    ("6.7.2", "identical", put(b"WARC-Truncated: length\r\n", b""), SHALL, "WARC-Truncated does not say length"),
    ("6.7.2", "identical", put(b"WARC-Refers-To-Date", b"X-Date"), SHOULD, "WARC-Refers-To-Date is missing"),
    (
        "6.7.3",
        "unmodified",
        put(b"WARC-Refers-To-Target-URI", b"X"),
        SHOULD,
        "WARC-Refers-To-Target-URI is missing",
    ),
    ("7", "continuation", put(b"Number: 2", b"Number: 1"), SHALL, "WARC-Segment-Number is 1 on a continuation"),
    ("7", "response", add(b"WARC-Segment-Number: 2"), SHALL, "WARC-Segment-Number is 2 on a response"),
    (
        "8",
        "metadata",
        put(b"application/warc-fields", b"text/anvl"),
        SHOULD,
        "a metadata record has the type text/anvl",
    ),
    (
        "WARC-Protocol",
        "response",
        add(b"WARC-Protocol: https"),
        SHALL,
        "WARC-Protocol is none of the list: 'https'",
    ),
]


def relength(record: bytes) -> bytes:
    """Correct Content-Length where the block has changed."""
    head, blank, rest = record.partition(b"\r\n\r\n")
    before, name, _ = head.rpartition(b"Content-Length: ")
    return before + name + b"%d" % (len(rest) - 4) + blank + rest if rest.endswith(b"\r\n\r\n") else record


@pytest.mark.parametrize(
    ("clause", "kind", "change", "level", "words"), BAD, ids=[f"{c}-{k}-{w[:30]}" for c, k, _, _, w in BAD]
)
def test_each_rule_is_caught(
    path: Path, clause: str, kind: str, change: Callable[[bytes], bytes], level: str, words: str
) -> None:
    records = [relength(change(record)) if name == kind else record for name, record in GOOD.items()]
    path.write_bytes(b"".join(map(gzip.compress, records)))
    problems = list(check_warc(path))
    assert [(p.clause, p.level) for p in problems if words in p.message] == [(clause, level)], problems


@pytest.mark.parametrize(
    ("clause", "name", "kind"), [(c, name, kind) for c, name, kinds in NOT_ALLOWED_ON for kind in sorted(kinds)]
)
def test_each_field_is_caught_where_it_is_not_allowed(path: Path, clause: str, name: str, kind: str) -> None:
    record = add(f"{name}: <http://a.edu/1>".encode())(GOOD["identical" if kind == "revisit" else kind])
    assert (clause, f"{name} is not allowed on a {kind} record") in check(path, [WARCINFO, record])


def test_every_rule_has_been_broken() -> None:
    tried = {(clause, level) for clause, _, _, level, _ in BAD}
    tried |= {(clause, SHALL) for clause, _, _ in NOT_ALLOWED_ON}
    elsewhere = {("5.5", SHOULD), ("Annex D.2", SHOULD)}
    assert {(rule.clause, rule.level) for rule in RULES} == tried | elsewhere
    assert len(BAD) >= len(RULES) - len(NOT_ALLOWED_ON) - len(elsewhere)
    assert {clause for clause, _, _ in MANDATORY} | set(IDS) <= {clause for clause, _ in tried}


def test_a_file_should_begin_with_warcinfo_and_be_compressed_by_record(path: Path) -> None:
    path.write_bytes(gzip.compress(REQUEST + RESPONSE))
    problems = [(p.clause, p.level, p.offset) for p in check_warc(path)]
    assert problems == [("5.5", SHOULD, 0), ("Annex D.2", SHOULD, 0), ("Annex D.2", SHOULD, 0)]


def test_an_empty_file_is_none(path: Path) -> None:
    assert check(path, []) == [("4", "the file is empty: it has no record")]


def test_a_name_should_tell_what_it_is(tmp_path: Path) -> None:
    assert check(tmp_path / "crawl.gz", [WARCINFO]) == [
        ("Annex D.3", "the name crawl.gz does not end with .warc or .warc.gz")
    ]


def test_damage_ends_the_check_and_says_where(path: Path) -> None:
    path.write_bytes(gzip.compress(WARCINFO) + gzip.compress(RESPONSE)[:-20])
    (problem,) = check_warc(path)
    assert (problem.clause, problem.offset) == ("4", len(gzip.compress(WARCINFO)))
    assert "the file ends within a record" in problem.message


# ── digests that other tools get wrong ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256", "sha512", "sha3-256", "blake2b", "SHA-1"])
@pytest.mark.parametrize("encode", ["base16", "base32", "base64"])
def test_digests_of_any_algorithm_and_encoding(path: Path, algorithm: str, encode: str) -> None:
    import base64

    name = {"sha3-256": "sha3_256", "SHA-1": "sha1"}.get(algorithm, algorithm)
    value = hashlib.new(name, PLAIN).digest()
    text = {"base16": value.hex().upper, "base32": lambda: base64.b32encode(value).decode(),
            "base64": lambda: base64.b64encode(value).decode()}[encode]()  # fmt: skip
    right = add(f"WARC-Block-Digest: {algorithm}:{text}".encode())(RESPONSE)
    assert check(path, [WARCINFO, right]) == []
    wrong = right.replace(b"<title>", b"<TITLE>")
    ((clause, _),) = check(path, [WARCINFO, wrong])
    assert clause == "5.8"


def test_a_payload_digest_is_that_without_chunks(path: Path) -> None:
    payload = hashlib.sha1(PLAIN.partition(b"\r\n\r\n")[2]).hexdigest().encode()
    right = make(
        b"response", URI + IP + HTTP + b"response\r\nWARC-Payload-Digest: sha1:" + payload + b"\r\n", CHUNKED
    )
    assert check(path, [WARCINFO, right.replace(b"<urn:x:1>", b"<urn:x:3>")]) == []


def test_a_payload_digest_of_the_chunks_is_told_apart(path: Path) -> None:
    chunks = hashlib.sha1(CHUNKED.partition(b"\r\n\r\n")[2]).hexdigest().encode()
    wrong = make(
        b"response",
        URI + IP + HTTP + b"response\r\nWARC-Payload-Digest: sha1:" + chunks + b"\r\n",
        CHUNKED,
        number=3,
    )
    assert check(path, [WARCINFO, wrong]) == [
        (
            "5.9",
            "WARC-Payload-Digest is that of the body with its chunks: the transfer coding must be removed first",
        )
    ]


def test_a_response_to_head_needs_no_body(path: Path) -> None:
    ask = put(b"GET", b"HEAD")(add(b"WARC-Concurrent-To: <urn:x:3>")(REQUEST))
    response = put(PLAIN, PLAIN.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")(RESPONSE)
    assert check(path, [WARCINFO, relength(ask), relength(response)]) == []
    assert [clause for clause, _ in check(path, [WARCINFO, REQUEST, relength(response)])] == ["6.3.2"]
