"""The shape of a bank file."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
Function = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Wordings = Annotated[list[Words], Field(min_length=3)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Side(_Strict):
    """Wordings in each language."""

    en: Wordings
    pt: Wordings
    es: Wordings


class Entry(_Strict):
    """One concept."""

    id: Name
    source: Words
    check: Function
    statements: Side
    misconceptions: Side


class Topic(_Strict):
    """One file."""

    topic: Name
    concepts: Annotated[list[Entry], Field(min_length=1)]
