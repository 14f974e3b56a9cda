"""The judge that needs no network."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib import resources
from importlib.util import find_spec
from typing import Any

from ragqa.device import small_products
from ragqa.embed import DEFAULT_MODEL
from ragqa.grade.judge import Finished
from ragqa.grade.local.agreeing import correctness
from ragqa.grade.local.answering import answer_relevance
from ragqa.grade.local.background import Background, background
from ragqa.grade.local.declining import declining
from ragqa.grade.local.encoder import Encoder
from ragqa.grade.local.form import orders
from ragqa.grade.local.leaning import leans_on_question
from ragqa.grade.local.reading import Reading, reading
from ragqa.grade.local.refuting import may_be_refuted, refutations, refuted
from ragqa.grade.local.scaffolding import states_nothing
from ragqa.grade.local.shown import Shown
from ragqa.grade.local.supporting import context_relevance, groundedness
from ragqa.grade.local.texts import (
    LONGEST,
    context_texts,
    cut_of,
    only_marks,
    opens_answer,
    place_of,
    references_of,
    shown_as,
    texts_of,
    with_question,
)
from ragqa.grade.local.weighing import Weighed
from ragqa.grade.settings import Thresholds, thresholds
from ragqa.grade.task import Task
from ragqa.types import Evidence, Grade

_BATCH = 256
"""tasks whose texts are encoded together"""
_MOST_POINTS = 3.0
_CRITERIA = {
    "answer_relevance": "The answer must speak to every part of the question; saying that there is "
    "no answer counts only where the contexts hold none.",
    "context_relevance": "The passage must hold an answer to the question.",
    "groundedness": "A passage must say what the sentence says, with the same numbers and without "
    "its opposite.",
    "correctness": "The answer must say what the reference says, and nothing that contradicts it.",
}
_FILES = (
    "models.json",
    "networks.safetensors",
    "refusals.safetensors",
    "lexicon.yaml",
    "background.yaml",
    "contradicting.yaml",
    "figures.yaml",
    "scaffolding.yaml",
)


class LocalJudge:
    """Grades by E5's vectors of texts and words, by the words themselves, and by the form."""

    name = "local"

    def __init__(self, letters: Thresholds | None = None, device: str = "auto") -> None:
        self.letters = letters or thresholds()
        self._encoder = Encoder(device)
        self._ground: Background | None = None

    def settings(self) -> Mapping[str, Any]:
        """The model, the hashes of the files that decide, and the thresholds."""
        folder = resources.files("ragqa.grade.local")
        return {
            "judge": self.name,
            "model": DEFAULT_MODEL,
            "files": {
                name: hashlib.sha256(folder.joinpath(name).read_bytes()).hexdigest()[:12]
                for name in _FILES
            },
            "longest": dict(LONGEST),
            "concepts": find_spec("ragqa.concepts") is not None,
            "thresholds": {"C": self.letters.correct, "P": self.letters.partial},
        }

    def usage(self) -> Mapping[str, Any]:
        """Nothing: it costs time only."""
        return {}

    def load(self) -> None:
        """Load the model and the background now; else the first task waits for them."""
        if self._ground is None:
            self._ground = background(self._encoder)

    def grade(self, tasks: Sequence[Task], finished: Finished) -> str | None:
        """As ragqa.grade.Judge.grade: every task gets a grade, a batch of texts at a time."""
        self.load()
        for first in range(0, len(tasks), _BATCH):
            with small_products():
                self._grade_batch(tasks[first : first + _BATCH], first, finished)
            self._encoder.forget()
        return None

    def _grade_batch(self, batch: Sequence[Task], first: int, finished: Finished) -> None:
        """Grade the tasks that stand at `first` and after."""
        self._encoder.prepare(text for task in batch for text in texts_of(task))
        self._encoder.prepare(
            (shown, "passage") for task in batch if (shown := self._with_question(task)) is not None
        )
        declined = [self._declines(task) for task in batch]
        # Only a refusal is compared with the contexts, and they are most of the work.
        self._encoder.prepare(
            text
            for task, declines in zip(batch, declined, strict=True)
            if declines
            for text in context_texts(task)
        )
        weighed = [
            self._weighed(task, declines) for task, declines in zip(batch, declined, strict=True)
        ]
        refutable = [
            task
            for task, one in zip(batch, weighed, strict=True)
            if task.metric == "correctness" and one is not None and may_be_refuted(one)
        ]
        checked = refutations(refutable, LONGEST["answer"])
        for position, (task, one) in enumerate(zip(batch, weighed, strict=True), first):
            if task.metric == "correctness" and one is not None:
                one = refuted(one, checked.get((task.answer, task.reference), ()))
            finished(position, self._grade(task, one))

    def _grade(self, task: Task, weighed: Weighed | None) -> Grade:
        if weighed is None:
            return Grade(
                task.metric,
                self.name,
                target=task.target,
                error=f"the local judge does not know the metric {task.metric}",
            )
        if weighed.abstains:
            return Grade(
                task.metric,
                self.name,
                criteria=_CRITERIA[task.metric],
                evidence=_as_written(weighed.evidence, task),
                reasoning=weighed.reasoning,
                target=task.target,
            )
        score = min(max(weighed.score, 0.0), 1.0)
        details = dict(weighed.details)
        if cut := cut_of(task):
            details["cut"] = cut
        return Grade(
            metric=task.metric,
            judge=self.name,
            score=round(score, 4),
            points=round(score * _MOST_POINTS, 4),
            verdict=self.letters.letter(round(score, 4)),
            criteria=_CRITERIA[task.metric],
            evidence=_as_written(weighed.evidence, task),
            reasoning=weighed.reasoning,
            target=task.target,
            details=details,
        )

    def _weighed(self, task: Task, declines: bool) -> Weighed | None:
        """None for a metric that is not known here."""
        if task.metric not in _CRITERIA:
            return None
        ground = self._ground
        assert ground is not None
        question = self._read(shown_as("question", task.question), "query", task.language)
        if task.metric == "answer_relevance":
            answer = self._read(shown_as("answer", task.answer), "sentences", question.language)
            contexts = self._contexts(task) if declines else []
            return answer_relevance(question, answer, contexts, ground)
        if task.metric == "context_relevance":
            where, context = self._contexts(task)[0]
            return context_relevance(question, where, context, ground)
        if task.metric == "groundedness":
            if only_marks(task.sentence):
                return Weighed(0.0, "The sentence steers a prompt or a terminal; it says nothing.")
            if (reason := states_nothing(task.sentence)) and not orders(task.sentence):
                return Weighed(0.0, reason, abstains=True)
            sentence = self._read(shown_as("sentence", task.sentence), "passage", question.language)
            beside = self._with_question(task)
            whole = None if beside is None else self._read(beside, "passage", sentence.language)
            weighed = groundedness(question, sentence, self._contexts(task), ground, whole)
            return _in_answer(weighed, task)
        answer = self._read(shown_as("answer", task.answer), "passage", question.language)
        references = [
            self._read(text, "passage", task.language) for text in references_of(task.reference)
        ]
        return correctness(question, answer, references, ground)

    def _with_question(self, task: Task) -> Shown | None:
        """The question and the sentence as one text, where the sentence leans on the question."""
        if task.metric != "groundedness":
            return None
        asked, said = shown_as("question", task.question), shown_as("sentence", task.sentence)
        if not asked.text or not said.text:
            return None
        likely = self._read(asked, "query", task.language).language
        sentence = self._read(said, "passage", likely)
        leans = leans_on_question(sentence, opens_answer(task))
        return with_question(asked, said) if leans else None

    def _declines(self, task: Task) -> bool:
        """Whether relevance is asked for of an answer that declines."""
        if task.metric != "answer_relevance" or not task.answer.strip():
            return False
        assert self._ground is not None
        answer = self._read(shown_as("answer", task.answer), "sentences", task.language)
        return declining(answer, self._ground)

    def _contexts(self, task: Task) -> list[tuple[str, Reading]]:
        return [
            (place, self._read(shown_as("context", text), "sentences", "und"))
            for place, text in task.contexts
        ]

    def _read(self, text: Shown, kind: str, likely: str) -> Reading:
        return reading(self._encoder(text, kind), likely)


def _in_answer(weighed: Weighed, task: Task) -> Weighed:
    """The evidence in the sentence at its place in the answer."""
    start = place_of(task)
    moved = tuple(
        Evidence(e.text, e.where, e.start + start, e.end + start)
        if e.where == "answer" and e.start is not None and e.end is not None
        else e
        for e in weighed.evidence
    )
    return replace(weighed, evidence=moved)


def _as_written(evidence: Iterable[Evidence], task: Task) -> tuple[Evidence, ...]:
    """The evidence in the words of the answer itself, of which blanks and capitals were read."""
    return tuple(
        replace(e, text=task.answer[e.start : e.end])
        if e.where == "answer" and e.start is not None
        else e
        for e in evidence
    )
