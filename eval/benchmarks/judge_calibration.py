"""Fit the local judge's models on human-labelled answers, and write their coefficients.

Run: python eval/benchmarks/judge_calibration.py [--write] [--only MODELS]
answer relevance  WikiQA-dev (English), FaQuAD (Portuguese): negatives from the same article,
                  questions paired with sentences of other articles, marked answers by themselves;
                  and eval/data/answers.jsonl and answers_training.jsonl, with answers to one
                  question also as answers to another (judge_relevance.py)
                  for a text in another language than the question's a second model, taught by
                  the first on parallel texts (STS benchmark, background.yaml)
answered          whether passages answer at all: eval/data/questions.jsonl and the answers'
                  questions on the bundled lectures, FaQuAD, WikiQA and the exercises with and
                  without what answers, and eval/data/answered.jsonl: short passages; it hears the
                  network of answer relevance as stored, so fit it anew after the networks
                  (--only answered; judge_answered.py says how well it does)
correctness       SciEntsBank (English), STS benchmark pairs within and across en, pt, es, and
                  eval/data/answers.jsonl and answers_training_correctness.jsonl
groundedness      STS benchmark pairs, the source among unrelated sentences, and
                  eval/data/support_training.jsonl (judge_agreeing.py)
networks          answer relevance: the sets above and the exercises of eval/data, whole answers
                  (judge_whole.py); correctness: its sets and the exercises (judge_apart.py);
                  groundedness: eval/data/claims.jsonl, exercises.jsonl, support_training.jsonl
                  (judge_wordwise.py)
bare              eval/data/short_answers.jsonl: answers in a few words (judge_bare.py)
leaning           eval/data/leaning.jsonl: sentences that lean on their question, after the network
                  of groundedness as stored (--only leaning; judge_leaning.py)
refusals          eval/data/refusals.jsonl, and the sentences of all answers but the tests', with
                  sentences of WikiQA and FaQuAD (judge_refusals.py)
judge_agreement.py reports how such models do on what they have not seen.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from judge_agreeing import agreement_models
from judge_apart import correctness_network
from judge_bare import bare_model
from judge_fit import Fitted
from judge_leaning import leaning_model
from judge_network import store
from judge_refusals import refusal_network
from judge_relevance import answered_models, relevance_models
from judge_steps import LIKE, STEPS
from judge_whole import relevance_network
from judge_wordwise import support_network

from ragqa.grade.local import declining
from ragqa.grade.local.bare import FEATURES as BARE_FEATURES
from ragqa.grade.local.leaning import FEATURES as LEANING_FEATURES
from ragqa.grade.local.network import FILE


def main() -> None:
    """Fit on everything and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="into ragqa/grade/local/models.json")
    parser.add_argument(
        "--only",
        choices=["refusals", "relevance", "answered", "agreement", "networks", "bare", "leaning"],
        help="keep the other models",
    )
    chosen = parser.parse_args()
    folder = Path(__file__).parents[2] / "ragqa/grade/local"
    path = folder / "models.json"
    ready = {}
    # First, since the others leave out of account what declines.
    if chosen.only in (None, "refusals"):
        refusals = refusal_network()
        if chosen.write:
            store(folder / declining.FILE, {"declining": refusals})
    if chosen.only in (None, "relevance"):
        ready |= relevance_models()
    if chosen.only == "answered":
        ready |= answered_models()
    if chosen.only in (None, "agreement"):
        ready |= agreement_models()
    if chosen.only in (None, "bare"):
        ready["bare"] = bare_model(), BARE_FEATURES
    if chosen.only in (None, "networks"):
        networks = {
            "answer_relevance": relevance_network(),
            "correctness": correctness_network(),
            "groundedness": support_network(),
        }
        if chosen.write:
            store(folder / FILE, networks)
    if chosen.only in (None, "leaning"):
        ready["leaning"] = leaning_model(), LEANING_FEATURES
    kept = json.loads(path.read_text(encoding="utf-8")) if chosen.only else {}
    if chosen.write:
        path.write_text(readable(ready, kept), encoding="utf-8")


def readable(ready: dict[str, tuple[Fitted, tuple[str, ...]]], kept: dict[str, Any]) -> str:
    """The models as JSON, a feature a line; those of `kept` that are not fitted anew stay."""
    keys = ("name", "centre", "low", "high", "weight")
    out = {name: _block(own["bias"], own["steps"], own["features"])
           for name, own in kept.items() if name in STEPS and "features" in own}  # fmt: skip
    for name, (model, features) in ready.items():
        columns = zip(model.centre, model.low, model.high, model.weights, strict=True)
        rows = [
            dict(zip(keys, (feature, *(round(float(v), 5) for v in own)), strict=True))
            for feature, own in zip(features, columns, strict=True)
        ]
        out[name] = _block(round(model.bias, 5), STEPS[name], rows)
    for name, other in LIKE.items():
        out[name] = json.dumps({"like": other, "steps": STEPS[name]})
    return "{\n " + ",\n ".join(f'"{name}": {out[name]}' for name in sorted(out)) + "\n}\n"


def _block(bias: float, steps: list[Any], rows: list[dict[str, Any]]) -> str:
    lines = ",\n".join("   " + json.dumps(row) for row in rows)
    return (
        f'{{\n  "bias": {bias},\n  "steps": {json.dumps(steps)},\n'
        f'  "features": [\n{lines}\n  ]\n }}'
    )


if __name__ == "__main__":
    main()
