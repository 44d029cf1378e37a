"""When a site may be asked, and for what next: pauses, quiet hours, the budget of the run."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from newsspider.frontier.keys import look_up_key
from newsspider.frontier.policy import most_rechecks
from newsspider.frontier.politeness import is_refusal, quiet_until, retry_after
from pipelines.uri import host_of, registrable_domain

if TYPE_CHECKING:
    from newsspider.crawl.run import Run
    from newsspider.crawl.stop import Stop
    from newsspider.frontier.agenda import Due
    from newsspider.frontier.ledger import Ledger
    from newsspider.operation.tally import Tally
    from pipelines.model import Capture, Reading, Site


class Pace:
    """The pace of one run at one site. What the whole machine must keep to is in the budget."""

    def __init__(self, run: Run, site: Site, ledger: Ledger, tally: Tally, stop: Stop) -> None:
        self.in_flight: set[str] = set()
        """Look-up keys of the addresses being fetched."""
        self._run, self._site, self._ledger, self._tally, self._stop = run, site, ledger, tally, stop
        self._began = run.clock.now()
        self._unreachable: dict[str, datetime] = {}
        """Until when hosts whose robots.txt cannot be reached are not asked."""
        self._delays: dict[str, float] = {}
        """Seconds between two requests that the robots.txt files of a domain ask for."""
        self._rechecks = most_rechecks(ledger.count_articles())
        """Rechecks that this run may still do."""

    # ── what the answers ask for ──

    def heed(self, capture: Capture, reading: Reading) -> None:
        """Leave the host alone as long as it asks (RFC 9110 §10.2.3), or ever longer while it refuses."""
        self.give_up(capture.target_uri)
        host = host_of(capture.target_uri)
        if is_refusal(capture, reading):
            self._tally.refused(host, self._run.budget.refused(host, retry_after(capture)) - self._run.clock.now())
        elif capture.status is not None:
            self._run.budget.answered(host)

    def begin(self, due: Due) -> None:
        """Note that an address is being fetched."""
        self.in_flight.add(look_up_key(due.uri))
        self._rechecks -= due.is_recheck

    def give_up(self, uri: str) -> None:
        """Note that an address is not being fetched any more."""
        self.in_flight.discard(look_up_key(uri))

    def slow_down(self, uri: str, delay: float, since: datetime) -> None:
        """Note what a robots.txt fetched at ``since`` asks for: seconds from one request to the next, itself included."""
        domain = registrable_domain(host_of(uri))
        if delay > self.delay(domain):
            self._delays[domain] = delay
            self._run.budget.hold(domain, since + timedelta(seconds=delay) - self._run.clock.now())

    def delay(self, domain: str) -> float:
        """Return the seconds between two requests to a domain."""
        return max(self._site.politeness.delay, self._delays.get(domain, 0.0))

    def shun(self, uri: str, until: datetime) -> None:
        """Leave a host alone whose robots.txt cannot be reached."""
        self._unreachable[host_of(uri)] = until

    # ── what may be asked ──

    def awaits_control(self) -> bool:
        """Tell whether the control page is being fetched: nothing is found gone before it has answered."""
        return look_up_key(self._site.control or self._site.seeds[0]) in self.in_flight

    def why_not_now(self, uri: str) -> str | None:
        """Return why nothing may be asked of an address at this moment, though its turn has come."""
        if self._stop.is_asked:
            return "the crawl is about to end"
        if self._is_late():
            return "the time of the run is over"
        if quiet_until(self._run.clock.now(), self._site) is not None:
            return "the quiet hours of the site have begun"
        if (until := self.paused_until(host_of(uri))) is not None:
            return f"the host is left alone until {until:%Y-%m-%d %H:%M:%S} (UTC)"
        return None

    def paused_until(self, host: str) -> datetime | None:
        """Return until when a host is left alone, or None where it may be asked."""
        now = self._run.clock.now()
        moments = (self._run.budget.paused_until(host), self._unreachable.get(host))
        return max((moment for moment in moments if moment is not None and moment > now), default=None)

    def is_spent(self) -> bool:
        """Tell whether the run asks nothing more of this site: it was stopped, or has used up its budget."""
        asked = self._tally.requests + len(self.in_flight)
        return self._stop.is_asked or self._is_late() or 0 < self._run.limit <= asked

    def _is_late(self) -> bool:
        until = self._run.until
        return until is not None and self._run.clock.now() >= until

    # ── what is next ──

    def due(self, limit: int) -> list[Due]:
        """Return what is to be fetched now, by the plan of the run, on hosts that may be asked."""
        return self._due(limit)[0]

    def _due(self, limit: int) -> tuple[list[Due], list[datetime]]:
        """Return what is to be fetched now, and when the hosts of other due pages may be asked again."""
        paused: dict[str, datetime | None] = {}

        def is_paused(uri: str) -> bool:
            host = host_of(uri)
            if host not in paused:
                paused[host] = self.paused_until(host)
            return paused[host] is not None

        now = self._run.clock.now()
        due = self._run.plan(
            self._ledger, now, not_since=self._began, limit=limit, rechecks=self._rechecks, skip=is_paused
        )
        return due, [until for until in paused.values() if until is not None]

    def wait_until(self) -> datetime | None:
        """Return when there is something to fetch next: at once, after a pause, or never in this run (None)."""
        now = self._run.clock.now()
        moment = self._ledger.agenda.next_due(not_since=self._began, rechecks=self._rechecks > 0)
        if moment is None:
            return None
        if moment <= now:
            due, pauses = self._due(1)
            if not due and not pauses:
                return None  # the plan of the run asks for nothing more
            moment = now if due else min(pauses)
        return max(moment, quiet_until(now, self._site) or moment)
