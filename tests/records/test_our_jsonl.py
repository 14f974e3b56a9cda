"""Records as our JSONL."""

from __future__ import annotations

import dataclasses
import json
import multiprocessing
import subprocess
import sys

import pytest
from hypothesis import given

from ragqa.errors import RagqaError
from ragqa.records import (
    append_record,
    read_records,
    record_from_json,
    record_json,
    record_of,
    write_records,
)
from ragqa.records.schema import record_line
from ragqa.types import Answer, Chunk, Hit
from tests.records.made import any_record, record


@given(any_record)
def test_a_record_survives_its_json_without_loss(one):
    assert record_from_json(json.loads(record_line(one))) == one
    assert "\n" not in record_line(one)


def test_files_are_read_as_they_were_written(tmp_path):
    records = [record("a"), record("b", answer="x\u2028y\r\nz\0")]
    write_records(tmp_path / "r.jsonl", records)
    reading = read_records(tmp_path / "r.jsonl")
    assert reading.format == "ragqa"
    assert list(reading.records) == records


def test_defaults_are_left_out():
    assert set(record_json(record())) == {"id", "question", "answer", "language"}


def test_every_fault_is_named_by_its_line_and_the_good_records_are_read(tmp_path):
    good = record_line(record("good"))
    lines = [
        good,
        good,
        '{"id": "cut", "question": "Wh',
        '{"id": "n", "question": "Why?", "answer": null, "hits": []}',
        '{"id": "q", "question": " ", "answer": {"question": "", "text": "x", "language": "en", '
        '"citations": [], "answered": true, "engine": "e", "model": ""}}',
        '{"id": "w", "question": 5, "answer": {"text": "x"}}',
        "[1, 2]",
        "",
        '{"id": "nan", "question": "Why?", "answer": {"text": 5}}',
        record_line(record("last", annotations={"ana": "X", "rui": "c"})),
    ]
    path = tmp_path / "r.jsonl"
    path.write_text("\n".join(lines))
    reading = read_records(path)
    assert [one.id for one in reading.records] == ["good", "last"]
    assert reading.records[1].annotations == {"rui": "C"}
    told = {problem.line: problem.message for problem in reading.problems if not problem.kept}
    assert set(told) == {2, 3, 4, 5, 6, 7, 9}
    assert "already that of line 1" in told[2]
    assert "JSON is broken" in told[3]
    assert "no answer" in told[4]
    assert "no question" in told[5]
    assert "question" in told[6]
    assert "no JSON object" in told[7]
    assert "answer" in told[9]
    doubts = [str(problem) for problem in reading.problems if problem.kept]
    assert any("10: the annotation 'X' of 'ana'" in doubt for doubt in doubts)


def test_empty_contexts_and_mixed_languages_are_doubts_not_faults(tmp_path):
    hits = (Hit(Chunk(1, "", 0, 0, None, None, "  "), 0.0, 1),)
    mixed = record(
        "m", "A função softmax gera valores entre 0 e 1, que somam 1 no total.", hits=hits
    )
    write_records(tmp_path / "r.jsonl", [mixed])
    reading = read_records(tmp_path / "r.jsonl")
    assert reading.records == (mixed,)
    told = " ".join(problem.message for problem in reading.problems)
    assert "rank 1 are empty" in told
    assert "question is in en and the answer in pt" in told


@pytest.mark.parametrize(
    "question, answer",
    [
        ("How is a loss minimised?", "A loss is minimised via gradient descent a lot"),
        ("A neuron with a sigmoid activation?", "It turns a sum into a probability."),
        ("O que a softmax faz a um vetor?", "A softmax leva a um vetor de probabilidades."),
        ("What is softmax in a network?", "softmax(z)_i = exp(z_i) / sum_j exp(z_j)"),
    ],
)
def test_one_language_with_words_of_another_is_not_mixed(tmp_path, question, answer):
    write_records(tmp_path / "r.jsonl", [record("m", answer, question=question)])
    (only,) = read_records(tmp_path / "r.jsonl").problems
    assert "no contexts" in only.message


