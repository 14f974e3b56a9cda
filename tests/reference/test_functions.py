"""Our functions give torch's numbers, and their derivatives are what autograd finds."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.autograd.functional import jacobian
from torch.nn import functional

from ragqa.errors import RagqaError
from ragqa.reference import functions

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
LOGITS = st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=12)


@pytest.fixture(params=[torch.float32, torch.float64], ids=["float32", "float64"])
def dtype(request):
    return request.param


@pytest.fixture(params=DEVICES)
def x(request, dtype):
    generator = torch.Generator().manual_seed(0)
    return (torch.randn(7, 5, generator=generator, dtype=dtype) * 10).to(request.param)


@pytest.mark.parametrize("name", ["relu", "sigmoid"])
def test_activation_equals_torch(name, x):
    torch.testing.assert_close(getattr(functions, name)(x), getattr(torch, name)(x))


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_softmax_equals_torch(name, x):
    torch.testing.assert_close(getattr(functions, name)(x), getattr(torch, name)(x, dim=-1))


@pytest.mark.parametrize("name", ["relu", "sigmoid"])
def test_activation_derivative_is_what_autograd_finds(name, x):
    x.requires_grad_(True)
    getattr(functions, name)(x).sum().backward()
    torch.testing.assert_close(x.grad, getattr(functions, f"{name}_derivative")(x.detach()))


@pytest.mark.parametrize("name", ["relu", "sigmoid"])
@pytest.mark.parametrize("at", [0.0, -0.0, 1000.0, -1000.0])
def test_activation_and_its_slope_are_torchs_at_zero_and_far_out(name, at, dtype):
    ours, theirs = (torch.tensor(at, dtype=dtype, requires_grad=True) for _ in range(2))
    mine, reference = getattr(functions, name)(ours), getattr(torch, name)(theirs)
    mine.backward()
    reference.backward()
    assert mine.item() == reference.item()
    assert ours.grad.item() == theirs.grad.item()
    assert getattr(functions, f"{name}_derivative")(ours.detach()).item() == theirs.grad.item()


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_jacobian_at_equal_scores_is_what_torch_finds(name, dtype):
    row = torch.zeros(4, dtype=dtype)
    expected = jacobian(lambda z: getattr(torch, name)(z, dim=-1), row)
    torch.testing.assert_close(jacobian(getattr(functions, name), row), expected)
    torch.testing.assert_close(getattr(functions, f"{name}_derivative")(row), expected)


@pytest.mark.parametrize("name", ["relu", "sigmoid"])
def test_what_is_no_number_stays_visible(name):
    assert getattr(functions, name)(torch.tensor(math.nan)).isnan()


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_jacobian_is_what_autograd_finds(name, x):
    row = x[0]
    expected = jacobian(getattr(functions, name), row)
    actual = getattr(functions, f"{name}_derivative")(row)
    torch.testing.assert_close(actual, expected, rtol=1e-4, atol=1e-6)


def test_extreme_values_neither_overflow_nor_make_nan():
    x = torch.tensor([[1000.0, -1000.0, 0.0], [-1e30, -1e30, -1e30]])
    for name in ("softmax", "log_softmax", "sigmoid", "relu"):
        assert getattr(functions, name)(x).isfinite().all(), name


@given(LOGITS, st.floats(-100, 100))
def test_softmax_is_a_distribution_that_ignores_a_shift(values, shift):
    z = torch.tensor(values, dtype=torch.float64)
    p = functions.softmax(z)
    assert torch.isclose(p.sum(), torch.tensor(1.0, dtype=torch.float64))
    assert (p >= 0).all()
    torch.testing.assert_close(functions.softmax(z + shift), p, rtol=1e-6, atol=1e-9)


def test_a_high_temperature_flattens_and_a_low_one_sharpens():
    z = torch.tensor([1.0, 2.0, 3.0])
    hot, plain, cold = (functions.softmax(z, t).max() for t in (10.0, 1.0, 0.1))
    assert hot < plain < cold


@pytest.mark.parametrize("temperature", [0.0, -1.0, math.nan])
def test_a_temperature_that_is_not_positive_is_refused(temperature):
    with pytest.raises(RagqaError, match="temperature must be a positive number"):
        functions.softmax(torch.tensor([1.0, 2.0]), temperature)


def test_one_hot_equals_torch():
    labels = torch.tensor([2, 0, 1])
    assert torch.equal(functions.one_hot(labels, 4).long(), functional.one_hot(labels, 4))
