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
from dataclasses import asdict, dataclass, replace

import numpy as np
import yaml
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from ragqa.concepts.bank import concepts
from ragqa.concepts.matching.frames import Framed, unframe
from ragqa.concepts.matching.head import ABOUT, SIDE, Head, Reading, readings
from ragqa.concepts.matching.machine import fit
from ragqa.concepts.matching.matches import compute, read
from ragqa.concepts.matching.stored import SHIPPED, Matcher, matcher, refit, wording_vectors
from ragqa.concepts.matching.wordings import NOTHING, wordings
from ragqa.embed import embedder
from ragqa.files import write_text
from ragqa.locations import bundled

_TUNING_WEIGHT = 3.0
"""of a labelled sentence against a wording left out: it is worded freely, as users word"""
_PRECISION = 0.965
"""wanted of both sides on the tuning half, cross-validated"""
_LEFT_ALONE = 0.98
"""wanted of unrelated sentences there"""
_LEAST = 0.86
"""threshold of a side: the phrases of cues.yaml were written with the tuning half in view, which
makes it easier than what is new"""
_THRESHOLDS = tuple(np.arange(0.1, 0.98, 0.02).round(2))
_COLUMNS = ["method", "language", "n", "refuted P", "R", "concept"]
_COLUMNS += ["supported P", "R", "concept", "left alone"]
_SIDES = {"supported": 1, "refuted": -1, "unrelated": 0}


@dataclass(frozen=True)
class Sentence:
    """A labelled sentence."""

    sentence: str
    language: str
    label: str
    concept: str | None
    half: str
    round: int = 2
    """sentences of one round were written together; those of the test half are of the second"""

    @property
    def side(self) -> int:
        """1, -1, or 0 for unrelated."""
        return _SIDES[self.label]


@dataclass(frozen=True)
class Verdict:
    """A side (0: silent), and the concept for which it is taken."""

    side: int
    concept: str


@dataclass(frozen=True)
class Read:
    """A sentence that words decide, with its likeliest reading; or one that is decided already."""

    reading: Reading | None
    denied: bool = False
    verdict: Verdict | None = None

    def right(self, sentence: Sentence) -> tuple[bool, bool]:
        """Whether concept and side of the reading are the labelled ones."""
        assert self.reading is not None
        side = -self.reading.side if self.denied else self.reading.side
        return self.reading.concept == sentence.concept, side == sentence.side

    def told(self, head: Head) -> Verdict:
        """What the matcher says with this head."""
        if self.verdict is not None:
            return self.verdict
        assert self.reading is not None
        if not head.speaks(self.reading):
            return Verdict(0, NOTHING)
        side = -self.reading.side if self.denied else self.reading.side
        return Verdict(side, self.reading.concept)


def labelled(half: str) -> list[Sentence]:
    """One half of the labelled sentences."""
    lines = bundled("eval", "concept_sentences.jsonl").read_text("utf-8").splitlines()
    return [row for row in (Sentence(**json.loads(line)) for line in lines) if row.half == half]


def decided(row: Sentence) -> tuple[Framed, Verdict | None]:
    """The claim of a sentence, and the verdict where no words need to be compared."""
    framed = unframe(row.sentence)
    if framed.stance == "open":
        return framed, Verdict(0, NOTHING)
    if judged := compute(framed.claim, row.language):
        side = 1 if judged.claim.holds != (framed.stance == "denied") else -1
        return framed, Verdict(side, judged.concept)
    return framed, None


def read_all(sentences: list[Sentence], known: dict[str, Reading] | None = None) -> list[Read]:
    """Each sentence as the matcher reads it, before the head.

    `known` has readings of claims that are given already.
    """
    made = [decided(row) for row in sentences]
    worded = [framed.claim for framed, verdict in made if verdict is None]
    found = [known[claim] for claim in worded] if known is not None else read(worded)
    following = iter(found)
    return [
        Read(None, verdict=verdict)
        if verdict is not None
        else Read(next(following), framed.stance == "denied")
        for framed, verdict in made
    ]


