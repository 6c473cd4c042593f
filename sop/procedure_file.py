"""Reads a procedure (SOP) from its YAML file, whole or not at all, and knows the files that come with the desk."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from sop.errors import N_
from sop.limit import Hours
from sop.procedure import Header, Lane, Procedure, Role, Settings, Signer, Step
from sop.procedure_check import check
from sop.procedure_reader import Reader
from sop.procedure_steps import steps_of
from sop.procedure_words import BREACHES, CASES, HEADER, LANE, ROLES, SIGNER
from sop.procedure_yaml import Fault, ProcedureFaulty, Report, tree

__all__ = ["Fault", "ProcedureFaulty", "read", "shipped"]

SHIPPED = Path(__file__).parent / "procedures"
HOURS: dict[str, Hours] = {"kerja": "kerja", "24x7": "24x7"}


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, str]:
    """The texts of the procedures that come with the desk, by id."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(SHIPPED.glob("*.yaml"))}


@lru_cache(maxsize=256)
def read(text: str) -> Procedure:
    """The procedure in that YAML. Raises ProcedureFaulty with every mistake found, by line."""
    faults: list[Fault] = []
    found = _read(text, faults.append)
    if faults or found is None:
        raise ProcedureFaulty(tuple(sorted(faults, key=lambda fault: fault.line)))
    return found


def _read(text: str, report: Report) -> Procedure | None:
    root = tree(text, report)
    if root is None:
        return None
    page = Reader(root, HEADER, N_("SOP"), report)
    lanes, places = _lanes(page, report)
    hours = page.choice("jam", HOURS, "kerja")
    steps = steps_of(page, {lane.id: lane.role for lane in lanes}, hours, places, report)
    found = _procedure(page, lanes, steps, hours)
    check(found, places, page.line_of("steps"), report)
    return found


def _procedure(page: Reader, lanes: tuple[Lane, ...], steps: tuple[Step, ...], hours: Hours) -> Procedure:
    effective = page.day("efektif") if page.needed("efektif", "2021-08-06") else None
    return Procedure(
        id=page.identifier("sop", "uc3-fakultas"),
        title=page.needed("judul", "Pelayanan UC3"),
        number=page.text("nomor"),
        revision=page.text("revisi", "0") or "0",
        effective=effective or date.min,
        kind=page.choice("jenis", CASES, "ticket"),
        header=_header(page),
        lanes=lanes,
        steps=steps,
        settings=Settings(
            calendar=page.text("kalender"),
            hk=page.choice("hk", {"jam_sama": "jam_sama", "akhir_hari": "akhir_hari"}, "jam_sama"),
            hari=page.choice("hari", {"kerja": "kerja", "kalender": "kalender"}, "kerja"),
        ),
        limit=page.limit("batas", hours),
        on_breach=page.choice("on_breach", BREACHES, "remind"),
        note=page.text("note"),
    )


def _header(page: Reader) -> Header:
    return Header(
        issue=page.text("terbitan"),
        made=page.day("dibuat"),
        revised=page.day("direvisi"),
        approved=page.day("disahkan"),
        owner=page.text("penanggung_jawab"),
        purpose=page.text("tujuan"),
        scope=page.texts("ruang_lingkup"),
        legal_basis=page.texts("dasar_hukum"),
        qualification=page.texts("kualifikasi"),
        equipment=page.texts("peralatan"),
        warning=page.text("peringatan"),
        record_keeping=page.text("pencatatan"),
        related=page.texts("keterkaitan"),
        attachments=page.texts("lampiran"),
        indicators=page.texts("indikator"),
        signers=tuple(
            _signer(Reader(each, SIGNER, N_("pengesahan"), page.report)) for each in page.items("pengesahan")
        ),
    )


def _signer(page: Reader) -> Signer:
    return Signer(page.needed("peran", "Disusun oleh"), page.text("jabatan"), page.day("tanggal"))


def _lanes(page: Reader, report: Report) -> tuple[tuple[Lane, ...], dict[str, int]]:
    """The lanes and where each stands; a second lane of the same id is a fault."""
    lanes: list[Lane] = []
    places: dict[str, int] = {}
    for entry in page.items("lanes"):
        each = Reader(entry, LANE, N_("lane"), report)
        lane = _lane(each)
        if lane.id in places:
            each.fault(
                each.line_of("id"), N_("Lane “{name}” ditulis dua kali."), N_("Beri nama lain."), name=lane.id
            )
            continue
        places[lane.id] = each.line
        lanes.append(lane)
    if not lanes:
        page.fault(
            page.line_of("lanes"), N_("SOP tidak memuat lane."), N_("Tulis pelaksana SOP di bawah “lanes:”.")
        )
    return tuple(lanes), places


def _lane(page: Reader) -> Lane:
    role = page.choice("peran", ROLES, Role.AGENT)
    if "peran" not in page.found:
        page.needed("peran", "petugas")
    return Lane(
        id=page.identifier("id", "narahubung"),
        name=page.needed("nama", "Narahubung"),
        role=role,
        sees_reporter=page.flag("lihat_pelapor", role not in (Role.PARTY, Role.THIRD_PARTY)),
        on_paper=page.flag("di_tabel", True),
        note=page.text("note"),
    )
