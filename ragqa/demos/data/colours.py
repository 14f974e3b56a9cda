"""Colours that people named: the xkcd survey, crowd-sourced JSON, and reading one colour."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, StrictFloat, StrictInt, ValidationError

from ragqa.errors import RagqaError

LABELS = (
    "red-ish",
    "green-ish",
    "blue-ish",
    "orange-ish",
    "yellow-ish",
    "pink-ish",
    "purple-ish",
    "brown-ish",
    "grey-ish",
)
"""The nine classes of the colour-classifier lectures, in the order used everywhere here."""

SURVEY = "the xkcd survey"
"""The title of the bundled set."""

_WORDS = {label.removesuffix("-ish"): number for number, label in enumerate(LABELS)}
_WORDS["gray"] = _WORDS["grey"]
_HEX = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
_THREE_NUMBERS = re.compile(r"\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*")


@dataclass(frozen=True)
class ColourSet:
    """Colours with the label that somebody gave each."""

    title: str
    rgb: np.ndarray
    """float64 (n, 3), red, green, blue from 0 to 255"""
    labels: np.ndarray
    """int64 (n,), positions in LABELS"""
    people: np.ndarray | None
    """int64 (n,), a number for the person who labelled each, or None when that is not known"""
    source: str
    """one sentence: where the labels come from"""

    def __len__(self) -> int:
        return len(self.labels)

    def at(self, positions: np.ndarray) -> ColourSet:
        """Only the colours at those positions."""
        people = None if self.people is None else self.people[positions]
        return replace(self, rgb=self.rgb[positions], labels=self.labels[positions], people=people)

    def and_also(self, other: ColourSet) -> ColourSet:
        """The colours of both; who labelled them is then no longer told."""
        return replace(
            self,
            rgb=np.concatenate([self.rgb, other.rgb]),
            labels=np.concatenate([self.labels, other.labels]),
            people=None,
        )


def xkcd_colours() -> ColourSet:
    """The xkcd survey's names that matplotlib carries, labelled by the colour word they contain.

    The last of several words counts, because English puts the noun last: 'light olive green' is a
    green, 'blue grey' a grey, and 'purplish pink' contains no second word at all.
    """
    from matplotlib.colors import XKCD_COLORS, to_rgb

    rgb, labels = [], []
    for name, code in XKCD_COLORS.items():
        words = re.findall("[a-z]+", name.removeprefix("xkcd:").lower())
        named = [_WORDS[word] for word in words if word in _WORDS]
        if named:
            rgb.append([255 * channel for channel in to_rgb(code)])
            labels.append(named[-1])
    source = (
        f"{len(labels)} of the {len(XKCD_COLORS)} names of the xkcd colour survey, those that "
        "contain one of the nine colour words; the word is the label."
    )
    return ColourSet(SURVEY, np.array(rgb), np.array(labels, dtype=np.int64), None, source)


class _Entry(BaseModel):
    model_config = ConfigDict(extra="ignore")
    r: _Channel
    g: _Channel
    b: _Channel
    label: str
    uid: str | int | float | None = None


_Channel = Annotated[StrictInt | StrictFloat, Field(ge=0, le=255, allow_inf_nan=False)]
_Entry.model_rebuild()


def crowd_colours(path: Path) -> ColourSet:
    """Read `{"entries": [{"r", "g", "b", "label", "uid"}]}`; channels 0 to 255, nine labels.

    Raises RagqaError naming the file and the entry (from 1) for JSON that is broken, channels
    missing, NaN or out of range, labels outside the nine, no entries, and fewer than two labels.
    """
    entries = _entries(path)
    rgb, labels, people = [], [], []
    numbers: dict[str | int | float | None, int] = {}
    for number, raw in enumerate(entries, 1):
        entry = _checked(path, number, raw)
        if entry.label not in LABELS:
            raise RagqaError(
                f"{path}, entry {number}: the label {entry.label!r} is none of the nine "
                f"({', '.join(LABELS)})."
            )
        rgb.append((entry.r, entry.g, entry.b))
        labels.append(LABELS.index(entry.label))
        people.append(numbers.setdefault(entry.uid, len(numbers)))
    if len(set(labels)) < 2:
        raise RagqaError(f"{path} holds a single label, {LABELS[labels[0]]}; two are needed.")
    known = None not in numbers and len(numbers) > 1
    by = f", given by {len(numbers)} people" if known else ""
    return ColourSet(
        path.name,
        np.array(rgb, dtype=np.float64),
        np.array(labels, dtype=np.int64),
        np.array(people, dtype=np.int64) if known else None,
        f"{len(labels):,} labels from {path.name}{by}.",
    )


def parse_colour(text: str) -> tuple[int, int, int]:
    """Read '#3a7bd5', '3a7bd5', '#abc' or '58,123,213' as red, green, blue. Raises RagqaError."""
    if code := _HEX.fullmatch(text.strip()):
        digits = code[1] if len(code[1]) == 6 else "".join(2 * digit for digit in code[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if numbers := _THREE_NUMBERS.fullmatch(text):
        red, green, blue = (int(number) for number in numbers.groups())
        if max(red, green, blue) <= 255:
            return red, green, blue
    raise RagqaError(
        f"The colour {text!r} does not parse; write it as '#3a7bd5' or as three numbers from 0 to "
        "255, '58,123,213'."
    )


def _entries(path: Path) -> list[Any]:
    if path.is_dir():
        raise RagqaError(f"{path} is a folder; --data takes a JSON file.")
    if not path.is_file():
        raise RagqaError(f"There is no file {path}.")
    try:
        text = path.read_text(encoding="utf-8-sig")
        document = json.loads(text, parse_constant=lambda word: _refuse(path, word))
    except (ValueError, RecursionError) as error:
        raise RagqaError(f"{path} is not JSON in UTF-8: {error}.") from error
    except OSError as error:
        raise RagqaError(f"{path} cannot be read: {error.strerror or error}.") from error
    entries = document.get("entries") if isinstance(document, dict) else None
    if not isinstance(entries, list) or not entries:
        raise RagqaError(f'{path} must hold {{"entries": [...]}} with at least two entries.')
    return entries


def _refuse(path: Path, word: str) -> None:
    raise RagqaError(f"{path} holds {word}, which is no colour channel; remove or repair it.")


def _checked(path: Path, number: int, raw: Any) -> _Entry:
    if not isinstance(raw, dict):
        raise RagqaError(f'{path}, entry {number}: write it as {{"r", "g", "b", "label", "uid"}}.')
    try:
        return _Entry.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        field = ".".join(str(part) for part in first["loc"][:1]) or "the entry"
        raise RagqaError(f"{path}, entry {number}: {field}: {first['msg']}.") from error
