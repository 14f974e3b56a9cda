"""Intervals and tests against scipy's and against what is known of them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ragqa.evaluate import interval, paired_difference
from ragqa.evaluate.statistics import (
    benjamini_hochberg,
    bootstrap_p,
    holm,
    mean_intervals,
    randomisation_p,
)

RNG = np.random.default_rng(5)


def test_the_interval_of_a_mean_is_scipys():
    values = RNG.beta(2, 5, 120)
    ours = interval(values, resamples=9999)
    theirs = stats.bootstrap((values,), np.mean, n_resamples=9999, method="percentile", rng=1)
    assert ours.low == pytest.approx(theirs.confidence_interval.low, abs=0.004)
    assert ours.high == pytest.approx(theirs.confidence_interval.high, abs=0.004)


def test_it_holds_the_true_mean_about_95_times_in_100():
    samples = RNG.binomial(1, 0.6, (400, 80)).astype(float)
    held = 0
    for sample in samples:
        found = interval(sample, resamples=500)
        held += found.low <= 0.6 <= found.high
    assert 0.91 <= held / 400 <= 0.98


def test_columns_measured_together_have_the_intervals_of_each_alone():
    columns = RNG.random((3, 50))
    together = mean_intervals(columns)
    for column, found in zip(columns, together, strict=True):
        alone = interval(column)
        assert (found.low, found.high) == pytest.approx((alone.low, alone.high))


def test_one_value_has_no_interval_and_equal_values_a_point():
    assert interval(np.array([0.3])) is None
    found = interval(np.full(9, 0.1))
    assert (found.low, found.high) == (0.1, 0.1)


def test_the_randomisation_test_of_few_differences_is_exact():
    differences = np.array([0.5, 0.25, -0.125, 1.0, 0.75])
    sums = [abs(np.dot(signs, differences)) for signs in itertools.product([-1, 1], repeat=5)]
    exact = np.mean([total >= abs(differences.sum()) - 1e-12 for total in sums])
    assert randomisation_p(differences) == pytest.approx(exact)


def test_questions_that_do_not_differ_change_no_p():
    differences = np.array([0.5, 0.25, -0.125, 1.0, 0.75])
    padded = np.concatenate([differences, np.zeros(40)])
    assert randomisation_p(padded) == randomisation_p(differences)


@pytest.mark.parametrize("test", [randomisation_p, bootstrap_p])
def test_without_a_difference_p_is_one(test):
    assert test(np.zeros(20)) == 1.0


@pytest.mark.parametrize("test", [randomisation_p, bootstrap_p])
def test_systems_that_differ_by_chance_alone_are_rarely_told_apart(test):
    small = [test(RNG.normal(0, 1, 60), 400) < 0.05 for _ in range(300)]
    assert np.mean(small) < 0.09


@pytest.mark.parametrize("test", [randomisation_p, bootstrap_p])
def test_a_clear_difference_is_found(test):
    assert test(RNG.normal(1, 1, 60)) < 0.01


def test_a_single_question_proves_nothing():
    found = paired_difference(np.array([0.0]), np.array([1.0]))
    assert found.p == 1.0
    assert found.interval is None
    assert found.wins == 1


def test_the_order_of_systems_only_turns_the_sign():
    first, second = RNG.random(30), RNG.random(30)
    one, other = paired_difference(first, second), paired_difference(second, first)
    assert one.difference == pytest.approx(-other.difference)
    assert (one.wins, one.losses) == (other.losses, other.wins)
    assert one.p == pytest.approx(other.p, abs=0.02)


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert benjamini_hochberg([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.04, 0.04])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_never_lowers_a_p_and_keeps_their_order(values):
    adjusted = holm(values)
    assert all(a >= p - 1e-12 and a <= 1 for a, p in zip(adjusted, values, strict=True))
    order = np.argsort(values, kind="stable")
    assert all(a <= b for a, b in itertools.pairwise(np.array(adjusted)[order]))
