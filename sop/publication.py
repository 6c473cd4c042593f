"""A publication (publikasi): an announcement on its way through the Humas chain (SOP PKIH HUM-02). Pure values and rules."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from sop.calendar import ALWAYS, Calendar
from sop.errors import N_, DeskError
from sop.procedure import Decision, Kind, Procedure, Step, find_step, first_stay

FIRST_NUMBER = 101
LONGEST = 20_000  # characters of a narration; what a channel carries is checked against its own length


class Status(StrEnum):
    RUNNING = "running"
    ARCHIVED = "archived"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Publication(Struct, frozen=True, kw_only=True):
    """Times are UTC. `version` counts the narrations; `checked` and `ordered` name the version that was found fit
    and the one that was ordered out (0: none). `letter_date` is an ISO day; `sender` the office that asks.
    """

    id: int
    status: Status = Status.RUNNING
    unit: int | None = None
    subject: str
    urgent: bool = False
    letter_number: str = ""
    letter_date: str = ""
    sender: str = ""
    wish: str = ""
    wished_at: datetime | None = None
    source: str = "console"
    by: int | None = None
    ticket: int | None = None
    procedure: int | None = None
    step: str = ""
    lane: str = ""
    holder: int | None = None
    step_at: datetime | None = None
    due_at: datetime | None = None
    version: int = 1
    checked: int = 0
    ordered: int = 0
    publish_at: datetime | None = None
    published_at: datetime | None = None
    opened_at: datetime
    closed_at: datetime | None = None
    changed_at: datetime | None = None

    @property
    def number(self) -> str:
        return f"P-{self.id:04d}"


class Check(StrEnum):
    """What the checker ticks before a narration is fit (step 4, "mengecek kelayakan narasi")."""

    ACCURACY = "accuracy"
    WORDING = "wording"
    OFFICE = "office"
    PICTURES = "pictures"

    @property
    def label(self) -> str:
        return CHECKS[self]


CHECKS = {
    Check.ACCURACY: N_("Isi benar: tanggal, tempat, dan tautan sudah dicocokkan dengan surat"),
    Check.WORDING: N_("Bahasa baku, santun, dan mudah dipahami"),
    Check.OFFICE: N_("Nama lembaga dan jabatan ditulis resmi"),
    Check.PICTURES: N_("Gambar boleh dipakai: izin pemilik dan orang di dalamnya ada"),
}


class NoSuchPublication(DeskError):
    """Absent, or not visible to who asks: both look the same (P15)."""

    def __init__(self, number: str) -> None:
        super().__init__(
            N_("Publikasi {number} tidak ditemukan. Periksa nomornya, misalnya P-0231."), number=number
        )


class NotRunning(DeskError):
    def __init__(self, number: str) -> None:
        super().__init__(N_("Publikasi {number} sudah selesai; tidak ada yang dapat diubah."), number=number)


class SubjectMissing(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Perihal belum diisi. Tuliskan perihal surat permohonan."))


class NarrationMissing(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Naskah masih kosong. Tuliskan narasi atau lampirkan gambarnya dahulu."))


class TargetsMissing(DeskError):
    """Step 2 chooses the media; nothing goes on without one."""

    def __init__(self, number: str) -> None:
        super().__init__(
            N_("Sasaran publikasi {number} belum dipilih. Pilih media dan sasarannya dahulu."), number=number
        )


class ChecksMissing(DeskError):
    def __init__(self, missing: str) -> None:
        super().__init__(
            N_("Daftar periksa belum lengkap: {missing}. Centang setelah diperiksa, lalu putuskan."),
            missing=missing,
        )


class NotApproved(DeskError):
    """P14: what was changed after the check goes back to the check; nobody can publish unapproved."""

    def __init__(self, number: str) -> None:
        super().__init__(
            N_(
                "Naskah publikasi {number} belum disetujui dalam bentuknya sekarang. Kembalikan ke pemeriksaan narasi."
            ),
            number=number,
        )


class AudienceEmpty(DeskError):
    def __init__(self, number: str) -> None:
        super().__init__(
            N_("Sasaran publikasi {number} tidak berpenerima. Periksa pelanggan atau pilih sasaran lain."),
            number=number,
        )


class WrittenMeanwhile(DeskError):
    def __init__(self, number: str, version: int) -> None:
        super().__init__(
            N_(
                "Naskah {number} sudah diubah menjadi versi {version}. Bandingkan dahulu; tulisan Anda tetap di sini."
            ),
            number=number,
            version=version,
        )


def calendar_of(publication: Publication, unit: Calendar) -> Calendar:
    """Whose hours count: the unit's own; of what is "segera", around the clock in the unit's zone (kualifikasi 3)."""
    return replace(ALWAYS, zone=unit.zone) if publication.urgent else unit


def checks(step: Step | None) -> bool:
    """Whether this is the step that finds a narration fit or not."""
    return step is not None and any(each.kind is Kind.CONFIRM for each in step.decisions)


def publishes(step: Step | None) -> bool:
    """Whether the announcement leaves in this step."""
    return step is not None and any(each.kind is Kind.PUBLISH for each in step.decisions)


def check_step(procedure: Procedure) -> Step | None:
    """The step to which a narration that was changed after its check goes back."""
    return next((each for each in procedure.steps if checks(each)), None)


def before(
    publication: Publication, procedure: Procedure, chosen: Decision, *, targets: int, ticked: frozenset[str]
) -> None:
    """What the SOP wants before a decision counts. Raises TargetsMissing, ChecksMissing, NotApproved."""
    number, first = publication.number, publication.step == first_stay(procedure).id
    if chosen.kind in (Kind.INSTRUCT, Kind.CONFIRM) and not first and not targets:
        raise TargetsMissing(number)
    if chosen.kind is Kind.CONFIRM:
        missing = [each.label for each in Check if each not in ticked]
        if missing:
            raise ChecksMissing("; ".join(missing))
    if publishes(find_step(procedure, chosen.target)) and publication.checked != publication.version:
        raise NotApproved(number)
    if chosen.kind is Kind.PUBLISH and not approved(publication):
        raise NotApproved(number)


def after(publication: Publication, procedure: Procedure, chosen: Decision) -> Publication:
    """Which version is found fit, and which is ordered out, once the decision counts."""
    if chosen.kind is Kind.CONFIRM:
        return replace(publication, checked=publication.version)
    if publishes(find_step(procedure, chosen.target)):
        return replace(publication, ordered=publication.version)
    return publication


def approved(publication: Publication) -> bool:
    """P14: the version at hand was found fit and ordered out."""
    return publication.ordered == publication.checked == publication.version


def written(publication: Publication, now: datetime) -> Publication:
    """A new version of the narration: what was approved before does not hold for it."""
    return replace(publication, version=publication.version + 1, changed_at=now)


def undone(publication: Publication, procedure: Procedure) -> bool:
    """Whether a change now takes the case back to the check: it was found fit already."""
    return bool(publication.checked) and not checks(find_step(procedure, publication.step))
