"""What reports become: the page for people, and metrics for Prometheus."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from lxml import html

from newsspider.operation.metrics import to_textfile
from newsspider.operation.page import to_html
from newsspider.operation.report import make_report
from newsspider.operation.status import judge
from newsspider.operation.tally import Tally
from pipelines.model import Outcome
from tests.commandline import newsspider
from tests.newsspider.operation.living import Keeper, LivingSite, served

if TYPE_CHECKING:
    from pathlib import Path

    from newsspider.operation.standing import Standing

NOW = datetime(2026, 3, 6, 1, tzinfo=UTC)
NASTY = 'https://hill.example/"><script>alert(1)</script>\\\n'


@pytest.fixture(scope="module")
def site() -> LivingSite:
    return LivingSite()


@pytest.fixture(scope="module")
def kept(site: LivingSite, tmp_path_factory: pytest.TempPathFactory) -> Keeper:
    """A site that was visited three times, and at last answered one page with an error."""
    folder = tmp_path_factory.mktemp("kept")
    with pytest.MonkeyPatch.context() as patch, served(site) as origin:
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        keeper = Keeper(folder, origin)
        keeper.run()
        site.publish(2)
        keeper.next_day()
        site.publish(1)
        site.failing = {f"/info/1001/{site.numbers['list'][-1]}.htm"}
        keeper.next_day()
    return keeper


@pytest.fixture(scope="module")
def page(kept: Keeper, tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("page") / "report.html"
    ran = newsspider("report", "--archive", str(kept.archive.root), "--html", str(path), home=path.parent)
    assert (ran.code, ran.out) == (0, "")
    return html.fromstring(path.read_bytes())


def table(page: Any, caption: str) -> list[dict[str, str]]:
    """Return the rows of the table with a caption that begins so."""
    (found,) = [one for one in page.iter("table") if one.findtext("caption", "").startswith(caption)]
    heads = [one.text_content() for one in found.iter("th")]
    rows = [[cell.text_content() for cell in row.iter("td")] for row in found.iter("tr")]
    return [dict(zip(heads, row, strict=True)) for row in rows if row]


def test_the_page_names_each_section_with_what_is_held_and_why_not(page: Any) -> None:
    news, notices = table(page, "Sections")
    assert (news["section"], news["new"], news["failed"], news["listed"]) == ("要闻", "0", "1", "28")
    assert (news["held"], news["not held, and why"]) == ("96.4%", "1 server_error")
    assert (notices["section"], notices["held"]) == ("通知公告", "100.0%")


def test_the_page_names_what_failed(page: Any) -> None:
    (failed,) = table(page, "Failed (1)")
    assert failed["page"].endswith("/info/1001/28.htm")
    assert (failed["section"], failed["why"]) == ("要闻", "server_error")


def test_the_page_holds_fields_against_the_past_of_the_site(page: Any) -> None:
    fields = {row["field"]: (row["lately"], row["usually"]) for row in table(page, "Fields")}
    assert fields["published"] == ("100%", "100%")
    assert fields["author"] == ("0%", "0%")


def test_the_page_tells_how_hosts_were_treated(page: Any, kept: Keeper) -> None:
    (host,) = table(page, "Politeness")
    assert host["host"] == kept.site.seeds[0].split("/")[2]
    assert host["refusals"] == "0"


def test_the_page_runs_nothing_and_loads_nothing(page: Any) -> None:
    assert not page.xpath("//script | //link | //img | //@onclick | //@src")


def test_what_sites_say_stays_text() -> None:
    tally = Tally(requests=1, failing={NASTY: (NASTY, NASTY), "javascript:alert(1)": (None, "x")})
    tally.outcomes[Outcome.OK] += 1
    tally.host(NASTY)
    standings: list[Standing] = [("hill", judge(last := _report(tally), NOW), last)]
    page = html.fromstring(to_html(standings, archive=NASTY, now=NOW))
    assert not page.xpath("//script")
    assert all(href.startswith(("#", "http")) for href in page.xpath("//@href"))
    assert any(NASTY.strip() in cell.text_content() for cell in page.iter("td"))
    assert 'host="https://hill.example/\\"><script>alert(1)</script>\\\\\\n"' in to_textfile(standings)


def _report(tally: Tally) -> dict[str, Any]:
    return make_report(
        tally, site="hill", run="r", started_at=NOW, ended_at=NOW + timedelta(seconds=90), reason="finished"
    )


LINE = re.compile(r'(?P<name>[a-z_]+)\{(?P<labels>(?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)+)\} (?P<value>-?[0-9.e+]+)')


def test_the_metrics_are_in_the_format_of_prometheus(kept: Keeper, tmp_path: Path) -> None:
    """What ``promtool check metrics`` looks at: each metric once, with help and type before its samples."""
    path = tmp_path / "newsspider.prom"
    ran = newsspider("report", "--archive", str(kept.archive.root), "--prometheus", str(path), home=tmp_path)
    assert (ran.code, ran.out) == (0, "")
    text = path.read_text("utf-8")
    assert text.endswith("\n")
    declared: list[str] = []
    seen: set[str] = set()
    samples: dict[str, float] = {}
    for line in text.splitlines():
        if line.startswith("# HELP "):
            declared.append(line.split(" ")[2])
            assert line.split(" ", 3)[3].endswith(".")
        elif line.startswith("# TYPE "):
            assert line.split(" ")[2:] == [declared[-1], "gauge"]
        else:
            match = LINE.fullmatch(line)
            assert match, line
            assert match["name"] == declared[-1]
            assert line.rpartition(" ")[0] not in seen
            seen.add(line.rpartition(" ")[0])
            samples[line.rpartition(" ")[0]] = float(match["value"])
    assert len(declared) == len(set(declared))
    assert not any(name.endswith(("_total", "_count", "_sum", "_bucket")) for name in declared)
    assert samples['newsspider_section_pages{site="hill",section="要闻",state="held"}'] == 27
    assert samples['newsspider_run_failed_pages{site="hill"}'] == 1
    assert (
        samples['newsspider_run_start_timestamp_seconds{site="hill"}']
        == kept.clock.now().timestamp() // 86400 * 86400 + 3600
    )
