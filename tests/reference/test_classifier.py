"""A classifier learns, repeats itself for a seed, keeps, stops early, and refuses bad data."""

import math

import numpy as np
import pytest
import torch
from safetensors import safe_open
from torch.nn import functional

from ragqa.errors import RagqaError
from ragqa.reference import Classifier, device_named

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]


def corners(rows=300, seed=0):
    """Points in the unit square, labelled by the nearest of three corners."""
    x = np.random.default_rng(seed).random((rows, 2))
    distance = [((x - corner) ** 2).sum(axis=1) for corner in ((0, 0), (1, 0), (0.5, 1))]
    return x, np.argmin(distance, axis=0)


def trained(device="cpu", **settings):
    x, y = corners()
    classifier = Classifier(2, 3, (16,), seed=5, device=device)
    classifier.fit(x, y, **{"epochs": 20, "batch": 16, "learning_rate": 0.02} | settings)
    return classifier


@pytest.mark.parametrize("device", DEVICES)
def test_it_learns_what_it_has_not_seen(device):
    x, y = corners(seed=1)
    classifier = trained(device)
    assert classifier.evaluate(x, y).accuracy > 0.95
    assert (classifier.predict(x) == y).mean() == pytest.approx(
        classifier.evaluate(x, y).accuracy, abs=1e-9
    )
    losses = [epoch.loss for epoch in classifier.history]
    assert losses[-1] < losses[0] / 3
    assert [epoch.number for epoch in classifier.history] == list(range(1, 21))


def test_probabilities_sum_to_one_and_agree_with_the_prediction():
    x, _ = corners(seed=1)
    probabilities = trained(epochs=2).predict_proba(x)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)
    assert (probabilities.argmax(axis=1) == trained(epochs=2).predict(x)).all()


@pytest.mark.parametrize("loss", ["cross-entropy", "mean-squared-error"])
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_the_same_seed_gives_the_same_bits(optimizer, loss):
    first, second = (trained(optimizer=optimizer, loss=loss) for _ in range(2))
    assert torch.equal(first.network.parameters, second.network.parameters)
    assert first.history == second.history


def test_training_equals_the_plain_torch_loop():
    x, y = corners()
    x, y = torch.tensor(x, dtype=torch.float64), torch.tensor(y)
    ours = Classifier(2, 3, (16,), seed=5, device="cpu", dtype=torch.float64)
    theirs = torch.nn.Sequential(
        torch.nn.Linear(2, 16), torch.nn.ReLU(), torch.nn.Linear(16, 3)
    ).double()
    with torch.no_grad():
        for mine, layer in zip(ours.network.layers, (theirs[0], theirs[2]), strict=True):
            layer.weight.copy_(mine.weights.T)
            layer.bias.copy_(mine.bias)
    ours.fit(x, y, epochs=6, batch=16, learning_rate=0.01)
    optimizer = torch.optim.Adam(theirs.parameters(), 0.01)
    order = torch.Generator().manual_seed(5)
    for _ in range(6):
        for rows in torch.randperm(300, generator=order).split(16):
            optimizer.zero_grad()
            functional.cross_entropy(theirs(x[rows]), y[rows]).backward()
            optimizer.step()
    torch.testing.assert_close(ours.logits(x), theirs(x).detach())


def test_saved_and_loaded_it_says_the_same(tmp_path):
    x, _ = corners(seed=1)
    classifier = trained(epochs=2)
    # Paths as plain text, as many write them; elsewhere they are Path objects.
    classifier.save(str(tmp_path / "corners.safetensors"))
    loaded = Classifier.load(str(tmp_path / "corners.safetensors"), device="cpu")
    assert (loaded.predict_proba(x) == classifier.predict_proba(x)).all()


def test_early_stopping_stops_and_goes_back_to_the_best_weights():
    x, y = corners(60)
    noisy = np.random.default_rng(6).permutation(y)
    held_out = corners(60, seed=7)
    classifier = Classifier(2, 3, (64,), seed=5, device="cpu")
    epochs = classifier.fit(
        x, noisy, epochs=200, learning_rate=0.05, validation=held_out, patience=3
    )
    assert len(epochs) < 200
    best = min(epoch.validation.loss for epoch in epochs)
    assert classifier.evaluate(*held_out).loss == pytest.approx(best)


def test_rows_whose_sum_is_beyond_a_float_are_no_bad_rows():
    x = np.full((4, 2), 3e38, dtype=np.float32)
    assert Classifier(2, 3, device="cpu").predict(x).shape == (4,)


