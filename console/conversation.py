"""What was said and what happened in a ticket, in one order: messages, notes, decisions, hand-overs."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from console.ladder import Seen, measured, step_name
from console.particulars import Particular, particulars
from sop.delivery import Sent
from sop.errors import N_
from sop.identity import Proof
from sop.language import translate
from sop.merging import MERGED
from sop.procedure import Kind as Decided
from sop.procedure import NoSuchStep, lane_of, step_of
from sop.visit import VACANT, Visit
from sop.wording import Left
from sop.wordless import label
from store.messages import Message
from store.trail import Event

SHOWN = {"image/jpeg", "image/png", "image/gif", "image/webp"}
HEARD = {"audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac", "audio/webm", "audio/wav"}
TICKS = {
    Sent.QUEUED: ("wait", N_("Antre")),
    Sent.SENDING: ("wait", N_("Sedang dikirim")),
    Sent.SENT: ("sent", N_("Terkirim")),
    Sent.DELIVERED: ("got", N_("Sampai")),
    Sent.READ: ("read", N_("Dibaca")),
    Sent.UNKNOWN: ("fail", N_("Tidak pasti terkirim")),
    Sent.FAILED: ("fail", N_("Gagal")),
    Sent.WITHDRAWN: ("wait", N_("Ditarik sebelum dikirim")),
    "by_hand": ("wait", N_("Perlu disampaikan lewat telepon atau loket")),
    "published": ("got", N_("Terbit di halaman status")),
}
SOON = timedelta(minutes=2)  # an answer that leaves within is on its way, not scheduled
SAID = {
    "unmerged": N_("membatalkan penggabungan tiket ini"),
    "taken": N_("mengambil tiket"),
    "closed": N_("menutup tiket"),
    "reopened": N_("membuka kembali tiket"),
    "taken_back": N_("menarik kembali jawaban sebelum terkirim"),
    "prepared": N_("menyiapkan jawaban yang dikirim kemudian"),
    "prepared.cancelled": N_("membatalkan jawaban yang menunggu"),
    "prepared.returned": N_("mengembalikan jawaban yang menunggu ke kotak tulis"),
    "resent": N_("mengirim ulang pesan yang gagal"),
    "erased": N_("menghapus isi tiket"),
    "person.erased": N_("menghapus data pelapor"),
    "held": N_("menahan tiket dari penghapusan"),
    "hold_lifted": N_("mencabut penahanan dari penghapusan"),
    "unclosed": N_("tidak dapat menutup tiket: pelapor diam, kategori belum ada"),
}


class Said(Struct, frozen=True, kw_only=True):
    """A message. `tick` is the class of its delivery mark, "" for what came in. `waits`: "window" for the person's next
    word (WhatsApp), "later" for its moment, "" for nothing. `answers`: the shown message that its person pointed at.
    """

    what: Literal["message"] = "message"
    at: datetime
    message: Message
    who: str
    tick: str = ""
    state: str = ""
    waits: str = ""
    label: str = ""
    particulars: tuple[Particular, ...] = ()
    answers: Message | None = None
    quoted_lines: int = 0
    before: tuple[tuple[datetime, str], ...] = ()

    @property
    def failed(self) -> bool:
        return self.tick == "fail"


class Happened(Struct, frozen=True, kw_only=True):
    """A quiet line between messages: who did what."""

    what: Literal["event"] = "event"
    at: datetime
    who: str
    words: str
    left: Left | None = None


Entry = Said | Happened


def entries(
    seen: Seen,
    messages: list[Message],
    revisions: Mapping[int, tuple[tuple[datetime, str], ...]],
    events: Iterable[Event],
    visits: Iterable[Visit],
) -> list[Entry]:
    """In order of time; only what is not older than the first message shown."""
    known = {each.id: each for each in messages}
    said = [_said(seen, message, revisions.get(message.id, ()), known) for message in messages]
    first = said[0].at if said else seen.ticket.opened_at
    lines = [*(_event(seen, each) for each in events), *(_decided(seen, each) for each in visits)]
    told = [line for line in lines if line is not None and line.at >= first]
    return sorted([*said, *told], key=lambda entry: entry.at)


def _said(
    seen: Seen,
    message: Message,
    revisions: tuple[tuple[datetime, str], ...],
    known: Mapping[int, Message],
) -> Said:
    tick, state = TICKS.get(message.sent, ("", ""))
    return Said(
        at=message.written_at,
        message=message,
        who=_author(seen, message),
        tick=tick,
        state=translate(state, seen.language),
        waits=_waits(message, seen.now),
        label=label(message.kind, seen.language),
        particulars=particulars(message, seen.language),
        answers=known.get(message.reply_to or 0),
        quoted_lines=len(message.quoted.strip().splitlines()) if message.quoted else 0,
        before=revisions,
    )


def _waits(message: Message, now: datetime) -> str:
    if message.sent != Sent.QUEUED or message.next_at is None:
        return ""
    if message.waits_for == "window":
        return "window"
    return "later" if message.next_at - now > SOON else ""


def _author(seen: Seen, message: Message) -> str:
    if message.direction == "in":
        return seen.ticket.name or translate(N_("Pelapor"), seen.language)
    if message.automatic:
        return translate(N_("Balasan otomatis"), seen.language)
    return _name(seen, message.author)


def _name(seen: Seen, officer: int | None) -> str:
    if officer is None:
        return translate(N_("Meja layanan"), seen.language)
    return seen.names.get(officer) or translate(N_("Petugas"), seen.language)


_MOVED = {
    "merged": N_("menggabungkan tiket ini ke #{number}"),
    "absorbed": N_("menggabungkan #{number} ke tiket ini"),
    "released": N_("membatalkan penggabungan #{number}"),
    "split": N_("memisahkan pesan ke #{number}"),
    "came_out": N_("memisahkan tiket ini dari #{number}"),
    "unsplit": N_("mengembalikan pesan dari #{number}"),
    "linked": N_("menautkan alamat lain ke pelapor ini"),
    "unlinked": N_("melepas alamat dari pelapor ini"),
    "link_undone": N_("membatalkan perubahan alamat pelapor"),
}


def _event(seen: Seen, event: Event) -> Happened | None:
    words = _words(seen, event)
    if not words:
        return None
    return Happened(at=event.at, who=_name(seen, event.actor), words=words)


def _words(seen: Seen, event: Event) -> str:
    facts, language = event.facts, seen.language
    if event.kind in ("tagged", "untagged"):
        category = seen.office.categories.get(facts.get("category", 0))
        name = category.name if category else "?"
        message = N_("memberi kategori {name}") if event.kind == "tagged" else N_("melepas kategori {name}")
        return translate(message, language, name=name)
    if event.kind == "assigned":
        return translate(
            N_("menyerahkan tiket kepada {name}"), language, name=_name(seen, facts.get("holder"))
        )
    if event.kind in _MOVED:
        other = facts.get("into") or facts.get("source") or 0
        return translate(_MOVED[event.kind], language, number=other)
    if event.kind == "identity":
        level = Proof(facts["level"]) if facts.get("level") in _LEVELS else Proof.STATED
        label = translate(level.label, language).lower()
        return translate(
            N_("memeriksa {claim}: {label}"), language, claim=str(facts.get("claim", "")).upper(), label=label
        )
    if event.kind.startswith("reminder."):
        return translate(N_("mengingatkan pemegang langkah ini"), language)
    return translate(SAID.get(event.kind, ""), language)


_LEVELS = frozenset(level.value for level in Proof)


def _decided(seen: Seen, visit: Visit) -> Happened | None:
    """A decision of the procedure, with the time it took beside the time it had."""
    procedure = seen.procedure
    if procedure is None or visit.closed_at is None or not visit.step or visit.decision == MERGED:
        return None
    try:
        step, lane = step_of(procedure, visit.step), lane_of(procedure, visit.lane)
    except NoSuchStep:
        return None
    if visit.decision == VACANT:
        return Happened(
            at=visit.closed_at, who=lane.name, words=translate(N_("lowong, dilewati"), seen.language)
        )
    chosen = next((each for each in step.decisions if each.id == visit.decision), None)
    if visit.opened_at == visit.closed_at and chosen and chosen.kind is Decided.ANSWER:
        return None  # taken together with the step before; the answer itself stands in the conversation
    label = chosen.label if chosen else ""
    done = N_("menyelesaikan {step}: {label}") if label else N_("menyelesaikan {step}")
    words = translate(done, seen.language, step=step_name(step, seen.language), label=label)
    if visit.reason:
        words = f"{words} (“{visit.reason}”)"
    left = measured(seen, procedure, visit)
    return Happened(
        at=visit.closed_at,
        who=_name(seen, visit.by) if visit.by else lane.name,
        words=words,
        left=left if left.words else None,
    )
