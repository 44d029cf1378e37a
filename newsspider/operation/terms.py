"""The academic year: when nobody expects news."""

from datetime import date, timedelta

HOLIDAYS = (((7, 10), (8, 31)), ((1, 15), (2, 25)))
"""Summer and winter holidays of Chinese universities: a section silent then is no alarm."""


def term_days(start: date, end: date) -> int:
    """Return the number of days after ``start`` up to ``end`` that are not in the holidays.

    >>> term_days(date(2026, 7, 1), date(2026, 9, 5)), term_days(date(2026, 3, 1), date(2026, 3, 31))
    (14, 30)
    """
    days = (start + timedelta(days=number + 1) for number in range((end - start).days))
    return sum(not any(first <= (day.month, day.day) <= last for first, last in HOLIDAYS) for day in days)
