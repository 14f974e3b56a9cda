"""Fit the network of groundedness, which reads a claim word by word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from judge_claims import Claims, claim_sets
from judge_network import Fitting, Inputs, fitted_network, row_of

from ragqa.grade.local.network import Network
from ragqa.grade.local.wordwise import VIEWS, numbers_of

WEIGHTS = {"claims": 1.5, "exercises": 0.7, "lectures": 0.6, "verbatim": 0.2, "elsewhere": 0.3,
           "turned": 0.6}  # fmt: skip
"""of the sets against each other"""
FITTING = Fitting(hidden=48, dropout=0.25, decay=0.1)


def support_network(sets: Mapping[str, Claims] | None = None, seeds: int = 3) -> Network:
    """The network of groundedness, fitted on `sets`."""
    inputs = {name: claim_inputs(own) for name, own in (sets or claim_sets()).items()}
    return fitted_network(inputs, WEIGHTS, VIEWS, replace(FITTING, seeds=seeds))


def claim_inputs(claims: Claims) -> Inputs:
    """Claims as cases for the network."""
    return Inputs(
        numbers_of(claims.features),
        np.zeros((len(claims), 0, 0), np.float32),
        row_of([(one,) for one in claims.words]),
        claims.worth,
        claims.groups,
        np.full(len(claims), ""),
    )
