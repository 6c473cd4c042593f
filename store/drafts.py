"""What an officer is writing: one draft per ticket and kind of text, on the server so that nothing typed is lost."""

from datetime import datetime

import msgspec
from msgspec import Struct

from sop.messages import File
from store.db import Change, Row, View


class Draft(Struct, frozen=True, kw_only=True):
    """`kind`: "answer" or "note" (page), "chat" (a /balas waiting for its button). `read_to`: the newest message read then.

    `by` is the conversation through which the answer shall leave; None: the ticket's own.
    """

    text: str
    template: int | None = None
    read_to: int = 0
    files: tuple[File, ...] = ()
    by: int | None = None
    saved_at: datetime


def save(change: Change, ticket: int, officer: int, kind: str, draft: Draft) -> None:
    change.run(
        """
        INSERT INTO draft (ticket_id, officer_id, kind, text, template_id, read_to, files_json, conversation_id, saved_at)
        VALUES (:ticket, :officer, :kind, :text, :template, :read_to, :files, :by, :at)
        ON CONFLICT (ticket_id, officer_id, kind) DO UPDATE
           SET text = :text, template_id = :template, read_to = :read_to, files_json = :files,
               conversation_id = :by, saved_at = :at
        """,
        ticket=ticket,
        officer=officer,
        kind=kind,
        text=draft.text,
        template=draft.template,
        read_to=draft.read_to,
        files=msgspec.to_builtins(list(draft.files)),
        by=draft.by,
        at=draft.saved_at,
    )


def find(view: View, ticket: int, officer: int, kind: str) -> Draft | None:
    row = view.one(
        """
        SELECT text, template_id, read_to, files_json, conversation_id, saved_at FROM draft
         WHERE ticket_id = :ticket AND officer_id = :officer AND kind = :kind
        """,
        ticket=ticket,
        officer=officer,
        kind=kind,
    )
    return _draft(row) if row else None


def drop(change: Change, ticket: int, officer: int, kind: str) -> None:
    change.run(
        "DELETE FROM draft WHERE ticket_id = :ticket AND officer_id = :officer AND kind = :kind",
        ticket=ticket,
        officer=officer,
        kind=kind,
    )


def _draft(row: Row) -> Draft:
    return Draft(
        text=row["text"],
        template=row["template_id"],
        read_to=row["read_to"],
        files=msgspec.convert(row["files_json"] or [], tuple[File, ...]),
        by=row["conversation_id"],
        saved_at=row["saved_at"],
    )
