"""How the desk speaks: formal and warm, in every word that is shown to a person."""

import re

import pytest

from tanggap import words

MARKED = words.marked()
NOT_SAID = {
    "an exclamation mark": re.compile(r"!(?!=)"),
    "anda without its capital": re.compile(r"\banda\b"),
    "a familiar form of address": re.compile(r"\b(?:kamu|kalian|lu|gue|gw|aku|kau)\b", re.IGNORECASE),
    "slang or an abbreviation of chat": re.compile(
        r"\b(?:nggak|enggak|gak|ga|yg|dgn|utk|tdk|sdh|blm|krn|dll|ok|oke|sip|yuk|dong|sih|kok|deh|maaf ya|halo)\b",
        re.IGNORECASE,
    ),
    "a pictogram": re.compile("[\U0001f300-\U0001faff\u2600-\u26ff\u2705\u274c\ufe0f]"),
    "an English word where there is an Indonesian one": re.compile(
        r"\b(?:email|e-mail|password|username|upload|download|user|submit|error|link|update|delete|cancel|klik here)\b",
        re.IGNORECASE,
    ),
}


@pytest.mark.parametrize("fault", NOT_SAID)
def test_no_word_for_people_has(fault: str) -> None:
    assert MARKED
    assert [each for each in MARKED if NOT_SAID[fault].search(re.sub(r"\{[^{}]*\}", "", each))] == []
