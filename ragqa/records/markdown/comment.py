"""The comment that keeps what the layout has no place for."""

from __future__ import annotations

import json
from typing import Any

from ragqa.errors import RagqaError
from ragqa.records.checks import Doubt
from ragqa.records.markdown.parts import Part
from ragqa.records.markdown.patch import difference, patched, seen
from ragqa.records.markdown.plain import plain_json
from ragqa.records.schema import record_json, record_with_doubts
from ragqa.types import Record

_MALFORMED = (
    ValueError, RecursionError, TypeError, KeyError, IndexError, AttributeError, RagqaError,
)  # fmt: skip


def comment_of(shown: Record | None, record: Record) -> str:
    """What makes `record` of what is shown of it, as a comment; empty when nothing is hidden."""
    visible = record_json(shown) if shown else {}
    patch = difference(visible, record_json(record))
    if not patch:
        return ""
    _watch(patch, visible, record)
    text = plain_json(json.dumps(patch, ensure_ascii=False, allow_nan=False))
    # It cannot end the comment that it stands in.
    safe = text.replace(">", "\\u003e").replace("<", "\\u003c").replace("--", "-\\u002d")
    return f"<!-- ragqa: {safe} -->"


def _watch(patch: dict[str, Any], visible: dict[str, Any], record: Record) -> None:
    """Note of what the hidden grades of segments and sentences, which go by number, were made."""
    targets = {grade.target.split(":")[0] for grade in record.grades}
    if "hit" in targets and "hits" in visible:
        patch.setdefault("hits", ["?", seen(visible["hits"])])
    if "sentence" in targets and "answer" in visible:
        answer = patch.setdefault("answer", {})
        if isinstance(answer, dict):
            answer.setdefault("text", ["?", seen(visible["answer"]["text"])])


def restored(shown: Record, comment: Part, doubts: list[Doubt]) -> Record:
    """`shown` with what `comment` keeps; what was edited since stays as it is shown.

    Edits, and faults of the comment, are added to `doubts`.
    """
    edits: list[str] = []
    before = record_json(shown)
    try:
        patch = json.loads(comment.text)
        if not isinstance(patch, dict):
            raise ValueError("no object")
        merged = patched(before, patch, edits)
        stale = [] if "hits" not in edits else ["hit:"]
        stale += ["sentence:"] if "answer.text" in edits else []
        left_out = _without(stale, merged)
        _repointed(merged, before, edits)
        record, told = record_with_doubts(merged)
    except _MALFORMED:
        clause = "the comment that ragqa wrote is broken; only what is shown is used"
        doubts.append(Doubt(clause, comment.line))
        return shown
    if edits:
        clause = f"edited by hand: {', '.join(edits)[:200]}; it is used as it stands there"
        if left_out:
            clause += f"; grades of what stood there before are left out ({left_out})"
        doubts.append(Doubt(clause, comment.line))
    doubts += [Doubt(clause, comment.line) for clause in told]
    return record


def _without(stale: list[str], merged: dict[str, Any]) -> int:
    """Leave out the grades whose targets begin so; how many there were."""
    grades = merged.get("grades", [])
    kept = [g for g in grades if not g.get("target", "").startswith(tuple(stale))]
    merged["grades"] = kept
    return len(grades) - len(kept)


def _repointed(merged: dict[str, Any], shown: dict[str, Any], edits: list[str]) -> None:
    """Let hidden points follow a score that was edited."""
    if not any(edit.startswith("grades.") for edit in edits):
        return
    visible = shown["grades"][0]
    for grade in merged["grades"]:
        if grade["metric"] != visible["metric"] or grade.get("error") is not None:
            continue
        if "points" not in visible and grade.get("points") is not None:
            score = visible.get("score")
            if score is None:
                grade["points"] = None
            elif abs(grade["points"] / 3 - score) > 0.01:
                grade["points"] = round(3 * score, 4)
        return
