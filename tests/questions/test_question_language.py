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


SHORT = {
    "en": [
        "Is a loss a function?",
        "Is a dot product a number?",
        "Is dropout random at test time?",
        "Does a bigger batch train faster?",
        "Are logits probabilities?",
        "Is a tensor a matrix?",
        "Softmax or sigmoid?",
        "Can a loss be negative?",
        "Is a high learning rate as bad?",
        "Give an example.",
        "Why normalize inputs?",
        "A loss of 0.69 means what?",
    ],
    "pt": [
        "A perda é uma função?",
        "A média muda a cada lote?",
        "O dropout é aleatório no teste?",
        "Um tensor é uma matriz?",
        "Softmax ou sigmoide?",
        "Tem gradiente?",
        "A acurácia pode cair?",
        "A saída muda?",
        "Como confiro se o gradiente está certo?",
        "Dê um exemplo.",
        "A rede aprende a regra?",
        "A ReLU satura?",
        "Para que serve Adam?",
    ],
    "es": [
        "La pérdida es una función?",
        "La media cambia a cada lote?",
        "Es aleatorio el dropout en la prueba?",
        "Un tensor es una matriz?",
        "Tiene gradiente?",
        "La exactitud puede bajar?",
        "La salida cambia?",
        "Dónde está el gradiente?",
        "Da un ejemplo.",
        "Existe una pérdida negativa?",
        "Dos redes están de acuerdo?",
        "Para qué sirve Adam?",
    ],
}


@pytest.mark.parametrize("among", [["en", "pt", "es"], ["pt", "es", "en"], ["es", "en", "pt"]])
@pytest.mark.parametrize(
    ("question", "language"), [(text, code) for code, texts in SHORT.items() for text in texts]
)
def test_a_short_question_is_taken_for_its_language_whichever_is_likeliest(
    question, language, among
):
    assert question_language(question, among) == language
