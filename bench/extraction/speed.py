"""Where the time of reading a page goes: from its bytes to its record, stage by stage, beside a bare parse.

    python bench/extraction/speed.py [FOLDER ...] [--rounds 5] [--profile 25]

A folder holds pages (``*.htm``, ``*.html``), with labels (``<id>.json``) for their addresses or without. Without a
folder: the labelled pages beside the project, or else those of the tests. Processor time, the fastest of some rounds
for each page, all in one process; every figure is a multiple of what ``lxml.html`` takes to parse the same pages, so
that it holds on any machine. Trafilatura stands beside it where it is installed. ``--profile`` prints the functions
that take longest.
"""

import argparse
import cProfile
import gc
import json
import logging
import pstats
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lxml.html
from lxml import etree

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from pipelines import charset  # noqa: E402
from pipelines.classify import classify  # noqa: E402
from pipelines.document import is_html, open_document  # noqa: E402
from pipelines.extract import extract  # noqa: E402
from pipelines.extract.links import find_links  # noqa: E402
from pipelines.extract.listing import Lists, find_listing  # noqa: E402
from pipelines.extract.page import lay_out  # noqa: E402
from pipelines.model import Article, Document  # noqa: E402
from pipelines.normalise.damage import repair  # noqa: E402
from pipelines.normalise.record import Models, raw_texts, to_record  # noqa: E402
from pipelines.read import read_loose  # noqa: E402
from tests.shared import SHARED  # noqa: E402

LOOSE = "http://www.example.edu.cn/info/1001/2.htm"
"""The address of a page whose own is not known."""
MODELS = Models()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A page and its address."""

    payload: bytes
    uri: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A page with what each stage makes of it, for the stages behind it."""

    sample: Sample
    document: Document
    article: Article | None


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure where the time of reading pages goes.")
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=5, help="how often everything is timed; the fastest counts")
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
        size = sum(len(sample.payload) for sample in samples) // len(samples) // 1024
        print(f"\n### {folder}, {len(samples)} pages of {size} kB\n")
        print("\n".join(table(samples, arguments.rounds)), flush=True)
        if arguments.profile:
            profile(samples, arguments.profile)


def default_folders() -> list[Path]:
    """Return the folders of labelled pages at hand."""
    if SHARED is None:
        return [ROOT / "tests/pipelines/extract/pages"]
    return [SHARED / "pages" / kind for kind in ("articles", "lists", "news")]


