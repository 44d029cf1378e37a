"""``newsspider text``: repairs and converts any text."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pipelines.normalise.damage import RepairedText


def text(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="A text in any charset; - for standard input.")],
    hans: Annotated[
        bool, typer.Option("--hans", help="Convert the repaired text to simplified characters.")
    ] = False,
    hant: Annotated[
        str | None, typer.Option("--hant", metavar="tw|hk|generic", help="Convert it to traditional characters.")
    ] = None,
    model: Annotated[
        Path | None, typer.Option("--model", metavar="FILE", help="A character model made by train-text-model.")
    ] = None,
    report: Annotated[
        bool, typer.Option("--report", help="Print what was repaired, as JSON lines on stderr.")
    ] = False,
) -> None:
    """Repair a Chinese text and print it; with --hans or --hant, converted.

    Undone are entities escaped twice, mojibake, invisible marks, radicals in place of characters, GBK slips, pinyin
    put in by programs. What is not certain is left as it is and told by --report.
    """
    from newsspider.commands.loose import read_input
    from pipelines.charset import decode
    from pipelines.errors import InputError
    from pipelines.normalise.charmodel import CharModel
    from pipelines.normalise.damage import repair_text
    from pipelines.normalise.hans import to_hans
    from pipelines.normalise.hant import CONFIGURATIONS, to_hant
    from pipelines.normalise.script import classify_script

    if hant is not None and hant not in CONFIGURATIONS:
        raise InputError(f"--hant {hant}: choose one of {', '.join(sorted(CONFIGURATIONS))}.")
    if hans and hant is not None:
        raise InputError("choose one of --hans and --hant.")
    source, charset = decode(read_input(file), content_type="text/plain")
    repaired = repair_text(
        source, model=CharModel.from_bytes(read_input(str(model)), name=str(model)) if model else None
    )
    made = repaired.text
    if hans or hant is not None:
        script = classify_script(made)
        name = script.name if script else None
        made = (to_hant(made, hant, script=name) if hant else to_hans(made, script=name)).text
    sys.stdout.write(made)
    if report:
        _print_report(repaired, charset.name)


def _print_report(repaired: RepairedText, charset: str) -> None:
    import json

    from pipelines.normalise.script import classify_script
    from pipelines.store.records import to_dict

    said = {
        "charset": charset,
        "script": to_dict(classify_script(repaired.text)),
        **to_dict(repaired.report),
    }
    print(json.dumps(said, ensure_ascii=False), file=sys.stderr)
    for edit in repaired.edits:
        print(json.dumps(to_dict(edit), ensure_ascii=False), file=sys.stderr)
