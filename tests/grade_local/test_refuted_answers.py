"""What a bundled check refutes lowers an answer, unless the reference says it too."""

from __future__ import annotations

from ragqa.grade.task import Task


def agreement(answer: str, reference: str) -> Task:
    question = "What does softmax do about large scores?"
    return Task("r", "correctness", "answer", question, answer, reference=reference)


def test_an_answer_in_the_words_of_its_reference_is_right_whatever_a_check_takes_it_for(graded):
    said = "There is no overflow, because the largest exponent is 0."
    same, false = graded(
        agreement(said, said),
        agreement(
            "Adding a constant to all scores changes the softmax.",
            "Adding a constant to all scores leaves the softmax as it is.",
        ),
    )
    assert same.score == 1.0
    assert "refuted" not in same.details
    assert false.details["refuted"]
    assert false.verdict == "I"
