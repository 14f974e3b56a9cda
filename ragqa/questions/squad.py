"""SQuAD-style JSON (SQuAD 1 and 2, XQuAD, FaQuAD): each paragraph is a transcript without times."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from ragqa.errors import RagqaError
from ragqa.files import sha256
from ragqa.language import detect_language
from ragqa.questions.passage import passage
from ragqa.questions.question import Question, QuestionSet
from ragqa.questions.text_files import ids_once, parsed_json, text_of
from ragqa.types import Transcript


def read_squad(path: Path) -> QuestionSet:
    """The questions and paragraphs of a SQuAD-style file.

    Equal paragraphs are one transcript. The language is that of all paragraphs together. Raises
    RagqaError naming the field that is not as SQuAD has it.
    """
    raw = parsed_json(text_of(path), str(path))
    transcripts: dict[str, Transcript] = {}
    questions: list[Question] = []
    try:
        articles = raw["data"]
        contexts = [p["context"] for article in articles for p in article["paragraphs"]]
        language = detect_language(" ".join(contexts)[:20_000])
        for number, article in enumerate(articles, 1):
            title = str(article.get("title") or f"article {number}")
            for paragraph in article["paragraphs"]:
                name = _paragraph(transcripts, title, paragraph["context"], language)
                questions += [_question(qa, name, language, path) for qa in paragraph["qas"]]
    except (KeyError, TypeError, AttributeError) as error:
        raise RagqaError(
            f"{path} is not laid out as SQuAD: {error} is missing or of the wrong kind near "
            f"question {len(questions) + 1}."
        ) from error
    if not questions:
        raise RagqaError(f"{path} holds no question.")
    ids_once(path, [(question.id, None) for question in questions])
    return QuestionSet(path, tuple(questions), sha256(path), tuple(transcripts.values()))


def _paragraph(transcripts: dict[str, Transcript], title: str, context: str, language: str) -> str:
    name = f"paragraph-{hashlib.sha256(context.encode('utf-8', 'replace')).hexdigest()[:16]}"
    if name not in transcripts:
        transcripts[name] = passage(name, title, context, language)
    return name


def _question(qa: dict[str, Any], paragraph: str, language: str, path: Path) -> Question:
    text, name = qa["question"], str(qa["id"])
    if not isinstance(text, str) or not text.strip():
        raise RagqaError(f"{path} question {name!r} has no text.")
    impossible = bool(qa.get("is_impossible", False))
    answers = qa.get("answers") or []
    return Question(
        id=name,
        question=text,
        language=language,
        answerable=not impossible,
        documents={} if impossible else {paragraph: 1},
        reference_answer=str(answers[0]["text"]) if answers and not impossible else None,
    )