@pytest.mark.parametrize("batch", [16, 300], ids=["in many batches", "in its only step"])
def test_a_training_that_diverges_says_so_and_goes_back_to_numbers(batch):
    x, y = corners()
    classifier = Classifier(2, 3, (16,), seed=5, device="cpu")
    classifier.fit(x, y, epochs=2)
    learnt = classifier.network.parameters.clone()
    with pytest.raises(RagqaError, match=r"diverged in epoch 1.*set back.*below 1e\+30"):
        classifier.fit(x, y, epochs=1, batch=batch, optimizer="sgd", learning_rate=1e30)
    assert torch.equal(classifier.network.parameters, learnt)
    assert np.isfinite(classifier.predict_proba(x)).all()
    assert [epoch.number for epoch in classifier.history] == [1, 2]


def test_rows_that_autograd_watches_are_answered_as_any_others():
    rows = torch.rand(4, 2)
    classifier = Classifier(2, 3, device="cpu")
    watched = classifier.predict_proba(rows.clone().requires_grad_(True))
    np.testing.assert_array_equal(watched, classifier.predict_proba(rows))


@pytest.mark.parametrize(
    "sizes", [(0, 3, (4,)), (2, 3, (-1,)), (2, 3, (4, 0)), (2, 1, ())], ids=str
)
def test_layers_of_nothing_are_refused(sizes):
    with pytest.raises(RagqaError, match=r"at least (one|two)"):
        Classifier(*sizes, device="cpu")


X, Y = corners(10)


@pytest.mark.parametrize(
    ("x", "y", "settings", "said"),
    [
        (np.where(X.max() == X, math.nan, X), Y, {}, "NaN"),
        (X * math.inf, Y, {}, "infinity"),
        (X, Y * 0, {}, "same class"),
        (X, Y + 1, {}, "Label 3 is outside 0..2"),
        (X, Y - 1, {}, "Label -1 is outside"),
        (X, Y + 0.5, {}, "whole numbers"),
        (X, Y[:-1], {}, "10 rows"),
        (X[:, :1], Y, {}, "2 numbers, not 1"),
        (X[:0], Y[:0], {}, "Expected rows"),
        (X, Y, {"epochs": 0}, "--epochs must be at least 1"),
        (X, Y, {"batch": 0}, "at least 1 row"),
        (X, Y, {"learning_rate": math.nan}, "learning rate"),
        (X, Y, {"patience": 2}, "validation"),
        (X, Y, {"loss": "ce"}, "no loss 'ce'; choose cross-entropy or mean-squared-error"),
        (X, Y, {"optimizer": "rms"}, "no optimizer 'rms'; choose adam or sgd"),
    ],
)
def test_bad_input_is_one_sentence(x, y, settings, said):
    with pytest.raises(RagqaError, match=said) as caught:
        Classifier(2, 3, device="cpu").fit(x, y, **settings)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_device_that_is_not_there_is_named():
    with pytest.raises(RagqaError, match="abacus"):
        device_named("abacus")
    missing = "cuda" if not torch.cuda.is_available() else "mps"
    if missing == "cuda" or not torch.backends.mps.is_available():
        with pytest.raises(RagqaError, match=f"{missing} is not there"):
            Classifier(2, 3, device=missing)
    assert device_named("auto") in ("cpu", "cuda", "mps")


@pytest.mark.parametrize("content", [b"", b"not safetensors", b"\x08\0\0\0\0\0\0\0{}      "])
def test_a_file_that_is_no_classifier_is_named(tmp_path, content):
    path = tmp_path / "broken.safetensors"
    path.write_bytes(content)
    with pytest.raises(RagqaError, match=r"broken\.safetensors"):
        Classifier.load(path)


def test_a_file_whose_layers_have_other_sizes_than_it_says_is_refused(tmp_path):
    from safetensors.torch import load_file, save_file

    path = tmp_path / "bent.safetensors"
    Classifier(2, 3, (4,), device="cpu").save(path)
    with safe_open(path, framework="pt") as file:
        about = file.metadata()
    tensors = load_file(path)
    tensors["layer.1.weights"] = torch.ones(1, 3)  # would fit (4, 3) by being repeated
    save_file(tensors, path, about)
    with pytest.raises(RagqaError, match=r"bent\.safetensors is not a classifier"):
        Classifier.load(path)
