"""Words that fell due are erased by night, a ticket's or a person's by a supervisor's hand; a hold keeps them.

Rows keep ids, times and decisions. The salts of messages go with their words, so that the hashes in the chain of events
say nothing of anybody any more and still verify. Files leave the disk after COMMIT, by the loop below.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from msgspec import Struct

from desk import once
from desk.files import Files
from desk.seeing import needs_in
from sop import erasing as rules
from sop.erasing import NotAllYours, NotHeld, PersonErased, Rule, WordsErased
from sop.officer import Officer, Right
from sop.suggest import words_of
from sop.ticket import Ticket
from store import contacts, memory, merges, retention, search, suggestions, tickets, trail
from store import erasing as store
from store import office as offices
from store.db import Change, Database, View
from store.erasing import Content

log = structlog.get_logger()
LAST = "erasing"  # in the table `memory`: the office's day whose batch is done
HOUR = 1  # of the office's night from which a batch may begin
BATCH = 20  # tickets of one act
NIGHT = 5_000  # tickets of one night; the next goes on
FILES = 50
ROUNDS = 400  # small merges of the search index in one night
TICK = 60.0  # seconds
MOST = 100_000  # tickets of one person: all of them


class Page(Struct, frozen=True, kw_only=True):
    """What a supervisor sees before erasing. `family`: the ticket and those joined to it."""

    ticket: Ticket
    family: tuple[int, ...]
    content: Content
    publication: str = ""


class PersonPage(Struct, frozen=True, kw_only=True):
    """`tickets` are all of the person's; `open` those that keep everything from being erased."""

    ticket: Ticket
    tickets: tuple[int, ...]
    open: tuple[int, ...]
    addresses: int
    claims: int
    content: Content


def page(view: View, number: str, actor: Officer) -> Page:
    """Raises NotFound, NotAllowed, and what `sop.erasing.check` raises."""
    ticket, family = _erasable(view, number, actor)
    return Page(ticket=ticket, family=family, content=store.content(view, family))


def _erasable(view: View, number: str, actor: Officer) -> tuple[Ticket, tuple[int, ...]]:
    ticket = entitled(view, number, actor)
    family = family_of(view, ticket)
    rules.check(ticket, retention.obstacles(view, family))
    return ticket, family


def entitled(view: View, number: str, actor: Officer) -> Ticket:
    """Raises NotFound, NotAllowed."""
    ticket = tickets.get(view, number, visible_to=actor)
    needs_in(actor, Right.ERASE, ticket.unit)
    return ticket


def family_of(view: View, ticket: Ticket) -> tuple[int, ...]:
    """The ticket, and those whose words stand in its thread."""
    return (ticket.id, *merges.merged(view, ticket.id))


def erase_ticket(
    change: Change, number: str, actor: Officer, typed: str, reason: str, *, key: str, now: datetime
) -> Ticket:
    """Erase the words of a closed ticket, with those joined to it. `typed` is its number once more.

    Raises NotFound, NotAllowed, WrongNumber, NoReason, and what `sop.erasing.check` raises.
    """
    if not once.first(change, key, actor, now):
        return tickets.get(change, number, visible_to=actor)
    ticket, family = _erasable(change, number, actor)
    reason = rules.confirmed(ticket, typed, reason)
    _words(change, ticket, family, Rule.TICKET, now, reason=reason, by=actor.id)
    once.keep(change, key, actor, ticket=ticket.number)
    return tickets.get(change, number, visible_to=actor)


def _words(
    change: Change,
    ticket: Ticket,
    family: tuple[int, ...],
    rule: Rule,
    now: datetime,
    *,
    days: int | None = None,
    reason: str = "",
    by: int | None = None,
) -> None:
    """The words of one family, its account and its events; the person's claims when no other words of theirs are left."""
    content = store.content(change, family)
    for number in family:
        suggestions.forget_rare(change, words_of(suggestions.said(change, number, now)))
    store.words(change, family, rule=rule.value, at=now)
    retention.account(
        change,
        rule.value,
        now,
        ticket=ticket.id,
        days=days,
        reason=reason,
        by=by,
        messages=content.messages + content.notes,
        files=content.files,
    )
    for number in family:
        trail.add(change, "erased", now, actor=by, ticket=number, rule=rule.value, days=days)
        change.tell(f"ticket.{number}")
    if rule is not Rule.PERSON and not store.left(change, ticket.contact):
        store.claims(change, ticket.contact)
    change.tell("queue")


