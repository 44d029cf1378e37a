"""Script conversion, script classes and search folding against their goals.

    python -m bench.text.script [--glued 150000]

Prints one table: what, measured, goal. Speed is compared with opencc-python-reimplemented in the same run, on text
of the labelled pages where they are at hand, else on the gold of the tests; start-up and memory are those of a new
process less those of a bare interpreter.
"""

import argparse
import json
import random
import re
import subprocess
import sys
import time
import timeit
from collections.abc import Callable, Iterator
from pathlib import Path

import opencc

from pipelines.normalise import classify_script, convert, fold, hans, hant
from pipelines.normalise.convert import CHAINS
from pipelines.normalise.overrides import UNPRINTED
from tests.pipelines.normalise.test_convert import glued
from tests.pipelines.normalise.test_hans import CASES, KEPT_BY_CARELESS_MAPS
from tests.pipelines.normalise.test_hant import HANS, HANT, NAMES, SURNAMES, TRAPS
from tests.shared import SHARED

ROOT = Path(__file__).parents[2]

HAN = re.compile("[\u4e00-\u9fff]")
DOCUMENTS = 400
LEAST_HAN = 150

PROCESS = """
import time
start = time.process_time()
{}
seconds = time.process_time() - start
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(seconds * 1000, int(peak.split()[1]) / 1024)
"""


def simplified_texts() -> list[str]:
    """Return the simplified bodies of the labelled pages, or the gold where they are not at hand."""
    if SHARED is None:
        return [HANS]
    bodies = [
        json.loads(path.read_text("utf-8")).get("body_text") or "" for path in sorted(SHARED.glob("pages/*/*.json"))
    ]
    scripts = [classify_script(body) for body in bodies]
    return [body for body, script in zip(bodies, scripts, strict=True) if script and script.name == "Hans"]


def careless(text: str) -> str:
    """Map a text as the converters of mirrored pages do: character by character, leaving those they leave."""
    mapped = {char: convert(char, "s2t").text for char in set(text)} | {
        char: char for char in KEPT_BY_CARELESS_MAPS
    }
    return "".join(mapped[char] for char in text)


def is_shown(text: str, mapped: str) -> bool:
    """Tell whether a character-by-character map left or made a character that official text does not have there.

    One document in twenty is too short for that: its careless form is its official one, and no one can tell.
    """
    official = hant.to_hant(text, script="Hans").text
    printed = mapped.translate(str.maketrans(dict(UNPRINTED)))
    return any(one != other for one, other in zip(official, printed, strict=True))


def identity(count: int) -> Iterator[tuple[str, str, str]]:
    for configuration in CHAINS:
        package = opencc.OpenCC(configuration)
        different = sum(
            convert(text, configuration).text != package.convert(text) for text in glued(configuration, count)
        )
        yield f"{configuration}: different from the package", f"{different} of {count}", "0"


def seconds(call: Callable[[], object]) -> float:
    """Return the CPU time of a call: the best of seven."""
    return min(timeit.repeat(call, timer=time.process_time, number=1, repeat=7))


def speed(text: str) -> Iterator[tuple[str, str, str]]:
    traditional = convert(text, "s2t").text
    goals = {"t2s": "≥ 20 ×, ≥ 25 MB/s", "s2t": "≥ 10 ×"}
    for configuration in CHAINS:
        source = text if configuration.startswith("s") else traditional
        package = opencc.OpenCC(configuration)
        for convert_once in (package.convert, lambda one, c=configuration: convert(one, c)):
            convert_once(source[:1000])
        theirs = seconds(lambda p=package, s=source: p.convert(s))
        ours = seconds(lambda c=configuration, s=source: convert(s, c))
        figure = f"{theirs / ours:.1f} ×, {len(source.encode()) / ours / 1e6:.0f} MB/s"
        yield f"{configuration}: speed against the package", figure, goals.get(configuration, "")
    others = {
        "to_hans": lambda: hans.to_hans(traditional),
        "to_hant": lambda: hant.to_hant(text, script="Hans"),
        "classify_script": lambda: classify_script(text),
        "fold": lambda: fold(text),
    }
    for name, call in others.items():
        call()
        yield (
            f"{name}: speed",
            f"{len(text.encode()) / seconds(call) / 1e6:.1f} MB/s",
            "",
        )


