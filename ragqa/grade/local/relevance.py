"""How much a text speaks to a question: the numbers a model of answer relevance sees."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ragqa.grade.local.asking import asked_kind, asked_word, meets, opens_as_asked, yes_or_no
from ragqa.grade.local.background import Background
from ragqa.grade.local.encoded import Vectors, unit
from ragqa.grade.local.lexicon import lexicon
from ragqa.grade.local.reading import Reading
from ragqa.grade.local.subject import held, leans, strangeness

STANDING = (
    "raw_near", "question_usual", "answer_usual", "question_typical", "answer_typical",
    "question_own", "answer_own", "raw_words", "raw_back", "raw_asked", "raw_asked_mean",
    "raw_all", "raw_first", "answer_coherent", "question_coherent",
)  # fmt: skip
"""what _standing returns: cosines that keep what all texts share, and how usual each text is"""

FEATURES = (
    "near_before", "near_last", "lift_before", "lift_last", "background", "lift_answer",
    "words_before", "words_last", "weakest_last", "back_before", "back_last",
    "asked_before", "asked_last", "asked_new", "asked_mean", "best_word", "top_words",
    "shared", "shared_grams", "new_words", "length", "defines", "kind_met", "kind_unmet",
    "wants_name_or_time", "is_fragment", "opens_with_pronoun",
    *(f"{name}_{layer}" for name in STANDING for layer in ("before", "last")),
    "rare_content", "content_share", "has_number", "names",
    "subject_far", "subject_farthest", "leans", "opens_as_asked", "yes_expected",
    "strange_most", "strange_mean", "rarest_near", "focus_near", "defines_another",
)  # fmt: skip
"""what relevance_features returns, in order"""
_ANOTHER = 0.4
"""distance from the question from which a subject is taken for another one"""


@lru_cache(maxsize=256)
def relevance_features(question: Reading, text: Reading, ground: Background) -> NDArray[np.float64]:
    """FEATURES of one question and one text that may answer it; zeros where either has no words."""
    if not len(question) or not len(text):
        return np.zeros(len(FEATURES))
    q, t = ground.centred(question.encoded, "query"), ground.centred(text.encoded, "passage")
    alike = q @ t.swapaxes(1, 2)
    q_all, t_all = (
        ground.direction(question.encoded, "query"),
        ground.direction(text.encoded, "passage"),
    )
    near = (q_all * t_all).sum(1)
    usual, spread = _usual(question, text.language, ground)
    usual_answer = ground.questions_in(question.language)[1] @ t_all[1]
    lift = (near - usual) / spread
    weights = question.weights
    covered = alike.max(2)
    words = (covered * weights).sum(1) / weights.sum()
    back = (alike.max(1) * text.weights).sum(1) / text.weights.sum()
    content = covered[1][question.content]
    asked = alike[:, asked_word(question)]
    known = alike[:, question.content].max(1) if question.content.any() else alike.max(1) * 0
    to_words = np.sort(t[1] @ q_all[1])[::-1]
    kind = asked_kind(question)
    met = meets(kind, text)
    shared, new = _shared(question, text)
    return np.array(
        [
            near[0], near[1], lift[0], lift[1], usual.mean(), near[1] - usual_answer.mean(),
            words[0], words[1], content.min() if len(content) else covered[1].min(),
            back[0], back[1],
            asked[0].max(), asked[1].max(), (asked[1] - known[1]).max(), asked[1].mean(),
            to_words[0], to_words[:3].mean(),
            shared, _grams(question, text), np.log1p(new), np.log1p(len(text)),
            _defines(question, text), met is True, met is False,
            kind in ("person", "time", "place", "amount"), len(text) < 6,
            not text.content[0] and text.forms[0] not in lexicon().lists["articles"],
            *_standing(question, text, ground).T.ravel(),
            text.weights[text.content].mean() if text.content.any() else 0.0,
            text.content.mean(), len(text.numbers) > 0, np.log1p(len(text.names)),
            *_fit(question, text, alike[0]),
        ],
        float,
    )  # fmt: skip


@lru_cache(maxsize=256)
def _usual(question: Reading, language: str, ground: Background) -> tuple[Vectors, Vectors]:
    """(layers,): how near statements that have nothing to do with a question come to it, and how
    much that differs between them."""
    near = ground.statements_in(language) @ ground.direction(question.encoded, "query")[:, :, None]
    return near.mean((1, 2)), np.maximum(near.std((1, 2)), 0.02)


def _fit(question: Reading, text: Reading, alike: NDArray[np.float32]) -> tuple[float, ...]:
    """Whether `text` speaks of what is asked about, and begins as an answer to it does."""
    far = strangeness(question, text, alike)
    definers = lexicon().lists["definers"]
    fits = opens_as_asked(question, text)
    rarest, focus = _asked_about(question, text, alike)
    return (
        far.subject, far.head, leans(text), fits, yes_or_no(question) and not fits,
        far.most, far.mean, rarest, focus,
        far.subject > _ANOTHER and any(form in definers for form in text.forms[:8]),
    )  # fmt: skip


def _asked_about(
    question: Reading, text: Reading, alike: NDArray[np.float32]
) -> tuple[float, float]:
    """How near `text` comes to the question's rarest word and to the one it asks about first."""
    content = np.flatnonzero(question.content)
    if not len(content):
        return 0.0, 0.0
    rarest = content[int(np.argmax(question.weights[content]))]
    recurs = held(text, question)[rarest]
    after = content[content > asked_word(question)]
    focus = float(alike[after[0]].max()) if len(after) else 0.0
    return (1.0 if recurs else float(alike[rarest].max())), focus


