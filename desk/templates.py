"""Reply templates: data with holes, not programs. Checked when saved, filled from a ticket, still edited by the agent."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from msgspec import Struct

from desk.seeing import needs, needs_in
from sop.clock import local_date
from sop.errors import N_, DeskError
from sop.office import Office
from sop.officer import Officer, Right
from sop.reporter import state_of
from sop.ticket import Ticket
from sop.wording import long_day, moment
from store import templates, trail
from store.db import Change, View
from store.templates import Template

LONGEST = 8_000  # characters of a template's body
HOLES: Mapping[str, str] = {
    "nama": N_("nama pelapor"),
    "nomor": N_("nomor tiket"),
    "pokok": N_("pokok laporan"),
    "unit": N_("nama unit"),
    "petugas": N_("nama petugas yang menjawab"),
    "jabatan": N_("jabatan petugas"),
    "keadaan": N_("keadaan laporan dalam kata-kata"),
    "tenggat": N_("tenggat langkah sekarang"),
    "hari_ini": N_("tanggal hari ini"),
    "kantor": N_("nama kantor"),
}
_ALLOWED = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name)


class TemplateFaulty(DeskError):
    """Refused when saved, with the line."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(N_("Templat, baris {line}: {what}"), line=line, what=what)


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


@lru_cache(maxsize=1)
def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False
    )


def check(body: str) -> None:
    """Only words and `{{ hole }}`: no filter, attribute, call, loop or condition. Raises TemplateFaulty."""
    if len(body) > LONGEST:
        raise TemplateFaulty(1, f"terlalu panjang, paling banyak {LONGEST} karakter")
    try:
        tree = _environment().parse(body)
    except TemplateSyntaxError as error:
        raise TemplateFaulty(
            error.lineno, "tanda kurung kurawal tidak berpasangan; tulis {{ nama }}"
        ) from None
    except (TemplateError, RecursionError, ValueError, OverflowError):
        raise TemplateFaulty(1, "tidak dapat dibaca") from None
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _ALLOWED):
            raise TemplateFaulty(
                getattr(node, "lineno", 1), "hanya isian seperti {{ nama }} yang diperbolehkan"
            )
        if isinstance(node, nodes.Name) and node.name not in HOLES:
            raise TemplateFaulty(
                node.lineno, f"isian “{node.name}” tidak dikenal; yang ada: {', '.join(HOLES)}"
            )


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
        missing = tuple(name for name in _named(body) if not holes.get(name, ""))
        given = {name: holes.get(name) or f"[{name}]" for name in HOLES}
        return Filled(text=_environment().from_string(body).render(given), missing=missing)
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
) -> int:
    """A new version, as a draft. Raises NotAllowed, TemplateFaulty."""
    needs_in(actor, Right.TEMPLATES, unit)
    check(body)
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
    )
    trail.add(change, "template.saved", now, actor=actor.id, template=number)
    return number


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


def _named(body: str) -> tuple[str, ...]:
    tree = _environment().parse(body)
    return tuple(dict.fromkeys(name.name for name in tree.find_all(nodes.Name)))
