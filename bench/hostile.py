"""The hostile test web as a table: what each host does, and what a crawl of all of them came to.

    python -m bench.hostile > table.md

Crawls every case of ``tests/hostile/cases`` in one process with the real spider, as the tests do. The numbers are
those of the servers' logs; the outcomes and the words are those of the archive.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from time import process_time
from types import ModuleType

from pipelines.model import FoundBy
from tests.hostile.cases import codings, pages, redirects, refusals, robots, secure, transport, traps
from tests.hostile.cases.case import Case
from tests.hostile.web import most_in_window
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


def main() -> None:
    """Crawl, and print the tables."""
    began = process_time()
    cases = [case for module in GROUPS.values() for case in module.CASES]
    with tempfile.TemporaryDirectory() as folder:
        web = crawl_cases(Path(folder), cases)
        for title, module in GROUPS.items():
            print(f"### {title}\n\n| host | outcome | requests | in the archive |\n|---|---|---|---|")
            for case in module.CASES:
                print(
                    f"| {case.name} | {outcome(web, case)} | {len(web.hosts[site_id(case)].log)} | {words(web, case)} |"
                )
            print()
        kept = sum(len(web.crawled.records(f"neighbour-{number}")) for number in range(NEIGHBOURS))
        faults = [fault for id in web.crawled.sites for fault in web.crawled.faults(id)]
    late = [case.name for case in cases if most_in_window(web.hosts[site_id(case)].log, case.delay) > 1]
    print(
        f"{len(cases)} hosts; {len(faults)} faults found by «verify --full» in their archives; more than one request"
        f" within the delay: {len(late)}; articles of the {NEIGHBOURS} neighbours: {kept} of {NEIGHBOURS * ARTICLES};"
        f" resident memory grew by {web.crawled.grown >> 20} MiB at its peak; the longest that the event loop was at one thing: {web.crawled.stall:.1f} s;"
        f" {process_time() - began:.0f} s of processor time."
    )
    sys.exit(bool(faults or late or kept < NEIGHBOURS * ARTICLES))


def outcome(web: Web, case: Case) -> str:
    """Return what the fetches that matter came to."""
    found = web.crawled.outcomes(site_id(case))
    told = {path: found[path] for path in case.outcomes if path not in ("/", "/good.htm") and path in found}
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
    """Return the sentence that stands beside the last exchange."""
    said = web.crawled.errors_of(site_id(case))
    return said.get("/robots.txt" if case.robots else "/case.htm", "")


if __name__ == "__main__":
    main()