def _standing(question: Reading, text: Reading, ground: Background) -> NDArray[np.float64]:
    """(layers, STANDING)."""
    q_centre, t_centre = ground.centres["query"][:, 0], ground.centres["passage"][:, 0]
    q_mean, t_mean = question.encoded.mean, text.encoded.mean
    q_all, t_all = unit(q_mean), unit(t_mean)
    q, t = question.encoded.units, text.encoded.units
    alike = q @ t.swapaxes(1, 2)
    asked = alike[:, asked_word(question)]
    rows = [
        (q_all * t_all).sum(1),
        (q_all * unit(t_centre)).sum(1),
        (t_all * unit(q_centre)).sum(1),
        (q_all * unit(q_centre)).sum(1),
        (t_all * unit(t_centre)).sum(1),
        np.linalg.norm(q_mean - q_centre, axis=1),
        np.linalg.norm(t_mean - t_centre, axis=1),
        (alike.max(2) * question.weights).sum(1) / question.weights.sum(),
        (alike.max(1) * text.weights).sum(1) / text.weights.sum(),
        asked.max(1),
        asked.mean(1),
        alike.mean((1, 2)),
        alike[:, 0].max(1),
        (t.mean(1) * t_all).sum(1),
        (q.mean(1) * q_all).sum(1),
    ]
    return np.stack(rows, 1)


def _shared(question: Reading, text: Reading) -> tuple[float, int]:
    """How much of the question's content recurs in `text`, by rarity; content words beyond it."""
    asked = {
        stem: float(weight)
        for stem, weight, content in zip(
            question.stems, question.weights, question.content, strict=True
        )
        if content
    }
    said = text.content_stems
    total = sum(asked.values())
    held = sum(weight for stem, weight in asked.items() if stem in said)
    return (held / total if total else 0.0), len(said - asked.keys())


def _grams(question: Reading, text: Reading) -> float:
    """The share of the question's letter trigrams that recur in `text`."""
    asked, said = _trigrams(question.forms), _trigrams(text.forms)
    return len(asked & said) / len(asked) if asked else 0.0


@lru_cache(maxsize=5000)
def _trigrams(forms: tuple[str, ...]) -> frozenset[str]:
    padded = [f" {form} " for form in forms if len(form) > 2]
    return frozenset(word[i : i + 3] for word in padded for i in range(len(word) - 2))


def _defines(question: Reading, text: Reading) -> bool:
    """Whether `text` begins by saying what a thing in the question is."""
    definers = lexicon().lists["definers"]
    first = next((i for i, form in enumerate(text.forms[:14]) if form in definers), None)
    if first is None:
        return False
    return any(stem in question.content_stems for stem in text.stems[:first])
