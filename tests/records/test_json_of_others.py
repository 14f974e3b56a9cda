"""JSON that Python, pandas, jq and cat write, whole or broken."""

from __future__ import annotations

import json

import pytest

from ragqa.records import read_records


def read(tmp_path, text, name="r.json", **options):
    path = tmp_path / name
    path.write_text(text)
    return read_records(path, **options)


def one(number, **fields):
    return {"question": f"What is {number}?", "answer": f"It is {number}.", **fields}


def asked(reading):
    return [record.question for record in reading.records]


def left_out(reading):
    return {problem.line: problem.message for problem in reading.problems if not problem.kept}


FIRST, SECOND, THIRD = (f"What is {number}?" for number in (1, 2, 3))
NAN = float("nan")


@pytest.mark.parametrize("name", ["r.json", "r.jsonl", "r"])
@pytest.mark.parametrize("listed", [True, False])
def test_a_score_that_failed_elsewhere_leaves_the_record(tmp_path, name, listed):
    rows = [one(1, faithfulness=NAN, language=NAN), one(2, scores=[NAN, -1e999, 0.5])]
    text = json.dumps(rows) if listed else "\n".join(map(json.dumps, rows))
    reading = read(tmp_path, text, name)
    assert asked(reading) == [FIRST, SECOND] and not left_out(reading)
    assert reading.records[0].extra == {"faithfulness": None}
    assert reading.records[1].extra == {"scores": [None, None, 0.5]}


@pytest.mark.parametrize("name", ["r.json", "r.jsonl", "r"])
@pytest.mark.parametrize("indent", [None, 0, 2])
def test_lists_and_objects_one_after_another_are_read(tmp_path, name, indent):
    lists = "\n".join(json.dumps([one(i)], indent=indent) for i in (1, 2))
    assert asked(read(tmp_path, lists, name)) == [FIRST, SECOND]
    objects = "\n".join(json.dumps(one(i, contexts=["a", "b"]), indent=indent) for i in (1, 2, 3))
    reading = read(tmp_path, objects, name)
    assert asked(reading) == [FIRST, SECOND, THIRD] and not left_out(reading)


@pytest.mark.parametrize(
    ("broken", "line"),
    [
        ('[{"question": "a", "answer": },\n%s,\n%s]', 1),
        ("[%s,\n{bad},\n%s]", 2),
        ("[%s, {bad}, %s]", 1),
        ('[\n  %s,\n  {\n    "question": "a"\n    "hits": [\n      {}\n    ]\n  },\n  %s\n]', 3),
        ('[%s, {\n "question": "a" "b"\n}, %s]', 1),
        ('%s\n{"question": "a", "answer\n%s', 2),
        ('%s\n{\n  "question": "a"\n  "hits": [\n    {}\n  ]\n}\n%s', 2),
        ("[%s,\n%s,\n", 3),
        ("[%s\n%s] and more", 2),
    ],
)
@pytest.mark.parametrize("name", ["r.json", "r.jsonl"])
def test_what_is_broken_is_named_once_and_the_rest_is_read(tmp_path, name, broken, line):
    reading = read(tmp_path, broken % (json.dumps(one(1)), json.dumps(one(2))), name)
    assert asked(reading) == [FIRST, SECOND]
    (told,) = left_out(reading).items()
    assert told[0] == line and "JSON" in told[1]


def test_a_broken_line_gives_no_record_out_of_its_texts(tmp_path):
    evil = '{"question": "a" "answer": "he said "}, {"question": "Evil?", "answer": "yes"}"}'
    reading = read(tmp_path, f"{evil}\n{json.dumps(one(2))}\n", "r.jsonl")
    assert asked(reading) == [SECOND]
    assert list(left_out(reading)) == [1]


def test_where_nothing_more_can_be_read_it_is_said(tmp_path):
    rows = [json.dumps({"Q": "a", "A": "b"})] * 2
    mapping = {"question": "Q", "answer": "A"}
    reading = read(tmp_path, f"[{rows[0]}, {{bad}}, {rows[1]}]", mapping=mapping)
    assert len(reading.records) == 1
    assert "nothing after it can be read" in left_out(reading)[1]


@pytest.mark.parametrize("orient", ["split", "index", "columns", "records", "table"])
def test_every_layout_of_a_data_frame_is_read(tmp_path, orient):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame([one(1, contexts=["a"], score=0.5), one(2, contexts=["b"])])
    reading = read(tmp_path, frame.to_json(orient=orient))
    assert asked(reading) == [FIRST, SECOND]
    assert [record.id for record in reading.records] == ["1", "2"]
    assert [record.hits[0].chunk.text for record in reading.records] == ["a", "b"]


def test_a_data_frame_of_ones_own_names_is_mapped(tmp_path):
    split = {"columns": ["Q", "A"], "index": ["x", "y"], "data": [["a?", "b"], ["c?", "d"]]}
    index = {"0": {"Q": "a?", "A": "b"}, "1": {"Q": "c?", "A": "d"}}
    for value, ids in ((split, ["x", "y"]), (index, ["1", "2"])):
        mapping = {"question": "Q", "answer": "A"}
        reading = read(tmp_path, json.dumps(value), mapping=mapping)
        assert [(record.id, record.question) for record in reading.records] == [
            (ids[0], "a?"), (ids[1], "c?"),
        ]  # fmt: skip


def test_names_of_an_index_are_ids(tmp_path):
    reading = read(tmp_path, json.dumps({"q1": one(1), "q2": one(2, id="mine")}))
    assert [record.id for record in reading.records] == ["q1", "mine"]
