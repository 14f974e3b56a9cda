"""What is measured, and on what."""

from __future__ import annotations

import math

import torch

from ragqa import reference
from ragqa.concepts.checks.numbers import furthest, rounded
from ragqa.concepts.checks.result import Result
from ragqa.concepts.checks.training import noisy_clouds

SCORES = torch.tensor([2.0, 2.0, 1.0, 5.0], dtype=torch.float64)


def _classifier() -> reference.Classifier:
    return reference.Classifier(10, 2, hidden=(64,), device="cpu", dtype=torch.float64)


def seen_test_data_overstates_accuracy() -> Result:
    """Let one classifier learn its test rows too, and compare with rows that nobody saw."""
    (train_x, train_y), (test_x, test_y) = noisy_clouds(120, 1), noisy_clouds(120, 2)
    fresh_x, fresh_y = noisy_clouds(2000, 3)
    honest, cheat = _classifier(), _classifier()
    honest.fit(train_x, train_y, epochs=80, batch=32, learning_rate=0.01)
    both = torch.cat([train_x, test_x]), torch.cat([train_y, test_y])
    cheat.fit(*both, epochs=80, batch=32, learning_rate=0.01)
    unseen, seen = (c.evaluate(test_x, test_y).accuracy for c in (honest, cheat))
    truly = [c.evaluate(fresh_x, fresh_y).accuracy for c in (honest, cheat)]
    training = honest.evaluate(train_x, train_y).accuracy
    return Result(
        seen > truly[1] + 0.1 and training > truly[0] + 0.1 and abs(unseen - truly[0]) < 0.08,
        {
            "test accuracy, test rows not seen": rounded(unseen),
            "test accuracy, test rows seen in training": rounded(seen),
            "accuracy of that model on 2,000 fresh rows": rounded(truly[1]),
            "accuracy on the training rows": rounded(training),
            "accuracy of the honest model on 2,000 fresh rows": rounded(truly[0]),
        },
        f"A model that saw its test rows in training scores {seen:.2f} on them and {truly[1]:.2f} "
        f"on fresh rows; one that did not scores {unseen:.2f} on them and {truly[0]:.2f} on fresh "
        f"rows, though {training:.2f} on its training rows.",
    )


def confidence_need_not_be_calibrated() -> Result:
    """Train on labels a fifth of which are wrong, and compare confidence with accuracy."""
    x, y = noisy_clouds(120, 1)
    fresh_x, fresh_y = noisy_clouds(2000, 3)
    classifier = _classifier()
    classifier.fit(x, y, epochs=80, batch=32, learning_rate=0.01)
    p = torch.tensor(classifier.predict_proba(fresh_x))
    confidence, predicted = p.max(dim=-1)
    right = (predicted == fresh_y).double()
    sure = confidence > 0.9
    claimed, real = confidence[sure].mean().item(), right[sure].mean().item()
    wrong = confidence[right == 0].max().item()
    return Result(
        claimed - real > 0.1 and wrong > 0.95 and int(sure.sum()) > 200,
        {
            "predictions with confidence above 0.9": int(sure.sum()),
            "their mean confidence": rounded(claimed),
            "share of them that are right": rounded(real),
            "highest confidence of a wrong prediction": rounded(wrong, 6),
        },
        f"Of {int(sure.sum())} predictions with more than 0.9 of the probability, {claimed:.3f} on "
        f"average, {real:.3f} are right; the most confident mistake has {wrong:.4f}.",
    )


def early_stopping_limits_overfitting() -> Result:
    """Train on with a validation set beside it, once to the end and once with patience."""
    x, y = noisy_clouds(120, 1)
    validation = noisy_clouds(500, 2)
    settings = {"epochs": 60, "batch": 32, "learning_rate": 0.01, "validation": validation}
    full, stopped = _classifier(), _classifier()
    full.fit(x, y, **settings)  # type: ignore[arg-type]
    stopped.fit(x, y, patience=3, **settings)  # type: ignore[arg-type]
    losses = [epoch.validation.loss for epoch in full.history if epoch.validation]
    best = losses.index(min(losses)) + 1
    falls = full.history[-1].loss < full.history[best - 1].loss
    kept = stopped.evaluate(*validation).loss
    fresh = noisy_clouds(2000, 3)
    fresh_full, fresh_kept = (c.evaluate(*fresh).loss for c in (full, stopped))
    return Result(
        falls
        and losses[-1] > min(losses)
        and len(stopped.history) < len(full.history)
        and abs(kept - min(losses[: len(stopped.history)])) < 1e-9
        and fresh_kept < fresh_full,
        {
            "epoch of the lowest validation loss": best,
            "lowest validation loss": rounded(min(losses)),
            "validation loss after 60 epochs": rounded(losses[-1]),
            "training loss at that epoch": rounded(full.history[best - 1].loss),
            "training loss after 60 epochs": rounded(full.history[-1].loss),
            "epochs with early stopping": len(stopped.history),
            "loss on fresh rows, stopped early": rounded(fresh_kept),
            "loss on fresh rows, 60 epochs": rounded(fresh_full),
        },
        f"The validation loss is lowest, {min(losses):.3f}, after epoch {best} and "
        f"{losses[-1]:.3f} after 60, while the training loss goes on falling to "
        f"{full.history[-1].loss:.3f}; with a patience of 3 training ends after "
        f"{len(stopped.history)} epochs and the loss on fresh rows is {fresh_kept:.3f} instead "
        f"of {fresh_full:.3f}.",
    )


