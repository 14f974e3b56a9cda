"""The commands `demo colour`, `demo mnist` and `demo fashion`: options, files, exit codes."""

import json

import pytest
from typer.testing import CliRunner

from ragqa.cli.demo import demo_app
from tests.demos.test_demo_images import IMAGES, write_pair


def run(*arguments):
    return CliRunner().invoke(demo_app, [str(argument) for argument in arguments])


def test_colour_prints_the_label_and_writes_pictures_and_numbers(tmp_path):
    result = run(
        "colour", "--predict", "58,123,213", "--epochs", 5, "--device", "cpu", "--out", tmp_path
    )
    assert result.exit_code == 0, result.output
    assert "The name of #3a7bd5 (58, 123, 213)" in result.stdout
    written = json.loads((tmp_path / "colour.json").read_text())
    assert len(written["numbers"]["prediction"]["probabilities"]) == 9
    assert all((tmp_path / picture).exists() for picture in written["pictures"])


def test_mnist_takes_a_folder_and_an_image_and_prints_json(tmp_path):
    write_pair(tmp_path, "train", 100, packed=True)
    write_pair(tmp_path, "t10k", 20, packed=True)
    result = run(
        "mnist", "--data-dir", tmp_path, "--image", 4, "--epochs", 1, "--device", "cpu", "--json"
    )
    assert result.exit_code == 0, result.output
    shown = json.loads(result.stdout)
    assert shown["numbers"]["example"]["number"] == 4
    assert shown["numbers"]["data"]["training"] == 100


def test_a_small_set_shows_its_last_image_when_none_is_chosen(tmp_path):
    write_pair(tmp_path, "train", 100)
    write_pair(tmp_path, "t10k", 20)
    small = ("mnist", "--data-dir", tmp_path, "--epochs", 1, "--device", "cpu")
    result = run(*small, "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["numbers"]["example"]["number"] == 19
    chosen = run(*small, "--image", 123)
    assert chosen.exit_code == 2
    assert "There is no test image 123; they are counted from 0 to 19." in chosen.stderr


def test_a_small_set_of_one_class_is_refused_for_that(tmp_path):
    write_pair(tmp_path, "train", 40, classes=1)
    write_pair(tmp_path, "t10k", 20)
    result = run("mnist", "--data-dir", tmp_path)
    assert result.exit_code == 2
    assert "same class" in result.stderr


@pytest.mark.parametrize("below", ["", "pictures", "pictures/today"])
def test_an_out_that_is_or_lies_below_a_file_is_refused_before_learning(tmp_path, below):
    write_pair(tmp_path, "train", 40, classes=1)  # would be refused once learning begins
    (tmp_path / "afile").write_text("")
    result = run("mnist", "--data-dir", tmp_path, "--out", tmp_path / "afile" / below)
    assert result.exit_code == 2
    assert "--out must name a folder" in result.stderr
    assert "is a file" in result.stderr


def test_an_out_that_takes_no_files_is_told_before_learning(tmp_path):
    write_pair(tmp_path, "train", 40, classes=1)  # refused once learning begins
    result = run("mnist", "--data-dir", tmp_path, "--out", tmp_path / ("long" * 100) / "x")
    before, _, after = result.stderr.partition("goes on without")
    assert "Cannot write" in before and "same class" in after
    assert "Cannot write" not in run("mnist", "--data-dir", tmp_path, "--out", tmp_path).stderr


def test_finding_out_whether_a_folder_can_be_written_leaves_nothing_there(tmp_path):
    run("mnist", "--image", 99999, "--out", tmp_path / "new" / "folder")
    assert list(tmp_path.iterdir()) == []


def test_that_no_clothing_is_bundled_is_told_before_the_digits_are_learnt(tmp_path, monkeypatch):
    monkeypatch.setenv("RAGQA_CACHE", str(tmp_path))
    stopped_before_learning = run("fashion", "--image", 99999)
    assert stopped_before_learning.exit_code == 2
    assert stopped_before_learning.stderr.startswith("No clothing is bundled: give --full")
    write_pair(tmp_path, "train", 10)
    with_data = run("fashion", "--data-dir", tmp_path, "--unpublished", "--image", 99999)
    assert with_data.exit_code == 2
    assert "No clothing" not in with_data.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("colour", "--predict", "#12"),
        ("colour", "--predict", "1,2,999"),
        ("colour", "--epochs", 0),
        ("colour", "--data", "nowhere.json"),
        ("mnist", "--epochs", 0),
        ("mnist", "--image", -1),
        ("mnist", "--data-dir", "nowhere"),
        ("mnist", "--full", "--data-dir", "nowhere"),
        ("fashion", "--epochs", "-3"),
        ("mnist", "--device", "abacus"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("ragqa: ")
    assert result.stderr.strip().count("\n") == 0


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('{"entries": [{"r": NaN, "g": 1, "b": 1, "label": "red-ish"}]}', "NaN"),
        ('{"entries": [{"r": 1, "g": 1, "b": 1, "label": "teal"}]}', "none of the nine"),
        ('{"entries": [{"r": 1, "g": 1, "b": 1, "label": "red-ish"}]}', "single label"),
        ('{"entries": [', "not JSON"),
        ('{"entries": ["red"]}', 'entry 1: write it as {"r", "g", "b", "label", "uid"}'),
    ],
)
def test_colours_that_cannot_be_learnt_from_exit_with_2(tmp_path, content, sentence):
    path = tmp_path / "crowd.json"
    path.write_text(content)
    result = run("colour", "--data", path)
    assert result.exit_code == 2
    assert sentence in result.stderr


def test_people_may_be_numbers_and_a_folder_is_called_one(tmp_path):
    from ragqa.demos.data import crowd_colours

    entry = {"r": 1, "g": 1, "b": 1}
    entries = [{**entry, "label": "red-ish", "uid": 7}, {**entry, "label": "grey-ish", "uid": 8}]
    path = tmp_path / "crowd.json"
    path.write_text(json.dumps({"entries": entries}))
    assert crowd_colours(path).people.tolist() == [0, 1]
    result = run("colour", "--data", tmp_path)
    assert result.exit_code == 2
    assert "is a folder; --data takes a JSON file" in result.stderr


def test_truncated_images_exit_with_2(tmp_path):
    write_pair(tmp_path, "train", 40)
    path = tmp_path / f"train-{IMAGES}"
    path.write_bytes(path.read_bytes()[:-7])
    result = run("mnist", "--data-dir", tmp_path)
    assert result.exit_code == 2
    assert "holds fewer bytes than the 40×6×5" in result.stderr.replace("\n", " ")


def test_a_failed_download_exits_with_1(tmp_path, monkeypatch):
    from ragqa.demos.data import published as publications

    monkeypatch.setenv("RAGQA_CACHE", str(tmp_path))
    real = publications.published("mnist")
    nobody = publications.Published(**{**vars(real), "mirrors": ("http://127.0.0.1:9/",)})
    monkeypatch.setattr(publications, "published", lambda name: nobody)
    result = run("mnist", "--full")
    assert result.exit_code == 1
    assert "could not be downloaded" in result.stderr
