"""Quiz items: read with care, their keys proved by running them."""

import contextlib
import json
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragqa.errors import RagqaError
from ragqa.quiz import Computed, key_check, read_items
from ragqa.quiz.arithmetic import value_of

GOOD = {
    "id": "a",
    "question": "How much is two and two?",
    "options": ["three", "four", "five", "six"],
    "answer": "B",
    "check": {"expression": "2 + 2", "values": [3, 4, 5, 6]},
}


def written(folder, *rows):
    path = folder / "quiz.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    return path


def test_the_bundled_quiz_is_large_enough_in_each_language():
    items = [item for item in read_items() if item.half == "test"]
    for language in ("en", "es", "pt"):
        assert sum(item.language == language for item in items) >= 22
    assert all(len(item.options) == 4 for item in items)


def test_the_place_of_the_key_tells_nothing():
    items = [item for item in read_items() if item.half == "test"]
    places = [sum(item.answer == place for item in items) for place in range(4)]
    assert max(places) - min(places) <= 2


def test_no_question_is_asked_twice():
    questions = [item.question for item in read_items()]
    assert len(set(questions)) == len(questions)


def test_nine_keys_of_ten_are_proved_by_running_them():
    items = read_items()
    proofs = [proof for item in items if (proof := key_check(item)) is not None]
    assert all(proof.holds for proof in proofs)
    assert len(proofs) >= 0.9 * len(items)


def test_the_values_of_computed_items_are_what_their_options_say():
    for item in read_items():
        if isinstance(item.check, Computed):
            for option, value in zip(item.options, item.check.values, strict=True):
                assert number_in(option) == pytest.approx(value), item.id


def number_in(option):
    text = option.replace("−", "-")
    text = re.sub(r"[.,](?=\d{3}\b)(?!\d{3}\b.*\d)", "", text) if grouped(option) else text
    return float(text.replace(",", "."))


def grouped(option):
    return re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", option) is not None and option not in ("1.386",)


def test_a_wrong_key_is_noticed(tmp_path):
    (item,) = read_items(written(tmp_path, GOOD | {"answer": "C"}))
    proof = key_check(item)
    assert not proof.holds
    assert "option B" in proof.finding


def test_a_key_that_two_options_share_is_noticed(tmp_path):
    check = {"expression": "2 + 2", "values": [4, 4, 5, 6]}
    (item,) = read_items(written(tmp_path, GOOD | {"check": check}))
    assert not key_check(item).holds


def test_an_item_without_a_check_is_not_proved(tmp_path):
    (item,) = read_items(written(tmp_path, {k: v for k, v in GOOD.items() if k != "check"}))
    assert key_check(item) is None


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"answer": "E"}, "answer E is none of 4"),
        ({"answer": "b"}, "field answer"),
        ({"options": ["four"]}, "field options"),
        ({"options": ["three", "four", "four", "six"]}, "'four' occurs twice"),
        ({"question": " "}, "field question"),
        ({"id": None}, "field id"),
        ({"check": "softmax-sums-to-1"}, "softmax-sums-to-one"),
        ({"check": {"expression": "2 + 2", "values": [4]}}, "check.values"),
        ({"check": {"expression": "log(0)", "values": [3, 4, 5, 6]}}, "check.expression"),
        ({"half": "training"}, "field half"),
    ],
)
def test_a_bad_item_is_named_by_its_line(tmp_path, change, named):
    path = written(tmp_path, GOOD, GOOD | {"id": "b"} | change)
    with pytest.raises(RagqaError, match=rf"quiz.jsonl line 2: .*{re.escape(named)}"):
        read_items(path)


def test_bad_files_are_named(tmp_path):
    with pytest.raises(RagqaError, match="line 2: the id 'a' is that of line 1"):
        read_items(written(tmp_path, GOOD, GOOD))
    with pytest.raises(RagqaError, match="no quiz item"):
        read_items(written(tmp_path))
    (tmp_path / "quiz.jsonl").write_text('{"id": "a"\n', "utf-8")
    with pytest.raises(RagqaError, match="line 1 is not JSON"):
        read_items(tmp_path / "quiz.jsonl")
    with pytest.raises(RagqaError, match="nowhere"):
        read_items(tmp_path / "nowhere.jsonl")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("-log(0.25)", 1.3863),
        ("softmax([2, 1, 0])[0]", 0.6652),
        ("cosine([3, 4], [4, 3])", 0.96),
        ("adam_first_step(4, 0.1)", 0.1),
        ("floor((28 + 2 * 2 - 5) / 1) + 1", 28),
        ("argmax([0.1, 0.7, 0.2])", 1),
        ("sum(softmax([1, 2, 3]))", 1),
        ("relu(-2.5)", 0),
    ],
)
def test_expressions_are_computed(expression, value):
    assert value_of(expression) == pytest.approx(value, abs=1e-4)


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('os').getcwd()",
        "open('x')",
        "(lambda: 1)()",
        "[x for x in [1]][0]",
        "softmax.__globals__",
        "1 / 0",
        "log(0)",
        "exp(1000)",
        "softmax([1, 2])",
        "softmax([1, 2])[7]",
        "2 ** 99999999",
        "'a' * 9",
        "True",
        "1 +",
        "",
        "-" * 5000 + "1",
        "max([])",
        "cosine([1], [1, 2])",
    ],
)
def test_what_is_no_arithmetic_is_refused(expression):
    with pytest.raises(RagqaError, match=r"cannot be computed|does not come to"):
        value_of(expression)


@given(st.text(max_size=40))
def test_no_text_is_run_as_code(text):
    with contextlib.suppress(RagqaError):
        assert math.isfinite(value_of(text))
