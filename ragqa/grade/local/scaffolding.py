"""What stands around the claims of an answer: marks of form, labels, an opening yes or no."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from importlib import resources

import yaml

from ragqa.blocks import FENCE, HEADING, ITEM, TABLE_RULE
from ragqa.grade.local.lexicon import folded, lexicon
from ragqa.index.words import stop_words, words

_STRONG = re.compile(r"(?<![\w*])\*\*(?=[^\s*])((?:(?!\*\*|\n).)+?)(?<=\S)\*\*(?![\w*])")
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?![\w*])")
_LABEL = re.compile(r"\s*([^\W_][^:.!?;,|\n]{0,40}?)\s*:(?=\s)\s*")
_FIRST = re.compile(r"\s*([^\W\d_]+)(\s*[,;:!–—]+\s*|\s+)(?=[^\W_]|[\"“«'(`$])")
_CELLS = 3
"""cells from which a row of a table needs its head; two are a name and what is said of it"""
_EQUATES = re.compile(r"[^=<>!]=[^=]|[≈≤≥∝]|\\(?:frac|sum|log|exp)\b")
_COMPUTES = re.compile(r"[+*/·×÷^²³√∑()\\]|\s[-−]\s|[-−](?:log|ln)\b")
_PROSE = re.compile(r"(?<![\\\w])[^\W\d_]{3,}(?![\w(])")
_WORDS = 2
"""words of three letters or more that a formula may hold: the name of what it defines"""
_INTRODUCES = 15
"""words up to which a text that ends with a colon states nothing by itself"""
_SHOUTED = 3
"""words from which a text all in capitals is not just an abbreviation"""


def states_nothing(sentence: str) -> str:
    """Why `sentence`, cut from an answer, states nothing of its own; empty where it may."""
    if FENCE.match(sentence):
        return "This is code, not a sentence that a context could support."
    line, _, rest = sentence.strip().partition("\n")
    if "|" in line and TABLE_RULE.fullmatch((rest or line).strip()):
        return "This is the head of a table; it states nothing by itself."
    if not rest and line.strip("| ").count("|") >= _CELLS - 1:
        return "This is a row of a table; it states nothing without the table's head."
    if _is_formula(sentence):
        return "This is a formula; it is not compared with what a context says in words."
    if HEADING.match(line):
        return "This is a heading; it states nothing by itself."
    plain = without_marks(sentence).strip()
    if plain.endswith(":") and len(words(plain)) <= _INTRODUCES:
        return "This only introduces what follows; it states nothing by itself."
    if _is_label(plain.rstrip(".")):
        return "This is a label; it states nothing by itself."
    return ""


def _is_formula(sentence: str) -> bool:
    """Whether `sentence` is a formula with hardly a word beside it."""
    computes = _EQUATES.search(sentence) and _COMPUTES.search(sentence)
    return bool(computes) and len(_PROSE.findall(sentence)) <= _WORDS


def without_marks(text: str) -> str:
    """`text` with blanks for the marks of bold words and of a list; as long as before."""
    plain, item = without_emphasis(text), ITEM.match(text)
    # "- 5" may be a number below zero.
    signed = item and item[0].strip() in "-–—" and text[item.end() : item.end() + 1].isdigit()
    return plain if signed else _blank(item, plain)


def without_emphasis(text: str) -> str:
    """`text` with blanks for the marks of bold and italic words; as long as before."""
    text = _STRONG.sub(lambda found: f"  {found[1]}  ", text)
    return _EMPHASIS.sub(lambda found: f" {found[1]} ", text)


def only_claim(sentence: str) -> str:
    """`sentence` with blanks for what is around its claim; as long as before.

    That is the marks of form, a label such as "Answer:", and "Yes, because". A label that may be
    the claim's subject stays, and so does a yes or no by itself.
    """
    text = without_marks(sentence)
    label = _LABEL.match(text)
    if label and _is_label(label[1]) and any(map(str.isalnum, text[label.end() :])):
        text = _blank(label, text)
    start = len(text) - len(text.lstrip())
    past = _past_opening(text)
    return " " * past + text[past:] if past > start else text


def lowered(text: str) -> str:
    """`text` in small letters, but for its first, where it is all in capitals; as long as before.

    Abbreviations side by side stay: there must be a common word such as "THE" among them.
    """
    if any(map(str.islower, text)) or not any(map(str.isupper, text)):
        return text
    written = [word for word in words(text) if word.isalpha()]
    if len(written) < _SHOUTED or not any(len(w) > 1 and _common(w) for w in written):
        return text
    small = [c.lower() if len(c.lower()) == 1 else c for c in text]
    first = next(i for i, c in enumerate(text) if c.isupper())
    return "".join([*small[:first], text[first], *small[first + 1 :]])


def _past_opening(text: str) -> int:
    """Where the claim begins after "Yes, because", "No," or "Because"."""
    first = _FIRST.match(text)
    if not first:
        return 0
    apart = bool(first[2].strip())
    joined = _connective("connectives").match(text, first.end())
    word, known = folded(first[1]), lexicon().lists
    # "Não porque …" is "not because …", so only a mark parts a no from what it is said of.
    denies = word in known["denies"] and apart
    if denies or (word in known["affirms"] and (apart or joined)):
        accent = word != first[1].casefold()
        if joined or accent or word not in _words()["doubtful"]:
            return joined.end() if joined else first.end()
        return 0
    alone = _connective("alone").match(text)
    return alone.end() if alone else 0


def _is_label(text: str) -> bool:
    """Whether `text` only names what comes: "Key point", "Passo 2"."""
    found = [folded(word) for word in words(text)]
    own = _words()
    return any(w in own["labels"] for w in found) and all(
        w in own["labels"] or w in own["beside_labels"] or w.isdigit() or _common(w) for w in found
    )


def _common(word: str) -> bool:
    return folded(word) in stop_words()


def _blank(found: re.Match[str] | None, text: str) -> str:
    """`text` with blanks from its beginning to the end of `found`, lines kept."""
    if not found:
        return text
    return re.sub(r"[^\n]", " ", text[: found.end()]) + text[found.end() :]


@functools.cache
def _connective(kind: str) -> re.Pattern[str]:
    phrases = sorted(_words()[kind], key=len, reverse=True)
    return re.compile(rf"\s*(?:{'|'.join(map(re.escape, phrases))})\s+(?=[^\W_]|\W*\w)", re.I)


@functools.cache
def _words() -> Mapping[str, frozenset[str]]:
    folder = resources.files("ragqa.grade.local")
    raw = yaml.safe_load(folder.joinpath("scaffolding.yaml").read_text("utf-8"))
    raw["labels"] = [word for words in raw["labels"] for word in words]
    return {kind: frozenset(words) for kind, words in raw.items()}
