"""How long to leave a host alone: small pure rules over what it last answered and what the clock says."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from newsspider.frontier.policy import MOST_RETRY_AFTER
from pipelines.model import Capture, Outcome, Reading, Site

FIRST_BACK_OFF = timedelta(seconds=10)
"""Pause after the first refusal in a row; doubles with each."""

MOST_BACK_OFF = timedelta(hours=1)

MOST_PAUSE = MOST_RETRY_AFTER
"""A host that asks for more is asked again after this."""

MOST_DELAY = 300.0
"""Seconds between two requests: a robots.txt that asks for more is asked again so seldom."""

MOST_REST = timedelta(seconds=30)
"""A slow server rests as long as it worked, no longer than this."""

REFUSING = (429, 503)
"""Statuses by which a host says that it is asked too much (RFC 6585 §4, RFC 9110 §15.6.4)."""

SILENT = (Outcome.CONNECTION_ERROR, Outcome.TIMEOUT)


def is_refusal(capture: Capture, reading: Reading) -> bool:
    """Tell whether an answer, or the lack of one, speaks for the host and not for the page."""
    return capture.status in REFUSING or (capture.status is None and reading.outcome in SILENT)


def back_off(refusals: int) -> timedelta:
    """Return how long to leave a host alone after so many refusals in a row.

    >>> [back_off(number).total_seconds() for number in (1, 2, 3, 4, 20)]
    [10.0, 20.0, 40.0, 80.0, 3600.0]
    """
    return min(FIRST_BACK_OFF * (1 << min(refusals - 1, 16)), MOST_BACK_OFF)  # 2^16 × 10 s: a week


def quiet_until(now: datetime, site: Site) -> datetime | None:
    """Return the end of the quiet hours that ``now`` (UTC) falls into, or None outside of them."""
    local = now.astimezone(ZoneInfo(site.timezone))
    for span in site.politeness.quiet_hours:
        start, end = span.split("-")
        begins, ends = _today(local, start), _today(local, end)
        if ends <= begins:  # over midnight
            if local < ends:
                begins -= timedelta(days=1)
            else:
                ends += timedelta(days=1)
        if begins <= local < ends:
            return ends.astimezone(now.tzinfo)
    return None


def _today(local: datetime, time: str) -> datetime:
    hour, minute = time.split(":")
    return local.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)


def retry_after(capture: Capture) -> timedelta | None:
    """Return how long the server asks to wait: Retry-After in seconds or as a date (RFC 9110 §10.2.3)."""
    value = (capture.header("Retry-After") or "").strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return timedelta(seconds=min(int(value[:10]), 10**9))
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(until - capture.captured_at, timedelta(0))
