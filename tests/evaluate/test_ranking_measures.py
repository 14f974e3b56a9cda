"""Recall, precision, hit, MRR, MAP and nDCG are trec_eval's where a collection of documents is."""

from __future__ import annotations

import math

import ir_measures
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ragqa.errors import RagqaError
from ragqa.evaluate import Rankings, Returned, chosen_measures, measure, question_values
from ragqa.questions import Question
from tests.evaluate.made import asked, hits, value

PAIRS = {
    "recall@1": "R@1",
    "recall@5": "R@5",
    "precision@3": "P@3",
    "hit@2": "Success@2",
    "MRR": "RR",
    "MAP": "AP",
    "MAP@3": "AP@3",
    "nDCG@5": "nDCG@5",
}

documents = st.lists(st.integers(0, 12), unique=True, min_size=1, max_size=9)
judgements = st.dictionaries(st.integers(0, 12), st.integers(0, 3), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(documents, judgements), min_size=1, max_size=5))
def test_documents_get_the_numbers_of_the_reference_library(cases):
    cases = [case for case in cases if any(case[1].values())]
    if not cases:
        return
    questions = [
        Question(f"q{n}", "?", documents={f"d{d}": grade for d, grade in grades.items()})
        for n, (_, grades) in enumerate(cases)
    ]
    ranked = [
        [Returned(f"d{d}", None, None, 1 - 0.01 * rank) for rank, d in enumerate(found)]
        for found, _ in cases
    ]
    ours = question_values(questions, Rankings.of(ranked), [measure(name) for name in PAIRS])
    qrels = {question.id: dict(question.documents) for question in questions}
    run = {
        question.id: {hit.transcript_id: hit.score for hit in found}
        for question, found in zip(questions, ranked, strict=True)
    }
    reference = {ours: ir_measures.parse_measure(theirs) for ours, theirs in PAIRS.items()}
    told = {
        (str(metric.measure), metric.query_id): metric.value
        for metric in ir_measures.iter_calc(list(reference.values()), qrels, run)
    }
    for name, theirs in reference.items():
        for position, question in enumerate(questions):
            mine = ours[measure(name)][position]
            assert mine == pytest.approx(told.get((str(theirs), question.id), 0.0)), name


@pytest.mark.slow
def test_ranx_agrees_too():
    ranx = pytest.importorskip("ranx")
    rng = np.random.default_rng(3)
    qrels, run, questions, ranked = {}, {}, [], []
    for n in range(40):
        found = [f"d{d}" for d in rng.permutation(30)[:10]]
        grades = {f"d{d}": int(rng.integers(1, 4)) for d in rng.permutation(30)[:5]}
        qrels[f"q{n}"], run[f"q{n}"] = grades, {d: 1 - 0.01 * i for i, d in enumerate(found)}
        questions.append(Question(f"q{n}", "?", documents=grades))
        ranked.append([Returned(d, None, None, 1 - 0.01 * i) for i, d in enumerate(found)])
    names = {"recall@5": "recall@5", "precision@5": "precision@5", "MRR@10": "mrr@10"}
    names |= {"nDCG@10": "ndcg@10", "hit@5": "hit_rate@5", "MAP@10": "map@10"}
    ours = question_values(questions, Rankings.of(ranked), [measure(name) for name in names])
    theirs = ranx.evaluate(ranx.Qrels(qrels), ranx.Run(run), list(names.values()))
    for name, other in names.items():
        assert ours[measure(name)].mean() == pytest.approx(theirs[other]), name


def test_a_span_found_twice_counts_once_for_gain_and_twice_for_precision():
    question = asked("q", ("a", 10, 20))
    twice = hits(("a", 0, 30), ("a", 5, 25))
    assert value("precision@2", question, twice) == 1.0
    assert value("recall@2", question, twice) == 1.0
    assert value("nDCG@2", question, twice) == 1.0
    assert value("MAP", question, twice) == 1.0


def test_a_hit_that_finds_two_spans_has_found_both():
    question = asked("q", ("a", 10, 20), ("a", 30, 40))
    assert value("recall@1", question, hits(("a", 0, 60))) == 1.0


def test_graded_relevance_decides_ndcg():
    question = asked("q", ("a", 0, 10, 3), ("b", 0, 10, 1))
    best_first = value("nDCG@2", question, hits(("a", 0, 10), ("b", 0, 10)))
    worst_first = value("nDCG@2", question, hits(("b", 0, 10), ("a", 0, 10)))
    assert best_first == 1.0
    expected = (1 + 3 / math.log2(3)) / (3 + 1 / math.log2(3))
    assert worst_first == pytest.approx(expected)


def test_a_first_relevant_hit_beyond_k_gives_no_reciprocal_rank():
    question = asked("q", ("a", 0, 10))
    ranked = hits(("b", 0, 10), ("c", 0, 10), ("a", 0, 10))
    assert value("MRR@3", question, ranked) == pytest.approx(1 / 3)
    assert value("MRR@2", question, ranked) == 0.0


def test_relevance_zero_is_not_relevant():
    question = asked("q", ("a", 0, 10, 1), ("b", 0, 10, 0))
    assert value("hit@1", question, hits(("b", 0, 10))) == 0.0
    assert value("recall@2", question, hits(("a", 0, 10))) == 1.0


def test_unanswerable_questions_have_no_value_and_answerable_ones_without_hits_have_zero():
    questions = [asked("unknown"), asked("known", ("a", 0, 10))]
    chosen = measure("recall@5")
    values = question_values(questions, Rankings.of([hits(("a", 0, 10)), None]), [chosen])
    assert np.isnan(values[chosen][0])
    assert values[chosen][1] == 0.0


@pytest.mark.parametrize(
    ("written", "meant"),
    [("R@5", "recall@5"), ("p@3", "precision@3"), ("Success@1", "hit@1"), ("rr@10", "MRR@10")],
)
def test_the_usual_other_names_mean_the_same(written, meant):
    assert measure(written).name == meant


@pytest.mark.parametrize("written", ["recall", "bleu@4", "nDCG@0", "recall@-1", ""])
def test_a_name_that_means_no_measure_is_refused(written):
    with pytest.raises(RagqaError):
        measure(written)


def test_a_measure_deeper_than_the_hits_is_refused():
    with pytest.raises(RagqaError, match="recall@20"):
        chosen_measures(["recall@20"], 10)
