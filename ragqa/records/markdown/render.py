"""From records to the Markdown layout."""

from __future__ import annotations

import re

from ragqa.errors import RagqaError
from ragqa.records.markdown.comment import comment_of
from ragqa.records.markdown.labels import LANGUAGES, labels
from ragqa.records.markdown.parse import records_in
from ragqa.records.markdown.plain import plain
from ragqa.records.markdown.values import COT
from ragqa.records.schema import record_from_json, record_json, whole_text
from ragqa.types import Grade, Hit, Record

_MARKED = re.compile(r"\\*(\*\*|[-*] +\*|---|<!--)")
_PLAIN_ID = re.compile(r"[\w.:/-]{1,80}")


def markdown_of(record: Record, headings: str | None = None) -> str:
    """`record` in the layout, under headings in pt, en or es (None: the record's language).

    What the layout has no place for follows in a comment, so that reading gives the same record.
    Raises RagqaError for another language.
    """
    code = headings or (record.language if record.language in LANGUAGES else "pt")
    if code not in LANGUAGES:
        raise RagqaError(f"There are headings in {', '.join(LANGUAGES)}, not in {code!r}.")
    wanted = whole_text(record_json(record))
    record = record_from_json(wanted)
    body = "\n".join(_lines(record, code))
    (found,) = records_in(body)
    comment = comment_of(found.record, record)
    return f"{body}\n\n{comment}\n\n\n---\n" if comment else f"{body}\n\n\n---\n"


def _lines(record: Record, code: str) -> list[str]:
    """The record's lines, without the rule that closes it."""
    names = labels()[code]
    about = f" {record.id}" if _PLAIN_ID.fullmatch(record.id) else ""
    lines = [f"**{names['question']}{about}**: {_text(record.question)}", ""]
    if record.hits:
        lines.append(f"**{names['hits']}**:")
        for hit in record.hits:
            lines += [*_segment(hit, code), ""]
        lines.append("")
    if record.answer is not None:
        lines += [f"**{names['answer']}**: {_text(record.answer.text)}", ""]
        if record.answer.citations:
            links = [
                f"- [{_link_text(citation.title)}]({_link_text(citation.url or '')})"
                for citation in record.answer.citations
            ]
            lines += [f"**{names['references']}**:", *links, ""]
    for reference in record.references:
        lines += [f"**{names['reference_answer']}**: {_text(reference)}", ""]
    for annotator, letter in (record.annotations or {"manual": ""}).items():
        whose = f" ({annotator})" if _is_plain(annotator) and annotator != "manual" else ""
        lines += [f"**{names['annotation']}{whose}**: {_text(letter)}".rstrip(), ""]
    relevance = next((g for g in record.grades if g.metric == "answer_relevance"), None)
    if relevance is not None and relevance.error is None:
        lines += _grade(relevance, code)
    while not lines[-1]:
        lines.pop()
    return lines


def _is_plain(annotator: str) -> bool:
    """Whether a label with this name in it is read again as it is."""
    spaced = " ".join(annotator.split())
    return (
        0 < len(annotator) <= 60 and spaced == annotator == plain(annotator) and "*" not in spaced
    )


def _segment(hit: Hit, code: str) -> list[str]:
    names, chunk = labels()[code], hit.chunk
    values = {
        "corpus_id": str(chunk.corpus_id),
        "score": repr(hit.score),
        "url": _text(chunk.url or "").replace("\n", " "),
        "start": _clock(chunk.start),
        "end": _clock(chunk.end),
        "text": _text(chunk.text),
    }
    return [f"- *{names[part]}:* {value}".rstrip(" ") for part, value in values.items()]


def _grade(grade: Grade, code: str) -> list[str]:
    names = labels()[code]
    lines = []
    if grade.score is not None:
        lines += [f"**{names['relevance']}**: {grade.score:.2f}", ""]
    if grade.verdict is not None:
        lines += [f"**{names['verdict']}**: {_text(grade.verdict)}", ""]
    reasoning = _reasoning(grade)
    if reasoning:
        lines += [f"**{names['reasoning']}**: {_text(reasoning)}", ""]
    return lines


def _reasoning(grade: Grade) -> str:
    if COT.fullmatch(grade.reasoning) or grade.points is None or not grade.criteria:
        return grade.reasoning
    quotes = " ".join(f"“{evidence.text}”" for evidence in grade.evidence)
    support = f"{quotes} {grade.reasoning}".strip()
    return f"Criteria: {grade.criteria} Supporting Evidence: {support}  Score: {grade.points:g}"


def _text(text: str) -> str:
    """`text` with lines that look like a label escaped, and without control characters."""
    first, *rest = plain(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return "\n".join([first, *(f"\\{line}" if _MARKED.match(line) else line for line in rest)])


def _link_text(text: str) -> str:
    return re.sub(r"([\\\[\]()])", r"\\\1", _text(text).replace("\n", " "))


def _clock(seconds: float | None) -> str:
    if seconds is None or seconds < 0:
        return ""
    whole = round(seconds, 3)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(int(minutes), 60)
    fraction = f"{second:06.3f}" if second % 1 else f"{int(second):02}"
    return f"{hours:02}:{minute:02}:{fraction}"
