"""YouTube's own captions (json3, srv1, srv3) and TTML."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from ragqa.errors import RagqaError
from ragqa.transcripts.formats import Parsed
from ragqa.types import Cue


def parse_json3(value: dict[str, Any], path: Path) -> Parsed:
    """The events of YouTube's json3. Raises RagqaError naming the file and the event."""
    events = value["events"]
    if not isinstance(events, list):
        raise RagqaError(f"{path}: `events` is not a list; download the captions again.")
    cues: list[Cue] = []
    for number, event in enumerate(events, 1):
        if not isinstance(event, dict):
            raise RagqaError(f"{path}: event {number} is not an object.")
        segments = event.get("segs")
        if not isinstance(segments, list) or event.get("aAppend"):
            continue  # a window definition, or the line break between two rolling lines
        text = "".join(str(part.get("utf8", "")) for part in segments if isinstance(part, dict))
        start, length = event.get("tStartMs"), event.get("dDurationMs", 0)
        if start is None or not _is_number(start) or not _is_number(length):
            raise RagqaError(f"{path}: event {number} has no start time in milliseconds.")
        if text.strip():
            cues.append(Cue(start / 1000, (start + length) / 1000, "", text))
    if not cues:
        raise RagqaError(f"{path} holds no caption.")
    return Parsed(_shown_until_the_next(cues))


def parse_xml(text: str, path: Path) -> Parsed:
    """YouTube's srv1 and srv3, and TTML. Raises RagqaError naming the file and line."""
    if "<!DOCTYPE" in text[:2000] or "<!ENTITY" in text:
        raise RagqaError(f"{path} declares a document type, which no caption file needs.")
    try:
        root = ElementTree.fromstring(text.strip())
    except ElementTree.ParseError as error:
        line, column = error.position
        raise RagqaError(
            f"{path} is not valid XML at line {line}, column {column + 1}; "
            "download the captions again."
        ) from error
    name = _local(root.tag)
    parse = {"timedtext": _srv3, "transcript": _srv1, "tt": _ttml}.get(name)
    if parse is None:
        raise RagqaError(f"{path} is XML with <{name}>, but no caption format that ragqa reads.")
    try:
        cues = parse(root)
    except (ValueError, KeyError) as error:
        raise RagqaError(f"{path} has a caption without a readable time ({error}).") from error
    if not cues:
        raise RagqaError(f"{path} holds no caption.")
    language = root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("lang")
    return Parsed(cues, {"language": language} if language else {})


def _srv3(root: ElementTree.Element) -> list[Cue]:
    cues = []
    for p in root.iter("p"):
        text = "".join(p.itertext())
        if text.strip() and not p.get("a"):
            start = float(p.attrib["t"])
            cues.append(Cue(start / 1000, (start + float(p.get("d", 0))) / 1000, "", text))
    return _shown_until_the_next(cues)


def _srv1(root: ElementTree.Element) -> list[Cue]:
    cues = []
    for element in root.iter("text"):
        start = float(element.attrib["start"])
        text = "".join(element.itertext())
        cues.append(Cue(start, start + float(element.get("dur", 0)), "", text))
    return _shown_until_the_next([cue for cue in cues if cue.source.strip()])


def _shown_until_the_next(cues: list[Cue]) -> list[Cue]:
    """Cues cut at the next one's start: YouTube's lines stay on screen while the next is said."""
    return [
        Cue(cue.start, min(cue.end or 0.0, after.start), "", cue.source)
        if after.start is not None and cue.start is not None and after.start > cue.start
        else cue
        for cue, after in zip(cues, [*cues[1:], Cue(None, None, "")], strict=True)
    ]


def _ttml(root: ElementTree.Element) -> list[Cue]:
    rates = {_local(name): value for name, value in root.attrib.items()}
    ticks = float(rates.get("tickRate", 1))
    frames = float(rates.get("frameRate", 30))
    cues = []
    for p in root.iter():
        if _local(p.tag) != "p" or "begin" not in p.attrib:
            continue
        start = _ttml_time(p.attrib["begin"], ticks, frames)
        if "end" in p.attrib:
            end = _ttml_time(p.attrib["end"], ticks, frames)
        else:
            end = start + _ttml_time(p.get("dur", "0s"), ticks, frames)
        cues.append(Cue(start, end, "", _with_breaks(p)))
    return cues


def _ttml_time(value: str, ticks: float, frames: float) -> float:
    """A TTML time expression (TTML2, section 12.3.1) in seconds."""
    if match := re.fullmatch(r"(\d+):(\d+):(\d+(?:\.\d+)?)(?::(\d+))?", value):
        hours, minutes, seconds, frame = match.groups()
        return int(hours) * 3600 + int(minutes) * 60 + float(seconds) + float(frame or 0) / frames
    if match := re.fullmatch(r"(\d+(?:\.\d+)?)(h|m|s|ms|f|t)", value):
        units = {"h": 3600, "m": 60, "s": 1, "ms": 0.001, "f": 1 / frames, "t": 1 / ticks}
        return float(match.group(1)) * units[match.group(2)]
    raise ValueError(value)


def _with_breaks(element: ElementTree.Element) -> str:
    text = element.text or ""
    for child in element:
        text += "\n" if _local(child.tag) == "br" else _with_breaks(child)
        text += child.tail or ""
    return text


def _local(name: str) -> str:
    return name.rsplit("}", 1)[-1]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
