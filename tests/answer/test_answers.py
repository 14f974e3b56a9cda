"""Answers quote the lectures' own words where they are said, or say that nothing answers."""

import pytest

from ragqa.answer import Asker, answer_json
from ragqa.corpora import corpus
from ragqa.locations import bundled
from ragqa.retrieve import Retriever
from ragqa.transcripts import read_transcripts


@pytest.fixture(scope="session")
def asker(nano):
    return Asker(Retriever(corpus(nano).index, nano))


@pytest.fixture(scope="session")
def cues_of():
    readings = read_transcripts([bundled("corpus")])
    return {reading.transcript.id: reading.transcript.cues for reading in readings}


@pytest.mark.parametrize(
    ("question", "language", "word"),
    [
        ("what is softmax", "en", "probability"),
        ("O que é a função softmax?", "pt", "soma é sempre"),
        ("¿Para qué sirve la función ReLU?", "es", "cero"),
    ],
)
def test_a_taught_question_is_answered_in_the_lectures_own_words(
    asker, cues_of, question, language, word
):
    answer = asker.ask(question)
    assert answer.answered and answer.language == language
    assert 2 <= len(answer.citations) <= 5
    assert word in answer.text.casefold()
    for number, citation in enumerate(answer.citations, 1):
        cues = cues_of[citation.transcript_id]
        said = [cue for cue in cues if cue.start >= citation.start and cue.end <= citation.end]
        assert 1 <= len(said) <= 3
        assert " ".join(cue.text for cue in said) == citation.text
        first, past = citation.span
        assert citation.text in answer.text[first:past] and f"[{number}]" in answer.text
        assert citation.url.endswith(f"t={int(citation.start)}")


def test_after_the_best_passage_and_its_neighbours_time_runs_forward_and_none_repeats(asker):
    answer = asker.ask("How does Adam change the learning rate of each parameter?")
    places = [(c.transcript_id, c.start) for c in answer.citations]
    assert len(set(places)) == len(places)
    lecture, best = places[0]
    far = [(name, start) for name, start in places if name != lecture or abs(start - best) > 60]
    for name in {name for name, _ in far}:
        starts = [start for other, start in far if other == name]
        assert starts == sorted(starts)


@pytest.mark.parametrize(
    ("question", "definition"),
    [
        ("O que é ReLU?", "máximo entre zero e x"),
        ("What is Adam?", "Adam stands for adaptive moment estimation"),
        ("what is softmax", "Softmax is a function that takes"),
        ("¿Qué es la función softmax?", "es una función que recibe"),
        ("¿Qué es el momento?", "inercia"),
    ],
)
def test_a_definition_that_is_asked_for_comes_first(asker, question, definition):
    assert definition in asker.ask(question).citations[0].text


@pytest.mark.parametrize(
    "question", ["O que é ReLU?", "what is ReLU", "O que é entropia cruzada?", "how does SGD work"]
)
def test_nothing_that_only_announces_or_asks_is_quoted(asker, question):
    for citation in asker.ask(question).citations:
        assert not citation.text.endswith("?")
        assert not any(
            phrase in citation.text for phrase in ("so today", "Let me share", "hoje a gente fala")
        )


def test_a_passage_begins_and_ends_with_a_sentence_where_three_cues_allow_it(asker, cues_of):
    ends = (".", "?", "!", "…")
    broken = []
    for question in ("why subtract the maximum?", "what is overfitting", "cómo funciona Adam"):
        for citation in asker.ask(question).citations:
            cues = cues_of[citation.transcript_id]
            first = next(i for i, cue in enumerate(cues) if cue.start == citation.start)
            last = next(i for i, cue in enumerate(cues) if cue.end == citation.end)
            if not citation.text.endswith(ends):
                assert last - first + 1 == 3, "it could have held more of its sentence"
            broken.append(first > 0 and not cues[first - 1].text.endswith(ends))
    assert sum(broken) <= len(broken) / 4


def test_both_parts_of_a_question_are_quoted(asker):
    answer = asker.ask("what is overfitting and what can I do against it?")
    assert "overfitting" in answer.text
    assert any(word in answer.text for word in ("more data", "dropout", "penal", "early"))


@pytest.mark.parametrize(
    "question",
    [
        "who won the 2009 Super Bowl?",
        "Qual é a capital da Austrália?",
        "¿Cuánto tarda en cocerse una patata?",
    ],
)
def test_what_no_lecture_answers_is_said_to_be_unanswered(asker, question):
    answer = asker.ask(question)
    assert not answer.answered and answer.citations == ()
    assert answer.text and "softmax" not in answer.text


def test_the_json_holds_what_the_readme_promises(asker):
    told = answer_json(asker.ask("what is softmax"))
    assert set(told) >= {
        "question", "language", "answer", "answered", "citations", "engine", "model", "timings_ms"
    }  # fmt: skip
    assert set(told["citations"][0]) >= {
        "corpus_id", "transcript_id", "title", "url", "start", "end", "score", "text"
    }  # fmt: skip
    assert told["timings_ms"]["total"] > 0 and told["engine"] == "extractive"


def test_untimed_transcripts_are_cited_without_times(tmp_path, nano):
    path = tmp_path / "notes.txt"
    path.write_text(
        "Softmax turns a list of scores into probabilities that add up to one. "
        "It is the exponential of each score divided by the sum of all exponentials. "
        "The largest score gets the largest probability, but the others keep a share."
    )
    answer = Asker(Retriever(corpus(nano, folder=path).index, nano)).ask("what is softmax?")
    assert answer.answered
    assert {(c.start, c.end) for c in answer.citations} == {(None, None)}
