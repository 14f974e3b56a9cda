"""Fit the local judge's models of relevance, and of whether passages answer a question."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

import numpy as np
from judge_answers import Said, Unit, answers, crossed, units
from judge_data import Pairs, faquad, faquad_spans, ground, parallel, wikiqa
from judge_fit import Cases, Fitted, Matrix, fitted
from judge_sought import (
    Sought,
    sought_in_articles,
    sought_in_exercises,
    sought_in_lectures,
    sought_in_paragraphs,
    sought_in_short,
    sought_in_spoken,
)

from ragqa.grade.local.answered import (
    ANSWERED_FEATURES,
    answered_features,
    topic_met,
    whole_odds,
)
from ragqa.grade.local.model import Logistic, model
from ragqa.grade.local.relevance import FEATURES, relevance_features

STRENGTH = 3.0
WEIGHTS = {
    "wikiqa": 1.0,
    "faquad": 0.3,
    "spans": 0.4,
    "strangers": 0.15,
    "own": 0.4,
    "crossed": 0.2,
}
"""of the sets against each other"""
_ROUNDS = 2
ANSWERED_STRENGTH = 0.1
ANSWERED_WEIGHTS = {
    "lectures": 1.0,
    "paragraphs": 0.5,
    "articles": 0.1,
    "spoken": 0.3,
    "short": 0.4,
    "short alone": 0.4,
    "exercises": 0.2,
    "exercises alone": 0.2,
}
"""of the sets against each other; the network of whole answers knows the sentences of the
articles, the paragraphs and the exercises, so what it says of them counts less"""


@dataclass(frozen=True)
class Own:
    """Answers of this project by sentence; which sentence answers, a model has to say."""

    rows: list[Said]
    units: list[Unit]

    def cases(self, model: Fitted, weight: float) -> Cases:
        """The sentence of each relevant answer that speaks most, the two of each other one."""
        rows = np.array([unit.row for unit in self.units])
        usable = ~np.array([unit.across for unit in self.units])
        seen = np.array([unit.features for unit in self.units])
        odds = model.odds(seen)
        chosen: list[int] = []
        labels: list[bool] = []
        for row in dict.fromkeys(rows[usable].tolist()):
            own = np.flatnonzero((rows == row) & usable)
            right = self.rows[row].points >= 2
            ranked = own[np.argsort(-odds[own])][: 1 if right else 2].tolist()
            chosen += ranked
            labels += [right] * len(ranked)
        groups = np.array([self.rows[rows[i]].question for i in chosen])
        return Cases(seen[chosen], np.array(labels), groups, weight)

    def odds(self, same: Fitted, other: Fitted) -> Matrix:
        """(rows,): of the best sentence of each answer; the least possible where none tells."""
        best = np.full(len(self.rows), -30.0)
        seen = np.array([unit.features for unit in self.units])
        strange = np.array([unit.across for unit in self.units])
        odds = np.where(strange, other.odds(seen), same.odds(seen))
        np.maximum.at(best, [unit.row for unit in self.units], odds)
        return best

    def without(self, questions: set[str]) -> Own:
        """The answers neither to nor from these questions."""
        kept = {
            i: n
            for n, i in enumerate(
                i
                for i, row in enumerate(self.rows)
                if row.question not in questions and row.of not in questions
            )
        }
        return Own(
            [self.rows[i] for i in kept],
            [replace(unit, row=kept[unit.row]) for unit in self.units if unit.row in kept],
        )


@functools.cache
def own_answers() -> tuple[Own, Own]:
    """The answers to their own questions, and those asked something else."""
    rows = answers()
    mixed = crossed(rows)
    return Own(rows, units(rows)), Own(mixed, units(mixed))


def relevance_cases(pairs: Pairs, weight: float = 1.0) -> Cases:
    """Questions and single sentences."""
    features = [
        relevance_features(left, right[0], ground())
        for left, right in zip(pairs.left, pairs.right, strict=True)
    ]
    return Cases(np.array(features), pairs.labels > 0.5, pairs.groups, weight)


def strangers(pairs: Pairs, count: int = 400) -> Cases:
    """Questions with sentences that other questions got: none of them an answer."""
    random = np.random.default_rng(0)
    features, groups = [], []
    for i, j in random.integers(0, len(pairs), (count, 2)):
        if pairs.groups[i] != pairs.groups[j]:
            features.append(relevance_features(pairs.left[i], pairs.right[j][0], ground()))
            groups.append(pairs.groups[i])
    labels = np.zeros(len(features), bool)
    return Cases(np.array(features), labels, np.array(groups), WEIGHTS["strangers"])


@functools.cache
def public_sets() -> dict[str, Cases]:
    """The human-labelled sets of sentences, by name."""
    wiki, portuguese = wikiqa(), faquad()
    return {
        "wikiqa": relevance_cases(wiki, WEIGHTS["wikiqa"]),
        "wikiqa strangers": strangers(wiki),
        "faquad": relevance_cases(portuguese, WEIGHTS["faquad"]),
        "faquad strangers": strangers(portuguese),
        "spans": relevance_cases(faquad_spans(), WEIGHTS["spans"]),
    }


def relevant(sets: list[Cases], own: tuple[Own, Own] | None) -> Fitted:
    """A model of relevance; first of `sets`, then with the sentences it finds in `own`."""
    model = fitted(sets, STRENGTH)
    if own is None:
        return model
    for _ in range(_ROUNDS):
        model = fitted([*sets, *own_cases(model, own)], STRENGTH)
    return model


def own_cases(model: Fitted, own: tuple[Own, Own] | None = None) -> list[Cases]:
    """The sentences that `model` finds in this project's answers."""
    to_own, to_others = own or own_answers()
    return [to_own.cases(model, WEIGHTS["own"]), to_others.cases(model, WEIGHTS["crossed"])]


