"""The image demos learn, show one image and the mistakes, and where softmax-then-log breaks."""

import json

import numpy as np
import pytest

from ragqa.demos import Settings, as_json, demo_named
from ragqa.demos.data.images import ImageSet, Labelled, digits
from ragqa.demos.mnist.learning import recipe_for
from ragqa.demos.mnist.three_layers import WAYS, losses
from ragqa.errors import RagqaError
from tests.demos.test_demo_images import write_pair

SHORT = {"epochs": 4, "device": "cpu"}


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mnist")
    return demo_named("mnist").run(Settings(**SHORT, out=folder))


def test_it_learns_the_bundled_digits(shown):
    numbers = shown.numbers
    assert numbers["accuracy"]["test"] > 0.9
    assert len(numbers["history"]) == 4
    assert numbers["history"][-1]["test_accuracy"] == pytest.approx(numbers["accuracy"]["test"])
    assert numbers["network"]["sizes"] == [64, 256, 10]


def test_what_was_memorised_is_known_better_than_what_is_new():
    settings = Settings(epochs=40, device="cpu")
    from ragqa.demos.mnist.learning import memorised

    found = memorised(digits(), settings)
    assert found["training"] == 1 > found["test"]


def test_image_123_comes_with_ten_probabilities_and_their_argmax(shown):
    example = shown.numbers["example"]
    images = digits()
    assert example["number"] == 123
    assert example["pixels"] == images.test.pixels[123].tolist()
    assert example["truth"] == str(images.test.labels[123])
    assert sum(example["probabilities"]) == pytest.approx(1, abs=1e-5)
    assert example["argmax"] == int(np.argmax(example["probabilities"]))


def test_the_mistakes_are_mistakes_surest_first(shown):
    mistakes, matrix = shown.numbers["mistakes"], np.array(shown.numbers["confusion"])
    assert matrix.sum() == 360
    assert len(mistakes) == min(12, 360 - np.trace(matrix))
    sure = [mistake["probability"] for mistake in mistakes]
    assert sure == sorted(sure, reverse=True)
    assert all(mistake["truth"] != mistake["said"] for mistake in mistakes)


def test_confusions_that_are_not_listed_are_counted():
    from ragqa.demos.mnist.steps import _confusions

    matrix = [[5, 1, 1], [1, 5, 1], [3, 2, 5]]
    classes = {"data": {"classes": ["a", "b", "c"]}}
    assert "other confusions" not in _confusions({"confusion": matrix, **classes}).text
    more = [[5, 1, 1, 0], [1, 5, 1, 0], [3, 2, 5, 1], [4, 0, 0, 5]]
    four = {"data": {"classes": ["a", "b", "c", "d"]}}
    told = _confusions({"confusion": more, **four}).text
    assert "These are the 6 most frequent; 2 other confusions make 2 more mistakes." in told


def test_from_logits_never_breaks_where_softmax_then_log_does(shown):
    three = shown.numbers["three_layers"]
    by_scale = {row["scale"]: [row[way] is None for way in WAYS] for row in three["scaled_logits"]}
    assert by_scale == {
        1: [False, False, False],
        10: [False, False, False],
        20: [False, False, True],
        30: [False, True, True],
    }
    tame, raw = three["training"][:3], three["training"][3:]
    assert all(run["broke_at_step"] is None for run in (*tame, raw[0]))
    assert raw[1]["broke_at_step"] == raw[2]["broke_at_step"] == 1


def test_the_three_losses_are_one_formula_while_numbers_are_small():
    import torch

    logits = torch.randn(50, 10, generator=torch.Generator().manual_seed(0))
    labels = torch.arange(50) % 10
    values = [float(loss(logits, labels)) for loss in losses().values()]
    assert values == pytest.approx([values[0]] * 3, rel=1e-5)


def test_the_pictures_and_the_numbers_can_be_written(shown):
    assert [picture.name for picture in shown.pictures] == [
        "mnist-image-123.png",
        "mnist-confusion.png",
        "mnist-mistakes.png",
        "mnist-learning.png",
    ]
    assert all(picture.read_bytes().startswith(b"\x89PNG") for picture in shown.pictures)
    assert json.dumps(as_json(shown), allow_nan=False)


def test_fashion_without_files_says_so_and_shows_digits(tmp_path, monkeypatch):
    monkeypatch.setenv("RAGQA_CACHE", str(tmp_path))
    shown = demo_named("fashion").run(Settings(epochs=1, device="cpu"))
    assert shown.name == "fashion"
    assert shown.numbers["data"]["name"] == "digits"
    assert "--full" in shown.steps[0].text


def test_fashion_from_files_uses_the_names_of_clothes(tmp_path):
    write_pair(tmp_path, "train", 200)
    write_pair(tmp_path, "t10k", 50, seed=1)
    settings = Settings(epochs=20, device="cpu", out=tmp_path / "out")
    shown = demo_named("fashion").run(settings, data_dir=tmp_path, image=7)
    assert shown.numbers["example"]["truth"] == "Sneaker"
    assert shown.numbers["accuracy"]["test"] > 0.6
    assert (tmp_path / "out" / "fashion-image-7.png").exists()


def test_an_image_that_is_not_there_and_a_single_class_are_refused(tmp_path):
    with pytest.raises(RagqaError, match="no test image 360; they are counted from 0 to 359"):
        demo_named("mnist").run(Settings(), image=360)
    write_pair(tmp_path, "train", 40, classes=1)
    write_pair(tmp_path, "t10k", 20)
    with pytest.raises(RagqaError, match="same class"):
        demo_named("mnist").run(Settings(**SHORT), data_dir=tmp_path, image=1)


def test_a_perfect_score_has_no_mistakes_to_draw(tmp_path):
    from ragqa.demos.mnist.showing import _mistakes
    from ragqa.demos.mnist.steps import _mistakes as told
    from ragqa.demos.pictures.images import _mistakes as drawn

    pixels = np.zeros((2, 4, 4), np.uint8)
    part = Labelled(pixels, np.array([0, 1]))
    images = ImageSet("digits", "Digits", ("0", "1"), part, part, 16, "", "")
    none = _mistakes(images, np.array([[0.9, 0.1], [0.2, 0.8]]))
    assert none == []
    assert "none" in told(none).text
    assert drawn(none, images, tmp_path / "none.png").exists()


@pytest.mark.parametrize(("images", "epochs"), [(100, 1), (1437, None), (60_000, None), (8000, 9)])
def test_the_epochs_asked_for_are_the_epochs_taken(images, epochs):
    recipe = recipe_for(images, epochs)
    total = recipe.epochs + recipe.gentle
    assert total == (epochs or total)
    assert recipe.epochs >= 1
    assert 10 <= recipe_for(images).epochs + recipe_for(images).gentle <= 60
