"""The colour demo learns, tells, draws, and measures how far people agree."""

import json

import numpy as np
import pytest

from ragqa.demos import Settings, as_json, demo_named
from ragqa.demos.colour.committee import committee, habits, opinion
from ragqa.demos.colour.learning import divided, epochs_for
from ragqa.demos.colour.people import agreement
from ragqa.demos.data import LABELS, ColourSet
from ragqa.errors import RagqaError

SHORT = {"epochs": 12, "device": "cpu"}


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    folder = tmp_path_factory.mktemp("colour")
    return demo_named("colour").run(Settings(**SHORT, out=folder), predict="#0033ff")


def crowd(path, count=60):
    """A crowd that calls a colour by its strongest channel; each of three people in turn."""
    rgb = np.random.default_rng(0).integers(0, 256, (count, 3))
    entries = [
        {**dict(zip("rgb", row, strict=True)), "label": LABELS[np.argmax(row)], "uid": str(at % 3)}
        for at, row in enumerate(rgb.tolist())
    ]
    path.write_text(json.dumps({"entries": entries}))
    return path


def test_it_learns_the_survey_and_names_a_colour(shown):
    numbers = shown.numbers
    assert numbers["accuracy"]["held_out"] > 0.75 > numbers["accuracy"]["most_frequent_label"]
    assert numbers["prediction"]["label"] == "blue-ish"
    assert numbers["prediction"]["rgb"] == [0, 51, 255]
    probabilities = numbers["prediction"]["probabilities"]
    assert list(probabilities) == list(LABELS)
    assert sum(probabilities.values()) == pytest.approx(1, abs=1e-5)
    assert numbers["data"]["training"] + numbers["data"]["held_out"] == 573
    right = sum(row[at] for at, row in enumerate(numbers["confusion"]))
    assert right / numbers["data"]["held_out"] == pytest.approx(numbers["accuracy"]["held_out"])


def test_with_the_lectures_sgd_cross_entropy_learns_faster_than_squared_error(shown):
    squared, entropy = (way["held_out_accuracy"] for way in shown.numbers["ways"][:2])
    assert entropy[2] > squared[2] + 0.1
    wrong = shown.numbers["confidently_wrong"]
    assert wrong["cross_entropy_gradient"] == pytest.approx(-1, abs=0.001)
    assert abs(wrong["mean_squared_error_gradient"]) < 1e-4


def test_the_pictures_and_the_numbers_can_be_written(shown):
    assert {picture.name for picture in shown.pictures} == {
        "colour-prediction.png",
        "colour-regions.png",
        "colour-confusion.png",
        "colour-losses.png",
    }
    assert all(picture.read_bytes().startswith(b"\x89PNG") for picture in shown.pictures)
    assert json.loads(json.dumps(as_json(shown), allow_nan=False))["demo"] == "colour"


def test_the_same_seed_tells_the_same_and_another_does_not():
    first, again, other = (
        demo_named("colour").run(Settings(seed=seed, epochs=2, device="cpu")) for seed in (1, 1, 2)
    )
    assert first == again
    assert first.numbers["accuracy"] != other.numbers["accuracy"]
    assert first.pictures == ()


def test_a_crowd_file_is_learnt_and_compared_with_the_survey(tmp_path):
    data = crowd(tmp_path / "crowd.json", 300)
    numbers = demo_named("colour").run(Settings(**SHORT), data=data).numbers
    assert numbers["accuracy"]["held_out"] > 0.7
    assert numbers["other"]["colours"] == 573
    assert len(numbers["people"]["nearly_the_same"]) == 4
    gained = numbers["gained"]
    assert gained["together"] > 0.7
    assert gained["with_the_survey"] > 0.6
    assert gained["knowing_who_is_asked"] > 0.6


