"""ragqa: answers from lecture transcripts, and their evaluation."""
