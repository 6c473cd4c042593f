"""How long the words of a closed ticket are kept, and what stays of it when they go (docs/decisions/0020-erasing.md)."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from sop.errors import N_, DeskError
from sop.office import Category, Office
from sop.text import one_line
from sop.ticket import MergedBefore, Status, Ticket

REASON = 200  # characters of a reason
SOON = timedelta(days=30)  # what falls due within is shown beforehand


class Rule(StrEnum):
    """By what the words went: the categories' retention, a supervisor's hand, or with all that is known of a person."""

    RETENTION = "retention"
    TICKET = "ticket"
    PERSON = "person"


RULES = {
    Rule.RETENTION: N_("retensi kategori"),
    Rule.TICKET: N_("penghapusan isi tiket oleh penyelia"),
    Rule.PERSON: N_("penghapusan data pelapor oleh penyelia"),
}
GOES = (
    N_("kata-kata pelapor, jawaban, catatan internal, kutipan, dan semua versi sebelumnya"),
    N_("pokok tiket dan nama pelapor di tiket"),
    N_("lampiran beserta gambar kecilnya, juga dari disk"),
    N_("konsep, jawaban yang disiapkan, formulir pihak terkait, dan tautannya"),
    N_("isi surat keluar, alasan tertulis pada keputusan, kata-kata pada penilaian"),
    N_("indeks pencarian dan bentuk asli pesan yang pernah tertahan"),
)
STAYS = (
    N_("nomor, unit, kategori, saluran, prosedur"),
    N_("setiap langkah dengan jam, tenggat, keputusan, dan pelaksananya"),
    N_("nilai dari pelapor, tanpa kata-katanya"),
    N_("catatan kejadian, yang rantainya tetap dapat diperiksa"),
)


class WordsErased(DeskError):
    """Nothing more is done to a ticket whose words are gone: there is nothing left to answer."""

    def __init__(self, number: str) -> None:
        super().__init__(
            N_("Isi tiket {number} sudah dihapus; yang tinggal hanya nomor, langkah, dan waktunya."),
            number=number,
        )


class StillOpen(DeskError):
    def __init__(self, number: str) -> None:
        super().__init__(
            N_("Tiket {number} masih terbuka. Tutup dahulu; yang masih dikerjakan tidak dihapus."),
            number=number,
        )


class UnderHold(DeskError):
    def __init__(self, number: str) -> None:
        super().__init__(
            N_("Tiket {number} sedang ditahan dari penghapusan. Cabut penahanannya dahulu."), number=number
        )


class StillLeaving(DeskError):
    """A letter or a file is under way: what is erased now would be sent empty, or come back."""

    def __init__(self, number: str) -> None:
        super().__init__(
            N_("Masih ada surat atau lampiran tiket {number} yang dalam perjalanan. Coba lagi nanti."),
            number=number,
        )


class StillPublishing(DeskError):
    def __init__(self, number: str, publication: str) -> None:
        super().__init__(
            N_("Permohonan {publication} dari tiket {number} masih berjalan. Tunggu sampai diarsipkan."),
            number=number,
            publication=publication,
        )


class WrongNumber(DeskError):
    def __init__(self, number: str) -> None:
        super().__init__(
            N_("Nomor yang diketik bukan {number}. Ketik nomor tiket ini untuk memastikan."), number=number
        )


class NoReason(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Alasan masih kosong. Tuliskan alasannya, tanpa nama atau data pribadi."))


class NotHeld(DeskError):
    def __init__(self, number: str) -> None:
        super().__init__(N_("Tiket {number} tidak sedang ditahan."), number=number)


class PersonErased(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Data pelapor ini sudah dihapus."))


class NotAllYours(DeskError):
    """A person is erased whole, so the right is asked in each of their tickets."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "Pelapor ini mempunyai tiket di unit yang bukan wewenang Anda. Minta penyelia semua unit yang menghapusnya."
            )
        )


class Obstacles(Struct, frozen=True, kw_only=True):
    """What keeps the words of a ticket, and of those joined to it, where they are."""

    held: bool = False
    leaving: bool = False
    publication: str = ""


def refusal(ticket: Ticket, obstacles: Obstacles) -> DeskError | None:
    """Why the words stay; None: they may go."""
    if ticket.merged_into is not None:
        return MergedBefore(ticket.number, ticket.merged_into)
    if ticket.erased_at is not None:
        return WordsErased(ticket.number)
    if ticket.status is not Status.CLOSED:
        return StillOpen(ticket.number)
    if obstacles.held:
        return UnderHold(ticket.number)
    if obstacles.publication:
        return StillPublishing(ticket.number, obstacles.publication)
    return StillLeaving(ticket.number) if obstacles.leaving else None


def check(ticket: Ticket, obstacles: Obstacles) -> None:
    """Raises MergedBefore, WordsErased, StillOpen, UnderHold, StillPublishing, StillLeaving."""
    if (why := refusal(ticket, obstacles)) is not None:
        raise why


def falls_due(ticket: Ticket, obstacles: Obstacles, days: int | None, now: datetime) -> bool:
    """Whether the words go now by the rule of so many days (None: no rule speaks of it)."""
    if days is None or ticket.closed_at is None or due_at(ticket.closed_at, days) > now:
        return False
    return refusal(ticket, obstacles) is None


def confirmed(ticket: Ticket, typed: str, reason: str) -> str:
    """The reason as it is kept. Raises WrongNumber, NoReason."""
    if typed.strip().removeprefix("#") != ticket.number:
        raise WrongNumber(ticket.number)
    return reasoned(reason)


def reasoned(reason: str) -> str:
    """On one line, at most `REASON` characters. Raises NoReason."""
    kept = one_line(reason, REASON).strip()
    if not kept:
        raise NoReason
    return kept


def days_of(categories: Mapping[int, Category], category: Category) -> int | None:
    """For how many days a category keeps words: its own rule, else that of the nearest above it. None: none is set."""
    seen: set[int] = set()
    one: Category | None = category
    while one is not None and one.id not in seen:
        if one.retention_days:
            return one.retention_days
        seen.add(one.id)
        one = categories.get(one.parent or 0)
    return None


def rules_of(office: Office) -> dict[int, int]:
    """Category -> days, of all that have a rule; merged ones keep words as long as what they count as."""
    known = {**office.retired, **office.categories}
    counted = {number: known.get(office.merged.get(number, number)) for number in (*known, *office.merged)}
    found = {number: days_of(known, each) for number, each in counted.items() if each}
    return {number: days for number, days in found.items() if days}


def kept_for(rules: Mapping[int, int], categories: Iterable[int]) -> int | None:
    """Days of the longest rule among a ticket's categories; None: no rule speaks of it, and it is kept."""
    return max((rules[each] for each in categories if each in rules), default=None)


def due_at(closed_at: datetime, days: int) -> datetime:
    return closed_at + timedelta(days=days)


def cutoffs(rules: Mapping[int, int], now: datetime) -> dict[int, datetime]:
    """Category -> what was closed before falls due by `now`. A ticket's is the earliest among its categories."""
    return {number: now - timedelta(days=days) for number, days in rules.items()}
