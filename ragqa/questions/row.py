"""A line of a question file as it enters."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(min_length=1)]
Relevance = Annotated[int, Field(ge=0, le=3, strict=True)]


class SpanRow(BaseModel):
    """Human-marked time; order and sign are checked where the line number is known."""

    model_config = ConfigDict(extra="forbid")
    transcript_id: Name
    start: Annotated[float, Field(strict=True)]
    end: Annotated[float, Field(strict=True)]
    relevance: Relevance = 1


class QuestionRow(BaseModel):
    """A question; unknown fields are kept out of the way, a misspelt span field is not."""

    model_config = ConfigDict(extra="ignore")
    id: Name
    question: Name
    language: Name = "und"
    answerable: Annotated[bool, Field(strict=True)] = True
    spans: list[SpanRow] = []
    documents: dict[Name, Relevance] = {}
    reference_answer: str | None = None
    topic: str | None = None
    cross_language: Annotated[bool, Field(strict=True)] | None = None