def argmax_is_a_position() -> Result:
    """Take argmax and max of the same probabilities."""
    p = reference.softmax(SCORES)
    position, largest = int(p.argmax()), p.max().item()
    return Result(
        position == 3 and p[position].item() == largest and largest < 1,
        {"probabilities": rounded(p), "argmax": position, "max": rounded(largest)},
        f"Of {rounded(p)} the argmax is {position}, a position counted from 0, and the max is "
        f"{largest:.3f}, the value there.",
    )


def argmax_gives_no_gradient() -> Result:
    """Move each score a little: does the one-hot vector of the argmax change, does softmax?"""
    scores = SCORES.clone().requires_grad_()
    tracked = scores.argmax().requires_grad
    step = 1e-3
    moved = step * torch.eye(4, dtype=torch.float64)

    def hard(rows: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.one_hot(rows.argmax(dim=-1), 4).double()

    slopes = {
        "argmax": (hard(SCORES + moved) - hard(SCORES - moved)).abs().max().item() / (2 * step),
        "softmax": furthest(reference.softmax(SCORES + moved), reference.softmax(SCORES - moved))
        / (2 * step),
    }
    return Result(
        slopes["argmax"] == 0 and slopes["softmax"] > 0.01 and not tracked,
        {f"largest slope of {name}": rounded(slope, 4) for name, slope in slopes.items()}
        | {"autograd follows argmax": tracked},
        f"Moving each of the scores {rounded(SCORES)} by ±{step} changes softmax with a slope of "
        f"up to {slopes['softmax']:.3f} and the argmax not at all; autograd does "
        f"{'' if tracked else 'not '}follow argmax.",
    )


def accuracy_misleads_when_unbalanced() -> Result:
    """Always answer "negative" on 990 negatives and 10 positives."""
    truth = torch.cat([torch.zeros(990), torch.ones(10)]).long()
    logits = torch.tensor([[5.0, -5.0]], dtype=torch.float64).expand(1000, 2)
    answers = reference.softmax(logits).argmax(dim=-1)
    accuracy = (answers == truth).double().mean().item()
    recall = (answers[truth == 1] == 1).double().mean().item()
    negatives = (answers[truth == 0] == 0).double().mean().item()
    balanced = (recall + negatives) / 2
    return Result(
        abs(accuracy - 0.99) < 1e-9 and recall == 0 and abs(balanced - 0.5) < 1e-9,
        {"accuracy": accuracy, "positives found": recall, "balanced accuracy": balanced},
        f"Always answering negative on 990 negatives and 10 positives has an accuracy of "
        f"{accuracy:.2f}, finds {recall:.0%} of the positives, and has a balanced accuracy of "
        f"{balanced:g}.",
    )


def one_hot_has_a_single_one() -> Result:
    """Encode four classes and measure the distances between the codes."""
    rows = reference.one_hot(torch.arange(4), 4, torch.float64)
    distances = torch.cdist(rows, rows)[~torch.eye(4, dtype=torch.bool)]
    single = bool((rows.sum(dim=-1) == 1).all()) and bool(((rows == 0) | (rows == 1)).all())
    own_place = bool((rows.argmax(dim=-1) == torch.arange(4)).all())
    equal = furthest(distances, torch.full_like(distances, math.sqrt(2))) < 1e-9
    return Result(
        single and own_place and rows.shape == (4, 4) and equal,
        {
            "class 2 of 4": rounded(rows[2], 0),
            "ones in each vector": rounded(rows.sum(dim=-1), 0),
            "distance of any two": rounded(distances.mean()),
        },
        f"Class 2 of 4, counted from 0, becomes {rounded(rows[2], 0)}; every vector holds "
        f"{int(rows.sum(dim=-1).max())} one, and any two are {distances.mean().item():.3f} apart.",
    )
