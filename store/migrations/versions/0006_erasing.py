"""Erasing: when a ticket's words went and by which rule, what keeps them from going, and files that still lie on the disk."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0006", "0005"

MOMENT = sa.TIMESTAMP(timezone=True)
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def ident():
    return sa.Column("id", KEY, primary_key=True)


def need(name, kind=sa.Text, **more):
    return sa.Column(name, kind, nullable=False, **more)


def text(name):
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def to(table, name, target, **more):
    return sa.Column(name, KEY, sa.ForeignKey(f"{target}.id", name=f"{table}_{name}_fkey"), **more)


def partial(name, table, columns, where, unique=False):
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def upgrade():
    op.add_column("ticket", sa.Column("erased_at", MOMENT))
    op.add_column("ticket", text("erased_rule"))
    op.add_column("parked", sa.Column("ticket_id", KEY))  # the ticket that a redriven one went into
    op.create_table(
        "hold",  # a dispute or a court: the words stay whatever rule says otherwise
        ident(),
        to("hold", "ticket_id", "ticket", nullable=False),
        need("reason"),
        to("hold", "by_officer", "officer"),
        need("since_at", MOMENT),
        to("hold", "lifted_by", "officer"),
        sa.Column("lifted_at", MOMENT),
    )
    op.create_table(
        "erasure",  # what was erased: one row a ticket or person, for who has to account for it
        ident(),
        need("rule"),  # "retention", "ticket" or "person"
        to("erasure", "ticket_id", "ticket"),
        to("erasure", "contact_id", "contact"),
        sa.Column("days", KEY),
        text("reason"),
        to("erasure", "by_officer", "officer"),
        need("messages", KEY, server_default="0"),
        need("files", KEY, server_default="0"),
        need("erased_at", MOMENT),
    )
    op.create_table("erased_file", sa.Column("path", sa.Text, primary_key=True))
    partial("hold_standing", "hold", ["ticket_id"], "lifted_at IS NULL", unique=True)
    op.create_index("erasure_ticket", "erasure", ["ticket_id"])
    kept = "status = 'closed' AND erased_at IS NULL AND merged_into IS NULL"
    partial("ticket_kept", "ticket", ["closed_at", "id"], kept)
    partial("outbox_case", "outbox", ["ticket_id"], "ticket_id IS NOT NULL AND message_id IS NULL")
    partial("attachment_path", "attachment", ["path"], "path <> ''")
    partial("parked_ticket", "parked", ["ticket_id"], "ticket_id IS NOT NULL")
