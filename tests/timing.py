"""A bound on processor time, for tests that hostile input is read in linear time.

What is linear ends long before the limit on any machine; what is quadratic would take minutes or hours. So the
limit only ends what would not end by itself, and how fast a machine is decides nothing.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def processor_limit(seconds: float = 30) -> Iterator[None]:
    """Raise AssertionError in the block when the process has used that much processor time in it."""

    def end(*_: object) -> None:
        raise AssertionError(f"took more than {seconds} s of processor time: not linear in its input")

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
