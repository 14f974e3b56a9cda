"""Questions that are only to be answered need no marks, no ids and no JSON."""

import json

import pytest

from ragqa.errors import RagqaError
from ragqa.questions import read_unmarked


def asked(path):
    return [(q.id, q.question, q.answerable) for q in read_unmarked(path).questions]


def test_one_question_a_line(tmp_path):
    file = tmp_path / "q.txt"
    file.write_text("What is softmax?\n\nO que é entropia cruzada?\n", encoding="utf-8")
    assert asked(file) == [
        ("q1", "What is softmax?", None),
        ("q3", "O que é entropia cruzada?", None),
    ]


def test_a_table_with_a_column_of_questions(tmp_path):
    file = tmp_path / "q.csv"
    file.write_text('week,id,question\n3,w3,"What, then, is ReLU?"\n4,,Why Adam?\n')
    assert asked(file) == [("w3", "What, then, is ReLU?", None), ("q3", "Why Adam?", None)]


def test_json_lines_without_spans_and_with_them(tmp_path):
    span = {"transcript_id": "a", "start": 1.0, "end": 2.0, "relevance": 3}
    rows = [
        {"question": "Plain?"},
        {"id": 7, "question": "Marked?", "answerable": True, "spans": [span]},
        {"id": "out", "question": "Outside?", "answerable": False},
    ]
    file = tmp_path / "q.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert asked(file) == [
        ("q1", "Plain?", None),
        ("7", "Marked?", True),
        ("out", "Outside?", False),
    ]


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("q.jsonl", '{"question": "A?"}\n{"question": " "}\n', "line 2: the question has no text"),
        ("q.jsonl", '{"id": "a", "question": "A?"}\n{"id": "a", "question": "B?"}', "line 2"),
        ("q.csv", "frage\nWas?\n", "no column `question`"),
        ("q.csv", "id,question\n1,\n", "line 2: question"),
        ("q.txt", "1 0 lecture 1\n", "qrels"),
        ("q.txt", "\n", "no question"),
        ("q.doc", "x", "ending"),
    ],
)
def test_what_cannot_be_asked_is_named(tmp_path, name, text, complaint):
    (tmp_path / name).write_text(text)
    with pytest.raises(RagqaError, match=complaint):
        read_unmarked(tmp_path / name)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(RagqaError, match="There is no question set"):
        read_unmarked(tmp_path / "absent.txt")
