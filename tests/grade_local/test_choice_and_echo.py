"""Choices, bare yes and no beside reasons, and full sentences that tell one new thing."""

from __future__ import annotations

import pytest

from tests.grade_local.tasks import correct, relevance


@pytest.mark.parametrize(
    ("question", "answer", "language"),
    [
        ("How many chambers does the human heart have?", "The human heart has 4 chambers.", "en"),
        ("How many nuclei does a skin cell have?", "A skin cell has one nucleus.", "en"),
        ("Quantos ventrículos tem o coração?", "O coração tem 2 ventrículos.", "pt"),
        ("¿Cuántas épocas duró el entrenamiento?", "El entrenamiento duró 20 épocas.", "es"),
        ("At what temperature does tungsten melt?", "Tungsten melts at 3422 degrees.", "en"),
        ("Who discovered penicillin?", "Penicillin was discovered by Fleming.", "en"),
        ("A planta respira à noite?", "Respira, sim.", "pt"),
        ("¿Respira la planta de noche?", "La planta respira de noche, sí.", "es"),
    ],
)
def test_a_sentence_that_tells_a_number_a_name_or_a_yes_is_no_echo(
    graded, question, answer, language
):
    (grade,) = graded(relevance(question, answer, language))
    assert grade.score > 0.6
    assert "gives the question back" not in grade.reasoning


@pytest.mark.parametrize(
    ("question", "answer", "language"),
    [
        ("How many chambers does the human heart have?", "The human heart has chambers.", "en"),
        ("How many neurons do the three layers have?", "The 3 layers have neurons.", "en"),
        ("How many chambers has it?", "How many of the 4 chambers has it?", "en"),
        ("Quantos ventrículos tem o coração?", "Os ventrículos no coração.", "pt"),
        ("Is a whale a fish or a mammal?", "A fish or a mammal.", "en"),
        ("¿Qué es mayor, la Tierra o el Sol?", "La Tierra o el Sol.", "es"),
    ],
)
def test_the_words_and_numbers_of_the_question_are_an_echo(graded, question, answer, language):
    (grade,) = graded(relevance(question, answer, language))
    assert grade.score == 0.0


