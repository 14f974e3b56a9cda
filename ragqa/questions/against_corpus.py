"""Whether the spans of a question set lie in the lectures that they name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ragqa.errors import RagqaError
from ragqa.questions.question import Question, QuestionSet
from ragqa.types import Transcript

SLACK = 1.0
"""seconds that a span may end after the last cue: players round"""


@dataclass(frozen=True, slots=True)
class Lecture:
    """What a question set needs to know of a transcript."""

    language: str
    seconds: float | None
    """end of the last cue; None in a transcript without times"""


def lecture_of(transcript: Transcript) -> Lecture:
    """The language and length of a transcript with its cues."""
    ends = [cue.end for cue in transcript.cues if cue.end is not None]
    return Lecture(transcript.language, max(ends) if ends else None)


def check_against(questions: QuestionSet, lectures: Mapping[str, Lecture]) -> None:
    """Raise RagqaError naming file and line of the first question that does not fit the corpus."""
    for question in questions.questions:
        place = questions.place(question)
        for name in question.documents:
            _lecture(lectures, name, place)
        _check_spans(question, lectures, place)


def _check_spans(question: Question, lectures: Mapping[str, Lecture], place: str) -> None:
    for number, span in enumerate(question.spans, 1):
        lecture = _lecture(lectures, span.transcript_id, place)
        if lecture.seconds is None:
            raise RagqaError(
                f"{place}: span {number} has times, but the transcript {span.transcript_id!r} "
                'has none; judge it as a whole under "documents".'
            )
        if span.end > lecture.seconds + SLACK:
            raise RagqaError(
                f"{place}: span {number} ends at {span.end:g} s, outside the lecture "
                f"{span.transcript_id!r} of {lecture.seconds:g} s."
            )


def _lecture(lectures: Mapping[str, Lecture], name: str, place: str) -> Lecture:
    if name not in lectures:
        from rapidfuzz.process import extractOne

        near = extractOne(name, list(lectures), score_cutoff=70)
        hint = f"; did you mean {near[0]!r}?" if near else "; see: ragqa index info --lectures"
        raise RagqaError(f"{place}: the corpus has no transcript {name!r}{hint}")
    return lectures[name]
