"""Questions that offer a choice, "Is a whale a fish or a mammal?", and the option a text takes."""

from __future__ import annotations

from functools import lru_cache

from ragqa.grade.local.asking import asks_with_a_word, offers_choice
from ragqa.grade.local.lexicon import lexicon
from ragqa.grade.local.reading import Reading
from ragqa.grade.local.subject import held
from ragqa.index.words import stop_words

_ASIDE = 3
"""words without a subject that may stand between "or" and the option: "or in the output layer" """
_AKIN = 5
"""letters from which words that begin alike are taken for one"""
_OF = frozenset({"of", "de", "do", "da", "dos", "das", "del"})
_COMPARED = frozenset({"than", "que"})

Options = tuple[tuple[int, ...], tuple[int, ...]]
"""the positions in a question of the words that set its two options apart"""


@lru_cache(maxsize=256)
def options(question: Reading) -> Options | None:
    """The two things that `question` lets choose between; None where that cannot be told."""
    joint = _joint(question)
    if joint is None:
        return None
    left = _run(question, joint - 1, -1)
    start = next(
        (
            i
            for i in range(joint + 1, min(joint + 2 + _ASIDE, len(question)))
            if _tells(question, i)
        ),
        None,
    )
    if start is None or _parted(question, joint - 1, joint + 1, ";:.!?"):
        return None
    right = _run(question, start, 1)
    if asks_with_a_word(question):
        # "What method or algorithm is used?" offers none: in such a question a mark comes first.
        if not _announced(question, left[0]):
            return None
    elif not _whole_phrases(question, left, right, start, joint):
        # The options are alike in form, so what the longer side has more is the rest of the clause.
        one, other = _beyond(question, left, right), _beyond(question, right, left)
        left, right = (one, other) if one and other else (left, right)
        same = min(len(left), len(right))
        left, right = left[len(left) - same :], right[:same]
    else:
        right = right[: len(left)]
    one, other = _beyond(question, left, right), _beyond(question, right, left)
    return (one, other) if one and other else None


def option_stems(question: Reading) -> frozenset[str]:
    """The stems of the words that set the options of `question` apart; none without a choice."""
    found = options(question)
    return frozenset(question.stems[i] for side in found for i in side) if found else frozenset()


def option(question: Reading, side: int) -> str:
    """The words by which `question` sets an option apart, as it writes them."""
    found = options(question)
    return " ".join(question.encoded.words[i] for i in found[side]) if found else ""


def chosen(question: Reading, text: Reading) -> int | None:
    """Which option `text` takes, 0 or 1: the one it names first, or not the one it denies.

    None where that is not sure, as of a clause that names both or may set an option aside:
    "Unlike a list, …".
    """
    found = options(question)
    if found is None:
        return None
    named = _named(question, text, found)
    first = next((i for i, side in enumerate(named) if side is not None), None)
    if first is None:
        return None
    begin, past = _clause(text, first)
    words = lexicon().lists
    if any(form in words["set_aside"] for form in text.forms[:past]):
        return None
    if _turned(question, text, begin, past):
        return None
    side = named[first]
    if any(one is not None and one != side for one in named[begin:past]):
        return _fuller(text, named, found, begin, past)
    both = any(one is not None and one != side for one in named)
    denied = any(begin <= i < past for i in text.negations)
    # "A list is dear, a dictionary cheap" and "It is not a fish in that sense" say something else.
    part = text.part(begin, past)
    if (both or denied) and not only_asked(question, part, frozenset(part.names)):
        return None
    return side if side is None or not denied else 1 - side


def settled(question: Reading, text: Reading) -> bool:
    """Whether `text` takes an option and does not name the other beside it: "A fish, a mammal"."""
    found, side = options(question), chosen(question, text)
    if found is None or side is None:
        return False
    named = _named(question, text, found)
    if side not in named:
        return True
    own = max(i for i, one in enumerate(named) if one == side)
    other = {text.stems[i] for i, one in enumerate(named) if one == 1 - side}
    later = [i for i, one in enumerate(named) if one == 1 - side and i > own]
    whole = len(other) >= len(found[1 - side])
    return not whole or (bool(later) and any(own < i < later[0] for i in text.negations))


def names_both(question: Reading, text: Reading) -> bool:
    """Whether `text` names both options."""
    found = options(question)
    return found is not None and {0, 1} <= set(_named(question, text, found))


def only_asked(question: Reading, text: Reading, aside: frozenset[int] = frozenset()) -> bool:
    """Whether all that `text` says, denials and the words `aside` left out, is in the question."""
    known = held(question, text)
    return all(
        known[i] or i in text.negations or i in aside or _leans(form)
        for i, (form, content) in enumerate(zip(text.forms, text.content, strict=True))
        if content
    )


def _leans(form: str) -> bool:
    """Whether a word only stands for others: "it's"."""
    return any(mark in form and form.split(mark)[0] in stop_words() for mark in "'’")


