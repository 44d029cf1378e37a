"""Opens the rows that hanweb keeps in a data island for its pager: HTML in CDATA sections of a script."""

import re
from dataclasses import replace

from pipelines.document import parse
from pipelines.model import Document

_ISLAND = "<recordset"
_RECORD = re.compile(r"<record>\s*<!\[CDATA\[(?P<html>.*?)\]\]>", re.DOTALL)
_TOTAL = re.compile(r"<totalrecord>\s*(?P<total>\d{1,7})\s*</totalrecord>")


def open_rows(document: Document) -> Document | None:
    """Return the rows of the page's data island as a page of their own, or None where there is none."""
    start = document.text.find(_ISLAND)
    if start < 0:
        return None
    rows = _RECORD.findall(document.text, start)
    total = _TOTAL.search(document.text)
    count = f"<p>共{total['total']}条</p>" if total else ""
    source = f"<html><body><div>{''.join(rows)}</div>{count}</body></html>"
    return replace(document, root=parse(source), text=source) if rows else None
