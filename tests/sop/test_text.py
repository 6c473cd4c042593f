"""Text before it is stored, sent or shown in part."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.text import (
    border,
    capped,
    clean,
    mask_id,
    mask_mail,
    mask_phone,
    one_line,
    shortened,
    split,
    subject_of,
    utf16_length,
)

ANY = st.text(st.characters(codec=None), max_size=300) | st.text(
    "ab \n\r\t\x00\ud83d\ude00\u202e\u0301\u200dé", max_size=60
)


@pytest.mark.parametrize(
    ("dirty", "kept"),
    [
        ("KRS\x00 saya\x07", "KRS saya"),
        ("satu\r\ndua\rtiga\x0bempat\u2028lima", "satu\ndua\ntiga\nempat\nlima"),
        ("a\tb\x85c\x9b", "a\tb\nc"),
        ("bukti\u202egpj.exe", "buktigpj.exe"),
        ("\u2066x\u2069\ufeff", "x"),
        ("keluarga \U0001f469\u200d\U0001f467", "keluarga \U0001f469\u200d\U0001f467"),
        ("re\u0301sume", "r\u00e9sume"),
        ("\ud83d\ude00 tunggal \ud83d", "\U0001f600 tunggal \ufffd"),
    ],
)
def test_what_harms_is_taken_out_and_words_stay(dirty: str, kept: str) -> None:
    assert clean(dirty, 1000) == kept


@given(ANY, st.integers(0, 200))
def test_any_text_can_be_stored_and_is_clean_the_second_time(text: str, limit: int) -> None:
    kept = clean(text, limit)

    kept.encode()
    assert len(kept) <= limit
    assert not any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t" for letter in kept)
    assert clean(kept, limit) == kept


def test_a_cut_says_how_much_is_missing() -> None:
    kept = clean("kata " * 100, 100)

    assert len(kept) <= 100
    words, _, marker = kept.rpartition("\n")
    assert marker == f"[… dipotong, {500 - len(words)} karakter lagi]"


def test_a_cut_does_not_tear_a_letter_from_its_mark() -> None:
    assert border("x\u0301\u0302y", 2) == 0 or border("ax\u0301\u0302y", 3) == 1
    assert capped("a\U0001f469\u200d\U0001f467b", 4) == "a…"


@pytest.mark.parametrize(
    "flood", ["\u0301\u0316", "\x00", "\ud800", "a\u0315\u0300\u05ae", "\r", "x", "\U0001f600 ", "\n> "]
)
def test_a_megabyte_of_anything_passes(flood: str) -> None:
    text = flood * (1_000_000 // len(flood))

    assert len(clean(text, 10_000)) <= 10_000
    assert len(one_line(text)) <= 300
    assert len(subject_of(text)) <= 80
    assert all(utf16_length(part) <= 4096 for part in split(text))


def test_a_header_field_is_one_line() -> None:
    assert one_line("  Dewi\r\nBcc: semua@contoh.ac.id\x00 \u200b ") == "Dewi Bcc: semua@contoh.ac.id"
    assert one_line("kata " * 100, 12) == "kata kata…"


@given(ANY)
def test_a_header_field_never_breaks_its_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1


def test_telegram_counts_an_emoji_as_two() -> None:
    assert utf16_length("a\U0001f600é") == 4


def test_a_long_answer_is_parted_at_a_paragraph_then_a_line_then_a_word() -> None:
    assert split("satu dua\n\ntiga empat", 14) == ("satu dua", "tiga empat")
    assert split("satu dua\ntiga empat", 14) == ("satu dua", "tiga empat")
    assert split("satu dua tiga empat", 14) == ("satu dua tiga", "empat")
    assert split("satuduatigaempat", 8) == ("satuduat", "igaempat")
    assert split("") == ()


@given(st.text(st.sampled_from("ab \n\U0001f600é"), max_size=200), st.integers(2, 30))
def test_parting_loses_no_word_and_fits(text: str, limit: int) -> None:
    parts = split(text, limit)

    assert all(0 < utf16_length(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Selamat pagi Bapak/Ibu,\n\nKRS saya terkunci sejak kemarin.", "KRS saya terkunci sejak kemarin."),
        ("Assalamu'alaikum wr. wb.\nUKT belum lunas", "UKT belum lunas"),
        ("Halo kak, saya tidak bisa masuk SIAKAD", "Halo kak, saya tidak bisa masuk SIAKAD"),
        ("> kutipan\n---\nIsi", "Isi"),
        ("Selamat siang", "Selamat siang"),
        ("\n \n!!!", ""),
        ("Hibah penelitian", "Hibah penelitian"),
        ("Maaf KRS saya hilang\nTerima kasih", "Maaf KRS saya hilang"),
        (
            "Kepada Yth. Rektor Universitas Contoh\nDengan hormat, UKT saya keliru",
            "Dengan hormat, UKT saya keliru",
        ),
        ("Halo min, izin bertanya\nKapan wisuda?", "Kapan wisuda?"),
    ],
)
def test_the_subject_is_the_first_line_that_says_something(text: str, subject: str) -> None:
    assert subject_of(text) == subject


def test_a_long_subject_ends_at_a_word_with_an_ellipsis() -> None:
    subject = subject_of(
        "Pembayaran UKT sudah lewat bank tanggal 14 tetapi di SIAKAD masih belum lunas sampai hari ini"
    )

    assert subject == "Pembayaran UKT sudah lewat bank tanggal 14 tetapi di SIAKAD masih belum lunas…"
    assert len(shortened("x" * 200, 80)) == 80


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+628123334471", "+62 812-••••-4471"),
        ("whatsapp:+62 812-333-4471", "+62 812-••••-4471"),
        ("08123334471", "0812-••••-4471"),
        ("+14155552671", "+1 ••••-2671"),
        ("110", "••••"),
    ],
)
def test_a_phone_is_shown_masked(number: str, shown: str) -> None:
    assert mask_phone(number) == shown


def test_numbers_and_addresses_are_shown_masked() -> None:
    assert mask_id("221040037") == "2210••••37"
    assert mask_id("12345678") == "••••8"
    assert mask_id("") == "••••"
    assert mask_mail("rizky.pratama@mhs.contoh.ac.id") == "rizky••@mhs.contoh.ac.id"
    assert mask_mail("d@contoh.ac.id") == "••@contoh.ac.id"
    assert mask_mail("bukan surel") == "buka••••el"
