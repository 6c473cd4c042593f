"""Commands are understood as people type them on a phone; words that only look alike are words of a report."""

import pytest

from sop.conversation import matter, wants_new
from sop.dialog_reading import Word, asked_about, read
from sop.dialog_spelling import TOO_FAR, slips

TYPED = {
    Word.STATUS: """
        status|Status|STATUS.|/status|/status@layanan_bot|/satus|/sttaus|/statsu|satus|sttus|statsu|stauts|staus|statuss
        setatus|statis|cek|Cek|CEK!|cekk|ceck|chek|cke|/cek|check|cek status|cek satus|cek laporan|cek laporn|cek lapran
        status laporan|satus laporan|cek laporan saya|cek dong|cek ya kak|status laporan saya|status tiket|cek tiket saya
        status 1042|status #1042|satus 1042|cek 1042|cek #1042|cekk 1042
    """,
    Word.HELP: """
        bantuan|Bantuan|/bantuan|/bantaun|/bntuan|bantaun|bntuan|banutan|bantuann|bantuam|bantuin|help|/help|/hep|helpp|menu
    """,
    Word.STOP: """
        berhenti|BERHENTI|Berhenti.|/berhenti|/brhenti|/berhnti|berhneti|behenti|berhenit|berhentii|brenti|berenti|stop|STOP
        Stop!|/stop|stopp|setop|sotp|unsubscribe|unsubcribe|berhenti langganan
    """,
    Word.NEW: """
        laporan baru|Laporan baru.|laporan bru|lapran baru|laporn bru|lapoan abru|laporan  baru|/lapor|/lapr|lapor|lapro|lapoor
        lapor baru|/baru|/laporr
    """,
    Word.TOPICS: "langganan|/langganan|langanan|lengganan|langgnan|berlangganan|berlanganan|/lanngganan",
    Word.START: "/start|/start abc123|start|/strat|satrt|mulai|/mulai",
    Word.PLAIN: """
        top|sop|SOP|stok|step|smart|lapar|lapangan|laporan|laporan lalu|laporan batu|laporan lama|laporan banjir|batu|baru|dek|cak
        cewek|cat|berhasil|berganti|berhati|bangunan|batalkan|gangguan|pelanggan|Mulia|Bantul|Stasiun|statistik|mohon bantuan
        Minta bantuan|tolong bantu|saya mau berhenti|saya mau berhenti kuliah|cek lampu|status air|menu makan|mulai kapan|lampu
        cek laporan kehilangan helm|1042|nomor 1042|lapor pak ada kebakaran|halo|ya|tidak|Budi|231040112
    """,
}
CASES = [
    (line.strip(), word)
    for word, lines in TYPED.items()
    for line in lines.replace("\n", "|").split("|")
    if line.strip()
]


@pytest.mark.parametrize(("line", "word"), CASES)
def test_a_line_is_the_command_that_its_writer_meant(line: str, word: Word) -> None:
    assert read(line) is word


@pytest.mark.parametrize("line", ["status 1042", "satus #1042", "cekk 1042", "cek 1042."])
def test_the_ticket_of_a_mistyped_question_is_known(line: str) -> None:
    assert asked_about(line) == 1042


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("laporan baru\nLampu mati", "Lampu mati"),
        ("Lapran bru.\nLampu mati", "Lampu mati"),
        ("laporan baru: lampu mati\ndi gang 3", "lampu mati\ndi gang 3"),
        ("Laporan baru, lampu mati", "lampu mati"),
        ("laporan baru - lampu mati", "lampu mati"),
        ("/lapor Lampu mati", "Lampu mati"),
        ("/lapr@layanan_bot Lampu mati", "Lampu mati"),
        ("laporan baru", ""),
    ],
)
def test_what_follows_the_words_for_another_matter_is_its_report(text: str, left: str) -> None:
    assert matter(text) == left and wants_new(text)


@pytest.mark.parametrize(
    "text",
    [
        "laporan baru saya belum dijawab",
        "Laporan saya, lampu mati",
        "lapor pak lampu mati",
        "laporan lalu\nsudah",
    ],
)
def test_words_about_a_report_begin_no_other(text: str) -> None:
    assert matter(text) == text and not wants_new(text)


@pytest.mark.parametrize(
    ("typed", "word", "far"),
    [
        ("status", "status", 0),
        ("satus", "status", 1),
        ("statsu", "status", 1),
        ("abru", "baru", 1),
        ("batu", "baru", TOO_FAR),
        ("sop", "stop", 1),
        ("ek", "cek", TOO_FAR),
        ("brlanganan", "berlangganan", 2),
        ("", "status", TOO_FAR),
        ("a" * 80, "berlangganan", TOO_FAR),
    ],
)
def test_slips_are_counted_as_a_finger_makes_them(typed: str, word: str, far: int) -> None:
    assert slips(typed, word) == far
