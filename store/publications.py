"""Publications: the rows of their cases. Stays at steps are visits of the case kind "publication"."""

from sop.publication import FIRST_NUMBER, Publication, Status
from store.db import Change, Row, View

CASE = "publication"
"""The case kind of their visits and events."""


def next_number(change: Change) -> int:
    """Writers take turns, so none is given twice and none is burnt."""
    row = change.one("SELECT max(id) AS last FROM publication")
    return int((row and row["last"]) or FIRST_NUMBER - 1) + 1


def add(change: Change, publication: Publication) -> None:
    change.run(
        """
        INSERT INTO publication (id, status, unit_id, subject, urgent, letter_number, letter_date, sender, wish, wished_at,
                                 source, by_officer, ticket_id, procedure_id, step, lane, holder_id, step_at, due_at,
                                 version, checked_version, ordered_version, publish_at, published_at, opened_at,
                                 closed_at, changed_at)
        VALUES (:id, :status, :unit, :subject, :urgent, :letter_number, :letter_date, :sender, :wish, :wished_at,
                :source, :by, :ticket, :procedure, :step, :lane, :holder, :step_at, :due_at,
                :version, :checked, :ordered, :publish_at, :published_at, :opened_at,
                :closed_at, :changed_at)
        """,
        source=publication.source,
        by=publication.by,
        opened_at=publication.opened_at,
        **_state(publication),
    )


def save(change: Change, publication: Publication) -> None:
    change.run(
        """
        UPDATE publication
           SET status = :status, unit_id = :unit, subject = :subject, urgent = :urgent, letter_number = :letter_number,
               letter_date = :letter_date, sender = :sender, wish = :wish, wished_at = :wished_at, ticket_id = :ticket,
               procedure_id = :procedure, step = :step, lane = :lane, holder_id = :holder, step_at = :step_at,
               due_at = :due_at, version = :version, checked_version = :checked, ordered_version = :ordered,
               publish_at = :publish_at, published_at = :published_at, closed_at = :closed_at, changed_at = :changed_at
         WHERE id = :id
        """,
        **_state(publication),
    )


def find(view: View, number: int) -> Publication | None:
    row = view.one("SELECT * FROM publication WHERE id = :id", id=number)
    return _publication(row) if row else None


def since(view: View, after: int, most: int) -> list[Publication]:
    """All of them by rising number, after that one."""
    rows = view.all(
        "SELECT * FROM publication WHERE id > :after ORDER BY id LIMIT :most", after=after, most=most
    )
    return [_publication(row) for row in rows]


def of_ticket(view: View, ticket: int) -> Publication | None:
    """The publication that was asked for in this ticket."""
    row = view.one("SELECT * FROM publication WHERE ticket_id = :ticket", ticket=ticket)
    return _publication(row) if row else None


def running(view: View, *, most: int = 500) -> list[Publication]:
    """Every case that is under way, oldest first: an office has dozens, not thousands."""
    rows = view.all(
        "SELECT * FROM publication WHERE status = :status ORDER BY id LIMIT :most",
        status=Status.RUNNING.value,
        most=most,
    )
    return [_publication(row) for row in rows]


def choose_targets(change: Change, number: int, targets: list[int]) -> None:
    """Exactly these."""
    change.run("DELETE FROM publication_target WHERE publication_id = :id", id=number)
    for target in targets:
        change.run(
            "INSERT INTO publication_target (publication_id, target_id) VALUES (:id, :target)",
            id=number,
            target=target,
        )


def targets_of(view: View, number: int) -> list[int]:
    rows = view.all(
        "SELECT target_id FROM publication_target WHERE publication_id = :id ORDER BY target_id", id=number
    )
    return [row["target_id"] for row in rows]


def _state(publication: Publication) -> dict[str, object]:
    return {
        "id": publication.id,
        "status": publication.status.value,
        "unit": publication.unit,
        "subject": publication.subject,
        "urgent": publication.urgent,
        "letter_number": publication.letter_number,
        "letter_date": publication.letter_date,
        "sender": publication.sender,
        "wish": publication.wish,
        "wished_at": publication.wished_at,
        "ticket": publication.ticket,
        "procedure": publication.procedure,
        "step": publication.step,
        "lane": publication.lane,
        "holder": publication.holder,
        "step_at": publication.step_at,
        "due_at": publication.due_at,
        "version": publication.version,
        "checked": publication.checked,
        "ordered": publication.ordered,
        "publish_at": publication.publish_at,
        "published_at": publication.published_at,
        "closed_at": publication.closed_at,
        "changed_at": publication.changed_at,
    }


def _publication(row: Row) -> Publication:
    return Publication(
        id=row["id"],
        status=Status(row["status"]),
        unit=row["unit_id"],
        subject=row["subject"],
        urgent=bool(row["urgent"]),
        letter_number=row["letter_number"],
        letter_date=row["letter_date"],
        sender=row["sender"],
        wish=row["wish"],
        wished_at=row["wished_at"],
        source=row["source"],
        by=row["by_officer"],
        ticket=row["ticket_id"],
        procedure=row["procedure_id"],
        step=row["step"],
        lane=row["lane"],
        holder=row["holder_id"],
        step_at=row["step_at"],
        due_at=row["due_at"],
        version=row["version"],
        checked=row["checked_version"],
        ordered=row["ordered_version"],
        publish_at=row["publish_at"],
        published_at=row["published_at"],
        opened_at=row["opened_at"],
        closed_at=row["closed_at"],
        changed_at=row["changed_at"],
    )
