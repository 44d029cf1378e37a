"""``newsspider politeness``: what the crawl asked of a host, for its webmaster."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from newsspider.commands.options import ArchiveOption, JsonOption

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsspider.archive.folder import Archive
    from newsspider.operation.visits import Account, Visit


MANNERS = """
The crawl obeys robots.txt with Crawl-delay and Request-rate, waits out Retry-After, asks conditionally for pages that it
holds, and backs off from errors. To be asked more slowly or not at all, say so in robots.txt"""

PORT = re.compile(r":[0-9]{1,5}\Z")


def politeness(
    host: Annotated[
        str, typer.Argument(metavar="HOST", help="A host, or a domain with all its hosts, or an address there.")
    ],
    days: Annotated[int, typer.Option("--days", metavar="N", help="The last N days.", min=1, max=36500)] = 30,
    log: Annotated[bool, typer.Option("--log", help="Print every request, in the form of a server's log.")] = False,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """Say what was asked of a host, how fast, and how it answered: a report that can be sent to its webmaster.

    It is made from the archive's WARC, which holds every request. With --log it is one line a request, in Apache's
    combined form, to be held against the server's own log.
    """
    from newsspider.archive.folder import find_archive, open_archive
    from newsspider.clock import Clock
    from newsspider.operation.visits import account_for
    from newsspider.printing import print_json
    from pipelines.errors import InputError
    from pipelines.store.records import to_dict
    from pipelines.uri import host_of

    if log and json:
        raise InputError("choose one of --log and --json.")
    held = open_archive(find_archive(archive))
    now = Clock().now()
    host = host_of(host) if "://" in host else host.lower()
    visits = _find_visits(held, host, days)
    if not visits:
        raise InputError(
            f"{host}: {held.root} holds no request to it of the last {days} days; check HOST and --days."
        )
    if log:
        for visit in visits:
            if visit.line:
                print(visit.to_log_line())
        return
    hosts = {name: account_for(some) for name, some in _by(lambda visit: host_of(visit.uri), visits).items()}
    dates = {day: account_for(some) for day, some in _by(lambda visit: f"{visit.at:%Y-%m-%d}", visits).items()}
    whole = account_for(visits)
    if json:
        print_json({"host": host, "all": to_dict(whole), "hosts": to_dict(hosts), "days": to_dict(dates)})
        return
    print(f"Requests to {host} by newsspider, {now - timedelta(days=days):%Y-%m-%d} to {now:%Y-%m-%d} (UTC)\n")
    _print_account(whole, visits)
    if len(hosts) > 1:
        _print_accounts("host", hosts)
    _print_accounts("day (UTC)", dates)
    contact = held.settings().contact
    print(f"{MANNERS}{f', or to {contact}' if contact else ''}.")


def _find_visits(archive: Archive, host: str, days: int) -> list[Visit]:
    """Return the visits to a host, in order of time, of all sites that may have led there."""
    from newsspider.archive.folder import site_file
    from newsspider.clock import Clock
    from newsspider.operation.visits import read_visits
    from newsspider.sites import parse_site
    from pipelines.uri import host_of, registrable_domain

    since = Clock().now() - timedelta(days=days)
    found: list[Visit] = []
    for site_id in archive.site_ids():
        text = site_file(archive, site_id)
        if text is None:
            continue
        site = parse_site(text, name=site_id, allow_private=True)
        if registrable_domain(_bare(host)) not in (registrable_domain(_bare(domain)) for domain in site.domains):
            continue
        for visit in read_visits(archive.warc_files(site_id), since):
            asked = host_of(visit.uri)
            if asked == host or _bare(asked) == host or _bare(asked).endswith(f".{host}"):
                found.append(visit)
    return sorted(found, key=lambda visit: visit.at)


def _bare(host: str) -> str:
    """Return a host without its port."""
    return PORT.sub("", host)


def _by(name_of: Callable[[Visit], str], visits: list[Visit]) -> dict[str, list[Visit]]:
    groups: dict[str, list[Visit]] = {}
    for visit in visits:
        groups.setdefault(name_of(visit), []).append(visit)
    return dict(sorted(groups.items()))


def _print_account(account: Account, visits: list[Visit]) -> None:
    days = len({visit.at.date() for visit in visits if visit.line})
    agents = dict.fromkeys(
        f"{visit.agent}{f', {visit.sender}' * bool(visit.sender)}" for visit in visits if visit.line
    )
    refused = f"{account.refusals}"
    if account.shortest_wait is not None:
        refused += f"; the host was then left alone for {account.shortest_wait:,.1f} s at least"
    lines = {
        "who asked": "; ".join(agents) or "nobody",
        "requests": f"{account.requests:,} on {days} day{'s' * (days != 1)}; {account.busiest_minute} in the busiest"
        f" minute, {account.busiest_hour:,} in the busiest hour",
        "from one to the next": _span(account),
        "bytes": f"{account.bytes:,}",
        "answers": " · ".join(f"{status}: {count:,}" for status, count in account.answers.items()) or "none",
        "refusals": refused,
        "robots.txt": f"asked for {account.robots} time{'s' * (account.robots != 1)}; {account.forbidden:,} not sent because"
        " it forbids them",
    }
    for name, value in lines.items():
        print(f"  {name:<22}{value}")


def _print_accounts(head: str, accounts: dict[str, Account]) -> None:
    from newsspider.printing import print_table

    print()
    print_table(
        (head, "requests", "bytes", "from one to the next", "refusals"),
        [(name, f"{one.requests:,}", f"{one.bytes:,}", _span(one), one.refusals) for name, one in accounts.items()],
    )


def _span(account: Account) -> str:
    if account.shortest_gap is None:
        return "–"
    return f"{account.shortest_gap:,.1f} s at least, {account.median_gap:,.1f} s in the median"
