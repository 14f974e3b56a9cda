"""An annotator's walk through the records."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ragqa.agreement.compare import CONSENSUS
from ragqa.agreement.measures import LETTERS
from ragqa.annotate.notebook import Annotation, add_annotation, annotations_in, answer_hash
from ragqa.errors import RagqaError
from ragqa.types import Record


class Session:
    """Which record is shown, what was decided, and where to go on after a pause.

    Records that this annotator has already judged are passed over, unless `again`.
    """

    def __init__(
        self, records: Sequence[Record], notes: Path, annotator: str, again: bool = False
    ) -> None:
        """Raise RagqaError for an annotator without a name, or when nothing can be annotated."""
        self.annotator = " ".join(annotator.split())
        if not self.annotator:
            raise RagqaError("An annotator needs a name: --annotator NAME.")
        if self.annotator == CONSENSUS:
            raise RagqaError(
                f"{CONSENSUS!r} is the name for all annotators together; choose another with "
                "--annotator."
            )
        self.records = [record for record in records if record.answer is not None]
        if not self.records:
            raise RagqaError("There is no record with an answer to annotate.")
        self._notes = notes
        given, self.broken = annotations_in(notes)
        """a sentence for each line of `notes` that is broken"""
        self._letters = self._known(given)
        self._again = again
        self._at = 0
        self._pass_over()

    @property
    def current(self) -> Record | None:
        """The record to be judged; None at the end."""
        return self.records[self._at] if self._at < len(self.records) else None

    @property
    def number(self) -> int:
        """Its number, from 1."""
        return self._at + 1

    @property
    def decided(self) -> int:
        """Records that this annotator has judged."""
        return len(self._letters)

    @property
    def letter(self) -> str | None:
        """This annotator's own earlier letter for the current record."""
        return self._letters.get(self.current.id) if self.current else None

    def give(self, letter: str) -> None:
        """Save C, P or I for the current record and go on to the next."""
        record = self.current
        if record is None or letter not in LETTERS:
            raise ValueError(letter)
        add_annotation(
            self._notes, Annotation(record.id, self.annotator, letter, answer_hash(record))
        )
        self._letters[record.id] = letter
        self.skip()

    def skip(self) -> None:
        """Go on without a decision."""
        self._at = min(self._at + 1, len(self.records))
        self._pass_over()

    def back(self) -> None:
        """Go back to the record before, to look again or to change its letter."""
        self._at = max(0, self._at - 1)

    def _known(self, given: Sequence[Annotation]) -> dict[str, str]:
        wanted = {record.id: answer_hash(record) for record in self.records}
        letters = {
            record.id: record.annotations[self.annotator]
            for record in self.records
            if self.annotator in record.annotations
        }
        for note in given:
            if note.annotator == self.annotator and wanted.get(note.id) == note.answer:
                letters.pop(note.id, None)
                if note.letter is not None:
                    letters[note.id] = note.letter
        return letters

    def _pass_over(self) -> None:
        while not self._again and self.current and self.current.id in self._letters:
            self._at += 1
