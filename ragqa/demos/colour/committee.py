"""What more can be had from the same crowd: several networks, a survey, and who is asked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ragqa.demos.colour.learning import inputs, trained

if TYPE_CHECKING:
    from ragqa.demos.data import ColourSet
    from ragqa.demos.demo import Settings
    from ragqa.reference import Classifier

NETWORKS = 5
"""Their probabilities are averaged: each starts elsewhere and errs a little elsewhere."""
NEAR = 0.2
"""How near, out of 1 for each channel, a person's other answers count as answers to the same."""


def committee(colours: ColourSet, settings: Settings) -> list[Classifier]:
    """Networks that learnt all of `colours`, each from another start."""
    everything = np.arange(len(colours))
    return [
        trained(
            colours,
            everything,
            replace(settings, seed=(settings.seed + 1000 * member) % 2**32),
            name=f"network {member + 1} of {NETWORKS}",
        )
        for member in range(NETWORKS)
    ]


def opinion(networks: list[Classifier], rgb: np.ndarray) -> np.ndarray:
    """The mean of their probabilities, (n, 9)."""
    return np.mean([network.predict_proba(inputs(rgb)) for network in networks], axis=0)


def share_right(said: np.ndarray, truth: np.ndarray) -> float:
    """How often the most probable label is the true one."""
    return float((said.argmax(axis=1) == truth).mean())


def habits(networks: list[Classifier], learnt: ColourSet, asked: ColourSet) -> np.ndarray:
    """By how much each person's answers near a colour went beyond what was expected, (n, 9).

    A weighted mean of (answer − expected probabilities) over what the same person said in
    `learnt`, with one imaginary answer as expected among them, so that a person who said little
    near a colour changes little. To be added to the opinion on `asked`.
    """
    if learnt.people is None or asked.people is None:
        raise ValueError("It is not known who labelled these colours.")
    beyond = np.eye(9)[learnt.labels] - opinion(networks, learnt.rgb)
    squared = ((asked.rgb[:, None] - learnt.rgb[None]) ** 2).sum(axis=-1) / 255**2
    same = asked.people[:, None] == learnt.people[None]
    weight = np.exp(-squared / (2 * NEAR**2)) * same
    return weight @ beyond / (weight.sum(axis=1, keepdims=True) + 1)


def gained(learnt: ColourSet, held_out: ColourSet, settings: Settings) -> dict[str, Any]:
    """Held-out accuracy of several networks, with the survey's names too, and knowing who is asked.

    The last needs to know who labelled each colour; it is None when that is not known.
    """
    from ragqa.demos.data import xkcd_colours

    alone = committee(learnt, settings)
    taught_more = committee(learnt.and_also(xkcd_colours()), settings)
    said = opinion(taught_more, held_out.rgb)
    personal = learnt.people is not None
    return {
        "networks": NETWORKS,
        "together": share_right(opinion(alone, held_out.rgb), held_out.labels),
        "with_the_survey": share_right(said, held_out.labels),
        "expected_by_themselves": float(said.max(axis=1).mean()),
        "knowing_who_is_asked": share_right(
            said + habits(taught_more, learnt, held_out), held_out.labels
        )
        if personal
        else None,
    }
