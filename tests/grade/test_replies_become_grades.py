"""What a judge makes of each kind of reply, over real HTTP on loopback."""

from __future__ import annotations

import json
import sqlite3

import pytest

from tests.endpoint.scripted import Said, Scripted, completion, failed
from tests.grade.judged import ANSWER, CONTEXT, graded, mark_of, saying, task, verdict


def one(script, **options):
    with Scripted(script) as server:
        (grade,), stopped = graded(server, [task()], **options)
    assert stopped is None
    return grade, server


def is_error(grade, word: str) -> bool:
    """Whether the grade is an error that says `word`, and nothing that could be averaged."""
    assert grade.score is None
    assert grade.points is None
    assert grade.verdict is None
    return word in (grade.error or "")


@pytest.mark.parametrize(("points", "letter"), [(3, "C"), (2, "P"), (1, "I"), (0, "I")])
def test_points_become_a_score_and_a_letter(points, letter):
    grade, _ = one(saying(points))
    assert grade.error is None
    assert (grade.points, grade.verdict) == (points, letter)
    assert grade.score == pytest.approx(points / 3)
    assert grade.judge == "openai:scripted"
    assert grade.criteria and grade.reasoning


def test_evidence_is_the_very_words_with_their_place():
    grade, _ = one(saying())
    (evidence,) = grade.evidence
    assert evidence.where == "answer"
    assert (
        ANSWER[evidence.start : evidence.end] == evidence.text == "turns scores into probabilities"
    )


def test_a_quotation_that_no_text_holds_is_told_apart():
    grade, _ = one(lambda r: completion(verdict(r, 3, evidence=["the moon pulls the water"])))
    assert grade.score == 1
    assert grade.evidence == ()
    assert grade.details["unverified_quotes"] == ["the moon pulls the water"]


def test_the_request_asks_for_temperature_0_and_for_thought_before_the_score():
    _, server = one(saying())
    (sent,) = server.requests
    assert sent["temperature"] == 0
    schema = sent["response_format"]["json_schema"]["schema"]
    fields = list(schema["properties"])
    assert fields.index("score") == len(fields) - 1
    assert {"criteria", "evidence", "reasoning"} < set(fields)
    assert schema["properties"]["score"]["enum"] == [0, 1, 2, 3]


def test_the_schema_is_the_same_for_all_so_that_a_server_compiles_it_once():
    with Scripted(saying(2)) as server:
        graded(server, [task(1), task(2, metric="groundedness")])
    first, second = server.requests
    assert first["response_format"] == second["response_format"]
    assert mark_of(first) != mark_of(second)


def test_a_server_that_knows_no_schema_is_asked_without():
    def script(request):
        if "response_format" in request:
            return failed(400, "response_format is not supported")
        return completion(verdict(request, 2))

    with Scripted(script) as server:
        grades, _ = graded(server, [task(1), task(2)], concurrency=1)
    assert [grade.points for grade in grades] == [2, 2]
    assert len(server.requests) == 3


AROUND = {
    "prose": lambda json: f"Sure! Here is my judgement:\n\n{json}\n\nI hope this helps {{friend}}.",
    "fence": lambda json: f"```json\n{json}\n```",
    "thinking": lambda json: f'<think>Perhaps {{"score": 0}}?</think>\n{json}',
    "comma": lambda json: json[:-1] + ",}",
    "nested": lambda json: '{"judgement": ' + json + "}",
    "python": lambda json: json.replace('"', "'"),
}


@pytest.mark.parametrize("around", AROUND)
def test_what_stands_around_the_judgement_does_not_matter(around):
    grade, server = one(lambda request: completion(AROUND[around](verdict(request, 2))))
    assert grade.points == 2, grade.error
    assert len(server.requests) == 1


def test_a_reply_in_criteria_evidence_and_score_is_read():
    text = 'Criteria: what comes out.\nSupporting Evidence: "It turns scores"\nScore: 2'
    grade, _ = one(lambda request: completion(text))
    assert grade.points == 2
    assert grade.evidence[0].where == "answer"


def test_a_reply_in_another_language_counts_when_its_fields_are_known():
    said = {"criterios": "lo que sale", "evidencia": [], "razonamiento": "Lo dice.", "nota": 2}
    grade, _ = one(lambda r: completion(json.dumps({"mark": mark_of(r), **said})))
    assert grade.points == 2
    assert grade.reasoning == "Lo dice."


def cut_reply(request):
    value = json.loads(completion(verdict(request, 3)[:60]).body)
    value["choices"][0]["finish_reason"] = "length"
    return Said(200, json.dumps(value).encode())


