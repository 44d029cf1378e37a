"""Imports run one way, ``newsspider`` → ``pipelines``; ``pipelines`` knows neither clock, setting nor network."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PIPELINES = Path(__file__).resolve().parents[1] / "pipelines"
ADAPTER = "items.py"
"""The one module that Scrapy calls; it may read settings, and still must not import the engine."""

FORBIDDEN = {"newsspider", "scrapy", "twisted", "socket", "http", "urllib.request", "asyncio", "ssl"}


def imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield node.module or ""


def is_forbidden(module: str) -> bool:
    return any(module == name or module.startswith(name + ".") for name in FORBIDDEN)


@pytest.mark.parametrize("path", sorted(PIPELINES.rglob("*.py")), ids=lambda p: str(p.relative_to(PIPELINES)))
def test_pipelines_import_neither_newsspider_nor_the_engine(path: Path) -> None:
    allowed = {"scrapy.exceptions"} if path.name == ADAPTER else set()
    wrong = [name for name in imported(path.read_text("utf-8")) if is_forbidden(name) and name not in allowed]
    assert not wrong


@pytest.mark.parametrize("path", sorted(PIPELINES.rglob("*.py")), ids=lambda p: str(p.relative_to(PIPELINES)))
def test_pipelines_read_no_clock(path: Path) -> None:
    calls = [
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    assert not {"now", "utcnow", "today", "monotonic", "getenv"} & set(calls)
