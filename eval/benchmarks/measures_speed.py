"""Time ragqa's measures beside the reference library's alone, on the same judgements.

Run: python eval/benchmarks/measures_speed.py [--questions 10000] [--hits 100] [--rounds 5]
Made-up lectures, spans and ranked lists. The reference is pytrec_eval, given judgements and run as
its own dictionaries, ready made, and asked for the same ranking measures. ragqa starts from
timed hits and spans: it judges every hit by seconds and computes those measures; a third time
adds its measures for lectures. Processor seconds; the rounds alternate, and the ratio is of the
medians of one run.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from ragqa.evaluate import Measure, Rankings, default_measures, measure, question_values
from ragqa.evaluate.judgement import judged
from ragqa.questions import Question
from ragqa.types import Span

LECTURES, SECONDS, CHUNK = 400, 3600.0, 120.0
STEP = 90.0


def questions_and_rankings(count: int, hits: int, seed: int = 7) -> tuple[list[Question], Rankings]:
    """Questions with one to four spans, and lists of chunks of which some cover them."""
    rng = np.random.default_rng(seed)
    names = [f"lecture-{number}" for number in range(LECTURES)]
    chunks = int(SECONDS // STEP)
    questions, transcript, start = [], [], []
    for number in range(count):
        spans = []
        rows = rng.choice(LECTURES * chunks, hits, replace=False)
        for _ in range(int(rng.integers(1, 5))):
            lecture, begin = int(rng.integers(LECTURES)), float(rng.uniform(0, SECONDS - 90))
            spans.append(Span(names[lecture], begin, begin + float(rng.uniform(10, 90)), 2))
            if rng.random() < 0.8:
                at = (int(rng.zipf(1.6)) - 1) % hits
                rows[at] = lecture * chunks + min(int(begin // STEP), chunks - 1)
        questions.append(Question(f"q{number}", "?", spans=tuple(spans)))
        transcript.append(rows // chunks)
        start.append((rows % chunks) * STEP)
    starts = np.concatenate(start)
    rankings = Rankings(
        counts=np.full(count, hits, np.int64),
        transcripts=tuple(names),
        transcript=np.concatenate(transcript).astype(np.int64),
        start=starts,
        end=starts + CHUNK,
        score=np.tile(np.linspace(1, 0.5, hits), count),
        missing=np.zeros(count, np.bool_),
    )
    return questions, rankings


Judgements = dict[str, dict[str, int]]
Run = dict[str, dict[str, float]]


def reference_input(questions: list[Question], rankings: Rankings) -> tuple[Judgements, Run]:
    """What the library is given: every hit a document, relevant ones judged."""
    found = judged(rankings, questions)
    names = [f"d{row}" for row in range(len(rankings.transcript))]
    run: Run = {question.id: {} for question in questions}
    for row, (position, rank) in enumerate(
        zip(rankings.question.tolist(), rankings.rank.tolist(), strict=True)
    ):
        run[questions[position].id][names[row]] = float(1000 - rank)
    qrels: Judgements = {question.id: {} for question in questions}
    for hit, unit in zip(found.hit[found.relevant], found.unit[found.relevant], strict=True):
        qrels[questions[int(found.units.question[unit])].id][names[int(hit)]] = 2
    for unit in np.flatnonzero(found.first_hit == len(names)):
        qrels[questions[int(found.units.question[unit])].id][f"missed{unit}"] = 2
    return qrels, run


DEEP = ("recall@1", "recall@10", "recall@100", "hit@10", "precision@100", "MRR", "MAP", "nDCG@100")
DEEP_LECTURE = ("overlap@100", "redundancy@100", "seconds@100")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--hits", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    questions, rankings = questions_and_rankings(options.questions, options.hits)
    qrels, run = reference_input(questions, rankings)
    usual = default_measures(10)
    print(f"{options.questions} questions x {options.hits} hits")
    table("the usual measures, to depth 10", usual, questions, rankings, qrels, run, options.rounds)
    deep = tuple(measure(name) for name in (*DEEP, *DEEP_LECTURE))
    table("measures to depth 100", deep, questions, rankings, qrels, run, options.rounds)


def table(
    title: str,
    every: Sequence[Measure],
    questions: list[Question],
    rankings: Rankings,
    qrels: Judgements,
    run: Run,
    rounds: int,
) -> None:
    """Time one set of measures and print it."""
    import pytrec_eval

    ranked = [measure for measure in every if not measure.of_lectures]
    asked = {measure.library_name for measure in ranked}
    fresh = partial(replace, rankings)
    jobs: dict[str, Callable[[], object]] = {
        "pytrec_eval alone": lambda: pytrec_eval.RelevanceEvaluator(qrels, asked).evaluate(run),
        "ragqa, the same measures": lambda: question_values(questions, fresh(), ranked),
        "ragqa, with lecture measures": lambda: question_values(questions, fresh(), every),
    }
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds + 1):
        for name, job in jobs.items():
            began = time.process_time()
            job()
            times[name].append(time.process_time() - began)
    print(f"\n{title:<30} median s   ratio")
    # The first round warms caches and imports.
    medians = {name: statistics.median(taken[1:]) for name, taken in times.items()}
    alone = medians["pytrec_eval alone"]
    for name, seconds in medians.items():
        print(f"{name:<30} {seconds:8.2f}   {seconds / alone:5.2f}")


if __name__ == "__main__":
    main()
