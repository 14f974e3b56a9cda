"""From the Markdown layout to records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ragqa.language import question_language
from ragqa.records.checks import Doubt, Found
from ragqa.records.foreign import external_answer
from ragqa.records.markdown.comment import restored
from ragqa.records.markdown.labels import LANGUAGES
from ragqa.records.markdown.parts import SEGMENT, Part, records_parts
from ragqa.records.markdown.values import citations_of, grade_of, hits_of
from ragqa.types import Answer, Citation, Record

_SEVERAL = (*SEGMENT, "reference_answer", "annotation", "hits")
"""names of the parts that a record may have more than one of"""


class Fault(Exception):
    """Malformed Markdown in a line."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def records_in(text: str) -> Iterator[Found]:
    """Each record of `text`, or the fault that leaves it out, with its line."""
    for number, parts in enumerate(records_parts(text), 1):
        doubts: list[Doubt] = []
        try:
            record = _record(parts, number, doubts)
        except Fault as fault:
            yield Found(fault.line, fault=str(fault))
            continue
        comment = next((part for part in parts if part.name == "extra"), None)
        if comment:
            record = restored(record, comment, doubts)
        yield Found(parts[0].line, record, doubts=tuple(doubts))


def _record(parts: list[Part], number: int, doubts: list[Doubt]) -> Record:
    """What is shown of a record."""
    single = _single(parts, doubts)
    asked = single.get("question")
    question = asked.text if asked else ""
    language = question_language(question, LANGUAGES)
    answer = single.get("answer")
    citations = citations_of(single.get("references"), doubts)
    grade = grade_of(single, doubts)
    return Record(
        id=(asked.about if asked else "") or str(number),
        question=question,
        answer=_answer(question, answer.text, language, citations) if answer else None,
        hits=tuple(hits_of(parts, doubts)),
        references=tuple(part.text for part in parts if part.name == "reference_answer"),
        annotations={
            part.about or "manual": part.text.strip()
            for part in parts
            if part.name == "annotation" and part.text.strip()
        },
        grades=(grade,) if grade else (),
        language=language,
    )


def _answer(
    question: str, text: str, language: str, citations: tuple[Citation, ...]
) -> Answer | None:
    if not text.strip() and not citations:
        return None
    return replace(external_answer(question, text, language), citations=citations)


def _single(parts: list[Part], doubts: list[Doubt]) -> dict[str, Part]:
    """Parts that stand once in a record, by name; Fault when there are two answers."""
    single: dict[str, Part] = {}
    for part in parts:
        if part.name in _SEVERAL:
            continue
        if part.name not in single:
            single[part.name] = part
        elif part.name == "answer":
            raise Fault(part.line, "there are two answers in one record")
        else:
            clause = f"the part {part.name!r} stands twice in one record; the first is used"
            doubts.append(Doubt(clause, part.line))
    return single
