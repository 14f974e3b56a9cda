"""Every check computes, and holds for the reference code."""

import json
import math

import pytest
import torch

from ragqa.concepts import checks, concepts, result_of
from ragqa.concepts.checks import activations
from ragqa.errors import RagqaError


@pytest.fixture(scope="module")
def results():
    return {concept.check: result_of(concept.check) for concept in concepts()}


def test_every_concept_has_a_check_and_every_check_a_concept():
    assert {concept.check for concept in concepts()} == checks.check_names()


def test_every_check_holds_for_the_reference_code(results):
    assert [name for name, result in results.items() if not result.holds] == []


def test_results_are_fit_for_json_and_their_findings_are_sentences_with_numbers(results):
    for result in results.values():
        json.dumps(dict(result.numbers), allow_nan=False)
        assert result.finding.endswith(".")
        assert any(letter.isdigit() for letter in result.finding)


def test_a_check_that_is_not_there_is_refused():
    with pytest.raises(RagqaError, match="no_such_check"):
        checks.run("no_such_check")


def test_the_example_of_the_lectures():
    numbers = result_of("softmax_is_not_one_hot").numbers
    assert numbers["softmax"] == [0.045, 0.045, 0.016, 0.895]


def test_softmax_widens_large_scores_and_narrows_small_ones():
    result = result_of("softmax_widens_differences")
    assert result.numbers["softmax of [0.1, 0.2]"] == [0.475, 0.525]
    assert result.numbers["[0.1, 0.2] divided by its sum"] == [0.333, 0.667]
    assert "depends on the size" in result.finding


def test_checks_leave_the_random_numbers_of_others_alone():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    for name in checks.check_names():
        checks.run(name)
    assert torch.equal(torch.rand(3), expected)


def test_a_check_gives_the_same_numbers_every_time():
    for name in ("confidence_need_not_be_calibrated", "early_stopping_limits_overfitting"):
        assert checks.run(name) == checks.run(name)


def test_numbers_in_findings_are_those_of_the_mathematics():
    entropy = -sum(p * math.log(p) for p in (0.7, 0.2, 0.1))
    numbers = result_of("cross_entropy_is_at_least_entropy").numbers
    assert numbers["entropy of [0.7, 0.2, 0.1]"] == pytest.approx(entropy, abs=1e-4)
    assert activations.INPUTS[0] == -3
