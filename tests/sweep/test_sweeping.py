"""A sweep measures each setting once, goes on after a kill, and names no winner by chance."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from ragqa.cli.sweep import HELP
from ragqa.cli.sweep import sweep as sweep_command
from ragqa.errors import RagqaError
from ragqa.evaluate import measure
from ragqa.evaluate.sweep import Grid, Setting, choice, sweep, write_plot
from ragqa.evaluate.sweep.measured import FILE, Measured
from ragqa.evaluate.sweep.run import Sweep
from ragqa.evaluate.sweep.vectors import KeptVectors
from ragqa.questions import Question, QuestionSet, write_jsonl
from ragqa.types import Span
from tests.conftest import PADARIA, SOFTMAX, TIDES

LECTURES = [SOFTMAX, TIDES, PADARIA]
TEXTS = (
    "what makes the tide rise",
    "how often is high tide",
    "when is there a spring tide",
    "what does softmax do with scores",
    "do probabilities reach zero",
    "which class keeps the largest probability",
    "o que descansa por muitas horas",
    "que farinha forma mais glúten",
)
SPANS = [
    *(("tides", at) for at in (0, 1, 2)),
    *(("outputs", at) for at in (1, 2, 3)),
    *(("padaria", at) for at in (0, 1)),
]


@pytest.fixture
def questions(tmp_path):
    rows = [
        Question(f"q{i}", text, spans=(Span(name, at * 8.0, at * 8.0 + 8.0, 3),))
        for i, (text, (name, at)) in enumerate(zip(TEXTS, SPANS, strict=True))
    ]
    path = tmp_path / "questions.jsonl"
    write_jsonl(path, rows)
    return QuestionSet(path, tuple(rows), "digest")


@pytest.fixture(autouse=True)
def _cache_of_this_test(tmp_path, monkeypatch):
    monkeypatch.setenv("RAGQA_CACHE", str(tmp_path / "cache"))


GRID = Grid(chunk_seconds=(8, 24), overlaps=(0,), methods=("dense", "bm25"), ks=(3,))


class Remembering:
    """The offline model, spared from embedding the same text in every test."""

    def __init__(self, nano):
        self.name, self.dimension, self.max_tokens = nano.name, nano.dimension, nano.max_tokens
        self.token_counts = nano.token_counts
        self._nano, self._known = nano, {}

    def queries(self, texts):
        return self._remembered(texts, self._nano.queries)

    def passages(self, texts):
        return self._remembered(texts, self._nano.passages)

    def _remembered(self, texts, embed):
        for text in texts:
            if (embed.__name__, text) not in self._known:
                self._known[embed.__name__, text] = embed([text])[0]
        return np.stack([self._known[embed.__name__, text] for text in texts])


@pytest.fixture(scope="module")
def model(nano):
    return Remembering(nano)


class Counting:
    """A model that counts what it embeds, and is interrupted when told to."""

    def __init__(self, nano, fail_after=None):
        self.name, self.dimension, self.max_tokens = nano.name, nano.dimension, nano.max_tokens
        self.queries, self.token_counts = nano.queries, nano.token_counts
        self._nano, self.texts, self._left = nano, [], fail_after

    def passages(self, texts):
        if self._left is not None:
            if self._left <= 0:
                raise KeyboardInterrupt
            self._left -= 1
        self.texts += texts
        return self._nano.passages(texts)


def swept(folder, questions, embedder, grid=GRID):
    return sweep(grid, LECTURES, questions, folder, lambda name: embedder)


def test_every_setting_is_measured_on_the_same_questions(tmp_path, questions, model):
    found = swept(tmp_path / "out", questions, model)
    assert [m.setting for m in found.measured] == list(GRID.settings)
    for measured in found.measured:
        assert len(measured.values["MRR@10"]) == len(TEXTS)
    short, long = found.measured[0], found.measured[2]
    assert short.chunks > long.chunks
    assert found.measured[0].values["hit@1"].mean() > 0.5


def test_a_text_is_embedded_once_for_all_settings_and_later_sweeps(tmp_path, questions, model):
    first, second = Counting(model), Counting(model)
    swept(tmp_path / "out", questions, first)
    assert len(first.texts) == len(set(first.texts))
    swept(tmp_path / "again", questions, second)
    assert second.texts == []


def test_a_sweep_that_was_cut_off_goes_on_and_ends_with_the_same_numbers(
    tmp_path, questions, model
):
    whole = swept(tmp_path / "whole", questions, model)
    folder = tmp_path / "cut"
    swept(folder, questions, model, replace(GRID, chunk_seconds=(8,)))
    lines = (folder / FILE).read_text("utf-8")
    (folder / FILE).write_text(lines[:-40], "utf-8")  # as a kill in the middle of writing
    again = swept(folder, questions, model)
    assert again.new == 3
    for one, other in zip(whole.measured, again.measured, strict=True):
        assert one.setting == other.setting
        for name, column in one.values.items():
            np.testing.assert_array_equal(column, other.values[name])
    assert swept(folder, questions, model).new == 0


def test_what_was_embedded_before_an_interruption_is_not_embedded_again(tmp_path, model):
    texts = [f"text number {i}" for i in range(40)]
    kept = KeptVectors(Counting(model, fail_after=1), tmp_path / "vectors.sqlite")
    with pytest.raises(KeyboardInterrupt):
        kept.passages(texts)
    kept.close()
    second = Counting(model)
    kept = KeptVectors(second, tmp_path / "vectors.sqlite")
    vectors = kept.passages(texts)
    assert 0 < len(second.texts) < 40
    np.testing.assert_allclose(vectors, model.passages(texts), atol=1e-5)


def test_a_folder_with_another_sweep_is_refused(tmp_path, questions, model):
    swept(tmp_path / "out", questions, model, replace(GRID, chunk_seconds=(24,)))
    other = replace(questions, digest="other")
    with pytest.raises(RagqaError, match="choose another --out"):
        swept(tmp_path / "out", other, model)


@pytest.mark.parametrize(
    "wrong",
    [
        {"methods": ("cosine",)},
        {"ks": (0,)},
        {"chunk_seconds": (0.0,)},
        {"chunk_seconds": (float("nan"),)},
        {"overlaps": (-1.0,)},
        {"chunk_seconds": (30.0,), "overlaps": (30.0, 60.0)},
    ],
)
def test_a_grid_that_cannot_be_is_refused(wrong):
    with pytest.raises(RagqaError):
        Grid(**wrong)


def test_combinations_with_too_long_an_overlap_are_left_out_and_counted():
    grid = Grid(chunk_seconds=(20, 60), overlaps=(0, 30), methods=("dense",))
    assert [(s.chunk_seconds, s.overlap) for s in grid.settings] == [(20, 0), (60, 0), (60, 30)]
    assert grid.left_out == 1


def made(columns, development):
    settings = [Setting(), *(Setting(chunk_seconds=60.0 + i) for i in range(len(columns) - 1))]
    measured = tuple(
        Measured(setting, {"MRR@10": np.array(column, float)}, 1)
        for setting, column in zip(settings, columns, strict=True)
    )
    asked = tuple(Question(str(i), str(i)) for i in range(len(development)))
    return Sweep(measured, (measure("MRR@10"),), asked, np.array(development), 0, 0)


def test_a_setting_that_is_better_by_chance_is_not_named():
    rng = np.random.default_rng(0)
    columns = [rng.integers(0, 2, 60) for _ in range(20)]
    found = choice(made(columns, [True, False] * 30), "MRR@10", resamples=999)
    assert found.best is not found.present
    assert not found.better and found.chosen is found.present


def test_a_setting_that_is_truly_better_is_named_and_told_on_the_other_half():
    columns = [np.zeros(60), np.ones(60), np.zeros(60)]
    found = choice(made(columns, [True, False] * 30), "MRR@10", resamples=999)
    assert found.better and found.chosen.setting.chunk_seconds == 60
    assert found.test.difference == 1 and found.test.questions == 30


def test_the_other_half_does_not_choose():
    development = np.array([True, False] * 30)
    columns = [np.zeros(60), np.where(development, 0, 1)]
    found = choice(made(columns, development), "MRR@10")
    assert found.best is found.present


def test_the_plot_is_a_picture(tmp_path):
    found = made([np.arange(60) % 2, np.ones(60)], [True, False] * 30)
    path = tmp_path / "deep" / "sweep.png"
    write_plot(found, choice(found, "MRR@10"), path)
    assert path.read_bytes().startswith(b"\x89PNG")


def run(*arguments):
    app = typer.Typer()
    app.command(help=HELP)(sweep_command)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def lectures_folder(tmp_path) -> Path:
    folder = tmp_path / "lectures"
    folder.mkdir()
    for transcript in LECTURES:
        cues = [
            f"{_clock(cue.start)} --> {_clock(cue.end)}\n{cue.text}\n" for cue in transcript.cues
        ]
        text = "WEBVTT\n\n" + "\n".join(cues)
        (folder / f"{transcript.id}.vtt").write_text(text, "utf-8")
    return folder


def _clock(seconds):
    return f"00:00:{seconds:06.3f}"


def test_the_command_prints_a_table_keeps_a_plot_and_says_the_verdict(
    tmp_path, questions, lectures_folder
):
    out = tmp_path / "sweep"
    options = ["--corpus", lectures_folder, "--chunk-seconds", "8,24", "--overlap", "0"]
    options += ["--methods", "dense,bm25", "--out", out]
    shown = run(questions.path, *options)
    assert shown.exit_code == 0, shown.output
    assert "8s/0s dense k=10 *" in shown.output
    assert "better" in shown.output
    assert (out / "sweep.png").is_file()
    printed = json.loads(run(questions.path, *options, "--json").stdout)
    assert len(printed["settings"]) == 4
    assert printed["questions"] == len(TEXTS)
    assert {"development", "test", "chunks", "setting"} <= set(printed["settings"][0])


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--chunk-seconds", "short"], "--chunk-seconds takes numbers"),
        (["--methods", ","], "--methods needs at least one value"),
        (["--by", "seconds@10"], "--by must be one of"),
        (["--by", "beauty"], "Unknown measure"),
    ],
)
def test_options_that_mean_nothing_are_named(tmp_path, questions, lectures_folder, options, told):
    small = ["--chunk-seconds", "24", "--overlap", "0", "--methods", "bm25"]
    shown = run(
        questions.path, "--corpus", lectures_folder, "--out", tmp_path / "o", *small, *options
    )
    assert shown.exit_code == 2
    assert told in shown.output
