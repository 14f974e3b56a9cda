"""Our own record as JSON: every field of ragqa.types.Record under its own name.

One object a line: `id` and `question`, then `answer` (an object with `text`, `citations`, …),
`hits`, `references`, `annotations` (annotator -> C, P or I), `grades`, `language`, `extra`.
Fields that hold their default may be left out; `record_schema()` is the JSON schema.
"""

from __future__ import annotations

import dataclasses
import functools
import json
from typing import TYPE_CHECKING, Any

from ragqa.errors import RagqaError
from ragqa.records.judgements import finite, sound_grades
from ragqa.types import Record

if TYPE_CHECKING:
    from pydantic import TypeAdapter


def record_json(record: Record) -> dict[str, Any]:
    """`record` as JSON values, without fields that hold their default."""
    return _slim(record)


def record_line(record: Record) -> str:
    """`record` as one line of JSON, without the line's end. NaN is refused: ValueError."""
    # A carriage return or U+2028 inside a text is escaped or kept inside the quotes by json.
    return json.dumps(record_json(record), ensure_ascii=False, allow_nan=False)


def record_from_json(raw: Any) -> Record:
    """The record that `raw` describes.

    Raises RagqaError with one clause that names the field, without file and line.
    """
    record, doubts = record_with_doubts(raw)
    if doubts:
        raise RagqaError(doubts[0])
    return record


def record_with_doubts(raw: Any) -> tuple[Record, list[str]]:
    """The record that `raw` describes with its faulty grades mended, and a clause about each.

    A score or points that are NaN or infinite make an error grade; elsewhere they count as null.
    Raises RagqaError as `record_from_json` for every other fault.
    """
    from pydantic import ValidationError

    raw = whole_text(raw)
    doubts: list[str] = []
    if isinstance(raw, dict) and "grades" in raw:
        grades, doubts = sound_grades(raw["grades"])
        raw = {**raw, "grades": grades}
    try:
        record = _adapter().validate_python(finite(raw))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(place) for place in first["loc"] if place != "Record")
        raise RagqaError(f"field {field or 'record'}: {first['msg'].lower()}") from None
    return record, doubts


def record_schema() -> dict[str, Any]:
    """The JSON schema of a record."""
    return _adapter().json_schema()


def whole_text(value: Any) -> Any:
    """`value` with U+FFFD for lone surrogates, which no UTF-8 file can hold."""
    if isinstance(value, str):
        if value.isascii():
            return value
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {whole_text(key): whole_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [whole_text(item) for item in value]
    return value


@functools.cache
def _adapter() -> TypeAdapter[Record]:
    from pydantic import TypeAdapter

    return TypeAdapter(Record)


def _slim(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        fields = dataclasses.fields(value)
        return {
            field.name: _slim(getattr(value, field.name))
            for field in fields
            if not _is_default(field, getattr(value, field.name))
        }
    if isinstance(value, tuple | list):
        return [_slim(item) for item in value]
    if hasattr(value, "items"):
        return {str(key): _slim(item) for key, item in value.items()}
    return value


def _is_default(field: dataclasses.Field[Any], value: Any) -> bool:
    if field.default is not dataclasses.MISSING:
        # True == 1 and 0 == 0.0: a default of another type is still worth writing.
        return type(value) is type(field.default) and value == field.default
    return field.default_factory is not dataclasses.MISSING and value == field.default_factory()
