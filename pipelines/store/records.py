"""Records as JSON Lines: one object a line, every key on every line, in the order of the type's fields."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.errors import DamagedError
from pipelines.model import Record

HEAD = re.compile(rb'\{"schema":\d+,"id":"((?:[^"\\]|\\.)*)","kind":"\w+","revision":(\d+),')
"""Start of a line: id and revision are read from here where parsing the whole line would be waste."""

SURROGATE = re.compile("[\ud800-\udfff]")


def to_dict(value: Any) -> Any:
    """Return a value of the model as plain dicts, lists, strings and numbers; tuples become lists."""
    if value is None or type(value) in (str, int, float, bool):
        return value
    form: Any = type(value)
    names = _field_names(form)
    if names is not None:
        return {name: to_dict(getattr(value, name)) for name in names}
    if isinstance(value, (tuple, list)):
        return [to_dict(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): to_dict(item) for key, item in value.items()}
    return str(value)


@cache
def _field_names(form: Any) -> tuple[str, ...] | None:
    return tuple(field.name for field in fields(form)) if is_dataclass(form) else None


def encode_record(record: Record) -> str:
    """Return the record's line, without the line's end.

    A lone surrogate becomes U+FFFD: it is no character, and most readers of JSON refuse the whole file for it.
    """
    return SURROGATE.sub("\ufffd", json.dumps(to_dict(record), ensure_ascii=False, separators=(",", ":")))


def decode_record(line: str | bytes) -> Record:
    """Return the record of a line. Raises ``ValueError`` where the line is not one."""
    return _parse()(line)


@cache
def _parse() -> Callable[[str | bytes], Record]:
    from pydantic import TypeAdapter  # 0.2 s: not at start-up

    parse: Callable[[str | bytes], Record] = TypeAdapter(Record).validate_json
    return parse


def read_lines(path: Path, *, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """Yield offset and bytes of each whole line from ``start`` on; a last line without its end is not yielded."""
    with path.open("rb") as file:
        file.seek(start)
        offset = start
        for line in file:
            if not line.endswith(b"\n"):
                return
            yield offset, line
            offset += len(line)


def read_line(path: Path, offset: int) -> Record:
    """Return the record whose line begins at ``offset``. Raises :class:`DamagedError` where there is none."""
    with path.open("rb") as file:
        file.seek(offset)
        return read_record(path, offset, file.readline())


def read_record(path: Path, offset: int, line: bytes) -> Record:
    """Return the record of a line; ``path`` and ``offset`` say where it stands if it is none."""
    try:
        return decode_record(line)
    except ValueError as error:
        raise DamagedError(f"{path}: no record at byte {offset}; run «newsspider rebuild --records».") from error


def line_head(line: bytes) -> tuple[str, int]:
    """Return id and revision of the record in a line without parsing the rest. Raises ``ValueError``."""
    match = HEAD.match(line)
    if match is None:
        raise ValueError(f"not the line of a record: {line[:40]!r}")
    return json.loads(b'"' + match[1] + b'"'), int(match[2])


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a record, made from the type."""
    from pydantic import TypeAdapter

    made = TypeAdapter(Record).json_schema(mode="serialization")
    for part in (made, *made["$defs"].values()):
        if part.get("type") == "object":
            part["required"] = list(part["properties"])
            part["additionalProperties"] = False
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of newsspider's records/*.jsonl",
        **{key: value for key, value in made.items() if key != "title"},
    }
