"""Tickets, with the counters they stand in kept in the same change."""

from datetime import datetime

from sop.errors import NotFound
from sop.officer import Officer, Right
from sop.ticket import FIRST_NUMBER, Status, Ticket, counters
from store import counters as counting
from store.db import Change, Row, View


def next_number(change: Change) -> int:
    """The next ticket number. Writers take turns, so none is given twice and none is burnt."""
    return change.held("ticket", lambda: _last(change)) + 1


def _last(view: View) -> int:
    row = view.one("SELECT max(id) AS last FROM ticket")
    return int((row and row["last"]) or FIRST_NUMBER - 1)


def add(change: Change, ticket: Ticket) -> None:
    change.run(
        """
        INSERT INTO ticket (id, status, subject, unit_id, contact_id, conversation_id, channel, holder_id, procedure_id,
                            step, lane, step_at, due_at, rank_at, decided, unread, proof, language, token, name,
                            messages, opened_at, answered_at, closed_at, changed_at)
        VALUES (:id, :status, :subject, :unit, :contact, :conversation, :channel, :holder, :procedure,
                :step, :lane, :step_at, :due_at, :rank_at, :decided, :unread, :proof, :language, :token, :name,
                :messages, :opened_at, :answered_at, :closed_at, :changed_at)
        """,
        conversation=ticket.conversation,
        contact=ticket.contact,
        channel=ticket.channel,
        language=ticket.language,
        token=ticket.token,
        opened_at=ticket.opened_at,
        **_state(ticket),
    )
    change.hold("ticket", max(ticket.id, change.held("ticket", lambda: _last(change))))
    counting.add(change, dict.fromkeys(counters(ticket), 1))


def save(change: Change, ticket: Ticket, before: Ticket) -> None:
    """Write what changed of a ticket since `before` was read; the counters move with it."""
    change.run(
        """
        UPDATE ticket
           SET status = :status, subject = :subject, unit_id = :unit, holder_id = :holder, procedure_id = :procedure,
               step = :step, lane = :lane, step_at = :step_at, due_at = :due_at, rank_at = :rank_at,
               decided = :decided, unread = :unread, proof = :proof, name = :name, messages = :messages,
               answered_at = :answered_at, closed_at = :closed_at, changed_at = :changed_at,
               merged_into = :merged_into
         WHERE id = :id
        """,
        merged_into=ticket.merged_into,
        **_state(ticket),
    )
    old, new = counters(before), counters(ticket)
    counting.add(change, dict.fromkeys(new - old, 1) | dict.fromkeys(old - new, -1))


def find(view: View, number: int) -> Ticket | None:
    """The ticket with its categories, whoever asks: for acts of the desk itself."""
    row = view.one(f"SELECT t.*, {_TAGS[view.engine]} AS tags FROM ticket t WHERE t.id = :id", id=number)
    return _ticket(row, _tags(row["tags"])) if row else None


def get(view: View, number: str, *, visible_to: Officer) -> Ticket:
    """The ticket, if this officer may see it; NotFound otherwise, the same as for one that does not exist."""
    ticket = find(view, _number(number))
    if ticket is None or not sees(view, ticket, visible_to):
        raise NotFound(number)
    return ticket


def sees(view: View, ticket: Ticket, officer: Officer) -> bool:
    """By a right in the unit; or because the case stands, or stood, with a lane of theirs."""
    if officer.has(Right.READ, ticket.unit) or (ticket.unit is None and officer.may_anywhere(Right.READ)):
        return True
    lanes = officer.lanes(ticket.unit)
    if not lanes:
        return False
    rows = view.all(
        "SELECT DISTINCT lane FROM visit WHERE case_kind = 'ticket' AND case_id = :id AND kind = 'step'",
        id=ticket.id,
    )
    return any(row["lane"] in lanes for row in rows)


def first_heard(view: View) -> int | None:
    """The first ticket that came by itself rather than over the counter, among the first five hundred."""
    row = view.one(
        """
        SELECT min(id) AS id FROM (SELECT id, channel FROM ticket ORDER BY id LIMIT 500) AS t
         WHERE channel <> 'counter'
        """
    )
    return row["id"] if row else None


def by_token(view: View, token: str) -> Ticket | None:
    """The reporter's own view, by the token of the status page; a ticket that was joined to another leads there."""
    row = view.one("SELECT * FROM ticket WHERE token = :token", token=token)
    if row and row["merged_into"]:
        return find(view, row["merged_into"])
    return _ticket(row, categories(view, row["id"])) if row else None


