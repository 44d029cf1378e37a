"""Exchanges become WARC 1.1 records.

An exchange stands in the file as ``request``, ``metadata``, then ``response`` or ``revisit``, contiguous; one
without a response is a single ``metadata`` record, which also holds the bytes sent and received. So the last record
alone tells that the exchange is complete.

The ``metadata`` record (``application/warc-fields``) holds fields of the standard (``via``, ``fetchTimeMs``) and
ours: see :func:`_metadata`. One named field is ours too: ``Newsspider-Exchange-Before`` in the last record says how
many bytes of the exchange stand before it, so that a capture found by the place of its response knows its hints.
"""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from pipelines.http import read_response, request_method
from pipelines.model import Block, Capture, Exchange, Header, Outcome, Place
from pipelines.store.record import ALREADY_DENSE, Sink, digest, encode_fields, to_warc_date, write_record
from pipelines.store.spool import Spool

CONFORMS_TO = "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
IDENTICAL, NOT_MODIFIED = "identical-payload-digest", "server-not-modified"
PROFILES = {name: f"http://netpreserve.org/warc/1.1/revisit/{name}" for name in (IDENTICAL, NOT_MODIFIED)}
"""WARC 1.1 §6.7.2, §6.7.3."""
BEFORE = "Newsspider-Exchange-Before"
WARC_FIELDS = "application/warc-fields"
HTTP_REQUEST, HTTP_RESPONSE = "application/http;msgtype=request", "application/http;msgtype=response"
UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Control characters, line separators and surrogates: what a field on one line of UTF-8 cannot hold."""
NAMESPACE = UUID("2c9e4d0a-5f0b-4c1e-9a43-6f1d1c1b7a52")
"""Of the record ids, which are version 5 UUIDs: the same run writes the same bytes (RFC 9562 §5.5)."""

CIPHER_SUITES = {
    "ECDHE-ECDSA-AES128-GCM-SHA256": "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384": "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305": "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256": "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "ECDHE-RSA-AES256-GCM-SHA384": "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "ECDHE-RSA-CHACHA20-POLY1305": "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    "ECDHE-RSA-AES128-SHA": "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
    "ECDHE-RSA-AES256-SHA": "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
    "ECDHE-RSA-AES128-SHA256": "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
    "ECDHE-RSA-AES256-SHA384": "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
    "DHE-RSA-AES128-GCM-SHA256": "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
    "DHE-RSA-AES256-GCM-SHA384": "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
    "AES128-GCM-SHA256": "TLS_RSA_WITH_AES_128_GCM_SHA256",
    "AES256-GCM-SHA384": "TLS_RSA_WITH_AES_256_GCM_SHA384",
    "AES128-SHA": "TLS_RSA_WITH_AES_128_CBC_SHA",
    "AES256-SHA": "TLS_RSA_WITH_AES_256_CBC_SHA",
}
"""OpenSSL's names of TLS 1.2 suites, as the registry has them; those of TLS 1.3 are the registry's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revisited:
    """What the archive already holds of a target URI: the capture that a revisit refers to."""

    captured_at: datetime
    """Its WARC-Date."""
    payload_digest: str | None
    record_id: str | None = None
    """Its WARC-Record-ID."""


def write_warcinfo(
    sink: Sink, fields: Mapping[str, str], *, run: str, warc: str, created_at: datetime
) -> tuple[str, int]:
    """Write the ``warcinfo`` record that a file begins with (WARC 1.1 §6.2); return its id and its length.

    ``fields`` are those of the standard (``software``, ``operator``, ``robots`` …) and any others; values may have
    several lines (a site file). ``run`` must be unique in the world: record ids follow from it and the file name.
    """
    record_id = uuid5(NAMESPACE, f"{run}/{warc}").urn
    described = {**fields, "format": "WARC File Format 1.1", "conformsTo": CONFORMS_TO, "isPartOf": run}
    block = encode_fields((name, to_line(value)) for name, value in described.items())
    named = [
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", f"<{record_id}>"),
        ("WARC-Filename", warc),
        ("WARC-Date", to_warc_date(created_at)),
        ("WARC-Block-Digest", digest(block)),
        ("Content-Type", WARC_FIELDS),
    ]
    return record_id, write_record(sink, named, block)


