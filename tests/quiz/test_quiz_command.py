"""`ragqa eval quiz` as its users meet it."""

import json

import pytest
import typer
from typer.testing import CliRunner

from ragqa.cli.quiz import HELP, quiz

ITEMS = [
    {
        "id": "sums",
        "language": "en",
        "question": "What do the outputs of softmax add up to?",
        "options": ["One", "The number of classes"],
        "answer": "A",
        "check": "softmax-sums-to-one",
    },
    {
        "id": "[red]loss[/red]",
        "language": "en",
        "question": "The label got a probability of 0.4. How large is the loss?",
        "options": ["0.4", "0.92", "0.6"],
        "answer": "B",
        "check": {"expression": "-log(0.4)", "values": [0.4, 0.92, 0.6]},
    },
    {
        "id": "moon",
        "language": "en",
        "question": "How much is two and two?",
        "options": ["three", "four"],
        "answer": "A",
        "check": {"expression": "2 + 2", "values": [3, 4]},
        "half": "development",
    },
]


def run(*arguments):
    app = typer.Typer()
    app.command(help=HELP)(quiz)
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture
def items(tmp_path):
    path = tmp_path / "items.jsonl"
    path.write_text("\n".join(json.dumps(item) for item in ITEMS), "utf-8")
    return path


def test_items_are_answered_with_justification_and_scored(items):
    done = run("--items", str(items), "--quiet")
    assert done.exit_code == 0
    for words in ("-log(0.4) = 0.9163", "passage: “", "retrieval alone", "chance", "of 2"):
        assert words in done.stdout
    assert "[red]loss[/red]" in done.stdout


def test_json_holds_the_score_and_what_speaks_for_every_option(items):
    told = json.loads(run("--items", str(items), "--json").stdout)
    assert told["accuracy"]["of"] == 2
    assert told["chance"] == pytest.approx((1 / 2 + 1 / 3) / 2, abs=1e-4)
    loss = told["items"][1]
    assert (loss["chosen"], loss["right"], loss["decided_by"]) == ("B", True, "check")
    assert loss["options"][1]["check"]["finding"].startswith("-log(0.4)")
    assert all(option["passage"]["text"] for option in loss["options"])


def test_a_key_that_arithmetic_contradicts_is_shown(items):
    done = run("--items", str(items), "--half", "development", "--quiet")
    assert "the key does not stand up: 2 + 2 = 4, which is option B" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--half", "training"], "--half must be"),
        (["--items", "nowhere.jsonl"], "nowhere.jsonl"),
        (["--corpus", "nowhere"], "nowhere"),
    ],
)
def test_bad_input_ends_with_one_sentence_and_exit_code_2(arguments, named):
    done = run(*arguments)
    assert done.exit_code == 2
    assert named in done.output
    assert "Traceback" not in done.output


def test_a_bad_item_is_named_by_its_line(items):
    items.write_text(items.read_text("utf-8").replace('"B"', '"E"'), "utf-8")
    done = run("--items", str(items))
    assert done.exit_code == 2
    assert "line 2" in done.output