GARBAGE = {
    "truncated": (lambda r: completion(verdict(r, 3)[:-12]), "no whole JSON object"),
    "cut at its limit": (cut_reply, "cut off"),
    "empty": (lambda r: completion(""), "empty"),
    "null": (lambda r: completion(None), "empty"),
    "wrong language": (lambda r: completion("Essa resposta merece nota três."), "no JSON object"),
    "out of range": (lambda r: completion(verdict(r, 7)), "none of 0, 1, 2 and 3"),
    "negative": (lambda r: completion(verdict(r, -1)), "none of 0, 1, 2 and 3"),
    "in between": (lambda r: completion(verdict(r, 2.5)), "none of 0, 1, 2 and 3"),
    "another scale": (lambda r: completion(verdict(r, "8/10")), "another scale"),
    "words": (lambda r: completion(verdict(r, "three")), "no number"),
    "true": (lambda r: completion(verdict(r, True)), "no number"),
    "missing": (lambda r: completion(json.dumps({"mark": mark_of(r)})), "no whole JSON object"),
    "NaN": (lambda r: completion(verdict(r).replace('"score": 3', '"score": NaN')), "none of 0"),
    "two scores": (lambda r: completion(verdict(r, 1) + verdict(r, 3)), "several scores"),
    "twice": (
        lambda r: completion(verdict(r)[:-1] + ', "score": 0}'),
        "no whole JSON object",
    ),
    "parrot": (
        lambda r: completion(verdict(r, 3, reasoning="how the evidence meets the criteria")),
        "repeats the instructions",
    ),
    "another mark": (lambda r: completion(verdict(r, 3, mark="0" * 12)), "another mark"),
}


@pytest.mark.parametrize("kind", GARBAGE)
def test_garbage_becomes_an_error_with_the_raw_text_and_never_a_number(kind):
    script, word = GARBAGE[kind]
    grade, server = one(script, attempts=2)
    assert is_error(grade, word), grade.error
    assert len(server.requests) == 2, "an unreadable reply is asked for once more"
    told = json.loads(script(server.requests[-1]).body)["choices"][0]["message"]["content"]
    assert grade.raw == (told or None)


def message(finish: str = "stop", **fields):
    """A completion whose message holds `fields`."""
    one = {"index": 0, "message": {"role": "assistant", **fields}, "finish_reason": finish}
    return completion(None, choices=[one])


LACKING = {
    "filter": (message("content_filter", content=""), "content filter withheld the reply", None),
    "filtered midway": (message("content_filter", content='{"ma'), "content filter", '{"ma'),
    "refusal": (message(content=None, refusal="I can't."), "the model refused", "I can't."),
    "refusal in parts": (
        message(content=[{"type": "refusal", "refusal": "I can't."}]),
        "the model refused",
        "I can't.",
    ),
    "reasoning": (message(content="", reasoning_content="Let me"), "only the model's reason", None),
    "long reasoning": (
        message("length", content=None, reasoning="Let me see"),
        "the limit of tokens is perhaps too small",
        None,
    ),
    "tool": (message("tool_calls", content=None, tool_calls=[{"id": "1"}]), "called a tool", None),
    "odd": (message(content="", refusal=5, tool_calls="x", reasoning=[]), "called a tool", None),
}


@pytest.mark.parametrize("kind", LACKING)
def test_why_a_reply_is_empty_is_told_now_and_when_it_is_kept(kind, tmp_path):
    said, word, raw = LACKING[kind]
    with Scripted(lambda request: said) as server:
        for _ in range(2):
            (grade,), _ = graded(server, [task()], attempts=1, cache=tmp_path / "kept.sqlite")
            assert is_error(grade, word), grade.error
            assert grade.raw == raw
        assert len(server.requests) == 1


def test_many_words_of_a_refusal_are_cut():
    grade, _ = one(lambda request: message(content=None, refusal="No. " * 9999))
    assert 1000 < len(grade.raw) <= 2000


@pytest.mark.parametrize("form", [str, json.loads])
def test_json_that_comes_as_a_tool_call_is_the_reply(form):
    def script(request):
        call = {"function": {"name": "reply", "arguments": form(verdict(request, 2))}}
        return message("tool_calls", content=None, tool_calls=[call])

    grade, server = one(script)
    assert grade.points == 2, grade.error
    assert len(server.requests) == 1


def test_a_cache_from_before_causes_were_kept_is_used_and_goes_on(tmp_path):
    path = tmp_path / "kept.sqlite"
    with Scripted(saying(2)) as server:
        graded(server, [task(1)], cache=path)
        with sqlite3.connect(path) as connection:
            connection.execute("DROP TABLE causes")
        found, _ = graded(server, [task(1), task(2)], cache=path)
    assert [grade.points for grade in found] == [2, 2]
    assert len(server.requests) == 2


