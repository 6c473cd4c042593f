"""The narration of an announcement: its look and length on each channel, and its links."""

import pytest

from sop.narration import faulty, links, look


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Daftar di https://siakad.contoh.ac.id/krs?x=1.", ""),
        ("(lihat https://contoh.ac.id/a_(b))", ""),
        ("lihat www.contoh.ac.id", "tulis dengan https:// di depannya"),
        ("lihat http://contoh.ac.id", "memakai http tanpa pengaman; pakai https bila ada"),
        ("lihat htps://contoh.ac.id", "awalannya bukan https://"),
        ("lihat https:/contoh.ac.id", "sesudah https: harus tepat dua garis miring"),
        ("lihat https:///contoh.ac.id", "sesudah https: harus tepat dua garis miring"),
        ("lihat https://contoh", "alamat situsnya tidak lengkap"),
        ("lihat https:// contoh.ac.id", "alamat situsnya tidak lengkap"),
        ("lihat https://admin@contoh.ac.id", "alamat situsnya tidak lengkap"),
        ("lihat https://contoh..ac.id/", "alamat situsnya tidak lengkap"),
    ],
)
def test_a_link_is_checked_for_its_form_alone(text: str, fault: str) -> None:
    assert [each.fault for each in links(text)] == [fault]
    assert [each.fault for each in faulty(text)] == ([fault] if fault else [])


def test_a_time_and_a_mail_address_are_no_links() -> None:
    assert links("Pukul 10:00, hubungi humas@contoh.ac.id. Perhatian: penting") == ()


def test_lengths_are_counted_as_telegram_counts_them() -> None:
    shown = look("telegram", "Libur", "\N{PARTY POPPER}" * 2048)

    assert (shown.length, shown.longest, shown.too_long) == (4096, 4096, False)
    assert look("telegram", "Libur", "\N{PARTY POPPER}" * 2048 + ".").too_long


def test_pictures_carry_the_words_where_they_are_short_enough() -> None:
    assert look("telegram", "", "a" * 1024, pictures=2).captioned
    assert not look("telegram", "", "a" * 1025, pictures=2).captioned
    assert not look("telegram", "", "a", pictures=11).captioned


def test_whatsapp_shows_the_approved_words_around_ours() -> None:
    form = "Pengumuman {{1}}: {{2}} Balas BERHENTI untuk berhenti."
    shown = look("whatsapp", "Libur {{2}}", "Kampus *libur*.\n\nTerima kasih.", form=form)

    words = "".join(each.text for each in shown.parts[0])
    assert words.startswith("Pengumuman Libur {{2}}: Kampus libur. Terima kasih. Balas")
    assert look("whatsapp", "Libur", "Kampus libur.").missing


def test_a_mail_has_the_subject_above_it() -> None:
    assert look("mail", "Libur", "Kampus libur.").subject == "Libur"
    assert look("telegram", "Libur", "Kampus libur.").subject == ""
