"""Every check computes: it holds for the reference code and fails when that code is broken."""

import json
import math

import pytest
import torch

from ragqa import reference
from ragqa.concepts import checks, concepts, result_of
from ragqa.concepts.checks import activations, convolution, vectors
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


def divided(logits, temperature=1.0):
    return logits / logits.sum(dim=-1, keepdim=True)


def hard(logits, temperature=1.0):
    return torch.nn.functional.one_hot(logits.argmax(dim=-1), logits.shape[-1]).to(logits.dtype)


def naive(logits, temperature=1.0):
    powers = torch.exp(logits / temperature)
    return powers / powers.sum(dim=-1, keepdim=True)


def unnormalised(logits, temperature=1.0):
    return torch.exp(logits - logits.amax(dim=-1, keepdim=True))


def reversed_order(logits, temperature=1.0):
    return right_softmax(-logits, temperature)


def cold(logits, temperature=1.0):
    return right_softmax(logits, 1 / temperature)


def position_dependent(logits, temperature=1.0):
    return right_softmax(logits * logits.abs().amax(dim=-1, keepdim=True), temperature)


def scale_free(logits, temperature=1.0):
    return right_softmax(logits / logits.norm(dim=-1, keepdim=True))


def constant(logits, temperature=1.0):
    return torch.full_like(logits, 1 / logits.shape[-1])


right_softmax = reference.softmax
right_loss = reference.cross_entropy
right_soft_loss = reference.cross_entropy_from_distributions
right_binary = reference.binary_cross_entropy_from_logits
right_adam = reference.Adam
right_sgd = reference.SGD
right_network = reference.Network


class UncorrectedAdam(right_adam):
    def step(self, gradients=None):
        self.t = 10_000
        super().step(gradients)


class PlainAdam(right_sgd):
    """Called Adam, but one step size for all."""

    def __init__(self, parameters, learning_rate=0.001, betas=(0.9, 0.999), epsilon=1e-8):
        super().__init__(parameters, learning_rate)
        self.m = [torch.zeros_like(p) for p in self.parameters]
        self.v = [torch.zeros_like(p) for p in self.parameters]


class UphillSGD(right_sgd):
    def step(self, gradients=None):
        super().step([-g for g in gradients])


class ForgetfulSGD(right_sgd):
    def __init__(self, parameters, learning_rate=0.01, momentum=0.0):
        super().__init__(parameters, learning_rate, 0.0)


class CautiousSGD(right_sgd):
    def __init__(self, parameters, learning_rate=0.01, momentum=0.0):
        super().__init__(parameters, min(learning_rate, 0.5), momentum)


class ForwardNetwork(right_network):
    def backward(self, outputs, delta):
        super().backward(outputs, delta)
        self.gradients.mul_(2)


