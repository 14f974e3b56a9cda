"""Chunking by time: windows of whole cues to retrieve, and the small moments that answers quote."""

from ragqa.chunks.moments import moments
from ragqa.chunks.windows import Chunking, Window, windows

__all__ = ["Chunking", "Window", "moments", "windows"]
