"""Agreement is what the reference libraries say, and nothing is claimed that the data lacks."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from ragqa.agreement import LETTERS, agreement
from ragqa.agreement.measures import krippendorff_alpha, measured, quadratic_kappa, raw_agreement
from ragqa.errors import RagqaError
from ragqa.grade import Thresholds
from ragqa.types import Answer, Grade, Record

letters = st.sampled_from("IPC")


def record(number: int, score: float | None, judge: str = "local", **annotations: str) -> Record:
    grade = Grade("answer_relevance", judge, score=score, error=None if score is not None else "no")
    answer = Answer("q", "a", "en", (), True, "x", "y")
    return Record(f"r{number}", f"question {number}", answer, annotations=annotations,
                  grades=(grade,))  # fmt: skip


def test_perfect_agreement_is_one_and_its_confusion_is_diagonal():
    found = agreement([record(i, i % 3 / 2, ana="IPC"[i % 3]) for i in range(30)])
    (one,) = found.with_judge
    assert one.kappa.value == one.quadratic_kappa.value == one.agreement.value == 1
    assert one.spearman.value == pytest.approx(1)
    assert one.confusion == ((10, 0, 0), (0, 10, 0), (0, 0, 10))
    assert found.greatest == ()


@given(st.lists(st.tuples(letters, letters), min_size=2, max_size=40))
def test_weighted_kappa_is_scikit_learns(pairs):
    a, b = zip(*pairs, strict=True)
    ours = quadratic_kappa(np.array([[LETTERS.index(x) for x in a], [LETTERS.index(x) for x in b]]))
    if len({*a, *b}) < 2:
        assert math.isnan(ours)
    else:
        theirs = cohen_kappa_score(a, b, labels=list(LETTERS), weights="quadratic")
        assert ours == pytest.approx(theirs, nan_ok=True)


def test_alpha_of_published_example():
    # Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section C: nominal values
    # 1..5 are outside our letters, so its ordinal relation is checked on three levels by hand:
    # two raters, ten records, one step apart once.
    data = np.array([[0, 0, 1, 1, 2, 2, 0, 1, 2, 2], [0, 0, 1, 1, 2, 2, 0, 1, 2, 1]], float)
    counts = np.bincount(data.ravel().astype(int), minlength=3)
    total = counts.sum()

    def gap(a, b):
        low, high = sorted((a, b))
        return (counts[low : high + 1].sum() - (counts[low] + counts[high]) / 2) ** 2

    observed = 2 * gap(1, 2)
    expected = sum(counts[a] * counts[b] * gap(a, b) for a in range(3) for b in range(3) if a != b)
    assert krippendorff_alpha(data) == pytest.approx(1 - (total - 1) * observed / expected)


def test_the_interval_holds_the_value_and_narrows_with_more_records():
    rng = np.random.default_rng(1)
    few = rng.integers(0, 3, (2, 20)).astype(float)
    many = np.tile(few, 20)
    small, large = measured(raw_agreement, few), measured(raw_agreement, many)
    assert small.low <= small.value <= small.high
    assert large.high - large.low < (small.high - small.low) / 2


def test_what_cannot_be_computed_says_why_instead_of_a_number():
    found = agreement([record(i, 1.0, ana="C") for i in range(12)])
    (one,) = found.with_judge
    assert one.agreement.value == 1 and one.kappa.value is None
    assert "same" in one.kappa.why_not
    assert found.json()["with_judge"][0]["kappa"]["value"] is None


def test_errors_and_gaps_are_counted_and_never_averaged():
    records = [record(0, None, ana="C"), record(1, 0.9, ana="C"), record(2, 0.1, ana="I"),
               record(3, 0.5)]  # fmt: skip
    found = agreement(records)
    assert (found.records, found.annotated, found.graded, found.both) == (4, 3, 3, 2)
    assert found.with_judge[0].records == 2


def test_several_annotators_are_compared_with_each_other_and_by_their_median():
    records = [record(i, 1.0, ana="C", bo="I", eva="C" if i % 2 else "P") for i in range(8)]
    found = agreement(records)
    assert [one.first for one in found.with_judge] == ["ana", "bo", "eva", "consensus"]
    assert {(one.first, one.second) for one in found.between_people} == {
        ("ana", "bo"), ("ana", "eva"), ("bo", "eva")
    }  # fmt: skip
    assert found.alpha is not None and found.alpha.value < 0.2
    consensus = found.with_judge[-1].confusion
    assert consensus[1][2] == 4 and consensus[2][2] == 4  # P where eva says P, else C


def test_the_widest_gaps_come_first():
    records = [record(0, 0.0, ana="C"), record(1, 0.5, ana="C"), record(2, 1.0, ana="C")]
    assert [item.id for item in agreement(records).greatest] == ["r0", "r1"]


def test_two_judges_must_be_told_apart():
    first, second = record(0, 1.0, ana="C"), record(1, 0.0, judge="openai:m", ana="I")
    with pytest.raises(RagqaError, match="local, openai:m; choose one with --judge"):
        agreement([first, second])
    assert agreement([first, second], judge="openai:m").both == 1
    with pytest.raises(RagqaError, match="ragqa annotate"):
        agreement([record(0, 1.0)])


def test_thresholds_fitted_on_one_half_help_the_other_when_the_judge_is_shifted():
    rng = np.random.default_rng(0)
    records = []
    for i in range(200):
        level = int(rng.integers(0, 3))
        # A judge whose scores are right in order and far too low.
        score = float(np.clip([0.05, 0.2, 0.4][level] + rng.normal(0, 0.03), 0, 1))
        records.append(record(i, score, ana=LETTERS[level]))
    fit = agreement(records, letters=Thresholds(0.8, 0.4)).calibration
    assert fit.fitted_on + fit.tried_on == 200
    assert fit.kappa_after > 0.85 > 0.4 > (fit.kappa_before or 0)
    assert 0.2 < fit.correct < 0.4 and 0.05 < fit.partial < 0.2


def lettered(number: int, score: float, verdict: str, **annotations: str) -> Record:
    grade = Grade("answer_relevance", "local", score=score, verdict=verdict)
    answer = Answer("q", "a", "en", (), True, "x", "y")
    return Record(f"r{number}", "q", answer, annotations=annotations, grades=(grade,))


def test_the_letters_in_the_grades_are_compared_and_their_thresholds_named():
    records = [lettered(i, 2 / 3, "C", ana="C") for i in range(4)]
    found = agreement(records, of_run=Thresholds(0.6, 0.3))
    assert found.with_judge[0].agreement.value == 1 and found.greatest == ()
    told = found.json()
    assert (told["thresholds"], told["letters_by"]) == ({"C": 0.6, "P": 0.3}, "run")


def test_thresholds_that_are_given_make_new_letters():
    found = agreement([lettered(i, 2 / 3, "C", ana="C") for i in range(4)],
                      letters=Thresholds(0.8, 0.4), of_run=Thresholds(0.6, 0.3))  # fmt: skip
    assert found.with_judge[0].agreement.value == 0 and len(found.greatest) == 4
    assert found.json()["letters_by"] == "option"


def test_no_thresholds_are_claimed_that_do_not_give_the_letters():
    found = agreement([lettered(0, 0.1, "C", ana="C"), lettered(1, 0.9, "I", ana="I")])
    assert found.with_judge[0].agreement.value == 1
    assert (found.json()["thresholds"], found.json()["letters_by"]) == (None, "grades")


def test_a_metric_of_sentences_counts_by_its_mean():
    def sentences(number, scores, letter):
        grades = tuple(
            Grade("groundedness", "local", score=score, target=f"sentence:{i}",
                  error=None if score is not None else "no reply")
            for i, score in enumerate(scores, 1)
        )  # fmt: skip
        answer = Answer("q", "a", "en", (), True, "x", "y")
        return Record(f"r{number}", "q", answer, annotations={"ana": letter}, grades=grades)

    records = [sentences(0, [1.0, 0.8], "C"), sentences(1, [0.9, 0.1], "P"),
               sentences(2, [0.0, None], "I"), sentences(3, [None], "I")]  # fmt: skip
    found = agreement(records, "groundedness")
    assert (found.letters.per, found.graded) == ("sentence", 3)
    assert found.with_judge[0].agreement.value == 1


def test_constant_scores_are_named_as_such():
    found = agreement([record(i, 0.5, ana="CPI"[i % 3]) for i in range(12)])
    assert found.with_judge[0].spearman.why_not == "every score is the same"


def test_an_annotator_with_the_name_for_all_of_them_is_refused():
    with pytest.raises(RagqaError, match="consensus"):
        agreement([record(0, 1.0, consensus="C", ana="C")])


def test_a_judge_that_graded_nothing_is_answered_with_those_that_did():
    with pytest.raises(RagqaError, match="by 'foo'; its judges are local"):
        agreement([record(0, 1.0, ana="C")], judge="foo")


def test_few_records_are_not_calibrated():
    assert agreement([record(i, i / 10, ana="CI"[i % 2]) for i in range(10)]).calibration is None
