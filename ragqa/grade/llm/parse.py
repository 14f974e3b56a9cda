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

from ragqa.grade.llm.echo import Echoes, squeezed
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
    r"(?<![\"\w])Score[\s*_]*:[\s*_]*(?P<score>\d+(?:\.\d+)?(?:\s*(?:/|out of)\s*\d+)?)[\s*_.]*",
    re.DOTALL | re.I,
)
"""its score stands outside any quotation, at the very end"""
_THINKING = re.compile(r"\s*<(think|thinking|thought|reasoning)\b", re.I)
_THOUGHT = re.compile(r"</(?:think|thinking|thought|reasoning)\s*>", re.I)
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
    echoes = Echoes(texts)
    said, whole = _after_thinking(reply, echoes)
    if not said:
        raise UnreadableReply("the reply is empty")
    found = _scored(said)
    marked = [fields for _, fields in found if fields.get("mark") == mark]
    if not marked and said != whole:
        # The end of thinking may stand in a quotation, with the reply around it.
        marked = [fields for _, fields in _scored(whole) if fields.get("mark") == mark]
    chosen = marked or [
        fields for source, fields in found if "mark" not in fields and not echoes.hold(source)
    ]
    if found and not chosen:
        raise UnreadableReply("the reply carries another mark, or repeats the judged text")
    if len({repr(fields["score"]) for fields in chosen}) > 1:
        raise UnreadableReply("the reply holds several scores")
    if not chosen:
        if "{" in said:
            raise UnreadableReply("the reply holds no whole JSON object with a score")
        judgement = _plain(said, echoes)
    else:
        judgement = _judgement(chosen[-1])
    if not marked:
        _check_own(judgement, echoes)
    if _parroted(judgement, instructions):
        raise UnreadableReply("the reply repeats the instructions instead of judging")
    return judgement


def _after_thinking(reply: str, echoes: Echoes) -> tuple[str, str]:
    """What follows the last end of thinking, and the most that can be the reply.

    Raises UnreadableReply for a reply that ends before its thinking does: what it holds are drafts.
    """
    ends = [match.end() for match in _THOUGHT.finditer(reply)]
    said = reply[ends[-1] :].strip() if ends else reply.strip()
    if not _THINKING.match(reply):
        return said, reply.strip()
    # A text may hold such a tag, and the thinking quote it: then the reply must follow at once.
    if not ends or (echoes.match(_THOUGHT) and not said.startswith(("{", "`"))):
        raise UnreadableReply("the reply ends before the model's thinking does")
    return said, reply[ends[0] :].strip()


def _check_own(judgement: Judgement, echoes: Echoes) -> None:
    """Raise UnreadableReply unless a judgement without the mark is the judge's own.

    Small models often leave the mark out. An echo has its score and its reasons from the texts; a
    judgement has reasons that no text holds, and no text gives the score that it gives.
    """
    reasons = (judgement.criteria, judgement.reasoning)
    if all(echoes.hold(reason) for reason in reasons if squeezed(reason)):
        raise UnreadableReply("the reply has no mark and gives no reasons of its own")
    if echoes.assign(_NAMES["score"], judgement.points):
        raise UnreadableReply("the reply has no mark, and its score stands in the judged text")


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
