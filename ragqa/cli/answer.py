"""`ragqa answer`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from ragqa.cli.console import JsonOption, QuietOption, command, counted, err, note, out, print_json
from ragqa.cli.options import (
    EXAMPLES,
    CorpusOption,
    DeviceOption,
    IndexOption,
    MethodOption,
    ModelOption,
)

if TYPE_CHECKING:
    from ragqa.index import Index

HELP = (
    "Answer a whole question set from lecture transcripts into a file of records, which "
    "`ragqa grade` grades."
    + EXAMPLES
    + """```
ragqa answer --out records.jsonl
ragqa answer my-questions.txt --corpus my-lectures/ --out records.jsonl
ragqa answer my-questions.jsonl --out written.jsonl --llm llama3.2 \\
    --llm-url http://localhost:11434/v1
ragqa grade records.jsonl
```

Each record is on the disk as soon as its answer is there. A run that was stopped goes on with
the same command; questions that the file has answers to are not asked again."""
)


@command
def answer(
    questions: Annotated[
        Path | None,
        typer.Argument(
            help="Questions: a line each (.txt), CSV, JSONL, SQuAD or BEIR; spans need not be "
            "marked. Default: the bundled questions."
        ),
    ] = None,
    out_: Annotated[
        Path, typer.Option("--out", help="File that records are added to, .jsonl or .md.")
    ] = Path("records.jsonl"),
    k: Annotated[int, typer.Option("-k", help="Chunks that an answer is drawn from.")] = 8,
    index: IndexOption = None,
    corpus: CorpusOption = None,
    method: MethodOption = "hybrid",
    llm: Annotated[
        str | None, typer.Option("--llm", help="Let this model of an endpoint write the answers.")
    ] = None,
    llm_url: Annotated[
        str | None,
        typer.Option(
            "--llm-url",
            help="OpenAI-compatible endpoint; its key is read from $RAGQA_API_KEY "
            "or $OPENAI_API_KEY.",
        ),
    ] = None,
    concurrency: Annotated[
        int, typer.Option(help="Questions that are put to the endpoint at once.")
    ] = 8,
    model: ModelOption = None,
    device: DeviceOption = "auto",
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Answer a question set."""
    from ragqa.answer import Asker
    from ragqa.cli.console import progress_bar
    from ragqa.cli.searching import endpoint_writer, opened
    from ragqa.locations import bundled
    from ragqa.questions import read_unmarked
    from ragqa.records.answering import answer_questions
    from ragqa.retrieve import Retriever

    asked = read_unmarked(questions or bundled("eval", "questions.jsonl"))
    writer = endpoint_writer(llm, llm_url)
    found, embedder = opened(index, corpus, model, device, quiet)
    asker = Asker(Retriever(found.index, embedder), writer)
    settings = {
        "corpus": _digest(found.index),
        "model": embedder.name,
        "k": k,
        "method": method,
        "writer": writer.name if writer else "extractive",
    }
    with progress_bar(quiet) as progress:
        done = answer_questions(
            asked.questions,
            lambda question: asker.ask(question, k, method),  # type: ignore[arg-type]
            out_,
            settings,
            progress,
            concurrency if writer else 1,
        )
    for name, sentence in done.failed:
        note(f"question {name}: {sentence}", quiet)
    if json:
        failed = [{"id": name, "error": sentence} for name, sentence in done.failed]
        print_json({"out": str(out_), **asdict(done), "failed": failed})
    else:
        kept = f"; {done.kept} were there already" if done.kept else ""
        out.print(
            Text(
                f"{counted(done.written, 'answer')} added to {out_}, {done.refused} of them say "
                f"that the corpus holds no answer{kept}"
            )
        )
    if done.failed or done.left:
        missing = len(done.failed) + done.left
        err.print(
            f"ragqa: {counted(missing, 'question')} without an answer yet; the last failure: "
            f"{done.failed[-1][1]} The same command asks them again.",
            markup=False,
            soft_wrap=True,
        )
        raise typer.Exit(1)


def _digest(index: Index) -> str:
    """A hash of the lectures' contents and of how they were cut into chunks."""
    import hashlib
    import json

    lectures = sorted(index.metadata.digests().items())
    told = json.dumps([lectures, asdict(index.manifest.chunking)])
    return hashlib.sha256(told.encode()).hexdigest()[:16]
