"""Situations told in words with numbers are computed and compared."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragqa.concepts.matching.situations import judge_situation

RIGHT = [
    ("en", "The network gave the right word 0.2, so its loss is about 1.61.", "one-hot"),
    ("pt", "A classe certa recebeu 20%, então a perda é 1,61.", "one-hot"),
    ("es", "La clase correcta recibe 0,5 y la pérdida es de 1 bit.", "one-hot"),
    ("en", "The loss for p = 0.5 is 0.69.", "one-hot"),
    ("en", "The cross-entropy loss at p=0.5 is 1 bit.", "one-hot"),
    ("pt", "A perda para p = 0,5 é 0,69 nats.", "one-hot"),
    ("es", "La pérdida con p = 0,25 es de 2 bits.", "one-hot"),
    ("en", "For 12 species the last layer has twelve neurons.", "neuron-per-class"),
    (
        "es",
        "Con 640 ejemplos y lotes de 64 hay 10 actualizaciones por época.",
        "epochs-and-batches",
    ),
    ("pt", "Um filtro 3x3 sem padding leva uma imagem 10x10 a 8x8.", "output-size"),
    ("en", "With 2x2 max pooling a 12x12 map becomes 6x6.", "max-pooling"),
    ("en", "An input of -8 becomes 0 after the ReLU.", "relu-max-zero"),
    ("pt", "Em x = −4 a derivada da ReLU vale 0.", "relu-gradient"),
    ("en", "Where the sigmoid is 0.6 its slope is 0.24.", "sigmoid-derivative"),
    ("en", "A uniform guess over 5 classes has a loss of 1.61.", "uniform-loss"),
    ("es", "El coseno no puede valer 1,7.", "cosine-range"),
    ("en", "A cross-entropy of -0.4 is impossible here.", "zero-only-perfect"),
    ("en", "The one-hot vector of the second of three classes is [0, 1, 0].", "one-hot-encoding"),
]
WRONG = [
    ("en", "The network gave the right word 0.2, so its loss is about 0.8.", "one-hot"),
    ("en", "The right class got 0.5, so the loss is 0.69 bits.", "one-hot"),
    ("en", "The loss for p = 0.5 is 0.69 bits.", "one-hot"),
    ("pt", "A perda para p = 0,5 é 0,3.", "one-hot"),
    ("es", "La pérdida para p = 0,5 es 1 nat.", "one-hot"),
    ("pt", "Para 12 espécies a última camada tem um único neurônio.", "neuron-per-class"),
    ("en", "640 examples in batches of 64 make 64 updates an epoch.", "epochs-and-batches"),
    ("es", "Un filtro de 3x3 sin relleno deja una imagen de 10x10 en 10x10.", "output-size"),
    ("es", "Una entrada de −8 pasa por ReLU y sale 8.", "relu-max-zero"),
    ("en", "The derivative of ReLU at -4 is 1.", "relu-gradient"),
    ("pt", "Uma saída da softmax pode valer 1,4.", "strictly-between"),
    ("en", "The cosine similarity was 2.5.", "cosine-range"),
    ("en", "tanh gives values between 0 and 1.", "tanh-range"),
    ("es", "La tercera de cuatro clases es [0, 0, 1, 1] en one-hot.", "one-hot-encoding"),
]


@pytest.mark.parametrize(("language", "sentence", "concept"), RIGHT)
def test_what_is_told_rightly_holds(language, sentence, concept):
    judged = judge_situation(sentence, language)
    assert judged is not None
    assert judged.claim.holds, judged.reason
    assert concept in judged.concept


@pytest.mark.parametrize(("language", "sentence", "concept"), WRONG)
def test_what_is_told_wrongly_does_not(language, sentence, concept):
    judged = judge_situation(sentence, language)
    assert judged is not None
    assert not judged.claim.holds, judged.reason
    assert concept in judged.concept


@pytest.mark.parametrize(
    "sentence",
    [
        "The cosine of two vectors can be negative.",
        "AlexNet had a softmax in 2012.",
        "We trained for 10 epochs with batches of 64.",
        "The model has 25, 15 and 10 neurons in its three layers.",
        "Multiplying a vector by 7 leaves its cosine as it was.",
        "A CNN from 2015 uses 3x3 filters.",
        "With dropout the loss for p = 0.5 is 0.8 after an epoch.",
        "Our loss for p = 0.5 is 0.8.",
        "The loss for p = 0.5 is 0.1 higher.",
        "",
    ],
)
def test_numbers_that_claim_nothing_are_left_alone(sentence):
    assert judge_situation(sentence, "en") is None


def test_a_loss_in_bits_is_told_as_a_logarithm_to_base_2():
    judged = judge_situation("The loss for p = 0.5 is 0.69 bits.", "en")
    assert judged is not None
    assert "-log2(0.5) is 1," in judged.reason


@given(st.integers(5, 99), st.sampled_from(["en", "pt", "es"]))
def test_the_loss_of_a_probability_is_its_negative_logarithm(percent, language):
    loss = f"{-math.log(percent / 100):.3f}"
    said = {
        "en": f"The true class got {percent}%, which makes a loss of {loss}.",
        "pt": f"A classe correta recebe {percent}% e a perda é {loss.replace('.', ',')}.",
        "es": f"La clase correcta recibe {percent} % y la pérdida es {loss.replace('.', ',')}.",
    }[language]
    judged = judge_situation(said, language)
    assert judged is not None
    assert judged.claim.holds, judged.reason
