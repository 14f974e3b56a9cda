"""A sentence in one notation: lower case, no accents, numbers as digits with decimal points."""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass
from importlib import resources

_SIGNS = str.maketrans({"−": "-", "–": "-", "’": "'", "×": "x", "·": "*", "⋅": "*"})
_SPACED = re.compile(r"(?<=\d)[   ](?=\d{3}\b)")
_THOUSANDS = {
    None: re.compile(r"(?<![\d.,])([1-9]\d{0,2}(?:[.,]000)+)(?![.,]?\d)"),
    "en": re.compile(r"(?<![\d.,])([1-9]\d{0,2}(?:,\d{3})+)(?!,?\d)"),
    "other": re.compile(
        r"(?<![\d.,])([1-9]\d{0,2}(?:\.000|\.\d{3}(?:\.\d{3})+|\.\d{3}(?= \w+s\b)))(?!\.?\d)"
    ),
}
_DECIMAL = re.compile(r"(?<![\d.,])(-?\d+),(\d+)(?![.,]?\d)")
_PORTUGUESE = re.compile(
    r"(?i)[ãõçêâà]|^os?\b|\b(?:uma?|das|nas?|é|ao|com|em|pel[ao]|mais|seus?|rede|testes?|treino|saídas?)\b"
)
_IN_THE = re.compile(r"\bno\b")
"""a negation in English and Spanish, "in the" in Portuguese"""
_BRACKET = re.compile(r"\[([^\[\]]*)\]")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*(?:%|per ?cent\b|por ?cento\b|por ciento\b)")
_MINUS = re.compile(r"(?<! ou )(?<! o )\b(?:minus|menos)\s+(?=\d)")
_HUNDRED = "(?:cento e|ciento|(?:one|a) hundred and)"
NUMBER = r"(?<![\w.])(?:(?<=[\s(\[=:])|^)?-?\d+(?:\.\d+)?(?![\w]|\.\d)"
"""a number that stands alone"""
_NUMBER = re.compile(NUMBER)
_SERIES = re.compile(
    rf"{NUMBER}(?:(?:\s*[,;]\s*|\s+(?:and|e|y)\s+|\s*,\s*(?:and|e|y)\s+){NUMBER})+"
)


@dataclass(frozen=True)
class Told:
    """A sentence in that notation."""

    text: str
    written: str = ""
    """the same with numerals left as words, so that "two vectors" shows no number"""

    @property
    def numbers(self) -> tuple[float, ...]:
        """Every number in it, in order."""
        return tuple(float(found.group()) for found in _NUMBER.finditer(self.text))

    @property
    def lists(self) -> tuple[tuple[float, ...], ...]:
        """Every list in square brackets that holds nothing but numbers."""
        made = []
        for found in _BRACKET.finditer(self.text):
            parts = [part.strip() for part in re.split(r"[;,]", found.group(1))]
            if parts and all(_NUMBER.fullmatch(part) for part in parts):
                made.append(tuple(map(float, parts)))
        return tuple(made)

    @property
    def series(self) -> tuple[tuple[float, ...], ...]:
        """Lists in brackets, and numbers that are told one after another: 1, 2 and 3."""
        told = _BRACKET.sub(" ; ", self.text)
        rows = [
            tuple(float(number.group()) for number in _NUMBER.finditer(found.group()))
            for found in _SERIES.finditer(told)
        ]
        return (*self.lists, *rows)

    def has(self, *words: str) -> bool:
        """Whether one of the named groups of words.yaml stands in it."""
        return any(_group(word).search(self.text) for word in words)

    def after(self, word: str, reach: int = 40) -> float | None:
        """The first number within `reach` characters after a word of the group."""
        found = re.search(rf"{_group(word).pattern}[^\d\-;]{{0,{reach}}}?({NUMBER})", self.text)
        return float(found.groups()[-1]) if found else None

    def place(self, word: str) -> int:
        """Where a word of the group stands first; the end when there is none."""
        found = _group(word).search(self.text)
        return found.start() if found else len(self.text)

    def place_of(self, number: float) -> int:
        """Where that number stands first; the end when there is none."""
        places = [f.start() for f in _NUMBER.finditer(self.text) if float(f.group()) == number]
        return min(places, default=len(self.text))

    def without(self, word: str) -> Told:
        """The sentence with the words of a group taken out."""
        return Told(_group(word).sub(" ", self.text), _group(word).sub(" ", self.written))

    def in_digits(self) -> Told:
        """The sentence in which only numbers that are written in digits count."""
        return Told(self.written, self.written)


def told(sentence: str, language: str | None) -> Told:
    """Read a sentence; `language` (ISO 639-1) tells how commas in numbers are meant."""
    sentence = sentence[:600]
    text = "".join(map(_fold, sentence.translate(_SIGNS)))
    if language == "pt" or (language is None and _PORTUGUESE.search(sentence)):
        text = _IN_THE.sub("em o", text)
    text = _SPACED.sub("", text)
    thousands = _THOUSANDS[language if language in (None, "en") else "other"]
    text = thousands.sub(lambda found: re.sub(r"[.,]", "", found.group()), text)
    text = _DECIMAL.sub(r"\1.\2", _BRACKET.sub(_decimal_list, text))
    return Told(_finished(_in_digits(text, language)), _finished(text))


def _finished(text: str) -> str:
    text = _PERCENT.sub(lambda found: f"{float(found.group(1)) / 100:g}", _MINUS.sub("-", text))
    return " ".join(text.split())


def _decimal_list(found: re.Match[str]) -> str:
    """[0,045; 0,9] has decimal commas, [1, 2] and [1,2] have not."""
    inside = found.group(1)
    if ";" in inside or re.search(r"\d,\d+\s*,\s", inside):
        inside = re.sub(r"(\d),(?=\d)", r"\1.", inside)
    return "[" + ", ".join(re.split(r"\s*[;,]\s*", inside)) + "]"


def _in_digits(text: str, language: str | None) -> str:
    pattern, numerals = _numerals(language == "es")
    text = re.sub(rf"\b{_HUNDRED} (?={pattern.pattern})", "100+", text)
    text = pattern.sub(lambda found: str(numerals[found.group(1)]), text)
    return re.sub(r"\b100\+(\d{1,2})\b", lambda found: str(100 + int(found.group(1))), text)


@functools.cache
def _numerals(spanish: bool) -> tuple[re.Pattern[str], dict[str, float]]:
    """Spanish has numerals that are other words in Portuguese ("dos") and English ("once")."""
    numerals = _words()["numerals"] | _tens() | (_words()["spanish"] if spanish else {})
    longest_first = sorted(numerals, key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(longest_first)})\b"), numerals


def _tens() -> dict[str, float]:
    """The tens by themselves, and with the units."""
    found: dict[str, float] = {}
    for row in _words()["tens"]:
        found |= {ten: n for ten, n in row["tens"].items() if row["joins"] != [""]}
        for join in row["joins"]:
            for ten, tens in row["tens"].items():
                found |= {f"{ten}{join}{unit}": tens + n for unit, n in row["units"].items()}
    return found


def words(name: str) -> str:
    """A regular expression for the words of a group."""
    return _group(name).pattern


@functools.cache
def _group(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(_words()['groups'][name])})(?!\w)")


@functools.lru_cache(4096)
def _fold(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0].lower()[:1] or letter


@functools.cache
def _words() -> dict[str, dict]:
    import yaml

    folder = resources.files("ragqa.concepts.matching.situations")
    words: dict[str, dict] = yaml.load(
        folder.joinpath("words.yaml").read_text("utf-8"), yaml.CSafeLoader
    )
    return words
