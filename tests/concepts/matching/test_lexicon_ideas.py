"""Words of three languages become the same ideas."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragqa.concepts.matching.lexicon import Lexicon, terms


@pytest.mark.parametrize(
    "sentences",
    [
        (
            "The softmax probabilities sum to one",
            "As probabilidades da softmax somam 1",
            "Las probabilidades de softmax suman uno",
        ),
        (
            "Cross-entropy is never negative",
            "A entropia cruzada nunca é negativa",
            "La entropía cruzada nunca es negativa",
        ),
        (
            "A higher learning rate",
            "Uma taxa de aprendizado mais alta",
            "Una tasa de aprendizaje más alta",
        ),
    ],
)
def test_translations_share_most_ideas(sentences):
    ideas = [set(Lexicon.default().ideas(sentence)) for sentence in sentences]
    shared = set.intersection(*ideas)
    assert len(shared) >= 2 * max(map(len, ideas)) / 3 - 1
    assert shared


def test_turning_one_word_round_turns_the_parity():
    lexicon = Lexicon.default()

    def parities(sentence):
        return {term for term in terms(lexicon.ideas(sentence)) if term.startswith("parity of 2")}

    flat = parities("a higher temperature makes softmax flatter")
    assert parities("a lower temperature makes softmax sharper") == flat
    assert parities("a higher temperature makes softmax sharper") != flat


def test_a_negation_marks_what_follows_it():
    made = terms(Lexicon.default().ideas("softmax does not keep the order"))
    assert "not keep" in made
    assert "not softmax" not in made


def test_accents_that_change_the_meaning_are_kept():
    lexicon = Lexicon.default()
    assert "more" in lexicon.ideas("pesa más")
    assert "more" not in lexicon.ideas("pesa, mas falha")


@given(st.text(max_size=200))
def test_any_text_has_terms(text):
    terms(Lexicon.default().ideas(text))
