"""Numbers of several words are one number."""

from __future__ import annotations

import pytest

from ragqa.concepts.matching.matches import match


@pytest.mark.parametrize(
    "sentence",
    [
        "A segunda é densa com cento e vinte e oito neurônios e ReLU.",
        "A layer with twenty-eight neurons and ReLU.",
        "Una capa con ciento veintiocho neuronas y ReLU.",
    ],
)
def test_the_size_of_a_layer_is_not_taken_for_what_relu_gives(sentence):
    assert match([sentence]) == [None]


@pytest.mark.parametrize(
    ("sentence", "polarity"),
    [
        ("A ReLU de vinte e oito é vinte e oito.", "true"),
        ("A ReLU de vinte e oito é vinte e nove.", "false"),
        ("The ReLU of minus forty-two is zero.", "true"),
        ("La ReLU de treinta y cinco es cero.", "false"),
    ],
)
def test_a_number_of_two_words_is_computed_with(sentence, polarity):
    (found,) = match([sentence])
    assert found is not None
    assert found.polarity == polarity