CHOICES = [
    ("Is a whale a fish or a mammal?", "A mammal.", ["It's a mammal."], ["A fish.", "Fish"], "en"),
    (
        "Which is faster for finding a key, a list or a dictionary?",
        "A dictionary: finding takes constant time thanks to hashing, while a list is searched.",
        ["A dictionary.", "A dictionary is faster.", "Not a list."],
        ["A list.", "A list is faster.", "It is not a dictionary."],
        "en",
    ),
    (
        "Is the validation set or the test set used to choose the learning rate?",
        "The validation set; the test set is only looked at once, at the very end.",
        ["The validation set.", "One uses the validation set."],
        ["The test set.", "The test set is used."],
        "en",
    ),
    (
        "Is it better to use a small learning rate or a large one?",
        "A small learning rate converges more surely.",
        ["A small one.", "The learning rate should be small."],
        ["A large learning rate.", "The learning rate should be large."],
        "en",
    ),
    (
        "Which is larger, the sun or the earth?",
        "The sun is larger than the earth.",
        ["The sun.", "The sun is larger."],
        ["The earth.", "The earth is larger."],
        "en",
    ),
    (
        "Is the product of two negatives positive or negative?",
        "Positive, since the signs cancel.",
        ["Positive.", "It is positive."],
        ["Negative.", "It's negative.", "It is not positive."],
        "en",
    ),
    ("Devemos maximizar ou minimizar a perda?", "Minimizar.", ["Minimizar a perda."],
     ["Maximizar.", "Maximizar a perda."], "pt"),
    (
        "O que é maior, um átomo ou uma molécula?",
        "A molécula é maior, porque é formada por dois ou mais átomos.",
        ["A molécula.", "Uma molécula é maior."],
        ["O átomo.", "Um átomo é maior."],
        "pt",
    ),
    ("¿Es mayor la Tierra o el Sol?", "El Sol.", ["El Sol es mayor."], ["La Tierra."], "es"),
    (
        "¿Qué conduce mejor la electricidad, el cobre o la madera?",
        "El cobre, porque tiene electrones libres; la madera es aislante.",
        ["El cobre.", "El cobre conduce mejor."],
        ["La madera.", "La madera conduce mejor."],
        "es",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("question", "reference", "right", "wrong", "language"), CHOICES)
def test_the_option_that_the_reference_takes_is_right(
    graded, question, reference, right, wrong, language
):
    answers = [*right, *wrong, {"en": "Yes.", "pt": "Sim.", "es": "Sí."}[language]]
    grades = graded(*(correct(question, answer, reference, language) for answer in answers))
    verdicts = [grade.verdict for grade in grades]
    assert verdicts == ["C"] * len(right) + ["I"] * (len(wrong) + 1)


@pytest.mark.parametrize(("question", "reference", "right", "wrong", "language"), CHOICES)
def test_an_option_answers_a_choice(graded, question, reference, right, wrong, language):
    answers = [answer for answer in (*right, *wrong) if "ot a" not in answer]
    grades = graded(*(relevance(question, answer, language) for answer in answers))
    assert all(grade.score > 0.6 for grade in grades), [grade.reasoning for grade in grades]


@pytest.mark.parametrize(
    ("question", "answer", "reference"),
    [
        ("What method or algorithm is used?", "The algorithm.", "The method of backpropagation."),
        ("Does it cause cancer or heart disease?", "Cancer.", "Yes, cancer and heart disease."),
        ("Which is cheaper, gold or copper?", "Copper.", "Gold is dear, copper costs little."),
        ("Which is faster, a list or a dictionary?", "A dictionary.", "A list is slower."),
    ],
)
def test_what_is_no_choice_or_not_surely_taken_is_not_told_as_one(
    graded, question, answer, reference
):
    (grade,) = graded(correct(question, answer, reference))
    assert "takes" not in grade.reasoning and "take “" not in grade.reasoning


@pytest.mark.parametrize(
    ("question", "reference", "language"),
    [
        ("Can a plant live without light?", "No, without light it cannot make sugar.", "en"),
        ("Should we shuffle or not?", "No, the order of the days carries what we look for.", "en"),
        (
            "Does it live without light or water?",
            "No, it needs both of them to make any sugar at all.",
            "en",
        ),
        ("A planta vive sem luz?", "Não. Sem luz ela não produz açúcar e logo morre.", "pt"),
        ("¿Vive la planta sin luz?", "No, sin luz no produce azúcar y pronto se muere.", "es"),
    ],
)
def test_a_bare_yes_or_no_is_told_beside_a_reason(graded, question, reference, language):
    yes, no = {"en": ("Yes.", "No."), "pt": ("Sim.", "Não."), "es": ("Sí.", "No.")}[language]
    right, wrong = graded(
        correct(question, no, reference, language), correct(question, yes, reference, language)
    )
    assert right.verdict == "C" and right.reasoning == "Both say no."
    assert wrong.score == 0.0


@pytest.mark.parametrize(
    ("question", "yes", "no", "language"),
    [
        (
            "Does softmax sum to one?",
            ["Absolutely!", "Indeed.", "Of course.", "Of course it does."],
            ["Absolutely not.", "Of course not.", "Certainly not."],
            "en",
        ),
        (
            "A planta respira à noite?",
            ["Respira.", "Respira, sim.", "Exato.", "Com certeza.", "Claro que sim."],
            ["Não respira.", "Claro que não.", "Com certeza não."],
            "pt",
        ),
        (
            "¿Respira la planta de noche?",
            ["Así es.", "Por supuesto.", "Claro que sí.", "Respira."],
            ["Claro que no.", "Por supuesto que no.", "No respira."],
            "es",
        ),
    ],
)
def test_yes_and_no_in_other_words(graded, question, yes, no, language):
    reference = {"en": "Yes.", "pt": "Sim.", "es": "Sí."}[language]
    grades = graded(*(correct(question, text, reference, language) for text in (*yes, *no)))
    assert [grade.score for grade in grades] == [1.0] * len(yes) + [0.0] * len(no)


@pytest.mark.parametrize(
    ("question", "text", "language"),
    [
        ("¿Cuándo diverge?", "Si la tasa es demasiado grande.", "es"),
        ("How many layers are there?", "Exactly five layers", "en"),
        ("When did it end?", "Right after the war", "en"),
    ],
)
def test_what_begins_like_a_yes_is_none(graded, question, text, language):
    (grade,) = graded(correct(question, text, text, language))
    assert grade.verdict == "C"
    assert "say yes" not in grade.reasoning
