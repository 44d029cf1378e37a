"""newsspider keeps university news: it crawls politely, archives every byte as WARC, derives a dataset.

>>> import newsspider
>>> record = newsspider.extract(b"<html>...", url="https://news.example.edu.cn/info/1001/2002.htm")
>>> for record in newsspider.open_archive("data/archive").records():
...     print(record.published, record.title)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines import VERSION

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    import pyarrow

    from newsspider.archive.folder import Archive
    from pipelines.model import Record, Site

__version__ = VERSION

__all__ = ["__version__", "arrow_schema", "extract", "open_archive"]


def extract(
    html: bytes | str, *, url: str, headers: Mapping[str, str] | None = None, site: Site | None = None
) -> Record:
    """Return what one page says, without network or archive.

    ``html`` is the body of the response with its content coding removed, or text that somebody has decoded;
    ``headers`` its header fields (the charset of Content-Type counts), ``site`` a catalogue entry whose rules go
    before the general ones. For a page that is no article the record has no article fields, and its ``outcome``
    says what the page is. Raises :class:`InputError` where ``url`` is no address of a page.
    """
    from newsspider.commands.loose import check_address
    from pipelines.read import loose_record, read_loose

    check_address(url)
    if isinstance(html, str):  # whatever charset the page declares, it was right for the bytes
        html = b"\xef\xbb\xbf" + html.encode("utf-8", "replace")
    reading = read_loose(html, url=url, headers=tuple((headers or {}).items()), site=site)
    return loose_record(reading, url=url, site=site)


def open_archive(path: str | os.PathLike[str]) -> Archive:
    """Open an archive for reading: ``.records()``, ``.captures()``. Raises :class:`NoArchiveError` if none."""
    from newsspider.archive.folder import open_archive as open_it

    return open_it(path)


def arrow_schema() -> pyarrow.Schema:
    """Return the Arrow schema of the dataset, for readers that guess types (needs the extra ``dataset``)."""
    from pipelines.store.arrow import arrow_schema as make_it

    return make_it()
