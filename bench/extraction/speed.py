"""Where the time of reading a page goes: from its bytes to its record, stage by stage, beside a bare parse.

    python -m bench.extraction.speed [FOLDER ...] [--rounds 5] [--pages 100] [--profile 25]

A folder holds pages (``*.htm``, ``*.html``, or ``*.warc`` with one), with labels (``<id>.json``) for their addresses or without. Without a
folder: the labelled pages beside the project, or else those of the tests. Every page is read once for each round,
the stages one after the other as ``read_document`` calls them, then its links, and the fastest round of a page counts. Processor
time in one process; every figure also as a multiple of what ``lxml.html`` takes to parse the same pages, so that it
holds on any machine. Trafilatura stands beside it where it is installed. ``--profile`` adds the functions that take
longest.
"""

import argparse
import cProfile
import gc
import json
import logging
import pstats
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lxml.html
from lxml import etree

from pipelines import charset
from pipelines.classify import classify
from pipelines.document import is_html, open_document
from pipelines.extract import extract
from pipelines.extract.links import find_links
from pipelines.extract.listing import Lists, find_listing
from pipelines.extract.page import lay_out
from pipelines.model import PageKind
from pipelines.normalise.damage import repair
from pipelines.normalise.record import Models, raw_texts, to_record
from pipelines.read import read_loose
from pipelines.store.warc import read_captures
from tests.shared import SHARED

ROOT = Path(__file__).parents[2]

try:
    import trafilatura
except ImportError:
    trafilatura = None

