"""Results of other systems, and whatever can be wrong with them, named by file and line."""

from __future__ import annotations

import json

import pytest

from ragqa.errors import RagqaError
from ragqa.evaluate import Rankings, evaluate, measure, read_results, trec_files
from ragqa.types import Chunk
from tests.evaluate.made import asked, hits

QUESTIONS = (asked("q 1", ("en/a b", 10, 20)), asked("q2", ("en/c", 0, 30), ("en/d", 5, 9)))


def write(tmp_path, name, *lines):
    path = tmp_path / name
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def test_a_trec_run_is_ordered_by_score_and_timed_by_its_names(tmp_path):
    path = write(
        tmp_path,
        "run.trec",
        "q2 Q0 en/d@5.000-9.000 1 0.2 x",
        "q2 Q0 en/c@0-30.5 2 0.7 x",
        "q%201 Q0 en/a%20b@10-20 1 1e-3 x",
    )
    first, second = read_results(path, QUESTIONS).lists()
    assert [(hit.transcript_id, hit.start, hit.end) for hit in first] == [("en/a b", 10.0, 20.0)]
    assert [hit.transcript_id for hit in second] == ["en/c", "en/d"]


def test_jsonl_names_times_or_chunks(tmp_path):
    path = write(
        tmp_path,
        "r.jsonl",
        {"id": "q2", "hits": [{"corpus_id": 7, "score": 0.5}, {"corpus_id": 8, "score": 0.4}]},
        {"id": "q 1", "hits": [{"transcript_id": "en/c", "start": 0, "end": 3, "score": 0.5}]},
    )
    chunks = {n: Chunk(n, "en/c", 0, 1, 10.0 * n, 10.0 * n + 10, "text") for n in (7, 8)}
    first, second = read_results(path, QUESTIONS, chunks).lists()
    assert (first[0].start, first[0].end) == (0.0, 3.0)
    assert [hit.start for hit in second] == [70.0, 80.0]


def test_a_question_without_results_is_counted_as_such(tmp_path):
    path = write(tmp_path, "run.trec", "q2 Q0 en/c@0-30 1 0.7 x")
    found = evaluate(QUESTIONS, read_results(path, QUESTIONS), [measure("hit@1")])
    assert found.counts["without_results"] == 1
    assert found.groups["all"]["hit@1"].value == 0.5


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("q2 Q0 en/c@0-30 1 nan x", "finite"),
        ("q2 Q0 en/c@0-30 1 inf x", "finite"),
        ("q2 Q0 en/c@0-30 1 high x", "no number"),
        ("q2 Q0 en/c@0-30 1 0.5", "5 columns"),
        ("q9 Q0 en/c@0-30 1 0.5 x", "run for other"),
        ("q2 Q0 en/c@30-10 1 0.5 x", "no stretch of time"),
        ("q2 Q0 en/zz@0-30 1 0.5 x", "no transcript 'en/zz'"),
        ("q2 Q0 en/d@5-9 9 0.1 x", "repeats document"),
    ],
)
def test_a_bad_line_of_a_trec_run_is_named(tmp_path, line, says):
    path = write(tmp_path, "run.trec", "q2 Q0 en/d@5-9 1 0.9 x", line)
    with pytest.raises(RagqaError, match=says) as error:
        read_results(path, QUESTIONS, lectures={"en/a b", "en/c", "en/d"})
    assert f"{path} line 2" in str(error.value)


HIT = {"transcript_id": "en/c", "start": 0, "end": 3, "score": 0.5}


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ('{"id": "q2", "hits": [{"transcript_id": "en/c", "score": NaN}]}', "NaN"),
        ({"id": "q2", "hits": [{**HIT, "score": "0.5x"}]}, "no number"),
        ({"id": "q2", "hits": [{**HIT, "score": True}]}, "finite"),
        ({"id": "q2", "hits": [{**HIT, "start": -1}]}, "no stretch"),
        ({"id": "q2", "hits": [{**HIT, "end": None}]}, "both"),
        ({"id": "q2", "hits": [HIT, {**HIT, "start": 1, "score": 0.9}]}, "best first"),
        ({"id": "q2", "hits": [HIT, HIT]}, "twice"),
        ({"id": "q2", "hits": [{"score": 1}]}, "neither"),
        ({"id": "q2", "hits": [{"corpus_id": 4, "score": 1}]}, "--index"),
        ({"id": "q2", "hits": "en/c"}, "a list"),
        ({"id": "other", "hits": []}, "run for other"),
        ("[1, 2]", "object"),
        ("{", "not JSON"),
    ],
)
def test_a_bad_line_of_a_jsonl_is_named(tmp_path, row, says):
    path = write(tmp_path, "run.jsonl", {"id": "q 1", "hits": [HIT]}, row)
    with pytest.raises(RagqaError, match=says) as error:
        read_results(path, QUESTIONS)
    assert f"{path} line 2" in str(error.value)


def test_other_questions_can_be_passed_over(tmp_path):
    path = write(tmp_path, "run.trec", "q9 Q0 en/d@5-9 1 0.9 x", "q2 Q0 en/c@0-30 1 0.5 x")
    found = read_results(path, QUESTIONS, common=True)
    assert found.counts.tolist() == [0, 1]


def test_a_question_that_comes_twice_is_named(tmp_path):
    row = {"id": "q2", "hits": [HIT]}
    with pytest.raises(RagqaError, match="line 2 repeats question"):
        read_results(write(tmp_path, "run.jsonl", row, row), QUESTIONS)


@pytest.mark.parametrize("lines", [[""], [json.dumps({"id": "q2", "hits": []})]])
def test_an_empty_run_is_refused(tmp_path, lines):
    with pytest.raises(RagqaError, match="empty run"):
        read_results(write(tmp_path, "run.jsonl", *lines), QUESTIONS)


def test_exported_files_give_other_tools_the_same_numbers(tmp_path):
    import ir_measures

    ranked = [
        hits(("en/c", 0, 9), ("en/a b", 0, 20), ("en/a b", 5, 25)),
        hits(("en/x", 0, 9), ("en/c", 0, 40), ("en/y", 1, 2)),
    ]
    rankings = Rankings.of(ranked)
    for name, text in trec_files(rankings, QUESTIONS).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    qrels = list(ir_measures.read_trec_qrels(str(tmp_path / "qrels.trec")))
    run = list(ir_measures.read_trec_run(str(tmp_path / "run.trec")))
    names = {"MRR": "RR", "MAP": "AP", "nDCG@3": "nDCG@3", "recall@2": "R@2", "hit@1": "Success@1"}
    ours = evaluate(QUESTIONS, rankings, [measure(name) for name in names]).groups["all"]
    theirs = ir_measures.calc_aggregate(
        [ir_measures.parse_measure(name) for name in names.values()], qrels, run
    )
    told = {str(name): number for name, number in theirs.items()}
    for name, other in names.items():
        assert ours[name].value == pytest.approx(told[other]), name


def test_an_exported_run_is_read_back_as_it_was(tmp_path):
    rankings = Rankings.of([hits(("en/a b", 0, 20), ("en/ç@ d", 5.25, 25)), hits(("en/c", 0, 4))])
    path = tmp_path / "run.trec"
    path.write_text(trec_files(rankings, QUESTIONS)["run.trec"], encoding="utf-8")
    back = read_results(path, QUESTIONS)
    places = [
        [[(h.transcript_id, h.start, h.end) for h in ranked] for ranked in found.lists()]
        for found in (rankings, back)
    ]
    assert places[0] == places[1]
