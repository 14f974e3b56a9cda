"""Reading the bank, and saying what is wrong with a file of it."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ragqa.concepts.concept import LANGUAGES, Concept
from ragqa.errors import RagqaError

if TYPE_CHECKING:
    from pydantic import ValidationError

BANK = Path(__file__).parent


@functools.cache
def concepts() -> tuple[Concept, ...]:
    """The bundled concepts, topic by topic. Raises RagqaError naming file and concept."""
    return read_bank(BANK)


def concept_named(identifier: str) -> Concept:
    """The bundled concept of that id; RagqaError names the nearest ids when there is none."""
    from rapidfuzz import process

    by_id = {concept.id: concept for concept in concepts()}
    if identifier in by_id:
        return by_id[identifier]
    near = [name for name, _, _ in process.extract(identifier, list(by_id), limit=3)]
    raise RagqaError(
        f"There is no concept {identifier!r}; nearest: {', '.join(near)}. "
        "`ragqa concepts list` shows all."
    )


def read_bank(folder: Path) -> tuple[Concept, ...]:
    """The concepts of every YAML file in `folder`, in the files' order by name.

    Raises RagqaError for YAML that does not parse, fields that are missing, unknown or empty,
    fewer than three wordings of a side, and ids or wordings that occur twice.
    """
    found = [concept for path in sorted(folder.glob("*.yaml")) for concept in _read(path)]
    if not found:
        raise RagqaError(f"{folder} holds no concepts (*.yaml).")
    _refuse_repeats("id", ((concept.id, concept.id) for concept in found))
    _refuse_repeats(
        "wording",
        (
            (wording.casefold(), concept.id)
            for concept in found
            for side in (concept.statements, concept.misconceptions)
            for wordings in side.values()
            for wording in wordings
        ),
    )
    return tuple(found)


def _read(path: Path) -> list[Concept]:
    import yaml
    from pydantic import ValidationError

    from ragqa.concepts.bank.schema import Topic

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # six times as fast where it exists
    try:
        topic = Topic.model_validate(yaml.load(path.read_text("utf-8"), loader))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise RagqaError(f"{path}: cannot be read as YAML: {error}") from None
    except ValidationError as error:
        raise RagqaError(f"{path}: {_complaint(error)}") from None
    return [
        Concept(
            entry.id,
            topic.topic,
            entry.source,
            entry.check,
            {language: tuple(getattr(entry.statements, language)) for language in LANGUAGES},
            {language: tuple(getattr(entry.misconceptions, language)) for language in LANGUAGES},
        )
        for entry in topic.concepts
    ]


def _complaint(error: ValidationError) -> str:
    """The first three faults, each with its place; entries are counted from 1."""
    faults = []
    for fault in error.errors()[:3]:
        parts = (part + 1 if isinstance(part, int) else part for part in fault["loc"])
        faults.append(f"{'.'.join(map(str, parts)) or 'the file'}: {fault['msg']}")
    return "; ".join(faults)


def _refuse_repeats(what: str, pairs: Iterable[tuple[str, str]]) -> None:
    owners: dict[str, str] = {}
    for value, owner in pairs:
        if value in owners:
            raise RagqaError(f"The {what} {value!r} occurs in {owners[value]} and in {owner}.")
        owners[value] = owner
