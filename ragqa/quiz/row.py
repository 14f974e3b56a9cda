"""A line of a quiz file as it enters."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Finite = Annotated[float, Field(allow_inf_nan=False)]


class ComputedRow(BaseModel):
    """An expression, and what each option says in numbers."""

    model_config = ConfigDict(extra="forbid")
    expression: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    values: list[Finite]


class ItemRow(BaseModel):
    """One item; fields that ragqa does not know are left alone."""

    model_config = ConfigDict(extra="ignore")
    id: Words
    language: Words = "und"
    question: Words
    options: Annotated[list[Words], Field(min_length=2, max_length=8)]
    answer: Literal["A", "B", "C", "D", "E", "F", "G", "H"]
    check: Words | ComputedRow | None = None
    half: Literal["development", "test"] = "test"
    topic: str = ""
