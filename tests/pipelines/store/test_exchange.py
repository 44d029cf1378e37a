"""Whole records as literals: what stands in the file, byte for byte."""

import base64
import gzip
import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.model import Exchange, Outcome
from pipelines.store.exchange import CIPHER_SUITES, Revisited, from_line, to_capture, to_line, write_exchange
from pipelines.store.record import digest
from tests.pipelines.store.samples import BODY, CHUNKED, PLAIN, PREVIOUS, SAMPLES, STARTED, exchange, write_samples

WARCINFO = "urn:uuid:5e2fabab-2ff0-5bdb-8c1e-5af19096dc4b"


def sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def records(path: Path) -> list[bytes]:
    """Return the uncompressed records of a file."""
    text = gzip.decompress(path.read_bytes())
    return [b"WARC/1.1\r\n" + record for record in text.split(b"WARC/1.1\r\n")[1:]]


def record(head: str, block: bytes) -> bytes:
    lines = head.strip().splitlines()
    return (
        "\r\n".join(["WARC/1.1", *lines, f"Content-Length: {len(block)}"]).encode()
        + b"\r\n\r\n"
        + block
        + b"\r\n\r\n"
    )


def fields(*lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode()


def test_warcinfo(tmp_path: Path) -> None:
    write_samples(tmp_path / "a.warc.gz", ["response"])
    block = fields(
        "software: newsspider/0.1.0",
        "siteFile: \"id = 'x'\\nname = '新闻'\\n\"",
        "format: WARC File Format 1.1",
        "conformsTo: https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "isPartOf: run-1",
    )
    head = f"""
WARC-Type: warcinfo
WARC-Record-ID: <{WARCINFO}>
WARC-Filename: a.warc.gz
WARC-Date: 2024-03-05T01:02:03.456Z
WARC-Block-Digest: {sha256(block)}
Content-Type: application/warc-fields
"""
    assert records(tmp_path / "a.warc.gz")[0] == record(head, block)


def test_an_exchange_is_request_metadata_response(tmp_path: Path) -> None:
    write_samples(tmp_path / "a.warc.gz", ["chunked"])
    request, metadata, response = records(tmp_path / "a.warc.gz")[1:]
    sent = b"GET /chunked HTTP/1.1\r\nHost: news.example.edu.cn\r\n\r\n"
    common = f"""WARC-Warcinfo-ID: <{WARCINFO}>
WARC-Date: 2024-03-05T01:02:03.456Z
WARC-Target-URI: http://news.example.edu.cn/chunked
WARC-IP-Address: 202.112.7.13"""
    ids = (
        request.split(b"WARC-Record-ID: <")[1].split(b">")[0].decode(),
        metadata.split(b"WARC-Record-ID: <")[1].split(b">")[0].decode(),
    )
    last = response.split(b"WARC-Record-ID: <")[1].split(b">")[0].decode()
    assert request == record(
        f"""
WARC-Type: request
WARC-Record-ID: <{ids[0]}>
{common}
WARC-Concurrent-To: <{last}>
WARC-Block-Digest: {sha256(sent)}
Content-Type: application/http;msgtype=request
""",
        sent,
    )
    told = fields(
        "via: http://news.example.edu.cn/list.htm?a=b",
        "fetchTimeMs: 123",
        "foundBy: listing",
        r'linkText: "  \"我校\"召开\n大会\u2028"',
        "linkDate: 2024-03-05",
        "section: 学校要闻",
        "outcome: ok",
    )
    assert metadata == record(
        f"""
WARC-Type: metadata
WARC-Record-ID: <{ids[1]}>
{common}
WARC-Concurrent-To: <{last}>
WARC-Block-Digest: {sha256(told)}
Content-Type: application/warc-fields
""",
        told,
    )
    members = [len(member) for member in split_members((tmp_path / "a.warc.gz").read_bytes())]
    assert response == record(
        f"""
WARC-Type: response
WARC-Record-ID: <{last}>
{common}
WARC-Concurrent-To: <{ids[0]}>
WARC-Concurrent-To: <{ids[1]}>
WARC-Payload-Digest: {sha256(BODY)}
Newsspider-Exchange-Before: {members[1] + members[2]}
WARC-Block-Digest: {sha256(CHUNKED)}
Content-Type: application/http;msgtype=response
""",
        CHUNKED,
    )


def split_members(data: bytes) -> list[bytes]:
    """Split a file into its gzip members; each begins with the magic number and deflate's own."""
    import zlib

    members = []
    while data:
        one = zlib.decompressobj(31)
        one.decompress(data)
        members.append(data[: len(data) - len(one.unused_data)])
        data = one.unused_data
    return members


def last_record(tmp_path: Path, name: str) -> tuple[list[str], bytes]:
    """Return the header lines of the last record of a sample, and its block."""
    write_samples(tmp_path / "a.warc.gz", [name])
    head, _, rest = records(tmp_path / "a.warc.gz")[-1].partition(b"\r\n\r\n")
    return head.decode().split("\r\n"), rest.removesuffix(b"\r\n\r\n")


def test_identical_payload_is_a_revisit_that_keeps_the_header(tmp_path: Path) -> None:
    head, block = last_record(tmp_path, "identical")
    assert block == PLAIN.removesuffix(BODY)
    for line in (
        "WARC-Type: revisit",
        "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        "WARC-Refers-To: <urn:uuid:aaaaaaaa-0000-5000-8000-000000000000>",
        "WARC-Refers-To-Target-URI: http://news.example.edu.cn/same",
        "WARC-Refers-To-Date: 2024-03-01T00:00:00.001Z",
        f"WARC-Payload-Digest: {sha256(BODY)}",
        "WARC-Truncated: length",
        f"WARC-Block-Digest: {sha256(block)}",
    ):
        assert line in head


def test_not_modified_is_a_revisit_of_what_is_held(tmp_path: Path) -> None:
    head, block = last_record(tmp_path, "not modified")
    assert block == b""
    for line in (
        "WARC-Type: revisit",
        "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/server-not-modified",
        "WARC-Refers-To-Target-URI: http://news.example.edu.cn/304",
        "WARC-Refers-To-Date: 2024-03-01T00:00:00.001Z",
        f"WARC-Payload-Digest: {sha256(BODY)}",
        "Content-Length: 0",
    ):
        assert line in head
    assert not [line for line in head if line.startswith(("WARC-Truncated", "Content-Type"))]
    answer = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
    assert b"bytesReceived: " + base64.b64encode(answer) in records(tmp_path / "a.warc.gz")[-2]


@pytest.mark.parametrize("name", ["changed", "not modified, nothing held", "redirect"])
def test_what_is_no_revisit_is_a_response(tmp_path: Path, name: str) -> None:
    head, block = last_record(tmp_path, name)
    assert "WARC-Type: response" in head
    assert block == SAMPLES[name][0].response


def test_a_truncated_response_says_why(tmp_path: Path) -> None:
    head, block = last_record(tmp_path, "truncated")
    assert "WARC-Type: response" in head
    assert "WARC-Truncated: disconnect" in head
    assert f"WARC-Payload-Digest: {sha256(BODY[:-3])}" in head
    assert block == PLAIN[:-3]


def test_an_attempt_without_response_is_one_metadata_record(tmp_path: Path) -> None:
    head, block = last_record(tmp_path, "time-out")
    assert len(records(tmp_path / "a.warc.gz")) == 2
    assert "WARC-Type: metadata" in head
    assert "WARC-Target-URI: http://news.example.edu.cn/slow" in head
    assert block == fields(
        "fetchTimeMs: 123",
        "foundBy: seed",
        "outcome: timeout",
        "error: no answer",
        "bytesSent: R0VUIC9zbG93IEhUVFAvMS4xDQpIb3N0OiBuZXdzLmV4YW1wbGUuZWR1LmNuDQoNCg==",
    )


def test_bytes_that_are_no_response_are_kept_in_the_metadata(tmp_path: Path) -> None:
    head, block = last_record(tmp_path, "not HTTP")
    assert "WARC-Type: metadata" in head
    assert b"bytesReceived: U1NILTIuMC14DQo=\r\n" in block


def test_tls_is_told_in_full_in_the_metadata_and_in_named_fields(tmp_path: Path) -> None:
    write_samples(tmp_path / "a.warc.gz", ["tls"])
    _, request, metadata, response = records(tmp_path / "a.warc.gz")
    named = (
        b"WARC-IP-Address: 2001:da8:201::13\r\nWARC-Protocol: http/1.1\r\nWARC-Protocol: tls/1.2\r\n"
        b"WARC-Cipher-Suite: TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384\r\n"
    )
    assert all(named in each for each in (request, metadata, response))
    assert metadata.endswith(
        b"tlsVersion: TLSv1.2\r\ntlsCipher: ECDHE-RSA-AES256-GCM-SHA384\r\n"
        b"tlsCertificateSha256: " + b"ab" * 32 + b"\r\ntlsVerified: yes\r\n\r\n\r\n"
    )


def test_interim_responses_stand_in_the_metadata(tmp_path: Path) -> None:
    write_samples(tmp_path / "a.warc.gz", ["interim"])
    _, _, metadata, response = records(tmp_path / "a.warc.gz")
    assert b"interimResponses: SFRUUC8xLjEgMTAzIEVhcmx5IEhpbnRzDQpMaW5rOiA8L2E+DQoNCg==\r\n" in metadata
    assert b"103 Early" not in response


def test_through_a_proxy_there_is_no_address_and_the_cut_is_noted(tmp_path: Path) -> None:
    write_samples(tmp_path / "a.warc.gz", ["proxied"])
    _, request, metadata, response = records(tmp_path / "a.warc.gz")
    assert b"WARC-IP-Address" not in request + metadata + response
    assert b"proxied: yes\r\nproxyCredentialsRemoved: yes\r\n" in metadata


def test_the_same_run_writes_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "1").mkdir()
    (tmp_path / "2").mkdir()
    write_samples(tmp_path / "1" / "a.warc.gz")
    write_samples(tmp_path / "2" / "a.warc.gz")
    assert (tmp_path / "1" / "a.warc.gz").read_bytes() == (tmp_path / "2" / "a.warc.gz").read_bytes()


