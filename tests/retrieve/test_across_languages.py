"""A question finds its answer in whichever language a lecture gives it."""

import numpy as np
import pytest

from ragqa.answer.ask import Asker
from ragqa.corpora import corpus
from ragqa.index import build_index
from ragqa.retrieve import Retriever
from ragqa.retrieve.centres import language_centres
from tests.conftest import PADARIA, SOFTMAX, TIDES, lecture


@pytest.fixture(scope="module")
def bundle(nano):
    return Retriever(corpus(nano).index, nano)


@pytest.mark.parametrize(
    ("question", "lecture_id"),
    [
        ("what does max pooling do", "pt/convolucao-passo-a-passo"),
        ("o que é perplexidade", "en/argmax-max-and-one-hot"),
        ("¿en qué consiste el algoritmo REINFORCE?", "pt/politica-softmax"),
        ("como divido os dados se forem uma série temporal", "es/sobreajuste-y-particion"),
    ],
)
def test_an_answer_in_another_language_comes_first(bundle, question, lecture_id):
    (hits,) = bundle.search([question], k=1)
    assert hits[0].chunk.transcript_id == lecture_id
    (dense,) = bundle.search([question], k=1, method="dense")
    assert dense[0].chunk.language != hits[0].chunk.language


def test_an_answer_quotes_lectures_in_the_questions_own_language_where_they_answer(bundle):
    asker = Asker(bundle)
    for question, language in (
        ("what is softmax", "en"),
        ("O que é a função softmax?", "pt"),
        ("¿Qué es la función softmax?", "es"),
    ):
        assert {citation.language for citation in asker.ask(question).citations} == {language}


def test_an_answer_that_only_another_language_has_is_quoted_from_there(bundle):
    answer = Asker(bundle).ask("what does max pooling do")
    assert {citation.language for citation in answer.citations} == {"pt"}


def test_a_corpus_of_one_language_is_ranked_as_if_languages_did_not_exist(nano, tmp_path):
    index = build_index([SOFTMAX, TIDES], tmp_path, nano).index
    assert language_centres(index) is None


def test_the_means_of_few_chunks_are_hardly_trusted(small_index):
    centres = language_centres(small_index)
    assert set(centres.languages) == {"en", "pt"}
    assert centres.trust < 0.25
    assert np.linalg.norm(centres.chunks, axis=1) == pytest.approx(1, abs=0.2)


def test_every_language_puts_candidates_forward_even_within_a_filter(nano, tmp_path):
    more = [lecture(f"more{i}", "The moon and the sea rise.", course="Oceans") for i in range(4)]
    index = build_index([SOFTMAX, TIDES, PADARIA, *more], tmp_path, nano).index
    retriever = Retriever(index, nano)
    vector = nano.queries(["why does the tide rise"])
    (plain,) = retriever.nearest(vector, 2)
    (spread,) = retriever.nearest(vector, 2, in_each_language=True)
    assert {index.chunks[row].language for row in plain} == {"en"}
    assert {index.chunks[row].language for row in spread} == {"en", "pt"}
    (hits,) = retriever.search(["why does the tide rise"], course="Oceans")
    assert {hit.chunk.language for hit in hits} == {"en"}
