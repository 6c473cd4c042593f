"""An office as one YAML: units, calendars, categories, procedures, templates and officers' seats. Reading is pure.

What does not fit is told by line with its remedy, all of it at once, and nothing is half loaded.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from sop import calendar as calendars
from sop import procedure_file
from sop.calendar import Calendar, CalendarFaulty
from sop.errors import N_, DeskError
from sop.identity import Proof
from sop.office_targets import TARGET, TOPIC, TargetLine, TopicLine, target, topic
from sop.procedure import Procedure
from sop.procedure_reader import Reader
from sop.procedure_words import Shape
from sop.procedure_yaml import Entry, Fault, ProcedureFaulty, tree

LONGEST = 2_000_000  # characters; a whole office with the texts of its procedures
LONGEST_KEPT = 36_500  # days
LAST_PLACE = 9_999
KINDS = ("fakultas", "lembaga", "kantor_pusat", "opd")
SHARING = {"tangan": "hand", "adil": "fair"}
PROOFS = {proof.value: proof.value for proof in (Proof.NONE, Proof.STATED, Proof.CHECKED)}
LANGUAGES = {"id": "id", "en": "en"}


class UnitLine(Struct, frozen=True, kw_only=True):
    code: str
    name: str
    kind: str
    calendar: str
    procedure: str
    parent: str
    sharing: str


class CategoryLine(Struct, frozen=True, kw_only=True):
    code: str
    name: str
    keywords: tuple[str, ...]
    parent: str
    unit: str
    procedure: str
    identity: str
    needs_photo: bool
    needs_location: bool
    template_only: bool
    retention_days: int | None
    position: int


class TemplateLine(Struct, frozen=True, kw_only=True):
    code: str
    name: str
    language: str
    body: str
    unit: str
    category: str
    harmless: bool
    variants: Mapping[str, str] = {}  # channel -> its own words
    content: str = ""  # WhatsApp: the provider's template that says the same


class ProcedureLine(Struct, frozen=True, kw_only=True):
    """`source` is the procedure's own YAML, in force from `since` (None: from its own date)."""

    source: str
    procedure: Procedure
    since: date | None


class SeatLine(Struct, frozen=True, kw_only=True):
    lane: str
    unit: str
    decree: str


class OfficerLine(Struct, frozen=True, kw_only=True):
    login: str
    name: str
    title: str
    language: str
    seats: tuple[SeatLine, ...]


class OfficeFile(Struct, frozen=True, kw_only=True):
    name: str
    intake: dict[str, str]
    calendars: tuple[Calendar, ...]
    units: tuple[UnitLine, ...]
    procedures: tuple[ProcedureLine, ...]
    categories: tuple[CategoryLine, ...]
    templates: tuple[TemplateLine, ...]
    officers: tuple[OfficerLine, ...]
    topics: tuple[TopicLine, ...] = ()
    targets: tuple[TargetLine, ...] = ()


