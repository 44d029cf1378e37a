"""Extraction on pages that say what the labelled ones say in the markup of other institutions.

    python -m bench.extraction.variants [FOLDER] [--only WORD] [--layouts on|off] [--misses]

The labelled pages were at hand while the rules were written, and no longer show where they fail. So each is changed
as another institution's template would have it, in a way that leaves its label true: its classes get other names, its
paragraphs become boxes, tables are drawn around it, columns stand beside it. The second part puts the contents of the
labels into templates of institutions that do not exist (:mod:`bench.extraction.templates`). Prints a table, a variant
a row, a field a column (mean over pages), with the layouts of CMS families and without them. Nothing is drawn by lot.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import lxml.html
from lxml.html import HtmlElement
from lxml.html.builder import E

from bench.extraction.changes import CHANGES, SOURCE_CHANGES, Change, Scene
from bench.extraction.labels import EXACT, Labelled, compare, read_labels
from bench.extraction.score import fold
from bench.extraction.templates import TEMPLATES, read_contents, render, to_label
from pipelines.extract import extract
from pipelines.extract.page import lay_out
from tests.shared import SHARED

COLUMNS = ("body", *EXACT, "attachments", "images")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure extraction on changed pages.")
    parser.add_argument("folder", nargs="?", type=Path, help="a folder of labelled pages")
    parser.add_argument("--only", default="", help="variants with this in their names")
    parser.add_argument("--layouts", choices=("on", "off"), help="only with layouts, or only without")
    parser.add_argument("--misses", action="store_true", help="name the pages that fall short, and in what")
    arguments = parser.parse_args()
    folder = arguments.folder or (SHARED and SHARED / "pages/articles")
    if not folder or not (pages := read_labels(folder)):
        sys.exit("No labelled pages: name a folder of <id>.json beside <id>.html")
    for layouts in (True, False):
        if arguments.layouts == ("off" if layouts else "on"):
            continue
        print(f"\n#### {'With' if layouts else 'Without'} layouts\n")
        print("| | pages | " + " | ".join(COLUMNS) + " |\n" + "|---" * (len(COLUMNS) + 2) + "|")
        for name, varied in make_variants(pages, arguments.only):
            scores = [(page, _score(page, layouts=layouts)) for page in varied]
            print(
                f"| {name} | {len(varied)} | " + " | ".join(_set_means([score for _, score in scores])) + " |",
                flush=True,
            )
            if arguments.misses:
                _print_misses(scores)


def make_variants(pages: Sequence[Labelled], only: str = "") -> Iterator[tuple[str, list[Labelled]]]:
    """Yield each variant with its pages."""
    for name, change in CHANGES.items():
        if only in name:
            yield name, [varied for page in pages if (varied := vary(page, change))]
    for short in (False, True):
        contents = read_contents([page.label for page in pages], short=short)
        for template in TEMPLATES:
            name = f"{template.name}{', first line only' if short else ''}"
            if only in name:
                yield (
                    name,
                    [
                        Labelled(
                            id=f"{number}",
                            payload=render(content, template).encode(),
                            uri="https://www.example.edu.cn/info/1001/101.htm",
                            captured_at=None,
                            label=to_label(content, template),
                        )
                        for number, content in enumerate(contents)
                    ],
                )


def vary(page: Labelled, change: Change) -> Labelled | None:
    """Return a page changed, in UTF-8, or None where it gives no occasion."""
    scene = open_scene(page)
    changed = change(scene)
    if changed is None:
        return None
    for meta in list(scene.root.iter("meta")):
        if meta.get("charset") or "content-type" in (meta.get("http-equiv") or "").lower():
            meta.drop_tree()
    head = scene.root.find("head")
    if head is None:
        head = E.head()
        scene.root.insert(0, head)
    head.insert(0, E.meta(charset="utf-8"))
    payload: bytes = lxml.html.tostring(scene.root, encoding="utf-8", doctype="<!DOCTYPE html>")
    if change in SOURCE_CHANGES:
        payload = SOURCE_CHANGES[change](payload.decode()).encode()
    kept = {name: value for name, value in page.label.items() if changed.get(name, "") is not None}
    return replace(
        page, payload=payload, label={**kept, **{name: one for name, one in changed.items() if one is not None}}
    )


def open_scene(page: Labelled) -> Scene:
    """Return a page with the places of its title and its text: those that its label's words stand in."""
    document = page.open()
    laid = lay_out(document)
    article = extract(document, page=laid)
    title = document.root.xpath(article.title.place) if article.title and article.title.place else []
    wanted = fold(page.label.get("body_text")) or ""
    lines: list[HtmlElement] = []
    if article.body and article.body.place:
        node = laid.elements.index(document.root.xpath(article.body.place)[0])
        for line in laid.lines[laid.first[node] : laid.last[node]]:
            element = laid.elements[line.node]
            if (fold(line.text) or "") in wanted and (not lines or lines[-1] is not element):
                lines.append(element)
    body = document.root.find("body")
    return Scene(
        root=document.root,
        page=document.root if body is None else body,
        title=title[0] if title else None,
        lines=lines,
        label=page.label,
    )


def _score(page: Labelled, *, layouts: bool) -> dict[str, float]:
    document = page.open()
    return compare(extract(document, layouts=layouts), page, document.base)


def _set_means(scores: Sequence[Mapping[str, float]]) -> Iterator[str]:
    for column in COLUMNS:
        found = [score[column] for score in scores if column in score]
        yield f"{sum(found) / len(found):.3f}" if found else "–"


def _print_misses(scores: Iterable[tuple[Labelled, Mapping[str, float]]]) -> None:
    for page, score in scores:
        missed = {column: round(score[column], 3) for column in COLUMNS if score.get(column, 1.0) < 0.97}
        if missed:
            print(f"    {page.id}: {json.dumps(missed)}")


if __name__ == "__main__":
    main()
