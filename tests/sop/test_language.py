"""Indonesian is the source; English is looked up; what is missing stays Indonesian."""

import gettext

import pytest

from sop.errors import DeskError, NotFound
from sop.language import CATALOGUES, DOMAIN, chosen, explained, languages, retold, translate


def test_indonesian_is_what_the_source_says() -> None:
    assert translate("Tiket {number} ditutup.", "id", number="1042") == "Tiket 1042 ditutup."
    assert translate("Isi {kosong} tetap", "id") == "Isi {kosong} tetap"


def test_what_the_catalogue_lacks_stays_indonesian() -> None:
    assert (
        translate("Kalimat yang tidak ada di katalog {n}.", "en", n=1)
        == "Kalimat yang tidak ada di katalog 1."
    )
    assert translate("", "en") == ""
    assert translate("Tutup", "../../etc") == "Tutup"


def test_every_language_but_the_source_has_a_catalogue() -> None:
    for language in languages[1:]:
        assert gettext.find(DOMAIN, CATALOGUES, [language])


def test_an_error_is_explained_to_its_reader() -> None:
    assert "1042" in explained(NotFound("1042"), "id")
    assert "1042" in explained(NotFound("1042"), "en")


@pytest.mark.parametrize(
    ("kept", "english"),
    [
        ("Grup ini pindah alamat.", "This group has moved to another address."),
        ("Telegram menolak pesan ini: chat not found", "Telegram refuses this message: chat not found"),
        ("Alamat surel penerima tidak ada (550)", "The recipient's e-mail address does not exist (550)"),
        (
            "Pesan ini kosong: tidak ada teks dan tidak ada berkas.",
            "This message is empty: there is no text and no file.",
        ),
        ("a provider's own words: 42", "a provider's own words: 42"),
        ("", ""),
    ],
)
def test_a_kept_reason_is_retold_with_the_providers_words_as_they_are(kept: str, english: str) -> None:
    assert retold(kept, "en") == english
    assert retold(kept, "id") == kept


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("id", "id"),
        ("in-ID", "id"),
        ("jv", "id"),
        ("", "id"),
        ("*", "id"),
        ("????", "id"),
        ("en", "en"),
        ("en-GB", "en"),
        ("EN_us", "en"),
        ("de", "en"),
        ("id-ID,id;q=0.9,en;q=0.8", "id"),
        ("en-US,en;q=0.9", "en"),
        ("english", "id"),
    ],
)
def test_the_clients_tag_chooses_the_language(tag: str, language: str) -> None:
    assert chosen(tag) == language


def test_a_reason_within_a_reason_speaks_the_readers_language() -> None:
    error = DeskError("Kalimat {what}", what=NotFound("1042"))

    assert explained(error, "en") == f"Kalimat {explained(NotFound('1042'), 'en')}"
    assert "tidak" not in explained(error, "en")
    assert str(error) == explained(error, "id") == f"Kalimat {NotFound('1042')}"