Rows = list[tuple[Reading, bool, bool, float]]
"""a reading, whether its concept and its side are right, and its weight"""


def left_out_readings() -> list[Reading]:
    """Every wording as it looks when the machines and the comparison have not seen it."""
    vectors = wording_vectors([wording.text for wording in wordings()])
    fitted = fit(wordings(), vectors)
    _, sides = fitted.machine.scores(fitted.features)
    number = {name: i for i, name in enumerate(fitted.machine.concepts)}
    for i, wording in enumerate(wordings()):
        if wording.side:
            sides[i, number[wording.concept]] = fitted.side[i]
    known = Matcher(fitted.machine, wordings(), vectors)
    texts = [wording.text for wording in wordings()]
    own = np.arange(len(vectors))
    return readings(known, texts, fitted.about, sides, vectors @ vectors.T, own)


def wording_rows(found: list[Reading], claims: set[str]) -> Rows:
    """The wordings that are no tuning sentences."""
    return [
        (reading, reading.concept == wording.concept, reading.side == wording.side, 1.0)
        for reading, wording in zip(found, wordings(), strict=True)
        if wording.text not in claims
    ]


def copy_tuning_sentences(sentences: list[Sentence]) -> None:
    """Write the claims of the tuning half that words decide beside the wordings."""
    entries = []
    for row in sentences:
        framed, verdict = decided(row)
        if framed.stance != "open" and (verdict is None or row.side):
            side = -row.side if framed.stance == "denied" else row.side
            about = {"concept": row.concept or NOTHING, "side": side, "language": row.language}
            entries.append({**about, "text": framed.claim})
    text = yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=1000)
    note = (
        "# Copied from the tuning half of the labelled sentences by concepts_matching.py --write.\n"
    )
    write_text(SHIPPED.with_name("tuning_sentences.yaml"), note + text)
    wordings.cache_clear()


def tuning_rows(reads: list[Read], sentences: list[Sentence]) -> Rows:
    """The labelled sentences that words decide."""
    return [
        (entry.reading, *entry.right(row), _TUNING_WEIGHT)
        for entry, row in zip(reads, sentences, strict=True)
        if entry.reading is not None
    ]


def fit_head(rows: Rows, understood: float, supported: float, refuted: float) -> Head:
    """Fit the two logistic regressions."""
    about = _logistic(ABOUT, [(r, concept, weight) for r, concept, _, weight in rows])
    side = _logistic(SIDE, [(r, right, weight) for r, concept, right, weight in rows if concept])
    return Head(about, side, understood, supported, refuted)


def _logistic(names: tuple[str, ...], rows: list[tuple[Reading, bool, float]]) -> dict[str, float]:
    x = np.array([[reading.evidence[name] for name in names] for reading, _, _ in rows])
    y = np.array([right for _, right, _ in rows])
    weight = np.array([weight for _, _, weight in rows])
    scale = x.std(0)
    model = LogisticRegression(C=1.0, max_iter=5000).fit(x / scale, y, sample_weight=weight)
    fitted = dict(zip(names, (model.coef_[0] / scale).round(4).tolist(), strict=True))
    return {**fitted, "bias": round(float(model.intercept_[0]), 4)}


def fold_heads(rows: Rows, reads: list[Read], sentences: list[Sentence]) -> list[Head]:
    """For each tuning sentence a head that was fitted without its tenth; thresholds are open."""
    heads: dict[int, Head] = {}
    order = np.random.default_rng(0).permutation(len(sentences))
    for kept, held in KFold(10).split(order):
        mine = [order[i] for i in kept]
        seen = tuning_rows([reads[i] for i in mine], [sentences[i] for i in mine])
        heads |= dict.fromkeys(order[held].tolist(), fit_head(rows + seen, 0.0, 0.0, 0.0))
    return [heads[i] for i in range(len(sentences))]