class OfficeFaulty(DeskError):
    """The file is refused whole. `faults` are all mistakes found, by line."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(
            N_("Berkas kantor tidak dapat dipakai, {count} kesalahan. {list}"),
            count=len(faults),
            list="\n".join(f"Baris {fault}" for fault in faults),
        )
        self.faults = faults


TOP: dict[str, Shape] = {
    "kantor": "text",
    "masuk": "mapping",
    "kalender": "list",
    "unit": "list",
    "prosedur": "list",
    "kategori": "list",
    "templat": "list",
    "petugas": "list",
    "topik": "list",
    "sasaran": "list",
}
UNIT: dict[str, Shape] = dict.fromkeys(
    ("kode", "nama", "jenis", "kalender", "prosedur", "induk", "pembagian"), "text"
)
CATEGORY: dict[str, Shape] = {
    "kode": "text",
    "nama": "text",
    "kata": "texts",
    "induk": "text",
    "unit": "text",
    "prosedur": "text",
    "identitas": "text",
    "foto": "flag",
    "lokasi": "flag",
    "hanya_templat": "flag",
    "retensi": "text",
    "urutan": "text",
}
TEMPLATE: dict[str, Shape] = {
    "kode": "text",
    "nama": "text",
    "bahasa": "text",
    "isi": "text",
    "unit": "text",
    "kategori": "text",
    "aman": "flag",
    "telegram": "text",
    "whatsapp": "text",
    "surel": "text",
    "konten": "text",
}
VARIANTS = {"telegram": "telegram", "whatsapp": "whatsapp", "surel": "mail"}  # key -> channel
PROCEDURE: dict[str, Shape] = {"isi": "text", "bawaan": "text", "dari": "date"}
OFFICER: dict[str, Shape] = {
    "nama_pengguna": "text",
    "nama": "text",
    "jabatan": "text",
    "bahasa": "text",
    "peran": "list",
}
SEAT: dict[str, Shape] = dict.fromkeys(("lajur", "unit", "sk"), "text")


def read(text: str) -> OfficeFile:
    """Raises OfficeFaulty."""
    faults: list[Fault] = []
    entry = tree(text, faults.append, LONGEST)
    found = _office(entry, faults) if entry is not None else None
    if faults or found is None:
        raise OfficeFaulty(tuple(sorted(faults, key=lambda fault: fault.line)))
    return found


def _office(entry: Entry, faults: list[Fault]) -> OfficeFile:
    report = faults.append
    page = Reader(entry, TOP, "berkas kantor", report)
    found = OfficeFile(
        name=page.text("kantor"),
        intake=_intake(page),
        calendars=tuple(filter(None, (_calendar(each, faults) for each in page.items("kalender")))),
        units=tuple(_unit(Reader(each, UNIT, "unit", report)) for each in page.items("unit")),
        procedures=tuple(filter(None, (_procedure(each, faults) for each in page.items("prosedur")))),
        categories=tuple(
            _category(Reader(each, CATEGORY, "kategori", report)) for each in page.items("kategori")
        ),
        templates=tuple(
            _template(Reader(each, TEMPLATE, "templat", report)) for each in page.items("templat")
        ),
        officers=tuple(
            _officer(Reader(each, OFFICER, "petugas", report), faults) for each in page.items("petugas")
        ),
        topics=tuple(topic(Reader(each, TOPIC, "topik", report)) for each in page.items("topik")),
        targets=tuple(target(Reader(each, TARGET, "sasaran", report)) for each in page.items("sasaran")),
    )
    _references(found, page)
    return found


def _intake(page: Reader) -> dict[str, str]:
    entry = page.found.get("masuk")
    if entry is None or not isinstance(entry.value, dict):
        return {}
    return {("" if name == "lainnya" else name): str(each.value) for name, each in entry.value.items()}


def _calendar(entry: Entry, faults: list[Fault]) -> Calendar | None:
    try:
        plain = _plain(entry)
        return calendars.read(plain if isinstance(plain, dict) else {})
    except CalendarFaulty as error:
        faults.append(Fault(line=entry.line, problem=error.message, advice="", params=error.params))
        return None


def _plain(entry: Entry) -> Any:
    if isinstance(entry.value, dict):
        return {name: _plain(each) for name, each in entry.value.items()}
    if isinstance(entry.value, tuple):
        return [_plain(each) for each in entry.value]
    return {"true": True, "false": False}.get(entry.value, entry.value)


def _unit(page: Reader) -> UnitLine:
    return UnitLine(
        code=page.identifier("kode", "pusat"),
        name=page.needed("nama", "Kantor Pusat"),
        kind=page.choice("jenis", {kind: kind for kind in KINDS}, "kantor_pusat"),
        calendar=page.text("kalender"),
        procedure=page.text("prosedur"),
        parent=page.text("induk"),
        sharing=page.choice("pembagian", SHARING, "hand"),
    )


def _procedure(entry: Entry, faults: list[Fault]) -> ProcedureLine | None:
    if isinstance(entry.value, str):
        source, since = procedure_file.shipped().get(entry.value, ""), None
    else:
        page = Reader(entry, PROCEDURE, "prosedur", faults.append)
        source = page.text("isi") or procedure_file.shipped().get(page.text("bawaan"), "")
        since = page.day("dari")
    if not source:
        known = ", ".join(procedure_file.shipped())
        advice = N_("Yang dibawa program: {known}; atau tulis isinya dengan kunci “isi”.")
        faults.append(
            Fault(
                line=entry.line, problem=N_("Prosedur tidak dikenal."), advice=advice, params={"known": known}
            )
        )
        return None
    source = source.strip()
    try:
        return ProcedureLine(source=source, procedure=procedure_file.read(source), since=since)
    except ProcedureFaulty as error:
        faults.extend(
            Fault(
                line=entry.line + fault.line, problem=fault.problem, advice=fault.advice, params=fault.params
            )
            for fault in error.faults
        )
        return None


def _category(page: Reader) -> CategoryLine:
    return CategoryLine(
        code=page.identifier("kode", "akademik"),
        name=page.needed("nama", "Akademik"),
        keywords=page.texts("kata"),
        parent=page.text("induk"),
        unit=page.text("unit"),
        procedure=page.text("prosedur"),
        identity=page.choice("identitas", PROOFS, "none"),
        needs_photo=page.flag("foto"),
        needs_location=page.flag("lokasi"),
        template_only=page.flag("hanya_templat"),
        retention_days=_whole(page, "retensi", LONGEST_KEPT),
        position=_whole(page, "urutan", LAST_PLACE) or 0,
    )


def _whole(page: Reader, key: str, most: int) -> int | None:
    """A whole number from 1 to `most`; None where nothing is said."""
    found = page.text(key)
    if not found:
        return None
    if found.isascii() and found.isdigit() and 1 <= int(found[:12]) <= most:
        return int(found)
    page.fault(
        page.line_of(key),
        N_("“{key}: {found}” pada {place} bukan angka yang dapat dipakai."),
        N_("Tulis angka dari 1 sampai {most}, atau hapus barisnya."),
        key=key,
        found=found[:40],
        most=most,
    )
    return None


def _template(page: Reader) -> TemplateLine:
    return TemplateLine(
        code=page.identifier("kode", "salam"),
        name=page.needed("nama", "Salam pembuka"),
        language=page.choice("bahasa", LANGUAGES, "id"),
        body=page.needed("isi", "Selamat pagi, {{ nama }}."),
        unit=page.text("unit"),
        category=page.text("kategori"),
        harmless=page.flag("aman"),
        variants=variants(page),
        content=page.text("konten"),
    )


def variants(page: Reader) -> dict[str, str]:
    """A template's own words for single channels."""
    return {channel: page.text(key) for key, channel in VARIANTS.items() if page.text(key).strip()}


