"""What an answer cites counts as read, also where it stands in no hit."""

from __future__ import annotations

import pytest

from ragqa import Asker, Retriever, corpus, embedder
from ragqa.grade.metrics.groundedness import GROUNDEDNESS
from ragqa.types import Answer, Record


def record(answer: Answer) -> Record:
    """A record of an answer and its hits."""
    return Record("1", answer.question, answer, answer.hits, language=answer.language)


@pytest.fixture(scope="module")
def asker() -> Asker:
    model = embedder()
    return Asker(Retriever(corpus(model).index, model))


def test_every_quotation_stands_in_a_passage_that_its_judge_sees(asker):
    answer = asker.ask("por que a ReLU é usada?")
    tasks = GROUNDEDNESS.tasks(record(answer))
    read = " ".join(" ".join(text.split()) for _, text in tasks[0].contexts)
    for citation in answer.citations:
        assert " ".join(citation.text.split()) in read


def test_a_citation_that_stands_in_a_hit_is_not_shown_twice(asker):
    answer = asker.ask("what is softmax")
    places = [place for place, _ in GROUNDEDNESS.tasks(record(answer))[0].contexts]
    hits = " ".join(" ".join(hit.chunk.text.split()) for hit in answer.hits)
    beyond = [c for c in answer.citations if " ".join(c.text.split()) not in hits]
    assert len([place for place in places if place.startswith("citation:")]) == len(beyond)
