"""Retrieval: from a question to ranked hits."""

from ragqa.retrieve.retriever import Method, Retriever, checked_question, hit_json

__all__ = ["Method", "Retriever", "checked_question", "hit_json"]
