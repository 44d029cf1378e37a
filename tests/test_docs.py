"""What is written about the project is true: every command, field, key, outcome and exit code."""

import re
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import get_type_hints

import pytest
import typer
from typer.main import get_command

from newsspider.cli import app
from newsspider.sites import FILLED_IN
from pipelines import errors
from pipelines.model import Outcome, Record, Site
from tests.commandline import newsspider

PROJECT = Path(__file__).parents[1]
README = (PROJECT / "README.md").read_text("utf-8")
FORMATS = (PROJECT / "data" / "README.md").read_text("utf-8")

COMMANDS = sorted(get_command(app).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_stands_in_the_readme(command: str, tmp_path: Path) -> None:
    ran = newsspider(command, "--help", home=tmp_path)
    assert ran.code == 0
    assert len(ran.out.splitlines()) > 5
    assert f"newsspider {command}" in README


@pytest.mark.parametrize("command", sorted(set(re.findall(r"newsspider ([a-z][a-z-]+)", README + FORMATS))))
def test_every_command_that_is_written_about_exists(command: str) -> None:
    assert command in [*COMMANDS, "crawls", "is", "writes", "demo"]


def test_every_module_of_a_command_is_a_command() -> None:
    # A module cannot have the name of a keyword: that of «import» has an underscore behind it.
    modules = {
        path.stem.removesuffix("_") or path.stem for path in (PROJECT / "newsspider" / "commands").glob("*.py")
    }
    assert modules - {"__init_", "options", "printing", "loose"} == {name.replace("-", "_") for name in COMMANDS}


@pytest.mark.parametrize("name", [one.name for one in fields(Record)])
def test_every_field_of_a_record_is_described(name: str) -> None:
    assert f"| `{name}` |" in FORMATS


def site_keys() -> list[str]:
    hints = get_type_hints(Site)
    keys = []
    for one in fields(Site):
        if is_dataclass(hints[one.name]):
            keys += [f"{one.name}.{inner.name}" for inner in fields(hints[one.name])]
        elif one.name not in FILLED_IN and one.name != "layout":
            keys.append(one.name)
    return keys


@pytest.mark.parametrize("key", site_keys())
def test_every_key_of_a_site_file_is_described(key: str) -> None:
    assert f"| `{key}` |" in FORMATS


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_is_described(outcome: Outcome) -> None:
    assert f"`{outcome}`" in FORMATS


def test_the_exit_codes_are_those_of_the_errors() -> None:
    used = {
        one.exit_code
        for one in vars(errors).values()
        if isinstance(one, type) and issubclass(one, errors.NewsspiderError)
    }
    assert used == {1, 2, 3, 4, 5}
    for code in (0, *sorted(used)):
        assert re.search(rf"\b{code} [a-z]", README.partition("Exit codes:")[2])


def test_every_error_stands_in_the_tree() -> None:
    tree = errors.__doc__ or ""
    for name, one in vars(errors).items():
        if isinstance(one, type) and issubclass(one, errors.NewsspiderError):
            assert name in tree


def test_the_sample_of_a_site_file_in_the_readme_is_right() -> None:
    from newsspider.sites import parse_site

    for text in (README, FORMATS):
        (sample,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
        assert parse_site(sample, name="README.md").name == "青山大学新闻网"


def test_typer_is_told_not_to_show_tracebacks() -> None:
    assert app.pretty_exceptions_enable is False
    assert isinstance(app, typer.Typer)
