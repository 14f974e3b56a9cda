"""Limiting a search to a language, a lecture or a course."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ragqa.errors import RagqaError
from ragqa.index import Index
from ragqa.language import language_code


@dataclass(frozen=True, slots=True)
class Filter:
    """What a chunk's lecture must be; None leaves it open."""

    language: str | None = None
    transcript: str | None = None
    """a lecture's id, or part of its title"""
    course: str | None = None
    """part of the course's name"""


def rows_within(index: Index, wanted: Filter) -> NDArray[np.int64] | None:
    """The rows of the chunks that pass, or None when all do.

    Raises RagqaError when none passes, saying what there is.
    """
    conditions, values = [], []
    if wanted.language:
        conditions.append("language = ?")
        values.append(language_code(wanted.language))
    if wanted.transcript:
        conditions.append("(transcripts.id = ? OR instr(lower(title), lower(?)))")
        values += [wanted.transcript, wanted.transcript]
    if wanted.course:
        conditions.append("instr(lower(course), lower(?))")
        values.append(wanted.course)
    if not conditions:
        return None
    found = index.metadata.connection.execute(
        "SELECT row FROM chunks JOIN transcripts ON transcripts.id = transcript_id "
        f"WHERE {' AND '.join(conditions)} ORDER BY row",
        values,
    )
    rows = np.array([row for (row,) in found], np.int64)
    if not len(rows):
        asked = ", ".join(
            f"{name} {value!r}"
            for name, value in (
                ("language", wanted.language),
                ("lecture", wanted.transcript),
                ("course", wanted.course),
            )
            if value
        )
        there = f"its languages are {', '.join(index.languages)}, and " if wanted.language else ""
        raise RagqaError(
            f"No lecture of the index has {asked}; {there}`ragqa index info --lectures` lists "
            "the lectures."
        )
    return rows
