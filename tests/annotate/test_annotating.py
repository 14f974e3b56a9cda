"""Annotation is blind, one key a letter, saved at once, and goes on where it stopped."""

import dataclasses
import json
import os
import pty
import signal
import subprocess
import sys
import time

import pytest

from ragqa.annotate import (
    Session,
    annotated,
    annotation_files,
    annotations_path,
    read_annotations,
    with_annotations,
)
from ragqa.records import read_records, write_records
from ragqa.types import Answer, Grade, Record
from tests.cli.running import ragqa


def record(number: int, text: str = "an answer") -> Record:
    answer = Answer(f"question {number}", text, "en", (), True, "x", "y")
    grade = Grade("answer_relevance", "local", score=0.123, verdict="I", reasoning="SECRET")
    return Record(f"r{number}", f"question {number}", answer, annotations={"bo": "P"},
                  grades=(grade,))  # fmt: skip


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "records.jsonl"
    write_records(path, [record(i) for i in range(4)])
    return path


def letters(path):
    merged, _ = annotated(read_records(path).records, read_annotations(annotations_path(path)))
    return [record.annotations.get("ana") for record in merged]


def keys(text: str, file, *options: str):
    done = subprocess.run(
        [sys.executable, "-m", "ragqa", "annotate", file.name, "--annotator", "ana", *options],
        input=text, capture_output=True, text=True, cwd=file.parent,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_keys_become_letters_and_grades_are_not_shown(file):
    shown = keys("cpsi", file)
    assert letters(file) == ["C", "P", None, "I"]
    assert "question 0" in shown and "an answer" in shown
    assert "SECRET" not in shown and "0.12" not in shown and "P before" not in shown


def test_it_goes_on_with_what_is_left(file):
    keys("cq", file)
    shown = keys("x i", file)
    assert "question 0" not in shown and letters(file) == ["C", "I", None, None]
    assert "You said C before" in keys("q", file, "--again")


def test_going_back_changes_the_letter(file):
    keys("cbiq", file)
    assert letters(file) == ["I", None, None, None]


def test_annotators_do_not_see_or_disturb_each_other(file):
    keys("cccc", file)
    merged, _ = annotated(read_records(file).records, read_annotations(annotations_path(file)))
    assert [dict(record.annotations) for record in merged] == [{"ana": "C", "bo": "P"}] * 4


def until(happened) -> None:
    ends = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < ends, "it took too long"
        time.sleep(0.05)


def test_each_key_is_on_the_disk_before_the_next(file):
    ours, theirs = pty.openpty()
    screen, place = file.with_name("screen"), annotations_path(file)
    with screen.open("wb") as shown:
        worker = subprocess.Popen(
            [sys.executable, "-u", "-m", "ragqa", "annotate", file.name, "--annotator", "ana"],
            stdin=theirs, stdout=shown, stderr=subprocess.STDOUT, cwd=file.parent,
        )  # fmt: skip
    for count, key in enumerate((b"c", b"p"), 1):
        until(lambda number=count: f"question {number - 1}" in screen.read_text())
        time.sleep(1)  # until it listens: what is typed earlier is thrown away on purpose
        os.write(ours, key)
        until(lambda number=count: len(read_annotations(place)) == number)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert letters(file) == ["C", "P", None, None]


def test_a_letter_for_another_answer_does_not_count(file):
    keys("cc", file)
    write_records(file, [record(0), record(1, "another answer"), record(2)])
    merged, notes = annotated(read_records(file).records, read_annotations(annotations_path(file)))
    assert [record.annotations.get("ana") for record in merged] == ["C", None, None]
    assert "1 annotation was given to an answer that has changed" in notes[0]


def test_a_line_cut_short_by_a_crash_spoils_nothing(file):
    keys("c", file)
    place = annotations_path(file)
    with place.open("a") as notebook:
        notebook.write('{"id": "r1", "anno')
    assert letters(file) == ["C", None, None, None]
    session = Session(read_records(file).records, place, "ana")
    session.give("P")
    # The broken line is now in the middle: it is named, and the others count.
    assert letters(file) == ["C", "P", None, None]
    merged, notes = with_annotations(read_records(file).records, [place])
    assert [one.annotations.get("ana") for one in merged] == ["C", "P", None, None]
    assert len(notes) == 1 and f"{place}, line 2 was not written to its end" in notes[0]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["annotate", "nothing.jsonl"], "nothing.jsonl"),
        (["annotate", "records.jsonl", "--annotator", " "], "--annotator"),
        (["agreement", "records.jsonl", "--annotations", "none.jsonl"], "none.jsonl"),
        (["agreement", "records.jsonl", "--thresholds", "0.2"], "--thresholds"),
        (["agreement", "records.jsonl", "--thresholds", "0.2,0.9"], "thresholds"),
        (["agreement", "records.jsonl", "--judge", "loca"], "by 'loca'; its judges are local."),
        (["agreement", "records.jsonl", "--metric", "x"], "there are grades of answer_relevance"),
        (["annotate", "records.jsonl", "--annotator", "consensus"], "'consensus'"),
    ],
)
def test_bad_input_is_one_sentence(file, arguments, named):
    assert named in ragqa(*arguments, cwd=file.parent).complaint()


