"""What the parts of a record say; what cannot be read is doubted, and counts as not said."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from ragqa.records.checks import LETTERS, Doubt
from ragqa.records.markdown.parts import SEGMENT, Part
from ragqa.types import Chunk, Citation, Grade, Hit

COT = re.compile(
    r"\s*Criteria:\s*(.*?)\s*Supporting Evidence:\s*(.*?)\s*Score:\s*(\d+(?:\.\d+)?)\s*",
    re.DOTALL,
)
"""the reasoning as an annotating model writes it"""

_LINK = re.compile(r"- \[((?:[^\[\]\\]|\\.)*)\]\(((?:[^()\\]|\\.)*)\)\s*")
_TIME = re.compile(r"(?:(\d{1,6}):)?(\d{1,2}):(\d{1,2}(?:\.\d+)?)")
_APART = 0.01
"""difference of score and points, both as 0..1, beyond which they contradict each other"""


def hits_of(parts: Sequence[Part], doubts: list[Doubt]) -> Iterator[Hit]:
    """The segments: each begins with its corpus id, or with any label when ids are left out."""
    segment: dict[str, Part] = {}
    rank = 0
    for part in [*(part for part in parts if part.name in SEGMENT), None]:
        if part is None or part.name in segment or (part.name == "corpus_id" and segment):
            if segment:
                rank += 1
                yield _hit(segment, rank, doubts)
            segment = {}
        if part is not None:
            segment[part.name] = part


def _hit(segment: dict[str, Part], rank: int, doubts: list[Doubt]) -> Hit:
    if "text" not in segment:
        first = next(iter(segment.values()))
        doubts.append(Doubt(f"the segment at rank {rank} has no transcript", first.line))
    score = _number(segment.get("score"), "score", -math.inf, math.inf, doubts)
    corpus_id = _number(segment.get("corpus_id"), "corpus id", -math.inf, math.inf, doubts)
    if corpus_id is not None and not corpus_id.is_integer():
        line = segment["corpus_id"].line
        doubts.append(Doubt("the corpus id is no whole number; it is not used", line))
        corpus_id = None
    chunk = Chunk(
        corpus_id=rank if corpus_id is None else _whole(segment["corpus_id"].text, corpus_id),
        transcript_id="",
        first_cue=0,
        last_cue=0,
        start=_seconds(segment.get("start"), doubts),
        end=_seconds(segment.get("end"), doubts),
        text=segment["text"].text if "text" in segment else "",
        url=(segment["url"].text.strip() or None) if "url" in segment else None,
    )
    return Hit(chunk, score or 0.0, rank)


def _whole(text: str, value: float) -> int:
    """All digits of a whole number, which a float may not hold."""
    return int(text) if re.fullmatch(r"\s*[-+]?\d+\s*", text) else int(value)


def citations_of(part: Part | None, doubts: list[Doubt]) -> tuple[Citation, ...]:
    """The links in the list of references."""
    found = []
    for line, text in enumerate(part.lines, part.line) if part else ():
        if not text.strip():
            continue
        link = _LINK.fullmatch(text)
        if not link:
            doubts.append(Doubt("a reference is no Markdown link; it is not used", line))
            continue
        title, url = (re.sub(r"\\(.)", r"\1", text) for text in link.groups())
        found.append(Citation(-1, "", title, url or None, None, None, 0.0, ""))
    return tuple(found)


def grade_of(parts: dict[str, Part], doubts: list[Doubt]) -> Grade | None:
    """The automated grade of the answer's relevance; None without one."""
    score = _number(parts.get("relevance"), "answer relevance", 0, 1, doubts)
    letter = _letter(parts.get("verdict"), doubts)
    told = parts.get("reasoning")
    reasoning = told.text if told else ""
    if score is None and letter is None and not reasoning.strip():
        return None
    parsed = COT.fullmatch(reasoning)
    points = _points(parsed[3], parts["reasoning"].line, doubts) if parsed else None
    if points is not None and score is not None and abs(points / 3 - score) > _APART:
        clause = f"the answer relevance {score:g} and the reasoning's score {points:g} disagree"
        doubts.append(Doubt(clause, parts["relevance"].line))
    return Grade(
        metric="answer_relevance",
        judge="imported",
        score=score,
        points=points,
        verdict=letter,
        criteria=parsed[1] if parsed else "",
        reasoning=reasoning,
    )


def _letter(part: Part | None, doubts: list[Doubt]) -> str | None:
    letter = part.text.strip().upper() if part else ""
    if part is None or letter in LETTERS or not letter:
        return letter or None
    clause = f"the automated annotation {letter[:20]!r} is none of C, P and I; it is not used"
    doubts.append(Doubt(clause, part.line))
    return None


def _points(written: str, line: int, doubts: list[Doubt]) -> float | None:
    points = float(written)
    if points <= 3:
        return points
    doubts.append(Doubt(f"the score {points:g} of the reasoning is not within 0 and 3", line))
    return None


def _number(
    part: Part | None, name: str, least: float, most: float, doubts: list[Doubt]
) -> float | None:
    """The finite number in `part` when it is within bounds; else None."""
    if part is None or not part.text.strip():
        return None
    try:
        value = float(part.text.strip().replace(",", "."))
    except ValueError:
        clause = f"the {name} {part.text[:40]!r} is no number; it is not used"
        doubts.append(Doubt(clause, part.line))
        return None
    if math.isfinite(value) and least <= value <= most:
        return value
    doubts.append(Doubt(f"the {name} {value:g} is out of range; it is not used", part.line))
    return None


def _seconds(part: Part | None, doubts: list[Doubt]) -> float | None:
    if part is None or not part.text.strip():
        return None
    match = _TIME.fullmatch(part.text.strip())
    if match:
        return 3600.0 * int(match[1] or 0) + 60.0 * int(match[2]) + float(match[3])
    clause = f"the time {part.text[:40]!r} is not hh:mm:ss; it is not used"
    doubts.append(Doubt(clause, part.line))
    return None
