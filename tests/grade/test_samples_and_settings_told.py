"""What is told of samples that failed, and of what a server refused to be sent."""

from __future__ import annotations

from ragqa.grade import grade_records
from tests.endpoint.scripted import Scripted, completion, failed
from tests.grade.judged import llm_judge, record, saying, verdict

METRICS = ["answer_relevance"]


def readable_only(counts):
    """A script whose replies can be read only where their number is one of `counts`."""
    number = 0

    def script(request):
        nonlocal number
        number += 1
        return completion(verdict(request, 2) if number in counts else "mumble")

    return script


def told(script, **options):
    """A record's grade and the summary of its metric."""
    with Scripted(script) as server:
        done = grade_records([record()], llm_judge(server, **options), METRICS)
    return done.records[0].grades[0], done.summary["answer_relevance"]


def test_one_readable_sample_of_three_has_no_spread_and_is_counted_as_incomplete():
    grade, summary = told(readable_only({1}), samples=3, attempts=1)
    assert grade.points == 2
    assert "spread" not in grade.details
    assert len(grade.details["failed_samples"]) == 2
    assert (summary.graded, summary.incomplete, summary.spread) == (1, 1, None)


def test_two_readable_samples_of_three_have_a_spread_and_are_incomplete_too():
    grade, summary = told(readable_only({1, 2}), samples=3, attempts=1)
    assert grade.details["spread"] == 0
    assert (summary.incomplete, summary.spread) == (1, 0)


def test_readable_samples_are_complete():
    _, summary = told(saying(2), samples=3)
    assert (summary.incomplete, summary.spread) == (0, 0)


def test_the_settings_say_what_was_sent():
    def script(request):
        for name in ("temperature", "max_tokens", "max_completion_tokens"):
            if name in request:
                return failed(400, f"Unsupported parameter: '{name}'.")
        return completion(verdict(request, 2))

    with Scripted(script) as server:
        judge = llm_judge(server, samples=3, concurrency=1)
        before = judge.settings()
        done = grade_records([record()], judge, METRICS)
    assert before["temperature"] == 0.7
    assert done.settings["judge"]["temperature"] is None
    assert done.settings["judge"]["reply_tokens"] is None
    assert "temperature" not in server.requests[-1]
