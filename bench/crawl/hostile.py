"""``make bench-hostile``: the hostile test web as a table: what each host does, and what a crawl of all of them came to.

Crawls every case of ``tests/hostile/cases`` in one process with the real spider, as the tests do. The numbers are
those of the servers' logs; the outcomes and the words are those of the archive.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from time import process_time
from types import ModuleType

from pipelines.model import FoundBy
from tests.hostile.cases import codings, pages, redirects, refusals, robots, secure, transport, traps
from tests.hostile.cases.case import Case
from tests.hostile.web import Host, most_in_window
from tests.hostile.whole import ARTICLES, NEIGHBOURS, Web, crawl_cases, site_id

GROUPS: dict[str, ModuleType] = {
    "Answers that break off, never end, or are no HTTP": transport,
    "Content codings": codings,
    "TLS": secure,
    "Redirects": redirects,
    "robots.txt": robots,
    "Refusals": refusals,
    "Pages that are none, or hard to read": pages,
    "Sites without an end": traps,
}

ORIGIN = re.compile(r"(https?://)?127[.]0[.]0[.]1:[0-9]+")


def main() -> None:
    """Crawl, and print the tables."""
    began = process_time()
    cases = [case for module in GROUPS.values() for case in module.CASES]
    with tempfile.TemporaryDirectory() as folder:
        web = crawl_cases(Path(folder), cases)
        for title, module in GROUPS.items():
            print(
                f"### {title}\n\n| host | outcome | requests | between two | in the archive |\n|---|---|---|---|---|"
            )
            for case in module.CASES:
                host = web.hosts[site_id(case)]
                cells = (case.name, outcome(web, case), len(host.log), gaps(host), words(web, case))
                print(f"| {' | '.join(map(str, cells))} |")
            print()
        kept = sum(len(web.crawled.records(f"neighbour-{number}")) for number in range(NEIGHBOURS))
        faults = [fault for id in web.crawled.sites for fault in web.crawled.faults(id)]
    late = [case.name for case in cases if most_in_window(web.hosts[site_id(case)].log, case.delay) > 1]
    print(
        f"{len(cases)} hosts; {len(faults)} faults found by «verify --full» in their archives; more than one request"
        f" within the delay: {len(late)}; articles of the {NEIGHBOURS} neighbours: {kept} of {NEIGHBOURS * ARTICLES};"
        f" resident memory grew by {web.crawled.grown >> 20} MiB at its peak; the event loop was at one thing for"
        f" {web.crawled.stall:.1f} s at most;"
        f" {process_time() - began:.0f} s of processor time."
    )
    sys.exit(bool(faults or late or kept < NEIGHBOURS * ARTICLES))


def outcome(web: Web, case: Case) -> str:
    """Return what the fetches that matter came to."""
    found = web.crawled.outcomes(site_id(case))
    told = {path: found[path] for path in ("/case.htm", *case.outcomes) if path in found}
    told = {path: each for path, each in told.items() if path not in ("/", "/good.htm")}
    if case.robots is not None:
        last = [
            reading.outcome
            for capture, reading in web.crawled.captures(site_id(case))
            if capture.hints.found_by is FoundBy.ROBOTS
        ]
        return f"robots.txt `{last[-1]}`, all pages `{found['/']}`"
    if not told:
        told = {"/": found["/"]} if case.records == 0 else {"/good.htm": found["/good.htm"]}
    if len(told) == 1:
        return " ".join(f"`{each}`" for each in told.values())
    return ", ".join(f"{path} `{each}`" for path, each in told.items())


def words(web: Web, case: Case) -> str:
    """Return the sentence that stands beside the last exchange, and what is reported as a trap."""
    said = web.crawled.errors_of(site_id(case))
    traps = [f"trap: {shape}" for shape in web.crawled.traps(site_id(case))]
    told = [*traps, said.get("/robots.txt" if case.robots else "/case.htm", "")]
    return ORIGIN.sub("", "; ".join(filter(None, told)))


def gaps(host: Host) -> str:
    """Return the shortest and the longest time from one request to the next."""
    spans = sorted({round(gap) for gap in host.gaps()})
    return "–".join(f"{span}" for span in dict.fromkeys((spans[0], spans[-1]))) + " s" if spans else ""


if __name__ == "__main__":
    main()
