"""A reply template as a file: front matter, then the words."""

import pytest

from desk import replies

GOOD = "---\nkode: salam\nnama: Salam\nbahasa: en\nkategori: akun\naman: ya\n---\n\nDear {{ nama }},\n\nthank you.\n"


def test_front_matter_says_what_the_words_are_for() -> None:
    file, faults = replies.read(GOOD)

    assert faults == ()
    assert file is not None
    assert file.begins == 9
    assert file.template.body == "Dear {{ nama }},\n\nthank you."
    assert (file.template.code, file.template.language, file.template.category, file.template.harmless) == (
        "salam",
        "en",
        "akun",
        True,
    )


def test_words_alone_are_a_template_without_a_name() -> None:
    file, _ = replies.read("Halo {{ nama }}\r\n")

    assert file is not None
    assert (file.template.code, file.template.body, file.begins) == ("", "Halo {{ nama }}", 1)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (GOOD.replace("kode", "kod"), [2]),
        (GOOD.replace("bahasa: en", "bahasa: fr").replace("nama }}", "nma }}"), [4, 9]),
        ("---\nkode: [\n---\nHalo\n", [2]),
        ("---\nkode: a\nnama: A\n---\n", [5]),
        ("---\nHalo\n", []),
    ],
)
def test_every_fault_has_the_line_of_the_file(text: str, lines: list[int]) -> None:
    assert [fault.line for fault in replies.read(text)[1]] == lines
