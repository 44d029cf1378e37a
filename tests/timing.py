"""Processor time of a call, for tests that compare two sizes in the same run."""

from collections.abc import Callable
from time import process_time


def seconds(call: Callable[[int], object], size: int) -> float:
    """Return the least of three times, in processor seconds, and never less than a millisecond."""
    times = []
    for _ in range(3):
        start = process_time()
        call(size)
        times.append(process_time() - start)
    return max(0.001, min(times))
