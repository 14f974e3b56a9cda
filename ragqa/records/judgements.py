"""Grades as they stand in a file, made sound: garbage never becomes a number."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ragqa.types import Grade

if TYPE_CHECKING:
    from pydantic import TypeAdapter

VERDICTS = ("C", "P", "I", "supported", "refuted")
_RANGES = {"score": 1, "points": 3}
_SHOWN = 60
"""characters of a faulty value that a message repeats"""


def sound_grades(raw: Any) -> tuple[Any, list[str]]:
    """The grades of a record's JSON with faulty ones mended, and a clause for each fault.

    A grade with a number out of range, or with a score beside its error, becomes an error grade;
    an unknown verdict is not used; what is no grade at all is left out.
    """
    if raw is None:
        return [], []
    if not isinstance(raw, list):
        return [], ["the field grades is no list; it is not used"]
    grades: list[Any] = []
    doubts: list[str] = []
    for i, grade in enumerate(raw):
        mended, told = _sound(grade)
        doubts += [f"the field grades.{i}{clause}" for clause in told]
        if mended is not None:
            grades.append(mended)
    return grades, doubts


def finite(value: Any) -> Any:
    """`value` with None for NaN and infinities, which Python writes though JSON has none."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [finite(item) for item in value]
    return value


def _sound(grade: Any) -> tuple[dict[str, Any] | None, list[str]]:
    """The grade, None when there is none to be had, and what was wrong with each field."""
    from pydantic import ValidationError

    if not isinstance(grade, Mapping):
        return None, [" is no JSON object; the grade is left out"]
    given = {name: item if name in _RANGES else finite(item) for name, item in grade.items()}
    mended, told = _numbered(given)
    try:
        _adapter().validate_python(mended)
    except ValidationError as error:
        first = error.errors()[0]
        field = "".join(f".{place}" for place in first["loc"])
        return None, [f"{field}: {first['msg'].lower()}; the grade is left out"]
    return mended, told


def _numbered(mended: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The grade with numbers and verdict, or with an error."""
    if mended.get("error") is not None:
        return _error(mended)
    for name, most in _RANGES.items():
        value = mended.get(name)
        if value is not None and not _within(value, most):
            clause = f"{name} {_short(value)} is no number within 0 and {most}"
            mended["error"] = f"the {clause}"
            mended["raw"] = mended.get("raw") or _short(value)
            return _without_numbers(mended), [f".{clause}; it is used as an error grade"]
    return _lettered(mended)


def _error(grade: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    doubts = []
    if not isinstance(grade["error"], str):
        grade["error"] = _short(grade["error"])
    beside = [name for name in (*_RANGES, "verdict") if grade.get(name) is not None]
    if beside:
        doubts.append(f".{beside[0]} stands beside an error; the error counts")
    return _without_numbers(grade), doubts


def _lettered(grade: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    verdict = grade.get("verdict")
    if verdict is None or verdict in VERDICTS:
        return grade, []
    plain = verdict.strip() if isinstance(verdict, str) else ""
    known = next((name for name in VERDICTS if name.casefold() == plain.casefold()), None)
    grade["verdict"] = known
    if known:
        return grade, []
    told = f".verdict {_short(verdict)} is none of {', '.join(VERDICTS)}; it is not used"
    return grade, [told]


def _without_numbers(grade: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in grade.items() if name not in (*_RANGES, "verdict")}


def _within(value: Any, most: float) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 <= value <= most


def _short(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)[:_SHOWN]


@functools.cache
def _adapter() -> TypeAdapter[Grade]:
    from pydantic import TypeAdapter

    return TypeAdapter(Grade)
