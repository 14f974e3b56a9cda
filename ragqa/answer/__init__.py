"""Answers: quoted from the lectures offline, or written by an endpoint and checked."""

from ragqa.answer.answerable import Answerability
from ragqa.answer.ask import Asker, answer_json, ask

__all__ = ["Answerability", "Asker", "answer_json", "ask"]
