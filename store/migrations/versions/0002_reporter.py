"""The reporter's side: ratings of answers, how many forms an address sent, and the calls that somebody must make."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"

MOMENT = sa.TIMESTAMP(timezone=True)
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "rating",
        sa.Column("ticket_id", KEY, sa.ForeignKey("ticket.id", name="rating_ticket_id_fkey"), primary_key=True),
        sa.Column("score", KEY, nullable=False),
        sa.Column("solved", sa.Boolean, nullable=False),
        sa.Column("words", sa.Text, nullable=False, server_default=""),
        sa.Column("rated_at", MOMENT, nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name="rating_score"),
    )
    op.create_table(
        "form_count",
        sa.Column("slot", KEY, primary_key=True, autoincrement=False),
        sa.Column("address", sa.Text, primary_key=True),
        sa.Column("n", KEY, nullable=False),
    )
    calls = sa.text("channel = 'counter' AND kind = 'answer' AND state = 'sent'")
    op.create_index("outbox_calls", "outbox", ["id"], sqlite_where=calls, postgresql_where=calls)
