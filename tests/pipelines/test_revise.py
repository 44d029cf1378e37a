"""Revisions: an edit makes one, page furniture never does."""

from dataclasses import replace

import pytest

from pipelines.model import Attachment, CaptureRef, Contributor, Extractor, Link, Navigation, Record
from pipelines.revise import bury, revise, text_digest

FIRST = Record(
    id="hill:1",
    url="https://news.hill.example/1.htm",
    site="hill",
    title="校庆",
    published="2020-02-21",
    body="第一段",
    extractor=Extractor(version="0", site_file=None, text_model=None),
)


def test_the_first_revision_is_new() -> None:
    assert revise(None, FIRST) == replace(FIRST, revision=1, reason="new")


@pytest.mark.parametrize(
    "edit",
    [
        {"title": "校慶"},
        {"published": "2020-02-22"},
        {"source": "宣传部"},
        {"author": "张三"},
        {"contributors": (Contributor(role="editor", name="李四"),)},
        {"body": "第一段。"},
        {"attachments": (Attachment(title="表", href="https://x.example/a.doc"),)},
    ],
    ids=lambda edit: next(iter(edit)),
)
def test_an_edit_is_a_revision_that_says_what_changed(edit: dict[str, object]) -> None:
    revision = revise(replace(FIRST, revision=3), replace(FIRST, **edit))
    assert revision is not None
    assert (revision.revision, revision.reason, revision.changes) == (4, "edited", tuple(edit))


@pytest.mark.parametrize(
    "furniture",
    [
        {"navigation": Navigation(related=(Link(title="新的", href="https://x.example/9"),))},
        {"navigation": Navigation(next=Link(title="下一篇", href="https://x.example/2"))},
        {"section": "要闻"},
        {"modified": "2026-11-24"},
    ],
    ids=["related", "neighbour", "section", "today"],
)
def test_page_furniture_makes_no_revision(furniture: dict[str, object]) -> None:
    assert revise(FIRST, replace(FIRST, **furniture)) is None


def test_an_article_that_is_back_is_restored() -> None:
    witness = CaptureRef(
        uri_m="20200301000000/https://news.hill.example/1.htm", captured_at="2020-03-01T00:00:00Z", status=404,
        charset=None, warc="w", offset=1, length=2, payload_digest=None,
    )  # fmt: skip
    tombstone = bury(replace(FIRST, revision=2, changes=("body",)), "removed", (witness, witness))
    assert (tombstone.kind, tombstone.revision, tombstone.reason, tombstone.changes) == (
        "tombstone",
        3,
        "removed",
        (),
    )
    assert tombstone.captures == (witness, witness)
    assert tombstone.body == FIRST.body
    restored = revise(tombstone, FIRST)
    assert restored is not None
    assert (restored.kind, restored.revision, restored.reason, restored.changes) == ("revision", 4, "restored", ())


def test_the_text_digest_ignores_white_space_only() -> None:
    assert text_digest("校庆", "一 二\n三") == text_digest("校庆 ", "一二三")
    assert text_digest("校庆", "一二三") != text_digest("校庆", "一二三。")
    assert text_digest("a", "b") != text_digest("ab", None)
    assert text_digest(None, "\ud800").startswith("sha256:")
