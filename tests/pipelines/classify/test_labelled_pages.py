"""The labelled pages: every kind and outcome as labelled, no false article."""

import json
from pathlib import Path

import pytest

from pipelines.classify import classify
from pipelines.document import open_document
from pipelines.model import Outcome, PageKind
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared

LABELS = sorted(SHARED.glob("pages/*/*.json")) if SHARED else []
MISLABELLED = {"zh-78bee51d": Outcome.SOFT_404}
"""The error page of a forum (发生错误, 错误的版面参数), labelled as an article."""
WORDS = {"wechat_verify": Outcome.CHALLENGE, "home": PageKind.HOME, "search": PageKind.SEARCH}


@pytest.mark.parametrize("path", LABELS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_kind_and_outcome(path: Path) -> None:
    label = json.loads(path.read_text("utf-8"))
    uri = label.get("url") or "http://example.edu.cn/page.html"
    verdict = classify(open_document(path.with_suffix(".html").read_bytes(), uri=uri))
    if path.stem in MISLABELLED:
        assert verdict.outcome is MISLABELLED[path.stem]
    elif path.parent.name == "notarticles":
        expected = WORDS.get(label["outcome"]) or Outcome(label["outcome"])
        assert expected in (verdict.kind, verdict.outcome), verdict.evidence
        assert verdict.kind is not PageKind.ARTICLE
    else:
        kind = PageKind.LISTING if path.parent.name == "lists" else PageKind.ARTICLE
        assert (verdict.kind, verdict.outcome) == (kind, Outcome.OK), verdict.evidence
