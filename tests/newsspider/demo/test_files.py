"""The generated documents and pictures are what their names say."""

import io
import struct
import zipfile
import zlib

import lxml.etree
import pytest

from newsspider.demo.files import make_document, make_picture

LINES = ("结题报告书", "A < B & C")


@pytest.mark.parametrize(
    ("name", "part"), [("a.docx", "word/document.xml"), ("a.xlsx", "xl/worksheets/sheet1.xml")]
)
def test_an_office_document_is_a_sound_package_with_the_text(name: str, part: str) -> None:
    with zipfile.ZipFile(io.BytesIO(make_document(name, LINES))) as package:
        assert package.testzip() is None
        parts = {entry: lxml.etree.fromstring(package.read(entry)) for entry in package.namelist()}
    assert next(iter(parts)) == "[Content_Types].xml"
    assert [text.text for text in parts[part].iter("{*}t")] == list(LINES)


def test_a_pdfs_cross_references_point_at_its_objects() -> None:
    pdf = make_document("a.pdf", LINES)
    table = pdf[int(pdf.rstrip().splitlines()[-2]) :]
    offsets = [int(line.split()[0]) for line in table.splitlines() if line.endswith(b" n ")]
    assert [pdf[offset:].split(b" ", 1)[0] for offset in offsets] == [b"%d" % n for n in range(1, 8)]
    assert "结题报告书".encode("utf-16-be").hex().encode() in pdf


def test_a_text_file_is_gbk_with_windows_line_ends() -> None:
    assert make_document("a.txt", LINES).decode("gbk") == "结题报告书\r\nA < B & C"


def test_a_document_is_the_same_each_time() -> None:
    assert all(make_document(f"a.{kind}", LINES) == make_document(f"a.{kind}", LINES) for kind in ("docx", "pdf"))


def test_no_document_of_an_unknown_kind() -> None:
    with pytest.raises(ValueError, match=r"no generator for \.rar"):
        make_document("a.rar", LINES)


def test_a_picture_is_a_sound_png() -> None:
    png = make_picture("kaixue-dianli.png", 24, 12)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    chunks, rest = {}, png[8:]
    while rest:
        size, kind = struct.unpack(">I4s", rest[:8])
        chunks[kind] = rest[8 : 8 + size]
        assert struct.unpack(">I", rest[8 + size : 12 + size]) == (zlib.crc32(rest[4 : 8 + size]),)
        rest = rest[12 + size :]
    assert struct.unpack(">II", chunks[b"IHDR"][:8]) == (24, 12)
    pixels = zlib.decompress(chunks[b"IDAT"])
    assert len(pixels) == (1 + 24) * 12
    assert max(pixels) < len(chunks[b"PLTE"]) // 3
    assert png != make_picture("other.png", 24, 12)