def person_page(view: View, number: str, actor: Officer) -> PersonPage:
    """Raises NotFound, NotAllowed, PersonErased, NotAllYours."""
    ticket, found = _of_person(view, number, actor)
    return PersonPage(
        ticket=ticket,
        tickets=tuple(each.id for each in found),
        open=tuple(each.id for each in found if each.closed_at is None),
        addresses=len(contacts.addresses(view, ticket.contact)),
        claims=len(contacts.claims(view, ticket.contact)),
        content=store.content(view, [each.id for each in found if each.erased_at is None]),
    )


def _of_person(view: View, number: str, actor: Officer) -> tuple[Ticket, list[Ticket]]:
    ticket = entitled(view, number, actor)
    if store.is_gone(view, ticket.contact):
        raise PersonErased
    found = tickets.of_contact(view, ticket.contact, most=MOST)
    if not all(actor.has(Right.ERASE, each.unit) for each in found):
        raise NotAllYours
    return ticket, found


def erase_person(
    change: Change, number: str, actor: Officer, typed: str, reason: str, *, key: str, now: datetime
) -> Ticket:
    """Erase all that is known of the ticket's reporter: the words of all their tickets, name, claims and addresses.

    Whoever writes from there again is a stranger. Raises NotFound, NotAllowed, PersonErased, NotAllYours, WrongNumber,
    NoReason, and what `sop.erasing.check` raises for any of the tickets.
    """
    if not once.first(change, key, actor, now):
        return tickets.get(change, number, visible_to=actor)
    ticket, found = _of_person(change, number, actor)
    reason = rules.confirmed(ticket, typed, reason)
    for each in found:
        if each.erased_at is None and each.merged_into is None:
            family = family_of(change, each)
            rules.check(each, retention.obstacles(change, family))
            _words(change, each, family, Rule.PERSON, now, reason=reason, by=actor.id)
    store.person(change, ticket.contact, at=now)
    retention.account(change, Rule.PERSON.value, now, contact=ticket.contact, reason=reason, by=actor.id)
    trail.add(
        change,
        "person.erased",
        now,
        actor=actor.id,
        ticket=ticket.id,
        contact=ticket.contact,
        tickets=[each.id for each in found],
    )
    once.keep(change, key, actor, ticket=ticket.number)
    return tickets.get(change, number, visible_to=actor)


def hold(change: Change, number: str, actor: Officer, reason: str, *, key: str, now: datetime) -> Ticket:
    """Nothing of the ticket is erased until somebody lifts it. Raises NotFound, NotAllowed, WordsErased, NoReason."""
    if not once.first(change, key, actor, now):
        return tickets.get(change, number, visible_to=actor)
    ticket = entitled(change, number, actor)
    if ticket.erased_at is not None:
        raise WordsErased(ticket.number)
    if retention.hold(change, ticket.id, rules.reasoned(reason), by=actor.id, at=now):
        trail.add(change, "held", now, actor=actor.id, ticket=ticket.id)
        change.tell(f"ticket.{ticket.id}")
    once.keep(change, key, actor, ticket=ticket.number)
    return ticket


def lift(change: Change, number: str, actor: Officer, *, key: str, now: datetime) -> Ticket:
    """Retention counts again. Raises NotFound, NotAllowed, NotHeld."""
    if not once.first(change, key, actor, now):
        return tickets.get(change, number, visible_to=actor)
    ticket = entitled(change, number, actor)
    if not retention.lift(change, ticket.id, by=actor.id, at=now):
        raise NotHeld(ticket.number)
    trail.add(change, "hold_lifted", now, actor=actor.id, ticket=ticket.id)
    once.keep(change, key, actor, ticket=ticket.number)
    change.tell(f"ticket.{ticket.id}")
    return ticket


