"""The local judge, as users of three languages meet it; real weights, no network."""

from __future__ import annotations

import pytest

from ragqa.grade.judge import judge
from ragqa.grade.task import Task
from tests.grade_local.known_failures import but_for

ASKED = {
    "en": "How does a refrigerator keep food cold?",
    "pt": "Como a geladeira mantém a comida fria?",
    "es": "¿Cómo mantiene fría la comida un refrigerador?",
}
ANSWERED = {
    "en": "A refrigerator keeps food cold by letting a fluid evaporate inside, which takes up "
    "heat, and releasing that heat at the back.",
    "pt": "A geladeira mantém a comida fria deixando um fluido evaporar por dentro, o que absorve "
    "calor, e soltando esse calor atrás.",
    "es": "El refrigerador mantiene fría la comida dejando evaporar un fluido por dentro, lo que "
    "absorbe calor, y soltando ese calor por detrás.",
}
ELSEWHERE = {
    "en": "The first steam locomotive ran in Wales in 1804.",
    "pt": "A primeira locomotiva a vapor andou no País de Gales em 1804.",
    "es": "La primera locomotora de vapor circuló en Gales en 1804.",
}
UNTRUE = {
    "en": "A refrigerator keeps food cold by burning wood inside, which makes the air dry.",
    "pt": "A geladeira mantém a comida fria queimando lenha por dentro, o que deixa o ar seco.",
    "es": "El refrigerador mantiene fría la comida quemando leña por dentro, lo que seca el aire.",
}
REFUSED = {
    "en": "The lectures do not say how a refrigerator keeps food cold.",
    "pt": "As aulas não dizem como a geladeira mantém a comida fria.",
    "es": "Las clases no dicen cómo mantiene fría la comida un refrigerador.",
}
OFF_TOPIC = {
    "en": "My aunt collects stamps from Norway. The football season starts in August.",
    "pt": "Minha tia coleciona selos da Noruega. A temporada de futebol começa em agosto.",
    "es": "Mi tía colecciona sellos de Noruega. La temporada de fútbol empieza en agosto.",
}
LANGUAGES = list(ASKED)


def relevance(question: str, answer: str, *contexts: str) -> Task:
    held = tuple((f"hit:{rank}", text) for rank, text in enumerate(contexts, 1))
    return Task("r", "answer_relevance", "answer", question, answer, contexts=held)


def correct(question: str, answer: str, reference: str) -> Task:
    return Task("r", "correctness", "answer", question, answer, reference=reference)


def grounded(question: str, sentence: str, *contexts: str) -> Task:
    held = tuple((f"hit:{rank}", text) for rank, text in enumerate(contexts, 1))
    return Task(
        "r", "groundedness", "sentence:1", question, sentence, sentence=sentence, contexts=held
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_is_relevant_and_an_answer_to_something_else_is_not(graded, language):
    good, bad = graded(
        relevance(ASKED[language], ANSWERED[language]),
        relevance(ASKED[language], ELSEWHERE[language]),
    )
    assert good.verdict == "C"
    assert bad.verdict == "I"


@pytest.mark.parametrize("language", LANGUAGES)
def test_repeating_the_question_earns_nothing(graded, language):
    for grade in graded(
        relevance(ASKED[language], ASKED[language]),
        relevance(ASKED[language], ASKED[language].strip("¿?") + "."),
        correct(ASKED[language], ASKED[language], ANSWERED[language]),
    ):
        assert grade.score == 0


@pytest.mark.parametrize("asked", LANGUAGES)
@pytest.mark.parametrize("answered", LANGUAGES)
def test_an_answer_in_another_language_loses_no_letter(graded, asked, answered):
    relevant, agrees, strange = graded(
        relevance(ASKED[asked], ANSWERED[answered]),
        correct(ASKED[asked], ANSWERED[answered], ANSWERED[asked]),
        relevance(ASKED[asked], ELSEWHERE[answered]),
    )
    assert (relevant.verdict, agrees.verdict) == ("C", "C")
    assert strange.verdict == "I"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_is_right_only_when_no_context_answers(graded, language):
    right, wrong = graded(
        relevance(ASKED[language], REFUSED[language], ELSEWHERE[language], OFF_TOPIC[language]),
        relevance(ASKED[language], REFUSED[language], ELSEWHERE[language], ANSWERED[language]),
    )
    assert right.verdict == "C"
    assert wrong.verdict == "I"
    assert any(evidence.where == "hit:2" for evidence in wrong.evidence)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_false_answer_is_relevant(graded, language):
    (relevant,) = graded(relevance(ASKED[language], UNTRUE[language]))
    assert relevant.verdict == "C"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_false_answer_is_not_correct(graded, language):
    wrong, right = graded(
        correct(ASKED[language], UNTRUE[language], ANSWERED[language]),
        correct(ASKED[language], ANSWERED[language], ANSWERED[language]),
    )
    assert wrong.verdict != "C"
    assert right.verdict == "C"
    assert wrong.score < right.score - 0.2


@pytest.mark.parametrize("language", LANGUAGES)
def test_padding_does_not_raise_the_score(graded, language):
    for good in (ANSWERED, ELSEWHERE):
        plain, padded = graded(
            relevance(ASKED[language], good[language]),
            relevance(ASKED[language], " ".join([good[language], *[OFF_TOPIC[language]] * 3])),
        )
        assert padded.score <= plain.score + 0.02


TWO_PARTS = {
    "en": (
        "What is a lighthouse and why are lighthouses built on rocks?",
        "A lighthouse is a tower with a strong lamp that guides ships.",
        "Lighthouses are built on rocks because that is where ships are in danger.",
    ),
    "pt": (
        "O que é um farol e por que os faróis são construídos em rochedos?",
        "Um farol é uma torre com uma lâmpada forte que guia os navios.",
        "Os faróis são construídos em rochedos porque é ali que os navios correm perigo.",
    ),
    "es": (
        "¿Qué es un faro y por qué se construyen los faros sobre rocas?",
        "Un faro es una torre con una lámpara potente que guía a los barcos.",
        "Los faros se construyen sobre rocas porque es allí donde los barcos corren peligro.",
    ),
}


@pytest.mark.parametrize(
    "language", but_for("en", "the network takes the answer to its second part for something else")
)
def test_one_of_two_parts_is_partial(graded, language):
    question, first, second = TWO_PARTS[language]
    both, only_first = graded(
        relevance(question, f"{first} {second}"),
        relevance(question, first),
    )
    assert both.verdict == "C"
    assert only_first.verdict == "P"
    assert "Part 2" in only_first.reasoning


@pytest.mark.parametrize("language", LANGUAGES)
def test_support_is_found_in_the_passage_that_gives_it(graded, language):
    supported, strange = graded(
        grounded(ASKED[language], ANSWERED[language], OFF_TOPIC[language], ANSWERED[language]),
        grounded(ASKED[language], ELSEWHERE[language], OFF_TOPIC[language], ANSWERED[language]),
    )
    assert supported.verdict == "C"
    assert strange.verdict == "I"
    assert any(evidence.where == "hit:2" for evidence in supported.evidence)


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        ("The bridge is 300 metres long.", "The bridge is 450 metres long."),
        ("A ponte tem 300 metros de comprimento.", "A ponte tem 450 metros de comprimento."),
        ("El puente mide 300 metros de largo.", "El puente mide 450 metros de largo."),
        (
            "Sound travels faster in water than in air.",
            "Sound travels slower in water than in air.",
        ),
        ("Os morcegos não são cegos.", "Os morcegos são cegos."),
    ],
)
def test_another_number_an_opposite_or_a_negation_is_no_support(graded, sentence, passage):
    (grade,) = graded(grounded("?", sentence, passage))
    assert grade.verdict != "C"
    (same,) = graded(grounded("?", passage, passage))
    assert same.verdict == "C"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_context_that_answers_is_told_from_one_that_does_not(graded, language):
    held = (("hit:1", f"{OFF_TOPIC[language]} {ANSWERED[language]}"),)
    empty = (("hit:1", f"{OFF_TOPIC[language]} {ELSEWHERE[language]}"),)
    good, bad = graded(
        Task("r", "context_relevance", "hit:1", ASKED[language], "", contexts=held),
        Task("r", "context_relevance", "hit:1", ASKED[language], "", contexts=empty),
    )
    assert good.verdict == "C"
    assert bad.verdict == "I"
    assert (
        good.evidence[0].text in ANSWERED[language] or ANSWERED[language] in good.evidence[0].text
    )


