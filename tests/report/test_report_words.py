"""A report says the same in every language."""

import re

from ragqa.report.words import words


def test_the_reports_words_are_the_same_in_every_language():
    said = {language: words(language) for language in ("en", "es", "pt")}
    assert set(said["en"]) == set(said["es"]) == set(said["pt"])
    for name, text in said["en"].items():
        places = [re.findall(r"\{\w+\}", said[language][name]) for language in ("es", "pt")]
        assert [set(found) for found in places] == [set(re.findall(r"\{\w+\}", text))] * 2
