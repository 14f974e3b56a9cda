"""What is asked for is found: by meaning, by word, misheard, filtered."""

import itertools

import numpy as np
import pytest

from ragqa.errors import RagqaError
from ragqa.index import build_index
from ragqa.retrieve import Retriever, hit_json
from tests.conftest import lecture


@pytest.fixture(scope="module")
def retriever(small_index, nano):
    return Retriever(small_index, nano)


@pytest.fixture(scope="module")
def misheard(tmp_path_factory, nano):
    lectures = [
        lecture("split", "And this is what the soft Max does with the scores."),
        lecture("misspelt", "Each of these numbers comes out of the softmex at the end."),
        lecture("cut", "So we take the cross entrop of the prediction and the label."),
        lecture("maximum", "The maximum height of the tower is ninety metres, a soft stone."),
        lecture("cooking", "Stir the onions gently until they are golden."),
        lecture("garden", "Tomatoes want sun, water and a stake to climb."),
    ]
    folder = tmp_path_factory.mktemp("misheard")
    return Retriever(build_index(lectures, folder, nano).index, nano)


@pytest.mark.parametrize("method", ["hybrid", "dense", "bm25", "rrf"])
def test_every_method_finds_the_lecture_that_says_it(retriever, method):
    (hits,) = retriever.search(["when is a spring tide?"], 3, method)
    assert hits[0].chunk.transcript_id == "tides"
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert all(a.fused >= b.fused for a, b in itertools.pairwise(hits))


def test_another_language_finds_it_too(retriever):
    (hits,) = retriever.search(["¿Cómo debe estar el horno para hacer pan?"], 1)
    assert hits[0].chunk.transcript_id == "padaria"


@pytest.mark.parametrize("method", ["hybrid", "bm25"])
def test_misheard_terms_are_found(misheard, method):
    (softmax,) = misheard.search(["softmax"], 3, method)
    assert {hit.chunk.transcript_id for hit in softmax[:2]} == {"split", "misspelt"}
    (entropy,) = misheard.search(["cross-entropy"], 2, method)
    assert entropy[0].chunk.transcript_id == "cut"


def test_the_score_is_the_cosine(retriever, nano):
    question = "what do scores become?"
    (hits,) = retriever.search([question], 3)
    vector = nano.queries([question])[0]
    for hit in hits:
        cosine = float(nano.passages([hit.chunk.text])[0] @ vector)
        assert hit.score == pytest.approx(cosine, abs=1e-4)


def test_questions_in_a_batch_get_what_they_get_alone(retriever):
    questions = ["when is high tide?", "o que é pão?", "which class wins?"]
    together = retriever.search(questions, 3)
    for question, hits in zip(questions, together, strict=True):
        (alone,) = retriever.search([question], 3)
        assert [h.chunk.corpus_id for h in alone] == [h.chunk.corpus_id for h in hits]
        np.testing.assert_allclose([h.score for h in alone], [h.score for h in hits], atol=1e-4)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"language": "pt"}, {"padaria"}),
        ({"language": "en-GB"}, {"outputs", "tides"}),
        ({"transcript": "tides"}, {"tides"}),
        ({"transcript": "Outpu"}, {"outputs"}),
        ({"course": "ocean"}, {"tides"}),
    ],
)
def test_filters_leave_only_what_they_name(retriever, filters, expected):
    (hits,) = retriever.search(["softmax"], 10, **filters)
    assert {hit.chunk.transcript_id for hit in hits} == expected


def test_a_filter_that_leaves_nothing_says_so(retriever):
    with pytest.raises(RagqaError, match="klingon"):
        retriever.search(["softmax"], language="klingon")


@pytest.mark.parametrize("question", ["", "  \n", "?!…", "\0\0"])
def test_an_empty_question_is_refused(retriever, question):
    with pytest.raises(RagqaError, match="empty"):
        retriever.search([question])


def test_an_overlong_question_says_how_long_it_may_be(retriever):
    with pytest.raises(RagqaError, match="10000 characters; shorten it to 8000"):
        retriever.search(["a" * 10_000])


@pytest.mark.parametrize(
    "question",
    ["softmax \ud800", 'soft"max" AND (NOT *', "softmax\0", "NEAR(tide, 2)", "a'b; DROP TABLE x"],
)
def test_odd_characters_are_only_text(retriever, question):
    (hits,) = retriever.search([question], 2)
    assert hits


def test_bad_numbers_and_names_are_refused(retriever):
    with pytest.raises(RagqaError, match="-k must be at least 1, not 0"):
        retriever.search(["softmax"], 0)
    with pytest.raises(RagqaError, match="hybrid, dense, bm25, rrf"):
        retriever.search(["softmax"], 1, "magic")  # type: ignore[arg-type]


def test_an_index_of_another_model_is_refused(small_index, nano):
    class Other:
        name, dimension, max_tokens = "other-model", 384, 512
        queries, passages, token_counts = nano.queries, nano.passages, nano.token_counts

    with pytest.raises(RagqaError, match=r"multilingual-e5-small.*other-model"):
        Retriever(small_index, Other())


def test_a_hit_as_json_opens_the_video_where_its_chunk_begins(retriever):
    (hits,) = retriever.search(["spring tide"], 1)
    told = hit_json(hits[0])
    assert told["start"] == 0.0 and told["url"].startswith(
        "https://video.example.org/watch?v=tides"
    )
    assert set(told) >= {"rank", "corpus_id", "score", "title", "url", "start", "end", "text"}
