"""A new ticket calls its officers: the unit's group, else each of its agents; the group of config.yaml sees a masked card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sop import card
from sop.language import Language
from sop.messages import Outgoing, Priority
from sop.ticket import Ticket
from store import outbox
from store.db import Change

if TYPE_CHECKING:
    from desk.intake import Arrival


def call_officers(change: Change, arrival: Arrival, ticket: Ticket) -> None:
    """Tell the unit's group, else each of its agents; the group of config.yaml gets a masked card."""
    office, now = arrival.office, arrival.now
    unit = office.units.get(ticket.unit or 0)
    heard: list[tuple[str, Language]] = [
        (each.chat, each.language) for each in office.hearing(ticket.unit, now)
    ]
    if unit and unit.staff_chat:
        heard = [(unit.staff_chat, "id")]
    for chat, language in heard:
        _card(change, arrival, ticket, chat, language, masked=False)
    if office.group:
        _card(change, arrival, ticket, office.group, "id", masked=True)


def _card(
    change: Change, arrival: Arrival, ticket: Ticket, chat: str, language: Language, *, masked: bool
) -> None:
    group, _, topic = chat.partition(":")
    outgoing = Outgoing(
        id=0,
        channel="staff",
        to=group,
        key=chat if topic else "",
        text=card.new_ticket(arrival.office, ticket, arrival.incoming.text, language, masked=masked),
        buttons=() if masked else card.buttons(ticket, language),
        priority=Priority.NOTICE,
    )
    outbox.add(change, outgoing, now=arrival.now, kind="card", ticket=ticket.id)
