"""Questions whose own numbers determine the answer are computed; misread ones are left alone."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragqa.quiz import Item
from ragqa.quiz.computing import worked


def asked(question, *options):
    return worked(Item("x", "en", question, options, 0))


@pytest.mark.parametrize(
    ("question", "options", "right"),
    [
        ("The label got a probability of 0.4. How large is the loss?", ("0.4", "0.92", "0.6"), 1),
        ("Probabilidad 0,2 para la clase correcta: ¿cuánto vale la pérdida?", ("0,2", "1,61"), 1),
        ("A rede deu probabilidade 0,8 à classe. Quanto é a perda?", ("0,22", "0,8"), 0),
        (
            "The logits are 1, 2 and 3. What probability does softmax give to the third class?",
            ("0.5", "0.67", "1.0"),
            1,
        ),
        (
            "Con puntuaciones 0, 0 y −1, ¿qué probabilidad da softmax a la segunda clase?",
            ("0,42", "0,5", "0,33"),
            0,
        ),
        ("An untrained network has eight classes. How large is the loss?", ("8", "2.08"), 1),
        ("Input 10, filter 3, padding 1, stride 1: which side has the output?", ("8", "10"), 1),
        ("How many steps has an epoch of 1,000 images in batches of 100?", ("10", "100"), 0),
        ("The input of a ReLU is 1.5. What comes out?", ("0", "1.5"), 1),
    ],
)
def test_the_value_is_that_of_one_option(question, options, right):
    found = asked(question, *options)
    assert found.option == right
    assert "=" in found.finding


@pytest.mark.parametrize(
    ("question", "options"),
    [
        ("The label got a probability of 0.4. How large is the loss?", ("0.4", "0.6")),
        ("The label got a probability of 0.4. How large is the loss?", ("0.92", "0.916")),
        ("The label got a probability of 0.4. How large is the loss?", ("0.92", "large")),
        ("The logits are 1, 2 and 3. Which probability does softmax give?", ("0.67", "0.5")),
        ("The price is 0.4. How large is the loss?", ("0.92", "0.5")),
        ("What is softmax?", ("1", "2")),
        (
            "Logits 2, 1 and 0, temperature 5: which probability has the first softmax class?",
            ("0.67", "0.5"),
        ),
        ("A probability of 0,0. How large is the loss?", ("0", "1")),
    ],
)
def test_nothing_is_claimed_without_one_agreeing_option(question, options):
    assert asked(question, *options) is None


@given(st.floats(0.01, 0.99), st.sampled_from(["en", "es", "pt"]))
def test_the_loss_of_any_probability_is_found_in_three_languages(probability, language):
    stated = f"{probability:.2f}"
    loss = f"{-math.log(float(stated)):.3f}"
    question = {
        "en": f"The true class has a probability of {stated}. What is the loss?",
        "es": f"La clase tiene una probabilidad de {stated}. ¿Cuánto vale la pérdida?",
        "pt": f"A classe tem probabilidade {stated}. Qual é a perda?",
    }[language]
    found = asked(question, "7.777", loss)
    assert found is not None and found.option == 1


@given(st.text(max_size=80), st.lists(st.text(max_size=8), min_size=2, max_size=4))
def test_any_text_is_read_without_failing(question, options):
    asked(question, *options)
