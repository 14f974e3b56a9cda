"""The scores in a model's reply, and whether another one stands beside or after one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ragqa.grade.llm.echo import Echoes, squeezed
from ragqa.grade.llm.objects import Found, objects_in
from ragqa.grade.llm.words import any_of, fields, names_of, words

MOST = 3
"""points"""

QUOTED = re.compile(r"[\"“«]([^\"”»\n]{3,400})[\"”»]")

_OF = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:/|out of|of|de)\s*(\d+(?:\.\d+)?)\s*", re.I)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SHORT = 30
"""characters; what is longer tells a reason, and no score or scale"""
_AROUND = r"[\s*_`]*"
_EQUALS = rf"(?:[:=]|\b(?:{any_of(words('equals'))})\b)"
_TOLD = re.compile(
    rf"(?<!\w)(?:{any_of(words('score'))}){_AROUND}(?:\([^()\n]{{1,20}}\){_AROUND})?{_EQUALS}{_AROUND}(\d+(?:\.\d+)?)(?![\w%])",
    re.I,
)
"""a score in a sentence or on a line of its own"""
_ON_SCALE = re.compile(
    rf"\b(?:{any_of(words('on_scale'))})\s+(\d+)\s*(?:[-–—]|{any_of(words('up_to'))})\s*(\d+)", re.I
)
_KEY = re.compile(
    rf"(?<!\w)(?:{any_of(name for field in fields() for name in names_of(field))})"
    r"[\"'”’]?\s*[:=]",
    re.I,
)
_BEGUN = re.compile(r"\{\s*(?:[\"'“]|\Z)")


class UnreadableReply(Exception):
    """A reply that holds no judgement; the message is a clause that says why."""


SEVERAL = "the reply holds several scores"
_SCALE = f"the reply scores on another scale than 0 to {MOST}"


@dataclass(frozen=True, slots=True)
class Scored:
    """An object with a score."""

    found: Found
    fields: Mapping[str, Any]
    """under our names"""
    others: Mapping[str, Any]
    """what was not asked for, under the model's names"""

    @property
    def mark(self) -> str | None:
        """The mark that it carries; None for none."""
        return self.fields.get("mark")

    def points(self) -> int:
        """Its score, 0..3. Raises UnreadableReply for none, and where other fields give another."""
        points = points_of(self.fields["score"])
        for name, value in self.others.items():
            _check_beside(name, value, points)
        return points


def scored_in(said: str) -> list[Scored]:
    """Each object in `said` that has a score."""
    return [one for found in objects_in(said) if (one := _scored(found)) is not None]


def points_of(value: Any) -> int:
    """The points 0..3 that `value` is. Raises UnreadableReply for anything else."""
    if isinstance(value, str):
        of = _OF.fullmatch(value)
        if of and float(of[2]) != MOST:
            raise UnreadableReply(f"the score {value[:20]!r} is on another scale than 0 to {MOST}")
        try:
            value = float(of[1] if of else value)
        except ValueError:
            raise UnreadableReply(f"the score {value[:20]!r} is no number") from None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UnreadableReply("the score is no number")
    if not 0 <= value <= MOST or value != int(value):
        raise UnreadableReply(f"the score {str(value)[:20]} is none of 0, 1, 2 and {MOST}")
    return int(value)


def check_last(said: str, last: Scored, points: int, mark: str, echoes: Echoes) -> None:
    """Raise UnreadableReply where something after the object `last` of `said` gives another score.

    A model that goes on may have withdrawn it. What it quotes from the judged texts does not count.
    """
    position = last.found.end
    for found in objects_in(said):
        if found.start < position:
            continue
        check_told(said[position : found.start], points, echoes)
        position = found.end
        if _another(found, points, mark) and not (
            squeezed(found.source) and echoes.hold(found.source)
        ):
            raise UnreadableReply(SEVERAL)
    check_told(said[position:], points, echoes)


