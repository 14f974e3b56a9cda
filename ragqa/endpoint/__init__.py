"""Chat completions from any OpenAI-compatible server: hosted, Ollama, vLLM, llama.cpp.

The key is read from $RAGQA_API_KEY or $OPENAI_API_KEY and appears in no record, log or error.
"""

from ragqa.endpoint.address import Address, address
from ragqa.endpoint.chat import ChatEndpoint
from ragqa.endpoint.fare import Fare
from ragqa.endpoint.reply import Reply

__all__ = ["Address", "ChatEndpoint", "Fare", "Reply", "address"]
