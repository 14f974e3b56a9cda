"""`ragqa eval retrieval`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ragqa.cli.console import JsonOption, QuietOption, command, err, note, print_json, progress_bar
from ragqa.cli.eval_compare import CommonOption, LevelOption, TopicsOption
from ragqa.cli.options import (
    EXAMPLES,
    CorpusOption,
    DeviceOption,
    IndexOption,
    MethodOption,
    ModelOption,
)

if TYPE_CHECKING:
    from ragqa.evaluate import Evaluation, Judging
    from ragqa.questions import Lecture, QuestionSet
    from ragqa.runs import Run

HELP = (
    "Measure whether the right minute comes back, against marked spans. QUESTIONS is JSONL, "
    "SQuAD-style JSON, a BEIR folder or TREC qrels; default: the bundled questions on the bundled "
    "corpus. SQuAD and BEIR bring their own texts."
    + EXAMPLES
    + """```
ragqa eval retrieval
ragqa eval retrieval questions.jsonl --corpus my-lectures/ -k 20 --out runs/hybrid
ragqa eval retrieval questions.jsonl --results other.trec --corpus my-lectures/
ragqa eval retrieval --measures recall@1,nDCG@10,overlap@5 --coverage span:0.8
ragqa eval retrieval --fail-under recall@5=0.85 --baseline runs/hybrid
```

**A question** is a line of JSON, and so is a ranked list in --results (best first):

```
{"id": "q1", "question": "what is softmax", "language": "en", "answerable": true,
 "spans": [{"transcript_id": "en/a", "start": 40.1, "end": 93.2, "relevance": 3}]}
{"id": "q1", "hits": [{"transcript_id": "en/a", "start": 30, "end": 180, "score": 0.83}]}
```

TREC files name a moment LECTURE@START-END, in seconds.

**Halves**: what was tuned on the development half is honestly measured on `--half test` only, as
ragqa's own defaults on the bundled questions.

**Coverage** decides when a hit is relevant: `span:0.5` when it covers half of a span, `chunk:0.5`
when half of its own seconds lie in a span, `either:0.5` when one of the two holds, `any` when
they overlap at all.

Exit code 1: a `--fail-under` was missed, or a measure is significantly worse than in
`--baseline`."""
)


@command
def retrieval(
    questions: Annotated[
        Path | None, typer.Argument(help="The question set. [the bundled one]", show_default=False)
    ] = None,
    index: IndexOption = None,
    corpus: CorpusOption = None,
    half: Annotated[
        str | None,
        typer.Option(help="Ask only the development or the test half of the questions."),
    ] = None,
    results: Annotated[
        Path | None, typer.Option(help="Another system's results: a TREC run, or JSONL.")
    ] = None,
    k: Annotated[int | None, typer.Option("-k", help="Hits a question. [10]")] = None,
    method: MethodOption = "hybrid",
    measures: Annotated[
        str | None, typer.Option(help="Names with commas between: recall@5,MRR@10,seconds@5.")
    ] = None,
    coverage: Annotated[str, typer.Option(help="Rule and share: when a hit is relevant.")] = (
        "either:0.5"
    ),
    threshold: Annotated[
        float | None,
        typer.Option(
            help="Top score below which a question counts as unanswerable. "
            "[each half of the questions chooses it for the other half]"
        ),
    ] = None,
    out_: Annotated[Path | None, typer.Option("--out", help="Keep the run in this folder.")] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the run in --out.")
    ] = False,
    export_trec: Annotated[
        bool, typer.Option("--export-trec", help="Put run.trec and qrels.trec into --out.")
    ] = False,
    fail_under: Annotated[
        list[str] | None,
        typer.Option(
            help="MEASURE=VALUE that the mean must reach (seconds, redundancy: not exceed). "
            "Repeatable."
        ),
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(help="A run; fail on a significant drop from it.")
    ] = None,
    level: LevelOption = 0.05,
    common: CommonOption = False,
    topics: TopicsOption = False,
    model: ModelOption = None,
    device: DeviceOption = "auto",
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Measure retrieval."""
    from dataclasses import replace

    from ragqa.errors import RagqaError
    from ragqa.evaluate import Coverage, Judging, bound, chosen_measures, failures, trec_files
    from ragqa.locations import bundled
    from ragqa.questions import half_of, read_questions
    from ragqa.runs import read_run, write_run

    if results and method != "hybrid":
        raise RagqaError("--method is for searching an index; --results are ranked already.")
    _check_out(out_, overwrite, export_trec)
    bounds = [bound(text) for text in fail_under or []]
    before = read_run(baseline) if baseline else None
    depth = k if results else 10 if k is None else k
    named = [name for name in (measures or "").split(",") if name.strip()]
    bounded = (one.measure.name for one in bounds)
    chosen = chosen_measures([*(m.name for m in chosen_measures(named, depth)), *bounded], depth)
    how = Judging(chosen, Coverage.named(coverage), threshold, half=half)
    asked = read_questions(questions or bundled("eval", "questions.jsonl"))
    if half:
        asked = half_of(asked, half)
    if corpus is None and index is None and questions is None:
        corpus = _bundled_corpus(results is not None)
    evaluation, run = (
        _measured(asked, results, how, index, corpus, k, common or half is not None, quiet)
        if results
        else _searched(asked, how, index, corpus, depth or 10, method, model, device, quiet)
    )
    run = replace(run, folder=out_ or Path("this run"))
    if out_ is not None:
        rankings = evaluation.rankings
        files = trec_files(rankings, asked.questions, how.coverage) if export_trec else {}
        write_run(run, out_, files, overwrite)
    problems = failures(evaluation, bounds)
    if before is not None:
        problems += _drops(before, run, level, common, quiet)
    _tell(run, out_, problems, topics, json, quiet)