def read_samples(folder: Path, most: int) -> Iterator[Sample]:
    """Yield the pages of a folder, the same every time."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".htm", ".html") and path.is_file())
    for path in paths[:: max(1, len(paths) // most)][:most]:
        label = path.with_suffix(".json")
        known = json.loads(label.read_text("utf-8")) if label.exists() else {}
        listing = "items" in known
        uri = (
            known.get("url")
            or known.get("uri")
            or (LOOSE.replace("info/1001/2.htm", "list.htm") if listing else LOOSE)
        )
        payload = path.read_bytes()
        if is_html(payload):
            yield Sample(payload=payload, uri=uri)


def table(samples: Sequence[Sample], rounds: int) -> Iterator[str]:
    """Yield a table: a line for each stage, as a multiple of a bare parse, and pages a second of processor time."""
    opened = [open_sample(sample) for sample in samples]
    told = [page for page in opened if page.article is not None]
    listed = [page for page in opened if page.article is None]
    bare = measure(parse_bare, samples, rounds)
    whole = measure(lambda sample: read_loose(sample.payload, url=sample.uri), samples, rounds)
    stages: list[tuple[str, float]] = [
        ("decode", measure(lambda sample: charset.decode(sample.payload), samples, rounds)),
        ("open (decode, parse, check)", measure(lambda sample: open_document(sample.payload, uri=sample.uri), samples, rounds)),
        ("lay out", measure(lambda page: lay_out(page.document), opened, rounds)),
        ("classify", measure(classify_laid_out, opened, rounds) - measure(lambda page: lay_out(page.document), opened, rounds)),
        ("links", measure(lambda page: find_links(page.document), opened, rounds)),
        ("listing", measure(list_page, listed, rounds) * len(listed) / len(samples)),
    ]  # fmt: skip
    if told:
        share = len(told) / len(samples)
        stages += [
            ("extract", (measure(extract_laid_out, told, rounds) - measure(lambda page: lay_out(page.document), told, rounds)) * share),
            ("normalise (repair, scripts, digests)", measure(normalise, told, rounds) * share),
            ("… of it the repair", measure(lambda page: repair(dict(raw_texts(page.article))), told, rounds) * share),
        ]  # fmt: skip
    peer = measure(read_with_trafilatura, samples, max(1, rounds // 2)) if find_trafilatura() else None
    yield "| stage | ms | × parse | pages/s |"
    yield "|---|---|---|---|"
    yield row("lxml.html, parse alone", bare, bare)
    for name, seconds in stages:
        yield row(name, seconds, bare)
    yield row("**all, bytes to record**", whole, bare)
    if peer is not None:
        yield row(f"trafilatura `bare_extraction` ({peer / whole:.1f} × our time)", peer, bare)


def row(name: str, seconds: float, bare: float) -> str:
    """Return a line of the table."""
    return (
        f"| {name} | {seconds * 1000:.2f} | {seconds / bare:.1f} | {1 / seconds:,.0f} |"
        if seconds
        else f"| {name} | – | – | – |"
    )


def measure(action: Callable[[Any], object], pages: Sequence[Any], rounds: int) -> float:
    """Return the mean over pages of the processor seconds that an action takes, the fastest of some rounds each."""
    fastest = [float("inf")] * len(pages)
    gc.collect()
    for _ in range(rounds):
        for number, page in enumerate(pages):
            start = time.process_time()
            action(page)
            fastest[number] = min(fastest[number], time.process_time() - start)
    return sum(fastest) / len(fastest) if fastest else 0.0


# ── stages ─────────────────────────────────────────────────────────────────────────────────────────────────


def parse_bare(sample: Sample) -> None:
    """Parse as any tool on lxml has to."""
    with suppress(etree.ParserError):  # an empty page
        lxml.html.document_fromstring(sample.payload)


def open_sample(sample: Sample) -> Opened:
    """Return a page and what its article says, if it is one."""
    reading = read_loose(sample.payload, url=sample.uri)
    return Opened(sample=sample, document=open_document(sample.payload, uri=sample.uri), article=reading.article)


def classify_laid_out(page: Opened) -> None:
    """Lay a page out and classify it."""
    classify(page.document, page=lay_out(page.document))


def list_page(page: Opened) -> None:
    """Read the rows of a page, as far as the classifier has not."""
    lists = Lists(page.document)
    find_listing(page.document, lists=lists)


def extract_laid_out(page: Opened) -> None:
    """Lay a page out and extract its fields."""
    extract(page.document, page=lay_out(page.document))


def normalise(page: Opened) -> None:
    """Make the record of an article."""
    assert page.article is not None
    to_record(page.article, page.document, site=None, models=MODELS)


def find_trafilatura() -> Any:
    """Return the module if it is installed."""
    with suppress(ImportError):
        import trafilatura

        return trafilatura
    return None


def read_with_trafilatura(sample: Sample) -> None:
    """Extract with the peer, its defaults but comments, which no record has."""
    find_trafilatura().bare_extraction(sample.payload, url=sample.uri, with_metadata=True, include_comments=False)


def profile(samples: Sequence[Sample], most: int) -> None:
    """Print the functions in which reading the pages spends its time, by their own time."""
    profiler = cProfile.Profile()
    profiler.enable()
    for sample in samples:
        read_loose(sample.payload, url=sample.uri)
    profiler.disable()
    stats: Any = pstats.Stats(profiler).strip_dirs()
    total = stats.total_tt
    print("\n| function | own time | with all it calls |\n|---|---|---|")
    for where, (_, _, own, cumulative, _) in sorted(stats.stats.items(), key=lambda item: -item[1][2])[:most]:
        file, line, name = where
        print(f"| `{name}`{f' {file}' if line else ''} | {own / total:.1%} | {cumulative / total:.1%} |")


if __name__ == "__main__":
    main()
