"""An answer is shown before it leaves as its channel will show it."""

import pytest

from sop.preview import Piece, pieces, preview


def test_whatsapp_shows_its_marks_and_hides_their_signs() -> None:
    assert pieces("whatsapp", "Buka *SIAKAD* lalu _keluar_, ~bukan~ ```F5```.") == (
        Piece("Buka "),
        Piece("SIAKAD", "bold"),
        Piece(" lalu "),
        Piece("keluar", "italic"),
        Piece(", "),
        Piece("bukan", "struck"),
        Piece(" "),
        Piece("F5", "code"),
        Piece("."),
    )


@pytest.mark.parametrize("text", ["2*3*4", "snake_case_name", "* satu\n* dua", "a * b * c", "**", "* *"])
def test_signs_that_mark_nothing_stay_words(text: str) -> None:
    assert pieces("whatsapp", text) == (Piece(text),)


def test_telegram_takes_stars_as_words_and_finds_its_own_entities() -> None:
    found = pieces("telegram", "*Tidak tebal*: https://siakad.example.ac.id/krs, @layanan #krs /status")

    assert [(each.text, each.look) for each in found if each.look] == [
        ("https://siakad.example.ac.id/krs", "link"),
        ("@layanan", "mention"),
        ("#krs", "hashtag"),
        ("/status", "command"),
    ]
    assert found[0] == Piece("*Tidak tebal*: ")


def test_a_ticket_number_is_no_hashtag() -> None:
    assert pieces("telegram", "Tiket #1001") == (Piece("Tiket #1001"),)


def test_lengths_are_counted_as_the_provider_counts() -> None:
    assert preview("whatsapp", "\U0001f44d" * 800).length == 1600
    assert preview("whatsapp", "\U0001f44d" * 801).too_long


def test_a_long_answer_is_shown_in_the_messages_it_becomes() -> None:
    shown = preview("telegram", "kata " * 1500)

    assert len(shown.parts) == 2
    assert not shown.too_long
    assert len(preview("mail", "kata " * 1500).parts) == 1


def test_markup_of_a_citizen_or_agent_stays_words_everywhere() -> None:
    text = "<script>alert(1)</script> {{ 7*7 }}"
    for channel in ("telegram", "mail", "web", "counter"):
        assert "".join(piece.text for piece in pieces(channel, text)) == text


@pytest.mark.parametrize(
    "text", ["*" * 20_000, "_a" * 10_000, "http://" * 3000, "a@" * 10_000, "@aaaa" * 4000]
)
def test_no_text_takes_long_to_show(text: str) -> None:
    for channel in ("telegram", "whatsapp", "mail"):
        assert preview(channel, text).parts
