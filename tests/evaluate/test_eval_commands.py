"""`ragqa eval` and `ragqa runs` as a user meets them, on three small lectures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ragqa.cli.evaluate import eval_app
from ragqa.cli.runs import runs_app
from ragqa.runs import read_run

ROWS = [
    ("soft", "what turns scores into probabilities?", "en", "outputs", 8, 16),
    ("moon", "why does the tide rise?", "en", "tides", 0, 8),
    ("forno", "como deve estar o forno?", "pt", "padaria", 16, 24),
    ("bread", "how long must sourdough rest?", "en", "padaria", 0, 8),
    ("adam", "who invented the Adam optimiser?", "en", None, 0, 0),
    ("volcano", "when did the volcano erupt?", "en", None, 0, 0),
]


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    lines = []
    for name, text, language, lecture, start, end in ROWS:
        spans = [{"transcript_id": lecture, "start": start, "end": end}] if lecture else []
        row = {"id": name, "question": text, "language": language, "answerable": bool(lecture)}
        lines.append(json.dumps({**row, "spans": spans}))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def evaluate(*arguments: object):
    return CliRunner().invoke(eval_app, [str(argument) for argument in arguments])


def runs(*arguments: object):
    return CliRunner().invoke(runs_app, [str(argument) for argument in arguments])


def retrieval(questions, index, *more):
    return evaluate("retrieval", questions, "--index", index.folder, "-k", 3, "-q", *more)


def test_a_table_for_people_tells_means_counts_and_groups(questions, small_index):
    told = retrieval(questions, small_index)
    assert told.exit_code == 0, told.output
    assert "6 questions, 4 answerable, 2 not" in told.output
    for word in ("recall@1", "95 % interval", "language pt", "en to pt", "unanswerable:"):
        assert word in told.output


def test_small_topics_are_counted_unless_asked_for_and_no_language_is_told_in_words(tmp_path):
    topics = ["common"] * 10 + ["rare"] * 9
    span = {"transcript_id": "a", "start": 0, "end": 8}
    rows = [
        {"id": str(n), "question": f"what is {n}?", "topic": topic, "spans": [span]}
        for n, topic in enumerate(topics)
    ]
    path, results = tmp_path / "q.jsonl", tmp_path / "r.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    hits = [{"transcript_id": "a", "start": 0, "end": 8, "score": 1}]
    ranked = [json.dumps({"id": row["id"], "hits": hits}) for row in rows]
    results.write_text("\n".join(ranked), encoding="utf-8")
    kept = tmp_path / "run"
    few = evaluate("retrieval", path, "--results", results, "--out", kept).stdout
    assert "topic common" in few
    assert "topic rare" not in few
    assert "topics of fewer than 10 questions: 1, left out; --topics" in few
    assert "language not given" in few
    assert "language und" not in few
    every = runs("show", kept, "--topics").stdout
    assert "topic rare" in every
    assert "left out" not in every
    names = read_run(kept).settings["measures"]
    assert ", ".join(names) in " ".join(every.split())


def test_json_holds_the_same_and_more(questions, small_index):
    told = json.loads(retrieval(questions, small_index, "--json").output)
    mean = told["groups"]["all"]["hit@3"]
    assert mean["questions"] == 4
    assert mean["low"] <= mean["value"] <= mean["high"]
    assert told["counts"]["unanswerable"] == told["unanswerable"]["unanswerable"] == 2
    assert set(told["hashes"]) == {"questions", "corpus", "vectors", "model", "code"}
    assert told["failures"] == []


def test_two_runs_with_the_same_hashes_give_the_same_numbers(questions, small_index, tmp_path):
    for name in ("one", "two"):
        assert retrieval(questions, small_index, "--out", tmp_path / name).exit_code == 0
    one, two = read_run(tmp_path / "one"), read_run(tmp_path / "two")
    assert one.identity == two.identity
    assert one.numbers == two.numbers
    same = (tmp_path / name / "per_question.jsonl" for name in ("one", "two"))
    assert len({path.read_bytes() for path in same}) == 1
    told = runs("diff", tmp_path / "one", tmp_path / "two")
    assert "same settings, hashes, versions and numbers" in told.output


def test_the_halves_are_asked_apart_and_make_the_whole(questions, small_index):
    told = [
        json.loads(retrieval(questions, small_index, "--json", *half).output)
        for half in ([], ["--half", "development"], ["--half", "test"])
    ]
    counts = [one["counts"]["questions"] for one in told]
    assert counts[0] == counts[1] + counts[2] and min(counts) > 0
    assert told[2]["settings"]["half"] == "test"
    assert retrieval(questions, small_index, "--half", "best").exit_code == 2


def test_another_method_is_another_run(questions, small_index, tmp_path):
    for method in ("dense", "bm25"):
        retrieval(questions, small_index, "--method", method, "--out", tmp_path / method)
    assert read_run(tmp_path / "dense").identity != read_run(tmp_path / "bm25").identity
    told = json.loads(runs("diff", tmp_path / "dense", tmp_path / "bm25", "--json").output)
    assert told["settings"] == {"method": ["dense", "bm25"]}
    listed = json.loads(runs("list", tmp_path, "--json").output)["runs"]
    assert [Path(row["run"]).name for row in listed] == ["bm25", "dense"]
    compared = evaluate("compare", tmp_path / "dense", tmp_path / "bm25", "--json")
    rows = json.loads(compared.output)["rows"]
    assert {row["questions"] for row in rows if row["measure"] == "MRR@3"} == {4}
    for arguments in (("show", tmp_path / "dense"), ("list", tmp_path)):
        assert runs(*arguments).exit_code == 0


def test_a_missed_bound_fails_and_says_by_how_much(questions, small_index):
    met = retrieval(questions, small_index, "--fail-under", "recall@3=0.1")
    assert met.exit_code == 0
    missed = retrieval(
        questions, small_index, "--method", "bm25", "--fail-under", "precision@3=0.9",
        "--fail-under", "hit@3=0.01",
    )  # fmt: skip
    assert missed.exit_code == 1
    assert "ragqa: precision@3 is 0." in missed.stderr
    assert "below 0.9 by 0." in missed.stderr
    assert "hit@3 is" not in missed.stderr


def trec(path: Path, questions: int, lecture: str, times: str) -> Path:
    path.write_text(
        "".join(f"q{n} Q0 {lecture}@{times} 1 0.5 x\n" for n in range(questions)), encoding="utf-8"
    )
    return path


@pytest.fixture
def many(tmp_path: Path) -> Path:
    span = {"transcript_id": "tides", "start": 0, "end": 8}
    path = tmp_path / "many.jsonl"
    rows = [{"id": f"q{n}", "question": f"tide {n}?", "spans": [span]} for n in range(30)]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_a_baseline_fails_on_a_significant_drop_only(many, tmp_path):
    good = trec(tmp_path / "good.trec", 30, "tides", "0-8")
    bad = trec(tmp_path / "bad.trec", 30, "outputs", "0-8")
    nearly = tmp_path / "nearly.trec"
    nearly.write_text(good.read_text().replace("q0 Q0 tides", "q0 Q0 outputs"), encoding="utf-8")
    base = tmp_path / "base"
    kept = evaluate("retrieval", many, "--results", good, "--out", base, "--export-trec")
    assert kept.exit_code == 0, kept.output
    assert (base / "qrels.trec").is_file() and (base / "run.trec").is_file()
    assert "not checked against the lectures" in kept.stderr
    assert evaluate("retrieval", many, "--results", nearly, "--baseline", base).exit_code == 0
    told = evaluate("retrieval", many, "--results", bad, "--baseline", base)
    assert told.exit_code == 1
    assert "recall@1 fell from 1.0000 to 0.0000 by 1.0000" in told.stderr


def test_squad_questions_are_asked_of_their_own_paragraphs(tmp_path):
    paragraphs = [
        {"context": text, "qas": [{"id": str(n), "question": ask, "answers": [{"text": "x"}]}]}
        for n, (text, ask) in enumerate(
            [
                ("The moon pulls the water of the oceans.", "what pulls the water?"),
                ("Bread rests for many hours before baking.", "how long does bread rest?"),
            ]
        )
    ]
    path = tmp_path / "squad.json"
    path.write_text(json.dumps({"data": [{"title": "t", "paragraphs": paragraphs}]}))
    told = json.loads(evaluate("retrieval", path, "-k", 2, "--json", "-q").output)
    assert told["groups"]["all"]["recall@1"]["value"] == 1.0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--fail-under", "recall@3"], "--fail-under"),
        (["--measures", "fame@3"], "Unknown measure"),
        (["--measures", "recall@9"], "more than the 3 hits"),
        (["--coverage", "most:2"], "Unknown rule"),
        (["--threshold", "nan"], "--threshold"),
        (["--export-trec"], "--out"),
        (["--baseline", "nowhere"], "no run"),
        (["--results", "nowhere.trec"], "no results file"),
        (["--results", "x.trec", "--method", "dense"], "ranked already"),
        (["--method", "psychic"], "Unknown method"),
    ],
)
def test_bad_options_exit_2_with_a_sentence(questions, small_index, arguments, says):
    told = retrieval(questions, small_index, *arguments)
    assert told.exit_code == 2, told.output
    assert says in told.stderr
    assert told.stderr.count("\n") == 1


def test_a_question_about_a_lecture_that_is_not_there_is_named(questions, small_index):
    text = questions.read_text(encoding="utf-8").replace('"tides"', '"tide"')
    questions.write_text(text, encoding="utf-8")
    told = retrieval(questions, small_index)
    assert told.exit_code == 2
    assert f"{questions} line 2: the corpus has no transcript 'tide'" in told.stderr
    assert "'tides'" in told.stderr


@pytest.mark.parametrize("text", ["???", "a" * 9000])
def test_a_question_that_cannot_be_asked_is_named(questions, small_index, text):
    old = ROWS[1][1]
    questions.write_text(questions.read_text(encoding="utf-8").replace(old, text), encoding="utf-8")
    told = retrieval(questions, small_index)
    assert told.exit_code == 2
    assert f"{questions} line 2: The question" in told.stderr


def test_qrels_carry_no_texts_to_ask(small_index, tmp_path):
    (tmp_path / "q.qrels").write_text("q1 0 tides@0-8 1\n")
    told = retrieval(tmp_path / "q.qrels", small_index)
    assert told.exit_code == 2
    assert "--results" in told.stderr


def test_a_run_is_not_replaced_by_accident(questions, small_index, tmp_path):
    out = tmp_path / "run"
    assert retrieval(questions, small_index, "--out", out).exit_code == 0
    assert retrieval(questions, small_index, "--out", out).exit_code == 2
    assert retrieval(questions, small_index, "--out", out, "--overwrite").exit_code == 0


def test_a_broken_run_is_named_and_the_others_are_listed(questions, small_index, tmp_path):
    for name in ("good", "broken"):
        retrieval(questions, small_index, "--out", tmp_path / "all" / name)
    (tmp_path / "all" / "broken" / "aggregate.json").write_text("{}")
    told = runs("list", tmp_path / "all")
    assert told.exit_code == 2
    assert "good" in told.output
    assert "aggregate.json was altered" in told.stderr


def test_text_of_others_stays_text(tmp_path):
    span = {"transcript_id": "a", "start": 0, "end": 8}
    text = "[/bold] {}? \x1b[31m \ud800 \0"
    rows = [
        {"id": f"[red]{n}", "question": text.format(n), "topic": "\ud800", "spans": [span]}
        for n in range(3)
    ]
    path = tmp_path / "q.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    for name, lecture in (("one", "a"), ("two", "b")):
        results = tmp_path / f"{name}.jsonl"
        hit = {"transcript_id": lecture, "start": 0, "end": 8, "score": 1}
        lines = [json.dumps({"id": row["id"], "hits": [hit]}) for row in rows]
        results.write_text("\n".join(lines), encoding="utf-8")
        kept = evaluate("retrieval", path, "--results", results, "--out", tmp_path / name)
        assert kept.exit_code == 0, kept.output
    told = evaluate("compare", tmp_path / "one", tmp_path / "two")
    assert told.exit_code == 0
    assert "[/bold] 0?" in told.output and "[red]0" in told.output
    assert (
        "[/bold]"
        not in evaluate("compare", tmp_path / "one", tmp_path / "two", "--changes", 0).output
    )
    assert "\x1b" not in told.output and "\0" not in told.output
