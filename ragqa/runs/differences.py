"""What two runs differ in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ragqa.runs.folder import Run

Pair = tuple[Any, Any]


@dataclass(frozen=True)
class Differences:
    """Name -> the two values, of whatever is not the same in both."""

    settings: Mapping[str, Pair]
    hashes: Mapping[str, Pair]
    versions: Mapping[str, Pair]
    means: Mapping[str, Mapping[str, Pair]]
    """group -> measure -> the two means, None where a run has none"""
    broken_promise: bool
    """same settings and hashes, and yet other numbers"""

    @property
    def same(self) -> bool:
        """Whether nothing at all differs."""
        return not (self.settings or self.hashes or self.versions or self.means) and not (
            self.broken_promise
        )


def differences(first: Run, second: Run) -> Differences:
    """Everything that is not the same in both runs; timings and names decide nothing."""
    return Differences(
        settings=_changed(_flat(first.settings), _flat(second.settings)),
        hashes=_changed(first.hashes, second.hashes),
        versions=_changed(first.versions, second.versions),
        means=_changed_means(first, second),
        broken_promise=first.identity == second.identity and first.numbers != second.numbers,
    )


def _flat(settings: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in settings.items():
        if isinstance(value, Mapping):
            found |= {f"{name}.{key}": inner for key, inner in _flat(value).items()}
        else:
            found[name] = value
    return found


def _changed(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Pair]:
    names = [*first, *(name for name in second if name not in first)]
    pairs = {name: (first.get(name), second.get(name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _changed_means(first: Run, second: Run) -> dict[str, dict[str, Pair]]:
    groups = [_means(run.aggregate) for run in (first, second)]
    names = [*groups[0], *(name for name in groups[1] if name not in groups[0])]
    found = {name: _changed(groups[0].get(name, {}), groups[1].get(name, {})) for name in names}
    return {name: pairs for name, pairs in found.items() if pairs}


def _means(aggregate: Mapping[str, Any]) -> dict[str, dict[str, float | None]]:
    groups = {
        group: {name: mean["value"] for name, mean in row.items()}
        for group, row in aggregate.get("groups", {}).items()
    }
    if found := aggregate.get("unanswerable"):
        groups["unanswerable"] = {
            name: found[name] for name in ("detected", "false_alarm", "auc") if name in found
        }
    return groups
