"""What an officer is writing: one draft per ticket and kind of text, on the server so that nothing typed is lost."""

from datetime import datetime

from msgspec import Struct

from store.db import Change, View


class Draft(Struct, frozen=True, kw_only=True):
    """`kind`: "answer" or "note" (page), "chat" (a /balas waiting for its button). `read_to`: the newest message read then."""

    text: str
    template: int | None = None
    read_to: int = 0
    saved_at: datetime


def save(change: Change, ticket: int, officer: int, kind: str, draft: Draft) -> None:
    change.run(
        """
        INSERT INTO draft (ticket_id, officer_id, kind, text, template_id, read_to, saved_at)
        VALUES (:ticket, :officer, :kind, :text, :template, :read_to, :at)
        ON CONFLICT (ticket_id, officer_id, kind) DO UPDATE
           SET text = :text, template_id = :template, read_to = :read_to, saved_at = :at
        """,
        ticket=ticket,
        officer=officer,
        kind=kind,
        text=draft.text,
        template=draft.template,
        read_to=draft.read_to,
        at=draft.saved_at,
    )


def find(view: View, ticket: int, officer: int, kind: str) -> Draft | None:
    row = view.one(
        """
        SELECT text, template_id AS template, read_to, saved_at FROM draft
         WHERE ticket_id = :ticket AND officer_id = :officer AND kind = :kind
        """,
        ticket=ticket,
        officer=officer,
        kind=kind,
    )
    return Draft(**row) if row else None


def drop(change: Change, ticket: int, officer: int, kind: str) -> None:
    change.run(
        "DELETE FROM draft WHERE ticket_id = :ticket AND officer_id = :officer AND kind = :kind",
        ticket=ticket,
        officer=officer,
        kind=kind,
    )