def test_a_score_that_is_no_finite_number_is_refused():
    raw = record_json(record())
    raw["hits"] = [
        {"chunk": record_json(Chunk(1, "", 0, 0, 0, 1, "x")), "score": 1e999, "rank": 1}  # type: ignore[arg-type]
    ]
    with pytest.raises(RagqaError, match=r"hits\.0\.score"):
        record_from_json(raw)


FAULTY = {
    "score above one": ({"score": 7}, "grades.0.score 7 is no number within 0 and 1"),
    "score below nought": ({"score": -1}, "grades.0.score -1"),
    "score too large": ({"score": 1e999}, "grades.0.score Infinity"),
    "score in words": ({"score": "high"}, 'grades.0.score "high"'),
    "score that is none": ({"score": float("nan")}, "grades.0.score NaN"),
    "points that are none": ({"score": 0.5, "points": float("nan")}, "grades.0.points NaN"),
    "points": ({"score": 0.5, "points": 9}, "grades.0.points 9 is no number within 0 and 3"),
}


@pytest.mark.parametrize("name", FAULTY)
def test_a_grade_whose_number_is_none_becomes_an_error_and_is_named(tmp_path, name):
    fields, told = FAULTY[name]
    reading = graded(tmp_path, {"metric": "answer_relevance", "judge": "j", **fields})
    (grade,) = reading.records[0].grades
    assert (grade.score, grade.points, grade.verdict) == (None, None, None)
    assert grade.error and grade.raw
    (problem,) = [p for p in reading.problems if "grades" in p.message]
    assert told in problem.message
    assert (problem.line, problem.kept) == (2, True)


def test_what_is_no_number_beside_a_score_is_null(tmp_path):
    nan = float("nan")
    one = {"metric": "correctness", "judge": "j", "score": 0.5, "error": nan, "details": {"a": nan}}
    (grade,) = graded(tmp_path, one).records[0].grades
    assert (grade.score, grade.error, grade.details) == (0.5, None, {"a": None})


def test_an_error_counts_more_than_the_score_beside_it(tmp_path):
    both = {"metric": "correctness", "judge": "j", "score": 0.5, "verdict": "P", "error": "no JSON"}
    reading = graded(tmp_path, both)
    (grade,) = reading.records[0].grades
    assert (grade.error, grade.score, grade.verdict) == ("no JSON", None, None)
    assert "grades.0.score stands beside an error" in reading.problems[0].message


def test_an_unknown_verdict_is_not_used_and_a_known_one_is_put_right(tmp_path):
    made = {"metric": "correctness", "judge": "j", "score": 0.5}
    reading = graded(tmp_path, {**made, "verdict": "Z"}, {**made, "verdict": "c "})
    assert [(g.score, g.verdict) for g in reading.records[0].grades] == [(0.5, None), (0.5, "C")]
    assert 'grades.0.verdict "Z" is none of C, P' in reading.problems[0].message


def test_what_is_no_grade_is_left_out_and_the_others_stay(tmp_path):
    good = {"metric": "correctness", "judge": "j", "score": 0.5}
    bad = [5, {"judge": "j"}, {**good, "details": [1]}]
    reading = graded(tmp_path, *bad, good)
    assert [grade.score for grade in reading.records[0].grades] == [0.5]
    told = [p.message for p in reading.problems if "left out" in p.message]
    assert [message.split()[2].strip(":") for message in told] == [
        "grades.0", "grades.1.metric", "grades.2.details",
    ]  # fmt: skip


def test_one_record_alone_with_a_faulty_grade_is_refused():
    raw = record_json(record()) | {"grades": [{"metric": "m", "judge": "j", "score": 7}]}
    with pytest.raises(RagqaError, match=r"grades\.0\.score"):
        record_from_json(raw)


def graded(tmp_path, *grades):
    path = tmp_path / "r.jsonl"
    raw = record_json(record("graded")) | {"grades": list(grades)}
    path.write_text(
        f"{record_line(record('plain'))}\n{json.dumps(raw).replace('Infinity', '1e999')}\n"
    )
    reading = read_records(path)
    assert [one.id for one in reading.records] == ["plain", "graded"]
    return dataclasses.replace(
        reading,
        records=reading.records[1:],
        problems=tuple(p for p in reading.problems if "no contexts" not in p.message),
    )


