"""The human-labelled pairs that the local judge is fitted on, encoded once.

Word vectors are kept in the cache folder (about 400 MB) because encoding takes minutes.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib import resources

import numpy as np
import yaml
from numpy.typing import NDArray
from shared_data import shared

from ragqa.grade.local.background import Background, background
from ragqa.grade.local.encoded import EARLY, LAYERS, Encoded
from ragqa.grade.local.encoder import Encoder
from ragqa.grade.local.reading import Reading, reading
from ragqa.grade.local.shown import shown
from ragqa.locations import cache_folder

_LONGEST = 3000


@dataclass(frozen=True)
class Pairs:
    """Texts side by side with a human's label, and the group that a split must not part."""

    left: list[Reading]
    """questions, or claims"""
    right: list[list[Reading]]
    """what may answer, or what the claim is compared with: one or several"""
    labels: NDArray[np.float64]
    """0..1"""
    groups: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.left)


@functools.cache
def encoder() -> Encoder:
    """One for the whole run."""
    return Encoder()


@functools.cache
def ground() -> Background:
    """The background that goes with it."""
    return background(encoder())


def wikiqa() -> Pairs:
    """WikiQA-dev: does the sentence answer the question?"""
    with shared("wikiqa", "WikiQA-dev.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    questions = _read("wikiqa-questions", [row["Question"] for row in rows], "query", "en")
    sentences = _read("wikiqa-sentences", [row["Sentence"] for row in rows], "passage", "en")
    return Pairs(
        [questions[row["Question"]] for row in rows],
        [[sentences[row["Sentence"]]] for row in rows],
        np.array([float(row["Label"]) for row in rows]),
        np.array([row["QuestionID"] for row in rows]),
    )


def faquad() -> Pairs:
    """FaQuAD in Portuguese: does the sentence of the paragraph hold the marked answer?"""
    rows = []
    for article in json.loads(shared("faquad", "train.json").read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            text = paragraph["context"]
            ends = [m.end() for m in re.finditer(r"(?<=[.!?;])\s+", text)]
            spans = zip([0, *ends], [*ends, len(text)], strict=True)
            spans = [(first, past) for first, past in spans if text[first:past].strip()]
            for asked in paragraph["qas"]:
                starts = [answer["answer_start"] for answer in asked["answers"]]
                for first, past in spans:
                    held = any(first <= start < past for start in starts)
                    rows.append((asked["question"], text[first:past].strip(), held))
    questions = _read("faquad-questions", [row[0] for row in rows], "query", "pt")
    sentences = _read("faquad-sentences", [row[1] for row in rows], "passage", "pt")
    return Pairs(
        [questions[row[0]] for row in rows],
        [[sentences[row[1]]] for row in rows],
        np.array([float(row[2]) for row in rows]),
        np.array([row[0] for row in rows]),
    )


def faquad_spans() -> Pairs:
    """FaQuAD's marked answers by themselves: their own question's, or another's of the article.

    They leave their subject to the question, as answers do. The groups are articles.
    """
    random = np.random.default_rng(0)
    rows: list[tuple[str, str, bool, int]] = []
    articles = json.loads(shared("faquad", "train.json").read_text(encoding="utf-8"))["data"]
    asked = [
        [
            (qa["question"], max((a["text"] for a in qa["answers"]), key=len))
            for paragraph in article["paragraphs"]
            for qa in paragraph["qas"]
        ]
        for article in articles
    ]
    every = [pair for own in asked for pair in own]
    for number, own in enumerate(asked):
        for question, answer in own:
            rows.append((question, answer, True, number))
            others = [text for other, text in own if not _overlap(text, answer)]
            if others:
                chosen = random.choice(others, min(2, len(others)), replace=False)
                rows += [(question, str(text), False, number) for text in chosen]
            stranger = every[random.integers(len(every))]
            if stranger not in own:
                rows.append((question, stranger[1], False, number))
    questions = _read("faquad-questions", [row[0] for row in rows], "query", "pt")
    answers = _read("faquad-spans", [row[1] for row in rows], "passage", "pt")
    return Pairs(
        [questions[row[0]] for row in rows],
        [[answers[row[1]]] for row in rows],
        np.array([float(row[2]) for row in rows]),
        np.array([str(row[3]) for row in rows]),
    )


def _overlap(one: str, other: str) -> bool:
    """Whether two answers share so many words that both may be right."""
    a, b = set(one.lower().split()), set(other.lower().split())
    return len(a & b) >= 0.3 * max(1, min(len(a), len(b)))


def scientsbank() -> Pairs:
    """SciEntsBank: does the student's answer agree with the reference answers?"""
    with shared("scientsbank", "train.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["student_answer"].strip()]
    names = ("reference_answer", "reference_2", "reference_3")
    texts = [row["student_answer"] for row in rows] + [row[n] for row in rows for n in names]
    read = _read("scientsbank", [text for text in texts if text.strip()], "passage", "en")
    return Pairs(
        [read[row["student_answer"]] for row in rows],
        [[read[row[n]] for n in names if row[n].strip()] for row in rows],
        np.array([float(row["label"] == "correct") for row in rows]),
        np.array([row["reference_answer"] for row in rows]),
    )


def similar(languages: Iterable[str] = ("en", "pt", "es"), every: int = 3) -> Pairs:
    """STS benchmark: the first sentence in a language, the second in the same and in the next.

    Labels are the human similarity over 5; every third pair keeps encoding short.
    """
    codes = list(languages)
    rows: dict[str, list[list[str]]] = {}
    read: dict[str, dict[str, Reading]] = {}
    for code in codes:
        with shared("stsb", f"stsb-{code}-dev.csv").open(encoding="utf-8", newline="") as file:
            rows[code] = list(csv.reader(file))[::every]
        texts = [text for row in rows[code] for text in row[:2]]
        read[code] = _read(f"stsb-{code}", texts, "passage", code)
    left, right, labels, groups = [], [], [], []
    for here, there in [(c, c) for c in codes] + list(
        zip(codes, codes[1:] + codes[:1], strict=True)
    ):
        for number, (one, two) in enumerate(zip(rows[here], rows[there], strict=True)):
            left.append(read[here][one[0]])
            right.append([read[there][two[1]]])
            labels.append(float(one[2]) / 5)
            groups.append(str(number))
    return Pairs(left, right, np.array(labels), np.array(groups))


@dataclass(frozen=True)
class Parallel:
    """A query and a passage in two languages: the same passage twice."""

    query: Reading
    same: Reading
    """the passage in the query's language"""
    other: Reading
    """the passage in another language"""


def parallel(codes: tuple[str, ...] = ("en", "pt", "es"), every: int = 6) -> list[Parallel]:
    """Queries with passages that answer, resemble or have nothing to do with them.

    STS benchmark sentences serve as queries beside the background's questions; of each query's
    passages one is its counterpart and one is a stranger.
    """
    random = np.random.default_rng(0)
    queries: dict[str, list[Reading]] = {}
    passages: dict[str, list[Reading]] = {}
    asked, told = everyday()
    for code in codes:
        with shared("stsb", f"stsb-{code}-dev.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))[::every]
        ones, twos = [row[0] for row in rows], [row[1] for row in rows]
        q = _read(f"stsb-queries-{code}", [*ones, *asked[code]], "query", code)
        p = _read(f"stsb-passages-{code}", [*twos, *told[code]], "passage", code)
        queries[code] = [q[text] for text in [*ones, *asked[code]]]
        passages[code] = [p[text] for text in [*twos, *told[code]]]
    found = []
    count = len(queries[codes[0]])
    strangers = random.integers(0, count, count)
    for here in codes:
        for there in codes:
            if here != there:
                found += [
                    Parallel(queries[here][i], passages[here][j], passages[there][j])
                    for i, k in enumerate(strangers)
                    for j in (i, int(k))
                ]
    return found


def everyday() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The background's questions, and the statement that comes nearest to answering each."""
    text = resources.files("ragqa.grade.local").joinpath("background.yaml").read_text("utf-8")
    raw = yaml.safe_load(text)
    told = {
        code: [rows[i] for i in (0, 1, 3, 5, 20, 25, 15, 8, 16, 11, 13, 24)]
        for code, rows in raw["statements"].items()
    }
    return raw["questions"], told


def _read(name: str, texts: list[str], kind: str, language: str) -> dict[str, Reading]:
    """Each distinct text of `texts` as a reading."""
    distinct = list(dict.fromkeys(texts))
    made = _encoded(name, distinct, kind)
    return {text: reading(one, language) for text, one in zip(distinct, made, strict=True)}


def _encoded(name: str, texts: list[str], kind: str) -> list[Encoded]:
    seen = [shown(text, _LONGEST) for text in texts]
    said = "\0".join([kind, str((*LAYERS, EARLY)), *texts]).encode("utf-8", "replace")
    key = hashlib.sha256(said).hexdigest()[:12]
    path = cache_folder() / "calibration" / f"{name}-{key}.npz"
    if not path.is_file():
        made = [
            one
            for i in range(0, len(seen), 200)
            for one in encoder().load().encode([(text, kind) for text in seen[i : i + 200]])
        ]
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(
            path,
            vectors=np.concatenate([one.vectors for one in made if len(one)], 1).astype(np.float16),
            spans=np.array([span for one in made for span in one.spans]),
            tokens=np.concatenate([one.tokens for one in made]),
            rarity=np.concatenate([one.rarity for one in made]),
            counts=np.array([len(one) for one in made]),
            early=np.concatenate([one.early for one in made if len(one)]).astype(np.float16),
        )
    with np.load(path) as held:
        vectors, spans = held["vectors"], held["spans"]
        tokens, rarity, counts = held["tokens"], held["rarity"], held["counts"]
        early = held["early"]
    ends = np.cumsum(counts)
    return [
        Encoded(
            one,
            tuple((int(a), int(z)) for a, z in spans[end - count : end]),
            vectors[:, end - count : end].astype(np.float32),
            tokens[end - count : end],
            rarity[end - count : end],
            early[end - count : end].astype(np.float32),
        )
        for one, count, end in zip(seen, counts, ends, strict=True)
    ]


def joined(readings: list[Reading]) -> Reading:
    """Several texts as one, each still in its own context."""
    texts = [one.encoded.shown.text for one in readings]
    starts = np.cumsum([0, *(len(text) + 1 for text in texts[:-1])]).tolist()
    spans = tuple(
        (a + s, z + s) for s, r in zip(starts, readings, strict=True) for a, z in r.encoded.spans
    )
    whole = Encoded(
        shown(" ".join(texts), 100_000),
        spans,
        np.concatenate([one.encoded.vectors for one in readings], 1),
        np.concatenate([one.encoded.tokens for one in readings]),
        np.concatenate([one.encoded.rarity for one in readings]),
        np.concatenate([one.encoded.early for one in readings]),
    )
    return replace(readings[0], encoded=whole)
