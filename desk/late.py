"""The late-answer plan: outside WhatsApp's window a template says that an answer is there, and the answer waits.

The person's word lets it go at once. When no template is approved, or it fails, or nobody writes in time, the answer
takes another way to its person, else somebody calls.
"""

from datetime import datetime

from desk import letters, ways
from sop import way as rules
from sop.messages import Outgoing, Priority
from sop.provider_template import fill
from sop.ticket import Ticket
from sop.way import LATE_ANSWER, PATIENCE
from store import conversations, messages, outbox, provider_templates, tickets, trail, waiting
from store import office as offices
from store.conversations import Conversation
from store.db import Change
from store.outbox import Letter

BATCH = 50


def announce(
    change: Change,
    ticket: Ticket,
    conversation: Conversation,
    *,
    now: datetime,
    salt: str,
    not_before: datetime | None = None,
) -> bool:
    """Queue "your answer is here", unless one went out since the person wrote; False where none is approved."""
    if waiting.template_since(change, conversation.id, conversation.last_in_at):
        return True
    template = provider_templates.usable(change, conversation.channel, LATE_ANSWER, ticket.language)
    if template is None or conversation.state != "reachable":
        return False
    facts = {"nama": ticket.name, "nomor": f"#{ticket.number}", "kantor": offices.current(change).name}
    text, variables = fill(template.body, template.holes, facts)
    message = messages.add(
        change,
        ticket=ticket.id,
        conversation=conversation.id,
        direction="out",
        channel=conversation.channel,
        text=text,
        at=now,
        salt=salt,
        automatic=True,
    )
    outbox.add(
        change,
        Outgoing(
            id=0,
            channel=conversation.channel,
            to=conversation.to,
            key=conversation.key,
            text=text,
            content={"sid": template.external, "variables": variables},
            priority=Priority.ANSWER,
            auto=True,
        ),
        now=now,
        kind=waiting.TEMPLATE,
        ticket=ticket.id,
        message=message,
        conversation=conversation.id,
        not_before=not_before,
    )
    trail.add(change, "late.announced", now, ticket=ticket.id, message=message, template=template.id)
    return True


def shut_out(change: Change, letter: Letter, now: datetime) -> bool:
    """An answer met a closed window on its way (63016): it waits from now on, or goes elsewhere. False: not an answer."""
    ticket = tickets.find(change, letter.ticket) if letter.ticket else None
    if letter.kind != "answer" or ticket is None or letter.conversation is None:
        return False
    conversation = conversations.get(change, letter.conversation)
    waiting.wait(change, letter.id, until=now + PATIENCE, error="")
    if not announce(change, ticket, conversation, now=now, salt=ticket.token[:8]):
        _elsewhere(change, letter, ticket, now)
    change.tell(f"ticket.{ticket.id}")
    return True


def window_opened(change: Change, conversation: int, now: datetime) -> list[Letter]:
    """The person wrote: what waited for that leaves at once, in its order; a template that has not left is not needed."""
    freed = waiting.free(change, conversation, now)
    if freed:
        waiting.drop_templates(change, conversation)
    for letter in freed:
        trail.add(change, "late.freed", now, ticket=letter.ticket, outbox=letter.id)
        if letter.ticket:
            change.tell(f"ticket.{letter.ticket}")
    return freed


def template_failed(change: Change, letter: Letter, now: datetime) -> None:
    """The template did not reach them: nobody will write, so what waits goes elsewhere at once."""
    if letter.kind == waiting.TEMPLATE and letter.conversation is not None:
        for each in waiting.of_conversation(change, letter.conversation):
            _fall_back(change, each, now)


def fall_back(change: Change, now: datetime) -> int:
    """What has waited long enough takes another way; how many."""
    due = waiting.overdue(change, now, BATCH)
    for number in due:
        if letter := outbox.get(change, number):
            _fall_back(change, letter, now)
    return len(due)


def called_off(change: Change, conversation: int) -> None:
    """An answer was taken back before it left: where no other waits, the template is not sent either."""
    if not waiting.of_conversation(change, conversation):
        waiting.drop_templates(change, conversation)


def _fall_back(change: Change, letter: Letter, now: datetime) -> None:
    ticket = tickets.find(change, letter.ticket) if letter.ticket else None
    if ticket is None:
        outbox.give_up(change, letter.id, state="failed", error=letter.error)
        return
    _elsewhere(change, letter, ticket, now)


def _elsewhere(change: Change, letter: Letter, ticket: Ticket, now: datetime) -> None:
    way = rules.elsewhere(ways.of_ticket(change, ticket, now), letter.conversation)
    ways.redirect(change, letter, ticket, way, now)
    trail.add(
        change,
        "late.elsewhere",
        now,
        ticket=ticket.id,
        outbox=letter.id,
        channel=way.channel if way else letters.COUNTER,
    )
