"""What a question asks for, and whether a text has it."""

from __future__ import annotations

from functools import lru_cache

from ragqa.grade.local.lexicon import lexicon
from ragqa.grade.local.reading import Reading

_KEPT = 256
"""questions about which this is remembered: each meets many stretches"""


@lru_cache(maxsize=_KEPT)
def asked_kind(question: Reading) -> str:
    """What the question asks for: "person", "time", "place", "amount", … or "open"."""
    words = lexicon()
    text = " ".join(question.forms)
    kinds = [(m.start(), kind) for kind, pattern in words.kinds if (m := pattern.search(text))]
    if not kinds:
        return "open"
    first = min(start for start, _ in kinds)
    kind = next(kind for start, kind in kinds if start == first)
    if kind == "thing":
        after = text[first:].split()[1:4]
        for name in ("time", "place", "person"):
            if set(after[:2]) & words.lists[f"{name}_in_thing"]:
                return name
    return kind


@lru_cache(maxsize=_KEPT)
def asked_word(question: Reading) -> int:
    """The position of the question word; 0 when there is none."""
    for i, form in enumerate(question.forms):
        if any(pattern.fullmatch(form) for _, pattern in lexicon().kinds):
            return i
    return 0


@lru_cache(maxsize=_KEPT)
def topic_words(question: Reading) -> tuple[int, ...]:
    """The positions of the words that a question is about: neither function nor question words."""
    asks = [pattern for _, pattern in lexicon().kinds]
    return tuple(
        i
        for i, form in enumerate(question.forms)
        if question.content[i] and not any(pattern.fullmatch(form) for pattern in asks)
    )


def meets(kind: str, text: Reading) -> bool | None:
    """Whether `text` holds a thing of the kind asked for; None where that cannot be told."""
    words = lexicon()
    forms = set(text.forms)
    if kind == "person" or kind == "place":
        return bool(text.names)
    if kind == "time":
        return bool(text.numbers) or bool(forms & words.lists["times"])
    if kind == "amount":
        return bool(text.numbers) or bool(forms & set(words.numbers))
    if kind == "reason":
        return bool(forms & words.lists["reasons"])
    if kind == "manner":
        return bool(forms & words.lists["steps"]) or None
    return None


@lru_cache(maxsize=_KEPT)
def yes_or_no(question: Reading) -> bool:
    """Whether the question asks for yes or no."""
    if not len(question) or question.forms[0] not in lexicon().lists["openers"]:
        return False
    # Portuguese "é" asks, "e" only goes on.
    return question.encoded.words[0].casefold() != "e"


@lru_cache(maxsize=_KEPT)
def may_ask_yes_or_no(question: Reading) -> bool:
    """As `yes_or_no`, and where only a mark asks, as in "A planta respira?"."""
    shown = question.encoded.shown.text.rstrip()
    return yes_or_no(question) or (shown.endswith("?") and not asks_with_a_word(question))


@lru_cache(maxsize=_KEPT)
def asks_with_a_word(question: Reading) -> bool:
    """Whether the question has a question word, such as "which"."""
    return asked_kind(question) != "open"


@lru_cache(maxsize=_KEPT)
def offers_choice(question: Reading) -> bool:
    """Whether the question has an "or" that leaves more than yes and no; "or not" leaves these."""
    words = lexicon()
    joints = words.alternatives.get(question.language, frozenset())
    after = zip(question.forms[1:], [*question.forms[2:], ""], strict=False)
    return any(
        form in joints and not words.negates(following, question.language)
        for form, following in after
    )


def opens_as_asked(question: Reading, text: Reading) -> bool:
    """Whether `text` begins as an answer to such a question does: "Because …", "No, …"."""
    if not len(question) or not len(text):
        return False
    opening = lexicon().openings.get("yes_or_no" if yes_or_no(question) else asked_kind(question))
    return opening is not None and text.forms[0] in opening
