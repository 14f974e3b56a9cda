"""Records of other evaluators."""

from __future__ import annotations

import csv
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragqa.errors import RagqaError
from ragqa.records import read_records, write_records
from ragqa.records.written import written_list
from ragqa.types import Chunk, Hit
from tests.records.made import record

Q, A, C, R = "What is ReLU?", "max(0, x)", ["relu keeps what is positive"], "max of 0 and x"
CASES = {
    "ragas": {"question": Q, "answer": A, "contexts": C, "ground_truth": R},
    "ragas ": {"user_input": Q, "response": A, "retrieved_contexts": C, "reference": R},
    "deepeval": {
        "input": Q, "actual_output": A, "expected_output": R, "retrieval_context": C,
        "context": ["ideal"],
    },
    "deepeval ": {"input": Q, "actualOutput": A, "expectedOutput": R, "retrievalContext": C},
    "trulens": {"main_input": Q, "main_output": A, "contexts": C, "ground_truth": R},
    "trulens ": {"input": Q, "output": A, "contexts": C, "ground_truth": R},
    "plain ": {"question": Q, "response": A, "retrieved_contexts": C, "expected_output": R},
    "plain  ": {"query": Q, "response": A, "contexts": C, "reference": R},
    "plain   ": {"query": Q, "actual_output": A, "retrieval_context": C, "expected_response": R},
    "plain": {"id": "7", "question": Q, "answer": A, "context": C[0], "reference_answer": R},
}  # fmt: skip


def write(path, kind, raw):
    if kind == "jsonl":
        path.write_text(json.dumps(raw) + "\n")
    elif kind == "json":
        path.write_text(json.dumps([raw], indent=2))
    elif kind == "columns":
        path.write_text(json.dumps({name: [value] for name, value in raw.items()}))
    else:
        with path.open("w", newline="") as file:
            table = csv.DictWriter(file, raw)
            table.writeheader()
            table.writerow(raw)  # lists as Python prints them, as data frames do
    return path


@pytest.mark.parametrize("kind", ["jsonl", "json", "csv", "columns"])
@pytest.mark.parametrize("format", CASES)
def test_peers_records_are_recognised_in_json_jsonl_and_csv(tmp_path, format, kind):
    suffix = "json" if kind == "columns" else kind
    reading = read_records(write(tmp_path / f"r.{suffix}", kind, CASES[format]))
    assert reading.format == format.strip()
    (one,) = reading.records
    assert (one.question, one.answer.text, one.references) == (Q, A, (R,))
    assert [hit.chunk.text for hit in one.hits] == C


def test_a_trulens_trace_gives_its_contexts(tmp_path):
    calls = [{"stack": [{"method": {"name": "retrieve"}}], "rets": C}]
    row = {"record_id": "r1", "input": Q, "output": A, "record_json": json.dumps({"calls": calls})}
    (one,) = read_records(write(tmp_path / "r.csv", "csv", row)).records
    assert one.id == "r1"
    assert [hit.chunk.text for hit in one.hits] == C
    feedback = json.dumps([{"args": {"question": Q, "context": C[0]}, "ret": 0.5}])
    row = {"input": Q, "output": A, "Context Relevance_calls": feedback}
    (one,) = read_records(write(tmp_path / "f.csv", "csv", row)).records
    assert [hit.chunk.text for hit in one.hits] == C


def test_a_trulens_table_that_pandas_wrote_gives_its_contexts(tmp_path):
    calls = (
        "[{'args': {'question': 'q', 'context': \"it's the first\"}, 'ret': nan, 'meta': {}}, "
        "{'args': {'question': 'q', 'context': 'the second'}, 'ret': np.float64(0.5)}]"
    )
    row = {"record_id": "r1", "input": Q, "output": A, "Context Relevance_calls": calls}
    (one,) = read_records(write(tmp_path / "r.csv", "csv", row)).records
    assert [hit.chunk.text for hit in one.hits] == ["it's the first", "the second"]


@pytest.mark.parametrize(
    "cell, contexts",
    [
        ("['a b'\n 'c d']", ["a b", "c d"]),
        ("['a, b' \"it's\"\n 'c']", ["a, b", "it's", "c"]),
        ("array(['a b', 'c d'], dtype=object)", ["a b", "c d"]),
        ('["a b", "c d"]', ["a b", "c d"]),
        ("['a b', 'c d']", ["a b", "c d"]),
        ("['', 'c d']", ["", "c d"]),
        ("[see page 3]", ["[see page 3]"]),
        ("[softmax]", ["[softmax]"]),
        ("__import__('os').getcwd()", ["__import__('os').getcwd()"]),
        ("[__import__('os').getcwd()]", ["[__import__('os').getcwd()]"]),
        ("[" * 9999, ["[" * 9999]),
    ],
)
def test_contexts_in_a_cell_are_told_apart(tmp_path, cell, contexts):
    row = {"question": Q, "answer": A, "contexts": cell, "ground_truth": R}
    (one,) = read_records(write(tmp_path / "r.csv", "csv", row)).records
    assert [hit.chunk.text for hit in one.hits] == contexts


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), max_size=5))
def test_any_texts_that_python_or_numpy_prints_are_read_again(texts):
    import numpy

    assert written_list(repr(texts)) == texts
    with numpy.printoptions(threshold=100):
        assert written_list(str(numpy.array(texts, dtype=object))) == texts


RUN = {
    "testFile": "test_rag.py",
    "testCases": [
        {"name": "one", "input": Q, "actualOutput": A, "retrievalContext": C, "metricsData": []}
    ],
    "conversationalTestCases": [],
    "metricsScores": [{"metric": "Faithfulness", "scores": [1.0], "passes": 1}],
    "prompts": None,
    "official": False,
}


