"""What a probability of the local judge's models is worth as a score."""

STEPS = {
    "answer_relevance": [[0, 0], [0.2, 0.4], [0.4, 0.8], [0.85, 1]],
    "answer_relevance_across": [[0, 0], [0.2, 0.4], [0.4, 0.8], [0.85, 1]],
    "answered": [[0, 0], [0.4, 0.05], [0.48, 0.5], [0.58, 1]],
    "bare": [[0, 0], [0.3, 0.1], [0.5, 0.5], [0.7, 0.9], [0.85, 1]],
    "context_relevance": [[0, 0], [0.35, 0.4], [0.6, 0.8], [0.9, 1]],
    "context_relevance_across": [[0, 0], [0.35, 0.4], [0.6, 0.8], [0.9, 1]],
    "correctness": [[0, 0], [0.26, 0.167], [0.45, 0.5], [0.6, 0.833], [0.75, 1]],
    "groundedness": [[0, 0], [0.3, 0.2], [0.5, 0.6], [0.75, 1]],
    "leaning": [[0, 0], [0.3, 0.1], [0.5, 0.5], [0.8, 1]],
}
"""probability -> score. Most answers are to their question, so they get some odds beforehand; of
the contexts most are not, so they get none."""
LIKE = {
    "context_relevance": "answer_relevance",
    "context_relevance_across": "answer_relevance_across",
}
"""metrics with the weights of another"""