def of_contact(view: View, contact: int, *, most: int = 20) -> list[Ticket]:
    rows = view.all(
        "SELECT * FROM ticket WHERE contact_id = :contact ORDER BY id DESC LIMIT :most",
        contact=contact,
        most=most,
    )
    return [_ticket(row) for row in rows]


def categories(view: View, number: int) -> tuple[int, ...]:
    """In the order they were given; one that was merged is its target."""
    rows = view.all(
        """
        SELECT COALESCE(c.merged_into, c.id) AS id
          FROM ticket_category g JOIN category c ON c.id = g.category_id
         WHERE g.ticket_id = :id ORDER BY g.tagged_at, g.category_id
        """,
        id=number,
    )
    return tuple(dict.fromkeys(row["id"] for row in rows))


def tag(change: Change, number: int, category: int, *, by: int | None, at: datetime) -> bool:
    """False: it carried that category already."""
    row = change.one(
        """
        INSERT INTO ticket_category (ticket_id, category_id, by_officer, tagged_at) VALUES (:id, :category, :by, :at)
        ON CONFLICT DO NOTHING
        RETURNING 1 AS new
        """,
        id=number,
        category=category,
        by=by,
        at=at,
    )
    return row is not None


def untag(change: Change, number: int, category: int) -> bool:
    """With what was merged into it. False: it did not carry that category."""
    row = change.one(
        """
        DELETE FROM ticket_category
         WHERE ticket_id = :id
           AND (category_id = :category OR category_id IN (SELECT id FROM category WHERE merged_into = :category))
        RETURNING 1 AS gone
        """,
        id=number,
        category=category,
    )
    return row is not None


def since(view: View, after: int, most: int) -> list[Ticket]:
    """Tickets by rising number, for export."""
    rows = view.all("SELECT * FROM ticket WHERE id > :after ORDER BY id LIMIT :most", after=after, most=most)
    return [_ticket(row, categories(view, row["id"])) for row in rows]


def _number(text: str) -> int:
    digits = text.strip().removeprefix("#")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else 0


def _state(ticket: Ticket) -> dict[str, object]:
    return {
        "id": ticket.id,
        "status": ticket.status.value,
        "subject": ticket.subject,
        "unit": ticket.unit,
        "holder": ticket.holder,
        "procedure": ticket.procedure,
        "step": ticket.step,
        "lane": ticket.lane,
        "step_at": ticket.step_at,
        "due_at": ticket.due_at,
        "rank_at": ticket.rank_at,
        "decided": ticket.decided,
        "unread": ticket.unread,
        "proof": ticket.proof,
        "name": ticket.name,
        "messages": ticket.messages,
        "answered_at": ticket.answered_at,
        "closed_at": ticket.closed_at,
        "changed_at": ticket.changed_at,
    }


_TAGS = {
    "sqlite": """(SELECT group_concat(g.id) FROM (SELECT COALESCE(c.merged_into, c.id) AS id
                    FROM ticket_category g JOIN category c ON c.id = g.category_id
                   WHERE g.ticket_id = t.id ORDER BY g.tagged_at, g.category_id) AS g)""",
    "postgresql": """(SELECT string_agg(CAST(COALESCE(c.merged_into, c.id) AS TEXT), ',' ORDER BY g.tagged_at, g.category_id)
                        FROM ticket_category g JOIN category c ON c.id = g.category_id WHERE g.ticket_id = t.id)""",
}


def _tags(found: str | None) -> tuple[int, ...]:
    """In the order they were given; one that was merged is its target."""
    return tuple(dict.fromkeys(int(each) for each in found.split(","))) if found else ()


def _ticket(row: Row, categories: tuple[int, ...] = ()) -> Ticket:
    return Ticket(
        id=row["id"],
        status=Status(row["status"]),
        subject=row["subject"],
        unit=row["unit_id"],
        contact=row["contact_id"],
        conversation=row["conversation_id"],
        channel=row["channel"],
        holder=row["holder_id"],
        procedure=row["procedure_id"],
        step=row["step"],
        lane=row["lane"],
        step_at=row["step_at"],
        due_at=row["due_at"],
        decided=bool(row["decided"]),
        unread=bool(row["unread"]),
        proof=row["proof"],
        language=row["language"],
        token=row["token"],
        name=row["name"],
        messages=row["messages"],
        opened_at=row["opened_at"],
        answered_at=row["answered_at"],
        closed_at=row["closed_at"],
        changed_at=row["changed_at"],
        merged_into=row["merged_into"],
        erased_at=row["erased_at"],
        erased_rule=row["erased_rule"],
        categories=categories,
    )
