"""The options with which a command reads records of other layouts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

FromOption = Annotated[
    str | None,
    typer.Option(
        "--from",
        help="ragqa, markdown, csv, ragas, deepeval, trulens or plain. [told from the file]",
    ),
]
MapOption = Annotated[
    list[str] | None,
    typer.Option("--map", help="The file's name of a field: question=Q. Repeatable."),
]


def mapping(given: Sequence[str] | None) -> dict[str, str]:
    """Our field -> the file's name of it. Raises RagqaError for what is no FIELD=NAME."""
    from ragqa.errors import RagqaError

    pairs = [pair.partition("=") for pair in given or ()]
    if not all(field and name for field, _, name in pairs):
        raise RagqaError("--map takes FIELD=NAME, such as question=Q.")
    return {field.strip(): name for field, _, name in pairs}
