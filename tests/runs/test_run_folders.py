"""Runs are written whole or not at all, and read only as they were written."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from ragqa.errors import RagqaError
from ragqa.runs import Run, differences, read_run, runs_in, write_run

RUN = Run(
    kind="retrieval",
    settings={"measures": ["MRR"], "chunking": {"seconds": 150.0}},
    hashes={"questions": "ab" * 32},
    versions={"python": "3"},
    aggregate={"groups": {"all": {"MRR": {"value": 0.5, "questions": 1}}}, "unanswerable": None},
    questions=({"id": "q1", "question": "o quê? \ud800", "values": {"MRR": 0.5}},),
)


def test_a_run_is_read_back_as_it_was(tmp_path):
    back = read_run(write_run(RUN, tmp_path / "deep" / "run"))
    assert back.settings == RUN.settings
    assert back.aggregate == RUN.aggregate
    assert back.identity == RUN.identity
    assert back.made.endswith("+00:00")
    assert back.questions[0]["values"] == {"MRR": 0.5}
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["run"]


def test_nothing_is_replaced_unless_asked(tmp_path):
    folder = write_run(RUN, tmp_path / "run")
    with pytest.raises(RagqaError, match="--overwrite"):
        write_run(RUN, folder)
    write_run(replace(RUN, made="later"), folder, {"run.trec": "x"}, overwrite=True)
    assert read_run(folder).made == "later"
    assert (folder / "run.trec").read_text() == "x"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_folder_of_something_else_is_never_replaced(tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("mine")
    with pytest.raises(RagqaError, match="exists"):
        write_run(RUN, tmp_path / "thesis", overwrite=True)
    assert (tmp_path / "thesis" / "chapter.tex").read_text() == "mine"


def test_a_run_that_cannot_be_written_leaves_nothing(tmp_path):
    bad = replace(RUN, aggregate={"groups": {"all": {"MRR": {"value": float("nan")}}}})
    with pytest.raises(ValueError):
        write_run(bad, tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["aggregate.json", "per_question.jsonl"])
def test_an_altered_or_missing_file_is_named(tmp_path, name):
    folder = write_run(RUN, tmp_path / "run")
    with (folder / name).open("a") as file:
        file.write(" ")
    with pytest.raises(RagqaError, match=f"{name} was altered"):
        read_run(folder)
    (folder / name).unlink()
    with pytest.raises(RagqaError, match=f"{name} is missing"):
        read_run(folder)


@pytest.mark.parametrize("text", ["{", "[]", '{"format": 99}', '{"format": 1}', "\ud800"])
def test_a_garbled_description_is_named(tmp_path, text):
    folder = write_run(RUN, tmp_path / "run")
    (folder / "run.json").write_text(text, encoding="utf-8", errors="surrogatepass")
    with pytest.raises(RagqaError, match=str(folder)):
        read_run(folder)


def test_an_empty_run_is_refused(tmp_path):
    folder = write_run(replace(RUN, questions=()), tmp_path / "run")
    with pytest.raises(RagqaError, match="empty run"):
        read_run(folder)


def test_a_folder_without_a_run_says_how_to_make_one(tmp_path):
    with pytest.raises(RagqaError, match="--out"):
        read_run(tmp_path)
    with pytest.raises(RagqaError, match="--out"):
        runs_in(Path(tmp_path / "nowhere"))


def test_runs_are_found_below_a_folder(tmp_path):
    for name in ("b", "a", "sweep/one"):
        write_run(RUN, tmp_path / name)
    (tmp_path / "notes").mkdir()
    names = [str(path.relative_to(tmp_path)) for path in runs_in(tmp_path)]
    assert names == ["a", "b", "sweep/one"]


def test_what_differs_is_told_by_kind():
    other = replace(
        RUN,
        settings={"measures": ["MRR"], "chunking": {"seconds": 90.0}},
        aggregate={"groups": {"all": {"MRR": {"value": 0.6}}}, "unanswerable": None},
    )
    found = differences(RUN, other)
    assert found.settings == {"chunking.seconds": (150.0, 90.0)}
    assert found.means == {"all": {"MRR": (0.5, 0.6)}}
    assert not found.hashes and not found.broken_promise
    assert differences(RUN, replace(RUN, made="later", timings={"retrieval": 3})).same


def test_other_numbers_from_the_same_hashes_are_a_broken_promise():
    other = json.loads(json.dumps(RUN.aggregate).replace("0.5", "0.6"))
    assert differences(RUN, replace(RUN, aggregate=other)).broken_promise
