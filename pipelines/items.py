"""The one adapter to Scrapy's item pipelines: people who live in Scrapy get each record as a plain dict.

The archive and its dataset do not hang on it: a record is written where its exchange is archived.
"""

from typing import Any

from pipelines.model import Record
from pipelines.store.records import to_dict


class RecordPipeline:
    """Turns a record into a dict in the form of ``data/README.md``, for feeds (``-O news.jsonl``) and pipelines."""

    def process_item(self, item: Any) -> Any:
        """Return the dict of a record; anything else passes untouched."""
        return to_dict(item) if isinstance(item, Record) else item
