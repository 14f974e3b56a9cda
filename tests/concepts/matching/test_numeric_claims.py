"""Claims in numbers are parsed and computed; hypothesis writes most of them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragqa.concepts.matching.numeric import judge

SMALL = st.integers(-60, 60).map(lambda n: n / 10)
LOGITS = st.lists(SMALL, min_size=2, max_size=6)
DIGITS = st.integers(2, 5)
LANGUAGES = st.sampled_from(["en", "pt", "es"])
SAYS = {
    "en": ("softmax of {} is {}", "the softmax of the vector {} gives approximately {}."),
    "pt": ("a softmax de {} é {}", "A softmax do vetor {} dá aproximadamente {}."),
    "es": ("la softmax de {} es {}", "Softmax del vector {} da aproximadamente {}."),
}


def softmax(logits: list[float]) -> list[float]:
    powers = [math.exp(logit) for logit in logits]
    return [power / sum(powers) for power in powers]


def written(number: float, digits: int, language: str) -> str:
    text = f"{number:.{digits}f}"
    return text if language == "en" else text.replace(".", ",")


def listed(numbers: list[float], digits: int, language: str) -> str:
    between = ", " if language == "en" else "; "
    return "[" + between.join(written(number, digits, language) for number in numbers) + "]"


@given(LOGITS, DIGITS, LANGUAGES, st.integers(0, 1))
def test_a_softmax_that_is_rounded_right_is_supported(logits, digits, language, way):
    said = SAYS[language][way].format(
        listed(logits, 1, language), listed(softmax(logits), digits, language)
    )
    judged = judge(said, language)
    assert judged is not None
    assert judged.claim.holds
    assert judged.concept == "softmax-definition"


@given(LOGITS, DIGITS, LANGUAGES, st.data())
def test_a_softmax_with_one_number_off_by_more_than_rounding_is_refuted(
    logits, digits, language, data
):
    claimed = softmax(logits)
    at = data.draw(st.integers(0, len(claimed) - 1))
    units = data.draw(st.integers(2, 50)) * data.draw(st.sampled_from([-1, 1]))
    claimed[at] += units * 10.0**-digits
    said = SAYS[language][0].format(listed(logits, 1, language), listed(claimed, digits, language))
    judged = judge(said, language)
    assert judged is not None
    assert not judged.claim.holds


@given(st.floats(0.01, 0.99), DIGITS, LANGUAGES)
def test_minus_log_of_a_probability_is_computed(probability, digits, language):
    shown = written(probability, 4, language)
    loss = -math.log(float(f"{probability:.4f}"))
    right = judge(f"-log({shown}) = {written(loss, digits, language)}", language)
    wrong = judge(f"-log({shown}) = {written(loss + 5.3, digits, language)}", language)
    assert right is not None
    assert right.claim.holds
    assert wrong is not None
    assert not wrong.claim.holds


@given(SMALL, DIGITS)
def test_sigmoid_relu_and_tanh_are_computed(x, digits):
    values = {"sigmoid": 1 / (1 + math.exp(-x)), "ReLU": max(0.0, x), "tanh": math.tanh(x)}
    for name, value in values.items():
        right = judge(f"{name}({x}) = {value:.{digits}f}")
        wrong = judge(f"{name}({x}) = {value + 0.2:.{digits}f}")
        assert right is not None
        assert right.claim.holds
        assert wrong is not None
        assert not wrong.claim.holds


@given(st.text(max_size=200))
def test_no_text_makes_it_crash(text):
    judge(text)
    judge("softmax(" + text + ") = " + text)
    judge("the log of " + text + " is 2", "en")


@given(st.text("0123456789.,;[]()+-*/^%=≈ elogsigmoidsoftmaxargmaxcos", max_size=80))
def test_no_almost_formula_makes_it_crash(text):
    judged = judge(text)
    if judged is not None:
        for plain in (judged.claim.claimed, judged.claim.computed):
            numbers = plain if isinstance(plain, tuple) else (plain,)
            assert all(map(math.isfinite, numbers))


@pytest.mark.parametrize(
    ("sentence", "holds", "concept"),
    [
        ("The loss is -log(0.8) = 0.22.", True, "cross-entropy-one-hot"),
        ("A perda é −log(0,8) = 0,42.", False, "cross-entropy-one-hot"),
        ("Si p = 0,1, entonces -ln(0,1) es 2,30.", True, "cross-entropy-one-hot"),
        ("sigmoid(0) = 0.5", True, "sigmoid-range"),
        ("La sigmoide de cero es cero.", False, "sigmoid-range"),
        ("ReLU(-3) = 0 and ReLU(4) = 5.", False, "relu-max-zero"),
        ("ReLU of -3 is 3.", False, "relu-max-zero"),
        ("The cosine of [1, 2] and [2, 4] is 1.", True, "cosine-range"),
        ("O cosseno entre [1, 0] e [0, 1] é 1.", False, "cosine-range"),
        ("The maximum of [3, 9, 4] is 9.", True, "argmax-is-position"),
        ("softmax([0, 0]) = [50%, 50%]", True, "softmax-definition"),
        (
            "A softmax de [2,2,1,5] dá cerca de [0,045, 0,045, 0,016, 0,895].",
            True,
            "softmax-definition",
        ),
        ("The softmax of [2, 2, 1, 5] is [0, 0, 0, 1].", False, "softmax-definition"),
        ("The softmax of [1, 2, 3] is not [0.2, 0.3, 0.5].", True, "softmax-definition"),
        ("The sum of softmax([1, 2, 3]) is 1.", True, "softmax-sums-to-one"),
        ("sigmoid(1) = 1/(1+e^-1) = 0.73", True, "sigmoid-range"),
        ("sigmoid(1) = 1/(1+e^-1) = 0.63", False, "sigmoid-range"),
        ("The cross-entropy of [1, 0] and [0.5, 0.5] is 0.69.", True, "cross-entropy-definition"),
    ],
)
def test_claims_in_words_and_signs(sentence, holds, concept):
    judged = judge(sentence)
    assert judged is not None
    assert (judged.claim.holds, judged.concept) == (holds, concept)


@pytest.mark.parametrize(
    "sentence",
    [
        "The softmax of x is exp(x) over the sum.",
        "ReLU(x) = max(0, x)",
        "The sum of the angles of a triangle is 180 degrees.",
        "The learning rate was 0.2.",
        "log(0) is 5",
        "softmax of [1e400, 2] is [1, 0]",
        "softmax of [1e-400, 2] is [0.1, 0.9]",
        "relu(1e999999999) is 1e999999999",
        "sigmoid(10^400) = 1",
        "sigmoid(-2^-99999) = 0.5^(9^9^9^9)",
        "softmax([" + "1e308, " * 900 + "1e400]) = 1",
        "2 + 2 = 5",
        "The maximum of 10 is 3.",
        "exp(exp(exp(99))) = 1",
        "sigmoid(" * 700 + "0",
        "-log " * 700,
        "(1 + " * 500,
        "cosine((" * 30 + "[1]",
        "9" * 5000 + " = log(2)",
    ],
)
def test_what_cannot_be_computed_is_left_alone(sentence):
    assert judge(sentence) is None


def test_both_numbers_are_told():
    judged = judge("I think that softmax([1, 2, 3]) = [0.1, 0.2, 0.7].", "en")
    assert judged is not None
    assert judged.claim.claimed == (0.1, 0.2, 0.7)
    assert judged.claim.computed == pytest.approx((0.0900, 0.2447, 0.6652), abs=1e-4)
    assert judged.claim.expression == "softmax([1, 2, 3])"
    assert "0.6652" in judged.reason


def test_positions_counted_from_one_and_from_zero_both_hold_and_are_told_apart():
    from_zero = judge("The argmax of [0.1, 0.7, 0.2] is 1.")
    from_one = judge("The argmax of [0.1, 0.7, 0.2] is position 2.")
    in_code = judge("np.argmax([0.1, 0.7, 0.2]) is 2.")
    assert from_zero is not None
    assert from_one is not None
    assert in_code is not None
    assert [from_zero.claim.holds, from_one.claim.holds, in_code.claim.holds] == [True, True, False]
    assert "from 1" in from_one.reason


@pytest.mark.parametrize(
    "sentence",
    [
        "In bits, -log(0.5) = 1.",
        "A perda é -log(0,5) = 1 na base 2.",
        "With base 2 the loss -log(0.8) is 0.32.",
        "With base 10, log(100) = 2.",
    ],
)
def test_a_logarithm_to_a_base_that_is_said_holds_and_is_named(sentence):
    judged = judge(sentence)
    assert judged is not None
    assert judged.claim.holds
    assert "logarithm to base" in judged.reason
    natural = judge("-ln(0.5) = 1")
    assert natural is not None
    assert not natural.claim.holds


@pytest.mark.parametrize(
    ("sentence", "natural", "other"),
    [
        ("The loss is -log(0.8) = 0.32.", "0.2231", "0.3219 would be the logarithm to base 2"),
        ("It is a bit more: -log(0.8) = 0.32.", "0.2231", "0.3219 would be"),
        ("The loss is -log(0.1) = 1.", "2.303", "1 would be the logarithm to base 10"),
    ],
)
def test_a_logarithm_to_a_base_that_is_not_said_is_refuted_with_the_natural_one(
    sentence, natural, other
):
    judged = judge(sentence)
    assert judged is not None
    assert not judged.claim.holds
    assert f"In natural logarithms it is {natural}" in judged.reason
    assert other in judged.reason


def test_a_whole_number_is_no_rounding_unless_the_sentence_says_about():
    exactly = judge("sigmoid(2) is 1.")
    about = judge("sigmoid(2) is about 1.")
    assert exactly is not None
    assert not exactly.claim.holds
    assert about is not None
    assert about.claim.holds


def test_thousands_in_english_are_not_decimals():
    english = judge("log(1,000) = 6.91", "en")
    spanish = judge("log(1,000) = 0,00", "es")
    assert english is not None
    assert english.claim.holds
    assert spanish is not None
    assert spanish.claim.holds


def test_of_several_claims_the_false_one_decides():
    judged = judge("ReLU(4) = 4, tanh(0) = 0 and sigmoid(0) = 1.")
    assert judged is not None
    assert judged.concept == "sigmoid-range"
    assert not judged.claim.holds


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ("The derivative of the sigmoid at 0 is 0.25.", True),
        ("The gradient of the sigmoid at 0 is 0.5.", False),
        ("A derivada da sigmoide em 0 é 0,25.", True),
        ("La derivada de la sigmoide en 0 es 0,5.", False),
        ("The derivative of ReLU at 3 is 3.", False),
        ("The derivative of tanh at 0 is 1.", True),
    ],
)
def test_a_derivative_is_computed_as_one(said, holds):
    judged = judge(said)
    assert judged is not None and judged.claim.holds is holds


@pytest.mark.parametrize(
    "said",
    [
        "The inverse of sigmoid(0) is 0.5.",
        "Twice sigmoid(0) is 1.",
        "Half of -log(0.5) is 0.35.",
        "The logarithm of softmax of [1, 2, 3] is [0.09, 0.24, 0.67].",
        "Without the exponential, the softmax of [1,2,3] is [0.17, 0.33, 0.5].",
        "O dobro de sigmoid(0) é 1.",
        "The derivative of ReLU at 0 is 1.",
    ],
)
def test_what_is_made_of_a_formula_is_not_taken_for_its_value(said):
    assert judge(said) is None
