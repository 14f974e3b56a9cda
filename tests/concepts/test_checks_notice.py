"""Every check fails when the code that it runs is broken."""

import pytest
import torch

from ragqa import reference
from ragqa.concepts import checks
from ragqa.concepts.checks import convolution, vectors
from tests.concepts.broken_reference import BROKEN, STANDINS


@pytest.mark.parametrize(("check", "name", "broken"), BROKEN)
def test_a_check_says_no_when_the_reference_is_broken(monkeypatch, check, name, broken):
    monkeypatch.setattr(reference, name, broken or STANDINS[check])
    assert not checks.run(check).holds


class Reciter(reference.Classifier):
    """Learns nothing, so what it has seen does not help it."""

    def fit(self, x, y, **settings):
        return []


class HalfEpoch(reference.Classifier):
    def fit(self, x, y, epochs=1, batch=32, **settings):
        return super().fit(x[::2], y[::2], epochs=epochs, batch=batch, **settings)


class Restless(reference.Classifier):
    """Trains to the end, whatever the validation loss says."""

    def fit(self, x, y, patience=None, **settings):
        return super().fit(x, y, **settings)


class OneOutput(reference.Classifier):
    def predict_proba(self, x):
        return super().predict_proba(x)[:, :1]


@pytest.mark.parametrize(
    ("check", "broken"),
    [
        ("seen_test_data_overstates_accuracy", Reciter),
        ("an_epoch_is_one_pass", HalfEpoch),
        ("early_stopping_limits_overfitting", Restless),
        ("one_output_for_each_class", OneOutput),
    ],
)
def test_a_check_says_no_when_the_classifier_is_broken(monkeypatch, check, broken):
    monkeypatch.setattr(reference, "Classifier", broken)
    assert not checks.run(check).holds


@pytest.mark.parametrize(
    "check",
    [
        "cosine_ignores_length",
        "cosine_lies_between_minus_one_and_one",
        "dot_product_of_unit_vectors_is_cosine",
    ],
)
def test_a_dot_product_does_not_pass_for_a_cosine(monkeypatch, check):
    monkeypatch.setattr(vectors, "_cosine", lambda a, b: (a * b).sum(dim=-1))
    assert not checks.run(check).holds


def test_orthogonal_vectors_need_the_dot_product(monkeypatch):
    monkeypatch.setattr(vectors, "_cosine", lambda a, b: (a - b).norm(dim=-1))
    assert not checks.run("orthogonal_vectors_have_cosine_zero").holds


@pytest.mark.parametrize(
    ("check", "name", "broken"),
    [
        (
            "convolution_output_size",
            "conv2d",
            lambda x, w, stride=1, padding=0: torch.zeros(1, 1, x.shape[-1], x.shape[-1]),
        ),
        (
            "convolution_shares_weights",
            "conv2d",
            lambda x, w: x[..., 1:-1, 1:-1] * torch.arange(10.0, dtype=torch.float64),
        ),
        ("max_pooling_keeps_the_largest", "max_pool2d", torch.nn.functional.avg_pool2d),
    ],
)
def test_a_check_says_no_when_the_convolution_is_broken(monkeypatch, check, name, broken):
    monkeypatch.setattr(convolution, name, broken)
    assert not checks.run(check).holds


def test_dropout_that_goes_on_at_test_is_noticed(monkeypatch):
    right = torch.nn.functional.dropout
    monkeypatch.setattr(
        torch.nn.functional, "dropout", lambda x, p, training: right(x, p, training=True)
    )
    assert not checks.run("dropout_is_off_at_test").holds


def test_each_check_was_broken_in_some_test():
    broken = {check for check, *_ in BROKEN} | {
        "seen_test_data_overstates_accuracy",
        "an_epoch_is_one_pass",
        "early_stopping_limits_overfitting",
        "one_output_for_each_class",
        "cosine_ignores_length",
        "cosine_lies_between_minus_one_and_one",
        "dot_product_of_unit_vectors_is_cosine",
        "orthogonal_vectors_have_cosine_zero",
        "convolution_output_size",
        "convolution_shares_weights",
        "max_pooling_keeps_the_largest",
        "dropout_is_off_at_test",
    }
    assert broken == checks.check_names()
