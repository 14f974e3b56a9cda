"""Fit the concept matcher, and say how often it finds the concept and the right side.

Run: python eval/benchmarks/concepts_matching.py [--write] [--test] [--errors]

The labelled sentences (eval/data/concept_sentences.jsonl) have a tuning and a test half. The kernel
machines are fitted on the wordings and on the tuning half, which --write copies beside them. What
the machines say of a tuning sentence is what they would say had they not seen it, nor what is much
like it (in closed form); the small head that turns their scores into a probability is fitted on
that, and cross-validated for the numbers that are printed. --write stores machines and head beside
the code; --test prints the test half too, with everything as fitted on the tuning half.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict

import numpy as np
from concepts_data import Read, Sentence, Verdict, labelled, read_all
from concepts_fit import (
    best_thresholds,
    copy_tuning_sentences,
    cross_validated,
    fit_head,
    fold_heads,
    left_out_readings,
    tuning_rows,
    wording_rows,
)
from concepts_measured import measured, nearest_wording, quiet_cutoff
from rich.console import Console
from rich.table import Table

from ragqa.concepts.matching.frames import unframe
from ragqa.concepts.matching.head import Head
from ragqa.concepts.matching.stored import SHIPPED, matcher, refit
from ragqa.concepts.matching.wordings import wordings
from ragqa.files import write_text

_COLUMNS = ["method", "language", "n", "refuted P", "R", "concept"]
_COLUMNS += ["supported P", "R", "concept", "left alone"]


def add_rows(table: Table, name: str, told: list[Verdict], sentences: list[Sentence]) -> None:
    """One row for all, one for each language."""
    for language in ("all", "en", "pt", "es"):
        mine = [i for i, s in enumerate(sentences) if language in ("all", s.language)]
        found = measured([told[i] for i in mine], [sentences[i] for i in mine])
        cells = [
            f"{found[key]:.3f}"
            for label in ("refuted", "supported")
            for key in (label, f"{label} recall", f"{label} concept")
        ]
        table.add_row(name, language, str(len(mine)), *cells, f"{found['left alone']:.3f}")


def speed(sentences: list[Sentence]) -> float:
    """Seconds for an answer of 50 sentences, the median of five, after a first one."""
    from ragqa.concepts.matching import match

    fifty = [row.sentence for row in sentences[:50]]
    match(fifty[:1])
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        match(fifty)
        taken.append(time.perf_counter() - began)
    return float(np.median(taken))


def errors(
    sentences: list[Sentence], told: list[Verdict], reads: list[Read], head: Head
) -> list[str]:
    """What went wrong on the tuning half, a line each."""
    lines = []
    for row, verdict, entry in zip(sentences, told, reads, strict=True):
        if verdict.side == row.side and (not verdict.side or verdict.concept == row.concept):
            continue
        kind = "WRONG" if verdict.side else "silent"
        likeliest = ""
        if entry.reading is not None:
            sure = head.probability(entry.reading)
            likeliest = f"{sure:.2f} {entry.reading.side:+d} {entry.reading.concept}"
        lines.append(f"{kind} {row.side:+d} {row.concept} | {row.sentence} | {likeliest}")
    return lines


def main() -> None:
    """Fit and report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    for flag in ("--write", "--test", "--errors"):
        parser.add_argument(flag, action="store_true")
    chosen = parser.parse_args()
    tuning = labelled("tune")
    if chosen.write:
        copy_tuning_sentences(tuning)
        refit(SHIPPED)
        matcher.cache_clear()
    found = left_out_readings()
    known = {wording.text: reading for wording, reading in zip(wordings(), found, strict=True)}
    reads = read_all(tuning, known)
    rows = wording_rows(found, {unframe(row.sentence).claim for row in tuning})
    heads = fold_heads(rows, reads, tuning)
    thresholds = best_thresholds(heads, reads, tuning)
    head = fit_head(rows + tuning_rows(reads, tuning), **thresholds)
    if chosen.write:
        write_text(SHIPPED.with_name("head.json"), json.dumps(asdict(head), indent=1) + "\n")
        Head.default.cache_clear()
    told = cross_validated(heads, reads, thresholds)
    console = Console(width=130)
    console.print(report(tuning, told, head, chosen.test))
    console.print(json.dumps(asdict(head)), markup=False)
    if chosen.errors:
        for line in errors(tuning, told, reads, head):
            console.print(line, markup=False, soft_wrap=True)
    if SHIPPED.with_name("head.json").exists():
        console.print(f"50 sentences: {speed(tuning):.2f} s (median of five)")


def report(tuning: list[Sentence], told: list[Verdict], head: Head, test: bool) -> Table:
    """The tuning half, its second round by itself, and the test half when it is asked for."""
    cutoff = quiet_cutoff(tuning)
    table = Table(title="Concept matching")
    for column in _COLUMNS:
        table.add_column(column, justify="left" if column == "method" else "right", no_wrap=True)
    add_rows(table, f"tuning: E5 nearest ≥ {cutoff:.3f}", nearest_wording(tuning, cutoff), tuning)
    add_rows(table, "tuning: matcher, 10-fold", told, tuning)
    second = [i for i, row in enumerate(tuning) if row.round == 2]
    add_rows(table, "its second round", [told[i] for i in second], [tuning[i] for i in second])
    if test:
        kept = labelled("test")
        add_rows(table, f"test: E5 nearest ≥ {cutoff:.3f}", nearest_wording(kept, cutoff), kept)
        add_rows(table, "test: matcher", [r.told(head) for r in read_all(kept)], kept)
    return table


if __name__ == "__main__":
    main()