def test_habits_follow_the_one_who_calls_things_otherwise():
    """Two people see one colour; the second calls it red-ish where the first says green-ish."""
    rgb = np.full((40, 3), 60.0)
    people = np.arange(40) % 2
    learnt = ColourSet("two", rgb, (people == 0).astype(np.int64), people, "")
    networks = committee(learnt, Settings(epochs=3, device="cpu"))
    asked = learnt.at(np.array([0, 1]))
    alone = opinion(networks, asked.rgb)
    assert alone[0] == pytest.approx(alone[1])
    told = alone + habits(networks, learnt, asked)
    assert [LABELS[at] for at in told.argmax(axis=1)] == ["green-ish", "red-ish"]


def test_a_stranger_is_answered_as_everyone():
    learnt = ColourSet("two", np.full((40, 3), 60.0), np.arange(40) % 2, np.zeros(40, np.int64), "")
    networks = committee(learnt, Settings(epochs=1, device="cpu"))
    stranger = ColourSet("one", np.full((1, 3), 60.0), np.array([0]), np.array([7]), "")
    np.testing.assert_array_equal(habits(networks, learnt, stranger), np.zeros((1, 9)))


def test_two_sets_are_learnt_as_one():
    one = ColourSet("one", np.zeros((2, 3)), np.array([0, 1]), np.array([0, 1]), "")
    other = ColourSet("other", np.ones((1, 3)), np.array([5]), None, "")
    both = one.and_also(other)
    assert both.labels.tolist() == [0, 1, 5]
    assert both.people is None
    assert both.at(np.array([2])).rgb.tolist() == [[1, 1, 1]]


def test_a_label_too_rare_to_divide_alike_is_still_learnt_from(tmp_path):
    data = crowd(tmp_path / "crowd.json", 12)
    assert demo_named("colour").run(Settings(epochs=1, device="cpu"), data=data).steps
    with pytest.raises(RagqaError, match="too few to learn from"):
        demo_named("colour").run(Settings(), data=crowd(tmp_path / "few.json", 9))


def test_a_colour_that_does_not_parse_is_refused_before_anything_is_learnt(tmp_path):
    with pytest.raises(RagqaError, match="does not parse"):
        demo_named("colour").run(Settings(out=tmp_path / "new"), predict="bluish")
    assert not (tmp_path / "new").exists()


def test_parts_do_not_overlap_and_follow_the_labels():
    labels = np.repeat(np.arange(9), 20)
    train, held_out = divided(labels, seed=0)
    assert not set(train) & set(held_out)
    assert sorted([*train, *held_out]) == list(range(180))
    assert np.bincount(labels[held_out]).tolist() == [4] * 9


def test_more_colours_need_fewer_passes():
    passes = [epochs_for(rows) for rows in (10, 458, 4514, 1_000_000)]
    assert passes == sorted(passes, reverse=True)
    assert passes[-1] == 20
    assert max(passes) <= 300


@pytest.mark.parametrize("chance", [1.0, 0.75])
def test_the_bound_by_disagreement_is_above_what_the_best_rule_reaches(chance):
    """Everyone sees one colour; its name is green-ish with `chance`, else red-ish."""
    random = np.random.default_rng(0)
    labels = (random.random(600) < chance).astype(np.int64)
    people = np.arange(600) % 3
    rgb = np.full((600, 3), 100.0)
    found = agreement(ColourSet("one", rgb, labels, people, ""))
    nearest = found["nearly_the_same"][0]
    assert nearest["different_people_agree"] == pytest.approx(
        chance**2 + (1 - chance) ** 2, abs=0.03
    )
    assert chance - 0.03 < found["best_possible"] <= 1
    assert found["best_possible"] < chance + 0.1


def test_too_few_pairs_say_nothing():
    found = agreement(ColourSet("two", np.zeros((2, 3)), np.array([0, 1]), np.array([0, 1]), ""))
    assert found["best_possible"] is None
    assert found["nearly_the_same"][0]["different_people_agree"] is None
