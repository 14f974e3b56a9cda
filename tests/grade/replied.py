"""Replies of a model as text, and what they come to."""

from __future__ import annotations

import json

from ragqa.grade.llm import UnreadableReply, judgement_in

MARK = "0123456789ab"
TEXT = "It defines nothing."


def own(score: int, **more) -> str:
    """A judgement as the prompt asks for it."""
    fields = {
        "mark": MARK,
        "criteria": "whether it defines what is asked",
        "evidence": [],
        "reasoning": "Most of it stands there.",
        "score": score,
    }
    return json.dumps({**fields, **more})


def points(reply: str, text: str = TEXT) -> int | None:
    """What `reply` comes to; None for an error."""
    try:
        return judgement_in(reply, MARK, [text]).points
    except UnreadableReply:
        return None
