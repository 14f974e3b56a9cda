"""Question sets in ragqa's and others' formats, and whatever can be wrong with them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragqa.errors import RagqaError
from ragqa.locations import bundled
from ragqa.questions import (
    Lecture,
    Question,
    check_against,
    crosses_languages,
    docno,
    parsed_docno,
    read_questions,
    write_jsonl,
    write_qrels,
)
from ragqa.types import Span

SPAN = {"transcript_id": "en/a", "start": 3, "end": 9.5, "relevance": 2}
ROW = {"id": "q1", "question": "what is softmax", "language": "en", "spans": [SPAN]}


def write(tmp_path: Path, name: str, *lines: object) -> Path:
    path = tmp_path / name
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def test_a_jsonl_question_keeps_its_spans_and_its_line(tmp_path):
    path = write(tmp_path, "q.jsonl", "", {**ROW, "note": "mine"})
    (found,) = read_questions(path).questions
    assert found.spans == (Span("en/a", 3.0, 9.5, 2),)
    assert (found.line, found.answerable) == (2, True)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"spans": []}, "no relevant span"),
        ({"spans": [{**SPAN, "relevance": 0}]}, "no relevant span"),
        ({"answerable": False}, "unanswerable and yet"),
        ({"spans": [{**SPAN, "start": -1}]}, "times count from 0"),
        ({"spans": [{**SPAN, "end": 1}]}, "reversed"),
        ({"spans": [{**SPAN, "end": 3}]}, "reversed or empty"),
        ({"spans": [{**SPAN, "relevance": 4}]}, "relevance"),
        ({"spans": [{**SPAN, "start": "3"}]}, "start"),
        ({"spans": [{**SPAN, "begin": 3}]}, "begin"),
        ({"question": ""}, "question"),
        ({"id": 7}, "id"),
        ({"answerable": "no"}, "answerable"),
        ({"id": "q0"}, "repeats the id 'q0'"),
    ],
)
def test_a_bad_question_is_named_by_its_line(tmp_path, change, says):
    path = write(tmp_path, "q.jsonl", {**ROW, "id": "q0"}, {**ROW, **change})
    with pytest.raises(RagqaError, match=says) as error:
        read_questions(path)
    assert f"{path} line 2" in str(error.value)


@pytest.mark.parametrize("line", ["{", "[]", '{"start": NaN}', "null", '"text"'])
def test_a_line_that_is_no_question_is_named(tmp_path, line):
    with pytest.raises(RagqaError, match="line 2"):
        read_questions(write(tmp_path, "q.jsonl", ROW, line))


@pytest.mark.parametrize("name", ["q.csv", "missing.jsonl", "folder"])
def test_what_is_no_question_set_says_what_is(tmp_path, name):
    (tmp_path / "folder").mkdir()
    (tmp_path / "q.csv").write_text("id,question")
    with pytest.raises(RagqaError, match=r"BEIR"):
        read_questions(tmp_path / name)


def test_bytes_that_are_no_text_are_named(tmp_path):
    (tmp_path / "q.jsonl").write_bytes(b'{"id": "\xff"}')
    with pytest.raises(RagqaError, match="not UTF-8"):
        read_questions(tmp_path / "q.jsonl")


LECTURES = {"en/a": Lecture("en", 60.0), "pt/b": Lecture("pt", None)}


@pytest.mark.parametrize(
    ("span", "says"),
    [
        ({**SPAN, "transcript_id": "en/A"}, r"no transcript 'en/A'; did you mean 'en/a'"),
        ({**SPAN, "end": 62}, r"outside the lecture 'en/a' of 60 s"),
        ({**SPAN, "transcript_id": "pt/b"}, r"has none"),
    ],
)
def test_a_span_that_does_not_lie_in_its_lecture_is_named(tmp_path, span, says):
    path = write(tmp_path, "q.jsonl", ROW, {**ROW, "id": "q2", "spans": [span]})
    with pytest.raises(RagqaError, match=says) as error:
        check_against(read_questions(path), LECTURES)
    assert f"{path} line 2" in str(error.value)


ids = st.text(min_size=1, max_size=8).filter(lambda name: name.isprintable())


@given(ids, st.integers(0, 10**7), st.integers(1, 10**6))
def test_names_of_moments_have_no_white_space_and_read_back(name, start, length):
    start, end = start / 1000, (start + length) / 1000
    written = docno(name, start, end)
    assert len(written.split()) == 1
    assert parsed_docno(written) == (name, start, end)
    assert parsed_docno(docno(name, None, None)) == (name, None, None)


def test_questions_are_written_as_they_are_read(tmp_path):
    questions = [
        Question("a", "¿qué?", "es", True, (Span("x y", 1, 2.5, 3),), topic="t", line=1),
        Question("b", "nothing", "en", False, line=2),
    ]
    write_jsonl(tmp_path / "q.jsonl", questions)
    assert list(read_questions(tmp_path / "q.jsonl").questions) == questions


def test_qrels_keep_spans_and_whole_lectures(tmp_path):
    questions = [
        Question("q 1", "", spans=(Span("x y", 1, 2.5, 3),)),
        Question("q2", "", documents={"d1": 1, "d2": 0}),
    ]
    write_qrels(tmp_path / "q.qrels", questions)
    first, second = read_questions(tmp_path / "q.qrels").questions
    assert (first.id, first.spans) == ("q 1", (Span("x y", 1.0, 2.5, 3),))
    assert second.documents == {"d1": 1, "d2": 0}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("q1 0 d1", "3 columns"),
        ("q1 0 d1 high", "no integer"),
        ("q1 0 d0 1", "again"),
        ("q1 0 d1@9-3 1", "reversed"),
    ],
)
def test_a_bad_line_of_qrels_is_named(tmp_path, line, says):
    with pytest.raises(RagqaError, match=says) as error:
        read_questions(write(tmp_path, "q.qrels", "q1 0 d0 1", line))
    assert "line 2" in str(error.value)


def squad(*qas: dict) -> str:
    paragraph = {"context": "The moon pulls the sea. Tides rise.", "qas": list(qas)}
    return json.dumps({"data": [{"title": "Tides", "paragraphs": [paragraph]}]})


def test_squad_brings_its_paragraphs(tmp_path):
    answered = {"id": "1", "question": "what pulls?", "answers": [{"text": "The moon"}]}
    impossible = {"id": "2", "question": "why?", "is_impossible": True, "answers": []}
    found = read_questions(write(tmp_path, "s.json", squad(answered, impossible)))
    (transcript,) = found.transcripts
    first, second = found.questions
    assert first.documents == {transcript.id: 1}
    assert first.reference_answer == "The moon"
    assert not second.answerable and not second.documents


@pytest.mark.parametrize("text", ['{"data": [{"paragraphs": 3}]}', "{}", "[]", squad()])
def test_what_is_not_laid_out_as_squad_is_said(tmp_path, text):
    with pytest.raises(RagqaError, match=r"s\.json"):
        read_questions(write(tmp_path, "s.json", text))


def beir(tmp_path: Path, *qrels: str) -> Path:
    write(tmp_path, "corpus.jsonl", {"_id": "d1", "title": "Sea", "text": "The moon pulls."})
    write(tmp_path, "queries.jsonl", {"_id": "1", "text": "what pulls the sea?"})
    (tmp_path / "qrels").mkdir()
    write(tmp_path / "qrels", "test.tsv", "query-id\tcorpus-id\tscore", *qrels)
    return tmp_path


def test_beir_folders_bring_their_documents(tmp_path):
    found = read_questions(beir(tmp_path, "1\td1\t2"))
    assert found.questions[0].documents == {"d1": 2}
    assert found.transcripts[0].id == "d1"


@pytest.mark.parametrize("line", ["1\td9\t1", "9\td1\t1", "1\td1\tyes", "1\td1"])
def test_a_bad_line_of_beir_is_named(tmp_path, line):
    with pytest.raises(RagqaError, match=r"test\.tsv line 3"):
        read_questions(beir(tmp_path, "1\td1\t2", line))


def test_a_question_crosses_languages_when_no_answer_is_in_its_own():
    languages = {"en/a": "en", "pt/b": "pt"}
    both = Question("q", "?", "en", spans=(Span("en/a", 0, 1), Span("pt/b", 0, 1)))
    other = Question("q", "?", "en", spans=(Span("pt/b", 0, 1),))
    assert crosses_languages(both, languages) is False
    assert crosses_languages(other, languages) is True
    assert crosses_languages(other, {}) is None


def test_the_bundled_questions_are_as_many_and_as_mixed_as_promised():
    found = read_questions(bundled("eval", "questions.jsonl")).questions
    assert found[0].question == "what is softmax"
    assert "O que é a função softmax?" in [question.question for question in found]
    assert len(found) >= 150
    for language in ("en", "pt", "es"):
        assert sum(question.language == language for question in found) >= 50
    assert sum(not question.answerable for question in found) >= 20
    crossing = [
        question
        for question in found
        if question.answerable
        and not any(name.startswith(question.language) for name in question.relevant_transcripts)
    ]
    assert len(crossing) >= 30
