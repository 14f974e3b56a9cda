"""A run and its judgements as TREC files, for other tools to measure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ragqa.evaluate.coverage import Coverage
from ragqa.evaluate.judgement import judged
from ragqa.evaluate.rankings import Rankings
from ragqa.questions import Question, docno

RUN, QRELS = "run.trec", "qrels.trec"


def trec_files(
    rankings: Rankings, questions: Sequence[Question], coverage: Coverage | None = None
) -> dict[str, str]:
    """File name -> text of the run and of its judgements."""
    return {
        RUN: trec_run(rankings, questions),
        QRELS: trec_qrels(rankings, questions, coverage),
    }


def trec_run(rankings: Rankings, questions: Sequence[Question], name: str = "ragqa") -> str:
    """The text of a TREC run whose documents are named by lecture and times.

    Of hits with the same name (chunks of a text without times) the first stands for all.
    """
    lines = []
    for question, hits in zip(questions, rankings.lists(), strict=True):
        identifier = docno(question.id, None, None)
        names = dict.fromkeys(docno(hit.transcript_id, hit.start, hit.end) for hit in hits)
        for rank, where in enumerate(names, 1):
            # trec_eval sorts by score alone; ours need not fall with the rank, 1/rank does.
            lines.append(f"{identifier} Q0 {where} {rank} {1 / rank:.9f} {name}\n")
    return "".join(lines)


def trec_qrels(
    rankings: Rankings, questions: Sequence[Question], coverage: Coverage | None = None
) -> str:
    """The judgements of these very hits, with which trec_eval gives ragqa's MRR, MAP and nDCG.

    TREC judges documents, and what a hit is worth depends on the hits before it: a hit is relevant
    here when it finds a span first; spans never found are documents that the run lacks.
    """
    found = judged(rankings, questions, coverage)
    new = found.relevant & (found.first_hit[found.unit] == found.hit)
    hits = [hit for ranked in rankings.lists() for hit in ranked]
    grades: dict[tuple[int, str], int] = {}

    def grade(question: int, name: str, relevance: int) -> None:
        key = (question, name)
        grades[key] = max(relevance, grades.get(key, 0))

    for row, unit in zip(found.hit[new].tolist(), found.unit[new].tolist(), strict=True):
        hit = hits[row]
        where = docno(hit.transcript_id, hit.start, hit.end)
        grade(int(found.units.question[unit]), where, int(found.units.relevance[unit]))
    names = [
        docno(name, start, end) for question in questions for name, start, end in _units(question)
    ]
    for unit in np.flatnonzero(found.first_hit == len(hits)).tolist():
        grade(int(found.units.question[unit]), names[unit], int(found.units.relevance[unit]))
    return "".join(
        f"{docno(questions[position].id, None, None)} 0 {name} {relevance}\n"
        for (position, name), relevance in sorted(grades.items())
    )


def _units(question: Question) -> list[tuple[str, float | None, float | None]]:
    """What is judged relevant, in the order in which `judged` counts it."""
    spans = [(s.transcript_id, s.start, s.end) for s in question.spans if s.relevance > 0]
    return [*spans, *((n, None, None) for n, grade in question.documents.items() if grade > 0)]
