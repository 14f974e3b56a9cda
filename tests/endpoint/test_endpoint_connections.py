"""What stands between the chat client and its server: proxies, passwords, TLS, closed lines."""

from __future__ import annotations

import asyncio
import base64
import gzip
import socketserver
import threading

import pytest

from ragqa.endpoint import ChatEndpoint
from ragqa.errors import OutsideError
from tests.endpoint.scripted import Said, Scripted, completion

ASK = [{"role": "user", "content": "2 + 2?"}]
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch):
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize("name", ["http_proxy", "all_proxy"])
def test_a_proxy_of_the_environment_is_used_for_other_machines(monkeypatch, name):
    with Scripted([completion("four")]) as proxy:
        monkeypatch.setenv(name, proxy.host)
        one = ChatEndpoint("http://models.invalid/v1", "m", retries=0)
        assert one.chat(ASK).text == "four"
    assert proxy.paths == ["http://models.invalid/v1/chat/completions"]


def test_a_proxy_that_is_not_for_this_host_is_not_used(monkeypatch):
    monkeypatch.setenv("no_proxy", "models.invalid")
    with Scripted([]) as proxy:
        monkeypatch.setenv("http_proxy", proxy.host)
        with pytest.raises(OutsideError, match="cannot be reached"):
            ChatEndpoint("http://models.invalid/v1", "m", retries=0).chat(ASK)
    assert proxy.paths == []


def test_a_proxy_of_another_kind_is_one_sentence_without_its_password(monkeypatch):
    monkeypatch.setenv("all_proxy", "socks5://ana:sesame@127.0.0.1:9")
    with pytest.raises(OutsideError, match="only http and https proxies") as caught:
        ChatEndpoint("http://models.invalid/v1", "m").chat(ASK)
    assert "sesame" not in str(caught.value)


def test_a_proxy_that_wants_a_password_is_told():
    with Scripted([Said(407, b"")]) as proxy, pytest.MonkeyPatch.context() as patch:
        patch.setenv("http_proxy", proxy.host)
        with pytest.raises(OutsideError, match="407"):
            ChatEndpoint("http://models.invalid/v1", "m", retries=0).chat(ASK)


def test_the_password_of_the_url_goes_before_the_key(monkeypatch):
    monkeypatch.setenv("RAGQA_API_KEY", "sk-1")
    with Scripted([completion("four")]) as server:
        url = server.url.replace("http://", "http://ana:sesame@")
        assert ChatEndpoint(url, "m").chat(ASK).text == "four"
    told = server.headers[0]["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(told) == b"ana:sesame"


def test_tls_to_a_server_without_it_is_one_sentence():
    with Scripted([]) as server:
        url = server.url.replace("http:", "https:")
        with pytest.raises(OutsideError, match="cannot be reached"):
            ChatEndpoint(url, "m", retries=0).chat(ASK)


def test_certificates_that_are_not_there_are_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    with pytest.raises(OutsideError, match="certificates that the environment names"):
        ChatEndpoint("https://models.invalid/v1", "m").chat(ASK)


def test_a_packed_reply_is_unpacked():
    plain = completion("four")
    packed = Said(200, gzip.compress(plain.body), {"Content-Encoding": "gzip"})
    with Scripted([packed]) as server:
        assert ChatEndpoint(server.url, "m").chat(ASK).text == "four"


def test_a_reply_that_is_far_too_large_is_one_sentence():
    bomb = Said(200, gzip.compress(bytes(40 * 1024 * 1024)), {"Content-Encoding": "gzip"})
    with Scripted([bomb]) as server, pytest.raises(OutsideError, match=r"127\.0\.0\.1"):
        ChatEndpoint(server.url, "m", retries=0).chat(ASK)


def test_a_line_that_the_server_closed_between_two_calls_is_opened_anew():
    closing = completion("one")
    closing.headers["Connection"] = "close"

    async def two() -> list[str]:
        async with ChatEndpoint(server.url, "m", retries=0) as one:
            first = await one.chat_async(ASK)
            return [first.text, (await one.chat_async(ASK)).text]

    with Scripted([closing, completion("two")]) as server:
        assert asyncio.run(two()) == ["one", "two"]


@pytest.mark.parametrize(
    "packed",
    [
        Said(200, b"plain", {"Content-Encoding": "gzip"}),
        Said(200, b"x", {"Content-Encoding": "br"}),
    ],
)
def test_a_reply_that_cannot_be_unpacked_is_told_in_plain_words(packed):
    with Scripted([packed]) as server, pytest.raises(OutsideError) as caught:
        ChatEndpoint(server.url, "m", retries=0).chat(ASK)
    assert f"{server.url} answered with a body that cannot be decoded" in str(caught.value)
    said = str(caught.value).replace(server.url, "")  # its port may hold any figures
    assert "400" not in said and "install" not in said


BYTES = {
    b"\x00\x01\x02 not http\r\n\r\n": r"is no HTTP server; .* https://",
    b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{": "broke the connection within its reply",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n": "malformed HTTP",
    b"": "broke the connection",
}


@pytest.mark.parametrize("sent", BYTES)
def test_what_answers_without_proper_http_is_told_in_plain_words(sent):
    class Sending(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65536)
            self.request.sendall(sent)

    with socketserver.TCPServer(("127.0.0.1", 0), Sending) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        with pytest.raises(OutsideError, match=BYTES[sent]) as caught:
            ChatEndpoint(url, "m", retries=0).chat(ASK)
        server.shutdown()
    assert url in str(caught.value)
    assert "b'" not in str(caught.value) and "Error" not in str(caught.value)


def test_a_redirect_is_not_followed():
    moved = Said(302, b"", {"Location": "http://127.0.0.1:9/elsewhere"})
    with Scripted([moved]) as server, pytest.raises(OutsideError, match="302"):
        ChatEndpoint(server.url, "m", retries=0).chat(ASK)