def across(model: Fitted, strength: float = 30.0) -> Fitted:
    """A model for a text in another language than the question's.

    It is taught by `model`: what that says of a passage in the query's language, this has to say of
    the same passage in another. No labels in two languages are needed.
    """
    from sklearn.linear_model import Ridge

    pairs = parallel()
    taught = np.array([relevance_features(p.query, p.same, ground()) for p in pairs])
    seen = np.array([relevance_features(p.query, p.other, ground()) for p in pairs])
    centre, scale = seen.mean(0), np.maximum(seen.std(0), 1e-6)
    odds = np.clip(model.odds(taught), -4, 4)
    ridge = Ridge(alpha=strength).fit((seen - centre) / scale, odds)
    return Fitted(centre, seen.min(0), seen.max(0), ridge.coef_ / scale, float(ridge.intercept_))


@functools.cache
def sought() -> dict[str, list[tuple[Sought, Matrix]]]:
    """Questions with passages, and the relevance of each stretch, by where they come from."""
    sets = {
        "lectures": sought_in_lectures(),
        "paragraphs": sought_in_paragraphs(),
        "articles": sought_in_articles(),
        "spoken": sought_in_spoken(),
        "short": sought_in_short(alone=False),
        "short alone": sought_in_short(alone=True),
        "exercises": sought_in_exercises(alone=False),
        "exercises alone": sought_in_exercises(alone=True),
    }
    return {
        name: [
            (one, np.array([relevance_features(one.question, u, ground()) for u in one.stretches]))
            for one in own
            if one.stretches
        ]
        for name, own in sets.items()
    }


def answered_cases(name: str, same: Fitted | Logistic, other: Fitted | Logistic) -> Cases:
    """Questions with their passages as the models of relevance and the stored network see them."""
    features, labels, groups = [], [], []
    for one, seen in sought()[name]:
        strange = np.array([u.language != one.question.language for u in one.stretches])
        odds = np.where(strange, _odds(other, seen), _odds(same, seen))
        _, whole = whole_odds(one.question, one.stretches, odds, ground())
        met = topic_met(one.question, one.stretches, ground())
        features.append(answered_features(one.question, one.stretches, seen, odds, whole, met))
        labels.append(one.answered)
        groups.append(one.question.encoded.shown.text)
    return Cases(np.array(features), np.array(labels), np.array(groups), ANSWERED_WEIGHTS[name])


def _odds(relevance: Fitted | Logistic, seen: Matrix) -> Matrix:
    """(stretches,) from a model just fitted, or from the stored one, which takes one at a time."""
    if isinstance(relevance, Fitted):
        return relevance.odds(seen)
    return np.array([relevance.odds(row) for row in seen])


def answered_model(sets: list[Cases]) -> Fitted:
    """A model of whether passages answer."""
    return fitted(sets, ANSWERED_STRENGTH)


def relevance_models() -> dict[str, tuple[Fitted, tuple[str, ...]]]:
    """All models of relevance, fitted on everything."""
    same = relevant(list(public_sets().values()), own_answers())
    other = across(same)
    return {
        "answer_relevance": (same, FEATURES),
        "answer_relevance_across": (other, FEATURES),
        **answered_models(same, other),
    }


def answered_models(
    same: Fitted | Logistic | None = None, other: Fitted | Logistic | None = None
) -> dict[str, tuple[Fitted, tuple[str, ...]]]:
    """The model of whether passages answer, on the stored models of relevance unless given."""
    same = same or model("answer_relevance")
    other = other or model("answer_relevance_across")
    sets = [answered_cases(name, same, other) for name in ANSWERED_WEIGHTS]
    return {"answered": (answered_model(sets), ANSWERED_FEATURES)}
