"""Content codings come off, within limits, and what breaks says how."""

import gzip
import random
import zlib
from contextlib import suppress

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.content_coding import MAX_SIZE, decode_content, zstd
from pipelines.errors import ContentError
from pipelines.model import Outcome

TEXT = b"<html>" + random.Random(1).randbytes(5_000) + b"x" * 20_000


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


CODED = {
    "gzip": gzip.compress(TEXT),
    "x-gzip": gzip.compress(TEXT),
    "deflate": zlib.compress(TEXT),
    "deflate ": raw_deflate(TEXT),
    "br": brotli.compress(TEXT),
    "zstd": zstd.compress(TEXT),
    "gzip, br": brotli.compress(gzip.compress(TEXT)),
    "GZIP,": gzip.compress(TEXT[:100]) + gzip.compress(TEXT[100:]) + b"\0\0",
    "identity": TEXT,
    "utf-8": TEXT,
    "": TEXT,
}


@pytest.mark.parametrize("coding", CODED)
def test_decodes(coding: str) -> None:
    assert decode_content(CODED[coding], coding) == TEXT
    assert decode_content(TEXT, None) == TEXT


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_keeps_a_page_whose_coding_was_only_declared(coding: str) -> None:
    assert decode_content(b"<html><p>plain</p></html>", coding) == b"<html><p>plain</p></html>"
    assert decode_content(b"", coding) == b""


@pytest.mark.parametrize("coding", ["gzip", "deflate", "deflate ", "br"])
def test_names_what_is_cut_off(coding: str) -> None:
    with pytest.raises(ContentError) as raised:
        decode_content(CODED[coding][: len(CODED[coding]) - 40], coding)
    assert raised.value.outcome is Outcome.TRUNCATED


def test_names_a_cut_zstd_frame() -> None:
    with pytest.raises(ContentError) as raised:
        decode_content(zstd.compress(random.Random(2).randbytes(300_000))[:200_000], "zstd")
    assert raised.value.outcome is Outcome.TRUNCATED


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, brotli.compress, zstd.compress])
def test_stops_a_bomb(pack: object) -> None:
    assert callable(pack)
    coding = {gzip.compress: "gzip", zlib.compress: "deflate", brotli.compress: "br"}.get(pack, "zstd")
    bomb = pack(b"\0" * (MAX_SIZE + 1))
    with pytest.raises(ContentError) as raised:
        decode_content(bomb, coding)
    assert raised.value.outcome is Outcome.TOO_LARGE
    with pytest.raises(ContentError) as raised:
        decode_content(pack(bomb), f"{coding}, {coding}")
    assert raised.value.outcome is Outcome.TOO_LARGE


def test_stops_a_chain_of_codings() -> None:
    with pytest.raises(ContentError) as raised:
        decode_content(TEXT, "gzip, gzip, gzip, gzip, gzip")
    assert raised.value.outcome is Outcome.TOO_LARGE


@given(st.binary(max_size=200), st.sampled_from(["gzip", "deflate", "br", "zstd", "gzip, br"]))
def test_takes_any_bytes(payload: bytes, coding: str) -> None:
    with suppress(ContentError):
        decode_content(payload, coding)
