"""What a webmaster may be sent: how a host was treated, run by run, in plain text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def write_letter(host: str, treatment: Sequence[dict[str, Any]], *, contact: str | None) -> str:
    """Return the text; ``treatment`` has the runs that asked something of the host, the oldest first."""
    if not treatment:
        return f"{host} was not asked anything in the runs that are on record.\n"
    requests = sum(one["requests"] for one in treatment)
    refusals = sum(one["refusals"] for one in treatment)
    gaps = [one["shortest_gap"] for one in treatment if one["shortest_gap"] is not None]
    lines = [
        f"How newsspider treated {host}",
        "",
        f"{len(treatment)} runs, {treatment[0]['first_at'][:10]} to {treatment[-1]['last_at'][:10]}: "
        f"{requests:,} requests, {sum(one['bytes'] for one in treatment) / 1e6:,.1f} MB sent by the server, "
        f"which was at work for {sum(one['seconds'] for one in treatment):,.0f} s.",
        f"Shortest time between two requests: {min(gaps):.2f} s." if gaps else "Never two requests in one run.",
        f"Refusals (429, 503, time-outs, closed connections): {refusals}."
        + (
            f" Longest pause after one: {max(one['longest_pause'] for one in treatment):.0f} s." if refusals else ""
        ),
        "",
        "first request (UTC)   last (UTC)  requests        MB  shortest gap  refusals",
    ]
    for one in treatment:
        gap = "–" if one["shortest_gap"] is None else f"{one['shortest_gap']:.2f} s"
        lines.append(
            f"{one['first_at'][:19].replace('T', ' ')}   {one['last_at'][11:19]}  {one['requests']:>10,}"
            f"  {one['bytes'] / 1e6:>8,.1f}  {gap:>12}  {one['refusals']:>8}"
        )
    lines += [
        "",
        "It obeys robots.txt with Crawl-delay and Request-rate, waits out Retry-After, asks conditionally for pages that",
        "it holds, and backs off from errors. To be asked more slowly or not at all, say so in robots.txt"
        + (f", or to {contact}." if contact else "."),
    ]
    return "\n".join(lines) + "\n"