def cross_validated(
    heads: list[Head], reads: list[Read], thresholds: dict[str, float]
) -> list[Verdict]:
    """The verdicts on the tuning half, each from a head that has not seen the sentence."""
    return [
        entry.told(replace(head, **thresholds)) for entry, head in zip(reads, heads, strict=True)
    ]


def best_thresholds(
    heads: list[Head], reads: list[Read], sentences: list[Sentence]
) -> dict[str, float]:
    """The least probability of the concept that leaves enough alone, and for each side the least
    from which on its verdicts are as precise as wanted; cross-validated, in the whole tuning half
    and in the round that the test half belongs to."""
    second = [i for i, row in enumerate(sentences) if row.round == 2]

    def worst(key: str, understood: float, side: float) -> float:
        thresholds = {"understood": understood, "supported": side, "refuted": side}
        told = cross_validated(heads, reads, thresholds)
        part = measured([told[i] for i in second], [sentences[i] for i in second])
        return min(measured(told, sentences)[key], part[key])

    understood = next(t for t in _THRESHOLDS if worst("left alone", t, 0.7) >= _LEFT_ALONE)
    chosen = {"understood": float(understood)}
    for side in ("supported", "refuted"):
        good = (t for t in _THRESHOLDS if t >= _LEAST and worst(side, understood, t) >= _PRECISION)
        chosen[side] = float(next(good, _THRESHOLDS[-1]))
    return chosen


def nearest_wording(sentences: list[Sentence], cutoff: float) -> list[Verdict]:
    """The baseline: the side of the nearest wording of the bank by E5, silent below a cosine."""
    sided = [
        (concept.id, side, text)
        for concept in concepts()
        for side, wordings_of in ((1, concept.statements), (-1, concept.misconceptions))
        for texts in wordings_of.values()
        for text in texts
    ]
    cosines = _queries(sentences) @ wording_vectors([text for _, _, text in sided]).T
    return [
        Verdict(sided[best][1], sided[best][0]) if row[best] >= cutoff else Verdict(0, NOTHING)
        for row, best in zip(cosines, cosines.argmax(1), strict=True)
    ]


_VECTORS: dict[str, NDArray[np.float32]] = {}


def _queries(sentences: list[Sentence]) -> NDArray[np.float32]:
    key = "\n".join(row.sentence for row in sentences)
    if key not in _VECTORS:
        _VECTORS[key] = embedder().queries([row.sentence for row in sentences])
    return _VECTORS[key]


def measured(told: list[Verdict], sentences: list[Sentence]) -> dict[str, float]:
    """Precision ("refuted", "supported"), recall ("... recall"), right concepts, left alone."""
    counts: dict[str, float] = {}
    pairs = list(zip(told, sentences, strict=True))
    for label in ("refuted", "supported"):
        side = _SIDES[label]
        said = [(v, s) for v, s in pairs if v.side == side]
        hit = [(v, s) for v, s in said if s.side == side]
        wanted = sum(s.side == side for _, s in pairs)
        counts[label] = len(hit) / len(said) if said else float("nan")
        counts[f"{label} recall"] = len(hit) / wanted if wanted else float("nan")
        right = sum(v.concept == s.concept for v, s in hit)
        counts[f"{label} concept"] = right / len(hit) if hit else float("nan")
    quiet = [v.side == 0 for v, s in pairs if s.side == 0]
    counts["left alone"] = sum(quiet) / len(quiet) if quiet else float("nan")
    return counts


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


def quiet_cutoff(sentences: list[Sentence]) -> float:
    """The least cosine of the baseline that leaves 0.95 of the unrelated sentences alone."""
    return next(
        (
            float(cutoff)
            for cutoff in np.arange(0.80, 0.99, 0.005)
            if measured(nearest_wording(sentences, float(cutoff)), sentences)["left alone"] >= 0.95
        ),
        0.99,
    )


if __name__ == "__main__":
    main()
