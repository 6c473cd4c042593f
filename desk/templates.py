"""Reply templates: data with holes, not programs. Checked when saved, filled from a ticket, still edited by the agent."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from jinja2 import TemplateError, UndefinedError
from msgspec import Struct

from desk.holes import HOLES, LONGEST, TemplateFaulty, check, environment, named
from desk.seeing import needs, needs_in
from sop.clock import local_date
from sop.errors import N_, DeskError
from sop.messages import File
from sop.office import Office
from sop.officer import Officer, Right
from sop.reporter import state_of
from sop.ticket import Ticket
from sop.wording import long_day, moment
from store import templates, trail
from store.db import Change, View
from store.templates import Template, Variant

__all__ = ["HOLES", "LONGEST", "TemplateFaulty", "check", "environment"]
CHANNELS = ("telegram", "whatsapp", "mail")  # those that a template may say in words of their own
MOST_FILES = 5


class VariantFaulty(DeskError):
    """A channel's own words are refused as the template's are."""

    def __init__(self, channel: str, fault: TemplateFaulty) -> None:
        super().__init__(
            N_("Varian {channel}, baris {line}, kolom {column}: {what}"), channel=channel, **fault.params
        )


class TooManyFiles(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Satu templat membawa paling banyak {most} berkas."), most=MOST_FILES)


class HolesEmpty(DeskError):
    """A hole could not be filled from this ticket."""

    def __init__(self, holes: str) -> None:
        super().__init__(N_("Isian belum terisi: {holes}. Lengkapi dahulu, lalu kirim."), holes=holes)


class UnknownTemplate(DeskError):
    def __init__(self, code: str, known: str) -> None:
        super().__init__(N_("Templat “{code}” tidak ada. Yang tersedia: {known}."), code=code, known=known)


class Filled(Struct, frozen=True, kw_only=True):
    """`text` still holds `[nama hole]` where the ticket said nothing; those are in `missing`."""

    text: str
    missing: tuple[str, ...] = ()


def values(office: Office, ticket: Ticket, officer: Officer, now: datetime) -> dict[str, str]:
    """What the holes hold for a ticket; "" where it says nothing."""
    unit = office.units.get(ticket.unit or 0)
    zone = unit.calendar.zone if unit else "Asia/Jakarta"
    return {
        "nama": ticket.name,
        "nomor": f"#{ticket.number}",
        "pokok": ticket.subject,
        "unit": unit.name if unit else office.name,
        "petugas": officer.name,
        "jabatan": officer.title,
        "keadaan": state_of(office, ticket, ticket.language),
        "tenggat": moment(ticket.due_at, zone, ticket.language) if ticket.due_at else "",
        "hari_ini": long_day(local_date(zone, now), ticket.language),
        "kantor": office.name,
    }


def fill(body: str, holes: Mapping[str, str]) -> Filled:
    """The body with its holes filled. A stored body that breaks the rule is shown as words, harmless."""
    try:
        check(body)
        missing = tuple(name for name in named(body) if not holes.get(name, ""))
        given = {name: holes.get(name) or f"[{name}]" for name in HOLES}
        return Filled(text=environment().from_string(body).render(given), missing=missing)
    except (DeskError, UndefinedError, TemplateError):
        return Filled(text=body)


def save(
    change: Change,
    actor: Officer,
    *,
    code: str,
    name: str,
    body: str,
    language: str,
    now: datetime,
    unit: int | None = None,
    category: int | None = None,
    harmless: bool = False,
    variants: Mapping[str, Variant] | None = None,
    files: Sequence[File] = (),
) -> int:
    """A new version, as a draft, with what it brings along. Raises NotAllowed, TemplateFaulty, VariantFaulty."""
    needs_in(actor, Right.TEMPLATES, unit)
    check(body)
    kept = {channel: each for channel, each in (variants or {}).items() if each.body or each.content}
    for channel, each in kept.items():
        try:
            check(each.body)
        except TemplateFaulty as fault:
            raise VariantFaulty(channel, fault) from None
    if len(files) > MOST_FILES:
        raise TooManyFiles
    number = templates.add(
        change,
        code=code,
        name=name,
        language=language,
        body=body,
        at=now,
        unit=unit,
        category=category,
        harmless=harmless,
        variants=kept,
    )
    for file in files:
        templates.add_file(change, number, file)
    trail.add(change, "template.saved", now, actor=actor.id, template=number)
    return number


def agree(change: Change, actor: Officer, number: int, now: datetime) -> None:
    """Approve a draft; agents see it when it is put in force. Raises NotAllowed, UnknownTemplate."""
    _own(change, actor, number)
    templates.agree(change, number, by=actor.id, at=now)
    trail.add(change, "template.agreed", now, actor=actor.id, template=number)


def approve(change: Change, actor: Officer, number: int, now: datetime) -> None:
    """Put a version in force; the one before is withdrawn, which asks the right in its unit as well.

    Raises NotAllowed, UnknownTemplate.
    """
    found = _own(change, actor, number)
    before = templates.by_code(change, found.code, found.language)
    if before and before.language == found.language:
        needs_in(actor, Right.TEMPLATES, before.unit)
    templates.approve(change, number, by=actor.id, at=now)
    trail.add(change, "template.approved", now, actor=actor.id, template=number)
    change.tell("templates")


def withdraw(change: Change, actor: Officer, number: int, now: datetime) -> None:
    """Raises NotAllowed, UnknownTemplate."""
    _own(change, actor, number)
    templates.withdraw(change, number)
    trail.add(change, "template.withdrawn", now, actor=actor.id, template=number)
    change.tell("templates")


def _own(view: View, actor: Officer, number: int) -> Template:
    """One that the officer may change; one of another unit looks as one that is not there."""
    needs(actor, Right.TEMPLATES)
    found = templates.get(view, number) if number < 1 << 62 else None
    if found is None or (found.unit is not None and not actor.has(Right.TEMPLATES, found.unit)):
        raise UnknownTemplate(str(number), "")
    needs_in(actor, Right.TEMPLATES, found.unit)
    return found