@pytest.mark.parametrize(
    ("question", "stated", "language"),
    [
        ("What is the capital of France?", "The capital of France is Paris.", "en"),
        ("What is the capital of France?", "Paris is the capital of France.", "en"),
        ("Qual é a capital da França?", "A capital da França é Paris.", "pt"),
        ("¿Cuál es la capital de Francia?", "La capital de Francia es París.", "es"),
        ("What colour is the sky?", "The colour of the sky is blue.", "en"),
    ],
)
def test_one_new_word_beside_the_question_may_be_the_answer(graded, question, stated, language):
    answer, context = graded(
        Task("r", "answer_relevance", "answer", question, stated, language=language),
        Task("r", "context_relevance", "hit:1", question, "", contexts=(("hit:1", stated),)),
    )
    assert answer.score > 0.5
    assert context.verdict == "C"


def test_every_grade_says_what_it_rests_on_in_the_very_words(graded):
    answer = "  Well,\u200b   " + ANSWERED["en"] + "\n\n" + OFF_TOPIC["en"]
    (grade,) = graded(relevance(ASKED["en"], answer))
    assert grade.criteria and "decided by" in grade.reasoning
    assert grade.evidence
    for evidence in grade.evidence:
        assert answer[evidence.start : evidence.end] == evidence.text


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many legs does a spider have?", "Eight."),
        ("Who painted the Mona Lisa?", "Leonardo da Vinci."),
        ("Is a whale a mammal?", "Yes, it is."),
        ("É verdade que a baleia é um mamífero?", "Sim."),
        ("¿En qué año llegó el hombre a la Luna?", "En 1969."),
    ],
)
def test_a_short_answer_of_the_kind_asked_for_is_relevant(graded, question, answer):
    (grade,) = graded(relevance(question, answer))
    assert grade.verdict == "C"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many legs does a spider have?", "In the garden."),
        ("¿En qué año llegó el hombre a la Luna?", "Con un cohete."),
    ],
)
def test_a_short_answer_of_another_kind_is_not(graded, question, answer):
    (grade,) = graded(relevance(question, answer))
    assert grade.verdict != "C"


def test_a_verbatim_quote_with_its_citation_mark_is_grounded():
    said = "The exponential is always positive, so softmax never has this problem."
    answer = f"“{said}” [1]"
    context = ("hit:1", f"And neither is one point five. {said} The second reason comes later.")
    task = Task("r", "groundedness", "sentence:1", "Why the exponential?", answer, answer,
                contexts=(context,), language="en")  # fmt: skip
    grades = {}
    judge("local").grade([task], lambda position, grade: grades.update({position: grade}))
    assert grades[0].verdict == "C" and grades[0].score > 0.9
    assert all("[" not in piece.text for piece in grades[0].evidence)
