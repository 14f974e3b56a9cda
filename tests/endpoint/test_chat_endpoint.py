"""The chat client against a real HTTP server on loopback."""

from __future__ import annotations

import asyncio
import json
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragqa.endpoint import ChatEndpoint, address
from ragqa.errors import OutsideError, RagqaError
from tests.endpoint.scripted import Said, Scripted, completion, failed

ASK = [{"role": "user", "content": "2 + 2?"}]
SCHEMA = {"type": "object", "properties": {"score": {"type": "integer"}}}


def endpoint(server: Scripted, **options) -> ChatEndpoint:
    return ChatEndpoint(server.url, "scripted", **{"backoff": 0.001, "timeout": 5, **options})


def test_a_reply_carries_text_tokens_model_and_time():
    with Scripted([completion("four", 11, 3)]) as server:
        reply = endpoint(server).chat(ASK, schema=SCHEMA, max_tokens=9)
    assert (reply.text, reply.prompt_tokens, reply.completion_tokens) == ("four", 11, 3)
    assert reply.model == "scripted"
    assert reply.latency_ms > 0
    (sent,) = server.requests
    assert sent["messages"] == ASK
    assert sent["temperature"] == 0
    assert sent["max_tokens"] == 9
    assert sent["response_format"]["json_schema"]["schema"] == SCHEMA


@pytest.mark.parametrize("path", ["", "/", "/v1", "/v1/", "/v1/chat/completions"])
def test_the_url_may_be_written_with_or_without_its_path(path):
    with Scripted([completion("four")]) as server:
        ChatEndpoint(server.host + path, "m").chat(ASK)
    assert server.paths == ["/v1/chat/completions"]


def test_an_address_that_is_not_there_is_tried_with_v1_and_remembered():
    def script(request):
        found = server.paths[-1] == "/api/v1/chat/completions"
        return completion("four") if found else Said(404, b"not here")

    with Scripted(script) as server:
        one = ChatEndpoint(server.host + "/api", "m")
        one.chat(ASK)
        one.chat(ASK)
    assert [path.count("v1") for path in server.paths] == [0, 1, 1]


def test_a_model_that_is_not_there_is_named():
    with (
        Scripted([failed(404, "model 'm' not found")]) as server,
        pytest.raises(OutsideError, match=r"127\.0\.0\.1.*404: model 'm' not found"),
    ):
        ChatEndpoint(server.host, "m").chat(ASK)


def test_a_server_without_schemas_is_asked_once_more_and_remembered():
    def script(request):
        if "response_format" in request:
            return failed(400, "response_format is not supported")
        return completion("four")

    with Scripted(script) as server:
        one = endpoint(server)
        one.chat(ASK, schema=SCHEMA)
        one.chat(ASK, schema=SCHEMA)
    assert ["response_format" in request for request in server.requests] == [True, False, False]
    assert not one.dialect.schema


def test_newer_models_get_their_own_name_of_the_token_limit():
    def script(request):
        if "max_tokens" in request:
            return failed(400, "Use 'max_completion_tokens' instead of max_tokens.")
        return completion("four")

    with Scripted(script) as server:
        endpoint(server).chat(ASK, schema=SCHEMA, max_tokens=5)
    assert server.requests[-1]["max_completion_tokens"] == 5
    assert "response_format" in server.requests[-1]


def test_a_400_without_a_fault_of_the_schema_is_told():
    with (
        Scripted([failed(400, "context too long")] * 2) as server,
        pytest.raises(OutsideError, match="context too long"),
    ):
        one = endpoint(server)
        one.chat(ASK, schema=SCHEMA)
    assert one.dialect.schema, "a refusal that had another cause must not be remembered"