def _joint(question: Reading) -> int | None:
    """The position of the one "or" of `question`."""
    if not offers_choice(question):
        return None
    words = lexicon().alternatives[question.language]
    found = [i for i, form in enumerate(question.forms) if i and form in words]
    return found[0] if len(found) == 1 and found[0] + 1 < len(question) else None


def _beyond(question: Reading, own: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    """The words of one side that the other lacks."""
    known = {question.stems[i] for i in other}
    return tuple(i for i in own if question.stems[i] not in known)


def _tells(text: Reading, i: int) -> bool:
    """Whether a word may be an option by itself: with a subject, a letter, one of two poles."""
    if text.forms[i] in lexicon().lists["articles"] and not _letter(text, i):
        return False
    return bool(text.content[i]) or text.forms[i] in lexicon().poles or _letter(text, i)


def _letter(text: Reading, i: int) -> bool:
    """Whether a word is a letter that stands for a thing; at the beginning "A" is an article."""
    first, past = text.encoded.spans[i]
    lists = lexicon().lists
    opens = i == 0 and len(text) > 1 and text.forms[i] in lists["articles"] | lists["and"]
    return past - first == 1 and text.encoded.shown.text[first].isupper() and not opens


def _run(question: Reading, start: int, step: int) -> tuple[int, ...]:
    """The words from `start` on, forwards or backwards, up to one that tells nothing or a mark.

    "Of" goes on where it joins two words: "camada de saída".
    """
    found, i = [start], start + step
    while 0 < i < len(question) and _tells(question, start):
        if _parted(question, min(i, i - step), max(i, i - step)):
            break
        if _tells(question, i):
            found.append(i)
        elif question.forms[i] not in _OF or question.forms[i - step] in _OF:
            break
        i += step
    return tuple(sorted(found))


def _parted(text: Reading, one: int, other: int, marks: str = ",;:.!?()–—") -> bool:
    """Whether a mark that parts clauses stands between two words."""
    spans = text.encoded.spans
    between = text.encoded.shown.text[spans[one][1] : spans[other][0]]
    return any(mark in between for mark in marks)


def _announced(question: Reading, first: int) -> bool:
    """Whether a comma or colon stands right before the options, which begin at word `first`."""
    return any(_parted(question, i - 1, i) for i in range(max(1, first - _ASIDE + 1), first + 1))


def _whole_phrases(
    question: Reading, left: tuple[int, ...], right: tuple[int, ...], start: int, joint: int
) -> bool:
    """Whether both options begin with an article, and the first thus is all that follows it."""
    articles = lexicon().lists["articles"]
    opens = left[0] > 0 and question.forms[left[0] - 1] in articles
    return opens and start > joint + 1 and question.forms[start - 1] in articles and bool(right)


def _named(question: Reading, text: Reading, found: Options) -> list[int | None]:
    """(text words,): the option that each word names."""
    stems = [{question.stems[i] for i in side} for side in found]
    forms = [{question.forms[i] for i in side} for side in found]
    begins = [{form[:_AKIN] for form in side if len(form) >= _AKIN} for side in forms]
    alike = begins[0] & begins[1]

    def side_of(i: int) -> int | None:
        form = text.forms[i]
        for side in (0, 1):
            if len(form) == 1 and not _letter(text, i):
                continue
            akin = form[:_AKIN] in begins[side] - alike
            if text.stems[i] in stems[side] or form in forms[side] or akin:
                return side
        return None

    return [side_of(i) for i in range(len(text))]


def _clause(text: Reading, word: int) -> tuple[int, int]:
    """The words around one up to marks, to a reason, or to what something is compared with."""
    ends = lexicon().openings["reason"] | _COMPARED
    past = word + 1
    while past < len(text) and not _parted(text, past - 1, past) and text.forms[past] not in ends:
        past += 1
    begin = word
    while begin and not _parted(text, begin - 1, begin):
        begin -= 1
    return begin, past


def _turned(question: Reading, text: Reading, first: int, past: int) -> bool:
    """Whether a clause has the opposite of a word asked about: "slower" beside "faster"."""
    poles = lexicon().poles
    offered = {i for side in options(question) or () for i in side}
    asked = {
        pole
        for i, form in enumerate(question.forms)
        if i not in offered
        for pole in poles.get(form, ())
    }
    own = {pole for form in text.forms[first:past] for pole in poles.get(form, ())}
    return any((row, 1 - side) in asked and (row, side) not in asked for row, side in own)


def _fuller(
    text: Reading, named: list[int | None], found: Options, first: int, past: int
) -> int | None:
    """Of two options in one clause the one that is named wholly, where the other is not."""
    if lexicon().lists["and"] & set(text.forms[first:past]):
        return None
    said = [{text.stems[i] for i in range(first, past) if named[i] == side} for side in (0, 1)]
    whole = [len(said[side]) >= len(found[side]) for side in (0, 1)]
    return whole.index(True) if whole[0] != whole[1] else None
