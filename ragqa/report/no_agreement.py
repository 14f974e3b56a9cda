"""Why a report cannot say how well grades and people agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ragqa.agreement import judges_of
from ragqa.agreement.compare import CONSENSUS
from ragqa.types import Record


@dataclass(frozen=True)
class Reason:
    """A sentence of words.yaml and the names that stand in it."""

    word: str
    names: Mapping[str, str] = field(default_factory=dict)

    def told(self, said: Mapping[str, str]) -> str:
        """The reason in the language of `said`."""
        return said[self.word].format(**self.names)


def reason_against(records: Sequence[Record], metric: str, judge: str | None) -> Reason | None:
    """What keeps `metric` by `judge` from being compared with people; None when nothing does."""
    people = {name for record in records for name in record.annotations}
    if not people:
        return Reason("unannotated")
    known = judges_of(records, metric)
    if not known:
        return Reason("ungraded")
    names = {"metric": metric, "judges": ", ".join(known), "judge": judge or ""}
    if CONSENSUS in people:
        return Reason("name_taken", {"name": CONSENSUS})
    if (open_judge := reason_against_letters(records, metric, judge)) is not None:
        return open_judge
    if judge is not None and judge not in known:
        return Reason("another_judge", names)
    return None


def reason_against_letters(
    records: Sequence[Record], metric: str, judge: str | None
) -> Reason | None:
    """What leaves it open whose letter of `metric` a record has; None when nothing does."""
    known = judges_of(records, metric)
    if judge is None and len(known) > 1:
        return Reason("several_judges", {"metric": metric, "judges": ", ".join(known)})
    return None
