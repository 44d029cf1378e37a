"""``newsspider check-warc FILE…``: does a WARC file keep to the standard, clause by clause?"""

from __future__ import annotations

import json as jsonlib
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsspider.commands.options import JsonOption

if TYPE_CHECKING:
    from pipelines.store.conformance import Problem


def check_warc(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="WARC files, of whatever origin.")],
    json: JsonOption = False,
) -> None:
    """Check WARC files against the standard, clause by clause, with the digests of chunked responses.

    Ends with exit code 4 where a file breaks a «shall» of WARC 1.1.
    """
    raise typer.Exit(check_files(files, json=json))


def check_files(files: list[Path], *, json: bool = False) -> int:
    """Print every problem of every file; return the exit code: 0, or 4 where a ``shall`` of the standard is broken.

    One line a problem, ``file:offset  clause  level  message``; with ``json`` one object a line. A sentence for
    each file goes to stderr. Raises InputError where a file cannot be read.
    """
    from pipelines.errors import InputError

    broken = False
    for path in files:
        try:
            broken |= _check_file(path, json=json)
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror}); give the path of a WARC file.") from error
    return 4 if broken else 0


def _check_file(path: Path, *, json: bool) -> bool:
    from pipelines.store.clauses import SHALL
    from pipelines.store.conformance import check_warc as find_problems

    counts = {SHALL: 0, "should": 0}
    for problem in find_problems(path):
        counts[problem.level] += 1
        print(_to_json(path, problem) if json else _to_line(path, problem))
    shall, should = counts[SHALL], counts["should"]
    verdict = "keeps to WARC 1.1" if not shall else f"breaks WARC 1.1 in {shall} place{'s' * (shall != 1)}"
    advice = f"; {should} recommendation{'s' * (should != 1)} not followed" if should else ""
    print(f"{path}: {verdict}{advice}", file=sys.stderr)
    return shall > 0


def _to_line(path: Path, problem: Problem) -> str:
    return f"{path}:{problem.offset}\t{problem.clause}\t{problem.level}\t{problem.message}"


def _to_json(path: Path, problem: Problem) -> str:
    return jsonlib.dumps({"file": str(path), **asdict(problem)}, ensure_ascii=False)
