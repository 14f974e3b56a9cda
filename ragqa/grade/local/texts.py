"""What the judge reads of a task, and where that stands in it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from ragqa.grade.local.scaffolding import lowered, only_claim, without_emphasis
from ragqa.grade.local.shown import Shown, shown
from ragqa.grade.task import Task
from ragqa.sentences import sentences

_MARK = re.compile(r"(?<=[\w.!?…”\"')\]])\s?\[\d{1,2}\]")
_TAG = re.compile(
    r"</?\s*(?:answer|system|assistant|user|judge|context|instructions?)\s*/?>|\x1b\[[\d;]*[a-z]",
    re.I,
)
"""the marks of a prompt, and what steers a terminal"""
LONGEST = {"question": 1000, "answer": 4000, "sentence": 2000, "reference": 3000, "context": 6000}
"""characters that are read of each text"""


@functools.lru_cache(maxsize=2048)
def shown_as(part: str, text: str) -> Shown:
    """What is read of a `part` of a task, a key of LONGEST."""
    if part in ("answer", "sentence"):
        # A citation mark is no number that the answer states; blanks keep the places.
        text = _MARK.sub(lambda mark: " " * len(mark[0]), text)
        text = _TAG.sub(lambda mark: " " * len(mark[0]), text)
        text = lowered(only_claim(text) if part == "sentence" else without_emphasis(text))
    return shown(text, LONGEST[part])


def texts_of(task: Task) -> Iterable[tuple[Shown, str]]:
    """What grading `task` will read, with its kind."""
    yield shown_as("question", task.question), "query"
    if task.metric in ("answer_relevance", "correctness"):
        answer = shown_as("answer", task.answer)
        yield answer, "passage" if task.metric == "correctness" else "sentences"
    if task.metric == "groundedness":
        yield shown_as("sentence", task.sentence), "passage"
    if task.metric == "correctness":
        for reference in references_of(task.reference):
            yield reference, "passage"
    elif task.metric != "answer_relevance":
        yield from context_texts(task)


def context_texts(task: Task) -> Iterable[tuple[Shown, str]]:
    """The contexts of a task, with their kind."""
    for _, text in task.contexts:
        yield shown_as("context", text), "sentences"


def with_question(question: Shown, sentence: Shown) -> Shown:
    """Both as one text, the sentence at its end."""
    text = f"{question.text} {sentence.text}"
    return shown(text, len(text))


def references_of(text: str) -> list[Shown]:
    """The references that blank lines part."""
    return [shown_as("reference", part) for part in text.split("\n\n") if part.strip()]


def cut_of(task: Task) -> list[str]:
    """The texts of which the end was not read."""
    named = {"question": task.question, "answer": task.answer, "sentence": task.sentence}
    cut = [name for name, text in named.items() if shown_as(name, text).cut]
    if any(one.cut for one in references_of(task.reference)):
        cut.append("reference")
    return cut + [place for place, text in task.contexts if shown_as("context", text).cut]


def only_marks(sentence: str) -> bool:
    """Whether a sentence holds nothing but the marks of a prompt and what steers a terminal."""
    rest = _TAG.sub("", sentence)
    return rest != sentence and not any(map(str.isalnum, rest))


def place_of(task: Task) -> int:
    """Where the sentence begins in the answer; the same words may stand there before it."""
    number = task.target.rpartition(":")[2]
    places = _places(task.answer)
    if number.isdecimal() and 0 < int(number) <= len(places):
        first, past = places[int(number) - 1]
        if task.answer[first:past] == task.sentence:
            return first
    return max(task.answer.find(task.sentence), 0)


@functools.lru_cache(maxsize=64)
def _places(answer: str) -> tuple[tuple[int, int], ...]:
    """Where its sentences stand; kept, since each of them asks."""
    return tuple(sentences(answer, values=True))


def opens_answer(task: Task) -> bool:
    """Whether the sentence is the first of the answer."""
    return not task.answer[: place_of(task)].strip()
