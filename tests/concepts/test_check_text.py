"""Texts in, verdicts out, each with the numbers of a check that ran."""

import json
import math
import os
import subprocess
import sys

import pytest

from ragqa.concepts import answer_grades, check_text, checked_json, checks
from ragqa.concepts.check import plain
from ragqa.errors import RagqaError
from ragqa.retrieve import Retriever

HARD = "Softmax sets the largest probability to 1 and the rest to 0."
SUMS = "The softmax probabilities always add up to 1."


def test_the_misconception_of_the_coursework_is_refuted_with_numbers():
    (checked,) = check_text(HARD)
    assert checked.verdict == "refuted"
    assert checked.concept.id == "softmax-not-one-hot"
    assert checked.result.numbers["softmax"] == [0.045, 0.045, 0.016, 0.895]
    assert checked.statement == checked.concept.statements["en"][0]


@pytest.mark.parametrize(
    ("sentence", "verdict", "concept"),
    [
        (SUMS, "supported", "softmax-sums-to-one"),
        ("Las salidas de softmax siempre suman uno.", "supported", "softmax-sums-to-one"),
        ("El coseno de dos vectores perpendiculares es cero.", "supported", "cosine-orthogonal"),
        ("Adam starts its moments at one.", "refuted", "adam-bias-correction"),
        ("A ReLU devolve o valor absoluto da entrada.", "refuted", "relu-max-zero"),
    ],
)
def test_statements_of_three_languages_are_judged(sentence, verdict, concept):
    (checked,) = check_text(sentence)
    assert (checked.verdict, checked.concept.id) == (verdict, concept)


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("The softmax of [1, 2, 3] is [0.09, 0.24, 0.67].", "supported"),
        ("The softmax of [1, 2, 3] is [0.2, 0.3, 0.5].", "refuted"),
    ],
)
def test_numbers_are_computed(sentence, verdict):
    (checked,) = check_text(sentence)
    assert checked.verdict == verdict
    assert checked.claim is not None


def test_sentences_about_other_things_are_left_alone():
    found = check_text("The bakery opens at six. Bread needs a hot oven. Come early!")
    assert [one.verdict for one in found] == [None, None, None]
    assert all(one.concept is None for one in found)


def test_each_sentence_keeps_its_place_in_the_text():
    text = f"1. {SUMS} [2]\n\n- {HARD}\nGood luck with the exam!"
    found = check_text(text)
    assert [text[one.start : one.end] for one in found] == [one.sentence for one in found]
    assert [one.verdict for one in found] == ["supported", "refuted", None]


def test_a_language_without_wordings_gets_the_statement_in_english():
    (checked,) = check_text(SUMS, language="fr")
    assert checked.statement == checked.concept.statements["en"][0]


def test_the_true_statement_comes_in_the_language_of_the_text():
    (checked,) = check_text("O Adam inicia os momentos em um.")
    assert checked.statement == checked.concept.statements["pt"][0]


def test_nothing_is_judged_when_the_check_does_not_hold(monkeypatch):
    from ragqa import reference

    checks.result_of.cache_clear()
    monkeypatch.setattr(reference, "softmax", lambda z: (z == z.amax(-1, True)).to(z.dtype))
    (checked,) = check_text(HARD)
    monkeypatch.undo()
    checks.result_of.cache_clear()
    assert checked.verdict is None
    assert "does not hold" in checked.reasons[-1]


def test_lectures_are_searched_only_with_a_retriever(small_index, nano):
    (without,) = check_text(SUMS)
    (within,) = check_text(SUMS, retriever=Retriever(small_index, nano))
    assert without.lectures is None
    assert within.lectures.citations[0].transcript_id == "outputs"


@pytest.mark.parametrize("text", ["", "   ", "...", "12 34", "\0", "🙂"])
def test_texts_without_sentences_give_nothing(text):
    assert check_text(text) == ()


def test_lone_surrogates_and_markup_are_only_text():
    for text in ("Softmax \ud800 sums to one.", "[bold]Softmax[/bold] <script>alert(1)</script>"):
        json.dumps([checked_json(one) for one in check_text(text)]).encode()


def test_a_text_that_is_too_long_is_refused():
    with pytest.raises(RagqaError, match="1,000,000"):
        check_text("a" * 1_000_001)


@pytest.mark.parametrize(
    ("sentence", "bare"),
    [
        ("1. Softmax sums to one.", "Softmax sums to one."),
        ("- “ReLU is max(0, x)” [3]", "ReLU is max(0, x)"),
        ("## Adam", "Adam"),
        ("−log(0.8) = 0.22", "−log(0.8) = 0.22"),
        ("-log(0.8) = 0.22", "-log(0.8) = 0.22"),
        ("The label of [2] is 1", "The label of [2] is 1"),
        ("Softmax of [1, 2] is fine", "Softmax of [1, 2] is fine"),
    ],
)
def test_marks_around_a_sentence_are_taken_off(sentence, bare):
    assert plain(sentence) == bare


def test_grades_name_the_sentence_and_carry_the_evidence():
    text = f"{SUMS} The weather is fine today. {HARD}"
    grades = answer_grades(text)
    assert [(g.verdict, g.target) for g in grades] == [
        ("supported", "sentence:1"),
        ("refuted", "sentence:3"),
    ]
    for grade in grades:
        evidence = grade.evidence[0]
        assert text[evidence.start : evidence.end] == evidence.text
        assert grade.score in (0.0, 1.0) and not math.isnan(grade.score)
        json.dumps(dict(grade.details), allow_nan=False)


def test_an_answer_that_no_concept_speaks_to_has_no_grades():
    assert answer_grades("It rains.") == []


def test_importing_the_concepts_does_not_import_torch():
    code = "import sys, ragqa.concepts, ragqa.cli.concepts; print('torch' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.strip() == "False"
