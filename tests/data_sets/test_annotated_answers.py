"""The annotated answers that come with ragqa hold what their description promises."""

import json
from collections import Counter

import pytest

from ragqa.locations import bundled


def rows_of(name):
    return [json.loads(line) for line in bundled("eval", name).read_text("utf-8").splitlines()]


ROWS = rows_of("answers.jsonl")
TEST, CLAIMS = rows_of("answers_test.jsonl"), rows_of("support_test.jsonl")
FITTED = (
    "answers.jsonl",
    "answers_training.jsonl",
    "answers_training_correctness.jsonl",
)
WITH_PASSAGE = rows_of("exercises.jsonl")
EXERCISES = WITH_PASSAGE + rows_of("exercises_answers.jsonl")
RESTATING = rows_of("exercises_restating.jsonl")
TAUGHT_CLAIMS = rows_of("claims.jsonl")
KINDS = {
    "correct",
    "correct-paraphrase",
    "partial",
    "one-of-two-parts",
    "wrong-but-relevant",
    "other-question-same-topic",
    "repeats-question",
    "padding",
    "refusal-right",
    "refusal-wrong",
    "correct-in-other-language",
}
POINTS = ("points_1", "points_2", "correctness_1", "correctness_2")


def test_there_are_enough_answers_of_every_kind_in_each_language():
    assert len(ROWS) >= 210
    assert min(Counter(row["language"] for row in ROWS)[code] for code in ("en", "pt", "es")) >= 70
    assert {row["kind"] for row in ROWS} == KINDS
    assert min(Counter(row["kind"] for row in ROWS).values()) >= 6
    assert {row["label"] for row in ROWS} == {"written for ragqa"}


