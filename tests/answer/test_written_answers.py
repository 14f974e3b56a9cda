"""An endpoint's answer keeps only the citations that its passages support."""

import pytest

from ragqa.answer import Asker
from ragqa.answer.written import EndpointWriter
from ragqa.endpoint import ChatEndpoint
from ragqa.errors import OutsideError
from ragqa.retrieve import Retriever
from tests.endpoint.scripted import Said, Scripted, completion

QUESTION = "what does the softmax do?"


@pytest.fixture(scope="module")
def retriever(nano):
    from ragqa.corpora import corpus

    return Retriever(corpus(nano).index, nano)


def answered(retriever, said):
    with Scripted([said]) as server:
        writer = EndpointWriter(ChatEndpoint(server.url, "scripted"))
        return Asker(retriever, writer).ask(QUESTION), server.requests


def test_supported_citations_are_numbered_and_point_at_the_moment(retriever):
    text = (
        "Softmax turns scores into probabilities that add up to one [1]. "
        "My grandmother grew tomatoes in the garden [2]. It is smooth [77]. So it is."
    )
    answer, _ = answered(retriever, completion(text))
    assert answer.engine == "llm:scripted" and answer.answered
    assert len(answer.citations) == 1
    assert answer.text.startswith("Softmax turns scores into probabilities that add up to one [1].")
    assert "[2]" not in answer.text and "[77]" not in answer.text
    first, past = answer.citations[0].span
    assert answer.text[first:past].startswith("Softmax turns")
    assert answer.citations[0].start is not None
    told = " ".join(answer.notes)
    assert "Sentence 2 cites [2], which does not say this." in told
    assert "[77], and there is no such passage" in told
    assert "Sentence 4 cites no passage." in told


def test_marks_are_renumbered_to_the_citations(retriever):
    answer, _ = answered(
        retriever, completion("Softmax gives a probability distribution over the classes [3, 1].")
    )
    assert len(answer.citations) == 2
    assert answer.text.endswith("[1, 2].")


def test_the_passages_travel_as_data(retriever):
    _, requests = answered(retriever, completion("NO ANSWER"))
    system, user = requests[0]["messages"]
    assert system["role"] == "system" and QUESTION not in system["content"]
    import json

    data = json.loads(user["content"])
    assert data["question"] == QUESTION and len(data["passages"]) == 8


def test_a_model_that_finds_no_answer_says_so_in_our_words(retriever):
    answer, _ = answered(retriever, completion("NO ANSWER"))
    assert not answer.answered and not answer.citations and "NO ANSWER" not in answer.text


@pytest.mark.parametrize(
    "said",
    [
        Said(200, b"<html>login</html>", {"Content-Type": "text/html"}),
        Said(401, b'{"error": {"message": "bad key"}}'),
        Said(200, b'{"choices": []}'),
    ],
)
def test_an_endpoint_that_fails_is_one_sentence(retriever, said):
    with pytest.raises(OutsideError) as caught:
        answered(retriever, said)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("reply", ["", " \n", "<think>Let me see, softmax is"])
def test_a_reply_without_an_answer_is_a_failure_and_no_refusal(retriever, reply):
    with pytest.raises(OutsideError, match="scripted at http"):
        answered(retriever, completion(reply))