@pytest.mark.parametrize("uri", ["http://a/b\r\nWARC-Type: response", "http://a/\x00"])
def test_nothing_can_be_smuggled_into_a_header(uri: str) -> None:
    crooked = replace(exchange("x"), target_uri=uri)
    with pytest.raises(ValueError, match="WARC-Target-URI cannot stand in a WARC record"):
        write_exchange(lambda _: None, crooked, to_capture(crooked), warcinfo_id=WARCINFO, warc="a", offset=0)


@pytest.mark.parametrize(
    ("response", "previous"),
    [
        (PLAIN, replace(PREVIOUS, payload_digest=None)),
        (PLAIN.replace(b"200 OK", b"404 Not Found"), PREVIOUS),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", replace(PREVIOUS, payload_digest=digest(b""))),
    ],
    ids=["nothing known", "an error page", "an empty page"],
)
def test_only_a_whole_page_that_says_something_can_be_identical(response: bytes, previous: Revisited) -> None:
    assert to_capture(exchange("x", response), previous=previous).profile is None
    cut = replace(exchange("x"), outcome=Outcome.TRUNCATED, truncated="time")
    assert to_capture(cut, previous=PREVIOUS).profile is None


def test_times_are_whole_milliseconds() -> None:
    fine = replace(exchange("x"), started_at=datetime(2024, 1, 1, 0, 0, 0, 123999, UTC))
    assert to_capture(fine).captured_at == datetime(2024, 1, 1, 0, 0, 0, 123000, UTC)


