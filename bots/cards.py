"""What the staff bot's messages say and which buttons they carry. Pure: values in, words out."""

from collections.abc import Sequence
from datetime import datetime

from bots.reading import Case, Drafted, Page, mark_of
from sop import card
from sop.errors import N_
from sop.language import Language, translate
from sop.messages import Button
from sop.office import Category, Office, Unit
from sop.officer import Officer
from sop.text import one_line, shortened
from sop.ticket import Status, Ticket
from sop.wording import clock_time, left
from sop.wordless import told
from store.messages import Message
from store.queue import Line
from store.templates import Template

Buttons = tuple[tuple[Button, ...], ...]
MOST_CHOICES = 8
SAID = 300  # characters of one message on a ticket's card
LINKED = ("telegram", "mail")  # channels whose senders add the address of the status page to an answer


def at(now: datetime, zone: str, language: Language) -> str:
    """11.27: the wall clock without its zone, as results are noted on a card."""
    return clock_time(now, zone, language).rpartition(" ")[0]


def queue(page: Page, now: datetime, zone: str, language: Language) -> tuple[str, Buttons]:
    """The first tickets by deadline, each with a button that shows it."""
    head = translate(
        N_("Antrean pukul {time}: {open} terbuka, {free} belum dipegang, {mine} Anda pegang."),
        language,
        time=at(now, zone, language),
        open=page.counts["unit"],
        free=page.counts["free"],
        mine=page.counts["mine"],
    )
    if not page.lines:
        return f"{head}\n\n{translate(N_('Tidak ada tiket di daftar ini.'), language)}", ()
    lines = [_line(page, line, now, language) for line in page.lines]
    shown = [Button(label=f"#{line.id}", data=f"tiket:{line.id}") for line in page.lines]
    return "\n".join([head, "", *lines]), (tuple(shown),)


def _line(page: Page, line: Line, now: datetime, language: Language) -> str:
    unit = page.office.units.get(line.unit or 0)
    clock = _left(unit, line.due_at, line.step_at, now, language)
    holder = page.names.get(line.holder or 0, "")
    parts = [f"#{line.id} {shortened(one_line(line.subject), 60)}", clock, holder]
    return " · ".join(part for part in parts if part)


def _left(
    unit: Unit | None, due: datetime | None, opened: datetime | None, now: datetime, language: Language
) -> str:
    if unit is None or due is None:
        return ""
    return left(due, now, unit.calendar, opened=opened or now, language=language).words


def ticket(case: Case, zone: str, language: Language) -> tuple[str, Buttons]:
    """The ticket's card with its last words, oldest first."""
    lines = [card.new_ticket(case.office, case.ticket, "", language), "", *_facts(case, language)]
    if case.said:
        lines += ["", *(_said(case, each, zone, language) for each in case.said)]
    done = case.ticket.status is Status.CLOSED
    return "\n".join(lines), () if done else without(
        "ambil" if case.holder else "", card.buttons(case.ticket, language)
    )


def _facts(case: Case, language: Language) -> list[str]:
    names = [each.name for each in case.office.tags(case.ticket.categories)]
    filed = ", ".join(names) or translate(N_("belum ada"), language)
    if case.ticket.status is Status.CLOSED:
        state = translate(N_("Sudah ditutup."), language)
    elif case.holder:
        state = translate(N_("Dipegang {name}."), language, name=case.holder)
    else:
        state = translate(N_("Belum dipegang."), language)
    return [translate(N_("Kategori: {names}"), language, names=filed), state]


def _said(case: Case, message: Message, zone: str, language: Language) -> str:
    if message.direction == "in":
        who = case.ticket.name or translate(N_("Pelapor"), language)
    elif message.automatic:
        who = translate(N_("Pesan otomatis"), language)
    else:
        who = case.names.get(message.author or 0, "-")
        if message.direction == "note":
            who = translate(N_("Catatan {name}"), language, name=who)
    said = told(message.kind, message.text, message.payload, language)
    words = shortened(" ".join(said.split()), SAID) or message.kind
    files = "".join(f" [{each.file.name or each.file.kind}]" for each in message.attachments)
    failed = f" ({translate(N_('gagal terkirim'), language)})" if message.sent == "failed" else ""
    return f"{at(message.written_at, zone, language)} {who}: {words}{files}{failed}"


def preview(drafted: Drafted, public_url: str, language: Language) -> tuple[str, Buttons]:
    """The answer exactly as its channel will carry it, the address of the status page included."""
    ticket = drafted.ticket
    channel = card.channel_name(ticket.channel, language)
    head = translate(
        N_("Pratinjau #{number} lewat {channel}, belum terkirim:"),
        language,
        number=ticket.number,
        channel=channel,
    )
    lines = [head, "", _as_sent(drafted.text, ticket, public_url)]
    if drafted.template:
        named = translate(N_("Templat “{name}”."), language, name=drafted.template.name)
        lines += ["", named]
    if drafted.missing:
        lines += ["", _missing(drafted, language)]
        return "\n".join(lines), ()
    return "\n".join(lines), _sending(ticket, drafted.text, language)


def _as_sent(text: str, ticket: Ticket, public_url: str) -> str:
    if ticket.channel not in LINKED:
        return text
    return f"{text}\n\n{public_url.rstrip('/')}/status/{ticket.token}"


def _missing(drafted: Drafted, language: Language) -> str:
    return translate(
        N_("Isian belum terisi: {holes}. Salin teksnya, lengkapi, lalu kirim dengan: /balas {number} TEKS"),
        language,
        holes=", ".join(drafted.missing),
        number=drafted.ticket.number,
    )


def _sending(ticket: Ticket, text: str, language: Language) -> Buttons:
    tail = f"{ticket.number}:{mark_of(text)}"
    return (
        (
            Button(label=translate(N_("Kirim"), language), data=f"kirim:{tail}"),
            Button(label=translate(N_("Kirim & tutup"), language), data=f"kirimtutup:{tail}"),
        ),
        (Button(label=translate(N_("Batal"), language), data=f"batal:{tail}"),),
    )


def choices(ticket: Ticket, found: Sequence[Category]) -> Buttons:
    """Categories to choose from, two in a row."""
    few = [Button(label=shortened(each.name, 30), data=f"pilih:{ticket.number}:{each.id}") for each in found]
    return in_rows(few[:MOST_CHOICES])


def fitting(number: str, found: Sequence[Template]) -> Buttons:
    """Templates to preview, two in a row."""
    few = [Button(label=shortened(each.name, 30), data=f"templat:{number}:{each.id}") for each in found]
    return in_rows(few[:MOST_CHOICES])


def in_rows(buttons: Sequence[Button], across: int = 2) -> Buttons:
    return tuple(tuple(buttons[start : start + across]) for start in range(0, len(buttons), across))


def without(act: str, buttons: Buttons) -> Buttons:
    """The card's buttons but the one of that act, which was used."""
    rows = (tuple(each for each in row if each.data.partition(":")[0] != act) for row in buttons)
    return tuple(row for row in rows if row)


def result(what: str, officer: Officer, now: datetime, office: Office, ticket: Ticket, zone: str) -> str:
    """What a used button turned into: "Diambil Sari 11.27"."""
    unit = office.units.get(ticket.unit or 0)
    time = at(now, unit.calendar.zone if unit else zone, officer.language)
    return translate(N_("{what} {name} {time}"), officer.language, what=what, name=officer.name, time=time)