def test_lone_surrogates_become_replacement_characters(tmp_path):
    path = tmp_path / "r.jsonl"
    path.write_text(json.dumps({"question": "a\ud800?", "answer": "b\udfff!"}))
    (one,) = read_records(path).records
    assert one.question == "a\ufffd?"


@pytest.mark.parametrize("content", [b"", b"   \n", b"\x89PNG\r\n\x1a\n\0\0", b"hello there"])
def test_files_that_hold_no_records_are_one_sentence(tmp_path, content):
    path = tmp_path / "r"
    path.write_bytes(content)
    with pytest.raises(RagqaError, match=str(path)):
        read_records(path)


def test_missing_files_and_folders_are_one_sentence(tmp_path):
    for path in (tmp_path, tmp_path / "none.jsonl"):
        with pytest.raises(RagqaError, match=str(path)):
            read_records(path)


def test_an_answer_is_appended_with_its_hits(tmp_path):
    hits = (Hit(Chunk(7, "en/softmax", 0, 3, 1.0, 9.0, "It sums to one."), 0.8, 1),)
    answer = Answer("What?", "One.", "en", (), True, "extractive", "e5", hits)
    path = tmp_path / "new" / "r.jsonl"
    append_record(path, record_of(answer))
    append_record(path, record("2"))
    first, second = read_records(path).records
    assert first.hits == hits
    assert first.answer.hits == ()
    assert second.id == "2"


def test_a_line_that_a_crash_left_unfinished_spoils_no_other(tmp_path):
    path = tmp_path / "r.jsonl"
    path.write_text(record_line(record("1")) + "\n" + '{"id": "2", "quest')
    append_record(path, record("3"))
    reading = read_records(path)
    assert [one.id for one in reading.records] == ["1", "3"]
    assert [problem.line for problem in reading.problems if not problem.kept] == [2]


def _append_many(path, name):
    for i in range(30):
        append_record(path, record(f"{name}{i}", "word " * 2000))


def test_two_writers_do_not_mix_their_lines(tmp_path):
    path = tmp_path / "r.jsonl"
    started = multiprocessing.get_context("fork")
    writers = [started.Process(target=_append_many, args=(path, name)) for name in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(read_records(path).records) == 60


@pytest.mark.parametrize("name", ["r.jsonl", "r.md"])
def test_processes_that_record_the_same_answer_give_it_ids_of_their_own(tmp_path, name):
    path = tmp_path / name
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from ragqa.records import append_record, record_of\n"
        "from ragqa.types import Answer\n"
        "answer = Answer('What?', 'One. ' * 200, 'en', (), True, 'extractive', 'e5')\n"
        "print('ready', flush=True)\n"
        "sys.stdin.readline()\n"
        "for _ in range(25):\n"
        "    print(append_record(Path(sys.argv[1]), record_of(answer)))\n"
    )
    command = [sys.executable, "-c", code, str(path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as first, subprocess.Popen(command, **pipes) as second:
        for process in (first, second):
            assert process.stdout.readline() == "ready\n"
        for process in (first, second):
            process.stdin.write("go\n")
            process.stdin.flush()
        told = [*first.communicate()[0].split(), *second.communicate()[0].split()]
    reading = read_records(path)
    assert not [problem for problem in reading.problems if not problem.kept]
    assert len(told) == 50 == len(set(told))
    assert sorted(told) == sorted(one.id for one in reading.records)
    assert all(one.answer.text.strip() == ("One. " * 200).strip() for one in reading.records)


@pytest.mark.parametrize("name", ["r.jsonl", "r.md"])
@pytest.mark.parametrize("id", ["same id", "b7c2", "1", "a.c", "ação", "<--x", '"'])
def test_a_question_asked_again_is_a_record_of_its_own(tmp_path, name, id):
    path = tmp_path / name
    given = [append_record(path, record(id if i else "abc")) for i in range(4)]
    assert given == ["abc", id, f"{id}-2", f"{id}-3"]
    reading = read_records(path)
    assert [one.id for one in reading.records] == given
    assert not [problem for problem in reading.problems if not problem.kept]


def test_records_are_appended_to_known_kinds_of_file_only(tmp_path):
    with pytest.raises(RagqaError, match=r"r\.xlsx"):
        append_record(tmp_path / "r.xlsx", record())
