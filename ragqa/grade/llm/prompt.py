"""From a task to the messages that a model sees.

The texts to be judged stand in one JSON object between two lines with a mark. The mark is a hash
of those texts, so that no text can hold its own mark; the reply must repeat it.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from ragqa.grade.settings import settings
from ragqa.grade.task import Task

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

_MARK_LETTERS = 12

_SHOWN = {
    "answer_relevance": ("question", "answer"),
    "context_relevance": ("question", "context"),
    "groundedness": ("question", "sentence", "contexts"),
    "correctness": ("question", "answer", "reference"),
}
"""metric -> what its template speaks of"""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent for a task."""

    messages: list[dict[str, str]]
    mark: str
    shown: Mapping[str, str]
    """"question", "answer", "hit:RANK" … -> the text as the model sees it"""
    cut: tuple[str, ...]
    """a clause for each text that was too long to be shown whole"""
    hash: str
    """of the templates, not of the texts"""
    instructions: str = ""
    """what the system message says before the mark is put in"""


def prompt_of(task: Task) -> Prompt:
    """The prompt for `task`. Raises KeyError for a metric without a template."""
    names = _names(task)
    shown, cut = _texts(task, names)
    data: dict[str, Any] = {}
    for place, text in shown.items():
        if _is_context(place) and "contexts" in names:
            data.setdefault("contexts", {})[place.removeprefix("hit:")] = text
        else:
            data["context" if _is_context(place) else place] = text
    # Angle brackets stay out of the data, so that no text looks like the lines around it.
    block = _laid_out(data)
    block = block.replace("<", "\\u003c").replace(">", "\\u003e")
    mark = hashlib.sha256(block.encode()).hexdigest()[:_MARK_LETTERS]
    fenced = f"<<<DATA {mark}>>>\n{block}\n<<<END {mark}>>>"
    messages = [
        {"role": "system", "content": _template("system").render(mark=mark)},
        {
            "role": "user",
            "content": _template(task.metric).render(data=fenced, contexts="contexts" in names),
        },
    ]
    return Prompt(messages, mark, shown, tuple(cut), prompt_hash(task.metric), _source("system"))


def _laid_out(data: Mapping[str, Any], margin: str = " ") -> str:
    """`data` as JSON, a line a text; json.dumps does so too, ten times slower."""
    lines = [
        f"{margin}{json.dumps(name, ensure_ascii=False)}: "
        + (
            _laid_out(value, margin + " ")
            if isinstance(value, dict)
            else json.dumps(value, ensure_ascii=False)
        )
        for name, value in data.items()
    ]
    return "{\n" + ",\n".join(lines) + f"\n{margin[1:]}}}"


def check_templates() -> None:
    """Compile all templates, so that a broken one is noticed before the first call."""
    for name in ("system", "again", *_SHOWN):
        _template(name)


def asked_again(prompt: Prompt, reply: str, reason: str) -> list[dict[str, str]]:
    """The messages after a reply that could not be used."""
    again = _template("again").render(reason=reason, mark=prompt.mark)
    said = _CONTROL.sub("\ufffd", reply[:2000]) or "(nothing)"
    return [
        *prompt.messages,
        {"role": "assistant", "content": said},
        {"role": "user", "content": again},
    ]


@functools.cache
def reply_schema() -> Mapping[str, Any]:
    """The JSON schema of a reply; the order of its fields is the order of thought.

    It is the same for all replies, without their marks: servers compile a schema when they first
    see it, and some take seconds.
    """
    longest = settings()["reply"]
    fields = {
        "mark": _text(_MARK_LETTERS),
        "criteria": _text(longest["criteria"]),
        "evidence": {
            "type": "array",
            "items": _text(longest["quotation"]),
            "maxItems": longest["quotations"],
        },
        "reasoning": _text(longest["reasoning"]),
        "score": {"type": "integer", "enum": [0, 1, 2, 3]},
    }
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def _text(longest: int) -> dict[str, Any]:
    return {"type": "string", "maxLength": longest}


@functools.cache
def prompt_hash(metric: str) -> str:
    """A hash of everything that is not data in the prompt for `metric`."""
    parts = [_source("system"), _source(metric), _source("again"), json.dumps(reply_schema())]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def prompts_hash() -> dict[str, str]:
    """Metric -> hash of its prompt."""
    return {metric: prompt_hash(metric) for metric in _SHOWN}


def _names(task: Task) -> tuple[str, ...]:
    """What the model is shown.

    Only a short answer can be a refusal ("the lectures do not say"), which the contexts prove
    right or wrong; with longer answers they would cost tokens for nothing.
    """
    names = _SHOWN[task.metric]
    if task.metric == "answer_relevance" and task.contexts:
        short = len(task.answer) <= settings()["longest"]["refusal"]
        return (*names, "contexts") if short else names
    return names


def _is_context(place: str) -> bool:
    return place.startswith(("hit:", "citation:"))


def _texts(task: Task, names: tuple[str, ...]) -> tuple[dict[str, str], list[str]]:
    """The texts of `task` by place, cut to their longest, and a clause for each cut."""
    shown: dict[str, str] = {}
    cut: list[str] = []
    for name in names:
        if name in ("context", "contexts"):
            texts = dict(task.contexts)
        else:
            texts = {name: getattr(task, name)}
        for place, text in texts.items():
            longest = settings()["longest"]["context" if _is_context(place) else name]
            # A character stands for a character, so that places in the text stay right.
            shown[place] = _shortened(_CONTROL.sub("\ufffd", text), longest)
            if len(text) > longest:
                cut.append(f"{place} cut from {len(text)} to {longest} characters")
    return shown, cut


def _shortened(text: str, longest: int) -> str:
    """The beginning and the end of `text`, the beginning twice as long."""
    if len(text) <= longest:
        return text
    end = longest // 3
    left = len(text) - longest
    return f"{text[: longest - end]} […{left} characters left out…] {text[len(text) - end :]}"


@functools.cache
def _template(name: str) -> Any:
    import jinja2

    return jinja2.Template(
        _source(name), undefined=jinja2.StrictUndefined, keep_trailing_newline=False
    )


@functools.cache
def _source(name: str) -> str:
    return resources.files("ragqa.grade").joinpath("prompts", f"{name}.jinja").read_text("utf-8")
