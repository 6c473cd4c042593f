"""Doors: what a link puts into a person's first words is taken off again, and nothing of theirs with it."""

from urllib.parse import unquote

import pytest

from sop import door
from sop.dialog_reading import Word, read

TOKEN = "u7Kq2mZp-9Lx"


def test_the_words_of_a_whatsapp_link_are_a_greeting_beside_the_token() -> None:
    link = door.whatsapp("+6281200000101", TOKEN)

    assert link.startswith("https://wa.me/6281200000101?text=")
    words, token = door.taken_off(unquote(link.partition("?text=")[2]))
    assert token == TOKEN
    assert read(words) is Word.START


@pytest.mark.parametrize(
    ("text", "own", "token"),
    [
        (f"AC ruang B.204 mati (kode: {TOKEN})", "AC ruang B.204 mati", TOKEN),
        (f"Mulai (Kode {TOKEN})\nlampu mati", "Mulai\nlampu mati", TOKEN),
        (f"(kode: {TOKEN})", "", TOKEN),
        ("Harga (kode: 12)", "Harga (kode: 12)", ""),
        ("KRS saya terkunci", "KRS saya terkunci", ""),
    ],
)
def test_no_word_of_the_person_is_lost(text: str, own: str, token: str) -> None:
    assert door.taken_off(text) == (own, token)


def test_a_telegram_link_carries_what_telegram_allows() -> None:
    assert door.telegram("contoh_bot", TOKEN) == f"https://t.me/contoh_bot?start={TOKEN}"
    assert door.TOKEN.fullmatch("x" * 64) and not door.TOKEN.fullmatch("x" * 65)
