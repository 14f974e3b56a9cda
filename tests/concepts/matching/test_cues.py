"""Phrases tell the side of a sentence, in three languages and turned round by negations."""

import pytest

from ragqa.concepts.bank import concepts
from ragqa.concepts.matching.cues import cue

SIDES = [
    ("softmax-temperature", "A hotter softmax is flatter.", 1),
    ("softmax-temperature", "Com temperatura baixa a distribuição fica achatada.", -1),
    ("softmax-temperature", "Al bajar la temperatura se concentra en la favorita.", 1),
    ("perplexity", "The lower the perplexity, the worse the model.", -1),
    ("softmax-keeps-order", "Softmax may swap two classes.", -1),
    ("softmax-keeps-order", "Softmax does not shuffle the classes.", 1),
    ("cosine-ignores-length", "No importa la longitud de los vectores.", 1),
]


@pytest.mark.parametrize(("concept", "sentence", "side"), SIDES)
def test_a_phrase_tells_the_side(concept, sentence, side):
    assert cue(concept, sentence) * side > 0


def test_in_portuguese_the_contraction_no_denies_nothing():
    assert cue("softmax-strictly-between", "A saída fica no intervalo de 0 a 1.") >= 0
    assert cue("dropout-off-at-test", "O dropout deve ficar ligado no teste.") < 0


def test_a_sentence_without_a_phrase_tells_none():
    assert all(cue(concept.id, "See you tomorrow.") == 0 for concept in concepts())


def test_most_wordings_of_the_bank_that_have_a_phrase_are_understood():
    told = [
        cue(concept.id, text) * side
        for concept in concepts()
        for side, wordings in ((1, concept.statements), (-1, concept.misconceptions))
        for texts in wordings.values()
        for text in texts
    ]
    clear = [side for side in told if side]
    assert len(clear) > 0.4 * len(told)
    assert sum(side > 0 for side in clear) > 0.93 * len(clear)
