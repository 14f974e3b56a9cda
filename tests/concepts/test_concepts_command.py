"""`ragqa concepts` as its users meet it."""

import json

import pytest
from typer.testing import CliRunner

from ragqa.cli.concepts import concepts_app

HARD = "Softmax sets the largest probability to 1 and the rest to 0."


def run(*arguments, text=None):
    return CliRunner().invoke(concepts_app, list(arguments), input=text)


def test_list_shows_concepts_of_a_topic():
    done = run("list", "--topic", "vectors")
    assert done.exit_code == 0
    assert "cosine-range" in done.stdout
    assert "softmax-sums-to-one" not in done.stdout


def test_list_keeps_ids_whole_in_a_narrow_terminal(monkeypatch):
    from ragqa.cli import console
    from ragqa.concepts import concepts

    monkeypatch.setattr(console.out, "_width", 80)
    shown = run("list", "--run").stdout.split()
    assert {concept.id for concept in concepts()} <= set(shown)


def test_check_names_the_languages_that_there_are():
    done = run("check", "--language", "fr", "La softmax somme à un.")
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert "'fr'" in done.stderr
    assert "en, es, pt" in done.stderr


def test_list_can_run_every_check():
    done = run("list", "--topic", "softmax", "--run", "--json")
    told = json.loads(done.stdout)["concepts"]
    assert len(told) > 10
    assert all(concept["holds"] for concept in told)


def test_show_runs_the_check_and_prints_its_numbers():
    done = run("show", "softmax-not-one-hot")
    assert done.exit_code == 0
    assert "[0.045, 0.045, 0.016, 0.895]" in done.stdout
    assert "softmax_is_not_one_hot: holds" in done.stdout


def test_check_refutes_with_numbers_statement_and_lecture():
    done = run("check", HARD)
    assert done.exit_code == 0
    for words in (
        "refuted: Softmax sets",
        "softmax-not-one-hot",
        "[0.045, 0.045, 0.016, 0.895]",
        "true is: Softmax does not make a hard decision",
        "the lectures say: “",
        "watch?v=en-softmax-or-just-divide&t=",
    ):
        assert words in done.stdout


def test_check_reads_a_file_and_standard_input(tmp_path):
    answer = tmp_path / "answer.txt"
    answer.write_text(f"{HARD}\nIt rains in Lisbon today.\n", "utf-8")
    for arguments, text in ((["--file", str(answer)], None), (["--file", "-"], HARD)):
        done = run("check", *arguments, "--no-lectures", "--json", text=text)
        assert done.exit_code == 0
        sentences = json.loads(done.stdout)["sentences"]
        assert sentences[0]["verdict"] == "refuted"
        assert "lectures" not in sentences[0]
        assert all(one["verdict"] is None for one in sentences[1:])


def test_markup_in_a_text_is_printed_as_it_is():
    done = run("check", "[bold]Bread[/bold] is baked [/] here.", "--no-lectures")
    assert done.exit_code == 0
    assert "[bold]Bread[/bold]" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["list", "--topic", "baking"], "baking"),
        (["show", "softmax-sums-to-1"], "softmax-sums-to-one"),
        (["check"], "--file"),
        (["check", HARD, "--file", "x.txt"], "--file"),
        (["check", "123 !!"], "no sentence"),
        (["check", "--file", "nowhere.txt"], "nowhere.txt"),
        (["check", HARD, "--corpus", "nowhere"], "nowhere"),
    ],
)
def test_bad_input_ends_with_one_sentence_and_exit_code_2(arguments, named):
    done = run(*arguments)
    assert done.exit_code == 2
    assert named in done.output
    assert "Traceback" not in done.output


def test_a_folder_or_a_picture_is_no_answer(tmp_path):
    picture = tmp_path / "slide.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    for place in (tmp_path, picture, tmp_path / "absent.txt"):
        done = run("check", "--file", str(place))
        assert done.exit_code == 2
        assert place.name in done.stderr and "answer" in done.stderr