ARTICLE = "http://www.example.edu.cn/info/1001/2.htm"
LISTING = "http://www.example.edu.cn/xwzx/list.htm"
"""Addresses of pages whose own are not known."""
PAGES = (".htm", ".html", ".warc")
PARSE = "lxml.html, parse alone"
WHOLE = "**all: bytes to record**"
LINKS = "links, which a crawl asks for besides"
PEER = "trafilatura, `bare_extraction`"
SHOWN = 5e-6
"""Seconds a page from which a stage has a line in the table."""
STAGES = (
    "decode", "parse, check, mend", "lay out", "classify", "listing", "extract", "normalise",
    "… of it the repair",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A page and its address."""

    payload: bytes
    uri: str


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure where the time of reading pages goes.")
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=5, help="how often every page is read")
    parser.add_argument("--pages", type=int, default=100, help="pages of a folder that are read")
    parser.add_argument(
        "--profile", type=int, default=0, metavar="N", help="print the N functions that take longest"
    )
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    for folder in arguments.folders or default_folders():
        samples = list(read_samples(folder, arguments.pages))
        if not samples:
            sys.exit(f"No pages in {folder}")
        size = sum(len(sample.payload) for sample in samples) / len(samples) / 1024
        print(f"\n### {folder.name}, {len(samples)} pages of {size:.0f} kB\n")
        print("\n".join(table(samples, arguments.rounds)), flush=True)
        if arguments.profile:
            print("\n".join(profile(samples, arguments.profile)), flush=True)


def default_folders() -> list[Path]:
    """Return the folders of pages at hand."""
    if SHARED is None:
        return [ROOT / "tests/pipelines/extract/pages"]
    return [SHARED / "pages" / kind for kind in ("articles", "lists", "news")]


def read_samples(folder: Path, most: int) -> Iterator[Sample]:
    """Yield pages of a folder, the same every time."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix in PAGES and path.is_file())
    for path in paths[:: max(1, len(paths) // most)][:most]:
        if path.suffix == ".warc":
            capture = next(read_captures(path))
            yield Sample(payload=capture.payload, uri=capture.target_uri)
            continue
        label = path.with_suffix(".json")
        known = json.loads(label.read_text("utf-8")) if label.exists() else {}
        payload = path.read_bytes()
        if is_html(payload):
            loose = LISTING if "items" in known else ARTICLE
            yield Sample(payload=payload, uri=known.get("url") or known.get("uri") or loose)


def table(samples: Sequence[Sample], rounds: int) -> Iterator[str]:
    """Yield a table: what a page takes on average, as a multiple of a bare parse, and pages a second."""
    peers = [] if trafilatura is None else [read_with_trafilatura]
    seconds: Counter[str] = Counter()
    for sample in samples:
        for read in (parse_bare, read_by_stages, read_whole, *peers):
            gc.collect()
            tries = [read(sample) for _ in range(rounds)]
            seconds.update(min(tries, key=lambda taken: taken.total()))
    yield "| | ms a page | × parse | pages/s |"
    yield "|---|---|---|---|"
    for name in (PARSE, *STAGES, WHOLE, LINKS, PEER):
        if (taken := seconds[name] / len(samples)) > SHOWN:
            ratio = seconds[name] / seconds[PARSE]
            yield f"| {name} | {taken * 1000:.2f} | {ratio:.1f} | {1 / taken:,.0f} |"
    if seconds[PEER]:
        yield f"\nReading is {seconds[PEER] / seconds[WHOLE]:.1f} × as fast as trafilatura in the same run."


def clock(action: Callable[[], Any]) -> tuple[Any, float]:
    """Return what an action returns, and the processor seconds it takes."""
    start = time.process_time()
    result = action()
    return result, time.process_time() - start


def parse_bare(sample: Sample) -> Counter[str]:
    """Parse as any tool on lxml has to."""
    start = time.process_time()
    with suppress(etree.ParserError):  # an empty page
        lxml.html.document_fromstring(sample.payload)
    return Counter({PARSE: time.process_time() - start})


def read_whole(sample: Sample) -> Counter[str]:
    """Read a page to its record."""
    _, taken = clock(lambda: read_loose(sample.payload, url=sample.uri))
    return Counter({WHOLE: taken})


def read_with_trafilatura(sample: Sample) -> Counter[str]:
    """Extract with the peer: its defaults, with metadata, without comments, which no record has."""
    _, taken = clock(
        lambda: trafilatura.bare_extraction(
            sample.payload, url=sample.uri, with_metadata=True, include_comments=False
        )
    )
    return Counter({PEER: taken})


def read_by_stages(sample: Sample) -> Counter[str]:
    """Read a page step by step as :func:`pipelines.read.read_document` does; return what each took."""
    spent: Counter[str] = Counter()

    def run(stage: str, action: Callable[[], Any]) -> Any:
        result, spent[stage] = clock(action)
        return result

    run("decode", lambda: charset.decode(sample.payload))
    document = run("parse, check, mend", lambda: open_document(sample.payload, uri=sample.uri))
    spent["parse, check, mend"] -= spent["decode"]
    page = run("lay out", lambda: lay_out(document))
    lists = Lists(document, page=page)
    verdict = run("classify", lambda: classify(document, page=page, lists=lists))
    run(LINKS, lambda: find_links(document))
    if verdict.kind is PageKind.ARTICLE:
        article = run("extract", lambda: extract(document, page=page))
        run("normalise", lambda: to_record(article, document, site=None, models=Models()))
        run("… of it the repair", lambda: repair(dict(raw_texts(article))))
    else:
        run("listing", lambda: find_listing(document, lists=lists))
    return spent


def profile(samples: Sequence[Sample], most: int) -> Iterator[str]:
    """Yield the functions in which reading the pages spends its time, by their own time."""
    profiler = cProfile.Profile()
    profiler.enable()
    for sample in samples:
        read_loose(sample.payload, url=sample.uri)
    profiler.disable()
    stats: Any = pstats.Stats(profiler)
    yield "\n| function | own time | with what it calls |"
    yield "|---|---|---|"
    for where, (_, _, own, cumulative, _) in sorted(stats.stats.items(), key=lambda item: -item[1][2])[:most]:
        file, line, name = where
        place = f", {Path(file).parent.name}/{Path(file).name}" if line else ""
        yield f"| `{name}`{place} | {own / stats.total_tt:.1%} | {cumulative / stats.total_tt:.1%} |"


if __name__ == "__main__":
    main()
