"""Extraction, field by field and side by side with other tools, on any folder of labelled pages.

    python -m bench.extraction [FOLDER[:PATTERN] ...] [--rounds 3] [--only newsspider,trafilatura]

Prints one table per folder: what the tools find of what the labels say (mean over pages), and how many pages a
second of processor time is enough for, from bytes to fields, in the same run. Without a folder: the labelled pages
beside the project, or else those of the tests.
"""

import argparse
import gc
import logging
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import lxml.html

from bench.extraction.labels import EXACT, Labelled, compare, read_labels
from bench.extraction.peers import EXTRACTORS, Extractor
from pipelines.model import Article
from tests.shared import SHARED

ROOT = Path(__file__).resolve().parents[2]
OWN = [ROOT / "tests/pipelines/extract/pages"]
COLUMNS = (
    "body", "precision", "recall", "short", *EXACT, "wrong date", "attachments", "images",
)  # fmt: skip
NEEDS = {
    "precision": "body", "recall": "body", "short": "body", "wrong date": "date", "time": "date",
}  # fmt: skip
"""The field of a tool that a column measures, where it has another name."""
SHORT = 200
"""Characters that a short notice has at most."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Compare extraction with other tools.")
    parser.add_argument("folders", nargs="*", help="FOLDER or FOLDER:PATTERN, such as pages/news:zh-*")
    parser.add_argument("--rounds", type=int, default=3, help="how often everything is timed; the fastest counts")
    parser.add_argument("--only", default="", help="names of tools, with commas")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    chosen = [tool for tool in EXTRACTORS if not arguments.only or tool.name in arguments.only.split(",")]
    for folder in arguments.folders or _default():
        path, _, pattern = str(folder).partition(":")
        pages = read_labels(Path(path), pattern or "*")
        if not pages:
            sys.exit(f"No <id>.json beside <id>.html in {path}")
        print(f"\n### {path}{':' + pattern if pattern else ''}, {len(pages)} pages\n")
        print("\n".join(_table(pages, chosen, arguments.rounds)), flush=True)


def _default() -> list[str]:
    if SHARED is None:
        return [str(path) for path in OWN]
    return [f"{SHARED}/pages/articles", f"{SHARED}/pages/news:zh-*", f"{SHARED}/pages/news:en-*"]


def _table(pages: Sequence[Labelled], tools: Sequence[Extractor], rounds: int) -> Iterator[str]:
    """Yield the lines of a table in Markdown, a tool a column."""
    scores = {tool.name: [_score(tool, page) for page in pages] for tool in tools}
    seconds = _time(pages, tools, rounds)
    parsing = seconds.pop("")
    yield "| | " + " | ".join(tool.name for tool in tools) + " |"
    yield "|---" * (len(tools) + 1) + "|"
    for column in COLUMNS:
        row = [_mean(scores[tool.name], column) if _knows(tool, column) else None for tool in tools]
        if any(row):
            yield f"| {column} | " + " | ".join("–" if one is None else f"{one:.3f}" for one in row) + " |"
    rates = [f"{len(pages) / seconds[tool.name]:.0f}" for tool in tools]
    yield "| pages per CPU second | " + " | ".join(rates) + " |"
    times = [f"{seconds[tool.name] / parsing:.1f}" for tool in tools]
    yield "| time of one lxml parse | " + " | ".join(times) + " |"
    failed = [sum("failed" in score for score in scores[tool.name]) for tool in tools]
    yield "| pages failed | " + " | ".join(map(str, failed)) + " |"


def _knows(tool: Extractor, column: str) -> bool:
    return tool.fields is None or NEEDS.get(column, column) in tool.fields


def _mean(scores: Sequence[dict[str, float]], column: str) -> float | None:
    found = [score[column] for score in scores if column in score]
    return sum(found) / len(found) if found else None


def _read(tool: Extractor, page: Labelled) -> Article | Exception:
    """Return what a tool says of a page, or what another tool raised: that is counted. We have no such excuse."""
    if tool.fields is None:
        return tool.read(page)
    try:
        return tool.read(page)
    except Exception as error:  # noqa: BLE001  (other tools raise what they like)
        return error


def _score(tool: Extractor, page: Labelled) -> dict[str, float]:
    said = _read(tool, page)
    failed = isinstance(said, Exception)
    if failed:
        print(f"{tool.name}, {page.id}: {said!r}", file=sys.stderr)
    score = compare(Article() if isinstance(said, Exception) else said, page, page.open().base)
    if len(page.label.get("body_text") or "") < SHORT and "body" in score:
        score["short"] = score["body"]
    return score | ({"failed": 1.0} if failed else {})


def _time(pages: Sequence[Labelled], tools: Sequence[Extractor], rounds: int) -> dict[str, float]:
    """Return the CPU seconds that each tool needs for all pages, and under ``""`` those of parsing alone."""
    best: dict[str, float] = {}
    sources = [page.decoded.encode() for page in pages]
    for page in pages:
        page.open()
    gc.collect()
    for _ in range(rounds):
        for tool in tools:
            spent = sum(_seconds(tool, page) for page in pages)
            best[tool.name] = min(spent, best.get(tool.name, spent))
        start = time.process_time()
        for source in sources:
            lxml.html.document_fromstring(source, ensure_head_body=True)
        spent = time.process_time() - start
        best[""] = min(spent, best.get("", spent))
    return best


def _seconds(tool: Extractor, page: Labelled) -> float:
    start = time.process_time()
    _read(tool, page)  # a failure takes its time, too
    return time.process_time() - start


if __name__ == "__main__":
    main()
