"""The cosine demo as a teacher tells it."""

from __future__ import annotations

from typing import Any

from ragqa.demos.demo import Step
from ragqa.demos.tables import table


def steps(numbers: dict[str, Any]) -> tuple[Step, ...]:
    """From a paragraph to vectors to cosines, then single words, then why the two differ."""
    words = numbers["vocabulary"]
    told = [
        _tokens(numbers),
        _vectors(numbers),
        _matrix(numbers),
        _question(numbers),
        _range(numbers),
        _neighbours(words),
    ]
    if words["analogies"]:
        told += [_first_analogy(words["analogies"][0], words["words"]), _analogies(words)]
    told.append(_difference(words))
    return tuple(told)


def _tokens(n: dict[str, Any]) -> Step:
    lines = [
        f"S{i}  {sentence}\n  {len(tokens)} tokens: {' | '.join(tokens)}"
        for i, (sentence, tokens) in enumerate(zip(n["sentences"], n["tokens"], strict=True), 1)
    ]
    return Step(
        "A paragraph, its sentences and their tokens",
        "\n".join(lines) + "\nThe model reads pieces of words; ▁ marks a space before a piece.",
    )


def _vectors(n: dict[str, Any]) -> Step:
    lines = [
        f"S{i}  [{', '.join(f'{v:+.3f}' for v in begin)}, …]  length {length:.3f}"
        for i, (begin, length) in enumerate(zip(n["beginnings"], n["lengths"], strict=True), 1)
    ]
    return Step(
        "Each sentence as one vector",
        f"{n['model']} turns every sentence into {n['dimension']} numbers: it lets all tokens look "
        "at each other, takes the mean of what they became, and scales it to length 1.\n"
        + "\n".join(lines),
    )


def _matrix(n: dict[str, Any]) -> Step:
    names = [f"S{i}" for i in range(1, len(n["matrix"]) + 1)]
    rows = [
        (name, *(f"{cosine:.3f}" for cosine in row))
        for name, row in zip(names, n["matrix"], strict=True)
    ]
    first, second = n["closest_pair"]
    return Step(
        "Cosine similarity of every two",
        "cos(a, b) = a·b / (|a| |b|); at length 1 it is just the sum of products.\n"
        + table(("", *names), rows)
        + f"\nThe closest two are {names[first]} and {names[second]} with "
        f"{n['matrix'][first][second]:.3f}. Each sentence has 1 with itself, and the matrix is "
        "symmetric.",
    )


def _question(n: dict[str, Any]) -> Step:
    order = sorted(range(len(n["sentences"])), key=lambda i: -n["question_cosines"][i])
    lines = [f"{n['question_cosines'][i]:.3f}  S{i + 1}  {n['sentences'][i]}" for i in order]
    return Step(
        "The sentence most similar to a question",
        f"“{n['question']}”\n" + "\n".join(lines) + "\nRead the order, not the height: the last "
        f"still gets {n['question_cosines'][order[-1]]:.2f}.",
    )


def _range(n: dict[str, Any]) -> Step:
    spread = n["vocabulary"]["spread"]
    rows = [
        (label, *(f"{spread[key][what]:+.3f}" for what in ("mean", "deviation", "least")))
        for key, label in (
            ("words", "E5, two words of the list"),
            ("centred", "the same, mean vector taken away"),
            ("random", "two random directions"),
        )
    ]
    return Step(
        "How high is high?",
        "A cosine lies between −1 and 1 and does not see length. With a the vector of S1, "
        f"cos(a, 3a) = {n['first_with_three_times_itself']:.3f} and "
        f"cos(a, −a) = {n['first_with_its_negative']:.3f}.\n"
        "But E5 was trained at a low temperature and uses a narrow cone of that range:\n"
        + table(("cosine of", "mean", "deviation", "least"), rows)
        + "\nSo 0.8 between two words means nothing in particular here. Compare, do not threshold.",
    )


def _neighbours(words: dict[str, Any]) -> Step:
    spelling = words["spelling"]
    lines = [
        f"{word}: " + ", ".join(f"{other} {cosine:.3f}" for other, cosine in near)
        for word, near in words["neighbours"].items()
    ]
    return Step(
        f"Nearest words, out of {words['words']}",
        "\n".join(lines)
        + f"\nSpelling shows through: {spelling['nearest_share']:.0%} of all words have a nearest "
        "word that begins with the same letter; by chance it would be "
        f"{spelling['chance_share']:.0%}. (Some are true relatives, as king and kingdom.)",
    )


def _first_analogy(first: dict[str, Any], count: int) -> Step:
    return Step(
        f"{first['asked']}",
        f"Hoped for: {first['hoped_for']}.\n"
        f"All words: {_named(first['nearest_of_all'])}. "
        f"{first['hoped_for']} is number {first['rank_of_all']} of {count}.\n"
        f"Without the three given words: {_named(first['nearest'])}. {first['hoped_for']} is "
        f"number {first['rank']}.\n"
        "Textbooks leave the given words out and seldom say so; without that, the nearest word is "
        "usually one that was put in.",
    )


def _named(near: list[tuple[str, float]]) -> str:
    return ", ".join(f"{word} {cosine:.3f}" for word, cosine in near)


def _analogies(words: dict[str, Any]) -> Step:
    found = words["analogies"]
    keys = (
        "rank_of_all",
        "rank",
        "rank_by_neighbour_alone",
        "rank_centred",
        "rank_centred_by_neighbour_alone",
    )
    rows = [(f"{a['asked']} → {a['hoped_for']}", *(str(a[key]) for key in keys)) for a in found]
    firsts = [sum(a[key] == 1 for a in found) for key in keys]
    rows.append(("first place", *(f"{first}/{len(found)}" for first in firsts)))
    return Step(
        "The ranks that analogies really get",
        table(("", "all words", "without given", "c alone", "centred", "c alone, centred"), rows)
        + "\n“without given” leaves the three given words out, “centred” also takes the mean "
        "vector away, “c alone” does no arithmetic and takes the neighbours of the third word, "
        "each without the given words too.\n"
        + _verdict(firsts, len(found))
        + f" And {words['words']} words are few: a longer list (--words FILE) has more rivals.",
    )


def _verdict(firsts: list[int], count: int) -> str:
    _, plain, alone, centred, centred_alone = firsts
    return (
        f"Of {count} the arithmetic finds {plain} and the third word's neighbours alone {alone}; "
        f"both centred, {centred} and {centred_alone}. Only what the arithmetic finds beyond its "
        "neighbour is its own: a part of the fame is nearness."
    )


def _difference(words: dict[str, Any]) -> Step:
    s = words["sentences"]
    return Step(
        "Why a sentence model is not a list of word vectors",
        f"“{s['same_words'][0]}” and “{s['same_words'][1]}” hold the same words: means of word "
        "vectors would be equal, cosine 1. E5 can see order, and here makes little of it: "
        f"{s['same_words_cosine']:.3f}.\n"
        "A word list has one vector for “bank”. E5 reads it in its sentence: "
        f"“{s['two_banks'][0]}” has {s['bank_money_river']:.3f} with “{s['two_banks'][1]}”, and "
        f"{s['bank_money_loan']:.3f} with “{s['two_banks'][2]}”, which does not say bank.\n"
        "word2vec and GloVe were trained on which words stand near which, one vector a word. E5 "
        "was trained to bring a question near the passage that answers it; a bare word gives it "
        "little to go by, and its letters weigh too much.",
    )
