"""From the Markdown layout to records."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ragqa.errors import RagqaError
from ragqa.language import question_language
from ragqa.records.checks import LETTERS, Found
from ragqa.records.foreign import external_answer
from ragqa.records.markdown.labels import ITEM, LABEL, LANGUAGES, item_of, part_of
from ragqa.records.markdown.patch import patched
from ragqa.records.schema import record_from_json, record_json
from ragqa.types import Answer, Chunk, Citation, Grade, Hit, Record

ESCAPED = re.compile(r"\\+(\*\*|[-*] +\*|---|<!--)")
_COMMENT = re.compile(r"<!-- ragqa: (.*) -->\s*")
_LINK = re.compile(r"- \[((?:[^\[\]\\]|\\.)*)\]\(((?:[^()\\]|\\.)*)\)\s*")
_TIME = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:\.\d+)?)")
COT = re.compile(
    r"\s*Criteria:\s*(.*?)\s*Supporting Evidence:\s*(.*?)\s*Score:\s*(\d+(?:\.\d+)?)\s*",
    re.DOTALL,
)
"""the reasoning as an annotating model writes it"""


class Fault(Exception):
    """Malformed Markdown in a line."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass
class Part:
    """A labelled part as it stands in the file."""

    line: int
    name: str
    about: str
    """the question's id or the annotator"""
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its text without the escapes that keep lines from looking like labels."""
        kept = "\n".join(self.lines).rstrip("\n").split("\n")
        plain = [line[1:] if ESCAPED.match(line) else line for line in kept[1:]]
        return "\n".join([kept[0], *plain])


def records_in(text: str) -> Iterator[Found]:
    """Each record of `text`, or the fault that leaves it out, with its line."""
    parts: list[Part] = []
    number = 0
    for part in [*_parts(text), Part(0, "question", "")]:
        if part.name == "question" or (part.name == "rule" and parts):
            if parts:
                number += 1
                yield _found(parts, number)
            parts = [part] if part.name == "question" else []
        elif part.name != "rule":
            parts.append(part)


def _parts(text: str) -> Iterator[Part]:
    """The parts in order; "rule" closes a record, "extra" is the comment of ours."""
    current: Part | None = None
    for number, line in enumerate(text.split("\n"), 1):
        label = LABEL.fullmatch(line) if line.startswith("**") else None
        named = part_of(label[1]) if label else None
        item = ITEM.fullmatch(line) if line[:1] in ("-", "*") else None
        segment = item_of(item[1]) if item else None
        comment = _COMMENT.fullmatch(line)
        if label and named:
            started = Part(number, *named, [label[2]])
        elif item and segment and current and (current.name == "hits" or current.name in _SEGMENT):
            started = Part(number, segment, "", [item[2]])
        elif comment:
            started = Part(number, "extra", "", [comment[1]])
        elif line.rstrip() == "---":
            started = Part(number, "rule", "")
        else:
            if current and current.name != "rule":
                current.lines.append(line)
            continue
        if current:
            yield current
        current = started
    if current:
        yield current


_SEGMENT = ("corpus_id", "score", "url", "start", "end", "text")


def _found(parts: list[Part], number: int) -> Found:
    line = parts[0].line
    try:
        record, doubts = _record(parts, number)
    except Fault as fault:
        return Found(fault.line, fault=str(fault))
    extra = next((part for part in parts if part.name == "extra"), None)
    if extra:
        try:
            merged = patched(record_json(record), json.loads(extra.text))
            record = record_from_json(merged)
        except (ValueError, RecursionError, TypeError, KeyError, IndexError, RagqaError):
            return Found(extra.line, fault="the comment that ragqa wrote is broken")
    return Found(line, record, doubts=tuple(doubts))


def _record(parts: list[Part], number: int) -> tuple[Record, list[str]]:
    single = _single(parts)
    asked = single.get("question")
    question = asked.text if asked else ""
    language = question_language(question, LANGUAGES)
    answer = single.get("answer")
    references = single.get("references")
    citations = _citations(references) if references else ()
    grade, doubts = _grade(single)
    record = Record(
        id=(asked.about if asked else "") or str(number),
        question=question,
        answer=_answer(question, answer.text, language, citations) if answer else None,
        hits=tuple(_hits(parts)),
        references=tuple(part.text for part in parts if part.name == "reference_answer"),
        annotations={
            part.about or "manual": part.text.strip()
            for part in parts
            if part.name == "annotation" and part.text.strip()
        },
        grades=(grade,) if grade else (),
        language=language,
    )
    return record, doubts


def _answer(
    question: str, text: str, language: str, citations: tuple[Citation, ...]
) -> Answer | None:
    if not text.strip() and not citations:
        return None
    return replace(external_answer(question, text, language), citations=citations)


def _single(parts: list[Part]) -> dict[str, Part]:
    """Parts that stand once in a record, by name."""
    single: dict[str, Part] = {}
    for part in parts:
        if part.name in (*_SEGMENT, "reference_answer", "annotation", "hits"):
            continue
        if part.name in single:
            raise Fault(part.line, f"the part {part.name!r} stands twice in one record")
        single[part.name] = part
    return single


def _hits(parts: list[Part]) -> Iterator[Hit]:
    """The segments: each begins with its corpus id, or with any label when ids are left out."""
    segment: dict[str, Part] = {}
    rank = 0
    for part in [*(part for part in parts if part.name in _SEGMENT), None]:
        if part is None or part.name in segment or (part.name == "corpus_id" and segment):
            if segment:
                rank += 1
                yield _hit(segment, rank)
            segment = {}
        if part is not None:
            segment[part.name] = part


def _hit(segment: dict[str, Part], rank: int) -> Hit:
    first = next(iter(segment.values()))
    if "text" not in segment:
        raise Fault(first.line, f"the segment at rank {rank} has no transcript")
    score = _number(segment.get("score"), "score", -math.inf, math.inf)
    corpus_id = _number(segment.get("corpus_id"), "corpus id", -math.inf, math.inf)
    if corpus_id is not None and not corpus_id.is_integer():
        raise Fault(first.line, "the corpus id is no whole number")
    chunk = Chunk(
        corpus_id=rank if corpus_id is None else int(segment["corpus_id"].text),
        transcript_id="",
        first_cue=0,
        last_cue=0,
        start=_seconds(segment.get("start")),
        end=_seconds(segment.get("end")),
        text=segment["text"].text,
        url=(segment["url"].text.strip() or None) if "url" in segment else None,
    )
    return Hit(chunk, score or 0.0, rank)


def _citations(part: Part) -> tuple[Citation, ...]:
    found = []
    for offset, line in enumerate(part.lines):
        if not line.strip():
            continue
        link = _LINK.fullmatch(line)
        if not link:
            raise Fault(part.line + offset, "a reference is no Markdown link")
        title, url = (re.sub(r"\\(.)", r"\1", text) for text in link.groups())
        found.append(Citation(-1, "", title, url or None, None, None, 0.0, ""))
    return tuple(found)


def _grade(single: dict[str, Part]) -> tuple[Grade | None, list[str]]:
    score = _number(single.get("relevance"), "answer relevance", 0, 1)
    letter = single["verdict"].text.strip().upper() if "verdict" in single else ""
    reasoning = single["reasoning"].text if "reasoning" in single else ""
    doubts = []
    if letter and letter not in LETTERS:
        doubts.append(f"the automated annotation {letter[:20]!r} is none of C, P and I")
        letter = ""
    if score is None and not letter and not reasoning.strip():
        return None, doubts
    parsed = COT.fullmatch(reasoning)
    points = float(parsed[3]) if parsed else None
    if points is not None and points > 3:
        doubts.append(f"the score {points:g} of the reasoning is not within 0 and 3")
        points = None
    grade = Grade(
        metric="answer_relevance",
        judge="imported",
        score=score,
        points=points,
        verdict=letter or None,
        criteria=parsed[1] if parsed else "",
        reasoning=reasoning,
    )
    return grade, doubts


def _number(part: Part | None, name: str, least: float, most: float) -> float | None:
    """The number in `part`, None without one; Fault unless it is finite and within bounds."""
    if part is None or not part.text.strip():
        return None
    try:
        value = float(part.text.strip().replace(",", "."))
    except ValueError:
        raise Fault(part.line, f"the {name} {part.text[:40]!r} is no number") from None
    if not math.isfinite(value) or not least <= value <= most:
        raise Fault(part.line, f"the {name} {value:g} is out of range")
    return value


def _seconds(part: Part | None) -> float | None:
    if part is None or not part.text.strip():
        return None
    match = _TIME.fullmatch(part.text.strip())
    if not match:
        raise Fault(part.line, f"the time {part.text[:40]!r} is not hh:mm:ss")
    return 3600.0 * int(match[1] or 0) + 60.0 * int(match[2]) + float(match[3])
