"""Where the sentences of a written answer end: abbreviations, bare values, wrapped lines, code."""

from __future__ import annotations

import pytest

from ragqa.grade.metrics import metric_named
from ragqa.sentences import sentences
from tests.grade.judged import record


def parts(text: str) -> list[str]:
    return [text[first:past] for first, past in sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "O Dr. Silva e a Profa. Costa concordam.",
        "Use a fixed seed, e.g. NumPy's default.",
        "Cayó en el 476 d. C. tras las invasiones.",
        "El año 476 d. C. Roma ardía.",
        "See Fig. 3 and Eq. (4) for No. 5.",
        "O presidente foi o Mal. Deodoro da Fonseca.",
        "Ver pág. 12 e cap. II do livro, p. ex. Adam.",
        "Sir A. Fleming did, in Sept. '28.",
        "J. R. R. Tolkien wrote it.",
        "The U.S. Constitution came after Adam vs. SGD, Goodfellow et al. (2016), etc. and more.",
        "At 5 p.m. Alice left for St. Petersburg.",
    ],
)
def test_an_abbreviation_ends_no_sentence(text):
    assert parts(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Is it fast? No. I think not.", ["Is it fast?", "No.", "I think not."]),
        ("Adam, SGD, etc. The others too.", ["Adam, SGD, etc.", "The others too."]),
        ("It is vitamin C. Then what?", ["It is vitamin C.", "Then what?"]),
        ("O valor é mal. Depois cai.", ["O valor é mal.", "Depois cai."]),
        ("Shuffle the test set. 5 epochs follow.", ["Shuffle the test set.", "5 epochs follow."]),
        ("It isn't. A dog is.", ["It isn't.", "A dog is."]),
        ("At 5 p.m. The train left.", ["At 5 p.m.", "The train left."]),
        ("**Bold one.** Next one.", ["**Bold one.**", "Next one."]),
    ],
)
def test_a_sentence_may_end_with_what_looks_like_an_abbreviation(text, expected):
    assert parts(text) == expected


@pytest.mark.parametrize("text", ["46", "20%", "O(1)", "$O(n)$", "1789-07-14", "π", "C", "-0.693"])
def test_a_value_by_itself_is_a_sentence(text):
    assert sentences(text, values=True) == [(0, len(text))]
    metric = metric_named("groundedness")
    answered = record(answer=text)
    assert not metric.lacking(answered)
    assert [task.sentence for task in metric.tasks(answered)] == [text]


def test_marks_by_themselves_are_no_sentences():
    assert sentences("[1]\n\n---\n\n...\n\n**\n\n- ", values=True) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It was wrapped by the mail\nprogram after few words.", 1),
        ("The empire fell because of the\nGerman invasions.", 1),
        ("A sigmoide satura,\nmas a ReLU não. Ela é linear\nacima de zero.", 2),
        ("One ends here.\nanother begins.", 2),
        ("Softmax\nReLU\nAdam", 3),
        ("A title\n\nand a paragraph", 2),
        ("# A title\nand a paragraph", 2),
        ("Two reasons:\nthe first is speed", 2),
        ("- one\n- two\n* three\n1. four\n2) five\na) six", 6),
    ],
)
def test_only_a_wrapped_line_goes_on(text, expected):
    assert len(parts(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It takes hydroxide. pH stays put.", ["It takes hydroxide.", "pH stays put."]),
        ("El gen se copia. mRNA sale de ahí.", ["El gen se copia.", "mRNA sale de ahí."]),
        ("Some, e.g. iron, rust.", ["Some, e.g. iron, rust."]),
    ],
)
def test_a_sentence_may_begin_with_a_small_letter_before_a_capital(text, expected):
    assert parts(text) == expected


def test_code_and_the_head_of_a_table_are_one_piece_each():
    code = "```python\nx = f(z)\n\nprint(x)\n```"
    table = "| name | year |\n|---|---|"
    text = f"Like so:\n{code}\nThen it ends.\n\n{table}\n| Adam | 2014 |\n| SGD | 1951 |"
    assert parts(text) == [
        "Like so:",
        code,
        "Then it ends.",
        table,
        "| Adam | 2014 |",
        "| SGD | 1951 |",
    ]


def test_the_number_of_an_item_stays_with_it():
    assert parts("1. Divide.\n2. Add.\n**3.** Stop.") == ["1. Divide.", "2. Add.", "**3.** Stop."]
