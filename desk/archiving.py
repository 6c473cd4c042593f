"""The archive of a publication (SOP PKIH HUM-02 step 7, "menyimpan bahan informasi sebagai dokumen").

What belongs to it is gathered in the act that archives it: each part with its SHA-256 in a manifest, the manifest's own
hash in the chain of events. The ZIP is made from that row and the kept files whenever it is asked for, always the same.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from desk import push_receipts
from desk.seal import canonical
from sop.errors import NotFound
from sop.procedure import Step, find_step
from sop.publication import Publication, Status
from sop.visit import VACANT
from store import archives, narrations, officers, publications, pushes, targets, trail, visits
from store import office as offices
from store.archives import Archive
from store.db import Change, View
from store.narrations import Enclosure

CASE = publications.CASE
OTHERWISE = {
    "ubah": "Naskah diubah, kembali ke pemeriksaan",
    "ditarik": "Permohonan ditarik",
    VACANT: "Jabatan kosong, dilewati",
}
"""What ended a stay without a button of the paper's."""
FOLDERS = {"letter": "surat", "picture": "gambar", "file": "lampiran"}


def gather(change: Change, publication: Publication, actor: int | None, now: datetime) -> Archive:
    """Its archive, kept; the chain of events gets its hash."""
    texts = dict(_texts(change, publication, now))
    parts = [_part(name, text.encode()) for name, text in texts.items()]
    parts += [
        {"name": name, "size": each.file.size or 0, "sha256": each.file.sha256, "path": each.file.path}
        for name, each in _files(change, publication.id)
    ]
    manifest = {"publication": publication.number, "at": now.isoformat(), "parts": parts, "texts": texts}
    archive = Archive(
        publication=publication.id,
        manifest=manifest,
        sha256=sha256(canonical(publication.number, parts)).hexdigest(),
        by=actor,
        at=now,
    )
    archives.keep(change, archive)
    trail.add(
        change,
        "archived",
        now,
        actor=actor,
        ticket=publication.id,
        case_kind=CASE,
        parts=len(parts),
        manifest=archive.sha256,
    )
    return archive


def renew(change: Change, publication: Publication, now: datetime) -> None:
    """An erratum or withdrawal of what is archived already is gathered too."""
    if publication.status is Status.ARCHIVED:
        gather(change, publication, None, now)


def get(view: View, publication: Publication) -> Archive:
    """Raises NotFound: it is not archived."""
    found = archives.get(view, publication.id)
    if found is None:
        raise NotFound(publication.number)
    return found


def editions(view: View, publication: Publication) -> list[str]:
    """The manifests' hashes as the chain of events has them, oldest first: each erratum after archiving makes another."""
    events = trail.of_case(view, publication.id, kind=CASE, most=10_000)
    return [str(each.facts["manifest"]) for each in events if each.kind == "archived"]


def _texts(view: View, publication: Publication, now: datetime) -> Iterator[tuple[str, str]]:
    named = _names(view, now)
    yield "permohonan.json", _json(_request(publication, named))
    yield "disposisi.json", _json(_dispositions(view, publication, named))
    yield "narasi.json", _json(_narrations(view, publication, named))
    yield "sasaran.json", _json(_targets(view, publication))
    yield "penyebaran.json", _json(_pushes(view, publication, named))
    yield "tanda-terima.json", _json([*push_receipts.every(view, publication)])


def _request(publication: Publication, named: Callable[[int | None], str]) -> dict[str, Any]:
    return {
        "nomor": publication.number,
        "perihal": publication.subject,
        "sifat": "segera" if publication.urgent else "biasa",
        "nomor_surat": publication.letter_number,
        "tanggal_surat": publication.letter_date,
        "pengirim": publication.sender,
        "keinginan": publication.wish,
        "jalan": publication.source,
        "pemohon": named(publication.by),
        "diterima": publication.opened_at,
        "disebar": publication.published_at,
        "selesai": publication.closed_at,
    }


def _dispositions(view: View, publication: Publication, named: Callable[[int | None], str]) -> list[Any]:
    """In the paper's words: number and activity of the step, its lane, what was decided."""
    bound = offices.current(view).pinned(publication.procedure)
    procedure = bound.procedure if bound else None
    lanes = {each.id: each.name for each in procedure.lanes} if procedure else {}
    found = []
    for each in visits.history(view, publication.id, case_kind=CASE):
        step = find_step(procedure, each.step) if procedure else None
        found.append(
            {
                "langkah": f"{step.number}. {step.activity}" if step else each.step,
                "pelaksana": lanes.get(each.lane, each.lane),
                "ronde": each.round,
                "mulai": each.opened_at,
                "tenggat": each.due_at,
                "selesai": each.closed_at,
                "putusan": _label(step, each.decision),
                "isi": each.reason,
                "oleh": named(each.by),
                "menggantikan": named(each.deputy_of),
            }
        )
    return found


def _label(step: Step | None, decision: str) -> str:
    labels = {
        each.id: each.label
        for choice in (step.decisions if step else ())
        for each in (choice, choice.instead)
        if each
    }
    return labels.get(decision) or OTHERWISE.get(decision, decision)


def _narrations(view: View, publication: Publication, named: Callable[[int | None], str]) -> list[Any]:
    return [
        {
            "versi": each.version,
            "naskah": each.text,
            "penulis": named(each.author),
            "catatan": each.note,
            "daftar_periksa": sorted(each.ticked),
            "ditulis": each.written_at,
            "layak": each.version == publication.checked,
            "disebar": each.version == publication.ordered,
        }
        for each in narrations.versions(view, publication.id)
    ]


def _targets(view: View, publication: Publication) -> list[Any]:
    brought = pushes.audience(view, publication.id)
    return [
        {"nama": each.name, "jenis": each.kind, "saluran": each.channel, "penerima": brought[each.id]}
        for each in targets.every(view)
        if each.id in brought
    ]


def _pushes(view: View, publication: Publication, named: Callable[[int | None], str]) -> list[Any]:
    return [
        {
            "jenis": each.kind,
            "keadaan": each.state,
            "naskah": each.text,
            "mulai": each.begun_at,
            "selesai": each.ended_at,
            "oleh": named(each.by),
            "disetujui": named(each.approved_by),
            "hasil": pushes.counts(view, each.id),
        }
        for each in pushes.of_publication(view, publication.id)
    ]


def _files(view: View, publication: int) -> Iterator[tuple[str, Enclosure]]:
    """Under names that tell nothing of what a stranger called them, but for the ending."""
    for place, each in enumerate(narrations.enclosures(view, publication), 1):
        ending = each.file.name.rpartition(".")[2].lower() if "." in each.file.name else ""
        ending = f".{ending}" if ending.isascii() and ending.isalnum() and len(ending) < 6 else ""
        yield f"{FOLDERS.get(each.role, 'lampiran')}/{place:02d}{ending}", each


def _names(view: View, now: datetime) -> Callable[[int | None], str]:
    known: dict[int, str] = {}

    def named(number: int | None) -> str:
        if number is None:
            return ""
        if number not in known:
            found = officers.find(view, number, now)
            known[number] = found.name if found else str(number)
        return known[number]

    return named


def _part(name: str, content: bytes) -> Mapping[str, Any]:
    return {"name": name, "size": len(content), "sha256": sha256(content).hexdigest(), "path": ""}


def _json(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=1).decode()