def _check_out(out: Path | None, overwrite: bool, export_trec: bool) -> None:
    """Refuse before the work what would fail after it."""
    from ragqa.errors import RagqaError

    if export_trec and out is None:
        raise RagqaError("--export-trec writes into the run's folder; name it with --out.")
    if out is not None and out.exists() and not overwrite:
        raise RagqaError(f"{out} exists already; choose another --out, or pass --overwrite.")


def _bundled_corpus(only_read: bool) -> Path | None:
    """The bundled lectures' folder, where the default would be something else or nothing."""
    from ragqa.corpora import DEFAULT_INDEX
    from ragqa.locations import bundled

    return bundled("corpus") if only_read or DEFAULT_INDEX.exists() else None


def _searched(
    asked: QuestionSet,
    how: Judging,
    index: Path | None,
    corpus: Path | None,
    k: int,
    method: str,
    model: str | None,
    device: str,
    quiet: bool,
) -> tuple[Evaluation, Run]:
    from ragqa.cli.searching import opened
    from ragqa.embed import DEFAULT_MODEL, embedder
    from ragqa.evaluate import evaluated_index, own_index
    from ragqa.retrieve import Retriever

    if asked.transcripts and index is None and corpus is None:
        chosen = embedder(model or DEFAULT_MODEL, device=device)
        with progress_bar(quiet) as progress:
            retriever = Retriever(own_index(asked, chosen, progress), chosen)
    else:
        found, chosen = opened(index, corpus, model, device, quiet)
        retriever = Retriever(found.index, chosen)
    with progress_bar(quiet) as progress:
        return evaluated_index(asked, retriever, how, k, method, progress)  # type: ignore[arg-type]


def _measured(
    asked: QuestionSet,
    results: Path,
    how: Judging,
    index: Path | None,
    corpus: Path | None,
    k: int | None,
    common: bool,
    quiet: bool,
) -> tuple[Evaluation, Run]:
    from ragqa.errors import RagqaError
    from ragqa.evaluate import evaluated_results, lectures_in, lectures_of
    from ragqa.index import Index
    from ragqa.questions import lecture_of

    if index and corpus:
        raise RagqaError("Give --index or --corpus, not both.")
    opened = Index.open(index) if index else None
    lectures: dict[str, Lecture] | None = None
    if opened:
        lectures = lectures_of(opened)
    elif corpus:
        lectures = lectures_in(corpus)
    elif asked.transcripts:
        lectures = {transcript.id: lecture_of(transcript) for transcript in asked.transcripts}
    else:
        note("not checked against the lectures: pass --corpus or --index to do so", quiet)
    return evaluated_results(asked, results, how, lectures, opened, k, common)


def _drops(before: Run, run: Run, level: float, common: bool, quiet: bool) -> list[str]:
    """What is significantly worse than in the run `before`."""
    from ragqa.evaluate import compare, significant_drops

    known = before.settings.get("measures", [])
    shared = [name for name in run.settings["measures"] if name in known]
    comparison = compare([before, run], shared or None, level=level, common=common)
    drops = significant_drops(comparison)
    count = len(comparison.rows)
    not_shared = f", {comparison.not_shared} not shared" if comparison.not_shared else ""
    note(
        f"against {before.folder}: {len(drops)} of {count} measures significantly worse "
        f"({comparison.questions} questions{not_shared})",
        quiet,
    )
    return [f"against {before.folder}: {drop}" for drop in drops]


def _tell(
    run: Run, out: Path | None, problems: list[str], topics: bool, json: bool, quiet: bool
) -> None:
    from ragqa.cli.evaluate_tables import print_retrieval

    if json:
        told: dict[str, Any] = {
            "run": str(out) if out else None,
            "identity": run.identity,
            "settings": dict(run.settings),
            "hashes": dict(run.hashes),
            "versions": dict(run.versions),
            "timings": dict(run.timings),
            **run.aggregate,
            "failures": problems,
        }
        print_json(told)
    else:
        print_retrieval(run, topics)
        if out:
            note(f"kept in {out}", quiet)
    for problem in problems:
        err.print(f"ragqa: {problem}", markup=False, soft_wrap=True)
    if problems:
        raise typer.Exit(1)
