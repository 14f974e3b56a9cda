"""Numbers as they are spoken and written, and answers that give another one."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragqa.grade.local.encoder import WORD
from ragqa.grade.local.figures import numbers_of
from ragqa.grade.local.number import same
from ragqa.grade.task import Task
from tests.grade_local.tasks import correct


def read(text: str, language: str = "en"):
    """The numbers of `text`, cut into words as the judge cuts it."""
    spans = [match.span() for match in WORD.finditer(text)]
    edges = [(0, 0), *spans, (len(text), len(text))]
    gaps = [text[a[1] : b[0]] for a, b in itertools.pairwise(edges)]
    return numbers_of([text[a:z] for a, z in spans], gaps, language, ending=True)


@pytest.mark.parametrize(
    ("language", "text", "values"),
    [
        ("en", "in seventeen eighty nine", [1789]),
        ("en", "in nineteen oh one", [1901]),
        ("en", "in twenty twenty-four", [2024]),
        ("en", "sizes sixteen thirty two sixty four", [16, 32, 64]),
        ("pt", "mil setecentos e oitenta e nove", [1789]),
        ("es", "mil setecientos ochenta y nueve", [1789]),
        ("en", "the twenty first of March", [21, 3]),
        ("pt", "1.º de maio", [1, 5]),
        ("es", "primero de mayo de mil novecientos", [1, 5, 1900]),
        ("en", "14.7.1789", [14, 7, 1789]),
        ("en", "you may leave in March", []),
        ("en", "the third layer", []),
        ("en", "two thirds of it", [2 / 3]),
        ("pt", "três quartos", [0.75]),
        ("es", "un tercio", [1 / 3]),
        ("en", "one and a half kilometres", [1.5]),
        ("es", "dos horas y media", [2.5]),
        ("pt", "por meio de um exemplo", []),
        ("en", "half an hour", [0.5]),
        ("pt", "zero vírgula cinco por cento", [0.005]),
        ("en", "they sum to one.", [1]),
        ("en", "one of them", []),
        ("en", "-0.693", [-0.693]),
        ("es", "entre menos uno y uno", [-1, 1]),
        ("pt", "pelo menos três", [3]),
        ("en", "pages 10-20", [10, 20]),
        ("en", ".693", [0.693]),
        ("en", "point nine nine nine", [0.999]),
        ("en", "zero point oh five", [0.05]),
        ("en", "10^6 or 10⁻³ or 3 × 10⁸", [1e6, 1e-3, 3e8]),
        ("en", "ten to the minus three", [0.001]),
        ("pt", "3 mil", [3000]),
        ("es", "mil millones", [1e9]),
        ("en", "half a dozen", [6]),
    ],
)
def test_numbers_are_read_as_they_are_spoken(language, text, values):
    assert [number.value for number in read(text, language)] == pytest.approx(values)


SAME = [
    ("en", "20 %", ["0.2", "1/5", "one fifth", "20 percent", "twenty per cent"]),
    ("en", "1/3", ["33 %", "a third of it", "33.3%"]),
    ("en", "1.5 km", ["1500 m", "1,500 metres", "one and a half kilometres"]),
    ("pt", "42,195 km", ["42 195 m", "42 km", "42 quilômetros e 195 metros"]),
    ("en", "2 hours", ["120 minutes", "2h", "two hours"]),
    ("en", "0.693", ["0.69", "0.6931", "about 0.7", ".693", "6.93e-1"]),
    ("en", "1,000,000", ["1 million", "10^6", "1e6", "1 000 000", "1M"]),
    ("en", "14 July", ["the fourteenth of July", "14/7", "July 14th"]),
    ("en", "80 % and 20 %", ["80/20", "0.8 and one fifth"]),
    ("en", "September 1928", ["Sept. '28", "September nineteen twenty eight"]),
]
OTHER = [
    ("en", "0.693", ["-0.693", "0.7", "0.63", "693"]),
    ("en", "1/4", ["1/5", "0.2", "4"]),
    ("en", "0.999", ["0.99", "0.9", "1"]),
    ("en", "0.44", ["0", "1"]),
    ("en", "2 hours", ["2 minutes", "130 minutes"]),
    ("en", "1789", ["1798", "1790"]),
    ("en", "14 July", ["14 June", "15 July"]),
]


def agree(one: str, other: str, language: str) -> bool:
    mine, theirs = read(one, language), read(other, language)
    pairs = list(zip(sorted(mine, key=_order), sorted(theirs, key=_order), strict=False))
    return len(mine) == len(theirs) and all(same(a, b) for a, b in pairs)


def _order(number):
    return number.kind in ("month", "year"), number.kind == "year", -number.value


@pytest.mark.parametrize(
    ("language", "text", "form"), [(a, b, one) for a, b, every in SAME for one in every]
)
def test_another_way_to_write_a_number_is_the_same_number(language, text, form):
    if form == "14/7":
        day, month = read(form)
        assert same(day, read(text)[0]) and same(month, read(text)[1])
    else:
        assert agree(text, form, language) and agree(form, text, language)


@pytest.mark.parametrize(
    ("language", "text", "form"), [(a, b, one) for a, b, every in OTHER for one in every]
)
def test_another_number_is_not_the_same(language, text, form):
    assert not agree(text, form, language)


SMALL = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen",
    "pt": "zero um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze "
    "dezesseis dezessete dezoito dezenove",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce "
    "quince dieciséis diecisiete dieciocho diecinueve",
}
TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "pt": "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
}
HUNDREDS = {
    "pt": "cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos "
    "novecentos",
    "es": "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos "
    "ochocientos novecientos",
}
AND = {"en": " ", "pt": " e ", "es": " y "}


def in_words(number: int, language: str) -> str:
    if number < 20:
        return SMALL[language].split()[number]
    if number < 100:
        tens, rest = TENS[language].split()[number // 10 - 2], number % 10
        return tens + (AND[language] + in_words(rest, language) if rest else "")
    if number < 1000:
        head, rest = number // 100, number % 100
        if language == "en":
            told, joint = f"{in_words(head, language)} hundred", " and "
        else:
            told, joint = HUNDREDS[language].split()[head - 1], " e " if language == "pt" else " "
        return told + (joint + in_words(rest, language) if rest else "")
    head, rest = number // 1000, number % 1000
    thousand = "thousand" if language == "en" else "mil"
    told = thousand if head == 1 and language != "en" else f"{in_words(head, language)} {thousand}"
    return told + (" " + in_words(rest, language) if rest else "")


@given(st.integers(2, 999_999), st.sampled_from(["en", "pt", "es"]))
def test_a_number_in_figures_and_in_words_reads_as_the_same_value(number, language):
    (told,) = read(in_words(number, language), language)
    comma = "," if language == "en" else "."
    forms = [str(number), f"{number:,}".replace(",", comma), f"{number:,}".replace(",", " ")]
    for form in forms:
        (written,) = read(form, language)
        assert written.value == told.value == number
        assert same(told, written)


@given(st.integers(1, 10**7), st.integers(-6, 6))
def test_a_number_and_its_exponent_read_as_the_same_value(digits, power):
    plain = f"{digits * 10.0**power:.12f}".rstrip("0").rstrip(".")
    (scientific,) = read(f"{digits}e{power}")
    (times,) = read(f"{digits} × 10^{{{power}}}")
    (written,) = read(plain.removeprefix("0") or "0")
    assert scientific.value == pytest.approx(written.value)
    assert times.value == pytest.approx(written.value)


@given(st.integers(1010, 2099).filter(lambda year: year % 100 and year // 100 != 20))
def test_a_year_said_in_two_halves_is_that_year(year):
    rest = year % 100
    tail = in_words(rest, "en") if rest > 9 else f"oh {in_words(rest, 'en')}"
    assert [n.value for n in read(f"in {in_words(year // 100, 'en')} {tail}")] == [year]


@given(st.text("0123456789 .,/-^e%mk'°ºhundretho⁶①²", max_size=40))
def test_any_heap_of_figures_is_read_without_an_error(text):
    for number in read(text):
        assert 0 <= number.first < number.past


def grounded(sentence: str, *passages: str, language: str = "en") -> Task:
    contexts = tuple((f"hit:{i}", passage) for i, passage in enumerate(passages, 1))
    return Task(
        "r", "groundedness", "sentence:1", "When or how much was it?", sentence,
        sentence=sentence, contexts=contexts, language=language,
    )  # fmt: skip


def test_one_wrong_number_among_right_ones_is_wrong(graded):
    date = "The treaty was signed on 3 September 1783."
    pairs = [
        ("The treaty was signed on 3 September 1738.", date),
        ("The treaty was signed on 4 September 1783.", date),
        ("The treaty was signed on 3 October 1783.", date),
        ("180 °C for 25 minutes.", "200 °C for 25 minutes."),
        ("200 °C for 250 minutes.", "200 °C for 25 minutes."),
        ("It has 12 layers, 256 units and 8 heads.", "It has 12 layers, 512 units and 8 heads."),
        ("alpha = 0.1 and beta = 0.99.", "alpha = 0.1 and beta = 0.999."),
    ]
    grades = graded(*(correct("Tell the numbers.", a, r) for a, r in pairs))
    assert [grade.score <= 0.3 for grade in grades] == [True] * len(pairs)


def test_a_number_more_that_says_something_else_is_not_wrong(graded):
    reference = "The tower was finished in 1931 and is 381 metres high."
    answer = "It is 381 metres high, was finished in 1931 and has 102 floors."
    (grade,) = graded(correct("How high is it, and when was it finished?", answer, reference))
    assert "contradiction" not in grade.details


def test_a_number_that_a_speaker_says_supports_the_figure(graded):
    pairs = [
        ("The bridge was opened in 1894.", "the bridge was opened in eighteen ninety four", "en"),
        ("The queen died in 1901.", "the queen died in nineteen oh one", "en"),
        ("The parade is on 21 May.", "the parade is on the twenty first of may", "en"),
        ("Half of the boats sank.", "50 percent of the boats sank", "en"),
        ("The weights sum to 1.", "the weights sum to one, always", "en"),
        ("A prova é no dia 1º de maio.", "a prova é no dia primeiro de maio", "pt"),
    ]
    grades = graded(*(grounded(s, c, language=language) for s, c, language in pairs))
    assert [grade.points >= 2 for grade in grades] == [True] * len(pairs)
    assert not any("No context has" in grade.reasoning for grade in grades)


def test_a_number_that_no_context_says_is_still_no_support(graded):
    year, sign = graded(
        grounded("The bridge was opened in 1984.", "the bridge was opened in eighteen ninety four"),
        grounded("The loss is -0.25.", "the loss is zero point two five"),
    )
    assert max(year.score, sign.score) <= 0.5
    assert "-0.25" in sign.reasoning


@pytest.mark.parametrize(
    ("language", "spoken", "meant"),
    [
        ("en", "it was found in eighty-one, by chance", True),
        ("es", "fue en el ochenta y uno.", True),
        ("pt", "foi em oitenta e um, por acaso", True),
        ("en", "it was found in eighty-one countries", False),
        ("es", "el ochenta y uno por ciento.", False),
        ("en", "in twenty, or so", False),
    ],
)
def test_a_year_may_be_said_without_its_century(language, spoken, meant):
    years = read("It was found in 1981.")
    found = read(spoken, language)
    assert any(same(year, number) for year in years for number in found) is meant