def test_each_question_has_several_different_answers_and_one_reference():
    asked = [row["id"].rpartition("-")[0] for row in ROWS]
    answers = Counter(asked)
    assert len(answers) >= 35 and min(answers.values()) >= 5
    assert len({(row["question"], row["answer"]) for row in ROWS}) == len(ROWS)
    held = {(one, row["question"], row["reference"]) for one, row in zip(asked, ROWS, strict=True)}
    assert len(held) == len(answers)
    assert len({row["id"] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("name", POINTS)
def test_points_are_whole_and_use_the_scale(name):
    assert {row[name] for row in ROWS} == {0, 1, 2, 3}


def test_the_two_readings_were_made_apart_and_never_lie_far_from_each_other():
    for one, two in (POINTS[:2], POINTS[2:]):
        gaps = Counter(abs(row[one] - row[two]) for row in ROWS)
        assert 0 < gaps[1] < len(ROWS) / 4
        assert set(gaps) == {0, 1}


def test_relevance_and_correctness_are_not_the_same_thing():
    false = [row for row in ROWS if row["kind"] == "wrong-but-relevant"]
    assert all(row["correctness_1"] == 0 for row in false)
    assert sum(row["points_1"] >= 2 for row in false) >= 0.9 * len(false)


def test_what_is_reported_on_has_every_kind_in_three_languages_and_two_readings():
    assert len(TEST) >= 200 and {row["kind"] for row in TEST} == KINDS
    assert min(Counter(row["language"] for row in TEST)[code] for code in ("en", "pt", "es")) >= 70
    for name in POINTS:
        assert {row[name] for row in TEST} == {0, 1, 2, 3}
    assert {row["language"] for row in CLAIMS} == {"en", "pt", "es"}
    assert {row["kind"] for row in CLAIMS} == {"supported", "contradicted", "beyond", "half"}
    assert all(row[f"support_{i}"] in (0, 1, 2, 3) for row in CLAIMS for i in (1, 2))


def test_nothing_that_the_judge_is_fitted_on_is_reported_on():
    fitted = [row for name in FITTED for row in rows_of(name)]
    assert not {row["answer"] for row in TEST} & {row["answer"] for row in fitted}
    fitted += [
        {**answer, "question": row["question"]}
        for row in EXERCISES + RESTATING
        for answer in row["answers"]
    ]
    assert not {row["question"] for row in TEST} & {row["question"] for row in fitted}
    claims = {row["claim"] for row in rows_of("support_training.jsonl")}
    claims |= {claim["claim"] for row in TAUGHT_CLAIMS for claim in row["claims"]}
    assert not claims & {row["claim"] for row in CLAIMS}


def test_exercises_have_answers_of_all_kinds_in_three_languages():
    assert len(EXERCISES) == len({row["id"] for row in EXERCISES}) >= 1200
    assert min(Counter(row["language"] for row in EXERCISES).values()) >= 300
    assert len({row["question"] for row in EXERCISES}) == len(EXERCISES)
    for row in EXERCISES:
        kinds = {answer["kind"] for answer in row["answers"]}
        assert {"correct", "paraphrase", "other-question", "echo", "padding"} <= kinds
        assert row["question"] and row["reference"]
        assert row["label"] == "written for ragqa"
    assert len(WITH_PASSAGE) == 240 and all(row["passage"] for row in WITH_PASSAGE)


def test_points_of_exercises_say_what_their_kinds_say():
    for answer in (answer for row in EXERCISES for answer in row["answers"]):
        assert answer["points"] in (0, 1, 2, 3) and answer["correctness"] in (0, 1, 2, 3)
        assert answer.get("support") in (None, 0, 1, 2, 3)
        if answer["kind"] in ("echo", "padding", "refusal"):
            assert (answer["points"], answer["correctness"]) == (0, 0)
        if answer["kind"] in ("correct", "paraphrase", "long", "other-language"):
            assert (answer["points"], answer["correctness"]) == (3, 3)
        if answer["kind"] == "other-question":
            assert answer["points"] <= 1 and answer["correctness"] == 0


def test_the_same_opening_leads_to_an_answer_or_to_none():
    assert len(RESTATING) >= 500
    assert min(Counter(row["language"] for row in RESTATING).values()) >= 150
    points = {
        "restating": (3, 3), "plain": (3, 3), "short": (3, 3), "one-of-two-parts": (2, 2),
        "restating-wrong": (3, 0), "plain-wrong": (3, 0),
        "restating-empty": (0, 0), "restating-elsewhere": (0, 0),
    }  # fmt: skip
    opened, counts = Counter[str](), Counter[str]()
    for row in RESTATING:
        assert row["question"] and row["reference"] and row["label"] == "written for ragqa"
        opening = {
            kind: [a["answer"].casefold().split()[:3] for a in row["answers"] if a["kind"] == kind]
            for kind in points
        }
        for answer in row["answers"]:
            assert (answer["points"], answer["correctness"]) == points[answer["kind"]]
        for kind in ("restating-wrong", "restating-empty", "restating-elsewhere"):
            opened[kind] += sum(own in opening["restating"] for own in opening[kind])
            counts[kind] += len(opening[kind])
    assert all(opened[kind] > 0.5 * counts[kind] for kind in counts)


def test_short_answers_are_right_or_wrong_in_three_languages():
    rows = rows_of("short_answers.jsonl")
    assert len(rows) == len({row["question"] for row in rows}) >= 400
    assert min(Counter(row["language"] for row in rows).values()) >= 130
    assert not {row["question"] for row in rows} & {row["question"] for row in TEST}
    for row in rows:
        assert row["label"] == "written for ragqa"
        assert len(row["right"]) >= 3 and len(row["wrong"]) >= 4
        right, wrong = ({text.casefold() for text in row[side]} for side in ("right", "wrong"))
        assert not right & wrong and row["reference"].casefold() not in wrong
        assert all(len(text.split()) <= 6 for text in (*right, *wrong))


def test_each_supported_twin_has_a_contradicted_partner_of_its_length():
    twins = [row for row in TAUGHT_CLAIMS if row["id"].startswith("twins-")]
    assert len(twins) >= 500
    for row in twins:
        kinds = Counter(claim["kind"] for claim in row["claims"])
        assert kinds["supported"] == kinds["contradicted"] == 6
        assert {claim["support"] for claim in row["claims"]} <= {0, 1, 3}
    words = Counter[str]()
    for claim in (claim for row in twins for claim in row["claims"]):
        words[claim["kind"]] += len(claim["claim"].split())
    assert words["supported"] == pytest.approx(words["contradicted"], rel=0.03)


def test_sentences_that_lean_come_in_sevens_and_the_test_has_passages_of_its_own():
    kinds = ["fragment", "fragment-trap", "fragment-beyond", "pronoun", "pronoun-trap"]
    kinds += ["pronoun-beyond", "half"]
    taught, test = rows_of("leaning.jsonl"), rows_of("leaning_test.jsonl")
    for row in taught + test:
        for asked in row["questions"]:
            assert [claim["kind"] for claim in asked["claims"]] == kinds
            support = [claim["support"] for claim in asked["claims"]]
            assert support[:6] == [3, 0, 0, 3, 0, 0] and support[6] in (1, 2)
    assert not {row["passage"] for row in taught} & {row["passage"] for row in test}
    assert min(Counter(row["language"] for row in taught).values()) == 56
    assert min(Counter(row["language"] for row in test).values()) == 9
