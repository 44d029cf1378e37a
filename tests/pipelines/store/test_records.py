"""Records as JSON Lines: the form of a line, the way back, and the schema that is made from the type."""

import json
from dataclasses import fields, replace
from pathlib import Path

import jsonschema
import pytest

from pipelines.errors import DamagedError
from pipelines.model import (
    CaptureRef,
    Contributor,
    Conversion,
    Evidence,
    Extractor,
    FieldEvidence,
    Image,
    Link,
    Navigation,
    Record,
    Repair,
    Witness,
)
from pipelines.store.records import decode_record, encode_record, line_head, read_line, read_lines, schema

KEYS = (
    "schema id kind revision reason changes url site institution title title_hans title_hant published"
    " published_precision modified source source_hans author editor contributors section section_hans navigation"
    " body body_hans body_hant language script conversion images attachments repairs mirror evidence outcome"
    " captures text_digest layout extractor"
).split()
"""The keys of a line in their order, as the design has them."""

BARE = Record(
    id="hill:1001/2002",
    url="https://news.hill.example/info/1001/2002.htm",
    site="hill",
    extractor=Extractor(version="0", site_file=None, text_model=None),
)

FULL = replace(
    BARE,
    title="我校召開會議 “\\”",
    contributors=(Contributor(role="author", name="张三"),),
    navigation=Navigation(breadcrumb=(Link(title="首页", href=None),), next=Link(title=None, href="https://x.example/")),
    body="第一段\n第二段",
    conversion=Conversion(hans="t2s", hant=None, overrides="ab", changed=3),
    images=(Image(src="https://x.example/a.jpg"),),
    repairs=(Repair(field="title", start=0, end=1, old="a", new="", kind="pinyin", margin=1.5, certain=True),),
    evidence=FieldEvidence(
        title=Evidence(
            rule="vsb:title", raw="我校", place="/html/body/h1", confidence=0.99, placeholder=False, note=None,
            witnesses=(Witness(rule="meta:ArticleTitle", value="我校召開會議", agrees=True),),
        )
    ),
    captures=(
        CaptureRef(
            uri_m="20200221090507/https://news.hill.example/info/1001/2002.htm", captured_at="2020-02-21T09:05:07Z",
            status=200, charset="utf-8", warc="hill-20200221090507-00001.warc.gz", offset=0, length=10,
            payload_digest="sha256:00",
        ),
    ),
)  # fmt: skip


@pytest.mark.parametrize("record", [BARE, FULL], ids=["bare", "full"])
def test_a_line_has_every_key_in_order_and_reads_back(record: Record) -> None:
    line = encode_record(record)
    assert "\n" not in line
    assert list(json.loads(line)) == KEYS
    assert decode_record(line) == record
    assert json.loads(line) == record.to_dict()
    assert record.to_json() == line


@pytest.mark.parametrize("record", [BARE, FULL], ids=["bare", "full"])
def test_a_line_is_valid_by_the_published_schema(record: Record) -> None:
    published = json.loads((Path(__file__).parents[3] / "data" / "record.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(published)
    jsonschema.validate(record.to_dict(), published)


def test_the_published_schema_is_made_from_the_type() -> None:
    published = json.loads((Path(__file__).parents[3] / "data" / "record.schema.json").read_text("utf-8"))
    assert published == schema(), "run «make schema»"


def test_the_schema_refuses_a_missing_and_an_unknown_key() -> None:
    line = BARE.to_dict()
    for wrong in ({**line, "extra": 1}, {key: value for key, value in line.items() if key != "title"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema())


def test_lists_are_never_null() -> None:
    line = BARE.to_dict()
    for field in fields(Record):
        if str(field.type).startswith("tuple"):
            assert line[field.name] == []


def test_a_lone_surrogate_does_not_spoil_the_file() -> None:
    line = encode_record(replace(BARE, title="a\ud800b"))
    assert json.loads(line.encode("utf-8"))["title"] == "a\ufffdb"


def test_id_and_revision_are_read_from_the_start_of_a_line() -> None:
    record = replace(BARE, id='hill:"1\\2"', revision=12, kind="tombstone")
    assert line_head(encode_record(record).encode()) == ('hill:"1\\2"', 12)
    with pytest.raises(ValueError, match="not the line of a record"):
        line_head(b'{"id": 1}\n')


def test_only_whole_lines_are_read(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl.open"
    line = encode_record(BARE).encode() + b"\n"
    path.write_bytes(line + line + line[:-9])
    assert [offset for offset, _ in read_lines(path)] == [0, len(line)]
    assert [offset for offset, _ in read_lines(path, start=len(line))] == [len(line)]
    assert read_line(path, len(line)) == BARE
    with pytest.raises(DamagedError, match=r"run\.jsonl\.open: no record at byte 5"):
        read_line(path, 5)
