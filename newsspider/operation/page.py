"""The page for people: how all sites of an archive do, from their last reports, as one HTML file of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from html import escape
from importlib.resources import files
from string import Template

from newsspider.operation.standing import Standing
from newsspider.operation.status import RANKS, Report, Verdict, field_shares

CHANGES = ("new", "edited", "restored", "missing", "removed")

NONE = "–"
"""Stands for a number where there is none."""


def to_html(standings: Sequence[Standing], *, archive: str, now: datetime) -> str:
    """Return the page, the sites in the order given."""
    counts = Counter(verdict.verdict for _, verdict, _ in standings)
    words = " · ".join(f"{counts[rank]} {rank}" for rank in RANKS if counts[rank])
    template = files("newsspider.operation").joinpath("page.html").read_text("utf-8")
    return Template(template).substitute(
        archive=escape(archive),
        moment=f"{now:%Y-%m-%d %H:%M} UTC",
        words=escape(words or "no sites"),
        rows="\n".join(_site_row(*standing) for standing in standings),
        details="\n".join(_details(*standing) for standing in standings if standing[2]),
    )


def _site_row(site: str, verdict: Verdict, last: Report | None) -> str:
    since = f" <small>since {verdict.since[:10]}</small>" if verdict.since and verdict.verdict != "healthy" else ""
    name = f'<a href="#{escape(site)}">{escape(site)}</a>' if last else escape(site)
    cells = ["", "", "", "", "", "", ""]
    if last:
        changed = last["changed"]
        cells = [
            last["started_at"][:16].replace("T", " "), _duration(last), f"{last['requests']:,}",
            *(f"{sum(changed.get(kind, 0) for kind in kinds):,}" for kinds in (CHANGES[:1], CHANGES[1:3], CHANGES[3:])),
            f"{last['failed']:,}",
        ]  # fmt: skip
    told = "".join(f'<td class="number">{cell}</td>' for cell in cells)
    badge = f'<span class="verdict {verdict.verdict}">{verdict.verdict}</span>'
    return f"<tr><td>{name}</td><td>{badge}</td><td>{escape(verdict.why)}{since}</td>{told}</tr>"


def _duration(report: Report) -> str:
    begun, ended = (datetime.fromisoformat(report[key]) for key in ("started_at", "ended_at"))
    minutes, seconds = divmod(round((ended - begun).total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return (
        f"{hours} h {minutes:02} min" if hours else f"{minutes} min {seconds:02} s" if minutes else f"{seconds} s"
    )


def _details(site: str, verdict: Verdict, last: Report | None) -> str:
    assert last is not None
    is_open = " open" if verdict.verdict in ("broken", "degraded") else ""
    parts = (
        _told(last),
        _sections(last),
        _fields(last),
        _outcomes(last),
        _traps(last),
        _failing(last),
        _hosts(last),
        _changes(last),
    )
    head = f"<summary>{escape(site)} <small>{escape(verdict.why)}</small></summary>"
    return f'<details id="{escape(site)}"{is_open}>{head}{"".join(parts)}</details>'


def _told(last: Report) -> str:
    times = f"{last['started_at']} to {last['ended_at']}"
    tls = last["tls"]["protocol"] if last["tls"] else "none"
    words = (
        f"Run {last['run']}, {times} ({_duration(last)}), ended: {last['reason']}. {last['requests']:,} requests, "
        f"{_size(last['bytes'])}, {last['server_seconds']:.1f} s of the servers' time. TLS: {tls}."
    )
    return f"<p>{escape(words)}</p>" + (f'<p class="error">{escape(last["error"])}</p>' if last["error"] else "")


def _sections(last: Report) -> str:
    names = sorted({*last["sections"], *last["coverage"]})
    rows = []
    for name in names:
        seen, covered = last["sections"].get(name, {}), last["coverage"].get(name, {})
        listed = sum(covered.values())
        missing = ", ".join(f"{count:,} {what}" for what, count in covered.items() if what != "held")
        share = f"{covered.get('held', 0) / listed:.1%}" if listed else NONE
        counts = (seen.get(kind, 0) for kind in ("found", *CHANGES))
        rows.append((name or "(no section)", *counts, seen.get("failed", 0), f"{listed:,}", share, missing))
    heads = ("section", "read", *CHANGES, "failed", "listed", "held", "not held, and why")
    return _table("Sections", heads, rows)


def _fields(last: Report) -> str:
    shares = field_shares(last)
    rows = [(name, _percent(now), _percent(usual)) for name, (now, usual) in shares.items()]
    return _table("Fields found in the last articles, and usually", ("field", "lately", "usually"), rows)


def _percent(share: float | None) -> str:
    return NONE if share is None else f"{share:.0%}"


def _outcomes(last: Report) -> str:
    counted = [*((name, count) for name, count in last["outcomes"].items())]
    counted += [(f"robots.txt: {name}", count) for name, count in last["robots"].items()]
    return _table("Outcomes", ("outcome", "fetches"), [(name, f"{count:,}") for name, count in counted])


def _traps(last: Report) -> str:
    title = "Traps: addresses that differ only in these numbers bring nothing, and are followed no more"
    return _table(title, ("addresses",), [(shape,) for shape in last["traps"]])


def _failing(last: Report) -> str:
    rows = [(one["section"] or "", _Link(uri), one["why"]) for uri, one in last["failing"].items()]
    title = f"Failed ({last['failed']:,}); the next run asks again"
    return _table(title, ("section", "page", "why"), rows)


def _hosts(last: Report) -> str:
    rows = [
        (
            host, f"{one['requests']:,}", _size(one["bytes"]), f"{one['seconds']:.1f} s",
            NONE if one["shortest_gap"] is None else f"{one['shortest_gap']:.2f} s",
            one["refusals"], f"{one['longest_pause']:.0f} s",
        )
        for host, one in last["hosts"].items()
    ]  # fmt: skip
    heads = ("host", "requests", "bytes", "server at work", "shortest gap", "refusals", "longest pause")
    return _table("Politeness", heads, rows)


def _changes(last: Report) -> str:
    total = sum(last["changed"].values())
    rows = [
        (one["kind"], _Link(one["url"], one["title"] or one["url"]), ", ".join(one["changes"]))
        for one in last["changes"]
    ]
    more = f", the first {len(rows)}" if len(rows) < total else ""
    return _table(f"Changes ({total:,}{more})", ("what", "article", "fields"), rows)


class _Link:
    """A cell that is a link."""

    def __init__(self, uri: str, text: str | None = None) -> None:
        self.uri, self.text = uri, text or uri

    def __str__(self) -> str:
        text = escape(self.text)
        # The addresses of a site are a stranger's words: javascript: and the like are shown, not linked.
        is_web = self.uri.startswith(("http://", "https://"))
        return f'<a href="{escape(self.uri)}" rel="noreferrer">{text}</a>' if is_web else text


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a table, or nothing where there are no rows. Columns of numbers, never the first, stand on the right."""
    if not rows:
        return ""
    kinds = ["", *(' class="number"' if _is_number(value) else "" for value in rows[0][1:])]
    head = "".join(f"<th{kind}>{escape(name)}</th>" for name, kind in zip(heads, kinds, strict=True))
    body = "".join(
        f"<tr>{''.join(f'<td{kind}>{_text(value)}</td>' for value, kind in zip(row, kinds, strict=True))}</tr>"
        for row in rows
    )
    return f"<table><caption>{escape(title)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _is_number(value: object) -> bool:
    return not isinstance(value, _Link) and (str(value)[:1].isdigit() or value == NONE)


def _text(value: object) -> str:
    return str(value) if isinstance(value, _Link) else escape(str(value))


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count >= 1e6 else f"{count / 1e3:,.1f} kB"