def test_a_second_reply_that_can_be_read_counts():
    replies = ["not JSON", None]

    def script(request):
        said = replies.pop(0)
        return completion(verdict(request, 1) if said is None else said)

    grade, server = one(script)
    assert grade.points == 1
    told = server.requests[1]["messages"]
    assert told[-2]["content"] == "not JSON"
    assert "could not be used" in told[-1]["content"]


def test_a_slow_server_is_given_up_after_the_timeout_and_costs_one_grade_only():
    def script(request):
        slow = "(1)" in request["messages"][1]["content"]
        return completion(verdict(request, 3), delay=1.0 if slow else 0.0)

    with Scripted(script) as server:
        grades, stopped = graded(server, [task(1), task(2)], timeout=0.2, retries=1)
    assert stopped is None
    assert is_error(grades[0], "did not answer within 0.2 s")
    assert grades[1].points == 3


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_passing_failure_is_tried_again(status):
    replies = [status, status, 200]

    def script(request):
        now = replies.pop(0)
        return completion(verdict(request, 3)) if now == 200 else failed(now)

    grade, server = one(script)
    assert grade.points == 3
    assert len(server.requests) == 3


def test_the_wait_that_a_server_asks_for_is_honoured():
    replies = [429, 200]

    def script(request):
        if replies.pop(0) == 429:
            return failed(429, "slow down", Retry_After="1")
        return completion(verdict(request, 3))

    grade, server = one(script)
    assert grade.points == 3
    assert server.times[1] - server.times[0] >= 1


def test_a_failure_that_lasts_is_an_error_of_its_grade_when_others_went_well():
    def script(request):
        bad = "(2)" in request["messages"][1]["content"]
        return failed(500, "out of memory") if bad else completion(verdict(request, 3))

    with Scripted(script) as server:
        grades, stopped = graded(server, [task(i) for i in (1, 2, 3)], retries=2, concurrency=1)
    assert stopped is None
    assert [grade.points for grade in grades] == [3, None, 3]
    assert is_error(grades[1], "out of memory")


def test_a_request_that_the_server_refuses_costs_one_grade_even_when_it_is_the_first():
    def script(request):
        if "(1)" in request["messages"][1]["content"]:
            return failed(400, "the request exceeds the available context size")
        return completion(verdict(request, 3))

    with Scripted(script) as server:
        grades, stopped = graded(server, [task(1), task(2)], concurrency=1)
    assert stopped is None
    assert is_error(grades[0], "context size")
    assert grades[1].points == 3


def test_a_dead_endpoint_stops_the_run_instead_of_failing_every_grade():
    with Scripted(lambda request: failed(503)) as server:
        grades, stopped = graded(server, [task(i) for i in range(100)], retries=0, concurrency=4)
    assert "failed" in stopped and "in a row" in stopped
    assert len(grades) < 30
    assert all(is_error(grade, "503") for grade in grades)


def test_several_samples_count_by_their_mean_and_tell_their_spread():
    scores = [3, 1, 2]
    with Scripted(lambda request: completion(verdict(request, scores.pop()))) as server:
        (grade,), _ = graded(server, [task()], samples=3)
    assert grade.points == 2
    assert sorted(grade.details["samples"]) == [1, 2, 3]
    assert grade.details["spread"] == 2
    assert all(sent["temperature"] > 0 for sent in server.requests)


def test_a_sample_that_cannot_be_read_is_told_and_does_not_count():
    def script(request):
        again = len(request["messages"]) > 2
        return completion("garbage" if again or len(server.requests) == 1 else verdict(request, 3))

    with Scripted(script) as server:
        (grade,), _ = graded(server, [task()], samples=3)
    assert grade.points == 3
    assert grade.details["samples"] == [3, 3]
    assert len(grade.details["failed_samples"]) == 1


def test_only_with_a_short_answer_that_may_be_a_refusal_are_the_contexts_shown():
    refusal, long = task(answer="The lectures do not say."), task(answer=ANSWER * 10)
    with Scripted(saying(3)) as server:
        graded(server, [refusal, long], concurrency=1)
    first, second = (request["messages"][1]["content"] for request in server.requests)
    assert CONTEXT in first and "hold no answer gets 3" in first
    assert CONTEXT not in second and "contexts" not in second


@pytest.mark.parametrize(
    ("metric", "where"),
    [("context_relevance", "hit:1"), ("groundedness", "answer"), ("correctness", "answer")],
)
def test_every_metric_has_a_prompt_and_places_its_evidence(metric, where):
    with Scripted(saying(2)) as server:
        (grade,), _ = graded(server, [task(metric=metric)])
    assert grade.metric == metric
    assert grade.points == 2
    assert grade.evidence[0].where == where
    if metric == "context_relevance":
        assert CONTEXT in server.requests[0]["messages"][1]["content"]
