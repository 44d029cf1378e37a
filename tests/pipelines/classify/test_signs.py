"""Every sign recognises the case that it was made for, alone on a page and in a site's frame."""

import pytest

from pipelines.classify import classify
from pipelines.classify.signs import SIGNS, Sign
from pipelines.model import PageKind
from tests.pipelines.classify.pages import framed, page

IDS = [f"{sign.outcome}-{sign.where}-{sign.case[:24]}" for sign in SIGNS]


@pytest.mark.parametrize("sign", SIGNS, ids=IDS)
def test_matches_its_case(sign: Sign) -> None:
    assert sign.pattern.search(sign.case)


@pytest.mark.parametrize("sign", [sign for sign in SIGNS if sign.where == "line"], ids=lambda sign: sign.case[:24])
def test_a_line_alone(sign: Sign) -> None:
    verdict = classify(page(f"<html><body><p>{sign.case}</p></body></html>"))
    assert verdict.kind is PageKind.OTHER
    assert verdict.outcome is sign.outcome, verdict.evidence


@pytest.mark.parametrize("sign", [sign for sign in SIGNS if sign.where == "line"], ids=lambda sign: sign.case[:24])
def test_a_line_in_a_frame(sign: Sign) -> None:
    verdict = classify(page(framed(f"<div>{sign.case}</div>"), "http://x.edu.cn/info/1001/2345.htm"))
    assert verdict.kind is PageKind.OTHER
    assert verdict.outcome is sign.outcome, verdict.evidence


@pytest.mark.parametrize("sign", [sign for sign in SIGNS if sign.where == "title"], ids=lambda sign: sign.case[:24])
def test_a_title(sign: Sign) -> None:
    verdict = classify(page(f"<html><head><title>{sign.case}</title></head><body><p>-</p></body></html>"))
    assert verdict.outcome is sign.outcome, verdict.evidence


@pytest.mark.parametrize(
    "sign", [sign for sign in SIGNS if sign.where == "source"], ids=lambda sign: sign.case[:24]
)
def test_a_token_counts_only_where_nothing_can_be_read(sign: Sign) -> None:
    case = sign.case if "<" in sign.case else f"<script>{sign.case}</script>"
    assert classify(page(f"<html><head>{case}</head><body></body></html>")).outcome is sign.outcome
    news = "<p>5月1日，学校召开信息化建设工作推进会，传达学习上级文件精神，部署下一阶段重点任务。</p>" * 12
    assert classify(page(framed(f"{case}<h1>会议</h1>{news}"))).kind is PageKind.ARTICLE


@pytest.mark.parametrize("sign", [sign for sign in SIGNS if sign.where == "uri"], ids=lambda sign: sign.case)
def test_an_address(sign: Sign) -> None:
    assert classify(page("<p>-</p>", sign.case)).outcome is sign.outcome


@pytest.mark.parametrize(
    "sign", [sign for sign in SIGNS if sign.where == "source"], ids=lambda sign: sign.case[:24]
)
def test_searches_a_whole_source(sign: Sign) -> None:
    for part in ("document.cookie=", "$_t", "arg1='", "<script>"):
        assert not sign.pattern.search(part * 40_000)
