"""What a reporter does on their own status page, known by its secret token alone: add words, rate, finish, withdraw.

The words join that ticket and no other, whichever channel it came by; the answer goes where it always went.
"""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from desk import closing, intake, letters, notify, publication_asker, visiting
from desk.ids import Ids
from desk.intake import Arrival
from desk.reception import tidy
from sop import ticket as rules
from sop.channels import check_length
from sop.conversation import REJOIN, Joining, thanks
from sop.erasing import WordsErased
from sop.errors import N_, DeskError, EmptyText, NotFound
from sop.language import translate
from sop.messages import File, Incoming, Kind
from sop.procedure import Role, lane_of
from sop.ticket import Status, Ticket
from store import (
    attachments,
    conversations,
    form_count,
    merges,
    messages,
    officers,
    ratings,
    seen,
    tickets,
    trail,
)
from store import office as offices
from store.attachments import Attachment
from store.db import Change, View
from store.messages import Message
from store.ratings import Rating

WEB = "web"
GUESSES, SLOT = 20, 600  # links that an address may look for in vain, in so many seconds
WITHDRAWN = "cabut"
FINISHED = N_("Masalah saya sudah selesai.")
UNSOLVED = N_("Masalah saya belum selesai.")
TAKEN_BACK = N_("Saya mencabut laporan ini.")
NOT_YET = frozenset({"queued", "sending", "withdrawn"})  # outbox states of words that have not left


class ClosedLongAgo(DeskError):
    """A week after closing a ticket is over; what follows is another matter."""

    def __init__(self, number: str) -> None:
        super().__init__(
            N_("Laporan {number} sudah lama ditutup. Silakan sampaikan laporan baru."), number=f"#{number}"
        )


class NotAnsweredYet(DeskError):
    def __init__(self, number: str) -> None:
        super().__init__(N_("Laporan {number} belum dijawab, jadi belum dapat dinilai."), number=f"#{number}")


class Words(Struct, frozen=True, kw_only=True):
    """What the page's form brings. `key` is the form's own."""

    key: str
    text: str = ""
    files: tuple[File, ...] = ()


def own(view: View, token: str) -> Ticket:
    """The ticket of that token. Raises NotFound, alike for a wrong one and for none."""
    ticket = tickets.by_token(view, token) if 8 <= len(token) <= 64 else None
    if ticket is None:
        raise NotFound("-")
    return ticket


def guesses_left(view: View, address: str, now: datetime) -> bool:
    """Whether who sits at this address (hashed) may look for a link once more. `now` is real time."""
    return form_count.of(view, address, _slot(now)) < GUESSES


def guessed(change: Change, address: str, now: datetime) -> None:
    """A link that was looked for and is none of ours."""
    form_count.add(change, address, _slot(now))


def _slot(now: datetime) -> int:
    return int(now.timestamp()) // SLOT


def heard(view: View, ticket: Ticket) -> list[Message]:
    """What both sides said: no internal note, and no answer that has not left."""
    said = messages.of_tickets(view, (ticket.id, *merges.merged(view, ticket.id)), most=200)
    return [
        each
        for each in said
        if each.direction == "in" or (each.direction == "out" and each.sent not in NOT_YET)
    ]


def own_file(view: View, token: str, number: int) -> Attachment:
    """A file of that conversation. Raises NotFound."""
    ticket = own(view, token)
    found = attachments.get(view, number) if 0 < number < 1 << 62 else None
    shown = {file.id for each in heard(view, ticket) for file in each.attachments}
    if found is None or number not in shown or found[0].state != "kept":
        raise NotFound("-")
    return found[0]


def say(change: Change, token: str, words: Words, ids: Ids, now: datetime, *, again: bool = False) -> Ticket:
    """Further words. `again`: open the closed ticket again with them. Raises NotFound, EmptyText, ClosedLongAgo."""
    ticket = own(change, token)
    if not seen.first(change, WEB, words.key, now):
        return ticket
    arrival = _arrival(change, ticket, words, ids, now)
    if not arrival.incoming.text.strip() and not words.files:
        raise EmptyText
    _take(change, arrival, ticket, again)
    return own(change, token)


def rate(
    change: Change, token: str, words: Words, score: int, solved: bool, ids: Ids, now: datetime
) -> Ticket:
    """The reporter's rating of the answer; "not solved" brings the case back. Raises NotFound, NotAnsweredYet, WordsErased."""
    ticket = own(change, token)
    if not seen.first(change, WEB, words.key, now):
        return ticket
    if ticket.answered_at is None:
        raise NotAnsweredYet(ticket.number)
    if ticket.erased_at is not None:
        raise WordsErased(ticket.number)
    arrival = _arrival(change, ticket, words, ids, now)
    rating = Rating(
        score=min(5, max(1, score)), solved=solved, words=arrival.incoming.text.strip(), rated_at=now
    )
    ratings.save(change, ticket.id, rating)
    trail.add(change, "rated", now, ticket=ticket.id, score=rating.score, solved=solved)
    change.tell(f"ticket.{ticket.id}")
    over = ticket.status is Status.CLOSED and not _fresh(ticket, now)
    if not solved and not over:
        said = rating.words or translate(UNSOLVED, ticket.language)
        _take(change, _arrival(change, ticket, replace(words, text=said), ids, now), ticket, True)
    return own(change, token)


