"""Records to be graded, and a scripted model's judgements of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ragqa.grade import Task, judge
from ragqa.types import Answer, Chunk, Grade, Hit, Record
from tests.endpoint.scripted import Said, Scripted, completion

QUESTION = "What does softmax turn scores into?"
ANSWER = "It turns scores into probabilities that add up to one."
CONTEXT = "the soft max turns scores into probabilities that add up to one"


def task(number: int = 0, answer: str = ANSWER, metric: str = "answer_relevance") -> Task:
    """A judgement to be made; `number` makes it another one."""
    return Task(
        f"r{number}",
        metric,
        "answer",
        f"{QUESTION} ({number})" if number else QUESTION,
        answer,
        sentence=answer,
        reference="Probabilities.",
        contexts=(("hit:1", CONTEXT),),
    )


def record(identifier: str = "r1", answer: str = ANSWER, **fields: Any) -> Record:
    """A record with one context."""
    hit = Hit(Chunk(1, "outputs", 0, 0, 0.0, 8.0, CONTEXT), 0.9, 1)
    fields.setdefault("hits", (hit,))
    told = Answer(QUESTION, answer, "en", (), True, "external", "")
    return Record(identifier, QUESTION, told, language="en", **fields)


def mark_of(request: dict[str, Any]) -> str:
    """The mark that the prompt asks a model to repeat."""
    found = re.search(r'"mark": "([0-9a-f]{12})"', request["messages"][0]["content"])
    assert found
    return found[1]


def verdict(request: dict[str, Any], score: Any = 3, **more: Any) -> str:
    """The JSON of a model that does what the prompt says."""
    fields = {
        "mark": mark_of(request),
        "criteria": "whether it names what comes out",
        "evidence": ["turns scores into probabilities"],
        "reasoning": "It names them.",
        "score": score,
    }
    return json.dumps({**fields, **more}, ensure_ascii=False)


def saying(score: Any = 3, **more: Any) -> Callable[[dict[str, Any]], Said]:
    """A script in which each request gets the same judgement."""
    return lambda request: completion(verdict(request, score), **more)


def llm_judge(server: Scripted, **options: Any) -> Any:
    """A judge behind `server` that retries without delay."""
    options = {"backoff": 0.001, "timeout": 5.0, **options}
    return judge("openai:scripted", server.url, **options)


def graded(server: Scripted, tasks: list[Task], **options: Any) -> tuple[list[Grade], str | None]:
    """The grades in the tasks' order, those that were made, and why it stopped."""
    found: dict[int, Grade] = {}
    stopped = llm_judge(server, **options).grade(tasks, found.__setitem__)
    return [found[i] for i in sorted(found)], stopped


def write_jsonl(path: Path, rows: list[Any]) -> Path:
    """One JSON value a line; text is written as it is."""
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("".join(line + "\n" for line in lines), "utf-8")
    return path
