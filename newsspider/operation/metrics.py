"""What Prometheus reads of an archive: the textfile format of node_exporter, from the last reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from newsspider.operation.status import RANKS, Report, field_shares

if TYPE_CHECKING:
    from newsspider.operation.standing import Standing

Sample = tuple[dict[str, str], float]
"""Labels and value."""

HELP = {
    "newsspider_site_verdict": "1 for the verdict on the site that holds now, 0 for the others.",
    "newsspider_run_start_timestamp_seconds": "When the last run began.",
    "newsspider_run_end_timestamp_seconds": "When the last run ended.",
    "newsspider_run_requests": "Requests of the last run.",
    "newsspider_run_received_bytes": "Bytes that the last run received.",
    "newsspider_run_failed_pages": "Pages that the last run could not fetch.",
    "newsspider_run_outcomes": "Fetches of the last run by outcome.",
    "newsspider_run_changes": "Articles that the last run found new, edited, missing, removed.",
    "newsspider_section_pages": "Pages that listings of the section name, by where they stand.",
    "newsspider_field_share": "Share of the last articles in which a field was found, and the usual one.",
    "newsspider_host_requests": "Requests of the last run to a host.",
    "newsspider_host_shortest_gap_seconds": "Shortest time between two requests to a host.",
    "newsspider_host_refusals": "Refusals of a host in the last run (429, 503, time-outs).",
}
"""Metrics, in their order. All are gauges: each run says anew how things are."""


def to_textfile(standings: Sequence[Standing]) -> str:
    """Return the metrics of all sites (Prometheus text format 0.0.4)."""
    samples: dict[str, list[Sample]] = {name: [] for name in HELP}
    for site, verdict, last in standings:
        for rank in RANKS:
            labels = {"site": site, "verdict": rank}
            samples["newsspider_site_verdict"].append((labels, float(verdict.verdict == rank)))
        for name, labels, value in _of_run(last) if last else ():
            samples[name].append(({"site": site, **labels}, value))
    lines = []
    for name, help_text in HELP.items():
        lines += [f"# HELP {name} {help_text}", f"# TYPE {name} gauge"]
        lines += [f"{name}{{{_labels(labels)}}} {value:.15g}" for labels, value in samples[name]]
    return "\n".join(lines) + "\n"


def _of_run(last: Report) -> Iterator[tuple[str, dict[str, str], float]]:
    for name in ("start", "end"):
        moment = datetime.fromisoformat(last[f"{name}ed_at"])
        yield f"newsspider_run_{name}_timestamp_seconds", {}, moment.timestamp()
    yield "newsspider_run_requests", {}, last["requests"]
    yield "newsspider_run_received_bytes", {}, last["bytes"]
    yield "newsspider_run_failed_pages", {}, last["failed"]
    for outcome, count in last["outcomes"].items():
        yield "newsspider_run_outcomes", {"outcome": outcome}, count
    for kind, count in last["changed"].items():
        yield "newsspider_run_changes", {"kind": kind}, count
    for section, counts in last["coverage"].items():
        for state, count in counts.items():
            yield "newsspider_section_pages", {"section": section, "state": state}, count
    for field, shares in field_shares(last).items():
        for when, share in zip(("lately", "usually"), shares, strict=True):
            if share is not None:
                yield "newsspider_field_share", {"field": field, "when": when}, share
    for host, one in last["hosts"].items():
        yield "newsspider_host_requests", {"host": host}, one["requests"]
        yield "newsspider_host_refusals", {"host": host}, one["refusals"]
        if one["shortest_gap"] is not None:
            yield "newsspider_host_shortest_gap_seconds", {"host": host}, one["shortest_gap"]


def _labels(labels: dict[str, str]) -> str:
    return ",".join(f'{name}="{_escape(value)}"' for name, value in labels.items())


def _escape(value: str) -> str:
    return value.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")
