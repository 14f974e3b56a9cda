"""The cosine demo shows the model's own numbers, with the ranks it really gets."""

import numpy as np
import pytest

from ragqa.demos import Settings, cosine
from ragqa.demos.cosine.paragraph import paragraph_numbers
from ragqa.demos.cosine.vocabulary import Vocabulary, read_analogies, read_words
from ragqa.errors import RagqaError

WORDS = """# royal words and others
king queen man woman prince princess duke throne girl boy
tea cup dog cat house car river tree bread school
"""


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    words = tmp_path_factory.mktemp("words") / "words.txt"
    words.write_text(WORDS, encoding="utf-8")
    return cosine.run(
        Settings(device="cpu"),
        text="The cat sleeps on the sofa. A kitten naps on the couch. Shares fell in Tokyo.",
        question="What happened at the stock exchange?",
        words=words,
    )


def test_the_matrix_is_symmetric_with_one_on_its_diagonal(shown):
    matrix = np.array(shown.numbers["matrix"])
    np.testing.assert_allclose(matrix, matrix.T)
    np.testing.assert_allclose(np.diag(matrix), 1, atol=1e-5)
    assert shown.numbers["closest_pair"] == [0, 1]


def test_the_sentence_nearest_to_the_question_is_found(shown):
    assert shown.numbers["most_similar"] == 2


def test_tokens_put_together_are_the_sentence(shown):
    for sentence, tokens in zip(shown.numbers["sentences"], shown.numbers["tokens"], strict=True):
        assert "".join(tokens).replace("▁", " ").strip() == sentence


def test_text_that_no_tokenizer_takes_is_shown_with_the_odd_characters_replaced(nano):
    odd = "One\0two is here \ud800 now. Then [bold]markup[/bold] arrives."
    numbers = paragraph_numbers(odd, "why \udfff?", nano)
    assert numbers["sentences"] == ["One two is here ? now.", "Then [bold]markup[/bold] arrives."]
    assert numbers["question"] == "why ??"


def test_length_does_not_matter_and_the_opposite_has_minus_one(shown):
    assert shown.numbers["first_with_three_times_itself"] == pytest.approx(1)
    assert shown.numbers["first_with_its_negative"] == pytest.approx(-1)


def test_the_rank_of_queen_is_the_one_that_plain_numpy_gives(shown, nano):
    words = shown.numbers["vocabulary"]
    (analogy,) = words["analogies"]
    assert (analogy["asked"], analogy["hoped_for"]) == ("king − man + woman", "queen")
    listed = WORDS.split("\n", 1)[1].split()
    vectors = dict(zip(listed, nano.queries(listed), strict=True))
    asked = vectors["king"] - vectors["man"] + vectors["woman"]
    order = sorted(listed, key=lambda word: -(vectors[word] @ asked))
    assert analogy["rank_of_all"] == order.index("queen") + 1
    left = [word for word in order if word not in ("king", "man", "woman")]
    assert analogy["rank"] == left.index("queen") + 1


def test_arithmetic_on_vectors_that_allow_it_finds_the_fourth_word():
    vectors = np.array([[1.0, 0, 0], [1, 0, 1], [0, 1, 0], [0, 1, 1], [0.5, 0.5, -1]])
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    plain = Vocabulary(("man", "king", "woman", "queen", "tea"), vectors / lengths)
    asked = vectors[1] - vectors[0] + vectors[2]
    assert plain.rank(asked, "queen") == 1
    assert plain.nearest(asked, 1, without=("queen",))[0][0] != "queen"


def test_the_bundled_list_holds_every_word_of_the_bundled_analogies():
    words = read_words()
    assert len(words) == len(set(words)) > 900
    assert {word for analogy in read_analogies() for word in analogy} <= set(words)


@pytest.mark.parametrize(
    ("content", "said"), [(b"king queen", "2 different words"), (b"\xff\xfe\xff", "not UTF-8")]
)
def test_a_list_that_is_none_is_named(tmp_path, content, said):
    path = tmp_path / "mine.txt"
    path.write_bytes(content)
    with pytest.raises(RagqaError, match=said) as caught:
        read_words(path)
    assert "mine.txt" in str(caught.value)


def test_the_arithmetic_is_held_against_the_neighbours_alone_centred_or_not_alike(shown):
    found = shown.numbers["vocabulary"]["analogies"]
    first = {
        key: sum(analogy[key] == 1 for analogy in found)
        for key in (
            "rank",
            "rank_by_neighbour_alone",
            "rank_centred",
            "rank_centred_by_neighbour_alone",
        )
    }
    plain, alone, centred, centred_alone = first.values()
    told = "\n".join(step.text for step in shown.steps)
    assert f"arithmetic finds {plain} and the third word's neighbours alone {alone}" in told
    assert f"both centred, {centred} and {centred_alone}" in told
