"""The report of a run: what it did at a site, as a value and as ``runs/<run>.json``.

A report is a journal, not a view: it tells what a run saw, and no rebuild makes it again. A run that is killed
leaves none.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

from newsspider.capture import disk
from newsspider.operation.memory import NOTHING, remember
from newsspider.operation.status import judge_run
from newsspider.operation.tally import FILLED, MOST_NAMED
from pipelines.errors import DamagedError
from pipelines.store.records import to_dict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from newsspider.operation.tally import Tally


def make_report(
    tally: Tally,
    *,
    site: str,
    run: str,
    started_at: datetime,
    ended_at: datetime,
    reason: str,
    error: BaseException | None = None,
    coverage: dict[str, dict[str, int]] | None = None,
    traps: Sequence[str] = (),
    before: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the report of a run as plain values: what ``runs/<run>.json`` holds.

    ``traps`` are the shapes of addresses that are followed no more; ``before`` is the report of the run before, whose
    memory it goes on with.
    """
    sections = {name: Counter(counts) for name, counts in tally.sections.items()}
    for section, _ in tally.failing.values():
        sections.setdefault(section or "", Counter())["failed"] += 1
    report = {
        "site": site,
        "run": run,
        "started_at": started_at.isoformat(timespec="seconds"),
        "ended_at": ended_at.isoformat(timespec="seconds"),
        "reason": reason,
        "error": str(error) if error is not None else None,
        "requests": tally.requests,
        "answers": tally.answers,
        "bytes": tally.bytes,
        "tls": to_dict(tally.tls),
        "server_seconds": round(tally.seconds, 3),
        "hosts": {host: one.to_dict() for host, one in sorted(tally.hosts.items())},
        "robots": {str(outcome): count for outcome, count in sorted(tally.robots.items())},
        "outcomes": {str(outcome): count for outcome, count in sorted(tally.outcomes.items())},
        "seeds": {uri: str(outcome) for uri, outcome in sorted(tally.seeds.items())},
        "listings": tally.listings,
        "rows": dict(sorted(tally.rows.items())[:MOST_NAMED]),
        "articles": tally.articles,
        "filled": {name: tally.filled[name] for name in FILLED},
        "sections": {name: dict(counts) for name, counts in sorted(sections.items())},
        "coverage": coverage or {},
        "traps": list(traps[:MOST_NAMED]),
        "changed": dict(tally.changed),
        "changes": to_dict(tally.changes),
        "failing": {
            uri: {"section": section, "why": why}
            for uri, (section, why) in sorted(tally.failing.items())[:MOST_NAMED]
        },
        "failed": len(tally.failing),
        "memory": remember(
            before["memory"] if before else NOTHING,
            tally,
            started_at=started_at,
            last_started_at=datetime.fromisoformat(before["started_at"]) if before else None,
        ),
    }  # fmt: skip
    report["verdict"] = to_dict(judge_run(report, before))
    return report


def write_report(folder: Path, report: dict[str, Any]) -> None:
    """Write a report to the ``runs`` folder of a site."""
    runs = folder / "runs"
    disk.make_folder(runs, within=folder)
    disk.write_file(
        runs / f"{report['run']}.json", json.dumps(to_dict(report), ensure_ascii=False, indent=1).encode()
    )


def read_last_report(folder: Path) -> dict[str, Any] | None:
    """Return the last report of a site; None where no run has reported yet."""
    return next(read_reports(folder, last=1), None)


def read_reports(folder: Path, *, last: int) -> Iterator[dict[str, Any]]:
    """Yield the last reports of a site, the newest first."""
    for path in sorted((folder / "runs").glob("*.json"), reverse=True)[:last]:
        try:
            yield json.loads(path.read_bytes())
        except ValueError as error:
            raise DamagedError(f"{path}: is no report ({error}); delete it, nothing hangs on it.") from error