@pytest.mark.parametrize("run", [RUN, {"test_run_data": RUN}, {**RUN, "metricsScores": []}])
@pytest.mark.parametrize("indent", [None, 1])
def test_a_run_that_deepeval_saved_is_read(tmp_path, run, indent):
    path = tmp_path / "run.json"
    path.write_text(json.dumps(run, indent=indent))
    reading = read_records(path)
    assert reading.format == "deepeval"
    (one,) = reading.records
    assert (one.id, one.question, one.answer.text) == ("one", Q, A)
    assert [hit.chunk.text for hit in one.hits] == C


def test_conversations_in_a_saved_run_are_named(tmp_path):
    turns = {"name": "talk", "turns": [{"role": "user", "content": "hi"}]}
    path = tmp_path / "run.json"
    path.write_text(json.dumps({**RUN, "conversationalTestCases": [turns]}))
    reading = read_records(path)
    assert len(reading.records) == 1
    assert "conversation of several turns" in reading.problems[0].message


def test_columns_are_mapped(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text("Nr;Q;Said;Mark;Room\n5;Why?;Because.;p;12\n")
    mapping = {"id": "Nr", "question": "Q", "answer": "Said", "annotation": "Mark"}
    (one,) = read_records(path, mapping=mapping).records
    assert (one.id, one.question, one.annotations) == ("5", "Why?", {"manual": "P"})
    assert one.extra == {"Room": "12"}
    with pytest.raises(RagqaError, match="no field 'colour'"):
        read_records(path, mapping={"colour": "Q"})
    (problem,) = read_records(path, mapping={**mapping, "question": "Nope"}).problems
    assert "no field 'Nope' for question" in problem.message


def test_faults_in_a_table_are_named_by_line(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text('question,answer\nWhy?,"two\nlines"\nHow?\n,x\nWhen?,\nWho?,me\n')
    reading = read_records(path)
    assert [one.question for one in reading.records] == ["Why?", "Who?"]
    faults = {problem.line: problem.message for problem in reading.problems if not problem.kept}
    assert set(faults) == {4, 5, 6}
    assert "1 fields, the header 2" in faults[4]


def test_faults_in_a_json_list_are_named_by_line(tmp_path):
    path = tmp_path / "r.json"
    path.write_text(
        '[\n {"question": "Why?", "answer": "So."},\n'
        ' {"question": "How?", "answer": [1]},\n {"question": "Who?",\n  "answer": "me"},\n {"que'
    )
    reading = read_records(path)
    assert [one.question for one in reading.records] == ["Why?", "Who?"]
    assert [p.line for p in reading.problems if not p.kept] == [3, 6]


@pytest.mark.parametrize(
    "raw, told",
    [
        ({"question": "Why?", "mine": "x"}, "no answer among the fields (question, mine)"),
        ({"answer": "So."}, "name with --map question=NAME"),
        ({"user_input": [{"content": "hi"}]}, "several turns"),
        ({"foo": 1}, "no question and no answer among the fields (foo)"),
        ({"user_input": [{"content": "hi"}], "response": "x"}, "several turns"),
        ({"question": "Why?", "answer": "x", "contexts": [5]}, "no text"),
        ({"question": "Why?", "answer": "x", "contexts": {"a": 1}}, "no list"),
    ],
)
def test_what_a_record_lacks_is_said(tmp_path, raw, told):
    path = tmp_path / "r.jsonl"
    path.write_text(json.dumps({"question": "Fine?", "answer": "Yes."}) + "\n" + json.dumps(raw))
    reading = read_records(path)
    assert len(reading.records) == 1
    (problem,) = [problem for problem in reading.problems if not problem.kept]
    assert (problem.line, told in problem.message) == (2, True)


def test_an_empty_context_is_named_and_keeps_its_rank(tmp_path):
    raw = {"question": Q, "answer": A, "contexts": ["", "second", None]}
    reading = read_records(write(tmp_path / "r.jsonl", "jsonl", raw))
    (one,) = reading.records
    assert [(hit.rank, hit.chunk.text) for hit in one.hits] == [(1, ""), (2, "second"), (3, "")]
    (problem,) = reading.problems
    assert problem.kept and "contexts at rank 1, 3 are empty" in problem.message


@pytest.mark.parametrize("format", ["ragas", "deepeval", "trulens", "plain", "csv"])
def test_records_are_written_for_peers_and_read_again(tmp_path, format):
    hits = tuple(Hit(Chunk(i, "", 0, 0, None, None, f"context {i}"), 0.0, i) for i in (1, 2))
    path = tmp_path / ("r.csv" if format == "csv" else "r.jsonl")
    write_records(path, [record("a", hits=hits, references=("ref",))], format)
    (one,) = read_records(path).records
    assert one.answer.text == "Softmax gives probabilities."
    assert one.references == ("ref",)
    assert [hit.chunk.text for hit in one.hits] == ["context 1", "context 2"]


def test_unknown_formats_are_refused(tmp_path):
    path = write(tmp_path / "r.jsonl", "jsonl", CASES["ragas"])
    with pytest.raises(RagqaError, match="'excel'"):
        read_records(path, "excel")
    with pytest.raises(RagqaError, match="'excel'"):
        write_records(path, [], "excel")


@given(st.text(), st.sampled_from(["r.jsonl", "r.json", "r.csv", "r.md", "r.txt"]))
def test_any_file_gives_records_problems_or_one_sentence(tmp_path_factory, text, name):
    path = tmp_path_factory.mktemp("any") / name
    path.write_text(text)
    try:
        read_records(path)
    except RagqaError as error:
        assert str(path) in str(error)
