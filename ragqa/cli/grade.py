"""`ragqa grade`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from ragqa.cli.console import (
    JsonOption,
    QuietOption,
    command,
    counted,
    err,
    out,
    print_json,
    tell_problems,
)
from ragqa.cli.options import EXAMPLES, two_numbers

HELP = (
    "Grade answers: relevance, support, correctness, truth. Records come as JSONL, as Markdown, as "
    "CSV, or as RAGAS, DeepEval and TruLens keep them."
    + EXAMPLES
    + """```
ragqa grade records.jsonl
ragqa grade answers.csv --map question=Q --map answer=A --metrics answer_relevance
ragqa grade records.md --judge openai:llama3.2 --judge-url http://localhost:11434/v1
ragqa grade records.jsonl --judge openai:gpt-4o-mini --judge-url https://api.openai.com/v1 \\
    --samples 3 --max-cost 0.50 --out graded.jsonl
```

The endpoint's key is read from $RAGQA_API_KEY or $OPENAI_API_KEY. Every reply is kept as it
comes: a run that was stopped goes on where it was, without paying twice."""
)


@command
def grade(
    records: Annotated[Path, typer.Argument(help="File of records.")],
    out_: Annotated[
        Path | None,
        typer.Option("--out", help="Graded records, .jsonl or .md. [RECORDS.graded.jsonl]"),
    ] = None,
    metrics: Annotated[
        str | None,
        typer.Option(
            help="answer_relevance, context_relevance, groundedness, correctness, concepts, with "
            "commas between. Default: all that a record has the inputs for."
        ),
    ] = None,
    judge: Annotated[str, typer.Option(help="local, or openai:MODEL.")] = "local",
    judge_url: Annotated[
        str | None, typer.Option("--judge-url", help="OpenAI-compatible endpoint.")
    ] = None,
    from_: Annotated[
        str | None,
        typer.Option("--from", help="ragqa, markdown, csv, ragas, deepeval, trulens or plain."),
    ] = None,
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", help="The file's name of a field: question=Q. Repeatable."),
    ] = None,
    samples: Annotated[
        int | None, typer.Option(help="Replies for each grade; their spread is told. [1]")
    ] = None,
    concurrency: Annotated[int | None, typer.Option(help="Calls at once. [8]")] = None,
    per_minute: Annotated[
        float | None, typer.Option("--rate", help="Calls a minute at most.")
    ] = None,
    timeout: Annotated[float | None, typer.Option(help="Seconds for a call. [60]")] = None,
    retries: Annotated[int | None, typer.Option(help="Tries after the first. [4]")] = None,
    temperature: Annotated[float | None, typer.Option(help="[0; 0.7 with several samples]")] = None,
    max_calls: Annotated[int | None, typer.Option(help="Stop before more calls.")] = None,
    max_cost: Annotated[float | None, typer.Option(help="Stop before more US dollars.")] = None,
    price: Annotated[
        str | None, typer.Option(help="IN,OUT: US dollars for a million tokens.")
    ] = None,
    cache: Annotated[
        Path | None, typer.Option(help="Where replies are kept. [in ragqa's cache]")
    ] = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Keep no replies.")] = False,
    thresholds: Annotated[
        str | None, typer.Option(help="C,P: lowest scores for those letters. [0.8,0.4]")
    ] = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Grade a file of records."""
    from ragqa.cli.console import progress_bar
    from ragqa.errors import RagqaError
    from ragqa.grade import Thresholds, grade_records, metric_named
    from ragqa.grade.files import graded_path, write_graded
    from ragqa.records import read_records

    options = {
        "samples": samples,
        "concurrency": concurrency,
        "per_minute": per_minute,
        "timeout": timeout,
        "retries": retries,
        "temperature": temperature,
        "max_calls": max_calls,
        "max_cost": max_cost,
    }
    letters = Thresholds(*two_numbers(thresholds, "--thresholds")) if thresholds else None
    names = [name.strip() for name in metrics.split(",") if name.strip()] if metrics else None
    for name in names or ():
        metric_named(name)
    chosen = _judge(judge, judge_url, options, price, cache, no_cache)
    place = graded_path(records, out_)
    reading = read_records(records, from_, _mapping(map_ or []))
    tell_problems(reading.problems, quiet)
    if not reading.records:
        raise RagqaError(_nothing(reading))
    with progress_bar(quiet) as progress:
        done = grade_records(reading.records, chosen, names, progress, letters)
    write_graded(place, done, reading)
    if json:
        from ragqa.grade.files import told

        print_json({"out": str(place), **told(done, reading)})
    else:
        _print(done, place, reading)
    if done.stopped:
        err.print(
            f"ragqa: stopped: {done.stopped}; {done.left} judgements are left. The same command "
            "goes on from here.",
            markup=False,
            soft_wrap=True,
        )
        raise typer.Exit(1)