BROKEN = {
    "web page": (Said(200, b"<!DOCTYPE html><p>hi", {"Content-Type": "text/html"}), "web page"),
    "page as json": (Said(200, b"<html><b>hi"), "web page"),
    "truncated": (Said(200, b'{"choices": [{"mess'), "invalid JSON"),
    "nothing": (Said(200, b""), "invalid JSON"),
    "not utf-8": (Said(200, b"\xff\xfe\x00"), "invalid JSON"),
    "no choices": (Said(200, b'{"choices": []}'), "empty choices"),
    "a list": (Said(200, b"[1]"), "unexpected JSON"),
    "no message": (Said(200, b'{"choices": [{}]}'), "unexpected JSON: choices.0.message"),
    "number": (completion(5), "unexpected JSON: choices.0.message.content"),
    "error at 200": (Said(200, b'{"error": {"message": "overloaded"}}'), "overloaded"),
    "redirect": (Said(302, b"", {"Location": "http://example.org"}), "redirect"),
    "deep": (Said(200, b"[" * 100_000), "invalid JSON"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_reply_that_is_no_completion_is_one_sentence_naming_the_url(name):
    said, told = BROKEN[name]
    with Scripted(lambda request: said) as server, pytest.raises(OutsideError) as caught:
        endpoint(server, retries=1).chat(ASK)
    message = str(caught.value)
    assert told in message
    assert server.url in message
    assert "\n" not in message
    assert len(message) < 400


def test_content_in_parts_is_joined_and_no_content_is_empty_text():
    with Scripted([completion([{"type": "text", "text": "fo"}, {"text": "ur"}])]) as server:
        assert endpoint(server).chat(ASK).text == "four"
    with Scripted([completion(None)]) as server:
        assert endpoint(server).chat(ASK).text == ""


def test_odd_token_counts_are_left_out():
    with Scripted([completion("four", prompt="many", completed=-3)]) as server:  # type: ignore[arg-type]
        reply = endpoint(server).chat(ASK)
    assert (reply.prompt_tokens, reply.completion_tokens) == (None, None)


def test_nobody_listening_is_told_at_once():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        one = ChatEndpoint(url, "m", retries=5, backoff=60)
        with pytest.raises(OutsideError, match=rf"{url} cannot be reached"):
            one.chat(ASK)
    assert one.attempts == 1


@pytest.mark.parametrize(
    "url", ["", "localhost:11434", "ftp://host/v1", "file:///etc/passwd", "http://", "http://a:b"]
)
def test_only_web_addresses_are_taken(url):
    with pytest.raises(RagqaError, match="endpoint URL"):
        ChatEndpoint(url, "m")


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_one_sentence(text):
    try:
        found = address("http://" + text)
    except RagqaError as error:
        assert "endpoint URL" in str(error)
    else:
        assert all(url.startswith("http") for url in found.candidates)


def test_the_key_is_sent_and_shown_nowhere(monkeypatch):
    secret = "sk-do-not-tell"
    monkeypatch.setenv("OPENAI_API_KEY", secret)
    with Scripted([failed(401, f"Incorrect key {secret}"), completion(f"{secret}!")]) as server:
        one = endpoint(server)
        with pytest.raises(OutsideError) as caught:
            one.chat(ASK)
        reply = one.chat(ASK)
    assert server.headers[0]["Authorization"] == f"Bearer {secret}"
    shown = f"{caught.value} {one!r} {vars(one)} {reply}"
    assert secret not in shown
    assert "RAGQA_API_KEY" in str(caught.value)


def test_passwords_in_the_url_are_not_shown():
    found = address("http://ana:pw@127.0.0.1:9/v1?key=sesame")
    assert found.shown == "http://127.0.0.1:9/v1"
    assert "key=sesame" in found.candidates[0]


def test_a_key_that_no_header_can_carry_is_refused_without_showing_it(monkeypatch):
    monkeypatch.setenv("RAGQA_API_KEY", "abc\ndéf")
    with pytest.raises(RagqaError, match=r"\$RAGQA_API_KEY") as caught:
        ChatEndpoint("http://127.0.0.1:9", "m")
    assert "abc" not in str(caught.value)


def test_a_proxy_of_the_environment_does_not_stand_before_loopback(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with Scripted([completion("four")]) as server:
        assert endpoint(server).chat(ASK).text == "four"


def test_surrogates_and_nul_bytes_reach_the_server():
    with Scripted([completion("four")]) as server:
        endpoint(server).chat([{"role": "user", "content": "a\ud800b\0c"}])
    assert server.requests[0]["messages"][0]["content"] == "a?b\0c"


def test_blocking_calls_work_where_a_loop_runs_already():
    async def notebook() -> str:
        return endpoint(server).chat(ASK).text

    with Scripted([completion("four")]) as server:
        assert asyncio.run(notebook()) == "four"


def test_many_calls_share_one_session():
    async def many() -> list[str]:
        async with endpoint(server) as one:
            replies = await asyncio.gather(*(one.chat_async(ASK) for _ in range(20)))
        return [reply.text for reply in replies]

    with Scripted(lambda request: completion(json.dumps(1), delay=0.05)) as server:
        assert asyncio.run(many()) == ["1"] * 20
    assert server.most_busy > 5


def test_a_server_that_refuses_lengths_in_a_schema_gets_the_schema_without_them():
    bounded = {"type": "object", "properties": {"a": {"type": "string", "maxLength": 9}}}
    refused = failed(400, "In context=('properties', 'a'), 'maxLength' is not permitted.")
    with Scripted([refused, completion("four")]) as server:
        endpoint(server).chat(ASK, schema=bounded)
    sent = server.requests[1]["response_format"]["json_schema"]["schema"]
    assert sent == {"type": "object", "properties": {"a": {"type": "string"}}}
