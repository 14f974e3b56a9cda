"""A cue's words without markup, speakers and sounds."""

from __future__ import annotations

import html
import re
import unicodedata

# Only tags that captions use: lectures on tokenizers say "<s>", "<mask>" and "<unk>".
_TAGS = re.compile(
    r"</?(?:[biuvcp]|font|lang|ruby|rt|span|br|em|strong)(?:[.\s][^<>]{0,200})?/?>"
    r"|<\d{1,3}:[\d:.,]+>|\{\\[^{}]*\}",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"\[([^\[\]]{1,60})\]|\(([^()]{1,60})\)|\*([^*]{1,40})\*")
_NOTES = re.compile(r"[♪♫♩♬]+[^♪♫♩♬]{0,200}[♪♫♩♬]+|[♪♫♩♬]")
_ARROWS = re.compile(r"(?:^|(?<=\s))(?:>>+|&gt;&gt;)\s*:?\s*")
_DASH = re.compile(r"^\s*[-–—]\s+(?=\S)", re.MULTILINE)
# A label without vowels (SGD, CNN, LSTM) is a term that is being explained, not a person.
_SPEAKER = re.compile(
    r"^\s*(?![B-DF-HJ-NP-TV-XZ]{2,5}\s*:)"
    r"(?:[A-ZÀ-Ý][A-ZÀ-Ý.'’-]{1,24}(?: [A-ZÀ-Ý0-9][A-ZÀ-Ý0-9.'’-]{0,24}){0,3}"
    r"|(?i:speaker|falante|locutor|hablante|orador|participante)[ _]?\d{0,3})\s*:\s+",
    re.MULTILINE,
)
_ROLE = re.compile(
    r"^\s*[\[(](?i:instructor|narrator|speaker|lecturer|teacher|professora?|presenter|host|student|"
    r"m[ae]n|wom[ae]n|audience|instrutora?|narradora?|apresentadora?|alun[oa]|docente|ponente|"
    r"profesora?|estudiante|alumn[oa]|estudante)(?: \d+)?[\])]\s*:?\s*"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2060\ufeff]")

# Stems of sounds that captions describe, in Portuguese, English and Spanish.
_SOUNDS = re.compile(
    r"\b(?:m[uú]sic|applau|aplau|laugh|ris[oa]s?\b|risad|chuckl|silen[ct]|silêncio|inaudi|"
    r"no audio|sem [aá]udio|sin audio|whoosh|click(?:s|ing)?\b|beep|cough|tos(?:e|ido|sing)|toss|"
    r"sigh|suspir|noise|ru[ií]do|barulho|cheer|gasp|sneez|espirro|estornudo|ding\b|bell|sino|"
    r"typing|keyboard|teclado|blank_audio|foreign\b|crosstalk|background|fundo|fondo|knock|"
    r"throat|pigarr|upbeat|intro(?:duction)? jingle|jingle|palmas|swoosh|buzz|snap|pop(?:s|ping)?\b"
    r"|screen whoosh|logo|ringing|indistinct|incompreens|ininteligible|unintelligible)",
    re.IGNORECASE,
)
# What is inside brackets and yet spoken or written on the board.
_FORMULA = re.compile(r"[\d=+^*/<>%]")


def cleaned(source: str) -> str:
    """The words of a cue as they are embedded: one line, NFC, nothing that was not said.

    Markup, speaker names and sound descriptions go; brackets that hold words or formulas stay.
    """
    text = source.encode("utf-8", "replace").decode("utf-8")
    text = _CONTROL.sub(" ", text)
    text = html.unescape(_TAGS.sub("", text))
    text = _CONTROL.sub(" ", _TAGS.sub("", text))
    text = _NOTES.sub(" ", text)
    text = _BRACKETED.sub(_kept_brackets, text)
    text = _ARROWS.sub("", text)
    text = _DASH.sub("", text)
    text = _ROLE.sub("", text)
    text = _SPEAKER.sub("", text)
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _kept_brackets(match: re.Match[str]) -> str:
    inside = next(group for group in match.groups() if group is not None)
    if _FORMULA.search(inside):
        return match.group()
    if match.group(1) is not None and len(inside.split()) <= 3 and _SOUNDS.search(inside):
        return " "
    if len(inside.split()) <= 6 and _SOUNDS.search(inside):
        return " "
    return match.group()
