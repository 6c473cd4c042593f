"""What a text states of its writer, and what it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.identity import Claim, Proof, Trait, masked, recognise, strongest
from sop.numbers import phone_of


def stated(text: str) -> set[tuple[str, str]]:
    return {(claim.kind.value, claim.value) for claim in recognise(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NIM 192410101001", {("nim", "192410101001")}),
        ("nim saya: 21/478123/SV/19234.", {("nim", "21/478123/SV/19234")}),
        ("NPM a11.2019.12345", {("nim", "A11.2019.12345")}),
        ("Nomor Induk Mahasiswa H1D021001", {("nim", "H1D021001")}),
        ("saya 221040037, KRS terkunci", {("nim", "221040037")}),
        ("NIM192410101001", {("nim", "192410101001")}),
        ("NIP. 19790510 200501 1 003", {("nip", "197905102005011003")}),
        ("pegawai 199001012023211001", {("nip", "199001012023211001")}),
        ("NIK 3509 1241 0790 0003", {("nik", "3509124107900003")}),
        ("ktp 3509120107900003", {("nik", "3509120107900003")}),
        ("hubungi 0812-333-4471", {("phone", "+628123334471")}),
        ("WA: +62 812 3334 4712", {("phone", "+6281233344712")}),
        ("wa 6281233344712", {("phone", "+6281233344712")}),
        ("kantor (0331) 330224", {("phone", "+62331330224")}),
        ("surel Dewi.L@Mhs.Contoh.ac.id.", {("email", "dewi.l@mhs.contoh.ac.id")}),
        (
            "Nama: Dewi Lestari\nNIM: 221040037\nHP: 08123334471",
            {("name", "Dewi Lestari"), ("nim", "221040037"), ("phone", "+628123334471")},
        ),
        ("mau minta surat keterangan aktif, 221040037", {("nim", "221040037")}),
        ("belajar mandiri saja, saya 221040037", {("nim", "221040037")}),
        ("221040037 221040037", {("nim", "221040037")}),
    ],
)
def test_numbers_and_addresses_are_read_off(text: str, expected: set[tuple[str, str]]) -> None:
    assert stated(text) == expected


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Selamat pagi, nama saya Dewi, saya mau bertanya", "Dewi"),
        ("nama saya Dewi Lestari mahasiswa FEB", "Dewi Lestari"),
        ("nama saya dewi lestari", "Dewi Lestari"),
        ("nama saya dewi kehilangan kartu mahasiswa", "Dewi"),
        ("Perkenalkan, saya M. Budi bin Slamet dari prodi Kimia", "M. Budi bin Slamet"),
        ("Nama : Siti Nur'aini\nProdi: Kimia", "Siti Nur'aini"),
        ("Nama lengkap saya: Rizky.", "Rizky"),
        ("My name is Putu and I lost my card", "Putu"),
    ],
)
def test_a_given_name_is_read_off(text: str, name: str) -> None:
    assert ("name", name) in stated(text)


@pytest.mark.parametrize(
    "text",
    [
        "nama saya tidak muncul di daftar",
        "nama saya salah ketik di ijazah",
        "UKT saya Rp 2.500.000 sudah dibayar",
        "UKT saya Rp2500000,00",
        "bayar 25000000 rupiah",
        "sebesar 12.345.678,00",
        "tanggal 20-11-2026 pukul 08.00-12.00",
        "pada 2026-11-20 atau 20112026",
        "rekening BNI 0123456789 atas nama kampus",
        "no. rek. 1234567890123456",
        "rekening bank mandiri a.n. kampus 1234567890",
        "bri: 123456789012345",
        "kode bayar saya 221040037",
        "nomor tiket: 10420001",
        "virtual account 8801192410101001",
        "tiket 10420001 belum dijawab",
        "surat nomor 12345678/UN25/2026",
        "jumlah 100000000000000000000000",
        "daftar 12345678, 23456789, 34567890",
        "3509124107900000",
        "9909124107900003",
        "19791310 200501 1 003",
        "https://contoh.ac.id/berita?id=12345678",
        "foto IMG_20261120.jpg",
        "acara 05-12-2026 10",
        "0800 1 234 567",
        "halo",
        "",
    ],
)
def test_amounts_dates_and_other_numbers_identify_nobody(text: str) -> None:
    assert stated(text) == set()


@given(st.text(st.sampled_from("0123456789 .-/@nima:saya\nNIMRp+62"), max_size=200))
def test_whatever_is_found_is_only_stated(text: str) -> None:
    assert all(claim.level is Proof.STATED and claim.value for claim in recognise(text))


@pytest.mark.parametrize(
    "flood", ["1", "1 ", "a@", "a.", "nim ", "nim saya: ", "nama saya ", "0812-", "1.000", "(0", "rek "]
)
def test_a_megabyte_of_anything_is_read(flood: str) -> None:
    assert len(recognise(flood * (1_000_000 // len(flood)))) <= 20_000


def test_a_phone_is_kept_in_one_spelling_or_not_at_all() -> None:
    assert phone_of("0812 3334 4712") == phone_of("+6281233344712") == "+6281233344712"
    assert phone_of("+1 415 555 2671") == "+14155552671"
    assert phone_of("110") == phone_of("dua") == phone_of("0800 123 4567") == ""


def test_proofs_have_an_order_and_the_desks_words() -> None:
    assert [level.value for level in sorted(Proof, key=lambda level: level.rank)] == [
        "rejected",
        "none",
        "stated",
        "checked",
        "proved",
    ]
    assert Proof.CHECKED.label == Proof.PROVED.label == "Terverifikasi"
    assert (Proof.NONE.label, Proof.STATED.label, Proof.REJECTED.label) == ("Belum", "Diklaim", "Tidak sah")
    assert Proof.PROVED.at_least(Proof.CHECKED)
    assert not Proof.REJECTED.at_least(Proof.NONE)
    assert Proof.CHECKED.verified and not Proof.STATED.verified


def test_a_persons_level_is_that_of_the_best_number_or_address() -> None:
    nim = Claim(Trait.NIM, "221040037")

    assert strongest([]) is Proof.NONE
    assert strongest([nim, Claim(Trait.EMAIL, "d@contoh.ac.id", Proof.PROVED)]) is Proof.PROVED
    assert strongest([Claim(Trait.NAME, "Dewi", Proof.CHECKED)]) is Proof.STATED
    assert strongest([Claim(Trait.NIM, "1", Proof.REJECTED)]) is Proof.REJECTED
    assert strongest([Claim(Trait.NIM, "1", Proof.REJECTED), nim]) is Proof.STATED


def test_claims_are_shown_masked() -> None:
    assert masked(Claim(Trait.NIM, "221040037")) == "2210••••37"
    assert masked(Claim(Trait.PHONE, "+628123334471")) == "+62 812-••••-4471"
    assert masked(Claim(Trait.EMAIL, "rizky.p@contoh.ac.id")) == "riz••@contoh.ac.id"
    assert masked(Claim(Trait.NAME, "Dewi")) == "Dewi"
