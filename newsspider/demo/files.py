"""The small files of the demo's sites, made in memory: documents and pictures, the same bytes each time."""

import hashlib
import io
import struct
import zipfile
import zlib
from html import escape

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "txt": "text/plain",
    "png": "image/png",
    "css": "text/css",
    "js": "application/javascript",
}

# The least that Word and LibreOffice open (ECMA-376 part 1, §11 and §12; part 2, §10).
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
)
_OVERRIDE = '<Override PartName="/{part}" ContentType="application/vnd.openxmlformats-officedocument.{kind}+xml"/>'
_RELATIONSHIPS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="{target}" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/></Relationships>'
)
_MAIN = "http://schemas.openxmlformats.org/{dialect}/2006/main"


def make_document(name: str, lines: tuple[str, ...]) -> bytes:
    """Return a document that holds these lines, of the type that the file name's extension says."""
    match name.rpartition(".")[2]:
        case "pdf":
            return _make_pdf(lines)
        case "docx":
            return _make_docx(lines)
        case "xlsx":
            return _make_xlsx(lines)
        case "txt":
            return "\r\n".join(lines).encode("gbk")  # as Notepad saved it on a Chinese Windows
        case extension:
            raise ValueError(f"no generator for .{extension} ({name})")


def make_picture(name: str, width: int = 240, height: int = 135) -> bytes:
    """Return a PNG: two hills under a sky, whose colours and outlines follow from the name."""
    seed = hashlib.sha256(name.encode()).digest()
    palette = b"".join(
        bytes(shade + part // 3 for part in seed[i : i + 3]) for i, shade in ((0, 170), (3, 90), (6, 40))
    )
    hills = [_outline(width, height, 0.45, seed[9]), _outline(width, height, 0.7, seed[10])]
    rows = (b"\0" + bytes((y > far) + (y > near) for far, near in zip(*hills, strict=True)) for y in range(height))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),  # 8 bits a pixel, indexed (PNG §11.2.2)
        (b"PLTE", palette),
        (b"IDAT", zlib.compress(b"".join(rows))),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(kind, data) for kind, data in chunks)


def _outline(width: int, height: int, level: float, phase: int) -> list[float]:
    """Return how far below the top a hill begins, for each column: a zigzag of two waves."""
    waves = ((3, 64, 0.2), (7, 32, 0.05))  # bends over the width, steps of the phase, share of the height
    return [
        height
        * (level - sum(size * abs((x * bends / width + phase / steps) % 2 - 1) for bends, steps, size in waves))
        for x in range(width)
    ]


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _make_docx(lines: tuple[str, ...]) -> bytes:
    paragraphs = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in lines)
    main = _MAIN.format(dialect="wordprocessingml")
    document = f'<w:document xmlns:w="{main}"><w:body>{paragraphs}</w:body></w:document>'
    return _pack(
        {
            "[Content_Types].xml": _TYPES.format(
                overrides=_OVERRIDE.format(part="word/document.xml", kind="wordprocessingml.document.main")
            ),
            "_rels/.rels": _RELATIONSHIPS.format(target="word/document.xml", kind="officeDocument"),
            "word/document.xml": document,
        }
    )


def _make_xlsx(lines: tuple[str, ...]) -> bytes:
    rows = "".join(f'<row><c t="inlineStr"><is><t>{escape(line)}</t></is></c></row>' for line in lines)
    main = _MAIN.format(dialect="spreadsheetml")
    relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    sheet_kind, book_kind = "spreadsheetml.worksheet", "spreadsheetml.sheet.main"
    return _pack(
        {
            "[Content_Types].xml": _TYPES.format(
                overrides=_OVERRIDE.format(part="xl/workbook.xml", kind=book_kind)
                + _OVERRIDE.format(part="xl/worksheets/sheet1.xml", kind=sheet_kind)
            ),
            "_rels/.rels": _RELATIONSHIPS.format(target="xl/workbook.xml", kind="officeDocument"),
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relationships}"><sheets>'
            '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _RELATIONSHIPS.format(target="worksheets/sheet1.xml", kind="worksheet"),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
        }
    )


def _pack(parts: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in parts.items():
            entry = zipfile.ZipInfo(name)  # dated 1980-01-01: the same bytes each time
            archive.writestr(entry, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{xml}'.encode())
    return packed.getvalue()


def _make_pdf(lines: tuple[str, ...]) -> bytes:
    """Return a one-page PDF 1.4 in a font that readers bring along (Adobe-GB1; ISO 32000-1 §9.7)."""
    shown = "".join(f"<{line.encode('utf-16-be').hex()}> Tj T*\n" for line in lines)
    content = f"BT /F1 12 Tf 18 TL 72 770 Td\n{shown}ET".encode("ascii")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light"
        b" /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /FontDescriptor 7 0 R >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]"
        b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    )
    pdf, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(pdf))
        pdf += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    entries = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return pdf + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (size, entries, size, len(pdf))
    )
