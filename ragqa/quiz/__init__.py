"""Multiple-choice quizzes, answered from the lectures and from the concepts."""

from ragqa.quiz.answering import Answered, OptionEvidence, answered
from ragqa.quiz.evaluation import Accuracy, QuizScore, accuracy, quiz_score
from ragqa.quiz.item import LETTERS, Computed, Item, read_items
from ragqa.quiz.key import KeyCheck, key_check
from ragqa.quiz.report import answered_json, score_json
from ragqa.quiz.stance import Stance

__all__ = [
    "LETTERS",
    "Accuracy",
    "Answered",
    "Computed",
    "Item",
    "KeyCheck",
    "OptionEvidence",
    "QuizScore",
    "Stance",
    "accuracy",
    "answered",
    "answered_json",
    "key_check",
    "quiz_score",
    "read_items",
    "score_json",
]
