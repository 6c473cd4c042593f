"""A request for an announcement, asked for piece by piece in a chat: what is known, what is missing next. Pure."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from sop import letter_head, spoken_time
from sop.errors import N_, DeskError
from sop.messages import File
from sop.publication import LONGEST, SubjectMissing
from sop.text import clean, one_line

FIELDS = ("subject", "letter_number", "letter_date", "sender", "urgent", "wish", "wished_at", "text")
"""In the order in which they are asked for."""
OPTIONAL = frozenset({"letter_number", "letter_date", "sender", "wish", "wished_at"})
URGENT, ORDINARY = "segera", "biasa"
MOST_FILES = 5

QUESTIONS = {
    "subject": N_("Apa perihal suratnya? Tulis satu baris."),
    "letter_number": N_("Berapa nomor suratnya?"),
    "letter_date": N_("Tanggal surat? Tulis misalnya: 12 November 2026"),
    "sender": N_("Dari unit atau lembaga mana surat ini?"),
    "urgent": N_("Apa sifatnya? Permohonan segera berjalan siang dan malam."),
    "wish": N_("Siapa sasaran pengumumannya? Misalnya: mahasiswa angkatan 2026."),
    "wished_at": N_("Kapan diharapkan tersebar? Tulis misalnya: besok 08.00"),
    "text": N_("Tulis narasi pengumumannya. Gambar yang Anda kirim sekarang ikut diumumkan."),
}
LABELS = {
    "subject": N_("Perihal"),
    "letter_number": N_("Nomor surat"),
    "letter_date": N_("Tanggal surat"),
    "sender": N_("Pengirim"),
    "urgent": N_("Sifat"),
    "wish": N_("Sasaran"),
    "wished_at": N_("Waktu"),
    "text": N_("Narasi"),
}


class TooManyFiles(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Paling banyak {most} berkas untuk satu permohonan."), most=MOST_FILES)


class Draft(Struct, frozen=True, kw_only=True):
    """`known` holds the answers by field, "" for one that was passed over. Times are kept in ISO form, UTC."""

    known: Mapping[str, str] = {}
    letters: tuple[File, ...] = ()
    pictures: tuple[File, ...] = ()

    @property
    def urgent(self) -> bool:
        return self.known.get("urgent") == URGENT

    @property
    def wished_at(self) -> datetime | None:
        kept = self.known.get("wished_at")
        return datetime.fromisoformat(kept) if kept else None


def missing(draft: Draft) -> str:
    """The field to ask for next, "" when all was asked."""
    return next((name for name in FIELDS if name not in draft.known), "")


def may_skip(draft: Draft, field: str) -> bool:
    """A narration may be left out where a picture or a letter says it."""
    return field in OPTIONAL or (field == "text" and bool(draft.pictures or draft.letters))


def filled(draft: Draft, field: str, words: str, zone: str, now: datetime) -> Draft:
    """The draft with that answer. Raises SubjectMissing, DayUnclear, TimeUnclear, and TimePast by the act that sends."""
    return replace(draft, known={**draft.known, field: _answer(field, words, zone, now)})


def skipped(draft: Draft, field: str) -> Draft:
    return replace(draft, known={**draft.known, field: ""}) if may_skip(draft, field) else draft


def reopened(draft: Draft, field: str) -> Draft:
    """To be asked for again."""
    return replace(draft, known={name: kept for name, kept in draft.known.items() if name != field})


def enclosed(draft: Draft, files: tuple[File, ...]) -> Draft:
    """PDFs are letters; pictures are letters too, until the narration is asked for: then they go out with it.

    Raises TooManyFiles."""
    known = {each.sha256 for each in (*draft.letters, *draft.pictures)}
    fresh = tuple({each.sha256: each for each in files if each.sha256 not in known}.values())
    if len(draft.letters) + len(draft.pictures) + len(fresh) > MOST_FILES:
        raise TooManyFiles
    goes_out = missing(draft) in ("text", "")
    pictures = tuple(each for each in fresh if goes_out and each.content_type.startswith("image/"))
    letters = tuple(each for each in fresh if each not in pictures)
    return replace(draft, letters=(*draft.letters, *letters), pictures=(*draft.pictures, *pictures))


def recognised(draft: Draft, text: str, zone: str, now: datetime) -> Draft:
    """What a forwarded letter says of itself in lines such as "Perihal: ..."; the rest is the narration."""
    head = letter_head.read(clean(text, LONGEST), zone, now, known=frozenset(draft.known))
    said = {
        "subject": head.subject,
        "letter_number": head.letter_number,
        "letter_date": head.letter_date,
        "sender": head.sender,
        "urgent": {True: URGENT, False: ORDINARY, None: ""}[head.urgent],
        "wish": head.wish,
        "wished_at": head.wished_at.isoformat() if head.wished_at else "",
        "text": head.text,
    }
    return replace(draft, known={**{name: kept for name, kept in said.items() if kept}, **draft.known})


def _answer(field: str, words: str, zone: str, now: datetime) -> str:
    line = one_line(clean(words, 2_000), 300).strip()
    match field:
        case "subject":
            if not line:
                raise SubjectMissing
            return line
        case "letter_date":
            return spoken_time.day(line, now.astimezone(ZoneInfo(zone)).date()).isoformat()
        case "wished_at":
            return spoken_time.moment(line, zone, now).isoformat()
        case "urgent":
            return URGENT if line.lower().startswith((URGENT, "urgent", "ya")) else ORDINARY
        case "text" | "wish":
            return clean(words, LONGEST).strip()
    return line