def _nothing(reading: Any) -> str:
    first = next((problem for problem in reading.problems if not problem.kept), None)
    told = f"; the first problem: {first}" if first else ""
    return f"{reading.path} holds no record that can be graded{told}."


def _judge(
    name: str,
    url: str | None,
    options: dict[str, Any],
    price: str | None,
    cache: Path | None,
    no_cache: bool,
) -> Any:
    from ragqa.grade import judge

    given = {option: value for option, value in options.items() if value is not None}
    if price:
        from ragqa.grade.llm import Price

        given["price"] = Price(*two_numbers(price, "--price"))
    if name.startswith("openai:") and not no_cache:
        from ragqa.locations import cache_folder

        given["cache"] = cache or cache_folder() / "judgements.sqlite"
    elif cache:
        given["cache"] = cache
    return judge(name, url, **given)


def _mapping(given: list[str]) -> dict[str, str]:
    from ragqa.errors import RagqaError

    pairs = [pair.partition("=") for pair in given]
    if not all(field and name for field, _, name in pairs):
        raise RagqaError("--map takes FIELD=NAME, such as question=Q.")
    return {field.strip(): name for field, _, name in pairs}


def _print(done: Any, place: Path, reading: Any) -> None:
    out.print(_table(done.summary))
    left_out = sum(not problem.kept for problem in reading.problems)
    lines = [
        f"{counted(len(done.records), 'record')} graded into {place} in {done.seconds:.1f} s"
        + (f"; {left_out} left out" if left_out else "")
    ]
    if done.usage:
        lines += _costs(done.usage)
    for name, told in done.summary.items():
        lines += _remarks(name, told, place)
    for line in lines:
        out.print(Text(line))


def _table(summary: Any) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("metric")
    for name in ("graded", "errors", "abstained", "mean", "±", "C", "P", "I"):
        table.add_column(name, justify="right")
    for name, told in summary.items():
        table.add_row(
            name,
            str(told.graded),
            str(told.errors),
            str(told.abstained),
            "—" if told.mean is None else f"{told.mean:.3f}",
            "—" if told.deviation is None else f"{told.deviation:.3f}",
            *(str(told.letters.get(letter, 0)) for letter in "CPI"),
        )
    return table


def _costs(usage: Any) -> list[str]:
    cost = "price unknown" if usage["cost"] is None else f"${usage['cost']:.4f}"
    lines = [
        f"{usage['calls']} calls, {usage['cached']} from the cache, "
        f"{usage['prompt_tokens']} + {usage['completion_tokens']} tokens, {cost}"
    ]
    if usage["calls_without_answer"]:
        lines.append(
            f"{usage['calls_without_answer']} of the calls got no usable answer and may have been "
            "charged; the total holds the most they can cost"
        )
    return lines


def _remarks(name: str, told: Any, place: Path) -> list[str]:
    others = [f"{n} {verdict}" for verdict, n in told.letters.items() if verdict not in "CPI"]
    lines = [f"{name}: {', '.join(others)}"] if others else []
    if told.errors:
        lines.append(f"{name}: {told.errors} could not be graded; see their errors in {place}")
    if told.unverified:
        lines.append(f"{name}: {told.unverified} rest on quotations that no text holds")
    if told.cut:
        lines.append(f"{name}: {told.cut} judge texts that were too long to be shown whole")
    if told.spread is not None:
        lines.append(f"{name}: samples differ by {told.spread:.2f} points on average")
    return lines
