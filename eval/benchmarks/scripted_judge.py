"""An OpenAI-compatible server on loopback that answers after a fixed time, in a process of its own.

Run: python eval/benchmarks/scripted_judge.py [--delay 0.3] [--faults]
Prints its address, then answers until it is killed. It replies with JSON that fits the schema or
the fields that the request asks for, whoever asks. GET /tally tells what it was asked.

With --faults, the number in "case-17" inside a request decides what that case gets, modulo 20:
    0        prose without any number, always
    1        a score outside every scale (99), always
    2        nothing, always
    3        JSON cut short, always
    4, 5     429 with Retry-After: 1, the first time
    6, 7     500, the first time
    8        JSON cut short, the first time
    others   a good reply
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import time
from collections import Counter
from typing import Any

MARK = re.compile(r'\\"mark\\": \\"([0-9a-f]{12})')
"""what ragqa asks a model to repeat"""
CASE = re.compile(r"case-(\d+)")
KINDS = {0: "prose", 1: "range", 2: "empty", 3: "cut", 4: "429", 5: "429", 6: "500", 7: "500",
         8: "cut once"}  # fmt: skip
LASTING = ("prose", "range", "empty", "cut")
"""faults that no second try mends"""


class Judge:
    """What the server does with each request, and what it has counted."""

    def __init__(self, delay: float, faults: bool) -> None:
        self.delay = delay
        self.faults = faults
        self.tally: Counter[str] = Counter()
        self.seen: Counter[str] = Counter()
        self.paid: Counter[str] = Counter()
        """case -> replies with status 200"""
        self.delivered: Counter[str] = Counter()
        """case -> those that somebody was there to receive"""

    def told(self) -> dict[str, int]:
        """The counts as /tally gives them."""
        again = sum(max(0, n - 1) for n in self.delivered.values())
        return {**self.tally, "paid": sum(self.paid.values()), "delivered again": again}

    def reply(self, text: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body for a request's JSON."""
        request = json.loads(text)
        found = CASE.search(text)
        case = found[1] if found else "none"
        self.seen[case] += 1
        self.tally["requests"] += 1
        kind = KINDS.get(int(case) % 20, "") if self.faults and found else ""
        first = self.seen[case] == 1
        if kind in ("429", "500") and first:
            headers = {"Retry-After": "1"} if kind == "429" else {}
            return int(kind), headers, b'{"error": {"message": "scripted", "type": "scripted"}}'
        self.paid[case] += 1
        said = fitting(request, text, 99 if kind == "range" else None)
        if kind == "prose":
            said = "The answer seems quite fine to me."
        elif kind == "empty":
            said = ""
        elif kind == "cut" or (kind == "cut once" and first):
            said = said[: len(said) // 2]
        # Requests of the Responses API carry their messages as "input".
        return 200, {}, (response if "input" in request else completion)(request, said)


def fitting(request: dict[str, Any], text: str, score: int | None) -> str:
    """A judgement that fits what `request` asks for: by schema, by tool, or by known prompts."""
    schema = (request.get("response_format") or {}).get("json_schema", {}).get("schema")
    schema = schema or (request.get("text") or {}).get("format", {}).get("schema")
    for tool in request.get("tools") or ():
        schema = schema or tool.get("function", {}).get("parameters")
    if schema:
        made = example(schema, schema, score)
        mark = MARK.search(text)
        if mark and "mark" in made:
            made["mark"] = mark[1]
        return json.dumps(made)
    if "Supporting Evidence" in text:
        return f"Criteria: fine\nSupporting Evidence: fine\nScore: {2 if score is None else score}"
    return json.dumps({"reason": "fine", "score": 2 if score is None else score})


def example(schema: Any, root: Any, score: int | None, name: str = "") -> Any:
    """A value that `schema` admits; numbers are `score`, or 2."""
    if "$ref" in schema:
        return example(root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root, score, name)
    for key in ("anyOf", "allOf", "oneOf"):
        if key in schema:
            return example(schema[key][0], root, score, name)
    if schema.get("enum"):
        numbers = all(isinstance(item, int) for item in schema["enum"])
        return score if score is not None and numbers else schema["enum"][-1 - numbers]
    kind = schema.get("type", "string")
    if kind == "object":
        fields = schema.get("properties", {})
        return {key: example(value, root, score, key) for key, value in fields.items()}
    if kind == "array":
        return [example(schema.get("items", {}), root, score, name)]
    made = {"integer": 2 if score is None else score, "number": 2 if score is None else score}
    return made.get(kind, True if kind == "boolean" else "fine")


def completion(request: dict[str, Any], said: str) -> bytes:
    """The body of a chat completion; a forced tool gets `said` as its arguments."""
    message: dict[str, Any] = {"role": "assistant", "content": said}
    finish = "stop"
    if request.get("tools"):
        name = request["tools"][0]["function"]["name"]
        call = {"id": "c", "type": "function", "function": {"name": name, "arguments": said}}
        message, finish = {"role": "assistant", "content": None, "tool_calls": [call]}, "tool_calls"
    value = {
        "id": "x",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": request.get("model", "scripted"),
        "choices": [{"index": 0, "message": message, "finish_reason": finish, "logprobs": None}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
    }
    return json.dumps(value).encode()


def response(request: dict[str, Any], said: str) -> bytes:
    """The body of a reply of the Responses API."""
    text = {"type": "output_text", "text": said, "annotations": []}
    message = {
        "id": "m",
        "type": "message",
        "role": "assistant",
        "status": "completed",
        "content": [text],
    }
    value = {
        "id": "r",
        "object": "response",
        "created_at": int(time.time()),
        "model": request.get("model", "scripted"),
        "output": [message],
        "parallel_tool_calls": False,
        "tool_choice": "auto",
        "tools": [],
        "status": "completed",
        "usage": {
            "input_tokens": 100,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": 20,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": 120,
        },
    }
    return json.dumps(value).encode()


async def serve(judge: Judge) -> None:
    """Serve until the process ends."""

    loop = asyncio.get_running_loop()

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                began = loop.time()
                length = re.search(rb"content-length: *(\d+)", head, re.I)
                body = await reader.readexactly(int(length[1])) if length else b""
                if head.startswith(b"GET"):
                    status, headers, content = 200, {}, json.dumps(judge.told()).encode()
                elif not re.match(rb"POST \S*/(chat/completions|responses) ", head):
                    status, headers, content = 404, {}, b'{"error": {"message": "no such path"}}'
                else:
                    status, headers, content = judge.reply(body.decode())
                    await asyncio.sleep(began + judge.delay - loop.time())
                    found = CASE.search(body.decode())
                    # A client that was killed has closed its side.
                    if found and status == 200 and not reader.at_eof():
                        judge.delivered[found[1]] += 1
                lines = [f"HTTP/1.1 {status} X", "Content-Type: application/json",
                         f"Content-Length: {len(content)}"]  # fmt: skip
                lines += [f"{name}: {value}" for name, value in headers.items()]
                writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + content)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(connection, "127.0.0.1", 0, backlog=512)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--delay", type=float, default=0.3, help="seconds for each reply")
    parser.add_argument("--faults", action="store_true")
    chosen = parser.parse_args()
    asyncio.run(serve(Judge(chosen.delay, chosen.faults)))
