"""How far the local judge's models of correctness and groundedness agree with people.

Cross-validated: no reference answer, question or passage is in both parts. "left out": the model
never saw that set. The answers of this project are development data: their points are given by
cross-validated probabilities, but the steps from probabilities to points were chosen on them.
"""

from __future__ import annotations

import numpy as np
from judge_agreeing import (
    LIKE,
    UNLIKE,
    correctness_sets,
    fitted_correctness,
    fitted_support,
    support_sets,
)
from judge_apart import apart_sets, correctness_network
from judge_claims import Claims, claim_sets
from judge_data import scientsbank
from judge_fit import Cases, Fitted, without
from judge_network import Inputs
from judge_own_data import ANSWERS, own_answers
from judge_steps import STEPS
from judge_wordwise import claim_inputs, support_network
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.metrics import cohen_kappa_score, roc_auc_score
from sklearn.model_selection import GroupKFold

from ragqa.grade.local.agreement import FEATURES
from ragqa.grade.local.apart import NETWORK
from ragqa.grade.local.network import Network
from ragqa.grade.local.wordwise import NETWORK as SUPPORT_NETWORK

_FOLDS, _NETWORK_FOLDS, _SUPPORT_FOLDS = 10, 5, 3
HALF = 0.9
"""worth beyond which a claim counts as supported; half support is none"""


def crossed(
    name: str,
    sets: dict[str, Cases],
    fit,  # type: ignore[no-untyped-def]
    groups: NDArray | None = None,
) -> tuple[NDArray, NDArray]:
    """(cases,) probabilities from models that saw none of a case's group, and their verdicts.

    The other sets are always in the training part. The verdict's threshold is where the training
    part gives as many positives as its labels have.
    """
    own = sets[name]
    groups = own.groups if groups is None else groups
    others = [cases for other, cases in sets.items() if other != name]
    probability, verdict = np.zeros(len(own.labels)), np.zeros(len(own.labels), bool)
    for train, test in GroupKFold(min(_FOLDS, len(set(groups)))).split(own.features, groups=groups):
        part = Cases(own.features[train], own.labels[train], own.groups[train], own.weight)
        model = fit([part, *(without(other, set(own.groups[test])) for other in others)])
        threshold = np.quantile(model.probability(part.features), 1 - float(part.labels.mean()))
        probability[test] = model.probability(own.features[test])
        verdict[test] = probability[test] > threshold
    return probability, verdict


def correct(
    name: str, sets: dict[str, Cases], seeds: int, groups: NDArray | None = None
) -> tuple[NDArray, NDArray]:
    """As `crossed`, by the linear model and the network together."""
    own, whole = sets[name], aligned(name)
    groups = own.groups if groups is None else groups
    odds = np.zeros(len(own.labels))
    for train, test in GroupKFold(_NETWORK_FOLDS).split(own.features, groups=groups):
        tested = set(own.groups[test])
        part = Cases(own.features[train], own.labels[train], own.groups[train], own.weight)
        others = [without(cases, tested) for key, cases in sets.items() if key != name]
        network = correctness_network(
            {key: inputs.without(tested) for key, inputs in apart_sets().items()}, seeds
        )
        odds[test] = together(fitted_correctness([part, *others]), network, own, whole)[test]
    said = np.zeros(len(odds), bool)
    for train, test in GroupKFold(_NETWORK_FOLDS).split(odds, groups=groups):
        said[test] = odds[test] > np.quantile(odds[train], 1 - float(own.labels[train].mean()))
    return 1 / (1 + np.exp(-odds)), said


def aligned(name: str) -> Inputs:
    """The network's cases that the linear model has too, in its order."""
    own = apart_sets()[name]
    return own.taken((own.worth <= UNLIKE) | (own.worth > LIKE)) if name == "STS" else own


def together(linear: Fitted, network: Network, cases: Cases, inputs: Inputs) -> NDArray:
    """(cases,) odds as the judge weighs them."""
    return NETWORK * inputs.odds(network) + (1 - NETWORK) * linear.odds(cases.features)


def row(name: str, labels: NDArray, probability: NDArray, verdict: NDArray | None = None) -> None:
    """Print one line of agreement; the verdict is even odds where there is none."""
    said = probability > 0.5 if verdict is None else verdict
    area, kappa = roc_auc_score(labels, probability), cohen_kappa_score(labels, said)
    print(f"{name:<62} {len(labels):>6} {area:>7.3f} {kappa:>7.3f}", flush=True)


