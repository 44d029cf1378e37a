"""Dates as pages print them, in every form that CMS pages use.

- :func:`find_dates` yields every date in a text, in order;
- :func:`parse_date` reads a text that is a date as a whole: the value of a label, a meta tag, a listing's cell;
- :func:`find_uri_date` reads the day or month that an address names.

A date is never guessed: a year before 1990 is refused, and a day that lies more than one after ``now``; a figure
that reads two ways (09.02.21) is not read at all unless the caller knows how its page counts.
"""

from pipelines.dates.reading import FIRST_YEAR, DateMatch, find_dates, find_uri_date, parse_date

__all__ = ["FIRST_YEAR", "DateMatch", "find_dates", "find_uri_date", "parse_date"]
