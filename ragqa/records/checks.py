"""What makes a record unfit, or doubtful, for grading."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ragqa.language import detect_language, question_language
from ragqa.records.problem import Problem
from ragqa.types import Record

LETTERS = ("C", "P", "I")

_LANGUAGES = ("en", "es", "pt")
_WORDS = 4
"""words below which a text's language cannot be told"""


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is doubtful in a record that is used all the same."""

    clause: str
    line: int | None = None
    """None: the record's"""
    about: str = "record"
    """as in Problem"""


@dataclass(frozen=True, slots=True)
class Found:
    """A record, or the clause that says why there is none, and where it stood."""

    line: int
    record: Record | None = None
    fault: str = ""
    doubts: tuple[Doubt, ...] = ()


def checked(path: str, found: Iterable[Found]) -> tuple[list[Record], list[Problem]]:
    """The records that can be graded, and everything wrong with the file's others.

    A record without an id gets its number among `found` as its id, or, where another record is
    called so, that number with -2, -3 … behind it.
    """
    records: list[Record] = []
    problems: list[Problem] = []
    lines: dict[str, int] = {}
    for item in _with_ids(list(found)):
        record = item.record
        fault = item.fault if record is None else _fault(record)
        if record is not None and not fault and record.id in lines:
            fault = f"the id {record.id!r} is already that of line {lines[record.id]}"
        if record is None or fault:
            problems.append(Problem(path, item.line, f"{fault}; the record is left out"))
            continue
        lines[record.id] = item.line
        record, unknown = _without_unknown_letters(record)
        letters = (Doubt(clause, about="annotations") for clause in unknown)
        of_grading = (Doubt(clause, about="grading") for clause in _doubts(record))
        doubts = [*item.doubts, *letters, *of_grading]
        problems += [
            Problem(path, d.line or item.line, d.clause, kept=True, about=d.about) for d in doubts
        ]
        records.append(record)
    return records, problems


def _with_ids(found: Sequence[Found]) -> Iterator[Found]:
    taken = {item.record.id for item in found if item.record}
    for number, item in enumerate(found, 1):
        record = item.record
        if record is None or record.id.strip():
            yield item
            continue
        names = itertools.chain([f"{number}"], (f"{number}-{n}" for n in itertools.count(2)))
        id = next(name for name in names if name not in taken)
        taken.add(id)
        yield dataclasses.replace(item, record=dataclasses.replace(record, id=id))


def _fault(record: Record) -> str:
    if not record.question.strip():
        return "there is no question"
    if record.answer is None or not record.answer.text.strip():
        return "there is no answer"
    return ""


def _without_unknown_letters(record: Record) -> tuple[Record, list[str]]:
    doubts = []
    letters = {}
    for annotator, letter in record.annotations.items():
        if letter.strip().upper() in LETTERS:
            letters[annotator] = letter.strip().upper()
        else:
            doubts.append(
                f"the annotation {letter[:20]!r} of {annotator!r} is none of C, P and I; "
                "it is not used"
            )
    if letters == dict(record.annotations):
        return record, doubts
    return dataclasses.replace(record, annotations=letters), doubts


def _doubts(record: Record) -> list[str]:
    assert record.answer is not None
    doubts = []
    if not record.hits:
        doubts.append("there are no contexts; only metrics without contexts can be graded")
    elif any(not hit.chunk.text.strip() for hit in record.hits):
        ranks = [str(hit.rank) for hit in record.hits if not hit.chunk.text.strip()]
        doubts.append(f"the contexts at rank {', '.join(ranks)} are empty")
    texts = (record.question[:2000], record.answer.text[:2000])
    asked, said = (question_language(text, _LANGUAGES) for text in texts)
    # Function words mistake the English article for a Portuguese one; only what the statistical
    # detector sees too is told. It is slow to load, so it is asked only where it matters.
    if asked != said and all(map(_sure, texts, (asked, said))):
        doubts.append(f"the question is in {asked} and the answer in {said}")
    return doubts


def _sure(text: str, language: str) -> bool:
    return len(text.split()) >= _WORDS and detect_language(text) == language