def correctness(seeds: int) -> None:
    """Sets of correctness, each cross-validated and left out."""
    sets = correctness_sets()
    print(f"{'correctness':<62} {'cases':>6} {'AUC':>7} {'kappa':>7}")
    for name in sets:
        row(f"{name}, cross-validated", sets[name].labels, *correct(name, sets, seeds))
    vectors = np.array([sources[0].encoded.mean[1] for sources in scientsbank().right])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    alike = KMeans(12, n_init=5, random_state=0).fit_predict(vectors)
    found = correct("SciEntsBank", sets, seeds, alike)
    row("SciEntsBank, groups of like references left out", sets["SciEntsBank"].labels, *found)
    across = sets["STS"].features[:, FEATURES.index("other_language")] > 0
    for name, own in sets.items():
        model = fitted_correctness([other for key, other in sets.items() if key != name])
        network = correctness_network(
            {k: one for k, one in apart_sets().items() if k != name}, seeds
        )
        probability = 1 / (1 + np.exp(-together(model, network, own, aligned(name))))
        row(f"{name} left out", own.labels, probability)
        if name == "STS":
            row("STS left out, across languages", own.labels[across], probability[across])
    points(correct("answers", sets, seeds)[0])


def points(probability: NDArray) -> None:
    """Points of answers.jsonl from cross-validated probabilities, beside the readers'."""
    own = own_answers(ANSWERS)
    at, worth = zip(*STEPS["correctness"], strict=True)
    given = np.zeros(len(own.rows))
    given[own.judged] = 3 * np.interp(probability, at, worth)
    readings = [np.array([r[f"correctness_{i}"] for r in own.rows]) for i in (1, 2)]
    kappas = [
        cohen_kappa_score(one, np.rint(given).astype(int), weights="quadratic") for one in readings
    ]
    area = roc_auc_score(own.points >= 2, given)
    print(f"\nanswers.jsonl, all {len(own.rows)}: AUC {area:.3f}, QWK {np.mean(kappas):.3f}")
    kinds = np.array([r["kind"] for r in own.rows])
    for kind in dict.fromkeys(kinds):
        m = kinds == kind
        print(f"    {kind:<28} {m.sum():>3}  judge {given[m].mean():.2f}"
              f"  readers {own.points[m].mean():.2f}")  # fmt: skip


def groundedness(seeds: int) -> None:
    """Claims beside passages, cross-validated over passages, by kind against the supported ones."""
    sets, known = support_sets(), claim_sets()
    print(f"\n{'groundedness':<62} {'cases':>6} {'AUC':>7} {'kappa':>7}")
    row("STS, the linear model, cross-validated", sets["STS"].labels,
        *crossed("STS", sets, fitted_support))  # fmt: skip
    for name, (linear, whole) in backed(sets, known, seeds).items():
        own = known[name]
        kinds = np.array([r["kind"] for r in own.rows])
        full, wrong = own.worth > HALF, np.char.startswith(kinds, "wrong")
        row(f"{name}, the linear model alone", full, 1 / (1 + np.exp(-linear)))
        row(f"{name}, with the network", full, 1 / (1 + np.exp(-whole)))
        for label, apart in (
            ("contradicted", np.char.startswith(kinds, "contradicted") | wrong & (own.worth == 0)),
            ("beyond", kinds == "beyond"),
            ("half", kinds == "half"),
        ):
            if (apart & ~full).any():
                m = full | (apart & ~full)
                row(f"    supported against {label}", full[m], 1 / (1 + np.exp(-whole[m])))


def backed(
    sets: dict[str, Cases], known: dict[str, Claims], seeds: int
) -> dict[str, tuple[NDArray, NDArray]]:
    """Odds of the linear model and of both together, from models that saw no passage of a claim."""
    names = ("claims", "exercises", "lectures")
    groups = np.array(sorted({group for name in names for group in known[name].groups}))
    random = np.random.default_rng(0)
    fold = dict(zip(groups, random.permutation(len(groups)) % _SUPPORT_FOLDS, strict=True))
    found = {name: (np.zeros(len(known[name])), np.zeros(len(known[name]))) for name in names}
    for number in range(_SUPPORT_FOLDS):
        tested = {group for group in groups if fold[group] == number}
        network = support_network({key: own.without(tested) for key, own in known.items()}, seeds)
        model = fitted_support([without(own, tested) for own in sets.values()])
        for name in names:
            held = np.array([fold[group] == number for group in known[name].groups])
            part = known[name].taken(np.flatnonzero(held))
            linear = model.odds(part.features)
            found[name][0][held] = linear
            found[name][1][held] = SUPPORT_NETWORK * claim_inputs(part).odds(network)
            found[name][1][held] += (1 - SUPPORT_NETWORK) * linear
    return found
