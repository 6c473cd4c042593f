"""A procedure file is read whole or refused with every mistake, its line and what to do."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.procedure_file import ProcedureFaulty, read, shipped

FAULTY = Path(__file__).parent / "faulty"
WHOLE = shipped()["uc3-fakultas"]


@pytest.mark.parametrize(
    ("name", "line", "what", "remedy"),
    [
        ("bukan-yaml", 2, "Bukan YAML: ada titik dua lagi", "Periksa inden"),
        ("kunci-ganda", 20, "Kunci “waktu” ditulis dua kali (pertama pada baris 19)", "Hapus salah satu"),
        ("rujukan-meledak", 1, "Rujukan YAML", "Tulis isinya lagi"),
        ("lane-tak-dikenal", 26, "Tidak ada lane “kasie”", "Maksud Anda “kasi”?"),
        ("langkah-tak-tercapai", 22, "Langkah putusan tidak pernah tercapai", "Arahkan sebuah keputusan"),
        ("tangga-tanpa-ujung", 30, "tidak berujung", "Tambahkan “puncak: langkah”"),
        ("batas-tanpa-satuan", 19, "Batas waktu “15” tidak bersatuan", "langkah periksa"),
        ("batas-rancu", 27, "“3 hari kerja 2” tidak dapat dibaca", "Perbaiki “waktu” pada langkah putusan"),
        (
            "putaran-tanpa-batas",
            30,
            "kembalikan pada langkah putusan dapat berulang",
            "ulang: {paling_banyak: 3",
        ),
        ("langkah-tanpa-jalan-keluar", 23, "putusan tidak punya jalan keluar", "Tambahkan “next:”"),
        ("kunci-tak-dikenal", 17, "Kunci “kegiatn” tidak dikenal", "Maksud Anda “kegiatan”?"),
        ("dua-suara", 31, "menjawab pelapor dari lane lain", "Hanya satu lane"),
    ],
)
def test_a_broken_file_is_refused_with_the_line_and_the_remedy(
    name: str, line: int, what: str, remedy: str
) -> None:
    with pytest.raises(ProcedureFaulty) as refused:
        read((FAULTY / f"{name}.yaml").read_text(encoding="utf-8"))

    (fault,) = refused.value.faults
    assert fault.line == line
    assert what in fault.what
    assert remedy in fault.remedy
    assert f"Baris {line}: " in str(refused.value)


def test_all_mistakes_of_a_file_are_found_at_once() -> None:
    text = (
        (FAULTY / "tujuan-tak-ada.yaml")
        .read_text(encoding="utf-8")
        .replace("waktu: 15 menit", "waktu: lima belas")
    )

    with pytest.raises(ProcedureFaulty) as refused:
        read(text)

    assert [fault.line for fault in refused.value.faults] == [19, 22, 23]


def test_every_broken_file_is_refused() -> None:
    files = sorted(FAULTY.glob("*.yaml"))

    assert len(files) >= 10
    for path in files:
        with pytest.raises(ProcedureFaulty):
            read(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("broken", "what"),
    [
        ("x" * 300_000, "terlalu besar"),
        ("- satu\n- dua\n", "tidak berisi kunci"),
        ("", "tidak berisi kunci"),
        ("a: " + "[" * 40 + "]" * 40, "terlalu dalam"),
        ("sop: contoh\nlanes: ya\nsteps: {}\n", "harus berupa daftar"),
        ("sop: contoh\n", "Tidak ada langkah yang memegang perkara"),
        ("\x00", "Bukan YAML"),
        (f"{'x' * 900}: 1\n", "tidak dikenal"),
        (
            WHOLE.replace("ladder: [wk,", "ladder: [" + ", ".join(f"w{n}" for n in range(200)) + ", wk,"),
            "SOP memuat 209 langkah",
        ),
    ],
)
def test_what_is_no_procedure_at_all_is_refused_in_words(broken: str, what: str) -> None:
    with pytest.raises(ProcedureFaulty) as refused:
        read(broken)

    assert any(what in fault.what for fault in refused.value.faults)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("lane: rektor", "lane: rektor\n    rutin: harian", "menuju pekerjaan rutin kebijakan"),
        ("id: analisa", "id: selesai", "tidak boleh bernama “selesai”"),
        ("efektif: 2021-08-06", "efektif: 6 Agustus", "bukan tanggal"),
        ("jawab: jawab", "jawab: {ke: jawab, tombol: Jawab dan tutup}", "terlalu panjang"),
        ("jawab: jawab", "jawab: {ke: jawab, alasan: mungkin}", "“alasan: mungkin”"),
        ("jawab: jawab", "balas: jawab", "“tombol” belum ada"),
        ("jawab: jawab", "jawab: {ke: jawab, ulang: {paling_banyak: nol}}", "angka 1 sampai 99"),
        ("{id: user, nama: User, peran: pelapor}", "{id: user, nama: User, peran: petugas}", "tanpa pelapor"),
        (
            "{id: koor, nama: Koordinator, peran: atasan}",
            "{id: wk, nama: Koordinator, peran: atasan}",
            "dua kali",
        ),
        ("    jawaban: ya\n", "    di_dalam: laporan\n", "yang tidak memegang perkara"),
        ("sop: uc3-fakultas", "sop: UC3 Fakultas", "tidak dapat dipakai"),
    ],
)
def test_a_slip_in_a_good_file_is_named(old: str, new: str, what: str) -> None:
    assert old in WHOLE

    with pytest.raises(ProcedureFaulty) as refused:
        read(WHOLE.replace(old, new, 1))

    assert any(what in fault.what for fault in refused.value.faults), str(refused.value)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused_and_never_crashes(data: st.DataObject) -> None:
    text = shipped()[data.draw(st.sampled_from(sorted(shipped())))]
    lines = text.splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    damage = data.draw(st.sampled_from(["drop", "double", "cut", "swap", "noise"]))
    if damage == "drop":
        del lines[at]
    elif damage == "double":
        lines.insert(at, lines[at])
    elif damage == "cut":
        lines[at] = lines[at][: len(lines[at]) // 2]
    elif damage == "swap":
        lines[at], lines[0] = lines[0], lines[at]
    else:
        lines[at] += data.draw(st.text(max_size=8))

    try:
        read("\n".join(lines))
    except ProcedureFaulty as refused:
        assert all(fault.what and fault.remedy for fault in refused.faults)
        assert all(1 <= fault.line <= len(lines) + 12 for fault in refused.faults)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(ProcedureFaulty):
        read(text)


def test_a_plain_next_of_a_desk_step_is_a_button_not_a_way_past_it() -> None:
    text = (FAULTY / "langkah-tanpa-jalan-keluar.yaml").read_text(encoding="utf-8")

    procedure = read(text.replace("    waktu: 1 hari kerja\n", "    next: jawaban\n"))

    (choice,) = next(step for step in procedure.steps if step.id == "putusan").decisions
    assert (choice.id, choice.target) == ("lanjut", "jawaban")


def test_no_shipped_procedure_names_a_person() -> None:
    for name, text in shipped().items():
        assert not re.search(r"NIP|S\.H|S\.E|M\.M|S\.Pd|Prof\.|\b\d{18}\b", text), name
