"""What a new revision of a procedure changes, in words, before somebody puts it in force."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Protocol

from msgspec import Struct
from msgspec.structs import fields

from sop.errors import N_
from sop.language import translate
from sop.limit import Limit
from sop.procedure import END, Decision, Lane, Procedure, Step

NAMES = {
    "title": N_("Judul"),
    "number": N_("Nomor"),
    "revision": N_("Revisi"),
    "effective": N_("Tanggal efektif"),
    "kind": N_("Jenis"),
    "limit": N_("Batas"),
    "on_breach": N_("Bila lewat batas"),
    "note": N_("Catatan"),
    "calendar": N_("Kalender"),
    "hk": N_("Bacaan hari kerja"),
    "hari": N_("Bacaan hari"),
    "name": N_("Nama"),
    "role": N_("Peran"),
    "sees_reporter": N_("Melihat pelapor"),
    "on_paper": N_("Kolom pada tabel"),
    "activity": N_("Kegiatan"),
    "lane": N_("Pelaksana"),
    "input": N_("Kelengkapan"),
    "output": N_("Output"),
    "next": N_("Tujuan"),
    "speaks": N_("Menjawab pelapor"),
    "pause": N_("Jeda"),
    "optional": N_("Opsional"),
    "routine": N_("Rutin"),
    "within": N_("Di dalam"),
    "ladder": N_("Tangga"),
    "rung": N_("Tingkat"),
    "state": N_("Status bagi pelapor"),
    "evidence": N_("Bukti"),
    "remark": N_("Keterangan"),
    "label": N_("Tombol"),
    "target": N_("Tujuan"),
    "reason": N_("Alasan"),
    "codes": N_("Kode alasan"),
    "says": N_("Kabar bagi pelapor"),
    "closes": N_("Menutup"),
    "cap": N_("Paling banyak"),
    "instead": N_("Setelah batas"),
    "issue": N_("Terbitan"),
    "made": N_("Dibuat"),
    "revised": N_("Direvisi"),
    "approved": N_("Disahkan"),
    "owner": N_("Penanggung jawab"),
    "purpose": N_("Tujuan SOP"),
    "scope": N_("Ruang lingkup"),
    "legal_basis": N_("Dasar hukum"),
    "qualification": N_("Kualifikasi"),
    "equipment": N_("Peralatan"),
    "warning": N_("Peringatan"),
    "record_keeping": N_("Pencatatan"),
    "related": N_("Keterkaitan"),
    "attachments": N_("Lampiran"),
    "indicators": N_("Indikator"),
    "signers": N_("Pengesahan"),
}


class Say(Protocol):
    def __call__(self, message: str, /, **params: str) -> str: ...


def difference(old: Procedure, new: Procedure, language: str = "id") -> tuple[str, ...]:
    """One sentence for each change, header first, then settings, lanes and steps in the order of the new paper.

    The sentences are in that language; what they quote of the SOP stays its own.
    """
    say = partial(_said, language)
    return (
        *_changed(say, "", old, new, {"lanes", "steps", "header", "settings", "id"}),
        *_changed(say, "", old.header, new.header),
        *_changed(say, "", old.settings, new.settings),
        *_list(say, say(N_("Lane")), old.lanes, new.lanes),
        *_list(say, say(N_("Langkah")), old.steps, new.steps),
    )


def _said(language: str, message: str, /, **params: str) -> str:
    return translate(message, language, **params)


def _list(say: Say, what: str, old: Sequence[Lane | Step], new: Sequence[Lane | Step]) -> Iterator[str]:
    before = {each.id: each for each in old}
    after = {each.id: each for each in new}
    for gone in [name for name in before if name not in after]:
        yield say(N_("{what} dihapus."), what=f"{what} {gone}")
    for each in new:
        if each.id not in before:
            yield say(N_("{what} ditambahkan."), what=f"{what} {each.id}")
            continue
        was = before[each.id]
        yield from _changed(say, f"{what} {each.id}: ", was, each, {"decisions"})
        if isinstance(each, Step) and isinstance(was, Step):
            yield from _decisions(say, f"{what} {each.id}", was.decisions, each.decisions)
    kept = [each for each in before if each in after]
    if kept != [each for each in after if each in before]:
        yield say(N_("Urutan {what} berubah."), what=what.lower())


def _decisions(say: Say, step: str, old: Sequence[Decision], new: Sequence[Decision]) -> Iterator[str]:
    before = {each.id: each for each in old}
    after = {each.id for each in new}
    for gone in [name for name in before if name not in after]:
        yield say(N_("{step}: keputusan {name} dihapus."), step=step, name=gone)
    for each in new:
        if each.id in before:
            place = say(N_("{step}, keputusan {name}"), step=step, name=each.id)
            yield from _changed(say, f"{place}: ", before[each.id], each)
        else:
            added = N_("{step}: keputusan {name} ditambahkan, menuju {target}.")
            yield say(added, step=step, name=each.id, target=each.target)


def _changed(say: Say, place: str, old: Struct, new: Struct, apart: set[str] | None = None) -> Iterator[str]:
    for field in fields(new):
        name = field.name
        was, now = getattr(old, name), getattr(new, name)
        if was != now and name not in (apart or ()):
            known = say(NAMES.get(name, name))
            told = say(
                N_("{name} berubah dari {old} menjadi {new}."),
                name=known,
                old=_word(say, was),
                new=_word(say, now),
            )
            yield f"{place}{told}"


def _word(say: Say, value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(_word(say, each) for each in value) or say(N_("(kosong)"))
    if isinstance(value, bool):
        return say(N_("ya")) if value else say(N_("tidak"))
    if isinstance(value, Decision):
        target = say(N_("akhir")) if value.target == END else value.target
        return say(N_("{label} ke {target}"), label=value.label, target=target)
    if isinstance(value, Struct) and not isinstance(value, Limit):
        own = getattr(value, "label", "") or getattr(value, "role", "")
        return str(own or value)
    return say(N_("(kosong)")) if value in (None, "") else f"“{value}”"
