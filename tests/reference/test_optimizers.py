"""A hundred steps of our optimizers end where a hundred of torch's do."""

import pytest
import torch

from ragqa.reference import SGD, Adam, RMSprop
from ragqa.reference.fast import FusedAdam, fastest_adam

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
PAIRS = {
    "SGD": (lambda p: SGD(p, 0.01), lambda p: torch.optim.SGD(p, 0.01)),
    "SGD with momentum": (
        lambda p: SGD(p, 0.01, momentum=0.9),
        lambda p: torch.optim.SGD(p, 0.01, momentum=0.9),
    ),
    "Adam": (lambda p: Adam(p, 0.01), lambda p: torch.optim.Adam(p, 0.01)),
    "RMSprop": (lambda p: RMSprop(p, 0.01), lambda p: torch.optim.RMSprop(p, 0.01)),
}


def hundred_steps(make, dtype, device):
    generator = torch.Generator().manual_seed(2)
    x = torch.randn(32, 6, generator=generator, dtype=dtype).to(device)
    y = torch.randint(0, 3, (32,), generator=generator).to(device)
    weights = torch.randn(6, 3, generator=generator, dtype=dtype).to(device).requires_grad_(True)
    bias = torch.zeros(3, dtype=dtype, device=device, requires_grad=True)
    optimizer = make([weights, bias])
    for _ in range(100):
        weights.grad = bias.grad = None
        torch.nn.functional.cross_entropy(x @ weights + bias, y).backward()
        optimizer.step()
    return weights.detach(), bias.detach()


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("name", PAIRS)
def test_hundred_steps_equal_torch(name, dtype, device):
    ours, theirs = (hundred_steps(make, dtype, device) for make in PAIRS[name])
    for mine, reference in zip(ours, theirs, strict=True):
        torch.testing.assert_close(mine, reference)


def test_gradients_given_by_hand_do_the_same_as_those_in_grad():
    p, q = (torch.tensor([1.0, -2.0], requires_grad=True) for _ in range(2))
    p.grad = torch.tensor([0.5, 4.0])
    Adam([p], 0.1).step()
    Adam([q], 0.1).step([torch.tensor([0.5, 4.0])])
    assert torch.equal(p, q)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_the_adam_used_for_speed_does_what_the_one_to_read_does(dtype, device):
    generator = torch.Generator().manual_seed(8)
    start = torch.randn(5000, generator=generator, dtype=dtype).to(device)
    taught, fast = start.clone(), start.clone()
    steps = Adam([taught], 0.01), fastest_adam([fast], 0.01)
    assert isinstance(steps[1], FusedAdam)
    for _ in range(100):
        gradient = torch.randn(5000, generator=generator, dtype=dtype).to(device)
        for optimizer in steps:
            optimizer.step([gradient])
    torch.testing.assert_close(fast, taught)
    assert not torch.equal(fast, start)


def test_adams_first_step_has_the_size_of_the_learning_rate_whatever_the_gradient():
    p = torch.zeros(3)
    Adam([p], 0.25).step([torch.tensor([1e-3, 7.0, -1e5])])
    torch.testing.assert_close(p, torch.tensor([-0.25, -0.25, 0.25]), rtol=1e-4, atol=0)
