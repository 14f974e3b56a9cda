"""Servers that take only a part of the protocol, over real HTTP on loopback."""

from __future__ import annotations

import pytest

from ragqa.endpoint import ChatEndpoint
from ragqa.errors import OutsideError
from tests.endpoint.scripted import Said, Scripted, completion, failed

RULES = {"role": "system", "content": "Be short."}
ASK = {"role": "user", "content": "2 + 2?"}
SCHEMA = {"type": "object", "properties": {"score": {"type": "integer"}}}


def asked(server: Scripted, times: int = 1, messages=(RULES, ASK), **options) -> ChatEndpoint:
    one = ChatEndpoint(server.url, "scripted", **{"backoff": 0.001, "timeout": 5, **options})
    for _ in range(times):
        assert one.chat(list(messages), SCHEMA, max_tokens=9).text == "four"
    return one


def has_system(request) -> bool:
    return any(message["role"] == "system" for message in request["messages"])


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (400, "System role not supported"),
        (400, "Unsupported value: 'messages[0].role' does not support 'system' with this model."),
        (400, "Conversation roles must alternate user/assistant/user/assistant/..."),
        (400, "Developer instruction is not enabled for models/small"),
        (500, "Jinja Exception: System role not supported"),
    ],
)
def test_a_model_without_a_system_role_gets_its_text_with_the_question(status, told):
    def script(request):
        return failed(status, told) if has_system(request) else completion("four")

    with Scripted(script) as server:
        asked(server, 2, retries=0)
    assert [has_system(request) for request in server.requests] == [True, False, False]
    last = server.requests[-1]
    assert last["messages"] == [{"role": "user", "content": "Be short.\n\n2 + 2?"}]
    assert "response_format" in last, "the schema was not refused"


def test_only_the_first_of_several_messages_carries_the_systems_text():
    def script(request):
        return failed(400, "no system role here") if has_system(request) else completion("four")

    more = [{"role": "assistant", "content": "5"}, {"role": "user", "content": "Sure?"}]
    with Scripted(script) as server:
        asked(server, messages=(RULES, ASK, *more))
    assert server.requests[-1]["messages"][1:] == more


@pytest.mark.parametrize(
    "told", ["Unrecognized request argument supplied: {}", "{}: Extra inputs are not permitted"]
)
def test_a_server_that_knows_no_limit_is_asked_without(told):
    def script(request):
        named = [name for name in request if name.startswith("max_")]
        return failed(400, told.format(named[0])) if named else completion("four")

    with Scripted(script) as server:
        one = asked(server, 2)
    assert len(server.requests) == 4
    assert "response_format" in server.requests[-1]
    assert not one.dialect.limit


def test_a_limit_that_is_too_large_is_not_left_out():
    told = "'max_tokens' or 'max_completion_tokens' is too large: 9. The context has 4 tokens."
    with Scripted(lambda request: failed(400, told)) as server:
        with pytest.raises(OutsideError, match="too large"):
            asked(server)
        assert all(any(name.startswith("max_") for name in sent) for sent in server.requests)


@pytest.mark.parametrize("told", ["failed to parse grammar", "invalid json schema: no such type"])
def test_a_server_that_breaks_over_the_schema_is_asked_without(told):
    def script(request):
        return failed(500, told) if "response_format" in request else completion("four")

    with Scripted(script) as server:
        one = asked(server, 2, retries=0)
    assert len(server.requests) == 3
    assert not one.dialect.schema


def test_a_server_that_breaks_over_something_else_is_asked_the_same_again():
    with Scripted([failed(500, "out of memory"), completion("four")]) as server:
        one = asked(server)
    assert server.requests[0] == server.requests[1]
    assert one.dialect.schema


def test_a_server_that_refuses_everything_new_is_found_out_step_by_step():
    def script(request):
        if "max_tokens" in request:
            return failed(400, "'max_tokens' is not supported. Use 'max_completion_tokens'.")
        if "response_format" in request:
            return failed(400, "'response_format' of type 'json_schema' is not supported.")
        if "temperature" in request:
            return failed(400, "'temperature' does not support 0 with this model.")
        if has_system(request):
            return failed(400, "'messages[0].role' does not support 'system' with this model.")
        return completion("four")

    with Scripted(script) as server:
        asked(server, 2)
    assert len(server.requests) == 6
    assert set(server.requests[-1]) == {"model", "messages", "max_completion_tokens"}


def test_a_server_that_refuses_whatever_is_sent_is_given_up():
    told = "unsupported: system role, max_tokens, max_completion_tokens, temperature, schema"
    with (
        Scripted(lambda request: failed(400, told)) as server,
        pytest.raises(OutsideError, match="unsupported"),
    ):
        asked(server)
    assert len(server.requests) < 10


def test_a_part_without_text_is_passed_over():
    content = [{"type": "thinking", "thinking": "…", "text": None}, {"type": None, "text": "four"}]
    with Scripted([completion(content)]) as server:
        asked(server)


def test_a_request_that_a_server_repeats_in_its_refusal_is_no_word_about_the_system_role():
    def script(request):
        body = b'{"detail": [{"msg": "bad", "input": {"role": "system", "content": "Be short."}}]}'
        return Said(422, body) if "response_format" in request else completion("four")

    with Scripted(script) as server:
        asked(server)
    assert has_system(server.requests[-1])