def start_up() -> Iterator[tuple[str, str, str]]:
    def fresh(code: str) -> tuple[float, float]:
        runs = [
            subprocess.run(
                [sys.executable, "-c", PROCESS.format(code)],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            )
            for _ in range(5)
        ]
        figures = [tuple(map(float, run.stdout.split())) for run in runs]
        return min(one for one, _ in figures), min(two for _, two in figures)

    for name, call, goal in (
        ("t2s", "from pipelines.normalise import convert; convert('漢字', 't2s')", "≤ 100 ms, ≤ 60 MB"),
        ("to_hant", "from pipelines.normalise import to_hant; to_hant('汉字发展')", ""),
    ):
        milliseconds, megabytes = fresh(call)
        yield f"{name}: start-up (CPU), peak memory", f"{milliseconds:.0f} ms, {megabytes:.0f} MB", goal


def quality() -> Iterator[tuple[str, str, str]]:
    def rate(made: str, right: str) -> str:
        wrong = sum(one != other for one, other in zip(made, right, strict=True))
        ideographs = len(HAN.findall(right))
        return f"{wrong} of {ideographs} ({wrong / ideographs * 10_000:.2f} in 10,000)"

    yield "Hans from careless traditional (gold)", rate(hans.to_hans(careless(HANS)).text, HANS), "≤ 0.2 in 10,000"
    texts = hans.to_hans("\n".join(simplified_texts()), script="Hant").text  # some hold stray 於 and 後
    yield (
        "Hans from careless traditional (pages)",
        rate(hans.to_hans(careless(texts)).text, texts),
        "≤ 0.2 in 10,000",
    )
    wrong = [text for text, right in CASES.items() if hans.to_hans(text).text != right]
    yield "著/乾/徵 list", f"{len(wrong)} of {len(CASES)} wrong", "0"
    yield "Hant from Hans (gold)", rate(hant.to_hant(HANS).text, HANT), "≤ 2 in 10,000"
    traps = TRAPS | NAMES | {f"{surname}老师": f"{form}老師" for surname, form in SURNAMES.items()}
    wrong = [text for text, right in traps.items() if hant.to_hant(text, script="Hans").text != right]
    yield "Hant: traps, names, surnames", f"{len(wrong)} of {len(traps)} wrong", "0"
    back = hans.to_hans(hant.to_hant(texts, script="Hans").text, script="Hant").text
    yield "round trip Hans → Hant → Hans (pages)", rate(back, texts), "≤ 0.5 in 10,000"


def classes() -> Iterator[tuple[str, str, str]]:
    choose = random.Random(4)
    paragraphs = [
        line[:400] for text in simplified_texts() for line in text.split("\n") if len(HAN.findall(line)) >= 40
    ]
    right: dict[str, int] = dict.fromkeys(("Hans", "mixed", "traditional", "careless", "genuine"), 0)
    of = dict(right)
    for _ in range(DOCUMENTS):
        lines = [choose.choice(paragraphs) for _ in range(2)]
        while len(HAN.findall("".join(lines))) < LEAST_HAN:
            lines.append(choose.choice(paragraphs))
        text = "\n".join(lines)
        mapped = [careless(line) if at % 2 else line for at, line in enumerate(lines)]
        cases = [("Hans", text, {"Hans"}), ("mixed", "\n".join(mapped), {"mixed"})]
        if is_shown(text, careless(text)):
            cases.append(("careless", careless(text), {"Hant-CN-careless"}))
        official = {"Hant", "Hant-TW", "Hant-HK"}
        cases += [("genuine", convert(text, configuration).text, official) for configuration in ("s2tw", "s2hk")]
        for kind, document, expected in cases:
            found = classify_script(document).name
            of[kind] += 1
            right[kind] += found in expected
            if kind in ("careless", "genuine"):
                of["traditional"] += 1
                right["traditional"] += found.startswith("Hant")
    for kind, goal in (
        ("Hans", "0.995"),
        ("mixed", "0.995"),
        ("traditional", "0.995"),
        ("careless", "0.95"),
        ("genuine", "0.95"),
    ):
        yield f"script class, ≥ {LEAST_HAN} Han: {kind}", f"{right[kind] / of[kind]:.4f} of {of[kind]}", f"≥ {goal}"


def rows(count: int) -> Iterator[tuple[str, str, str]]:
    """Yield all rows; ``count`` strings of glued keys for each configuration."""
    text = "".join(simplified_texts())[:60_000]
    for part in (quality(), classes(), start_up(), speed(text), identity(count)):
        yield from part


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--glued", type=int, default=150_000, help="strings of glued keys per configuration")
    print("| what | measured | goal |\n|---|---|---|")
    for row in rows(arguments.parse_args().glued):
        print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
