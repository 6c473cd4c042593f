"""From what the queue's address asks for to the list the store reads, and the choices the filter form offers."""

from collections.abc import Sequence

from msgspec import Struct

from sop.card import CHANNELS, channel_name
from sop.errors import N_
from sop.filters import NOBODY, Filters, Tab, span
from sop.identity import Proof
from sop.language import Language, translate
from sop.office import Office
from sop.officer import Officer, Right
from sop.wording import short_day
from store.queue import Name, Selection
from store.views import Holder

KINDS: dict[Tab, Name] = {"mine": "mine", "free": "free", "unit": "unit", "all": "unit", "closed": "closed"}
NOWHERE = 0  # a holder that no ticket has


class Choice(Struct, frozen=True):
    value: str
    name: str


class Field(Struct, frozen=True):
    """One select of the filter form. `attribute` is the filter's own name, `name` that of the address."""

    attribute: str
    name: str
    title: str
    value: str
    choices: tuple[Choice, ...]


class Chip(Struct, frozen=True):
    """A filter that is on, and what it is called."""

    attribute: str
    words: str


def readable(office: Office, officer: Officer) -> frozenset[int]:
    """Units whose tickets the officer may read; 0 stands for those of no unit yet."""
    some = officer.units(Right.READ)
    if some is None:
        return frozenset(office.units) | {0}
    return some | {0} if some else some


def units_of(tab: Tab, units: frozenset[int]) -> tuple[int, ...]:
    """ "unit" is what a unit has already; the other tabs also show what none has yet."""
    return tuple(sorted(units - {0} if tab == "unit" else units))


def selection(
    office: Office,
    officer: Officer,
    wanted: Filters,
    units: frozenset[int],
    holders: Sequence[Holder],
    zone: str,
) -> Selection:
    """What a code names that is not there, or not the reader's, matches nothing."""
    kind = KINDS[wanted.tab]
    holder: int | None = next((each.id for each in holders if each.login == wanted.holder), NOWHERE)
    if wanted.holder == NOBODY and kind == "unit":
        kind, holder = "free", None
    since, until = span(wanted, zone)
    among = units_of(wanted.tab, units)
    if wanted.unit:
        among = tuple(each for each in among if each and office.units[each].code == wanted.unit)
    return Selection(
        kind=kind,
        officer=officer.id,
        units=() if kind == "mine" and not wanted.unit else among or ((-1,) if wanted.unit else ()),
        channel=wanted.channel,
        proof=wanted.proof,
        step=wanted.step,
        categories=_categories(office, wanted.category) if wanted.category else None,
        holder=holder if wanted.holder else None,
        since=since,
        until=until,
    )


def _categories(office: Office, code: str) -> tuple[int, ...]:
    """The category, what was merged into it, and those below it."""
    found = {each.id for each in office.categories.values() if each.code == code}
    while more := {each.id for each in office.categories.values() if each.parent in found} - found:
        found |= more
    return tuple(sorted({one for each in found for one in office.counted_as(each)}))


def fields(
    office: Office, officer: Officer, wanted: Filters, units: frozenset[int], holders: Sequence[Holder]
) -> tuple[Field, ...]:
    language = officer.language

    def field(attribute: str, name: str, title: str, choices: list[Choice]) -> Field:
        return Field(attribute, name, translate(title, language), getattr(wanted, attribute), tuple(choices))

    mine = [each for each in office.units.values() if each.id in units]
    nobody = Choice(NOBODY, translate(N_("Tanpa pemegang"), language))
    return (
        field(
            "channel", "kanal", N_("Kanal"), [Choice(one, channel_name(one, language)) for one in CHANNELS]
        ),
        field("category", "kategori", N_("Kategori"), _sorted(office.categories.values())),
        field("proof", "identitas", N_("Identitas"), _proofs(language)),
        field("step", "langkah", N_("Langkah"), _steps(office)),
        field("unit", "unit", N_("Unit"), _sorted(mine) if len(mine) > 1 else []),
        field(
            "holder",
            "pemegang",
            N_("Pemegang"),
            [nobody, *(Choice(each.login, each.name) for each in holders)],
        ),
    )


def chips(fields: Sequence[Field], wanted: Filters, language: Language) -> tuple[Chip, ...]:
    """What narrows the list, in words; each can be taken off."""
    found = [
        Chip(each.attribute, f"{each.title}: {_named(each)}")
        for each in fields
        if getattr(wanted, each.attribute)
    ]
    for name, words in (("since", N_("Sejak {day}")), ("until", N_("Sampai {day}"))):
        day = getattr(wanted, name)
        if day:
            found.append(Chip(name, translate(words, language, day=f"{short_day(day, language)} {day.year}")))
    return tuple(found)


def _named(field: Field) -> str:
    return next((each.name for each in field.choices if each.value == field.value), field.value)


def _sorted(things: object) -> list[Choice]:
    return sorted((Choice(each.code, each.name) for each in things), key=lambda each: each.name.lower())  # type: ignore[attr-defined]  # units and categories alike


def _proofs(language: Language) -> list[Choice]:
    """Both levels that are called verified are told apart by how."""
    by_code = translate(N_("Terverifikasi kode"), language)
    return [
        Choice(each.value, by_code if each is Proof.PROVED else translate(each.label, language))
        for each in Proof
    ]


def _steps(office: Office) -> list[Choice]:
    """Steps of the procedures in force, by what is done there."""
    found: dict[str, str] = {}
    for bound in office.procedures:
        for step in bound.procedure.steps:
            if step.number and not step.routine:
                found.setdefault(step.id, f"{step.number}. {step.activity}"[:70])
    return [Choice(code, name) for code, name in found.items()]
