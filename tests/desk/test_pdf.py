"""A page on paper: what it was given and nothing else."""

from desk import pdf
from tests.peers import library


def test_paper_is_made_of_what_it_was_given() -> None:
    library("pdf", "weasyprint")
    made = pdf.render("<h1>Lembar disposisi</h1><p>P-0231</p>", "h1 { color: #064 }")

    assert made.startswith(b"%PDF-")
    assert b"%%EOF" in made[-16:]


def test_nothing_is_loaded_for_it() -> None:
    library("pdf", "weasyprint")
    asked = pdf.render(
        '<img src="http://127.0.0.1:9/a.png" alt=""><p>x</p>', "p { background: url(file:///etc/passwd) }"
    )

    assert asked.startswith(b"%PDF-")
    assert b"/Image" not in asked
