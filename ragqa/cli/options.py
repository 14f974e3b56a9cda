"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

IndexOption = Annotated[
    Path | None,
    typer.Option("--index", help="Index folder; default: ragqa-index here, or the bundled corpus."),
]
CorpusOption = Annotated[
    Path | None,
    typer.Option("--corpus", help="Folder or file of transcripts, indexed in the cache."),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        help="E5 model: multilingual-e5-small (offline), a hub id, or a folder. "
        "Default: the index's own.",
    ),
]
DeviceOption = Annotated[
    str, typer.Option("--device", help="auto, cpu, cuda or mps, for bulk and other models.")
]
MethodOption = Annotated[
    str, typer.Option("--method", help="hybrid, dense, bm25 or rrf.", show_default=True)
]
LanguageFilter = Annotated[
    str | None, typer.Option("--language", help="Only lectures in this language, such as pt.")
]
LectureFilter = Annotated[
    str | None, typer.Option("--lecture", help="Only this lecture: its id or part of its title.")
]
CourseFilter = Annotated[
    str | None, typer.Option("--course", help="Only this course, by part of its name.")
]
EXAMPLES = "\n\n**Examples**\n\n"


def two_numbers(text: str, option: str) -> tuple[float, float]:
    """The numbers of "0.8,0.4". Raises RagqaError naming the option."""
    from ragqa.errors import RagqaError

    try:
        first, second = (float(part) for part in text.split(","))
    except ValueError:
        raise RagqaError(
            f"{option} takes two numbers with a comma between, not {text!r}."
        ) from None
    return first, second