BROKEN = [
    ("softmax_is_normalised_exponentials", "softmax", divided),
    ("softmax_sums_to_one", "softmax", unnormalised),
    ("softmax_is_strictly_between", "softmax", hard),
    ("softmax_is_strictly_between", "softmax", divided),
    ("softmax_is_not_one_hot", "softmax", hard),
    ("softmax_keeps_order", "softmax", reversed_order),
    ("softmax_widens_differences", "softmax", divided),
    ("softmax_is_shift_invariant", "softmax", divided),
    ("softmax_is_shift_invariant", "softmax", position_dependent),
    ("softmax_is_scale_sensitive", "softmax", scale_free),
    ("temperature_flattens_softmax", "softmax", cold),
    ("softmax_of_two_is_sigmoid", "softmax", divided),
    ("softmax_is_differentiable", "softmax", hard),
    ("softmax_suits_one_label", "softmax", lambda z, temperature=1.0: reference.sigmoid(z)),
    ("confidence_need_not_be_calibrated", "Classifier", None),
    ("naive_softmax_overflows", "softmax", naive),
    ("loss_from_logits_is_stable", "cross_entropy", None),
    (
        "log_sum_exp_is_a_soft_maximum",
        "log_softmax",
        lambda z: z - z.amax(dim=-1, keepdim=True) + 1,
    ),
    (
        "cross_entropy_is_minus_sum_p_log_q",
        "cross_entropy_from_distributions",
        lambda z, y: ((right_softmax(z) - y) ** 2).sum(dim=-1).mean(),
    ),
    (
        "one_hot_cross_entropy_is_minus_log_true",
        "cross_entropy",
        lambda z, y: -reference.log_softmax(z).sum(dim=-1).mean(),
    ),
    (
        "cross_entropy_is_at_least_entropy",
        "cross_entropy_from_distributions",
        lambda z, y: right_soft_loss(z, y) / 2,
    ),
    ("zero_loss_needs_certainty", "cross_entropy", None),
    (
        "confident_errors_cost_without_bound",
        "cross_entropy",
        lambda z, y: 1 - right_softmax(z).gather(-1, y.unsqueeze(-1)).mean(),
    ),
    ("gradient_at_logits_is_p_minus_y", "cross_entropy", lambda z, y: -right_loss(z, y)),
    ("gradient_at_logits_is_p_minus_y", "softmax", divided),
    ("sparse_and_one_hot_losses_agree", "cross_entropy", lambda z, y: right_loss(z, y) * 1.01),
    (
        "binary_cross_entropy_treats_classes_apart",
        "binary_cross_entropy_from_logits",
        lambda z, y: -(y * torch.log(right_softmax(z))).sum(),
    ),
    ("perplexity_is_exp_of_cross_entropy", "cross_entropy", lambda z, y: right_loss(z, y) + 0.1),
    ("uniform_prediction_costs_log_k", "cross_entropy", lambda z, y: right_loss(z, y) * 0),
    (
        "mse_after_softmax_learns_slower",
        "mean_squared_error_after_softmax_gradient",
        reference.cross_entropy_from_distributions_gradient,
    ),
    ("relu_is_max_of_zero", "relu", torch.abs),
    ("relu_gradient_is_zero_or_one", "relu", lambda x: 0.5 * x + 0.5 * x.abs() + 0.1 * x),
    ("sigmoid_lies_between_zero_and_one", "sigmoid", torch.tanh),
    ("sigmoid_derivative_peaks_at_a_quarter", "sigmoid", lambda x: torch.sigmoid(4 * x)),
    ("tanh_is_zero_centred", "sigmoid", lambda x: torch.sigmoid(x + 1)),
    ("negative_values_do_not_spoil", "relu", lambda x: x),
    ("linear_layers_collapse", "Network", None),
    ("equal_weights_stay_equal", "Network", None),
    ("xor_needs_a_hidden_layer", "relu", lambda x: x),
    ("backpropagation_equals_chain_rule", "Network", ForwardNetwork),
    ("gradient_descent_goes_downhill", "SGD", UphillSGD),
    ("adam_corrects_its_bias", "Adam", UncorrectedAdam),
    ("adam_first_step_is_the_learning_rate", "Adam", PlainAdam),
    ("adam_adapts_each_parameter", "Adam", PlainAdam),
    ("too_large_a_learning_rate_diverges", "SGD", CautiousSGD),
    ("momentum_gathers_past_gradients", "SGD", ForgetfulSGD),
    ("argmax_is_a_position", "softmax", reversed_order),
    ("argmax_gives_no_gradient", "softmax", hard),
    ("accuracy_misleads_when_unbalanced", "softmax", reversed_order),
    (
        "one_hot_has_a_single_one",
        "one_hot",
        lambda labels, classes, dtype=None: torch.ones(len(labels), classes, dtype=dtype),
    ),
]


class Humble(reference.Classifier):
    """Never surer than a coin."""

    def predict_proba(self, x):
        return torch.full((len(x), self.classes), 1 / self.classes).numpy()


def from_probabilities(z, y):
    return -torch.log(right_softmax(z)).gather(-1, y.unsqueeze(-1)).mean()


def right_or_wrong(z, y):
    return (z.argmax(dim=-1) != y).double().mean()


class LinearNetwork(right_network):
    def forward(self, x):
        outputs = [x]
        for layer in self.layers:
            outputs.append(layer.forward(outputs[-1]))
        return outputs


class NoisyNetwork(right_network):
    def backward(self, outputs, delta):
        super().backward(outputs, delta)
        self.gradients.add_(torch.linspace(0, 1, len(self.gradients), dtype=torch.float64))


STANDINS = {
    "confidence_need_not_be_calibrated": Humble,
    "loss_from_logits_is_stable": from_probabilities,
    "zero_loss_needs_certainty": right_or_wrong,
    "linear_layers_collapse": LinearNetwork,
    "equal_weights_stay_equal": NoisyNetwork,
}


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
