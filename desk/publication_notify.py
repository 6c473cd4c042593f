"""Words of the Humas chain for its officers: by the Humas bot where they linked it, else by the staff bot."""

from collections.abc import Sequence
from datetime import datetime

from sop import publication_card as card
from sop.errors import N_
from sop.language import translate
from sop.messages import Button, Outgoing, Priority
from sop.office import Office
from sop.officer import Officer
from sop.publication import Publication
from sop.text import shortened
from sop.visit import Move, options
from store import narrations, officers, outbox, publications, visits
from store.db import Change

BOT, OTHER = "humas", "staff"


def turn(change: Change, office: Office, publication: Publication, now: datetime) -> int:
    """The case stands with a lane: everybody of it gets the card with its buttons; how many chats got one."""
    bound = office.pinned(publication.procedure)
    current = visits.open_of(change, publication.id, case_kind=publications.CASE)
    if bound is None or current is None:
        return 0
    past = visits.history(change, publication.id, case_kind=publications.CASE)
    choices = options(bound.procedure, current.visit, past)
    narration = narrations.get(change, publication.id, publication.version)
    text = narration.text if narration else ""
    people = _seated(change, current.visit.lane, publication.unit, now)
    for each, bot, chat in _chats(change, people):
        words = card.turn(office, publication, bound.procedure, past, text, each.language)
        keys = card.buttons(publication, current.id, choices) if bot == BOT else ()
        _post(change, bot, chat, words, keys, now, kind="decision")
    return len(people)


def remind(change: Change, office: Office, publication: Publication, lane: str, now: datetime) -> int:
    """Before and at the limit: the lane that has the ball; the supervisor where nobody sits there."""
    people = _seated(change, lane, publication.unit, now)
    for each, bot, chat in _chats(change, people):
        words = card.reminder(office, publication, now, each.language)
        _post(change, bot, chat, words, (), now, kind="reminder")
    return len(people)


def outcome(change: Change, publication: Publication, step: Move, now: datetime) -> None:
    """Who asked hears how it ended."""
    asker = officers.find(change, publication.by, now) if publication.by else None
    if asker is None:
        return
    for each, bot, chat in _chats(change, [asker]):
        words = translate(
            N_("Publikasi {number}, {subject}: {label}. {reason}"),
            each.language,
            number=publication.number,
            subject=publication.subject,
            label=translate(step.decision.label, each.language),
            reason=step.closed.reason,
        ).strip()
        _post(change, bot, chat, words, (), now, kind="outcome")


def tell(change: Change, people: Sequence[Officer], message: str, now: datetime, **params: object) -> None:
    """One word, each in their own language."""
    for each, bot, chat in _chats(change, people):
        _post(change, bot, chat, translate(message, each.language, **params), (), now, kind="outcome")


def erratum(change: Change, publication: Publication, lane: str, text: str, now: datetime) -> None:
    """The lane that finds a narration fit is asked for its correction, with the buttons."""
    for each, bot, chat in _chats(change, _seated(change, lane, publication.unit, now)):
        words = translate(
            N_("Publikasi {number}, {subject}: ralat menunggu persetujuan Anda.\n\n“{text}”"),
            each.language,
            number=publication.number,
            subject=publication.subject,
            text=shortened(text, card.QUOTE),
        )
        keys = card.erratum_buttons(publication, each.language) if bot == BOT else ()
        _post(change, bot, chat, words, keys, now, kind="decision")


def _seated(change: Change, lane: str, unit: int | None, now: datetime) -> list[Officer]:
    people = officers.in_lane(change, lane, unit, now) if lane else []
    return people or officers.in_lane(change, "supervisor", unit, now)


def _chats(change: Change, people: Sequence[Officer]) -> list[tuple[Officer, str, str]]:
    """(officer, bot, chat) of those who linked one."""
    ids = [each.id for each in people]
    own, other = officers.chats_of(change, BOT, ids), officers.chats_of(change, OTHER, ids)
    found = []
    for each in people:
        if each.id in own:
            found.append((each, BOT, own[each.id]))
        elif each.id in other:
            found.append((each, OTHER, other[each.id]))
    return found


def _post(
    change: Change,
    bot: str,
    chat: str,
    words: str,
    keys: tuple[tuple[Button, ...], ...],
    now: datetime,
    *,
    kind: str,
) -> None:
    outgoing = Outgoing(id=0, channel=bot, to=chat, text=words, buttons=keys, priority=Priority.NOTICE)
    outbox.add(change, outgoing, now=now, kind=kind)
