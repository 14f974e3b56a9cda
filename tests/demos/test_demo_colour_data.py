"""Named colours are read from the survey and from crowd files, and refused with one sentence."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragqa.demos.data import LABELS, crowd_colours, parse_colour, xkcd_colours
from ragqa.errors import RagqaError

BYTE = st.integers(0, 255)
GOOD = {"r": 1, "g": 2, "b": 3, "label": "red-ish", "uid": "a"}


def written(path, entries):
    path.write_text(json.dumps({"entries": entries}), encoding="utf-8")
    return path


@given(BYTE, BYTE, BYTE)
def test_both_ways_to_write_a_colour_mean_the_same(red, green, blue):
    code = f"#{red:02x}{green:02x}{blue:02X}"
    assert parse_colour(code) == parse_colour(f"{red},{green}, {blue}") == (red, green, blue)
    assert parse_colour(code.removeprefix("#")) == (red, green, blue)


def test_a_short_code_doubles_its_digits():
    assert parse_colour("#a0F") == (170, 0, 255)


@given(st.text(max_size=12))
def test_any_text_is_a_colour_or_is_refused(text):
    try:
        assert all(0 <= channel <= 255 for channel in parse_colour(text))
    except RagqaError as refusal:
        assert "does not parse" in str(refusal)


@pytest.mark.parametrize(
    "text", ["", "#12345", "256,0,0", "1,2", "1,2,3,4", "-1,2,3", "red", "１,２"]
)
def test_what_is_no_colour_is_refused(text):
    with pytest.raises(RagqaError, match="does not parse"):
        parse_colour(text)


def test_the_survey_gives_573_names_labelled_by_their_colour_word():
    survey = xkcd_colours()
    assert len(survey) == 573
    assert survey.people is None
    light_olive_green = np.flatnonzero((survey.rgb.round() == (0xA4, 0xBE, 0x5C)).all(axis=1))
    assert LABELS[survey.labels[light_olive_green[0]]] == "green-ish"
    assert set(survey.labels) == set(range(9))


def test_a_crowd_file_keeps_who_gave_each_label(tmp_path):
    entries = [GOOD, {**GOOD, "uid": "b", "label": "grey-ish"}, {**GOOD, "r": 255.0}]
    read = crowd_colours(written(tmp_path / "crowd.json", entries))
    np.testing.assert_array_equal(read.rgb, [[1, 2, 3], [1, 2, 3], [255, 2, 3]])
    assert [LABELS[label] for label in read.labels] == ["red-ish", "grey-ish", "red-ish"]
    assert read.people.tolist() == [0, 1, 0]


def test_entries_without_people_are_read_too(tmp_path):
    entry = {name: GOOD[name] for name in "rgb"}
    entries = [{**entry, "label": label} for label in LABELS]
    assert crowd_colours(written(tmp_path / "crowd.json", entries)).people is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"label": "teal-ish"}, "entry 2: the label 'teal-ish' is none of the nine"),
        ({"r": 256}, "entry 2: r: "),
        ({"g": -1}, "entry 2: g: "),
        ({"b": "12"}, "entry 2: b: "),
        ({"b": None}, "entry 2: b: "),
        ({"r": float("nan")}, "holds NaN"),
        ({"r": float("inf")}, "holds Infinity"),
        ({"label": 5}, "entry 2: label: "),
    ],
)
def test_an_entry_that_cannot_be_learnt_from_is_named(tmp_path, change, sentence):
    path = written(tmp_path / "crowd.json", [GOOD, {**GOOD, **change}])
    with pytest.raises(RagqaError, match=sentence) as refusal:
        crowd_colours(path)
    assert str(path) in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"entries": []}', '{"entries": [5]}', "\x00", "[" * 100_000, "1e999"]
)
def test_a_file_of_another_kind_is_refused(tmp_path, text):
    path = tmp_path / "crowd.json"
    path.write_text(text)
    with pytest.raises(RagqaError):
        crowd_colours(path)


def test_a_single_label_and_a_missing_file_are_refused(tmp_path):
    with pytest.raises(RagqaError, match="a single label, red-ish"):
        crowd_colours(written(tmp_path / "crowd.json", [GOOD, GOOD]))
    with pytest.raises(RagqaError, match="There is no file"):
        crowd_colours(tmp_path / "nowhere.json")


def test_the_lectures_own_crowd_file_is_read(shared_data):
    crowd = crowd_colours(shared_data / "colour" / "colorData.json")
    assert len(crowd) == 5643
    assert len(set(crowd.people)) == 167
    assert set(crowd.labels) == set(range(9))
