"""Choose the weights that decide which passages an offline answer quotes.

Run: python eval/benchmarks/answer_weights.py [--write]
Coordinate search on the development half of the bundled questions, from the weights in use: each
weight in turn is tried at a few multiples, and a change is kept when the aim grows by more than
0.004, which is less than half a question. The aim is the share of answers whose first passage lies
in a marked span, plus half the share that have any there, half of the quoted seconds inside, and a
fifth of the share of passages that begin and end as sentences do. The test half is measured by
answer_quality.py.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
from answer_quality import Asked, asked, measures

from ragqa.answer.passages import Passage, Weights, chosen, in_one_language
from ragqa.answer.stretches import Stretches, stretches
from ragqa.corpora import corpus
from ragqa.embed import embedder
from ragqa.language import question_language
from ragqa.locations import bundled
from ragqa.questions import in_development, read_questions
from ragqa.retrieve import Retriever

_MULTIPLES = (0.0, 0.5, 0.75, 1.33, 2.0)
_GAIN = 0.004


def main() -> None:
    """Search and print."""
    model = embedder()
    retriever = Retriever(corpus(model).index, model)
    known = read_questions(bundled("eval", "questions.jsonl")).questions
    group = asked(
        "development", retriever, [q for q in known if q.answerable and in_development(q)]
    )
    aim = aim_of(group)
    weights = Weights.default()
    best, before = aim(weights), None
    print(f"{best:.4f}  in use")
    while best != before:
        before = best
        for name, value in asdict(weights).items():
            for multiple in _MULTIPLES:
                tried = Weights(**{**asdict(weights), name: round(value * multiple, 3)})
                reached = aim(tried)
                if reached > best + _GAIN:
                    weights, best = tried, reached
                    print(f"{best:.4f}  {name} {getattr(tried, name)}", flush=True)
    print(json.dumps(asdict(weights)))
    if "--write" in sys.argv:
        path = Path(__file__).parents[2] / "ragqa/answer/passages.json"
        path.write_text(json.dumps(asdict(weights)) + "\n", encoding="utf-8")


def aim_of(group: Asked) -> Callable[[Weights], float]:
    """How good some weights are on the questions of `group`."""
    languages = group.index.languages
    found: dict[str, Stretches] = {}
    for question, vector, hits in zip(group.questions, group.vectors, group.hits, strict=True):
        own = in_one_language(hits, question_language(question.question, languages))[:8]
        found[question.question] = stretches(group.index, question.question, vector, own)

    def aim(weights: Weights) -> float:
        def selection(_index: object, question: str, *_: object) -> list[Passage]:
            return chosen(found[question], question, languages, weights)

        told = measures(group, selection)
        form = (told["begin at a sentence's start"] + told["end at a sentence's end"]) / 2
        part = (told["any passage inside"] + told["quoted seconds inside"]) / 2
        return float(np.round(told["first passage inside"] + part + 0.2 * form, 6))

    return aim


if __name__ == "__main__":
    main()
