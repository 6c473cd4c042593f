"""Who sees a publication and who works on it (P14): its Humas lanes, its unit's supervisor, and who asked for it."""

from datetime import datetime

from sop.office import InForce, Office, Unit
from sop.officer import Officer, Right
from sop.procedure import Role
from sop.publication import NoSuchPublication, Publication
from store import office as offices
from store import publications
from store.db import View


def lanes_of(office: Office, publication: Publication) -> frozenset[str]:
    """The lanes of its chain."""
    bound = office.pinned(publication.procedure)
    return (
        frozenset(each.id for each in bound.procedure.lanes if each.role is Role.HUMAS)
        if bound
        else frozenset()
    )


def in_chain(office: Office, publication: Publication, actor: Officer) -> bool:
    """Holds one of its lanes, or stands in for somebody there."""
    return bool(actor.lanes(publication.unit) & lanes_of(office, publication))


def sees(office: Office, publication: Publication, actor: Officer) -> bool:
    return (
        publication.by == actor.id
        or actor.has(Right.ATTEST, publication.unit)
        or actor.has(Right.EXPORT, publication.unit)
        or in_chain(office, publication, actor)
    )


def get(view: View, number: str, *, visible_to: Officer) -> Publication:
    """Raises NoSuchPublication, the same for a foreign one as for one that is not there."""
    publication = publications.find(view, digits(number))
    if publication is None or not sees(offices.current(view), publication, visible_to):
        raise NoSuchPublication(number)
    return publication


def digits(number: str) -> int:
    """The id in "P-0231", "p231" or "231"; 0 for what is no number."""
    plain = number.strip().lower().removeprefix("p").lstrip("-# ")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 16 else 0


def chains(office: Office, now: datetime) -> list[tuple[Unit, InForce]]:
    """The units that publish, each with the revision of its chain in force."""
    found = ((unit, office.in_force(unit.procedure, now)) for unit in office.units.values())
    return [(unit, bound) for unit, bound in found if bound and bound.procedure.kind == "publication"]


def in_humas(view: View, actor: Officer, now: datetime) -> bool:
    """Whether the board is for this officer: a lane of some chain, or a supervisor or auditor of its unit."""
    for unit, bound in chains(offices.current(view), now):
        lanes = {each.id for each in bound.procedure.lanes if each.role is Role.HUMAS}
        if (
            actor.lanes(unit.id) & lanes
            or actor.has(Right.ATTEST, unit.id)
            or actor.has(Right.EXPORT, unit.id)
        ):
            return True
    return False