def finish(change: Change, token: str, words: Words, ids: Ids, now: datetime) -> Ticket:
    """The reporter needs nothing more: an answered case is closed, one without an answer withdrawn.

    Where the SOP wants a category first (ITB step 7) the agent closes it; the reporter's word is kept for that.
    """
    ticket = own(change, token)
    if ticket.status is Status.OPEN:
        return withdraw(change, token, replace(words, text=translate(FINISHED, ticket.language)), ids, now)
    if not seen.first(change, WEB, words.key, now) or ticket.status is Status.CLOSED:
        return ticket
    after = _note(change, ticket, FINISHED, words, ids, now)
    if ticket.categories:
        after = closing.closed(change, after, None, now)
        trail.add(change, "closed", now, ticket=ticket.id, by_reporter=True)
    tickets.save(change, after, ticket)
    change.tell("queue", f"ticket.{ticket.id}")
    return own(change, token)


def withdraw(change: Change, token: str, words: Words, ids: Ids, now: datetime) -> Ticket:
    """End the case at once; whoever has the ball is told. Raises NotFound, AlreadyClosed."""
    ticket = own(change, token)
    if not seen.first(change, WEB, words.key, now):
        return ticket
    after = rules.withdraw(ticket, now)
    said = _note(change, ticket, TAKEN_BACK, words, ids, now)
    for kind in ("step", "silence", "offer"):
        visiting.leave(change, ticket, kind=kind, decision=WITHDRAWN, by=None, now=now)
    tickets.save(change, replace(after, messages=said.messages), ticket)
    trail.add(change, "withdrawn", now, ticket=ticket.id, step=ticket.step)
    _tell_holders(change, ticket, now)
    publication_asker.withdrawn(change, ticket, now)
    change.tell("queue", f"ticket.{ticket.id}")
    return own(change, token)


def may_write(ticket: Ticket, now: datetime) -> bool:
    return ticket.status is not Status.CLOSED or _fresh(ticket, now)


def _take(change: Change, arrival: Arrival, ticket: Ticket, again: bool) -> None:
    now = arrival.now
    if ticket.status is not Status.CLOSED:
        intake.join(change, arrival, ticket, Joining.JOIN)
    elif not _fresh(ticket, now):
        raise ClosedLongAgo(ticket.number)
    elif again:
        intake.reopen_for(change, arrival, ticket)
    else:
        polite = thanks(arrival.incoming.text) and not arrival.incoming.files
        intake.join(change, arrival, ticket, Joining.QUIET if polite else Joining.OFFER)


def _fresh(ticket: Ticket, now: datetime) -> bool:
    closed, erased = ticket.closed_at, ticket.erased_at
    return closed is not None and erased is None and now - closed <= REJOIN


def _arrival(change: Change, ticket: Ticket, words: Words, ids: Ids, now: datetime) -> Arrival:
    """The conversation is the ticket's own; that its person wrote here opens no window of its channel."""
    conversation = conversations.get(change, ticket.conversation)
    incoming = Incoming(
        channel=WEB,
        external_id=words.key,
        message_id=words.key,
        key=conversation.key,
        sender=conversation.to,
        at=now,
        text=words.text,
        kind=Kind.DOCUMENT if words.files else Kind.TEXT,
        files=words.files,
    )
    incoming = tidy(incoming)
    check_length(WEB, incoming.text)
    return Arrival(
        office=offices.current(change),
        incoming=incoming,
        conversation=conversation,
        ids=ids,
        now=now,
        language=ticket.language,
    )


def _note(change: Change, ticket: Ticket, button: str, words: Words, ids: Ids, now: datetime) -> Ticket:
    """A button of the reporter's is a word of theirs in the conversation; it starts no clock."""
    arrival = _arrival(change, ticket, words, ids, now)
    text = arrival.incoming.text.strip() or translate(button, ticket.language)
    message = messages.add(
        change,
        ticket=ticket.id,
        conversation=ticket.conversation,
        direction="in",
        kind=Kind.BUTTON.value,
        channel=WEB,
        external_id=words.key,
        text=text,
        salt=ids.salt,
        at=now,
    )
    print_of = letters.fingerprint(text, ids.salt)
    trail.add(change, "message.in", now, ticket=ticket.id, message=message, words=print_of)
    return replace(ticket, messages=ticket.messages + 1, unread=True, changed_at=now)


def _tell_holders(change: Change, ticket: Ticket, now: datetime) -> None:
    """Nobody goes on working on what was taken back."""
    office = offices.current(change)
    bound = office.pinned(ticket.procedure)
    if bound is None or not ticket.lane or lane_of(bound.procedure, ticket.lane).role is Role.REPORTER:
        return
    holder = officers.find(change, ticket.holder, now) if ticket.holder else None
    people = [holder] if holder else officers.in_lane(change, ticket.lane, ticket.unit, now)
    for each in people:
        words = translate(N_("Tiket #{number} dicabut oleh pelapor."), each.language, number=ticket.number)
        notify.tell(change, each, ticket, words, now, kind="withdrawn")
