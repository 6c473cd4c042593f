"""Reply templates beside the composer: which fit this ticket, and how one reads with its holes filled."""

import re
from collections.abc import Mapping

from msgspec import Struct

from desk import templates as rules
from sop.language import Language, translate
from sop.office import Office
from sop.officer import Officer
from sop.ticket import Ticket
from store.templates import Template

HOLE = re.compile(r"\{\{[ \t]*(\w+)[ \t]*\}\}")


class Part(Struct, frozen=True):
    """A stretch of the preview. `hole` is its name, "" for plain words; `filled` False: the ticket says nothing."""

    text: str
    hole: str = ""
    filled: bool = True


class Missing(Struct, frozen=True):
    hole: str
    label: str


class Picker(Struct, frozen=True, kw_only=True):
    """`chosen` is the template being looked at."""

    templates: tuple[Template, ...]
    chosen: Template | None
    parts: tuple[Part, ...] = ()
    missing: tuple[Missing, ...] = ()


def picker(
    found: list[Template],
    chosen: int | None,
    holes: Mapping[str, str],
    ticket: Ticket,
    officer: Officer,
    office: Office,
) -> Picker:
    """Those of the reporter's language and the ticket's categories first. Of a ticket that has categories, templates of
    others are left out; one of a category is for its subcategories too."""
    mine = above(office, ticket.categories)
    found = [each for each in found if not mine or each.category is None or each.category in mine]
    fitting = sorted(found, key=lambda each: (_distance(each, ticket, mine), each.name.lower()))
    template = next((each for each in fitting if each.id == chosen), fitting[0] if fitting else None)
    if template is None:
        return Picker(templates=(), chosen=None)
    parts = tuple(parts_of(template.body_for(ticket.channel), holes, officer.language))
    names = dict.fromkeys(part.hole for part in parts if not part.filled)
    missing = tuple(Missing(name, translate(rules.HOLES[name], officer.language)) for name in names)
    return Picker(templates=tuple(fitting), chosen=template, parts=parts, missing=missing)


def above(office: Office, categories: tuple[int, ...]) -> frozenset[int]:
    """These categories and all that they stand under."""
    found: set[int] = set()
    for number in categories:
        here = office.categories.get(number)
        while here is not None and here.id not in found:
            found.add(here.id)
            here = office.categories.get(here.parent or 0)
    return frozenset(found)


def _distance(template: Template, ticket: Ticket, mine: frozenset[int]) -> int:
    """Its own category, one above, all categories, another one."""
    if template.category in ticket.categories:
        fits = 0
    elif template.category in mine:
        fits = 1
    else:
        fits = 2 if template.category is None else 3
    return (template.language != ticket.language) * 4 + fits


def parts_of(body: str, holes: Mapping[str, str], language: Language) -> list[Part]:
    """The preview. A body that breaks the rule is shown as words."""
    try:
        rules.check(body)
    except rules.TemplateFaulty:
        return [Part(body)]
    pieces, place = [], 0
    for found in HOLE.finditer(body):
        pieces.append(Part(body[place : found.start()]))
        name, value = found[1], holes.get(found[1], "")
        label = translate(rules.HOLES[name], language)
        pieces.append(Part(value or label, name, bool(value)))
        place = found.end()
    pieces.append(Part(body[place:]))
    return [piece for piece in pieces if piece.text]
