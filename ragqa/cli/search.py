"""`ragqa search`."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table
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

HELP = (
    "Find the chunks of lectures that fit a question best."
    + EXAMPLES
    + """```
ragqa search "softmax" -k 5
ragqa search "función de pérdida" --language es --json
ragqa search "learning rate" --corpus my-lectures/ --method bm25
```"""
)


@command
def search(
    question: Annotated[str, typer.Argument(help="A question or a few words.")],
    k: Annotated[int, typer.Option("-k", help="Hits to show.")] = 10,
    index: IndexOption = None,
    corpus: CorpusOption = None,
    method: MethodOption = "hybrid",
    language: LanguageFilter = None,
    lecture: LectureFilter = None,
    course: CourseFilter = None,
    model: ModelOption = None,
    device: DeviceOption = "auto",
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Find chunks."""
    from ragqa.cli.searching import opened
    from ragqa.links import clock
    from ragqa.retrieve import Retriever, checked_question, hit_json

    checked_question(question)
    found, embedder = opened(index, corpus, model, device, quiet)
    retriever = Retriever(found.index, embedder)
    (hits,) = retriever.search([question], k, method, language, lecture, course)  # type: ignore[arg-type]
    if json:
        print_json({"question": question, "method": method, "hits": [hit_json(h) for h in hits]})
        return
    note(f"from {found.origin}", quiet)
    table = Table("#", "corpus_id", "score", "lecture", "time", "text", box=None, pad_edge=False)
    for hit in hits:
        chunk = hit.chunk
        table.add_row(
            str(hit.rank),
            str(chunk.corpus_id),
            f"{hit.score:.3f}",
            Text(chunk.title),
            f"{clock(chunk.start)}–{clock(chunk.end)}" if chunk.start is not None else "—",
            Text(chunk.text[:160] + ("…" if len(chunk.text) > 160 else "")),
        )
    out.print(table)
    if not hits:
        out.print("Nothing matches.")
