"""`ragqa grade`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ragqa.cli.console import (
    JsonOption,
    QuietOption,
    command,
    counted,
    err,
    note,
    print_json,
    tell_problems,
)
from ragqa.cli.graded import notes_on, print_graded
from ragqa.cli.options import EXAMPLES, two_numbers
from ragqa.cli.record_options import FromOption, MapOption, mapping

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

The endpoint's key is read from $RAGQA_API_KEY or $OPENAI_API_KEY. Every reply and every grade is
kept as it comes: a run that was stopped goes on where it was, without paying twice. Graded again
into the same file, records keep the grades of other judges and metrics, people's letters, and what
was graded before where it fails now."""
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
    from_: FromOption = None,
    map_: MapOption = None,
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
    reply_tokens: Annotated[
        int | None,
        typer.Option(
            "--reply-tokens",
            help="Tokens for a reply, thought included; four times as many after one that was cut. "
            "[900]",
        ),
    ] = None,
    price: Annotated[
        str | None, typer.Option(help="IN,OUT: US dollars for a million tokens.")
    ] = None,
    cache: Annotated[
        Path | None, typer.Option(help="Where replies are kept. [in ragqa's cache]")
    ] = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Keep no replies.")] = False,
    retry_errors: Annotated[
        bool, typer.Option("--retry-errors", help="Ask again where no kept reply was readable.")
    ] = False,
    thresholds: Annotated[
        str | None, typer.Option(help="C,P: lowest scores for those letters. [0.8,0.4]")
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Keep nothing of what OUT holds, whatever it is.")
    ] = False,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Grade a file of records."""
    from ragqa.cli.console import progress_bar
    from ragqa.errors import RagqaError
    from ragqa.grade import Thresholds, grade_records
    from ragqa.grade.files import check_place, earlier_records, graded_path
    from ragqa.records import read_records

    options: dict[str, Any] = {
        "samples": samples,
        "concurrency": concurrency,
        "per_minute": per_minute,
        "timeout": timeout,
        "retries": retries,
        "temperature": temperature,
        "max_calls": max_calls,
        "max_cost": max_cost,
        "reply_tokens": reply_tokens,
        "retry_errors": retry_errors or None,
    }
    letters = Thresholds(*two_numbers(thresholds, "--thresholds")) if thresholds else None
    names = None if metrics is None else _names(metrics)
    options["cache"] = _cache(judge, cache, no_cache)
    chosen = _judge(judge, judge_url, options, price)
    place = graded_path(records, out_)
    reading = read_records(records, from_, mapping(map_))
    tell_problems(reading.problems, quiet)
    if not reading.records:
        raise RagqaError(_nothing(reading))
    if not overwrite:
        earlier_records(place, reading.records)  # before anything is paid for
    check_place(place)
    partial = None if options["cache"] else _partial(place, chosen)
    with progress_bar(quiet) as progress:
        done = grade_records(reading.records, chosen, names, progress, letters, partial)
    kept = _write(place, done, reading, partial, overwrite, options["cache"])
    for line in notes_on(kept, place) if kept else ():
        note(line, quiet)
    if json:
        from ragqa.grade.files import told

        print_json({"out": str(place) if kept else None, **told(done, reading)})
    elif kept:
        print_graded(done, place, reading, kept)
    if complaint := _complaint(done, kept is not None):
        err.print(f"ragqa: {complaint}", markup=False, soft_wrap=True)
        raise typer.Exit(1)


def _names(metrics: str) -> list[str]:
    """The metrics in an option's value. Raises RagqaError for none, or for an unknown one."""
    from ragqa.errors import RagqaError
    from ragqa.grade import METRICS, metric_named

    names = [name.strip() for name in metrics.split(",") if name.strip()]
    if not names:
        raise RagqaError(f"--metrics names no metric; choose {', '.join(METRICS)}.")
    for name in names:
        metric_named(name)
    return names


def _partial(place: Path, judge: Any) -> Any:
    """Where the grades of a judge that keeps nothing itself are kept until the run has ended."""
    from ragqa.grade.files import partial_path
    from ragqa.grade.partial import Partial

    return Partial(partial_path(place), judge.settings())


def _write(
    place: Path, done: Any, reading: Any, partial: Any, overwrite: bool, cache: Path | None
) -> Any:
    """Write what was graded and tell what stays beside it; None when that is nothing, which
    replaces no earlier file."""
    from ragqa.errors import RagqaError
    from ragqa.grade.files import write_graded

    if done.stopped and not done.summary:
        return None
    try:
        kept = write_graded(place, done, reading, overwrite)
    except RagqaError as error:
        raise type(error)(f"{error}{_safe(cache, partial)}") from error
    if partial and not done.stopped:
        partial.discard()
    return kept


def _safe(cache: Path | None, partial: Any) -> str:
    """Where what a run has done is kept, though the file of grades could not be written."""
    if cache:
        return f" The replies are kept in {cache}; the same command pays for none of them again."
    if partial and partial.path.is_file():
        return f" What was graded is kept in {partial.path}; the same command goes on from there."
    return ""


def _complaint(done: Any, written: bool) -> str:
    """Why the command fails; empty when it does not."""
    if done.stopped:
        joint = " " if done.stopped[-1] in ".?!" else "; "
        rest = _rest(done) if written else "nothing was graded, and no file was written."
        return f"stopped: {done.stopped}{joint}{rest}"
    errors = sum(told.errors for told in done.summary.values())
    if errors and errors == sum(told.errors + told.graded for told in done.summary.values()):
        return f"nothing could be graded ({counted(errors, 'error')}); the first: {_error(done)}"
    return ""


def _rest(done: Any) -> str:
    """What a run that stopped left undone, and the first of its errors."""
    left = f"{counted(done.left, 'judgement')} {'is' if done.left == 1 else 'are'} left"
    rest = f"{left}. The same command goes on from here." if done.left else "no judgement is left."
    error = _error(done)
    return f"{rest} The first error: {error}" if error else rest


def _error(done: Any) -> str:
    """The first error of a run; empty for none."""
    errors = (grade.error for made in done.made for grade in reversed(made) if grade.error)
    return next(errors, "")


def _nothing(reading: Any) -> str:
    first = next((problem for problem in reading.problems if not problem.kept), None)
    told = f"; the first problem: {first}" if first else ""
    return f"{reading.path} holds no record that can be graded{told}."


def _cache(judge: str, given: Path | None, no_cache: bool) -> Path | None:
    """The file of replies; None without one."""
    if not judge.startswith("openai:"):
        return given  # the judge says that it takes none
    from ragqa.locations import cache_folder

    return None if no_cache else given or cache_folder() / "judgements.sqlite"


def _judge(name: str, url: str | None, options: dict[str, Any], price: str | None) -> Any:
    from ragqa.grade import judge

    given = {option: value for option, value in options.items() if value is not None}
    if price:
        from ragqa.grade.llm import Price

        given["price"] = Price(*two_numbers(price, "--price"))
    return judge(name, url, **given)
