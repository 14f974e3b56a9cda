"""Runs beside each other: what is better, how surely, and on which questions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ragqa.errors import RagqaError
from ragqa.evaluate import compare, significant_drops
from ragqa.runs import Run

RNG = np.random.default_rng(11)


def run(name, values, never=(), flagged=None, coverage="either:0.5", judged="same"):
    """A run whose questions q0, q1 … have these values of each measure."""
    count = len(next(iter(values.values())))
    rows = [
        {
            "id": f"q{n}",
            "question": f"what is {n}",
            "judged": judged,
            "answerable": flagged is None or n % 2 == 0,
            "flagged": None if flagged is None else flagged[n],
            "values": {
                measure: None if (measure, n) in never else float(column[n])
                for measure, column in values.items()
            },
        }
        for n in range(count)
    ]
    settings = {"measures": list(values), "coverage": coverage}
    return Run("retrieval", settings, {}, {}, {}, tuple(rows), folder=Path("runs") / name)


def rows(comparison):
    return {(row.run, row.measure): row for row in comparison.rows}


def test_a_clearly_better_run_is_marked_and_a_chance_difference_is_not():
    base = RNG.random(80)
    noise = base + RNG.normal(0, 0.05, 80)
    found = rows(
        compare(
            [
                run("a", {"nDCG@10": base, "MRR": base}),
                run("b", {"nDCG@10": base + 0.2, "MRR": noise}),
            ]
        )
    )
    better = found["b", "nDCG@10"]
    assert better.significant and better.better
    assert (better.wins, better.losses) == (80, 0)
    assert better.difference.interval.low == pytest.approx(0.2)
    assert not found["b", "MRR"].significant


def test_fewer_seconds_are_better():
    slow, quick = RNG.random(40) + 60, RNG.random(40)
    row = rows(compare([run("a", {"seconds@5": slow}), run("b", {"seconds@5": quick})]))
    assert row["b", "seconds@5"].better
    assert row["b", "seconds@5"].wins == 40


def test_only_questions_that_count_in_both_are_paired():
    first = run("a", {"seconds@5": np.arange(6.0)}, never={("seconds@5", 0)})
    second = run("b", {"seconds@5": np.arange(6.0) + 1}, never={("seconds@5", 5)})
    (row,) = compare([first, second]).rows
    assert row.difference.questions == 4
    assert row.first == pytest.approx(2.5)


def test_detection_is_compared_on_the_questions_that_it_concerns():
    values = {"MRR": np.ones(6)}
    first = run("a", values, flagged=[False] * 6)
    second = run("b", values, flagged=[True, True, False, True, False, False])
    found = rows(compare([first, second]))
    assert found["b", "detected"].second == pytest.approx(2 / 3)
    assert found["b", "false alarm"].second == pytest.approx(1 / 3)
    assert not found["b", "false alarm"].better


def test_many_measures_raise_the_bar():
    base, other = RNG.random(30), RNG.random(30)
    one = compare([run("a", {"MRR": base}), run("b", {"MRR": other})])
    many = {f"recall@{k}": RNG.random(30) for k in range(1, 9)}
    more = compare(
        [run("a", {"MRR": base} | many), run("b", {"MRR": other} | many)], correction="holm"
    )
    assert rows(more)["b", "MRR"].p >= rows(one)["b", "MRR"].p


def test_enough_resamples_are_drawn_for_the_correction_to_leave_anything():
    base = RNG.random(50)
    runs = [run("a", {"MRR": base})]
    runs += [run(f"b{n}", {"MRR": base + 0.1 + 0.05 * RNG.random(50)}) for n in range(40)]
    assert all(row.significant for row in compare(runs, resamples=100).rows)


def test_the_questions_that_changed_most_come_first_and_worse_before_better():
    first = run("a", {"MRR": np.array([1.0, 0.0, 0.5, 0.5])})
    second = run("b", {"MRR": np.array([0.0, 1.0, 0.5, 0.75])})
    found = compare([first, second], most_changed=3)
    assert [change.id for change in found.changes] == ["q0", "q1", "q3"]


def test_measures_that_not_all_runs_have_are_named():
    values = RNG.random(5)
    first, second = run("a", {"MRR": values, "MAP": values}), run("b", {"MRR": values})
    assert compare([first, second]).left_out == ("MAP",)
    with pytest.raises(RagqaError, match="MAP"):
        compare([first, second], ["MAP"])


def test_a_run_for_other_questions_is_named_by_file_and_line():
    longer, shorter = run("a", {"MRR": RNG.random(5)}), run("b", {"MRR": RNG.random(4)})
    for pair in ([longer, shorter], [shorter, longer]):
        with pytest.raises(RagqaError, match=r"per_question.jsonl line 5.*'q4'.*other questions"):
            compare(pair)
    found = compare([longer, shorter], common=True)
    assert (found.questions, found.not_shared) == (4, 1)


def test_questions_whose_spans_were_changed_are_not_compared_unawares():
    values = {"MRR": RNG.random(3)}
    with pytest.raises(RagqaError, match=r"b.per_question.jsonl line 1.*spans differ"):
        compare([run("a", values), run("b", values, judged="other")])
    with pytest.raises(RagqaError, match="share no question"):
        compare([run("a", values), run("b", values, judged="other")], common=True)


def test_other_rules_of_coverage_are_refused():
    values = {"MRR": RNG.random(3)}
    with pytest.raises(RagqaError, match=r"span:0\.8"):
        compare([run("a", values), run("b", values, coverage="span:0.8")])


def test_runs_of_one_name_are_told_apart():
    values = {"MRR": RNG.random(3)}
    other = replace(run("a", values), folder=Path("elsewhere/a"))
    assert compare([run("a", values), other]).names == ("runs/a", "elsewhere/a")


def test_only_significant_drops_break_a_baseline():
    base = RNG.random(60)
    before = run("before", {"nDCG@10": base, "MRR": base})
    after = run("after", {"nDCG@10": base - 0.3, "MRR": base - RNG.normal(0.0, 0.05, 60)})
    (drop,) = significant_drops(compare([before, after]))
    assert drop.startswith("nDCG@10 fell from ")
    assert significant_drops(compare([after, before])) == []
