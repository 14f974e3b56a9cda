"""The judge behind an OpenAI-compatible endpoint."""

from ragqa.grade.llm.budget import Budget, Price
from ragqa.grade.llm.cache import CallCache
from ragqa.grade.llm.judge import LlmJudge
from ragqa.grade.llm.parse import Judgement, UnreadableReply, judgement_in
from ragqa.grade.llm.prompt import Prompt, prompt_of, prompts_hash

__all__ = [
    "Budget",
    "CallCache",
    "Judgement",
    "LlmJudge",
    "Price",
    "Prompt",
    "UnreadableReply",
    "judgement_in",
    "prompt_of",
    "prompts_hash",
]