def write_exchange(
    sink: Sink, exchange: Exchange, capture: Capture, *, warcinfo_id: str, warc: str, offset: int
) -> Capture:
    """Write the records of an exchange, and return its capture as reading will give it: with id and place.

    ``capture`` is what :func:`to_capture` made of it. ``warc`` and ``offset`` say in which file and where they
    will stand; record ids follow from ``offset`` and ``warcinfo_id``.
    """
    ids = {kind: uuid5(UUID(warcinfo_id), f"{offset}/{kind}").urn for kind in ("request", "metadata", "last")}
    common = [
        ("WARC-Warcinfo-ID", f"<{warcinfo_id}>"),
        ("WARC-Date", to_warc_date(exchange.started_at)),
        ("WARC-Target-URI", exchange.target_uri),
        *_connection_fields(exchange),
    ]

    def write(kind: str, record_id: str, fields: list[Header], content_type: str, block: Block) -> int:
        named = [("WARC-Type", kind), ("WARC-Record-ID", f"<{record_id}>"), *common, *fields]
        named.append(("WARC-Block-Digest", digest(block)))
        if block:
            named.append(("Content-Type", content_type))
        return write_record(sink, named, block, dense=kind == "response" and _is_dense(capture))

    metadata = encode_fields(_metadata(exchange, capture))
    if capture.status is None:
        before = 0
        length = write("metadata", ids["last"], [], WARC_FIELDS, metadata)
    else:
        concurrent = [("WARC-Concurrent-To", f"<{ids['last']}>")]
        before = write("request", ids["request"], concurrent, HTTP_REQUEST, exchange.request)
        before += write("metadata", ids["metadata"], concurrent, WARC_FIELDS, metadata)
        fields = [("WARC-Concurrent-To", f"<{ids[kind]}>") for kind in ("request", "metadata")]
        fields += [*_last_fields(capture), (BEFORE, str(before))]
        block = _last_block(exchange, capture)
        length = write("revisit" if capture.profile else "response", ids["last"], fields, HTTP_RESPONSE, block)
    return replace(capture, record_id=ids["last"], place=Place(warc=warc, offset=offset + before, length=length))


