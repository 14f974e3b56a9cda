"""Denials turn a claim round, questions leave it open, introductions add nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragqa.concepts.matching.frames import unframe


@pytest.mark.parametrize(
    ("sentence", "claim"),
    [
        ("It is not true that softmax is linear.", "softmax is linear."),
        ("It's a common misconception that ReLU is linear.", "ReLU is linear."),
        ("The claim that Adam is plain SGD is false.", "Adam is plain SGD"),
        ("Many students wrongly believe that argmax is a value.", "argmax is a value."),
        ("Softmax outputs are independent, but that is wrong.", "Softmax outputs are independent"),
        ("Never say that accuracy is enough.", "accuracy is enough."),
        ("Contrary to the popular belief that ReLU is linear, it bends.", "ReLU is linear"),
        ("Não é verdade que a softmax é linear.", "a softmax é linear."),
        ("É um erro pensar que a ReLU é linear.", "a ReLU é linear."),
        ("A ideia de que o Adam é o SGD está errada.", "o Adam é o SGD"),
        ("Muitos alunos acham erroneamente que o argmax é um valor.", "o argmax é um valor."),
        ("No es cierto que la softmax sea lineal.", "la softmax sea lineal."),
        ("Es falso que la ReLU sea lineal.", "la ReLU sea lineal."),
        ("Mucha gente cree erróneamente que Adam es SGD.", "Adam es SGD."),
        ("La idea de que Adam es SGD es errónea.", "Adam es SGD"),
    ],
)
def test_denials_in_three_languages(sentence, claim):
    framed = unframe(sentence)
    assert framed.stance == "denied"
    assert framed.claim == claim


@pytest.mark.parametrize(
    ("sentence", "claim"),
    [
        ("Contrary to what many think, softmax is smooth.", "softmax is smooth."),
        ("It is true that softmax is smooth.", "softmax is smooth."),
        ("Ao contrário do que muitos pensam, a softmax é suave.", "a softmax é suave."),
        ("Al contrario de lo que muchos creen, la softmax es suave.", "la softmax es suave."),
        ("It is not true that it is false that softmax is smooth.", "softmax is smooth."),
        ("Softmax is not linear.", "Softmax is not linear."),
    ],
)
def test_what_stays_asserted(sentence, claim):
    assert unframe(sentence) == type(unframe(sentence))(claim, "asserted")


@pytest.mark.parametrize(
    "sentence",
    [
        "Does softmax sum to one?",
        "A softmax soma um?",
        "¿La softmax suma uno?",
        "I wonder whether softmax sums to one.",
        "No sé si la softmax suma uno.",
    ],
)
def test_questions_are_open(sentence):
    assert unframe(sentence).stance == "open"


@given(st.text(max_size=300))
def test_any_text_has_a_stance(text):
    assert unframe(text).stance in {"asserted", "denied", "open"}
