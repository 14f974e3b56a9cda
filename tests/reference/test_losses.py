"""Our losses give torch's numbers, and their closed-form gradients are what autograd finds."""

import math

import pytest
import torch
from torch.nn import functional

from ragqa.reference import functions, losses

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
CASES = [(t, d) for t in (torch.float32, torch.float64) for d in DEVICES]


@pytest.fixture(params=CASES, ids=str)
def batch(request):
    dtype, device = request.param
    generator = torch.Generator().manual_seed(1)
    logits = torch.randn(6, 4, generator=generator, dtype=dtype) * 5
    labels = torch.randint(0, 4, (6,), generator=generator)
    targets = torch.softmax(torch.randn(6, 4, generator=generator, dtype=dtype), -1)
    return logits.to(device).requires_grad_(True), labels.to(device), targets.to(device)


def gradient(loss, logits):
    return torch.autograd.grad(loss, logits)[0]


def test_cross_entropy_equals_torch_in_both_forms(batch):
    logits, labels, targets = batch
    torch.testing.assert_close(
        losses.cross_entropy(logits, labels), functional.cross_entropy(logits, labels)
    )
    torch.testing.assert_close(
        losses.cross_entropy_from_distributions(logits, targets),
        functional.cross_entropy(logits, targets),
    )


def test_cross_entropy_gradient_is_p_minus_y(batch):
    logits, labels, targets = batch
    y = functions.one_hot(labels, 4, logits.dtype)
    p_minus_y = (torch.softmax(logits, -1) - y) / 6
    torch.testing.assert_close(gradient(losses.cross_entropy(logits, labels), logits), p_minus_y)
    torch.testing.assert_close(losses.cross_entropy_gradient(logits, labels), p_minus_y)
    torch.testing.assert_close(
        gradient(losses.cross_entropy_from_distributions(logits, targets), logits),
        losses.cross_entropy_from_distributions_gradient(logits, targets),
    )


def test_index_and_one_hot_forms_agree(batch):
    logits, labels, _ = batch
    y = functions.one_hot(labels, 4, logits.dtype)
    torch.testing.assert_close(
        losses.cross_entropy(logits, labels), losses.cross_entropy_from_distributions(logits, y)
    )


def test_binary_cross_entropy_and_its_gradient_equal_torch(batch):
    logits, _, targets = batch
    loss = losses.binary_cross_entropy_from_logits(logits, targets)
    expected = functional.binary_cross_entropy_with_logits(logits, targets)
    torch.testing.assert_close(loss, expected)
    closed = losses.binary_cross_entropy_from_logits_gradient(logits, targets)
    torch.testing.assert_close(gradient(expected, logits), closed)
    torch.testing.assert_close(gradient(loss, logits), closed)


@pytest.mark.parametrize("target", [0.0, 0.3, 1.0])
def test_binary_cross_entropy_and_its_gradient_equal_torch_at_zero_and_far_out(target):
    values = torch.tensor([0.0, -0.0, 30.0, -30.0, 1000.0, -1000.0])
    targets = torch.full_like(values, target)
    ours, theirs = (values.clone().requires_grad_(True) for _ in range(2))
    mine = losses.binary_cross_entropy_from_logits(ours, targets)
    reference = functional.binary_cross_entropy_with_logits(theirs, targets)
    torch.testing.assert_close(mine, reference)
    torch.testing.assert_close(gradient(mine, ours), gradient(reference, theirs))


def test_logistic_regression_learns_from_zero_weights_by_autograd():
    x = torch.tensor([[1.0, 2.0], [2.0, 1.0], [-1.0, -1.5], [-2.0, -1.0]])
    y = torch.tensor([[1.0], [1.0], [0.0], [0.0]])
    weights = torch.zeros(2, 1, requires_grad=True)
    first = losses.binary_cross_entropy_from_logits(x @ weights, y)
    assert first.item() == pytest.approx(math.log(2))
    for _ in range(50):
        slope = gradient(losses.binary_cross_entropy_from_logits(x @ weights, y), weights)
        with torch.no_grad():
            weights -= 0.5 * slope
    assert losses.binary_cross_entropy_from_logits(x @ weights, y).item() < 0.1


def test_mean_squared_error_and_its_gradients_equal_torch(batch):
    logits, _, targets = batch
    torch.testing.assert_close(
        losses.mean_squared_error(logits, targets), functional.mse_loss(logits, targets)
    )
    torch.testing.assert_close(
        gradient(functional.mse_loss(logits, targets), logits),
        losses.mean_squared_error_gradient(logits, targets),
    )
    torch.testing.assert_close(
        gradient(functional.mse_loss(torch.softmax(logits, -1), targets), logits),
        losses.mean_squared_error_after_softmax_gradient(logits, targets),
        rtol=1e-4,
        atol=1e-7,
    )


def test_losses_stay_finite_at_logits_where_softmax_then_log_does_not():
    logits = torch.tensor([[1000.0, 0.0], [-1000.0, 0.0]])
    labels = torch.tensor([1, 0])
    assert not torch.log(torch.softmax(logits, -1)).isfinite().all()
    assert losses.cross_entropy(logits, labels).item() == 1000
    wrong = torch.tensor([0.0, 1.0])
    assert losses.binary_cross_entropy_from_logits(logits[:, 0], wrong).item() == 1000
