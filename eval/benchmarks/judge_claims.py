"""Claims beside passages, as the local judge reads them."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from judge_data import ground
from judge_network import slim
from judge_own_data import by_language, exercise_rows, lecture_rows, own_rows
from judge_turned import turned
from numpy.typing import NDArray

from ragqa.grade.local import agreement, supporting
from ragqa.grade.local.reading import Reading
from ragqa.grade.local.wordwise import Words, words_of
from ragqa.sentences import sentences

CLAIMS, LECTURES = "claims.jsonl", "support_training.jsonl"
_SENTENCE = 6
"""words of a sentence that is taken for a claim"""


@dataclass(frozen=True)
class Claims:
    """Claims beside the stretch of their passage that comes nearest."""

    rows: list[dict[str, Any]]
    """claim, passage, language, from (the passage's language), support 0..3, group, kind"""
    features: NDArray[np.float64]
    """(claims, agreement.FEATURES)"""
    words: list[Words]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def worth(self) -> NDArray[np.float64]:
        """(claims,) 0..1."""
        return np.array([row["support"] / 3 for row in self.rows])

    @property
    def groups(self) -> NDArray[np.str_]:
        """(claims,) what a split must not part: the passage's question or lecture."""
        return np.array([row["group"] for row in self.rows])

    def without(self, groups: set[str]) -> Claims:
        """The claims of no group in `groups`."""
        kept = [i for i, row in enumerate(self.rows) if row["group"] not in groups]
        return self.taken(np.array(kept, int))

    def taken(self, positions: NDArray[np.intp]) -> Claims:
        """The claims at `positions`."""
        return Claims(
            [self.rows[i] for i in positions],
            self.features[positions],
            [self.words[i] for i in positions],
        )


def claim_rows() -> list[dict[str, Any]]:
    """The claims of claims.jsonl."""
    return [
        {**claim, "passage": row["passage"], "from": row["language"], "group": row["id"]}
        for row in own_rows(CLAIMS)
        for claim in row["claims"]
    ]


def stated_rows() -> list[dict[str, Any]]:
    """The answers of the exercises with a passage that state something, beside their passages."""
    return [
        {
            "kind": answer["kind"],
            "claim": answer["answer"],
            "support": answer["support"],
            "language": row["language"],
            "passage": row["passage"],
            "from": row["language"],
            "group": row["question"],
        }
        for row in exercise_rows()
        for answer in row["answers"]
        if answer.get("support") is not None
    ]


def elsewhere(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every third claim beside another passage of its language, which does not say it."""
    random = np.random.default_rng(0)
    made = []
    for row in rows[::3]:
        others = [r for r in rows if r["from"] == row["from"] and r["group"] != row["group"]]
        other = others[random.integers(len(others))]
        made.append({**row, "passage": other["passage"], "support": 0, "kind": "elsewhere"})
    return made


def verbatim() -> list[dict[str, Any]]:
    """Sentences of the passages of claims.jsonl beside their passage, which says them."""
    return [
        {
            "kind": "verbatim",
            "claim": row["passage"][first:past].strip(),
            "support": 3,
            "language": row["language"],
            "passage": row["passage"],
            "from": row["language"],
            "group": row["id"],
        }
        for row in own_rows(CLAIMS)
        for first, past in sentences(row["passage"])
        if len(row["passage"][first:past].split()) >= _SENTENCE
    ]


def readings(
    rows: list[dict[str, Any]], name: str
) -> tuple[dict[str, Reading], dict[str, Reading]]:
    """The passages and the claims of `rows` by their texts."""
    told = [{**row, "language": row["from"]} for row in rows]
    passages = by_language(told, "passage", "sentences", name)
    return passages, by_language(rows, "claim", "passage", name)


def read(rows: list[dict[str, Any]], name: str) -> Claims:
    """The rows as the judge reads them."""
    passages, said = readings(rows, name)
    kept, features, words = [], [], []
    for row in rows:
        best = supporting.best_support(
            said[row["claim"]], [("", passages[row["passage"]])], ground()
        )
        if best is not None and len(best[1].claim):
            kept.append(row)
            features.append(agreement.agreement_features(best[1], ground()))
            words.append(slim((words_of(best[1]),))[0])
    return Claims(kept, np.array(features), words)


@functools.cache
def claim_sets() -> dict[str, Claims]:
    """What the network is fitted on, by name."""
    lectures = [
        {**row, "from": row["lecture"][:2], "group": row["lecture"]} for row in own_rows(LECTURES)
    ]
    quoted = [{**row, "from": row["language"], "group": row["lecture"]} for row in lecture_rows()]
    stated = [*claim_rows(), *stated_rows(), *verbatim()]
    return {
        "claims": read(claim_rows(), "claims"),
        "exercises": read(stated_rows(), "exercise-claims"),
        "lectures": read(lectures, "lecture-claims"),
        "verbatim": read([*quoted, *verbatim()], "verbatim"),
        "elsewhere": read(elsewhere(claim_rows()), "claims"),
        "turned": read(turned(stated, *readings(stated, "stated")), "turned"),
    }
