"""The form of a record as an Arrow schema, for readers that guess types from the first lines they see.

A site without damage writes ``"repairs": []`` on every line, and nothing tells such a reader what would stand in
the list. Needs pyarrow, which comes with the extra ``dataset``.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from enum import StrEnum
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from pipelines.model import Record

if TYPE_CHECKING:
    import pyarrow


def arrow_schema() -> pyarrow.Schema:
    """Return the Arrow schema of a line of ``records/*.jsonl``."""
    import pyarrow

    return pyarrow.schema(list(_struct(Record)))


def _struct(form: Any) -> Any:
    """Return the Arrow struct of a dataclass of the model."""
    import pyarrow

    hints = get_type_hints(form)
    return pyarrow.struct([(one.name, _arrow_type(hints[one.name])) for one in fields(form)])


def _arrow_type(form: Any) -> Any:
    import pyarrow

    if get_origin(form) in (Union, UnionType):
        (form,) = {_plain(one) for one in get_args(form) if one is not NoneType}
    if get_origin(form) is tuple:
        return pyarrow.list_(_arrow_type(get_args(form)[0]))
    if is_dataclass(form):
        return _struct(form)
    return {str: pyarrow.string(), int: pyarrow.int64(), float: pyarrow.float64(), bool: pyarrow.bool_()}[
        _plain(form)
    ]


def _plain(form: Any) -> Any:
    """Return the type that stands in JSON: enumerations are texts."""
    return str if isinstance(form, type) and issubclass(form, StrEnum) else form
