"""The views together: articles of several pages, damage to the ledger, and a WARC that lost what was read from it."""

import pytest

from newsspider.frontier.database import SEAL
from pipelines.model import Outcome
from pipelines.store.warc import read_captures
from tests.newsspider.archive.small_site import FIRST, LIST, SECOND, THIRD, Crawl


def bodies(crawl: Crawl) -> list[str | None]:
    return [line.body for line in crawl.lines()]


def test_the_pages_of_an_article_become_one_record(crawl: Crawl) -> None:
    with crawl.run():
        assert crawl.fetch(FIRST, "一") is None
        assert crawl.fetch(THIRD, "三") is None
        assert crawl.fetch(SECOND, "二") == "new"
    (line,) = crawl.lines()
    assert line.body == "一\n二\n三"
    assert [ref.uri_m[15:] for ref in line.captures] == [FIRST, SECOND, THIRD]


def test_an_edited_further_page_edits_the_article(crawl: Crawl) -> None:
    with crawl.run():
        for uri, body in ((FIRST, "一"), (SECOND, "二"), (THIRD, "三")):
            crawl.fetch(uri, body)
    with crawl.run():
        assert crawl.fetch(FIRST, "一") is None
        assert crawl.fetch(SECOND, "贰") == "edited"
        assert crawl.fetch(THIRD, "三") is None
    assert bodies(crawl) == ["一\n二\n三", "一\n贰\n三"]


@pytest.mark.parametrize("answer", [{"status": 304}, {"status": 404}, {}, {"body": "challenge"}], ids=str)
def test_a_further_page_that_does_not_answer_changes_nothing(crawl: Crawl, answer: dict[str, object]) -> None:
    with crawl.run():
        for uri, body in ((FIRST, "一"), (SECOND, "二"), (THIRD, "三")):
            crawl.fetch(uri, body)
    for _ in range(3):
        with crawl.run():
            told = {"body": "", **answer} if "status" in answer else answer
            assert crawl.fetch(SECOND, **told) is None  # type: ignore[arg-type]
    assert bodies(crawl) == ["一\n二\n三"]


def test_a_further_page_that_is_gone_does_not_bury_the_article(crawl: Crawl) -> None:
    with crawl.run():
        for uri, body in ((FIRST, "一"), (SECOND, "二"), (THIRD, "三")):
            crawl.fetch(uri, body)
    with crawl.run():
        crawl.fetch(SECOND, "challenge")
    for _ in range(2):
        with crawl.run():
            assert crawl.fetch(SECOND, "", status=404) is None
    assert [line.kind for line in crawl.lines()] == ["revision"]


def test_an_article_is_gone_with_its_first_page_though_the_others_answer(crawl: Crawl) -> None:
    with crawl.run():
        for uri, body in ((FIRST, "一"), (SECOND, "二"), (THIRD, "三")):
            crawl.fetch(uri, body)
    with crawl.run():
        assert crawl.fetch(FIRST, "", status=404) == "missing"
        assert crawl.fetch(SECOND, "二") is None
    with crawl.run():
        assert crawl.fetch(FIRST, "", status=404) == "removed"
        assert crawl.fetch(SECOND, "贰") is None
    assert [line.kind for line in crawl.lines()] == ["revision", "tombstone"]


def test_a_page_that_never_answered_is_left_out_and_the_line_cites_the_attempt(crawl: Crawl) -> None:
    with crawl.run():
        crawl.fetch(FIRST, "一")
        crawl.fetch(SECOND, "二")
        assert crawl.fetch(THIRD, "", status=404) == "new"
    (line,) = crawl.lines()
    assert line.body == "一\n二"
    assert [(ref.uri_m[15:], ref.status) for ref in line.captures] == [(FIRST, 200), (SECOND, 200), (THIRD, 404)]
    with crawl.run():
        assert crawl.fetch(THIRD, "三") == "edited"


def test_every_line_is_found_again_when_the_index_is_lost(crawl: Crawl) -> None:
    with crawl.run():
        crawl.fetch(FIRST, "一")
        crawl.fetch(SECOND, "二")
        crawl.fetch(THIRD, "", status=404)
    with crawl.run():
        crawl.fetch(SECOND, "贰")
        crawl.fetch(THIRD, status=404, body="")
    before = crawl.lines()
    (crawl.folder / "ledger.sqlite").unlink()
    with crawl.run():
        assert crawl.fetch(SECOND, "贰") is None
        assert crawl.fetch(SECOND, "两") == "edited"
    assert [(line.revision, line.body) for line in crawl.lines()] == [(1, "一\n二"), (2, "一\n贰"), (3, "一\n两")]
    assert crawl.lines()[:2] == before


# ── damage ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_kill_before_the_first_commit_is_made_good(crawl: Crawl) -> None:
    with crawl.run(close=False):
        assert crawl.fetch(SECOND, "二") == "new"
    with crawl.run():
        assert crawl.fetch(SECOND, "二") is None
    assert bodies(crawl) == ["二"]


@pytest.mark.parametrize("place", [0, 30, 5000, -1])
def test_a_flipped_bit_in_a_closed_ledger_is_noticed(crawl: Crawl, place: int) -> None:
    with crawl.run():
        crawl.fetch(FIRST, "一")
    path = crawl.folder / "ledger.sqlite"
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    with crawl.run():
        assert crawl.replayed == [LIST, FIRST]
        assert crawl.outcome(FIRST) is Outcome.OK


def test_the_seal_is_on_a_closed_ledger_only(crawl: Crawl) -> None:
    seal = crawl.folder / f"ledger.sqlite{SEAL}"
    with crawl.run():
        assert not seal.exists()
    assert len(seal.read_text()) == 64
    with crawl.run(close=False):
        pass
    assert not seal.exists()


def test_a_warc_that_lost_what_was_read_from_it_is_reported_and_the_crawl_goes_on(crawl: Crawl) -> None:
    with crawl.run():
        crawl.fetch(FIRST, "一")
        crawl.fetch(SECOND, "二")
        crawl.fetch(THIRD, "三")
    (path,) = (crawl.folder / "warc").glob("*.warc.gz")
    *_, last = read_captures(path)
    assert last.place is not None
    path.write_bytes(path.read_bytes()[: last.place.offset])
    with crawl.run():
        assert crawl.fetch(THIRD, "三") is None
    (damage,) = crawl.recovery.damage
    assert (damage.warc, damage.start) == (path.name, last.place.offset)
    assert "holds less than what was read from it before; put it back from a copy" in damage.message
    assert bodies(crawl) == ["一\n二\n三"]
