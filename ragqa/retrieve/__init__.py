"""Retrieval: from a question to ranked hits."""

from ragqa.retrieve.retriever import Method, Retriever, checked_question

__all__ = ["Method", "Retriever", "checked_question"]