def test_agreement_reads_the_notebook_beside_the_records(file):
    keys("ciic", file)
    told = ragqa("agreement", file.name, "--json", "-q", cwd=file.parent).json
    pairs = {(one["first"], one["records"]) for one in told["with_judge"]}
    assert pairs == {("ana", 4), ("bo", 4), ("consensus", 4)}
    shown = ragqa("agreement", file.name, cwd=file.parent)
    assert shown.code == 0 and "Krippendorff" in shown.out and "weighted kappa" in shown.out
    assert json.dumps(told)


def graded(file, name: str, *, told: bool = True) -> str:
    """The records of `file` as a grading run leaves them, without people's letters."""
    records = [dataclasses.replace(one, annotations={}) for one in read_records(file).records]
    write_records(file.with_name(name), records)
    if told:
        run = {"source": {"path": file.name, "format": "ragqa"}}
        file.with_name(f"{name}.run.json").write_text(json.dumps(run))
    return name


@pytest.mark.parametrize(
    ("name", "told"),
    [("records.graded.jsonl", True), ("other.jsonl", True), ("records.graded.jsonl", False)],
)
def test_letters_for_the_ungraded_file_count_for_the_graded_one(file, name, told):
    keys("cppi", file)
    graded(file, name, told=told)
    ran = ragqa("agreement", name, "--json", cwd=file.parent)
    assert ran.json["annotated"] == 4
    assert ran.json["annotation_files"] == ["records.annotations.jsonl"]
    assert "Annotations: records.annotations.jsonl" in ragqa("agreement", name, cwd=file.parent).out


def test_letters_of_a_file_graded_twice_are_found_and_its_own_come_last(file):
    keys("cccc", file)
    graded(file, "first.jsonl")
    graded(file.with_name("first.jsonl"), "second.jsonl")
    keys("p", file.with_name("second.jsonl"), "--again")
    files = annotation_files(file.with_name("second.jsonl"))
    assert [path.name for path in files] == [
        "records.annotations.jsonl",
        "second.annotations.jsonl",
    ]
    merged, _ = with_annotations(read_records(file.with_name("second.jsonl")).records, files)
    assert [record.annotations["ana"] for record in merged] == ["P", "C", "C", "C"]


def test_what_was_judged_in_the_ungraded_file_is_not_asked_again_in_the_graded_one(file):
    keys("cp", file)
    graded(file, "records.graded.jsonl")
    shown = keys("q", file.with_name("records.graded.jsonl"))
    assert "question 2" in shown and "question 0" not in shown


def test_without_any_annotation_it_says_where_none_was_found(file):
    graded(file, "records.graded.jsonl")
    told = ragqa("agreement", "records.graded.jsonl", cwd=file.parent).complaint()
    assert "records.graded.jsonl has no human annotation" in told and "ragqa annotate" in told


def test_a_run_that_names_itself_as_its_source_is_no_trap(file):
    graded(file, "loop.jsonl")
    file.with_name("loop.jsonl.run.json").write_text('{"source": {"path": "loop.jsonl"}}')
    assert annotation_files(file.with_name("loop.jsonl")) == []
