"""Records of other systems, an object or a table's row each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ragqa.errors import RagqaError
from ragqa.language import language_code, question_language
from ragqa.records.fields import names_of, snake
from ragqa.records.written import written_list, written_value
from ragqa.types import Answer, Chunk, Hit, Record

_LANGUAGES = ("en", "es", "pt")
_TEXT_KEYS = ("text", "page_content", "content", "context")


def foreign_record(raw: Mapping[str, Any], format: str, mapping: Mapping[str, str]) -> Record:
    """The record in `raw`, whose fields are named as in `format`, or as `mapping` says.

    `mapping` is our field -> their name. The id is empty where there is none. Raises RagqaError
    with one clause for a question, answer or context that is no text.
    """
    known = {snake(name): name for name in raw}
    taken = {field: _name(field, format, known, mapping) for field in _FIELDS}
    _complete(taken, raw)
    values = {field: raw[name] for field, name in taken.items() if name is not None}
    question = _text(values.get("question"), "question")
    named = _text(values.get("language"), "language").strip()
    language = language_code(named) if named else question_language(question, _LANGUAGES)
    answer = _text(values.get("answer"), "answer")
    contexts = _texts(values.get("contexts"), "contexts", "|" if format == "deepeval" else None)
    if not contexts and format == "trulens":
        contexts = _traced_contexts(raw)
    id = values.get("id")
    letter = _text(values.get("annotation"), "annotation")
    return Record(
        id="" if id is None else str(id),
        question=question,
        answer=external_answer(question, answer, language) if answer.strip() else None,
        hits=tuple(context_hit(text, rank) for rank, text in enumerate(contexts, 1)),
        references=tuple(_texts(values.get("references"), "references", None)),
        annotations={"manual": letter} if letter.strip() else {},
        language=language,
        extra={name: value for name, value in raw.items() if name not in taken.values()},
    )


_FIELDS = ("id", "question", "answer", "contexts", "references", "annotation", "language")


def external_answer(question: str, text: str, language: str) -> Answer:
    """An answer of which nothing but the text is known."""
    return Answer(question, text, language, (), True, "external", "")


def context_hit(text: str, rank: int) -> Hit:
    """A retrieved text of which neither lecture nor score is known."""
    return Hit(Chunk(rank, "", 0, 0, None, None, text), 0.0, rank)


def _name(
    field: str, format: str, known: Mapping[str, str], mapping: Mapping[str, str]
) -> str | None:
    """How `field` is called among the names in `known`."""
    if field in mapping:
        chosen = mapping[field]
        if chosen in known.values():
            return chosen
        raise RagqaError(f"there is no field {chosen!r} for {field}; there are {_seen(known)}")
    free = {plain: name for plain, name in known.items() if name not in mapping.values()}
    return next((free[name] for name in names_of(field, format) if name in free), None)


def _complete(taken: Mapping[str, str | None], raw: Mapping[str, Any]) -> None:
    """Raise RagqaError with a clause that says which of question and answer has no field."""
    lacking = [field for field in ("question", "answer") if taken[field] is None]
    if not lacking:
        return
    if "turns" in raw or isinstance(raw.get(taken["question"] or ""), list):
        raise RagqaError("it is a conversation of several turns; give its last question and answer")
    told = " and no ".join(lacking)
    mapped = " ".join(f"--map {field}=NAME" for field in lacking)
    raise RagqaError(f"there is no {told} among the fields ({_seen(raw)}); name with {mapped}")


def _seen(names: Iterable[str]) -> str:
    told = list(names)
    return (", ".join(told[:8]) + (", …" if len(told) > 8 else ""))[:200] or "none"


def _text(value: Any, field: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list) and field == "question":
        raise RagqaError("the question is a conversation of several turns; give its last one")
    raise RagqaError(f"the {field} is no text")


def _texts(value: Any, field: str, separator: str | None) -> list[str]:
    """The texts in a list, in a list written as text, or in one text."""
    if isinstance(value, str):
        value = written_list(value, separator)
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise RagqaError(f"the {field} are no list of texts")
    texts = []
    for item in value:
        if isinstance(item, dict):
            item = next((item[key] for key in _TEXT_KEYS if isinstance(item.get(key), str)), None)
        if not isinstance(item, str | None):
            raise RagqaError(f"the {field} hold something that is no text")
        # Grades speak of contexts by rank, so an empty one keeps its place.
        if field == "contexts" or (item and item.strip()):
            texts.append(item or "")
    return texts


def _traced_contexts(raw: Mapping[str, Any]) -> list[str]:
    """Contexts from a TruLens trace: what feedback calls were given, or a retriever returned."""
    found: list[str] = []
    for name, value in raw.items():
        if name.endswith("_calls"):
            for call in _decoded(value) or ():
                given = call.get("args") if isinstance(call, dict) else None
                for key, item in (given or {}).items() if isinstance(given, dict) else ():
                    if "context" in key:
                        found += [item] if isinstance(item, str) else _strings(item)
    trace = _decoded(raw.get("record_json"))
    calls = trace.get("calls") if isinstance(trace, dict) else None
    for call in calls if isinstance(calls, list) and not found else ():
        if isinstance(call, dict) and "retrie" in json.dumps(call.get("stack", "")).lower():
            found += _strings(call.get("rets"))
    return list(dict.fromkeys(text for text in found if text.strip()))


def _decoded(value: Any) -> Any:
    return written_value(value) if isinstance(value, str) else value


def _strings(value: Any) -> list[str]:
    if not isinstance(value, list):
        return []
    texts = [
        next((item[key] for key in _TEXT_KEYS if key in item), None)
        if isinstance(item, dict)
        else item
        for item in value
    ]
    return [text for text in texts if isinstance(text, str)]
