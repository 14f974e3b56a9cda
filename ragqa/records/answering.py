"""Answering a whole question set into a file of records, so that a stopped run goes on."""

from __future__ import annotations

import dataclasses
import json
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ragqa.errors import OutsideError, RagqaError
from ragqa.progress import Progress, silent
from ragqa.records.append import append_record, record_of
from ragqa.records.reading import read_records
from ragqa.types import Answer, Record

if TYPE_CHECKING:
    from ragqa.questions import Question

_PATIENCE = 3
"""questions in a row that may fail before the run stops"""

_WITH = "answered_with"
"""the field of a record's `extra` that holds what its answer depends on"""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a run over a question set."""

    written: int
    """answers that this run added"""
    refused: int
    """among them: those that say that the corpus holds no answer"""
    kept: int
    """questions that the file already had answers to"""
    failed: tuple[tuple[str, str], ...]
    """id and sentence of each question that got no answer"""
    left: int
    """questions not asked because it stopped"""


def answer_questions(
    questions: Sequence[Question],
    ask: Callable[[str], Answer],
    out: Path,
    settings: Mapping[str, Any],
    progress: Progress = silent,
    concurrency: int = 1,
) -> Answered:
    """Ask each question that `out` has no record of, and append its record at once.

    `concurrency` questions are under way together, once the first has been answered; records then
    stand in the order in which answers came.

    `settings` are JSON values that decide the answers; they are kept in each record. A question
    whose answer fails outside (an endpoint) is left for the next run; after three in a row the run
    stops. Raises RagqaError when `out` holds something else, or answers under other settings.
    """
    _askable(questions)
    if concurrency < 1:
        raise RagqaError(f"The number of questions at once must be 1 or more, not {concurrency}.")
    texts = {question.id: question.question for question in questions}
    known = _known(out, texts, settings)
    missing = [question for question in questions if question.id not in known]
    failed: list[tuple[str, str]] = []
    in_a_row = refused = written = 0
    progress("answering", len(known), len(questions))
    asking = _Asking(ask, missing, concurrency)
    for question, outcome in asking:
        if isinstance(outcome, OutsideError):
            failed.append((question.id, str(outcome)))
            in_a_row += 1
            asking.stopped = in_a_row >= _PATIENCE
            continue
        in_a_row = 0
        refused += not outcome.answered
        append_record(out, _record(question, outcome, settings))
        written += 1
        progress("answering", len(known) + written, len(questions))
    left = len(missing) - written - len(failed)
    return Answered(written, refused, len(known), tuple(failed), left)


class _Asking:
    """Questions and what came of each, an answer or a failure, as they come.

    Set `stopped` to ask no more; what is under way is still told. So it is after an interrupt,
    since an endpoint may have been paid for it.
    """

    def __init__(
        self, ask: Callable[[str], Answer], questions: Sequence[Question], concurrency: int
    ) -> None:
        self.stopped = False
        self._ask = ask
        self._questions = list(reversed(questions))
        self._concurrency = concurrency

    def __iter__(self) -> Iterator[tuple[Question, Answer | OutsideError]]:
        if self._concurrency == 1:
            while self._questions and not self.stopped:
                question = self._questions.pop()
                yield question, self._outcome(question)
            return
        with ThreadPoolExecutor(self._concurrency) as threads, self._stopped_by_interrupt():
            yield from self._together(threads)

    def _together(
        self, threads: ThreadPoolExecutor
    ) -> Iterator[tuple[Question, Answer | OutsideError]]:
        under_way: dict[Future[Answer | OutsideError], Question] = {}
        lanes = 1
        while under_way or (self._questions and not self.stopped):
            while self._questions and not self.stopped and len(under_way) < lanes:
                question = self._questions.pop()
                under_way[threads.submit(self._outcome, question)] = question
            done, _ = wait(under_way, return_when=FIRST_COMPLETED)
            for future in done:
                outcome = future.result()
                # The first answer shows which requests the endpoint takes.
                lanes = lanes if isinstance(outcome, OutsideError) else self._concurrency
                yield under_way.pop(future), outcome

    @contextmanager
    def _stopped_by_interrupt(self) -> Iterator[None]:
        """Let the first Ctrl-C stop, and be raised at the end; a second one is raised at once."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.getsignal(signal.SIGINT)
        interrupted = False

        def first(*_: object) -> None:
            nonlocal interrupted
            self.stopped = interrupted = True
            signal.signal(signal.SIGINT, before)

        signal.signal(signal.SIGINT, first)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
        if interrupted:
            raise KeyboardInterrupt

    def _outcome(self, question: Question) -> Answer | OutsideError:
        try:
            return self._ask(question.question)
        except OutsideError as error:
            return error


def _record(question: Question, answer: Answer, settings: Mapping[str, Any]) -> Record:
    reference = question.reference_answer
    told = {"answerable": question.answerable, "topic": question.topic, _WITH: dict(settings)}
    return dataclasses.replace(
        record_of(answer, question.id),
        references=(reference,) if reference else (),
        extra={name: value for name, value in told.items() if value is not None},
    )


def _askable(questions: Sequence[Question]) -> None:
    if not questions:
        raise RagqaError("There are no questions to answer.")
    for question in questions:
        if not question.question.strip():
            raise RagqaError(
                f"Question {question.id!r} has no text (TREC qrels carry none); give a question "
                "set with texts."
            )


def _known(out: Path, texts: Mapping[str, str], settings: Mapping[str, Any]) -> set[str]:
    """Ids of the questions that `out` answers already under these settings."""
    if not out.exists() or not out.stat().st_size:
        return set()
    _drop_unfinished(out)
    if not out.stat().st_size:
        return set()
    reading = read_records(out)
    lost = next((problem for problem in reading.problems if not problem.kept), None)
    if lost:
        raise RagqaError(f"{lost}; repair the file, or name another with --out.")
    known = set()
    for record in reading.records:
        if record.id not in texts:
            continue
        if record.question != texts[record.id]:
            raise RagqaError(f"{out} has another question {record.id!r}; name another file.")
        before = record.extra.get(_WITH)
        if before != settings:
            raise RagqaError(
                f"{out} answers question {record.id!r} under other settings"
                f"{_difference(before, settings)}; name another file with --out."
            )
        known.add(record.id)
    return known


def _difference(before: Any, settings: Mapping[str, Any]) -> str:
    if not isinstance(before, Mapping):
        return ""
    names = [name for name in {**before, **settings} if before.get(name) != settings.get(name)]
    told = ", ".join(f"{n} {before.get(n)!r} instead of {settings.get(n)!r}" for n in names[:3])
    return f" ({told})"


def _drop_unfinished(out: Path) -> None:
    """Cut off a last line that was being written when the process died."""
    if out.suffix.lower() in (".md", ".markdown"):
        return
    content = out.read_bytes()
    whole, newline, last = content.rpartition(b"\n")
    # Only the beginning of a record of ours is taken away, never another text.
    if not last or not last.startswith(b'{"id"'):
        return
    try:
        json.loads(last)
    except ValueError:
        with out.open("r+b") as file:
            file.truncate(len(whole) + len(newline))
