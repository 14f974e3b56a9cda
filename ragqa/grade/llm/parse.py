"""From a model's reply to a judgement, or to the reason why it is none.

Only the model's own words count: an object that stands in the judged texts is an echo of them, and
among several objects only the one with the prompt's mark is the reply. Nothing is guessed.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ragqa.grade.llm.objects import objects_in

MOST = 3
"""points"""

_NAMES = {
    "score": ("score", "points", "pontuação", "pontuacao", "nota", "puntuación", "puntuacion"),
    "criteria": ("criteria", "criterion", "critérios", "criterios"),
    "evidence": ("evidence", "supporting_evidence", "evidência", "evidências", "evidencia"),
    "reasoning": ("reasoning", "rationale", "explanation", "raciocínio", "razonamiento"),
    "mark": ("mark",),
}
_OF = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:/|out of|of|de)\s*(\d+(?:\.\d+)?)\s*", re.I)
_PLAIN = re.compile(
    r"\W*Criteria\W*:(?P<criteria>.*?)\bSupporting Evidence\W*:(?P<evidence>.*)"
    r"\bScore\W*:\W*(?P<score>\d+(?:\.\d+)?(?:\s*(?:/|out of)\s*\d+)?)\W*",
    re.DOTALL | re.I,
)
_PARROT = 15
"""letters of a criterion that no judge has in common with the instructions by chance"""
_QUOTED = re.compile(r"[\"“«]([^\"”»\n]{3,400})[\"”»]")


class UnreadableReply(Exception):
    """A reply that holds no judgement; the message is a clause that says why."""


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
    said = reply.rpartition("</think>")[2].strip()
    if not said:
        raise UnreadableReply("the reply is empty")
    found = _scored(said)
    marked = [fields for _, fields in found if fields.get("mark") == mark]
    if not marked and said != reply.strip():
        # The end of thinking may stand in a quotation, with the reply around it.
        marked = [fields for _, fields in _scored(reply) if fields.get("mark") == mark]
    echoed = [] if marked else [_squeezed(text) for text in texts]
    unmarked = [
        fields for source, fields in found if "mark" not in fields and not _within(source, echoed)
    ]
    chosen = marked or unmarked
    if found and not chosen:
        raise UnreadableReply("the reply carries another mark, or repeats the judged text")
    if len({repr(fields["score"]) for fields in chosen}) > 1:
        raise UnreadableReply("the reply holds several scores")
    if chosen:
        judgement = _judgement(chosen[-1])
        if _parroted(judgement, instructions):
            raise UnreadableReply("the reply repeats the instructions instead of judging")
        return judgement
    if "{" in said:
        raise UnreadableReply("the reply holds no whole JSON object with a score")
    return _plain(said, echoed)


def _scored(said: str) -> list[tuple[str, dict[str, Any]]]:
    """Source and fields of each object in `said` that has a score."""
    return [(source, fields) for source, v in objects_in(said) if (fields := _fields(v))]


def _fields(value: Mapping[str, Any]) -> dict[str, Any] | None:
    """The object's fields under our names; None for an object without a score."""
    if len(value) == 1:
        inner = next(iter(value.values()))
        if isinstance(inner, dict):
            value = inner
    known = {str(key).strip().casefold().replace(" ", "_"): item for key, item in value.items()}
    fields = {}
    for field, names in _NAMES.items():
        given = [known[name] for name in names if name in known]
        if len(given) > 1:
            return None
        if given:
            fields[field] = given[0]
    return fields if "score" in fields else None


def _judgement(fields: Mapping[str, Any]) -> Judgement:
    evidence = fields.get("evidence")
    if isinstance(evidence, str):
        evidence = _QUOTED.findall(evidence) or [evidence]
    quotes = [q["text"] if isinstance(q, dict) and "text" in q else q for q in _listed(evidence)]
    return Judgement(
        points=_points(fields["score"]),
        criteria=_prose(fields.get("criteria")),
        quotes=tuple(quote.strip() for quote in quotes if isinstance(quote, str) and quote.strip()),
        reasoning=_prose(fields.get("reasoning")),
    )


def _parroted(judgement: Judgement, instructions: str) -> bool:
    told = [_squeezed(part) for part in (judgement.criteria, judgement.reasoning)]
    given = _instructed(instructions)
    return any(len(part) > _PARROT and part in given for part in told)


@functools.lru_cache(maxsize=8)
def _instructed(instructions: str) -> str:
    return _squeezed(instructions)


def _plain(said: str, echoed: list[str]) -> Judgement:
    """A reply as Criteria / Supporting Evidence / Score, the score at its very end."""
    lines = said.splitlines()
    # A line that stands in the judged texts is not the judge's.
    own = [line for line in lines if not _squeezed(line) or not _within(line, echoed)]
    match = _PLAIN.fullmatch("\n".join(own))
    if not match:
        raise UnreadableReply("the reply is no JSON object")
    support = match["evidence"].strip()
    return Judgement(
        _points(match["score"]), match["criteria"].strip(), tuple(_QUOTED.findall(support)), support
    )


def _points(value: Any) -> int:
    if isinstance(value, str):
        of = _OF.fullmatch(value)
        if of and float(of[2]) != MOST:
            raise UnreadableReply(f"the score {value[:20]!r} is on another scale than 0 to {MOST}")
        try:
            value = float(of[1] if of else value)
        except ValueError:
            raise UnreadableReply(f"the score {value[:20]!r} is no number") from None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UnreadableReply("the score is no number")
    if not math.isfinite(value) or value != int(value) or not 0 <= value <= MOST:
        raise UnreadableReply(f"the score {str(value)[:20]} is none of 0, 1, 2 and {MOST}")
    return int(value)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _prose(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(str(item) for item in value if isinstance(item, str | int | float))
    return value.strip() if isinstance(value, str) else ""


def _within(line: str, echoed: list[str]) -> bool:
    return any(_squeezed(line) in text for text in echoed)


def _squeezed(text: str) -> str:
    """The letters and figures of `text`: an echo may be laid out and quoted anew."""
    return re.sub(r"[\W_]+", "", text).casefold()