def to_capture(exchange: Exchange, *, run: str | None = None, previous: Revisited | None = None) -> Capture:
    """Return what the archive will say of an exchange, before it has a place there.

    ``previous``, a capture of the *same* target URI, makes it a revisit where nothing has changed.
    """
    started = exchange.started_at
    capture = Capture(
        target_uri=exchange.target_uri,
        captured_at=started.replace(microsecond=started.microsecond // 1000 * 1000),
        outcome=exchange.outcome,
        hints=exchange.hints,
        run=run,
    )
    spool = Spool()
    head = read_response(exchange.response, spool.write, method=request_method(exchange.request)).head
    if head is None:
        return capture
    payload = spool.finish()
    payload_digest: str | None = digest(payload)
    profile = None
    if previous is not None and exchange.outcome == Outcome.OK:
        if head.status == 304:
            profile, payload_digest = NOT_MODIFIED, previous.payload_digest
        elif head.status == 200 and payload and payload_digest == previous.payload_digest:
            profile = IDENTICAL
    return replace(
        capture,
        status=head.status,
        headers=head.headers,
        payload=b"" if profile else payload,
        payload_digest=payload_digest,
        truncated=exchange.truncated,
        profile=profile,
        refers_to=previous.record_id if previous and profile else None,
        refers_to_date=previous.captured_at if previous and profile else None,
    )


def _connection_fields(exchange: Exchange) -> list[Header]:
    """WARC 1.1 §5.10, and the IIPC's adopted extensions WARC-Protocol and WARC-Cipher-Suite."""
    fields = [("WARC-IP-Address", exchange.ip)] if exchange.ip else []
    if tls := exchange.tls:
        version = tls.protocol.removeprefix("TLSv")
        fields += [("WARC-Protocol", "http/1.1"), ("WARC-Protocol", f"tls/{version if '.' in version else '1.0'}")]
        suite = CIPHER_SUITES.get(tls.cipher, tls.cipher)
        fields += [("WARC-Cipher-Suite", suite)] if suite.startswith("TLS_") else []
    return fields


def _last_fields(capture: Capture) -> Iterator[Header]:
    """Yield the named fields that only a ``response`` or ``revisit`` has."""
    if capture.payload_digest:
        yield "WARC-Payload-Digest", capture.payload_digest
    if capture.profile is None:
        if capture.truncated:
            yield "WARC-Truncated", capture.truncated
        return
    yield "WARC-Profile", PROFILES[capture.profile]
    if capture.refers_to:
        yield "WARC-Refers-To", f"<{capture.refers_to}>"
    yield "WARC-Refers-To-Target-URI", capture.target_uri
    if capture.refers_to_date:
        yield "WARC-Refers-To-Date", to_warc_date(capture.refers_to_date)
    if capture.profile == IDENTICAL:
        yield "WARC-Truncated", "length"  # §6.7.2: its body is left out


def _last_block(exchange: Exchange, capture: Capture) -> Block:
    """Return the block of a ``response`` or ``revisit``.

    That of a server-not-modified revisit is empty, as §6.7.3 allows, and the answer stands in the ``metadata``
    record: where the block has a status of 3xx, pywb (2.10) replays an empty page instead of the original.
    """
    if capture.profile is None:
        return exchange.response
    if capture.profile == NOT_MODIFIED:
        return b""
    return exchange.response[: read_response(exchange.response, lambda _: None).head_end]


def _is_dense(capture: Capture) -> bool:
    kind = f"{capture.header('Content-Encoding') or ''} {capture.header('Content-Type') or ''}".lower()
    return any(word in kind for word in ALREADY_DENSE)


def _metadata(exchange: Exchange, capture: Capture) -> Iterator[Header]:
    """Yield the fields of the ``metadata`` record; ``data/README.md`` tells what each means."""
    hints, tls = exchange.hints, exchange.tls
    texts: tuple[tuple[str, str | None], ...] = (
        ("via", hints.found_on),
        ("fetchTimeMs", str(round(exchange.seconds * 1000))),
        ("foundBy", hints.found_by),
        ("linkText", hints.text),
        ("linkDate", hints.date),
        ("section", hints.section),
        ("outcome", exchange.outcome),
        ("error", exchange.error),
        ("proxied", "yes" if exchange.proxied else None),
        ("proxyCredentialsRemoved", "yes" if exchange.redacted else None),
    )
    if tls is not None:
        texts += (
            ("tlsVersion", tls.protocol),
            ("tlsCipher", tls.cipher),
            ("tlsCertificateSha256", tls.certificate_sha256),
            ("tlsVerified", "yes" if tls.verified else "no"),
        )
    yield from ((name, to_line(text)) for name, text in texts if text is not None)
    alone = capture.status is None
    for name, data in (
        ("interimResponses", exchange.interim),
        ("bytesSent", exchange.request if alone else b""),
        ("bytesReceived", bytes(exchange.response) if alone or capture.profile == NOT_MODIFIED else b""),
    ):
        if data:
            yield name, base64.b64encode(data).decode("ascii")


def to_line(text: str) -> str:
    """Return a text as the value of a field: as it is, or as a JSON string where it would not come back the same.

    >>> to_line("学校要闻"), to_line("two\\nlines")
    ('学校要闻', '"two\\\\nlines"')
    """
    plain = not UNSAFE.search(text) and text == text.strip() and not text.startswith('"')
    if plain:
        return text
    return UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def from_line(value: str) -> str:
    """Read what :func:`to_line` wrote; anything else comes back as it is."""
    if not value.startswith('"'):
        return value
    try:
        return str(json.loads(value))
    except ValueError:
        return value
