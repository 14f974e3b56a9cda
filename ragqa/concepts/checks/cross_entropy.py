"""What cross-entropy is, computed with `ragqa.reference`'s losses."""

from __future__ import annotations

import math
from itertools import pairwise

import torch
from torch import Tensor

from ragqa import reference
from ragqa.concepts.checks.numbers import about, furthest, rounded
from ragqa.concepts.checks.result import Result

TRUTH = torch.tensor([0.7, 0.2, 0.1], dtype=torch.float64)
GUESS = torch.tensor([0.5, 0.3, 0.2], dtype=torch.float64)
SCORES = torch.tensor([[2.0, 2.0, 1.0, 5.0]], dtype=torch.float64)
CLOSE = 1e-12


def _cross_entropy(p: Tensor, q: Tensor) -> float:
    """−Σ p log q by the reference, which takes logits: log q is a logit of q."""
    return reference.cross_entropy_from_distributions(q.log()[None], p[None]).item()


def _random_distributions(rows: int, classes: int, seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    shares = torch.rand(rows, classes, generator=generator, dtype=torch.float64) + 1e-3
    return shares / shares.sum(dim=-1, keepdim=True)


def cross_entropy_is_minus_sum_p_log_q() -> Result:
    """Compare with the sum worked out by Python's math module."""
    pairs = list(zip(TRUTH.tolist(), GUESS.tolist(), strict=True))
    by_hand = -sum(p * math.log(q) for p, q in pairs)
    squares = sum((p - q) ** 2 for p, q in pairs)
    value = _cross_entropy(TRUTH, GUESS)
    return Result(
        abs(value - by_hand) < CLOSE and value > 0,
        {
            "p": rounded(TRUTH),
            "q": rounded(GUESS),
            "cross-entropy": rounded(value, 4),
            "minus the sum of p log q": rounded(by_hand, 4),
            "sum of squared differences": rounded(squares, 4),
        },
        f"For p = {rounded(TRUTH)} and q = {rounded(GUESS)} the cross-entropy is {value:.4f}, "
        f"which is −Σ p log q = {by_hand:.4f}; the squared differences sum to {squares:.4f}.",
    )


def one_hot_cross_entropy_is_minus_log_true() -> Result:
    """Compare the loss of each label with −log of that class's probability alone."""
    p = reference.softmax(SCORES)[0]
    losses = torch.stack([reference.cross_entropy(SCORES, torch.tensor([y])) for y in range(4)])
    worst = furthest(losses, -torch.log(p))
    everything = -torch.log(p).sum().item()
    return Result(
        worst < CLOSE and furthest(losses, torch.full_like(losses, everything)) > 1,
        {
            "softmax": rounded(p, 4),
            "loss for each true class": rounded(losses, 4),
            "minus log of each probability": rounded(-torch.log(p), 4),
            "summed over all classes": rounded(everything, 4),
        },
        f"With probabilities {rounded(p, 4)} and the last class true, the loss is "
        f"{losses[3].item():.4f} = −log({p[3].item():.4f}); summing −log over all classes would "
        f"give {everything:.4f}.",
    )


def cross_entropy_is_at_least_entropy() -> Result:
    """Try random pairs of distributions, and a distribution with itself."""
    p, q = _random_distributions(500, 5, 1), _random_distributions(500, 5, 2)
    gaps = [
        _cross_entropy(truth, guess) + (truth * truth.log()).sum().item()
        for truth, guess in zip(p, q, strict=True)
    ]
    entropy = -(TRUTH * TRUTH.log()).sum().item()
    at_truth, elsewhere = _cross_entropy(TRUTH, TRUTH), _cross_entropy(TRUTH, GUESS)
    return Result(
        min(gaps) >= -CLOSE and abs(at_truth - entropy) < CLOSE and elsewhere > entropy,
        {
            "entropy of [0.7, 0.2, 0.1]": rounded(entropy, 4),
            "cross-entropy with itself": rounded(at_truth, 4),
            "cross-entropy with [0.5, 0.3, 0.2]": rounded(elsewhere, 4),
            "smallest divergence of 500 random pairs": min(gaps),
        },
        f"The entropy of {rounded(TRUTH)} is {entropy:.4f}; its cross-entropy is {at_truth:.4f} "
        f"with itself and {elsewhere:.4f} with {rounded(GUESS)}. Over 500 random pairs the "
        f"divergence, cross-entropy less entropy, is at least {min(gaps):.4f}.",
    )


def _loss_at(probability: float) -> float:
    """The loss of one sample whose true class gets `probability`, of two classes."""
    logit = math.log(probability) - math.log1p(-probability)
    logits = torch.tensor([[logit, 0.0]], dtype=torch.float64)
    return reference.cross_entropy(logits, torch.tensor([0])).item()


def zero_loss_needs_certainty() -> Result:
    """Raise the true class's probability towards one, the prediction being right throughout."""
    shares = [0.51, 0.6, 0.9, 0.99, 0.999999]
    losses = [_loss_at(share) for share in shares]
    falling = all(b < a for a, b in pairwise(losses))
    sure = reference.cross_entropy(
        torch.tensor([[1000.0, 0.0]], dtype=torch.float64), torch.tensor([0])
    ).item()
    return Result(
        min(losses) > 0 and falling and abs(sure) < 1e-100,
        {f"loss at probability {s:g}": rounded(x, 6) for s, x in zip(shares, losses, strict=True)}
        | {"loss at certainty": sure},
        f"A right prediction with probability 0.6 costs {losses[1]:.3f}, with 0.99 "
        f"{losses[3]:.3f}, with 0.999999 {about(losses[4])}; only certainty costs {sure:g}.",
    )


def confident_errors_cost_without_bound() -> Result:
    """Lower the true class's probability towards zero."""
    shares = [0.5, 0.1, 0.01, 1e-6, 1e-12]
    losses = [_loss_at(share) for share in shares]
    rising = all(b > a for a, b in pairwise(losses))
    right = all(
        abs(loss + math.log(share)) < 1e-9 for loss, share in zip(losses, shares, strict=True)
    )
    return Result(
        rising and right and losses[-1] > 20,
        {f"loss at probability {s:g}": rounded(x, 4) for s, x in zip(shares, losses, strict=True)},
        f"The loss is {losses[0]:.2f} when the true class gets 0.5, {losses[1]:.2f} at 0.1, "
        f"{losses[2]:.2f} at 0.01 and {losses[3]:.2f} at one in a million: it has no upper bound.",
    )


def gradient_at_logits_is_p_minus_y() -> Result:
    """Compare autograd's gradient, and central differences, with p − y."""
    label = torch.tensor([0])
    logits = SCORES.clone().requires_grad_()
    reference.cross_entropy(logits, label).backward()
    assert logits.grad is not None
    p = reference.softmax(SCORES)
    closed = p - torch.nn.functional.one_hot(label, 4)
    step = 1e-6
    measured = torch.stack(
        [
            reference.cross_entropy(SCORES + moved, label)
            - reference.cross_entropy(SCORES - moved, label)
            for moved in step * torch.eye(4, dtype=torch.float64)
        ]
    )[None] / (2 * step)
    worst = max(furthest(closed, logits.grad), furthest(closed, measured))
    return Result(
        worst < 1e-8,
        {
            "p": rounded(p[0], 4),
            "true class": 0,
            "p minus y": rounded(closed[0], 4),
            "autograd": rounded(logits.grad[0], 4),
            "largest difference": worst,
        },
        f"With p = {rounded(p[0])} and the first class true, autograd gives "
        f"{rounded(logits.grad[0])} at the logits, and p − y is {rounded(closed[0])}; with central "
        f"differences they agree to {about(worst)}.",
    )


def sparse_and_one_hot_losses_agree() -> Result:
    """Give the same labels as indices and as one-hot rows."""
    generator = torch.Generator().manual_seed(0)
    logits = 3 * torch.randn(200, 10, generator=generator, dtype=torch.float64)
    labels = torch.randint(10, (200,), generator=generator)
    sparse = reference.cross_entropy(logits, labels).item()
    rows = reference.one_hot(labels, 10, torch.float64)
    dense = reference.cross_entropy_from_distributions(logits, rows).item()
    return Result(
        abs(sparse - dense) < CLOSE,
        {"from integer labels": rounded(sparse, 6), "from one-hot labels": rounded(dense, 6)},
        f"On 200 random samples of 10 classes the loss is {sparse:.6f} from integer labels and "
        f"{dense:.6f} from one-hot labels.",
    )


def binary_cross_entropy_treats_classes_apart() -> Result:
    """Take a sample with two true labels: one loss a class, and outputs that do not sum to one."""
    logits = torch.tensor([[3.0, 2.0, -2.0]], dtype=torch.float64)
    truth = torch.tensor([[1.0, 1.0, 0.0]], dtype=torch.float64)
    s = reference.sigmoid(logits)[0]
    together = reference.binary_cross_entropy_from_logits(logits, truth).item()
    apart = [
        reference.binary_cross_entropy_from_logits(logits[:, i], truth[:, i]).item()
        for i in range(3)
    ]
    other = reference.sigmoid(torch.tensor([[3.0, -9.0, -2.0]], dtype=torch.float64))[0]
    return Result(
        abs(together - sum(apart) / 3) < CLOSE
        and abs(s.sum().item() - 1) > 0.5
        and furthest(other[[0, 2]], s[[0, 2]]) < CLOSE,
        {
            "sigmoids": rounded(s),
            "sum of the sigmoids": rounded(s.sum()),
            "loss of each class": rounded(torch.tensor(apart), 4),
            "mean loss": rounded(together, 4),
        },
        f"With logits {rounded(logits[0])} the sigmoids are {rounded(s)} and sum to "
        f"{rounded(s.sum())}; the loss {together:.4f} is the mean of the classes' own losses "
        f"{rounded(torch.tensor(apart), 4)}, and changing one logit leaves the others alone.",
    )


def perplexity_is_exp_of_cross_entropy() -> Result:
    """Guess uniformly over k words, then better."""
    perplexities = {}
    for words in (2, 10, 50):
        uniform = torch.zeros(1, words, dtype=torch.float64)
        loss = reference.cross_entropy(uniform, torch.tensor([0]))
        perplexities[words] = torch.exp(loss).item()
    better = torch.zeros(1, 10, dtype=torch.float64)
    better[0, 0] = 2.0
    lower = torch.exp(reference.cross_entropy(better, torch.tensor([0]))).item()
    return Result(
        all(abs(value - words) < 1e-9 for words, value in perplexities.items())
        and lower < perplexities[10],
        {f"uniform over {k} words": rounded(v, 4) for k, v in perplexities.items()}
        | {"true word more likely than the nine others": rounded(lower, 4)},
        f"exp(cross-entropy) of a uniform guess over 10 words is {perplexities[10]:.4f}; when the "
        f"true word is made more likely it falls to {lower:.4f}.",
    )


def uniform_prediction_costs_log_k() -> Result:
    """Give every class the same logit, for several numbers of classes."""
    losses = {
        k: reference.cross_entropy(
            torch.zeros(1, k, dtype=torch.float64), torch.tensor([k - 1])
        ).item()
        for k in (2, 3, 10, 1000)
    }
    return Result(
        all(abs(loss - math.log(k)) < CLOSE for k, loss in losses.items()),
        {f"loss of {k} classes": rounded(loss, 4) for k, loss in losses.items()}
        | {"ln 10": rounded(math.log(10), 4)},
        f"A uniform prediction costs {losses[2]:.4f} with 2 classes, {losses[10]:.4f} with 10, "
        f"which is ln 10, and {losses[1000]:.4f} with 1000.",
    )


def mse_after_softmax_learns_slower() -> Result:
    """Start confidently wrong; compare gradients, then twenty steps of the same learning rate."""
    start = torch.tensor([[8.0, -8.0]], dtype=torch.float64)
    truth = torch.tensor([[0.0, 1.0]], dtype=torch.float64)
    gradients = {
        "cross-entropy": reference.cross_entropy_from_distributions_gradient,
        "mean squared error": reference.mean_squared_error_after_softmax_gradient,
    }
    sizes, ends = {}, {}
    for name, gradient in gradients.items():
        sizes[name] = gradient(start, truth).norm().item()
        logits = start.clone()
        optimizer = reference.SGD([logits], learning_rate=1.0)
        for _ in range(20):
            optimizer.step([gradient(logits, truth)])
        ends[name] = reference.softmax(logits)[0, 1].item()
    ce, mse = gradients
    return Result(
        sizes[ce] > 1000 * sizes[mse] and ends[ce] > 0.9 and ends[mse] < 0.1,
        {f"size of the gradient of {name}": size for name, size in sizes.items()}
        | {f"true class after 20 steps of {name}": rounded(p, 6) for name, p in ends.items()},
        f"With logits {rounded(start[0])} and the second class true, the gradient's size is "
        f"{sizes[ce]:.2f} with cross-entropy and {sizes[mse]:.1e} with squared error; after 20 "
        f"equal steps the true class has {ends[ce]:.3f} and {ends[mse]:.1e}.",
    )
