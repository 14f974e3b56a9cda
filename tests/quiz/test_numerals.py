"""Numbers as English, Spanish and Portuguese write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragqa.quiz.numerals import figures, written


@pytest.mark.parametrize(
    ("text", "language", "value", "decimals"),
    [
        ("60,000", "en", 60_000, 0),
        ("60.000", "es", 60_000, 0),
        ("1.386", "en", 1.386, 3),
        ("1,386", "pt", 1.386, 3),
        ("0.045", "pt", 0.045, 3),
        ("−0,4", "es", -0.4, 1),
        ("1.234,5", "pt", 1234.5, 1),
        ("1,234.5", "en", 1234.5, 1),
        ("7", "und", 7, 0),
    ],
)
def test_a_number_is_read_as_its_language_writes_it(text, language, value, decimals):
    found = written(text, language)
    assert (found.value, found.decimals) == (value, decimals)


@pytest.mark.parametrize("text", ["", "about 5", "1 2", "five", "1.2.3", "[1, 2]", "-", "5%"])
def test_what_is_not_just_a_number_is_none(text):
    assert written(text, "en") is None


@given(st.floats(-1e6, 1e6), st.integers(1, 5), st.sampled_from([("en", "."), ("es", ",")]))
def test_a_rounded_number_agrees_with_what_it_was_rounded_from(value, decimals, writing):
    language, point = writing
    text = f"{value:.{decimals}f}".replace(".", point)
    found = written(text, language)
    if found.decimals:  # "1,234" groups thousands in English, so it is another number
        assert found.agrees(float(f"{value:.{decimals}f}"))


def test_whole_numbers_are_met_exactly():
    assert written("0", "en").agrees(0.0)
    assert not written("0", "en").agrees(0.4)
    assert written("0.4", "en").agrees(0.44)


def test_number_words_become_figures():
    assert figures("Hay Cuatro clases", ["dos", "tres", "cuatro"]) == "hay 4 clases"
    assert figures("tensor of x − 1", ["ten"]) == "tensor of x - 1"


@given(st.text(max_size=30), st.sampled_from(["en", "es", "pt", "und"]))
def test_any_text_is_read_without_failing(text, language):
    written(text, language)
