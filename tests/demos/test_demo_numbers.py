"""What the small demos show is what a formula, numpy or torch gives."""

import math

import numpy as np
import pytest
import torch

from ragqa.demos import Settings, adam, backprop, softmax, two_features
from ragqa.demos.adam.by_hand import RATE, by_hand
from ragqa.demos.adam.valley import valley

CPU = Settings(seed=3, device="cpu")


def test_softmax_shows_the_lectures_example():
    n = softmax.run(CPU).numbers
    powers = [math.exp(score) for score in (2, 2, 1, 5)]
    assert n["softmax"] == pytest.approx([power / sum(powers) for power in powers])
    assert n["divided"] == pytest.approx([0.2, 0.2, 0.1, 0.5])
    assert n["softmax_shifted"] == pytest.approx(n["softmax"])
    assert n["overflow"]["naive"] == [None, None, None]
    assert sum(n["overflow"]["stable"]) == pytest.approx(1)
    assert n["random"]["order_kept"] == n["random"]["vectors"]


def test_softmax_learns_by_p_minus_y_and_ends_surer_of_the_truth():
    history = softmax.run(CPU).numbers["learning"]["history"]
    p, gradient = history[0]["probabilities"], history[0]["gradient"]
    assert gradient == pytest.approx([p[0] - 1, *p[1:]], abs=1e-6)
    assert history[0]["loss"] == pytest.approx(-math.log(p[0]), rel=1e-5)
    assert history[-1]["probabilities"][0] > 0.9


def test_softmax_takes_scores_that_division_cannot():
    shown = softmax.run(CPU, scores=(-1.0, 1.0))
    assert shown.numbers["divided"] is None
    assert "impossible" in shown.steps[1].text
    assert shown.numbers["softmax"] == pytest.approx([1 / (1 + math.e**2), 1 / (1 + math.e**-2)])
    assert softmax.run(CPU, scores=(900.0, 0.0)).numbers["softmax"] == [1, 0]


def test_softmax_says_that_division_turns_the_order_of_negative_scores_around():
    shown = softmax.run(CPU, scores=(-5.0, -6.0, -7.0))
    assert shown.numbers["divided"] == pytest.approx([5 / 18, 6 / 18, 7 / 18])
    text = shown.steps[1].text
    assert "the order is turned around: class 2 has the lowest score" in text
    assert "works" not in text


def test_softmax_shows_small_scores_as_they_were_given():
    assert "[0.001, 0.002]" in softmax.run(CPU, scores=(0.001, 0.002)).steps[0].text


def test_softmax_names_a_tie():
    shown = softmax.run(CPU, scores=(0.0, 0.0))
    told = "\n".join(step.text for step in shown.steps)
    assert "Class 0 and class 1 tie" in told
    assert "a tie of class 0, class 1, of which the first is taken" in told
    assert "leads class" not in told
    assert "A power of e is always positive" in told


@pytest.mark.parametrize("seed", range(4))
def test_backprop_agrees_with_autograd_and_with_nudging(seed):
    n = backprop.run(Settings(seed=seed, device="cpu")).numbers
    assert len(n["gradients"]) == 2 * 3 + 3 + 3 * 2 + 2
    for gradient in n["gradients"]:
        assert gradient["by_hand"] == pytest.approx(gradient["autograd"], abs=1e-12)
        assert gradient["by_hand"] == pytest.approx(gradient["by_nudging"], abs=1e-6)
    assert sum(n["delta_2"]) == pytest.approx(0, abs=1e-12)
    losses = [step["loss"] for step in n["history"]]
    assert losses == sorted(losses, reverse=True)
    assert n["loss"] == pytest.approx(-math.log(n["probabilities"][n["label"]]))


def test_backprop_lets_nothing_through_a_closed_gate():
    n = backprop.run(Settings(seed=0, device="cpu")).numbers
    closed = [i for i, z in enumerate(n["z1"]) if z < 0]
    assert closed
    by_name = {g["parameter"]: g["by_hand"] for g in n["gradients"]}
    assert all(by_name[f"W1[{row},{i}]"] == 0 for i in closed for row in (0, 1))


def test_adam_by_hand_walks_as_torch_does():
    surface = valley(3, 0, "cpu")
    w = surface.start.clone().requires_grad_(True)
    optimizer = torch.optim.Adam([w], RATE)
    for row in by_hand(surface, 30):
        assert row["w"] == pytest.approx(w.tolist(), abs=1e-12)
        optimizer.zero_grad()
        surface.loss(w).backward()
        assert row["g"] == pytest.approx(w.grad.tolist(), abs=1e-12)
        optimizer.step()


def test_adams_first_step_is_the_rate_and_uncorrected_it_is_over_three_times_that():
    n = adam.run(CPU).numbers
    first = n["by_hand"][0]
    assert [abs(step) for step in first["step"]] == pytest.approx([RATE] * 2, rel=1e-5)
    too_long = 0.1 / math.sqrt(0.001)
    assert [abs(s) / RATE for s in first["uncorrected_step"]] == pytest.approx(
        [too_long] * 2, rel=1e-3
    )
    assert n["difference_to_torch"] < 1e-9


def test_only_methods_that_scale_each_weight_notice_a_turned_valley():
    n = adam.run(CPU).numbers
    for name in ("SGD", "momentum"):
        straight, turned = (n[way][name]["excess_loss"] for way in ("straight", "turned"))
        assert straight == pytest.approx(turned, rel=1e-6)
    assert n["straight"]["Adam"]["excess_loss"] < n["turned"]["Adam"]["excess_loss"]
    assert n["straight"]["SGD"]["excess_loss"] > 10 * n["straight"]["Adam"]["excess_loss"]


def test_adams_race_tells_how_low_each_came_and_who_was_thrown_back():
    shown = adam.run(Settings(seed=0, device="cpu"))
    rmsprop = shown.numbers["straight"]["RMSprop"]
    losses = rmsprop["losses"]
    assert losses[rmsprop["lowest_at"]] == min(losses)
    assert losses[rmsprop["highest_after_at"]] == max(losses[rmsprop["lowest_at"] :])
    assert rmsprop["excess_loss"] > 1e6 * rmsprop["lowest_excess_loss"]
    told = shown.steps[3].text
    assert f"RMSprop is below 1e-16 in step {rmsprop['lowest_at']} and thrown back" in told
    assert "SGD is" not in told + shown.steps[4].text


def test_the_starter_network_learns_the_rule_on_points_it_has_not_seen():
    n = two_features.run(CPU).numbers
    assert n["held_out"]["accuracy"] > 0.97
    assert n["square_misjudged"] < 0.03
    on_the_line, above = n["predictions"]
    assert above["predicted"] == above["by_the_rule"] == 1
    assert 0.1 < on_the_line["probability"] < 0.9


def test_held_out_points_are_none_of_the_training_points():
    training, held_out = two_features.points(3, "cpu")
    seen = {tuple(row) for row in training.x.tolist()}
    assert len(seen) == two_features.TRAINING_ROWS
    assert not seen & {tuple(row) for row in held_out.x.tolist()}


def test_the_prediction_follows_from_the_neurons_that_are_shown():
    n = two_features.run(Settings(epochs=3, device="cpu")).numbers
    for shown in n["predictions"]:
        z = n["output_bias"]
        for neuron in n["neurons"]:
            ramp = np.dot(neuron["weights"], shown["point"]) + neuron["bias"]
            z += max(0, ramp) * neuron["outgoing"]
        assert shown["probability"] == pytest.approx(1 / (1 + math.exp(-z)), abs=1e-5)