class Batch(Struct, frozen=True):
    """`last` is where the next batch goes on; None: there is no more."""

    erased: int
    last: tuple[datetime, int] | None


def fall_due(change: Change, now: datetime, after: tuple[datetime, int] | None = None) -> Batch:
    """Erase up to `BATCH` tickets whose words fell due. What is under way waits for another night."""
    known = rules.rules_of(offices.current(change))
    found = retention.due(change, rules.cutoffs(known, now), after=after, most=BATCH)
    erased = 0
    for each in found:
        ticket = tickets.find(change, each.id)
        if ticket is None:
            continue
        family = family_of(change, ticket)
        obstacles = retention.obstacles(change, family)
        if obstacles.leaving or obstacles.publication:
            continue
        days = rules.kept_for(known, _categories(change, family))
        _words(change, ticket, family, Rule.RETENTION, now, days=days)
        erased += 1
    return Batch(erased, (found[-1].closed_at, found[-1].id) if len(found) == BATCH else None)


def _categories(view: View, family: tuple[int, ...]) -> set[int]:
    return {each for number in family for each in tickets.categories(view, number)}


def night_over(change: Change, day: str) -> None:
    """`day` is the office's: the next batch is another day's."""
    memory.save(change, LAST, memory.get(change, LAST) | {"day": day})


def settled(change: Change, begin: bool) -> bool:
    """Whether there is more to merge."""
    return search.settle(change, begin)


def settled_to(change: Change, erasure: int) -> None:
    """The search index holds nothing of this erasure and those before it."""
    memory.save(change, LAST, memory.get(change, LAST) | {"erasure": erasure})


def off_disk(change: Change, path: str) -> None:
    """The file is gone, or something refers to it yet."""
    store.file_gone(change, path)


class Erasing:
    """The loop that erases by night what fell due, and takes from the disk what was erased. `zone` is the desk's."""

    def __init__(self, db: Database, files: Files, clock: Callable[[], datetime], zone: str) -> None:
        self._db = db
        self._files = files
        self._clock = clock
        self._zone = ZoneInfo(zone)

    async def run(self) -> None:
        """Until cancelled."""
        with self._db.bell.ear("erased") as ear:
            while True:
                await self.once()
                await ear.wait(TICK)

    async def once(self) -> int:
        """The night's batch if it is due, then the files; how many tickets were erased."""
        now = self._clock()
        local = now.astimezone(self._zone)
        today = local.date().isoformat()
        erased = 0
        if local.hour >= HOUR and (await self._db.read(memory.get, LAST)).get("day") != today:
            erased = await self.night(now)
            await self.settle()
            await self._db.write(night_over, today)
        await self.sweep()
        return erased

    async def settle(self) -> None:
        """What was erased since the last night leaves the layers of the search index, a little at a time."""
        newest = await self._db.read(retention.newest)
        if newest == (await self._db.read(memory.get, LAST)).get("erasure", 0):
            return
        for round_ in range(ROUNDS):
            if not await self._db.write(settled, round_ == 0):
                return await self._db.write(settled_to, newest)

    async def night(self, now: datetime) -> int:
        """All that fell due, in small acts between which others take their turn; at most `NIGHT`."""
        erased, after = 0, None
        while erased < NIGHT:
            batch = await self._db.write(fall_due, now, after)
            erased, after = erased + batch.erased, batch.last
            if after is None:
                break
        if erased:
            log.info("words fell due and were erased", tickets=erased)
        return erased

    async def sweep(self) -> int:
        """Take erased files from the disk. What a crash left half done, or the disk refused, is done the next time."""
        gone, after = 0, ""
        while paths := await self._db.read(store.waiting_files, after, FILES):
            for after in paths:
                if await self._taken(after):
                    await self._db.write(off_disk, after)
                    gone += 1
        return gone

    async def _taken(self, path: str) -> bool:
        if await self._db.read(store.referred, path):
            return True
        try:
            await asyncio.to_thread(self._files.erase, path)
        except OSError as error:
            log.warning("erased file stays on disk", error=type(error).__name__)
            return False
        return True
