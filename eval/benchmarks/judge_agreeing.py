"""Fit the local judge's models of correctness and groundedness."""

from __future__ import annotations

import functools

import numpy as np
from judge_data import Pairs, ground, joined, scientsbank, similar
from judge_fit import Cases, Fitted, fitted
from judge_own_data import ANSWERS, TRAINING, Own, lecture_sentences, own_answers, own_claims

from ragqa.grade.local import agreement
from ragqa.grade.local.wordwise import NUMBERS

STRENGTH = {"correctness": 0.0003, "groundedness": 0.03}
WEIGHTS = {"similar": 0.3, "answers": 0.3, "training": 0.3, "claims": 0.5, "verbatim": 0.2}
"""of the sets beside SciEntsBank, and beside the similar pairs for groundedness"""
UNLIKE, LIKE = 0.5, 0.76
"""human similarity up to which a pair counts as different, from which as the same"""


def correctness_cases(
    pairs: Pairs, weight: float = 1.0, low: float = 0.5, high: float = 0.5
) -> Cases:
    """Claims against all their references; labels between `low` and `high` are left out."""
    kept = [i for i, label in enumerate(pairs.labels) if label <= low or label > high]
    features = [
        agreement.against_all(
            [
                agreement.agreement_features(
                    agreement.compared(pairs.left[i], source, ground()), ground()
                )
                for source in pairs.right[i]
            ]
        )
        for i in kept
    ]
    return Cases(np.array(features), pairs.labels[kept] > high, pairs.groups[kept], weight)


def support_cases(pairs: Pairs) -> Cases:
    """Claims against sources that stand among up to two other sentences."""
    random = np.random.default_rng(0)
    kept = [i for i, label in enumerate(pairs.labels) if label <= UNLIKE or label > LIKE]
    features = []
    for i in kept:
        beside = [pairs.right[j][0] for j in random.integers(0, len(pairs), random.integers(0, 3))]
        source = joined([pairs.right[i][0], *beside])
        both = agreement.compared(pairs.left[i], source, ground())
        features.append(agreement.agreement_features(both, ground()))
    return Cases(np.array(features), pairs.labels[kept] > 0.5, pairs.groups[kept])


def own_cases(own: Own, least: float, weight: float) -> Cases:
    """Rows that a model is asked about; from `least` points on they are right."""
    judged = own.judged
    return Cases(own.features[judged], own.points[judged] >= least, own.groups[judged], weight)


@functools.cache
def correctness_sets() -> dict[str, Cases]:
    """What the model of correctness is fitted on, by name."""
    return {
        "SciEntsBank": correctness_cases(scientsbank()),
        "STS": correctness_cases(similar(), WEIGHTS["similar"], UNLIKE, LIKE),
        "answers": own_cases(own_answers(ANSWERS), 2, WEIGHTS["answers"]),
        "training": own_cases(own_answers(TRAINING), 2, WEIGHTS["training"]),
    }


@functools.cache
def support_sets() -> dict[str, Cases]:
    """What the model of groundedness is fitted on, by name; a half-supported claim is not."""
    return {
        "STS": support_cases(similar()),
        "claims": own_cases(own_claims(), 3, WEIGHTS["claims"]),
        "verbatim": own_cases(lecture_sentences(), 3, WEIGHTS["verbatim"]),
    }


def fitted_correctness(sets: list[Cases]) -> Fitted:
    """A model of correctness."""
    return fitted(sets, STRENGTH["correctness"])


def fitted_support(sets: list[Cases]) -> Fitted:
    """A model of groundedness."""
    columns = [agreement.FEATURES.index(name) for name in NUMBERS]
    return fitted(sets, STRENGTH["groundedness"], columns)


def agreement_models() -> dict[str, tuple[Fitted, tuple[str, ...]]]:
    """The models of correctness and groundedness, fitted on everything."""
    right = fitted_correctness(list(correctness_sets().values()))
    backed = fitted_support(list(support_sets().values()))
    return {
        "correctness": (right, agreement.FEATURES),
        "groundedness": (backed, agreement.FEATURES),
    }