def _officer(page: Reader, faults: list[Fault]) -> OfficerLine:
    seats = (Reader(each, SEAT, "peran petugas", faults.append) for each in page.items("peran"))
    return OfficerLine(
        login=page.needed("nama_pengguna", "sari"),
        name=page.needed("nama", "Sari"),
        title=page.text("jabatan"),
        language=page.choice("bahasa", LANGUAGES, "id"),
        seats=tuple(
            SeatLine(lane=seat.needed("lajur", "narahubung"), unit=seat.text("unit"), decree=seat.text("sk"))
            for seat in seats
        ),
    )


def _references(found: OfficeFile, page: Reader) -> None:
    """Every name that a line refers to must be in the file, where the file says anything of its kind."""
    units = {unit.code for unit in found.units}
    hours = {calendar.code for calendar in found.calendars}
    procedures = {line.procedure.id for line in found.procedures}
    categories = {category.code for category in found.categories}
    wanted = [
        *(("kalender", unit.calendar, hours) for unit in found.units),
        *(("prosedur", unit.procedure, procedures) for unit in found.units),
        *(("induk", unit.parent, units) for unit in found.units),
        *(("unit", category.unit, units) for category in found.categories),
        *(("prosedur", category.procedure, procedures) for category in found.categories),
        *(("induk", category.parent, categories) for category in found.categories),
        *(("unit", template.unit, units) for template in found.templates),
        *(("kategori", template.category, categories) for template in found.templates),
        *(("unit", seat.unit, units) for officer in found.officers for seat in officer.seats),
        *(("masuk", unit, units) for unit in found.intake.values()),
        *(("unit", line.unit, units) for line in found.topics),
        *(("unit", place.unit, units) for place in found.targets),
        *(("topik", place.topic, {one.code for one in found.topics}) for place in found.targets),
    ]
    for what, name, known in dict.fromkeys((what, name, frozenset(known)) for what, name, known in wanted):
        if name and known and name not in known:
            page.fault(
                page.line,
                N_("{what}: “{name}” tidak ada di berkas ini."),
                N_("Yang ada: {known}."),
                what=what,
                name=name,
                known=", ".join(sorted(known)),
            )
