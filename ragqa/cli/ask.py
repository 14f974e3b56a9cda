"""`ragqa ask`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.padding import Padding
from rich.text import Text

from ragqa.cli.console import JsonOption, QuietOption, command, note, out, print_json
from ragqa.cli.options import (
    EXAMPLES,
    CorpusOption,
    CourseFilter,
    DeviceOption,
    IndexOption,
    LanguageFilter,
    LectureFilter,
    MethodOption,
    ModelOption,
)
from ragqa.types import Answer

HELP = (
    "Answer a question from lecture transcripts, with links that open the video at the second."
    + EXAMPLES
    + """```
ragqa ask "what is softmax"
ragqa ask "O que é entropia cruzada?" --corpus my-lectures/
ragqa ask "why does training diverge?" --llm llama3.2 --llm-url http://localhost:11434/v1
ragqa ask "what is softmax" --json | jq .citations[0].url
```"""
)


@command
def ask(
    question: Annotated[str, typer.Argument(help="In any language of the lectures, or another.")],
    k: Annotated[int, typer.Option("-k", help="Chunks that the answer is drawn from.")] = 8,
    index: IndexOption = None,
    corpus: CorpusOption = None,
    method: MethodOption = "hybrid",
    language: LanguageFilter = None,
    lecture: LectureFilter = None,
    course: CourseFilter = None,
    llm: Annotated[
        str | None, typer.Option("--llm", help="Let this model of an endpoint write the answer.")
    ] = None,
    llm_url: Annotated[
        str | None,
        typer.Option(
            "--llm-url",
            help="OpenAI-compatible endpoint; its key is read from $RAGQA_API_KEY "
            "or $OPENAI_API_KEY.",
        ),
    ] = None,
    record: Annotated[
        Path | None, typer.Option("--record", help="Append question, hits and answer to a file.")
    ] = None,
    model: ModelOption = None,
    device: DeviceOption = "auto",
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Answer a question."""
    from ragqa.answer import Asker, answer_json
    from ragqa.cli.searching import endpoint_writer, opened
    from ragqa.retrieve import Retriever, checked_question

    checked_question(question)
    writer = endpoint_writer(llm, llm_url)
    found, embedder = opened(index, corpus, model, device, quiet)
    asker = Asker(Retriever(found.index, embedder), writer)
    filters = {"language": language, "transcript": lecture, "course": course}
    answer = asker.ask(question, k, method, filters)  # type: ignore[arg-type]
    if record is not None:
        from ragqa.records import append_record, record_of

        append_record(record, record_of(answer))
    if json:
        print_json(answer_json(answer))
        return
    note(f"from {found.origin}", quiet)
    _print(answer)


def _print(answer: Answer) -> None:
    from ragqa.links import clock

    out.print()
    for line in answer.text.split("\n"):
        out.print(Padding(Text(line), (0, 0, 1, 0)))
    for number, citation in enumerate(answer.citations, 1):
        where = (
            f"{clock(citation.start)}–{clock(citation.end)}"
            if citation.start is not None
            else "no times in this transcript"
        )
        head = Text(f"[{number}] ", style="bold")
        head.append(citation.title, style="not bold")
        head.append(f"  {where}", style="not bold cyan")
        out.print(head)
        if citation.url:
            # One unbroken line, so that a terminal recognises the link.
            out.print(Text(f"    {citation.url}", style="blue"), soft_wrap=True)
    for text in answer.notes:
        out.print(Text(f"note: {text}", style="yellow"))
