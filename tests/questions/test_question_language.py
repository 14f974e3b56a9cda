"""The language of a question is told from a few words, also where languages share them."""

import pytest

from ragqa.language import question_language


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Is a loss a function?", "en"),
        ("A photo may show a cat, a dog and a person at once. Which output suits that?", "en"),
        ("A softmax soma um?", "pt"),
        ("a perda pode cair e a acurácia ficar parada?", "pt"),
        ("¿la pérdida puede ser negativa?", "es"),
        ("what is softmax", "en"),
    ],
)
def test_words_that_two_languages_share_do_not_decide_alone(question, language):
    assert question_language(question, ["pt", "es", "en"]) == language
