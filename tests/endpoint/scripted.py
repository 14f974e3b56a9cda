"""A chat-completions server on loopback that does what a test tells it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Said:
    """One HTTP reply."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    """seconds before it is sent"""
    trickle: float = 0.0
    """seconds between single bytes"""


def completion(text: Any, prompt: int = 100, completed: int = 20, **more: Any) -> Said:
    """A well-formed completion that says `text`."""
    delay = more.pop("delay", 0.0)
    value = {
        "id": "x",
        "object": "chat.completion",
        "model": "scripted",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": prompt, "completion_tokens": completed},
        **more,
    }
    return Said(200, json.dumps(value).encode(), {"Content-Type": "application/json"}, delay)


def failed(status: int, message: str = "no", **headers: str) -> Said:
    """An error in OpenAI's form."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Said(status, json.dumps({"error": {"message": message}}).encode(), named)


class Scripted:
    """The server: `script` gets each request's JSON and answers; `requests` keeps them."""

    def __init__(self, script: Callable[[dict[str, Any]], Said] | list[Said]) -> None:
        self.requests: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.times: list[float] = []
        self._script = script
        self._lock = threading.Lock()
        self.busy = self.most_busy = 0
        outer = self

        class Answering(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                outer._answer(self)

            def log_message(self, *_: Any) -> None: ...

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request: Any, client_address: Any) -> None: ...

        self._server = Server(("127.0.0.1", 0), Answering)
        self.host = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.url = f"{self.host}/v1"

    def __enter__(self) -> Scripted:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, http: BaseHTTPRequestHandler) -> None:
        request = json.loads(http.rfile.read(int(http.headers["Content-Length"])))
        with self._lock:
            self.requests.append(request)
            self.paths.append(http.path)
            self.headers.append(dict(http.headers))
            self.times.append(time.monotonic())
            self.busy += 1
            self.most_busy = max(self.busy, self.most_busy)
            script = self._script
            said = script.pop(0) if isinstance(script, list) else script(request)
        time.sleep(said.delay)
        with self._lock:
            self.busy -= 1
        http.send_response(said.status)
        for name, value in {"Content-Type": "application/json", **said.headers}.items():
            http.send_header(name, value)
        http.send_header("Content-Length", str(len(said.body)))
        http.end_headers()
        if said.trickle:
            for i in range(len(said.body)):
                http.wfile.write(said.body[i : i + 1])
                time.sleep(said.trickle)
        else:
            http.wfile.write(said.body)
