"""Where graded records come from: what `ragqa grade` wrote about its run beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ragqa.errors import RagqaError
from ragqa.grade import Thresholds


def run_beside(records: Path) -> dict[str, Any]:
    """What `ragqa grade` wrote about its run beside `records`; empty when there is nothing.

    Raises RagqaError naming the file when it is damaged.
    """
    place = records.with_name(f"{records.name}.run.json")
    if not place.is_file():
        return {}
    try:
        value = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RagqaError(f"{place} is damaged; grade the records again.") from error
    if not isinstance(value, dict):
        raise RagqaError(f"{place} is damaged; grade the records again.")
    return value


def thresholds_of(run: Mapping[str, Any]) -> Thresholds | None:
    """The thresholds of a run; None when it does not tell them."""
    told = _object(_object(run.get("settings")).get("thresholds"))
    try:
        return Thresholds(float(told["C"]), float(told["P"]))
    except (KeyError, TypeError, ValueError, RagqaError):
        return None


def judge_of(run: Mapping[str, Any]) -> str | None:
    """The judge of a run; None when it does not tell."""
    name = _object(_object(run.get("settings")).get("judge")).get("judge")
    return name if isinstance(name, str) else None


def graded_from(records: Path) -> list[Path]:
    """The files that `records` were graded from, each graded from the next.

    They are looked for beside the graded file first: a folder may have been moved since.
    """
    found: list[Path] = []
    place = records
    while (source := _source(place)) is not None and source not in (records, *found):
        found.append(source)
        place = source
    return found


def _source(records: Path) -> Path | None:
    path = _object(run_beside(records).get("source")).get("path")
    if isinstance(path, str) and "\0" not in path and (name := Path(path).name):
        beside = records.with_name(name)
        return beside if beside.is_file() or not Path(path).is_file() else Path(path)
    if records.stem.endswith(".graded"):
        return records.with_name(f"{records.stem.removesuffix('.graded')}{records.suffix}")
    return None


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
