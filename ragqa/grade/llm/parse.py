"""From a model's reply to a judgement, or to the reason why it is none.

Only the model's own words count: an object that stands in the judged texts is an echo of them, and
among several objects only the one with the prompt's mark is the reply. Nothing is guessed.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ragqa.grade.llm.echo import Echoes, squeezed
from ragqa.grade.llm.scores import (
    MOST,
    QUOTED,
    SEVERAL,
    Scored,
    UnreadableReply,
    check_last,
    check_scale,
    check_told,
    points_of,
    scored_in,
)
from ragqa.grade.llm.thinking import after_thinking
from ragqa.grade.llm.words import names_of

__all__ = ["MOST", "Judgement", "UnreadableReply", "judgement_in"]

_PLAIN = re.compile(
    r"\W*Criteria\W*:(?P<criteria>.*?)\bSupporting Evidence\W*:(?P<evidence>.*)"
    r"(?<![\"\w])Score[\s*_]*:[\s*_]*(?P<score>\d+(?:\.\d+)?(?:\s*(?:/|out of)\s*\d+)?)[\s*_.]*",
    re.DOTALL | re.I,
)
"""its score stands outside any quotation, at the very end"""
_PARROT = 15
"""letters of a criterion that no judge has in common with the instructions by chance"""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a judge said."""

    points: int
    """0..3"""
    criteria: str
    quotes: tuple[str, ...]
    """its evidence, not yet checked"""
    reasoning: str


def judgement_in(reply: str, mark: str, texts: Iterable[str], instructions: str = "") -> Judgement:
    """The judgement in `reply` to the prompt with `mark` about `texts`.

    A small model may hand the `instructions` back as its reasons: that is no judgement. Raises
    UnreadableReply when there is none, or more than one.
    """
    echoes = Echoes(texts)
    split = after_thinking(reply, echoes)
    if split is None:
        raise UnreadableReply("the reply ends before the model's thinking does")
    said, whole = split
    if not said:
        raise UnreadableReply("the reply is empty")
    scored, said = _chosen(said, whole, mark, echoes)
    if scored is not None:
        judgement = _judgement(scored)
        check_last(said, scored, judgement.points, mark, echoes)
    elif "{" in said:
        raise UnreadableReply("the reply holds no whole JSON object with a score")
    else:
        judgement = _plain(said, echoes)
    if scored is None or scored.mark is None:
        _check_own(judgement, echoes)
    if _parroted(judgement, instructions):
        raise UnreadableReply("the reply repeats the instructions instead of judging")
    return judgement


def _chosen(said: str, whole: str, mark: str, echoes: Echoes) -> tuple[Scored | None, str]:
    """The object that is the reply, None where none has a score, and the text it stands in.

    Raises UnreadableReply for several scores, and where no object is the judge's own.
    """
    found = scored_in(said)
    marked = [one for one in found if one.mark == mark]
    if not marked and said != whole:
        # The end of thinking may stand in a quotation, with the reply around it.
        marked = [one for one in scored_in(whole) if one.mark == mark]
        said = whole if marked else said
    own = marked or [one for one in found if one.mark is None and not echoes.hold(one.found.source)]
    if found and not own:
        raise UnreadableReply("the reply carries another mark, or repeats the judged text")
    if len({repr(one.fields["score"]) for one in own}) > 1:
        raise UnreadableReply(SEVERAL)
    return (own[-1] if own else None), said


def _check_own(judgement: Judgement, echoes: Echoes) -> None:
    """Raise UnreadableReply unless a judgement without the mark is the judge's own.

    Small models often leave the mark out. An echo has its score and its reasons from the texts; a
    judgement has reasons that no text holds, and no text gives the score that it gives.
    """
    reasons = (judgement.criteria, judgement.reasoning)
    if all(echoes.hold(reason) for reason in reasons if squeezed(reason)):
        raise UnreadableReply("the reply has no mark and gives no reasons of its own")
    if echoes.assign(names_of("score"), judgement.points):
        raise UnreadableReply("the reply has no mark, and its score stands in the judged text")


def _judgement(scored: Scored) -> Judgement:
    fields: Mapping[str, Any] = scored.fields
    evidence = fields.get("evidence")
    if isinstance(evidence, str):
        evidence = QUOTED.findall(evidence) or [evidence]
    quotes = [q["text"] if isinstance(q, dict) and "text" in q else q for q in _listed(evidence)]
    return Judgement(
        points=scored.points(),
        criteria=_prose(fields.get("criteria")),
        quotes=tuple(quote.strip() for quote in quotes if isinstance(quote, str) and quote.strip()),
        reasoning=_prose(fields.get("reasoning")),
    )


def _parroted(judgement: Judgement, instructions: str) -> bool:
    told = [squeezed(part) for part in (judgement.criteria, judgement.reasoning)]
    given = _instructed(instructions)
    return any(len(part) > _PARROT and part in given for part in told)


@functools.lru_cache(maxsize=8)
def _instructed(instructions: str) -> str:
    return squeezed(instructions)


def _plain(said: str, echoes: Echoes) -> Judgement:
    """A reply as Criteria / Supporting Evidence / Score, the score at its very end."""
    # A line that stands in the judged texts is not the judge's.
    own = [line for line in said.splitlines() if not squeezed(line) or not echoes.hold(line)]
    match = _PLAIN.fullmatch("\n".join(own))
    if not match:
        raise UnreadableReply("the reply is no JSON object")
    support = match["evidence"].strip()
    opened = any(support.count(first) > support.count(last) for first, last in ("“”", "«»"))
    if opened or support.count('"') % 2:
        raise UnreadableReply("the reply ends inside a quotation")
    points = points_of(match["score"])
    for part in (match["criteria"], support):
        check_told(part, points, echoes)
        check_scale(part, echoes)
    return Judgement(points, match["criteria"].strip(), tuple(QUOTED.findall(support)), support)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _prose(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(str(item) for item in value if isinstance(item, str | int | float))
    return value.strip() if isinstance(value, str) else ""
