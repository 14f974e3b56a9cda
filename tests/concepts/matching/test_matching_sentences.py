"""Sentences meet the bank, with the real embedding model and the shipped matcher."""

import json

import numpy as np
import pytest
from rapidfuzz import fuzz, process, utils

from ragqa.concepts.bank import concepts
from ragqa.concepts.matching import match
from ragqa.concepts.matching.machine import fit
from ragqa.concepts.matching.stored import SHIPPED, _read, matcher
from ragqa.concepts.matching.wordings import digest, wordings
from ragqa.locations import bundled

TOLD = [
    ("Softmax turns the top probability into 1 and all others into 0.", "not-one-hot", "false"),
    ("If you add up the softmax outputs you get one.", "sums-to-one", "true"),
    ("A soma das saídas da softmax pode passar de um.", "sums-to-one", "false"),
    ("El argmax indica la posición del valor más alto.", "is-position", "true"),
    ("La similitud del coseno crece con la longitud de los vectores.", "ignores-length", "false"),
    ("It is not true that the cosine depends on the vectors' length.", "ignores-length", "true"),
    ("É falso que as saídas da softmax somem um.", "sums-to-one", "false"),
    ("Es un mito que el argmax devuelva el valor máximo.", "is-position", "true"),
    ("sigmoid(0) = 0.5", "sigmoid-range", "true"),
    ("It is wrong that sigmoid(0) = 0.5.", "sigmoid-range", "false"),
]
"""sentence, how the id of its concept ends, polarity"""

SILENT = [
    "",
    "42",
    "The bakery opens at seven.",
    "Softmax is explained on page 12.",
    "Does softmax sum to one?",
    "O trem para o Porto atrasou.",
    "La softmax aparece en el examen.",
]


def test_facts_and_misconceptions_are_told_apart_in_three_languages():
    found = match([sentence for sentence, _, _ in TOLD])
    for made, (sentence, concept, polarity) in zip(found, TOLD, strict=True):
        assert made is not None, sentence
        assert made.concept_id.endswith(concept), sentence
        assert made.polarity == polarity, sentence
        assert 0 <= made.confidence <= 1
        assert made.reasons


def test_what_states_no_taught_fact_is_left_alone():
    assert match(SILENT) == [None] * len(SILENT)


def test_no_sentences_no_matches():
    assert match([]) == []


def test_each_sentence_is_matched_on_its_own():
    sentences = [sentence for sentence, _, _ in TOLD[:4]]
    together = match([*sentences, *SILENT])
    alone = [match([sentence])[0] for sentence in sentences]
    assert [m and (m.concept_id, m.polarity) for m in together[:4]] == [
        m and (m.concept_id, m.polarity) for m in alone
    ]


def test_broken_unicode_and_endless_text_do_not_crash():
    match(["softmax \ud800 sums \0 to one", "softmax " * 5000, "(" * 3000])


def test_the_shipped_matcher_is_fitted_on_the_present_wordings():
    stored = _read(SHIPPED)
    assert stored is not None
    assert stored[0]["digest"] == digest()


def test_every_concept_has_wordings_of_both_sides_in_three_languages():
    have = {(w.concept, w.side, w.language) for w in wordings()}
    for concept in concepts():
        for side in (1, -1):
            for language in ("en", "pt", "es"):
                assert (concept.id, side, language) in have


def test_no_wording_is_taken_from_the_test_half():
    lines = bundled("eval", "concept_sentences.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    labelled = [row["sentence"] for row in rows if row["half"] == "test"]
    assert labelled
    likeness = process.cdist(
        [wording.text for wording in wordings()],
        labelled,
        scorer=fuzz.ratio,
        processor=utils.default_process,
    )
    assert likeness.max() < 80


def test_leaving_a_wording_out_in_closed_form_is_fitting_without_it():
    some = [w for w in wordings() if w.concept in {"perplexity", "momentum", ""}][::3]
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(len(some), 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    whole = fit(some, vectors)
    at = next(i for i, w in enumerate(some) if w.side)
    kept = [i for i in range(len(some)) if i != at]
    # The space itself (centre, vocabulary) is kept, as it knows nothing of sides.
    kernel = (whole.features @ whole.features.T).astype(np.float64)
    target = np.array([w.concept == some[at].concept for w in some], float)
    inverse = np.linalg.inv(kernel[np.ix_(kept, kept)] + 2.0 * np.eye(len(kept)))
    predicted = kernel[at, kept] @ inverse @ target[kept]
    column = whole.machine.concepts.index(some[at].concept)
    assert whole.about[at, column] == pytest.approx(predicted, abs=1e-4)


def test_a_wording_of_the_bank_is_matched_to_its_concept():
    sided = [w for w in matcher().wordings if w.side][::211]
    for wording, found in zip(sided, match([w.text for w in sided]), strict=True):
        if found is not None and found.claim is None:
            assert found.concept_id == wording.concept
            assert found.polarity == ("true" if wording.side > 0 else "false")


@pytest.mark.slow
def test_a_changed_lexicon_or_bank_is_fitted_again_into_the_cache(tmp_path, monkeypatch):
    from ragqa.concepts.matching import stored

    monkeypatch.setenv("RAGQA_CACHE", str(tmp_path))
    monkeypatch.setattr(stored, "digest", lambda: "changed" * 9)
    stored.matcher.cache_clear()
    try:
        assert match([TOLD[1][0]])[0].concept_id.endswith(TOLD[1][1])
        assert list(tmp_path.glob("concepts-changed*.safetensors"))
    finally:
        stored.matcher.cache_clear()
