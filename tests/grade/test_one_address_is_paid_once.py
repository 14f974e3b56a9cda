"""However the endpoint's address is typed, its kept replies are found."""

from __future__ import annotations

import pytest

from ragqa.endpoint import address
from ragqa.grade import judge
from tests.endpoint.scripted import Scripted
from tests.grade.judged import saying, task


def test_a_reply_is_paid_for_once_however_the_address_is_typed(tmp_path):
    forms = ["", "/", "/v1", "/v1/", "/v1/chat/completions"]
    with Scripted(saying(2)) as server:
        for form in forms:
            who = judge("openai:m", server.host + form, cache=tmp_path / "calls.sqlite")
            who.grade([task()], lambda position, grade: None)
        assert len(server.requests) == 1
        who = judge("openai:m", server.host + "/other/v1", cache=tmp_path / "calls.sqlite")
        who.grade([task()], lambda position, grade: None)
        assert len(server.requests) == 2, "another path may be another server"


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("https://h/v1", "https://h/v1"),
        ("https://H:443/v1/chat/completions/", "https://h/v1"),
        ("http://h:80", "http://h/v1"),
        ("http://h:443", "http://h:443/v1"),
        ("http://[::1]:11434", "http://[::1]:11434/v1"),
        ("http://ana:pw@h/v1?key=sesame#x", "http://h/v1"),
        ("https://h/openai/deployments/d/chat/completions", "https://h/openai/deployments/d"),
        ("https://h/openai/deployments/d", "https://h/openai/deployments/d"),
        ("https://h/v1beta/openai/", "https://h/v1beta/openai"),
        ("http://h/chat/completions", "http://h"),
    ],
)
def test_forms_of_one_address_have_one_name(typed, same):
    assert address(typed).canonical == same
    assert address(same + "/chat/completions").canonical == same
