"""Reference code that is wrong in one way each, and the check that has to notice."""

import torch

from ragqa import reference


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