@given(st.text(st.characters(exclude_categories=()), max_size=30))
def test_any_text_fits_on_a_line(text: str) -> None:
    line = to_line(text)
    line.encode()
    assert len(line.splitlines()) <= 1
    assert line == line.strip()
    assert from_line(line) == text


def test_cipher_suites_are_those_of_the_registry() -> None:
    assert all(name.startswith("TLS_") for name in CIPHER_SUITES.values())
    assert len(set(CIPHER_SUITES.values())) == len(CIPHER_SUITES)


def test_a_response_to_head_has_no_body() -> None:
    head = Exchange(
        target_uri="http://a/",
        started_at=STARTED,
        request=b"HEAD / HTTP/1.1\r\n\r\n",
        response=b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
    )
    assert to_capture(head).payload == b""


def test_every_field_of_the_metadata_is_documented(tmp_path: Path) -> None:
    write_samples(tmp_path / "a.warc.gz")
    blocks = [
        each.partition(b"\r\n\r\n")[2] for each in records(tmp_path / "a.warc.gz") if b"Type: metadata" in each
    ]
    names = {line.partition(b":")[0].decode() for block in blocks for line in block.split(b"\r\n") if line}
    text = (Path(__file__).parents[3] / "data" / "README.md").read_text("utf-8")
    assert len(names) > 15
    assert {name for name in names if f"`{name}`" not in text} == set()
