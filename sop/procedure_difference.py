"""What a new revision of a procedure changes, in words, before somebody puts it in force."""

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import fields

from sop.limit import Limit
from sop.procedure import END, Decision, Lane, Procedure, Step

NAMES = {
    "title": "Judul",
    "number": "Nomor",
    "revision": "Revisi",
    "effective": "Tanggal efektif",
    "kind": "Jenis",
    "limit": "Batas",
    "on_breach": "Bila lewat batas",
    "note": "Catatan",
    "calendar": "Kalender",
    "hk": "Bacaan hari kerja",
    "hari": "Bacaan hari",
    "name": "Nama",
    "role": "Peran",
    "sees_reporter": "Melihat pelapor",
    "on_paper": "Kolom pada tabel",
    "activity": "Kegiatan",
    "lane": "Pelaksana",
    "input": "Kelengkapan",
    "output": "Output",
    "next": "Tujuan",
    "speaks": "Menjawab pelapor",
    "pause": "Jeda",
    "optional": "Opsional",
    "routine": "Rutin",
    "within": "Di dalam",
    "ladder": "Tangga",
    "rung": "Tingkat",
    "state": "Status bagi pelapor",
    "evidence": "Bukti",
    "remark": "Keterangan",
    "label": "Tombol",
    "target": "Tujuan",
    "reason": "Alasan",
    "codes": "Kode alasan",
    "says": "Kabar bagi pelapor",
    "closes": "Menutup",
    "cap": "Paling banyak",
    "instead": "Setelah batas",
    "issue": "Terbitan",
    "made": "Dibuat",
    "revised": "Direvisi",
    "approved": "Disahkan",
    "owner": "Penanggung jawab",
    "purpose": "Tujuan SOP",
    "scope": "Ruang lingkup",
    "legal_basis": "Dasar hukum",
    "qualification": "Kualifikasi",
    "equipment": "Peralatan",
    "warning": "Peringatan",
    "record_keeping": "Pencatatan",
    "related": "Keterkaitan",
    "attachments": "Lampiran",
    "indicators": "Indikator",
    "signers": "Pengesahan",
}


def difference(old: Procedure, new: Procedure) -> tuple[str, ...]:
    """One sentence for each change, header first, then settings, lanes and steps in the order of the new paper."""
    return (
        *_changed("", old, new, {"lanes", "steps", "header", "settings", "id"}),
        *_changed("", old.header, new.header),
        *_changed("", old.settings, new.settings),
        *_list("Lane", old.lanes, new.lanes),
        *_list("Langkah", old.steps, new.steps),
    )


def _list(what: str, old: Sequence[Lane | Step], new: Sequence[Lane | Step]) -> Iterator[str]:
    before = {each.id: each for each in old}
    after = {each.id: each for each in new}
    for gone in [name for name in before if name not in after]:
        yield f"{what} {gone} dihapus."
    for each in new:
        if each.id not in before:
            yield f"{what} {each.id} ditambahkan."
            continue
        was = before[each.id]
        yield from _changed(f"{what} {each.id}: ", was, each, {"decisions"})
        if isinstance(each, Step) and isinstance(was, Step):
            yield from _decisions(each.id, was.decisions, each.decisions)
    kept = [each for each in before if each in after]
    if kept != [each for each in after if each in before]:
        yield f"Urutan {what.lower()} berubah."


def _decisions(step: str, old: Sequence[Decision], new: Sequence[Decision]) -> Iterator[str]:
    before = {each.id: each for each in old}
    after = {each.id for each in new}
    for gone in [name for name in before if name not in after]:
        yield f"Langkah {step}: keputusan {gone} dihapus."
    for each in new:
        if each.id in before:
            yield from _changed(f"Langkah {step}, keputusan {each.id}: ", before[each.id], each)
        else:
            yield f"Langkah {step}: keputusan {each.id} ditambahkan, menuju {each.target}."


def _changed(place: str, old: Struct, new: Struct, apart: set[str] | None = None) -> Iterator[str]:
    for field in fields(new):
        name = field.name
        was, now = getattr(old, name), getattr(new, name)
        if was != now and name not in (apart or ()):
            yield f"{place}{NAMES.get(name, name)} berubah dari {_word(was)} menjadi {_word(now)}."


def _word(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(_word(each) for each in value) or "(kosong)"
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, Decision):
        return f"{value.label} ke {'akhir' if value.target == END else value.target}"
    if isinstance(value, Struct) and not isinstance(value, Limit):
        own = getattr(value, "label", "") or getattr(value, "role", "")
        return str(own or value)
    return "(kosong)" if value in (None, "") else f"“{value}”"
