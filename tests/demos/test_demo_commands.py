"""`ragqa demo NAME` tells the steps, writes what --out asks for, and refuses in one sentence."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ragqa.cli.demo import demo_app

QUICK = {
    "softmax": ["--epochs", "2"],
    "two-features": ["--epochs", "2"],
    "adam": ["--epochs", "5"],
    "backprop": ["--epochs", "2"],
}


def demo(*arguments):
    return CliRunner().invoke(demo_app, [str(argument) for argument in arguments])


@pytest.mark.parametrize("name", QUICK)
def test_a_demo_tells_its_steps_and_writes_pictures_and_numbers(name, tmp_path):
    told = demo(name, "--out", tmp_path, *QUICK[name])
    assert told.exit_code == 0, told.output
    assert told.stdout.lstrip().startswith("1. ")
    written = json.loads((tmp_path / f"{name}.json").read_text(encoding="utf-8"))
    assert written["demo"] == name
    pictures = {path.name for path in tmp_path.glob("*.png")}
    assert pictures == set(written["pictures"]) != set()
    for picture in pictures:
        assert (tmp_path / picture).read_bytes().startswith(b"\x89PNG\r\n")
    assert {path.suffix for path in tmp_path.iterdir()} == {".png", ".json"}


@pytest.mark.parametrize("name", QUICK)
def test_the_same_seed_gives_the_same_json_and_another_gives_another(name):
    first, again = (demo(name, "--json", "--seed", 7, *QUICK[name]).stdout for _ in range(2))
    assert first == again
    other = json.loads(demo(name, "--json", "--seed", 8, *QUICK[name]).stdout)
    assert other["numbers"] != json.loads(first)["numbers"]


def test_without_out_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert demo("softmax").exit_code == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("taken", ["softmax.png", "softmax-temperature.png", "softmax.json"])
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_demo_whose_file_cannot_be_written_is_told_before_it_fails(tmp_path, taken, options):
    (tmp_path / taken).mkdir()
    told = demo("softmax", "--epochs", 2, "--out", tmp_path, *options)
    assert "Learning through softmax" in told.stdout
    assert told.exit_code == 1
    assert " ".join(told.stderr.split()).startswith("ragqa: Cannot write")
    assert taken in told.stderr.replace("\n", "") and told.stderr.strip().count("\n") == 0


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="no folder that refuses everybody")
def test_a_demo_is_told_before_its_folder_turns_out_to_take_no_files():
    told = demo("softmax", "--epochs", 2, "--out", "/proc/self/pictures")
    assert told.stdout.lstrip().startswith("1. The scores")
    assert told.exit_code == 1
    told_first, *_, last = told.stderr.splitlines()
    assert told_first.startswith("Cannot write /proc/self/pictures: ")
    assert last.startswith("ragqa: Cannot write /proc/self/pictures: ") and last.endswith(".")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["softmax", "--epochs", "0"], "--epochs must be at least 1, not 0"),
        (["cosine", "--epochs", "0"], "--epochs must be at least 1"),
        (["two-features", "--seed", "-1"], "--seed must be"),
        (["adam", "--device", "abacus"], "Unknown device 'abacus'"),
        (["backprop", "--out", __file__], "is a file"),
        (["softmax", "--scores", "1,two"], "not 'two'"),
        (["softmax", "--scores", "1,nan"], "not nan"),
        (["softmax", "--scores", "1"], "2 to 12 scores"),
        (["cosine", "--text", "Just one sentence."], "2 to 20 sentences"),
        (["cosine", "--words", "no/such/list.txt"], "no/such/list.txt: No such file"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(arguments, said):
    told = demo(*arguments)
    assert told.exit_code == 2
    assert said in " ".join(told.stderr.split())
    assert told.stderr.strip().count("\n") == 0
    assert told.stdout == ""


def test_an_unknown_demo_is_refused_with_the_names_there_are():
    from ragqa.demos import demo_named
    from ragqa.errors import RagqaError

    with pytest.raises(RagqaError, match="softmax, colour, mnist"):
        demo_named("tea")


def test_each_help_shows_its_examples_one_a_line():
    from ragqa.demos import DEMOS

    for name in DEMOS:
        lines = [line.strip() for line in demo(name, "--help").stdout.split("\n")]
        assert any(line.startswith(f"ragqa demo {name} ") for line in lines), name
    assert "squared error against cross-entropy" in " ".join(demo("list").stdout.split())