def check_told(prose: str, points: int, echoes: Echoes) -> None:
    """Raise UnreadableReply where a sentence of `prose` gives another score than `points`."""
    for told in _TOLD.finditer(QUOTED.sub(" ", prose)):
        number = float(told[1])
        if number != points and not (
            echoes.hold(told[0]) or echoes.assign(words("score"), int(number))
        ):
            raise UnreadableReply(SEVERAL)


def check_scale(prose: str, echoes: Echoes) -> None:
    """Raise UnreadableReply where `prose` says that its score is on another scale than ours."""
    for told in _ON_SCALE.finditer(QUOTED.sub(" ", prose)):
        if (int(told[1]), int(told[2])) != (0, MOST) and not echoes.hold(told[0]):
            raise UnreadableReply(_SCALE)


def _scored(found: Found) -> Scored | None:
    """`found` as an object with a score; None for one without, or with two."""
    value = found.value or {}
    if len(value) == 1:
        inner = next(iter(value.values()))
        if isinstance(inner, dict):
            value = inner
    known = {
        str(key).strip().casefold().replace(" ", "_"): (str(key), item)
        for key, item in value.items()
    }
    if len(known) < len(value):
        return None
    ours: dict[str, Any] = {}
    for field in fields():
        given = [name for name in names_of(field) if name in known]
        if len(given) > 1:
            return None
        if given:
            ours[field] = known.pop(given[0])[1]
    if "mark" in ours:
        ours["mark"] = _bare_mark(ours["mark"])
    if "score" not in ours:
        return None
    return Scored(found, ours, dict(known.values()))


def _bare_mark(mark: Any) -> str | None:
    """The letters of a mark, without the frame in which the prompt shows it; None for no mark."""
    if mark is None or (isinstance(mark, str) and not mark.strip()):
        return None
    parts = re.findall(r"\w+", str(mark).casefold())
    return " ".join(part for part in parts if part not in ("data", "end"))


def _another(found: Found, points: int, mark: str) -> bool:
    """Whether an object gives another score than `points`, or cannot be read and may give one."""
    if found.value is None:
        begun = not found.closed and _BEGUN.match(found.source)
        return bool(begun or mark in found.source.casefold() or _KEY.search(found.source))
    scored = _scored(found)
    if scored is None:
        return any(_gives_score(str(name)) for name in found.value)
    try:
        return scored.points() != points
    except UnreadableReply:
        return True


def _check_beside(name: str, value: Any, points: int) -> None:
    """Raise UnreadableReply where the field `name` gives another score or scale."""
    numbers = _numbers(value)
    if not numbers:
        return
    parts = _parts(name)
    if parts & words("lowest"):
        if any(numbers):
            raise UnreadableReply(_SCALE)
    elif parts & words("scale"):
        if max(numbers) != MOST or (len(numbers) > 1 and min(numbers) != 0):
            raise UnreadableReply(_SCALE)
    elif _gives_score(name) and numbers[0] != points:
        raise UnreadableReply(SEVERAL)


def _gives_score(name: str) -> bool:
    parts = _parts(name)
    if parts & words("certainty"):
        return False
    return bool(parts & words("score")) or name.strip().casefold() in words("whole")


def _parts(name: str) -> frozenset[str]:
    """The words of a field's name: max_score, maxScore and "Max score" have the same."""
    spaced = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", name)
    return frozenset(re.findall(r"[^\W\d_]+", spaced.casefold()))


def _numbers(value: Any) -> list[float]:
    """The numbers of a value that is a number, a few words, or a list or object of numbers."""
    if isinstance(value, str):
        return [float(number) for number in _NUMBER.findall(value)] if len(value) <= _SHORT else []
    inner = value.values() if isinstance(value, dict) else value
    given = inner if isinstance(value, list | dict) else [value]
    # An integer may be too long for a float.
    return [
        float(str(one))
        for one in given
        if isinstance(one, int | float) and not isinstance(one, bool)
    ]
